import { expect, test } from 'vitest';
import rule from '#rules/rds/export-task-key.js';
import { arnOfAlias, arnOfKey, awsManagedKey, exportTask, key, keyId, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const foreign = { account: '999999999999' };
const known = 'the accounts of this run and those configured';
const good = (written: string) => `The export to exports is under ${written}, which can be used and is of a trusted account.`;
const notTrusted = `The export to exports is under ${arnOfKey(1, foreign)} of account 999999999999, not among ${known}.`;
/** The clock stands at 2026-11-23T00:00:00Z. */
const ninetyDaysAgo = '2026-08-25T00:00:00.000Z';
const unlisted = {
  facet: 'organization/accounts',
  operation: 'organizations:ListAccounts',
  action: 'organizations:ListAccounts',
  code: 'AccessDenied',
  cause: 'denied' as const,
};
const organisation = { id: { known: true as const, value: 'o-1' }, unlisted };

testRule(rule, {
  pass: [
    {
      name: 'complete, under a usable key',
      resource: exportTask('e-1'),
      others: [key(1)],
      message: good(arnOfKey(1)),
      evidence: { Status: 'COMPLETE', S3Bucket: 'exports', KmsKeyId: arnOfKey(1) },
    },
    {
      name: 'in lower case, exactly 90 days ago, by a bare id',
      resource: exportTask('e-1', { status: 'in_progress', startedAt: ninetyDaysAgo, kmsKeyId: keyId(1) }),
      others: [key(1)],
      message: good(keyId(1)),
    },
    {
      name: 'starting, not started yet, under an AWS managed key',
      resource: exportTask('e-1', { status: 'starting', startedAt: null }),
      others: [awsManagedKey(1, 's3')],
      message: good(arnOfKey(1)),
    },
    {
      name: 'by an alias, the bucket left out',
      resource: exportTask('e-1', { kmsKeyId: 'alias/key-1', bucket: null }),
      others: [key(1)],
      message:
        'The export to a bucket that AWS did not name is under alias/key-1, which can be used and is of a trusted account.',
    },
    {
      name: 'a key of a trusted account that may be described',
      resource: exportTask('e-1', { kmsKeyId: arnOfKey(1, foreign) }),
      followUps: [key(1, { place: foreign })],
      trustedAccounts: ['999999999999'],
      message: good(arnOfKey(1, foreign)),
    },
    {
      name: 'older than the option allows by default, not than it is set to',
      resource: exportTask('e-1', { startedAt: '2026-08-24T00:00:00.000Z' }),
      others: [key(1)],
      options: { days: 91 },
      message: good(arnOfKey(1)),
    },
  ],
  fail: [
    {
      name: 'disabled',
      resource: exportTask('e-1'),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: `The export to exports is under ${arnOfKey(1)}, which cannot be used: Disabled.`,
    },
    {
      name: 'gone',
      resource: exportTask('e-1'),
      message: `The export to exports is under ${arnOfKey(1)}, which cannot be used: it does not exist.`,
    },
    {
      name: 'a stranger’s key that cannot be described',
      resource: exportTask('e-1', { kmsKeyId: arnOfKey(1, foreign) }),
      followUps: [key(1, { place: foreign, metadata: unread() })],
      message: notTrusted,
    },
    {
      name: 'a stranger’s key that can',
      resource: exportTask('e-1', { kmsKeyId: arnOfKey(1, foreign) }),
      followUps: [key(1, { place: foreign })],
      message: notTrusted,
    },
    {
      name: 'an AWS managed key of a stranger, by its alias',
      resource: exportTask('e-1', { kmsKeyId: arnOfAlias('alias/aws/s3', foreign) }),
      message: `The export to exports is under ${arnOfAlias('alias/aws/s3', foreign)} of account 999999999999, not among ${known}.`,
    },
    {
      name: 'disabled, and whether its account is trusted unread',
      resource: exportTask('e-1', { kmsKeyId: arnOfKey(1, foreign) }),
      followUps: [key(1, { place: foreign, metadata: metadata({ state: 'Disabled' }) })],
      organisation,
      message: `The export to exports is under ${arnOfKey(1, foreign)}, which cannot be used: Disabled.`,
    },
  ],
  unknown: [
    {
      name: 'the key could not be described',
      resource: exportTask('e-1'),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'a key of a trusted account that cannot be described',
      resource: exportTask('e-1', { kmsKeyId: arnOfKey(1, foreign) }),
      followUps: [key(1, { place: foreign, metadata: unread() })],
      trustedAccounts: ['999999999999'],
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'whether its account is trusted could not be read',
      resource: exportTask('e-1', { kmsKeyId: arnOfKey(1, foreign) }),
      followUps: [key(1, { place: foreign })],
      organisation,
      missing: [unlisted],
    },
    {
      name: 'the key left out',
      resource: exportTask('e-1', { kmsKeyId: null }),
      missing: [{ facet: 'rds.export-task/*', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'a status that this version does not know',
      resource: exportTask('e-1', { status: 'PAUSED' }),
      others: [key(1)],
      missing: [{ code: 'a known Status (it says PAUSED)', cause: 'absent-field' }],
    },
    {
      name: 'the status left out',
      resource: exportTask('e-1', { status: null }),
      others: [key(1)],
      missing: [{ code: 'Status', cause: 'absent-field' }],
    },
    {
      name: 'a status that every object has',
      resource: exportTask('e-1', { status: 'constructor' }),
      others: [key(1)],
      missing: [{ code: 'a known Status (it says constructor)' }],
    },
    {
      name: 'the start left out',
      resource: exportTask('e-1', { startedAt: null }),
      others: [key(1)],
      missing: [{ code: 'TaskStartTime', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    {
      name: 'a moment older than 90 days',
      resource: exportTask('e-1', { startedAt: '2026-08-24T23:59:59.999Z' }),
      reason: 'the export started more than 90 days ago',
    },
    {
      name: 'older than the option says',
      resource: exportTask('e-1', { startedAt: '2026-11-15T23:59:59.000Z' }),
      options: { days: 7 },
      reason: 'the export started more than 7 days ago',
    },
    { name: 'failed', resource: exportTask('e-1', { status: 'FAILED' }), reason: 'the export is FAILED' },
    { name: 'canceled', resource: exportTask('e-1', { status: 'canceled' }), reason: 'the export is canceled' },
    { name: 'canceling', resource: exportTask('e-1', { status: 'CANCELING' }), reason: 'the export is CANCELING' },
  ],
});

test('the remediation exports again from the same source', () => {
  const { record, account } = exportTask('e-1');
  expect(rule.remediation({ ...record, account, partition: 'aws' }).cli).toContain(
    'aws rds start-export-task --region us-east-1 --export-task-identifier e-1-again --source-arn "$SOURCE"',
  );
});
