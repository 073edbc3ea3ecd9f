import { expect, test } from 'vitest';
import rule from '#rules/rds/snapshot-not-public.js';
import { dbSnapshot, skipped, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };
const sseRds = { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null };
const open = { restore: { all: true, accounts: [] } };
const closed = { restore: { all: false, accounts: ['222222222222'] } };

const underKey = 'The postgres snapshot is encrypted under a KMS key: AWS does not let it be public.';

testRule(rule, {
  pass: [
    {
      name: 'under a KMS key',
      resource: dbSnapshot('rds.snapshot', 's-1'),
      message: underKey,
      evidence: { StorageEncryptionType: 'sse-kms', all: false },
    },
    {
      name: 'under a KMS key, attributes denied',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, { restore: unread() }),
      message: underKey,
      evidence: { all: null },
    },
    {
      name: 'encrypted by the boolean, the type left out, attributes denied',
      resource: dbSnapshot('rds.snapshot', 's-1', { encryptionType: null }, { restore: unread() }),
      message: underKey,
    },
    {
      name: 'cluster snapshot without all',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', sseRds, closed),
      message: 'The postgres cluster snapshot is not public: its restore attribute does not hold all.',
    },
    {
      name: 'plain and not public',
      resource: dbSnapshot('rds.snapshot', 's-1', plain, closed),
      message: 'The postgres snapshot is not public: its restore attribute does not hold all.',
    },
    {
      name: 'SnapshotType left out',
      resource: dbSnapshot('rds.snapshot', 's-1', { ...plain, type: null }, closed),
      message: 'The postgres snapshot is not public: its restore attribute does not hold all.',
    },
  ],
  fail: [
    {
      name: 'instance snapshot',
      resource: dbSnapshot('rds.snapshot', 's-1', plain, open),
      message: 'The postgres snapshot is public: its restore attribute holds all.',
      evidence: { Engine: 'postgres', SnapshotType: 'manual', all: true },
    },
    {
      name: 'public beside an account',
      resource: dbSnapshot('rds.snapshot', 's-1', plain, { restore: { all: true, accounts: ['222222222222'] } }),
      message: 'The postgres snapshot is public: its restore attribute holds all.',
    },
    {
      name: 'cluster snapshot under a key that AWS owns',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', sseRds, open),
      message: 'The postgres cluster snapshot is public: its restore attribute holds all.',
    },
    {
      name: 'Neptune, tags unread',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { ...plain, engine: 'neptune' }, { ...open, tags: unread() }),
      message: 'The Neptune cluster snapshot is public: its restore attribute holds all.',
      evidence: { Engine: 'neptune' },
    },
    {
      name: 'DocumentDB',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { ...plain, engine: 'docdb' }, open),
      message: 'The DocumentDB cluster snapshot is public: its restore attribute holds all.',
    },
  ],
  unknown: [
    {
      name: 'under a key that AWS owns, attributes denied',
      resource: dbSnapshot('rds.snapshot', 's-1', { ...sseRds, encrypted: true }, { restore: unread() }),
      missing: [{ facet: 'rds.snapshot/restore', cause: 'denied' }],
    },
    {
      name: 'attributes denied',
      resource: dbSnapshot('rds.snapshot', 's-1', plain, { restore: unread() }),
      missing: [{ facet: 'rds.snapshot/restore', cause: 'denied' }],
    },
    {
      name: 'attributes left out',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', plain, { restore: unread({ cause: 'absent-field', code: 'restore' }) }),
      missing: [{ facet: 'rds.cluster-snapshot/restore', cause: 'absent-field', code: 'restore' }],
    },
  ],
  notApplicable: [
    {
      name: 'automated',
      resource: dbSnapshot(
        'rds.snapshot',
        'rds:s-1',
        { ...plain, type: 'automated' },
        { restore: skipped('automated snapshots cannot be shared') },
      ),
      reason: 'automated snapshots cannot be shared',
    },
    {
      name: 'of AWS Backup',
      resource: dbSnapshot(
        'rds.cluster-snapshot',
        'awsbackup:s-1',
        { ...plain, type: 'awsbackup' },
        { restore: skipped('awsbackup snapshots cannot be shared') },
      ),
      reason: 'awsbackup snapshots cannot be shared',
    },
  ],
});

test.each([
  [
    'rds.snapshot',
    'aws rds modify-db-snapshot-attribute --region us-east-1 --db-snapshot-identifier s-1 --attribute-name restore --values-to-remove all',
    'resource "aws_db_snapshot"',
  ],
  [
    'rds.cluster-snapshot',
    'aws rds modify-db-cluster-snapshot-attribute --region us-east-1 --db-cluster-snapshot-identifier s-1 --attribute-name restore --values-to-remove all',
    'resource "aws_db_cluster_snapshot"',
  ],
] as const)('the remediation of %s is its own', (kind, cli, terraform) => {
  const { record, account } = dbSnapshot(kind, 's-1');
  const remedy = rule.remediation({ ...record, account, partition: 'aws' });
  expect(remedy.cli).toBe(cli);
  expect(remedy.terraform).toContain(terraform);
});

test.each(['neptune', 'docdb'])('the remediation of a snapshot of %s goes through its own service', (engine) => {
  const { record, account } = dbSnapshot('rds.cluster-snapshot', 's-1', { engine });
  const identity = { ...record, account, partition: 'aws' };
  const remedy = rule.remediation(identity, { ...identity, ...record.facets });
  expect(remedy.cli).toMatch(new RegExp(`^aws ${engine} modify-db-cluster-snapshot-attribute `));
  expect(remedy.terraform).toBe(`# aws_${engine}_cluster_snapshot has no argument for whom it is shared with: use the command.`);
});
