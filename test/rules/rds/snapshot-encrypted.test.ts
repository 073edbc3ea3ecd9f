import { expect, test } from 'vitest';
import rule from '#rules/rds/snapshot-encrypted.js';
import { judgeResource } from '#plugins/judge.js';
import { arnOfKey, dbSnapshot, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };
const sseRds = { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null };

testRule(rule, {
  pass: [
    {
      name: 'instance snapshot, sse-kms',
      resource: dbSnapshot('rds.snapshot', 's-1'),
      message: `The postgres snapshot is encrypted under ${arnOfKey(1)}.`,
      evidence: { Engine: 'postgres', StorageEncryptionType: 'sse-kms', Encrypted: true },
    },
    {
      name: 'cluster snapshot, type absent',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { encryptionType: null, engine: 'aurora-mysql' }),
      message: `The aurora-mysql cluster snapshot is encrypted under ${arnOfKey(1)}.`,
    },
    {
      name: 'cluster snapshot, sse-rds',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { ...sseRds, engine: 'aurora-mysql' }),
      message: 'The aurora-mysql cluster snapshot is encrypted under a key that AWS owns (sse-rds).',
      evidence: { StorageEncrypted: false, StorageEncryptionType: 'sse-rds' },
    },
    {
      name: 'its key left out',
      resource: dbSnapshot('rds.snapshot', 's-1', { kmsKeyId: null }),
      message: 'The postgres snapshot is encrypted; AWS does not say under which key.',
    },
  ],
  fail: [
    {
      name: 'instance snapshot',
      resource: dbSnapshot('rds.snapshot', 's-1', plain),
      message: 'The postgres snapshot is not encrypted.',
    },
    {
      name: 'cluster snapshot by its boolean',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { ...plain, encryptionType: null }),
      message: 'The postgres cluster snapshot is not encrypted.',
      evidence: { StorageEncrypted: false },
    },
    {
      name: 'automated',
      resource: dbSnapshot('rds.snapshot', 'rds:s-1', { ...plain, type: 'automated' }),
      message: 'The postgres snapshot is not encrypted.',
    },
    {
      name: 'of AWS Backup',
      resource: dbSnapshot('rds.snapshot', 'awsbackup:s-1', { ...plain, type: 'awsbackup' }),
      message: 'The postgres snapshot is not encrypted.',
    },
    {
      name: 'Neptune',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { ...plain, engine: 'neptune' }),
      message: 'The Neptune cluster snapshot is not encrypted.',
      evidence: { Engine: 'neptune' },
    },
    {
      name: 'DocumentDB, sharing and tags unread',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { ...plain, engine: 'docdb' }, { restore: unread(), tags: unread() }),
      message: 'The DocumentDB cluster snapshot is not encrypted.',
    },
  ],
  unknown: [
    {
      name: 'instance snapshot, both fields left out',
      resource: dbSnapshot('rds.snapshot', 's-1', { encrypted: null, encryptionType: null }),
      missing: [{ facet: 'rds.snapshot/details', cause: 'absent-field' }],
    },
    {
      name: 'cluster snapshot, a type that this version does not know',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { encryptionType: 'sse-new' }),
      missing: [{ facet: 'rds.cluster-snapshot/details', cause: 'absent-field' }],
    },
  ],
  notApplicable: 'every snapshot has storage',
});

test.each([
  ['plain first', [plain, {}, plain, sseRds]],
  ['encrypted first', [{}, plain, sseRds, plain]],
])('interleaved snapshots of both kinds are judged each on its own, %s', (_order, each) => {
  const verdicts = each.map(
    (details, n) =>
      judgeResource(rule, dbSnapshot(n % 2 === 0 ? 'rds.snapshot' : 'rds.cluster-snapshot', 's-1', details)).verdict,
  );
  expect(verdicts).toEqual(each.map((details) => (details === plain ? 'fail' : 'pass')));
});

test('the remediation is chosen by kind, and makes identifiers that RDS takes', () => {
  const remedy = (kind: 'rds.snapshot' | 'rds.cluster-snapshot') => {
    const { record, account } = dbSnapshot(kind, 'rds:s-1');
    return rule.remediation({ ...record, account, partition: 'aws' });
  };
  expect(remedy('rds.snapshot').cli).toContain(
    'aws rds copy-db-snapshot --region us-east-1 --source-db-snapshot-identifier rds:s-1 --target-db-snapshot-identifier s-1-encrypted ',
  );
  expect(remedy('rds.cluster-snapshot').cli).not.toContain('copy-db-cluster-snapshot');
  expect(remedy('rds.cluster-snapshot').cli).toContain('--snapshot-identifier rds:s-1 --db-cluster-identifier s-1-encrypted ');
});
