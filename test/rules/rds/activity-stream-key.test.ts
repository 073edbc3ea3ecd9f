import { expect, test } from 'vitest';
import rule from '#rules/rds/activity-stream-key.js';
import { arnOfAlias, arnOfKey, cluster, instance, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const foreign = { account: '999999999999' };
const stream = (status: string | null, kmsKeyId: string | null = arnOfKey(2)) => ({ activityStream: { status, kmsKeyId } });
const usable = 'The activity stream of the aurora-postgresql cluster is under a key that can be used.';
const cannot = (why: string) =>
  `The activity stream of the aurora-postgresql cluster is under ${arnOfKey(2)}, which cannot be used: ${why}.`;

testRule(rule, {
  pass: [
    {
      name: 'a usable key',
      resource: cluster('db-1', stream('started')),
      others: [key(2)],
      message: usable,
      evidence: { ActivityStreamStatus: 'started', ActivityStreamKmsKeyId: arnOfKey(2) },
    },
    {
      name: 'an AWS managed key, of an instance whose storage key is gone',
      resource: instance('db-1', { engine: 'oracle-ee', ...stream('starting', arnOfAlias('alias/aws/rds')) }),
      message: 'The activity stream of the oracle-ee instance is under a key that can be used.',
    },
  ],
  fail: [
    {
      name: 'disabled, the storage key usable',
      resource: cluster('db-1', stream('started')),
      others: [key(1), key(2, { metadata: metadata({ state: 'Disabled' }) })],
      message: cannot('Disabled'),
    },
    { name: 'gone', resource: cluster('db-1', stream('started')), message: cannot('it does not exist') },
    {
      name: 'starting under a key that waits for its deletion',
      resource: cluster('db-1', stream('starting')),
      others: [key(2, { metadata: metadata({ state: 'PendingDeletion', deletionAt: '2026-12-01T00:00:00.000Z' }) })],
      message: cannot('PendingDeletion, to be deleted on 2026-12-01'),
    },
  ],
  unknown: [
    {
      name: 'the key left out',
      resource: cluster('db-1', stream('started', null)),
      missing: [{ facet: 'rds.cluster/details', code: 'ActivityStreamKmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'the key could not be described',
      resource: cluster('db-1', stream('started')),
      others: [key(2, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'a foreign key',
      resource: cluster('db-1', stream('started', arnOfKey(2, foreign))),
      followUps: [key(2, { place: foreign, metadata: unread() })],
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
  ],
  notApplicable: [
    { name: 'stopped', resource: cluster('db-1', stream('stopped')), reason: 'there is no activity stream' },
    { name: 'stopping', resource: instance('db-1', stream('stopping')), reason: 'there is no activity stream' },
    { name: 'the status left out', resource: cluster('db-1', stream(null)), reason: 'there is no activity stream' },
  ],
});

test('the remediation starts the stream anew', () => {
  const { record, account } = cluster('db-1', stream('started'));
  expect(rule.remediation({ ...record, account, partition: 'aws' }).cli).toContain(
    'aws rds start-activity-stream --region us-east-1 --resource-arn arn:aws:rds:us-east-1:111111111111:cluster:db-1 --mode async --kms-key-id',
  );
});
