import { expect, test } from 'vitest';
import rule from '#rules/rds/instance-encrypted.js';
import { judgeResource } from '#plugins/judge.js';
import { arnOfKey, instance, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };
const sseRds = { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null };
const underKey = `The postgres instance is encrypted under ${arnOfKey(1)}.`;

testRule(rule, {
  pass: [
    {
      name: 'sse-kms',
      resource: instance('db-1'),
      message: underKey,
      evidence: { Engine: 'postgres', StorageEncryptionType: 'sse-kms', StorageEncrypted: true, KmsKeyId: arnOfKey(1) },
    },
    { name: 'type absent, StorageEncrypted true', resource: instance('db-1', { encryptionType: null }), message: underKey },
    {
      name: 'the key is disabled: its state is key/usable',
      resource: instance('db-1'),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: underKey,
    },
    {
      name: 'its key left out',
      resource: instance('db-1', { kmsKeyId: null }),
      message: 'The postgres instance is encrypted; AWS does not say under which key.',
    },
    {
      name: 'sse-rds though StorageEncrypted is false',
      resource: instance('db-1', sseRds),
      message: 'The postgres instance is encrypted under a key that AWS owns (sse-rds).',
    },
    {
      name: 'an engine that this version does not know',
      resource: instance('db-1', { engine: 'custom-oracle-ee-cdb' }),
      message: `The custom-oracle-ee-cdb instance is encrypted under ${arnOfKey(1)}.`,
    },
  ],
  fail: [
    {
      name: 'type none',
      resource: instance('db-1', plain),
      message: 'The postgres instance is not encrypted.',
      evidence: { StorageEncryptionType: 'none', StorageEncrypted: false },
    },
    {
      name: 'type none beats StorageEncrypted true',
      resource: instance('db-1', { ...plain, encrypted: true }),
      message: 'The postgres instance is not encrypted.',
    },
    {
      name: 'type absent, StorageEncrypted false',
      resource: instance('db-1', { ...plain, encryptionType: null }),
      message: 'The postgres instance is not encrypted.',
    },
    {
      name: 'stopped, tags unread',
      resource: instance('db-1', { ...plain, status: 'stopped' }, { tags: unread() }),
      message: 'The postgres instance is not encrypted.',
    },
    {
      name: 'engine left out',
      resource: instance('db-1', { ...plain, engine: null }),
      message: 'The instance is not encrypted.',
    },
    {
      name: 'Neptune outside a cluster is not dropped',
      resource: instance('db-1', { ...plain, engine: 'neptune' }),
      message: 'The Neptune instance is not encrypted.',
      evidence: { Engine: 'neptune' },
    },
  ],
  unknown: [
    {
      name: 'both fields left out',
      resource: instance('db-1', { encrypted: null, encryptionType: null }),
      missing: [{ facet: 'rds.instance/details', code: 'StorageEncrypted', cause: 'absent-field' }],
    },
    {
      name: 'a type that this version does not know',
      resource: instance('db-1', { encryptionType: 'sse-new' }),
      missing: [{ facet: 'rds.instance/details', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    {
      name: 'member of an Aurora cluster',
      resource: instance('db-1', { ...plain, engine: 'aurora-mysql', clusterId: 'c-1' }),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
    {
      name: 'member of a Multi-AZ cluster',
      resource: instance('db-1', { clusterId: 'c-1' }),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
    {
      name: 'member of a Neptune cluster',
      resource: instance('db-1', { engine: 'neptune', clusterId: 'c-1' }),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
    {
      name: 'member of a DocumentDB cluster',
      resource: instance('db-1', { engine: 'docdb', clusterId: 'c-1', encrypted: null, encryptionType: null }),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
  ],
});

test.each([
  ['plain first', [plain, {}, plain, sseRds]],
  ['encrypted first', [{}, plain, sseRds, plain]],
])('interleaved instances are judged each on its own, %s', (_order, each) => {
  const verdicts = each.map((details) => judgeResource(rule, instance('db-1', details)).verdict);
  expect(verdicts).toEqual(each.map((details) => (details === plain ? 'fail' : 'pass')));
});

test('the remediation goes through an encrypted copy of a snapshot', () => {
  const { record, account } = instance('db-1');
  const { cli } = rule.remediation({ ...record, account, partition: 'aws' });
  expect(cli).toContain(
    'aws rds copy-db-snapshot --region us-east-1 --source-db-snapshot-identifier db-1-before --target-db-snapshot-identifier db-1-encrypted',
  );
});
