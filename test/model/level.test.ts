import { describe, expect, test } from 'vitest';
import { usability, type ResolvedKey } from '#model/key-graph.js';
import { keyReference } from '#model/key-reference.js';
import { isBelow, levelOf, levels, type LevelReading } from '#model/level.js';
import type { Encryption } from '#model/encryption.js';
import type { Missing } from '#model/attempt.js';
import { arnOfKey, home, metadata } from '../support/resources.js';

const arn = arnOfKey(1);
const reference = keyReference(arn, home);
const denied: Missing = {
  facet: 'kms.key/metadata',
  operation: 'kms:DescribeKey',
  action: 'kms:DescribeKey',
  code: 'AccessDeniedException',
  cause: 'denied',
};
const source = { facet: 'ebs.volume/details', operation: 'ec2:DescribeVolumes', action: 'ec2:DescribeVolumes' };

const read = () => ({ known: false as const, missing: [denied] });
const customer: ResolvedKey = {
  state: 'resolved',
  reference,
  arn,
  key: { arn, account: home.account, region: home.region, aliases: [], metadata: metadata(), read },
};
const ofAws: ResolvedKey = {
  state: 'resolved',
  reference,
  arn,
  key: { arn, account: home.account, region: home.region, aliases: [], metadata: metadata({ manager: 'AWS' }), read },
};
const awsManaged: ResolvedKey = { state: 'aws-managed', reference, arn, alias: 'alias/aws/ebs' };
const missing: ResolvedKey = { state: 'missing', reference, arn, seenBy: 'not in the complete kms:ListKeys' };
const foreign: ResolvedKey = {
  state: 'foreign',
  reference,
  arn,
  account: '999999999999',
  missing: { ...denied, cause: 'foreign' },
};
const unread: ResolvedKey = { state: 'unread', reference, arn, missing: [denied] };

const checked: Encryption = { by: 'kms', key: arn, mode: 'sse-kms', checkedOnWrite: true };
const unchecked: Encryption = { by: 'kms', key: arn, mode: 'SSE-KMS', checkedOnWrite: false };
const at = (level: (typeof levels)[number], inferred = false): LevelReading => ({ is: 'level', level, inferred });

describe('the level of an encryption', () => {
  test.each<[string, Encryption, ResolvedKey | undefined, LevelReading]>([
    ['unencrypted', { by: 'none' }, undefined, at('none')],
    ['SSE-S3', { by: 'aws-owned', mode: 'SSE-S3' }, undefined, at('aws-owned')],
    ['sse-rds', { by: 'aws-owned', mode: 'sse-rds' }, undefined, at('aws-owned')],
    ['sse-ebs', { by: 'aws-owned', mode: 'sse-ebs' }, undefined, at('aws-owned')],
    ['an alias/aws/… name', checked, awsManaged, at('aws-managed')],
    ['a key whose KeyManager is AWS', checked, ofAws, at('aws-managed')],
    ['a customer’s key', checked, customer, at('customer-managed')],
    ['a customer’s key that nobody checked', unchecked, customer, at('customer-managed')],
    [
      'DSSE is a mode, not a level',
      { by: 'kms', key: arn, mode: 'DSSE-KMS', checkedOnWrite: false },
      customer,
      at('customer-managed'),
    ],
    ['a foreign key that the service checked on write', checked, foreign, at('customer-managed', true)],
    [
      'a foreign key that nobody checked',
      unchecked,
      foreign,
      { is: 'unknown', missing: [{ ...denied, cause: 'foreign', account: '999999999999' }] },
    ],
    ['a key that is gone', checked, missing, { is: 'key-gone', arn }],
    ['a key that could not be read', checked, unread, { is: 'unknown', missing: [denied] }],
    [
      'a key id that AWS left out',
      { ...checked, key: null },
      undefined,
      { is: 'unknown', missing: [{ ...source, code: 'KmsKeyId', cause: 'absent-field' }] },
    ],
    [
      'a field that AWS left out',
      { by: 'unknown', field: 'Encrypted', written: null },
      undefined,
      { is: 'unknown', missing: [{ ...source, code: 'Encrypted', cause: 'absent-field' }] },
    ],
    [
      'a value that we do not know',
      { by: 'unknown', field: 'SSEAlgorithm', written: 'aws:quantum' },
      undefined,
      { is: 'unknown', missing: [{ ...source, code: 'a known SSEAlgorithm (it says aws:quantum)', cause: 'absent-field' }] },
    ],
    [
      'aws:fsx',
      { by: 'service', mode: 'aws:fsx' },
      undefined,
      { is: 'no-level', reason: "aws:fsx: the key is the file system's or vault's" },
    ],
    [
      'aws:backup',
      { by: 'service', mode: 'aws:backup' },
      undefined,
      { is: 'no-level', reason: "aws:backup: the key is the file system's or vault's" },
    ],
    [
      'what no rule judges',
      { by: 'not-judged', reason: 'judged at the cluster', key: null },
      undefined,
      { is: 'no-level', reason: 'judged at the cluster' },
    ],
  ])('%s', (_, encryption, resolved, expected) => {
    expect(levelOf(encryption, resolved, source)).toEqual(expected);
  });

  test('goes from none to customer-managed', () => {
    expect(levels).toEqual(['none', 'aws-owned', 'aws-managed', 'customer-managed']);
    expect(isBelow('aws-owned', 'aws-managed')).toBe(true);
    expect(isBelow('aws-managed', 'aws-managed')).toBe(false);
    expect(isBelow('customer-managed', 'none')).toBe(false);
  });
});

describe('whether a key can be used', () => {
  const unsettled = (code: string) => ({
    usable: null,
    missing: { facet: 'kms.key/metadata', operation: 'kms:DescribeKey', action: 'kms:DescribeKey', code, cause: 'absent-field' },
  });
  const not = (why: string, pendingDeletion = false) => ({ usable: false, why, pendingDeletion });

  test.each([
    ['Enabled', { usable: true }],
    ['Updating', { usable: true }],
    ['Disabled', not('Disabled')],
    ['PendingImport', not('PendingImport')],
    ['Unavailable', not('Unavailable')],
    ['PendingDeletion', not('PendingDeletion', true)],
    ['PendingReplicaDeletion', not('PendingReplicaDeletion', true)],
    ['Creating', unsettled('a settled KeyState (it says Creating)')],
    ['SomethingNew', unsettled('a settled KeyState (it says SomethingNew)')],
  ])('in state %s', (state, expected) => {
    expect(usability(metadata({ state }))).toEqual(expected);
  });

  test('says when a key is to be deleted', () => {
    expect(usability(metadata({ state: 'PendingDeletion', deletionAt: '2026-12-01T08:00:00.000Z' }))).toEqual(
      not('PendingDeletion, to be deleted on 2026-12-01', true),
    );
  });

  test.each(['RSA_2048', 'ECC_NIST_P256', 'HMAC_256', 'SM2', 'ML_DSA_44', 'ML_KEM_768', 'A_SPEC_TO_COME'])(
    'of spec %s: not for data at rest',
    (spec) => {
      expect(usability(metadata({ spec }))).toEqual(not(`KeySpec ${spec}`));
    },
  );

  test('without a spec it is not known, unless the state decides', () => {
    expect(usability(metadata({ spec: null }))).toEqual(unsettled('KeySpec'));
    expect(usability(metadata({ spec: null, state: 'Disabled' }))).toEqual(not('Disabled'));
  });
});
