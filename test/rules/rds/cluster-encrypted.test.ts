import { expect, test } from 'vitest';
import rule from '#rules/rds/cluster-encrypted.js';
import instanceRule from '#rules/rds/instance-encrypted.js';
import { judgeResource } from '#plugins/judge.js';
import { arnOfKey, cluster, instance, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };

testRule(rule, {
  pass: [
    {
      name: 'sse-kms',
      resource: cluster('c-1'),
      message: `The aurora-postgresql cluster is encrypted under ${arnOfKey(1)}.`,
      evidence: { Engine: 'aurora-postgresql', StorageEncrypted: true },
    },
    {
      name: 'sse-rds though StorageEncrypted is false',
      resource: cluster('c-1', { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null }),
      message: 'The aurora-postgresql cluster is encrypted under a key that AWS owns (sse-rds).',
      evidence: { StorageEncryptionType: 'sse-rds', StorageEncrypted: false },
    },
    {
      name: 'its key left out',
      resource: cluster('c-1', { kmsKeyId: null }),
      message: 'The aurora-postgresql cluster is encrypted; AWS does not say under which key.',
    },
    {
      name: 'Neptune, type absent',
      resource: cluster('c-1', { engine: 'neptune', encryptionType: null }),
      message: `The Neptune cluster is encrypted under ${arnOfKey(1)}.`,
      evidence: { Engine: 'neptune' },
    },
    {
      name: 'a Multi-AZ cluster',
      resource: cluster('c-1', { engine: 'mysql' }),
      message: `The mysql cluster is encrypted under ${arnOfKey(1)}.`,
    },
  ],
  fail: [
    {
      name: 'Aurora',
      resource: cluster('c-1', { ...plain, members: ['db-1', 'db-2', 'db-3'] }),
      message: 'The aurora-postgresql cluster is not encrypted.',
    },
    {
      name: 'DocumentDB, type absent',
      resource: cluster('c-1', { ...plain, encryptionType: null, engine: 'docdb' }),
      message: 'The DocumentDB cluster is not encrypted.',
      evidence: { Engine: 'docdb' },
    },
    {
      name: 'Neptune',
      resource: cluster('c-1', { ...plain, engine: 'neptune' }),
      message: 'The Neptune cluster is not encrypted.',
    },
    {
      name: 'plain, tags unread',
      resource: cluster('c-1', plain, { tags: unread() }),
      message: 'The aurora-postgresql cluster is not encrypted.',
    },
  ],
  unknown: [
    {
      name: 'both fields left out',
      resource: cluster('c-1', { encrypted: null, encryptionType: null }),
      missing: [{ facet: 'rds.cluster/details', code: 'StorageEncrypted', cause: 'absent-field' }],
    },
    {
      name: 'a type that this version does not know',
      resource: cluster('c-1', { encryptionType: 'sse-new' }),
      missing: [{ cause: 'absent-field' }],
    },
  ],
  notApplicable: 'every cluster has storage',
});

test('an unencrypted cluster of three members is one fail', () => {
  const members = ['db-1', 'db-2', 'db-3'].map((id) => instance(id, { ...plain, engine: 'aurora-mysql', clusterId: 'c-1' }));
  const verdicts = [judgeResource(rule, cluster('c-1', plain)), ...members.map((each) => judgeResource(instanceRule, each))].map(
    ({ verdict }) => verdict,
  );
  expect(verdicts).toEqual(['fail', 'not-applicable', 'not-applicable', 'not-applicable']);
});

test('the remediation restores under a key: AWS refuses to copy a plain cluster snapshot under one', () => {
  const { record, account } = cluster('c-1');
  const { cli } = rule.remediation({ ...record, account, partition: 'aws' });
  expect(cli).not.toContain('copy-db-cluster-snapshot');
  expect(cli).toMatch(
    /restore-db-cluster-from-snapshot --region us-east-1 --snapshot-identifier c-1-before --db-cluster-identifier c-1-encrypted .* --kms-key-id "\$\{KEY:\?\}"/,
  );
});
