import { describe, expect, test } from 'vitest';
import { encryptionOf, type Encryption, type WithKeyFacet } from '#model/encryption.js';
import { bucket, cluster, dbSnapshot, defaults, instance, snapshot, volume, type TestResource } from '../support/resources.js';

/** How a record of the inventory is encrypted, as rules see it. */
function encrypted({ record }: TestResource): Encryption {
  return encryptionOf({ ...record.facets, kind: record.kind } as unknown as WithKeyFacet);
}

const kms = (key: string | null, mode: string, checkedOnWrite = true) => ({ by: 'kms', key, mode, checkedOnWrite });

describe('the default encryption of a bucket', () => {
  test.each([
    ['AES256', 'k', { by: 'aws-owned', mode: 'SSE-S3' }],
    ['aws:kms', 'k', kms('k', 'SSE-KMS', false)],
    ['aws:kms', null, kms('alias/aws/s3', 'SSE-KMS', false)],
    ['aws:kms:dsse', 'k', kms('k', 'DSSE-KMS', false)],
    ['aws:kms:dsse', null, kms('alias/aws/s3', 'DSSE-KMS', false)],
    ['aws:fsx', null, { by: 'service', mode: 'aws:fsx' }],
    ['aws:backup', null, { by: 'service', mode: 'aws:backup' }],
    ['aws:quantum', 'k', { by: 'unknown', field: 'SSEAlgorithm', written: 'aws:quantum' }],
    [null, 'k', { by: 'unknown', field: 'SSEAlgorithm', written: null }],
  ])('%s with the key %s', (algorithm, keyId, expected) => {
    expect(encrypted(bucket('b', { algorithm, keyId }))).toEqual(expected);
  });

  test('that is not configured is none', () => {
    expect(encrypted(bucket('b', null))).toEqual({ by: 'none' });
  });
});

describe('block storage', () => {
  test.each([
    [{ encrypted: true, kmsKeyId: 'k', sseType: null }, kms('k', 'sse-kms')],
    [{ encrypted: true, kmsKeyId: 'k', sseType: 'sse-kms' }, kms('k', 'sse-kms')],
    [{ encrypted: true, kmsKeyId: null, sseType: null }, kms(null, 'sse-kms')],
    [{ encrypted: false, kmsKeyId: null, sseType: null }, { by: 'none' }],
    [{ encrypted: false, kmsKeyId: null, sseType: 'none' }, { by: 'none' }],
    // Encrypted under a key that AWS owns, whatever the boolean says.
    [
      { encrypted: false, kmsKeyId: null, sseType: 'sse-ebs' },
      { by: 'aws-owned', mode: 'sse-ebs' },
    ],
    [
      { encrypted: true, kmsKeyId: null, sseType: 'sse-ebs' },
      { by: 'aws-owned', mode: 'sse-ebs' },
    ],
    [
      { encrypted: null, kmsKeyId: 'k', sseType: null },
      { by: 'unknown', field: 'Encrypted', written: null },
    ],
  ])('%j', (details, expected) => {
    expect(encrypted(snapshot('snap-1', details))).toEqual(expected);
    expect(encrypted(volume('vol-1', details))).toEqual(expected.by === 'kms' ? { ...expected, attachedTo: ['i-1'] } : expected);
  });

  test.each([
    [volume('vol-1', { state: 'deleting' }), 'the volume is deleting'],
    [volume('vol-1', { state: 'deleted' }), 'the volume is deleted'],
    [snapshot('snap-1', { state: 'error' }), 'the snapshot failed: it is in state error'],
  ])('%# that is on its way out is not judged', (resource, reason) => {
    expect(encrypted(resource)).toEqual({ by: 'not-judged', reason, key: null });
  });

  test('a snapshot that is still being made is judged', () => {
    expect(encrypted(snapshot('snap-1', { state: 'pending', encrypted: false })).by).toBe('none');
  });

  test('of new volumes follows the default key of the region', () => {
    expect(encrypted(defaults({ defaultKey: 'alias/aws/ebs' }))).toEqual(kms('alias/aws/ebs', 'sse-ebs'));
  });
});

describe('databases and their snapshots', () => {
  const kinds = [
    ['rds.instance', (details: object) => instance('db', details)],
    ['rds.cluster', (details: object) => cluster('db', details)],
    ['rds.snapshot', (details: object) => dbSnapshot('rds.snapshot', 's', details)],
    ['rds.cluster-snapshot', (details: object) => dbSnapshot('rds.cluster-snapshot', 's', details)],
  ] as const;
  /** DBSnapshot calls its boolean otherwise than the others. */
  const flag = (kind: string) => (kind === 'rds.snapshot' ? 'Encrypted' : 'StorageEncrypted');
  const cases = [
    [{ encryptionType: 'sse-kms', encrypted: true, kmsKeyId: 'k' }, kms('k', 'sse-kms')],
    [{ encryptionType: 'sse-kms', encrypted: true, kmsKeyId: null }, kms(null, 'sse-kms')],
    // StorageEncrypted is false under a key that AWS owns, and the data is encrypted all the same.
    [
      { encryptionType: 'sse-rds', encrypted: false, kmsKeyId: null },
      { by: 'aws-owned', mode: 'sse-rds' },
    ],
    [
      { encryptionType: 'sse-rds', encrypted: true, kmsKeyId: null },
      { by: 'aws-owned', mode: 'sse-rds' },
    ],
    [{ encryptionType: 'none', encrypted: false, kmsKeyId: null }, { by: 'none' }],
    [{ encryptionType: null, encrypted: true, kmsKeyId: 'k' }, kms('k', 'sse-kms')],
    [{ encryptionType: null, encrypted: false, kmsKeyId: null }, { by: 'none' }],
    [
      { encryptionType: null, encrypted: null, kmsKeyId: 'k' },
      { by: 'unknown', field: 'flag', written: null },
    ],
    [
      { encryptionType: 'sse-moon', encrypted: true, kmsKeyId: 'k' },
      { by: 'unknown', field: 'StorageEncryptionType', written: 'sse-moon' },
    ],
  ] as const;

  test.each(kinds.flatMap(([kind, make]) => cases.map(([details, expected]) => [kind, details, expected, make] as const)))(
    '%s %j',
    (kind, details, expected, make) => {
      const field = 'field' in expected && expected.field === 'flag' ? { field: flag(kind) } : {};
      expect(encrypted(make(details))).toEqual({ ...expected, ...field });
    },
  );

  test('a member of a cluster is judged at its cluster, and still depends on its key', () => {
    expect(encrypted(instance('db', { clusterId: 'c-1', kmsKeyId: 'k' }))).toEqual({
      by: 'not-judged',
      reason: 'member of the cluster c-1: judged at the cluster',
      key: 'k',
    });
  });
});
