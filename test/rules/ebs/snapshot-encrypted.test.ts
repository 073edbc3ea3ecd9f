import { expect, test } from 'vitest';
import rule from '#rules/ebs/snapshot-encrypted.js';
import { judgeResource } from '#plugins/judge.js';
import { arnOfKey, snapshot, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, kmsKeyId: null };

testRule(rule, {
  pass: [
    {
      name: 'under a key',
      resource: snapshot('snap-1'),
      message: `The snapshot is encrypted under ${arnOfKey(1)}.`,
      evidence: { Encrypted: true },
    },
    {
      name: 'encrypted, its key left out',
      resource: snapshot('snap-1', { kmsKeyId: null }),
      message: 'The snapshot is encrypted; AWS does not say under which key.',
    },
    {
      name: 'sse-ebs',
      resource: snapshot('snap-1', { ...plain, sseType: 'sse-ebs' }),
      message: 'The snapshot is encrypted under a key that AWS owns (sse-ebs).',
    },
  ],
  fail: [
    {
      name: 'plain',
      resource: snapshot('snap-1', plain),
      message: 'The snapshot is not encrypted.',
      evidence: { Encrypted: false, KmsKeyId: null },
    },
    {
      name: 'plain and pending',
      resource: snapshot('snap-1', { ...plain, state: 'pending' }),
      message: 'The snapshot is not encrypted.',
    },
    {
      name: 'plain, other facets unread',
      resource: snapshot('snap-1', plain, { tags: unread(), public: unread() }),
      message: 'The snapshot is not encrypted.',
    },
  ],
  unknown: [
    {
      name: 'Encrypted left out',
      resource: snapshot('snap-1', { encrypted: null }),
      missing: [{ facet: 'ebs.snapshot/details', code: 'Encrypted', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    {
      name: 'in error',
      resource: snapshot('snap-1', { ...plain, state: 'error' }),
      reason: 'the snapshot failed: it is in state error',
    },
  ],
});

test.each([
  ['plain first', [false, true, false]],
  ['encrypted first', [true, false, true]],
])('interleaved snapshots are judged each on its own, %s', (_order, encrypted) => {
  const verdicts = encrypted.map((each) => judgeResource(rule, snapshot('snap-1', { encrypted: each })).verdict);
  expect(verdicts).toEqual(encrypted.map((each) => (each ? 'pass' : 'fail')));
});

test('the remediation copies the snapshot under a key', () => {
  const { record, account } = snapshot('snap-1');
  expect(rule.remediation({ ...record, account, partition: 'aws' }).cli).toContain(
    'aws ec2 copy-snapshot --region us-east-1 --source-region us-east-1 --source-snapshot-id snap-1 --encrypted --kms-key-id "${KEY:?}"',
  );
});
