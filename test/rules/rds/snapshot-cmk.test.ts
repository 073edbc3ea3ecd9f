import { expect, test } from 'vitest';
import rule from '#rules/rds/snapshot-cmk.js';
import { arnOfAlias, arnOfKey, awsManagedKey, dbSnapshot, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const elsewhere = { account: '222222222222' };
const abroad = { region: 'eu-west-1' };
const pii = { tags: { DataClass: 'pii' } };
const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };
const sseRds = { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null };
const source = dbSnapshot('rds.snapshot', 'source', { kmsKeyId: arnOfKey(1, abroad) }, pii, abroad);
const customerManaged = `The postgres snapshot is encrypted under the customer managed key ${arnOfKey(1)}.`;
const awsManaged =
  'The postgres snapshot is encrypted under the AWS managed key alias/aws/rds; a customer managed key is required.';

testRule(rule, {
  pass: [
    {
      name: 'instance snapshot, customer managed',
      resource: dbSnapshot('rds.snapshot', 's-1'),
      others: [key(1)],
      message: customerManaged,
      evidence: { Engine: 'postgres', Encrypted: true, KmsKeyId: arnOfKey(1), inferred: false },
    },
    {
      name: 'cluster snapshot of Neptune, its key disabled',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { engine: 'neptune' }),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: `The Neptune cluster snapshot is encrypted under the customer managed key ${arnOfKey(1)}.`,
      evidence: { StorageEncrypted: true },
    },
    {
      name: 'a foreign key that cannot be described',
      resource: dbSnapshot('rds.snapshot', 's-1', { kmsKeyId: arnOfKey(2, elsewhere) }),
      followUps: [key(2, { place: elsewhere, metadata: unread() })],
      message: `The postgres snapshot is encrypted under ${arnOfKey(2, elsewhere)} of account 222222222222, which is outside the scope. AWS managed keys cannot be used across accounts, so it is taken to be customer managed.`,
      evidence: { inferred: true },
    },
  ],
  fail: [
    {
      name: 'automated, under aws/rds',
      resource: dbSnapshot('rds.snapshot', 'rds:s-1', { type: 'automated' }),
      others: [awsManagedKey(1, 'rds')],
      message: awsManaged,
    },
    {
      name: 'of AWS Backup, under aws/rds, required by a tag',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { kmsKeyId: arnOfAlias('alias/aws/rds'), type: 'awsbackup' }, pii),
      baseline: 'recommended',
      message: awsManaged.replace('snapshot', 'cluster snapshot'),
    },
    {
      name: 'under a key that AWS owns',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', sseRds),
      message: 'The postgres cluster snapshot is encrypted under a key that AWS owns; a customer managed key is required.',
    },
    {
      name: 'required by the tag of the snapshot that it was copied from',
      resource: dbSnapshot('rds.snapshot', 's-1', { sourceArn: source.record.arn, sourceRegion: 'eu-west-1' }),
      others: [awsManagedKey(1, 'rds'), source],
      baseline: 'recommended',
      message: awsManaged,
    },
  ],
  unknown: [
    {
      name: 'its key left out',
      resource: dbSnapshot('rds.snapshot', 's-1', { kmsKeyId: null }),
      missing: [{ facet: 'rds.snapshot/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'the key could not be described',
      resource: dbSnapshot('rds.snapshot', 's-1'),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'tags unread where a tag decides',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', {}, { tags: unread() }),
      others: [key(1)],
      baseline: 'recommended',
      missing: [{ facet: 'rds.cluster-snapshot/tags' }],
    },
  ],
  notApplicable: [
    {
      name: 'not required',
      resource: dbSnapshot('rds.snapshot', 's-1', sseRds),
      baseline: 'recommended',
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'unencrypted, tags unread',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', plain, { tags: unread() }),
      baseline: 'recommended',
      reason: 'not encrypted: see rds/snapshot-encrypted',
    },
    { name: 'the key is gone', resource: dbSnapshot('rds.snapshot', 's-1'), reason: 'the key is gone: see key/exists' },
  ],
});

function remedyOf(kind: 'rds.snapshot' | 'rds.cluster-snapshot', details: Parameters<typeof dbSnapshot>[2]) {
  const { record, account } = dbSnapshot(kind, 'rds:s-1', details);
  const identity = { ...record, account, partition: 'aws' };
  return rule.remediation(identity, { ...identity, ...record.facets });
}

test.each([
  ['aurora-mysql', 'rds', 'resource "aws_rds_cluster_snapshot_copy"'],
  ['neptune', 'neptune', '# The provider has no resource'],
  ['docdb', 'docdb', '# The provider has no resource'],
])('an encrypted cluster snapshot of %s is copied under another key by aws %s', (engine, service, terraform) => {
  const remedy = remedyOf('rds.cluster-snapshot', { engine });
  expect(remedy.cli).toContain(
    `aws ${service} copy-db-cluster-snapshot --region us-east-1 --source-db-cluster-snapshot-identifier rds:s-1 --target-db-cluster-snapshot-identifier s-1-encrypted --copy-tags --kms-key-id`,
  );
  expect(remedy.terraform).toContain(terraform);
});

test('one under a key that AWS owns is restored instead, and an instance snapshot copied', () => {
  expect(remedyOf('rds.cluster-snapshot', { ...sseRds, engine: 'neptune' }).cli).toContain(
    'aws neptune restore-db-cluster-from-snapshot',
  );
  expect(remedyOf('rds.cluster-snapshot', { encryptionType: null, encrypted: true }).cli).toContain('copy-db-cluster-snapshot');
  expect(remedyOf('rds.cluster-snapshot', { encryptionType: null, encrypted: false }).cli).toContain(
    'restore-db-cluster-from-snapshot',
  );
  expect(remedyOf('rds.snapshot', {}).cli).toContain('aws rds copy-db-snapshot');
});

test.each(['neptune', 'docdb'])('a restored cluster of %s is of its own kind, and awaited without a waiter', (engine) => {
  const { cli, terraform } = remedyOf('rds.cluster-snapshot', { ...plain, engine });
  expect(cli).not.toContain('aws rds');
  expect(cli).toContain(`aws ${engine} describe-db-clusters --region us-east-1 --db-cluster-identifier s-1-encrypted`);
  expect(terraform).toContain(`resource "aws_${engine}_cluster" "restored"`);
  expect(terraform).toContain(`resource "aws_${engine}_cluster_snapshot" "encrypted"`);
  expect(terraform).toContain(engine === 'neptune' ? 'kms_key_arn ' : 'kms_key_id ');
});
