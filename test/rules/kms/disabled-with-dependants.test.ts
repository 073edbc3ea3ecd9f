import rule from '#rules/kms/disabled-with-dependants.js';
import { arnOfAlias, arnOfKey, awsManagedKey, bucket, key, metadata, snapshot, unread, volume } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const disabled = { metadata: metadata({ state: 'Disabled' }) };

testRule(rule, {
  pass: [
    {
      name: 'nothing uses it',
      resource: key(1, disabled),
      others: [volume('vol-1', { kmsKeyId: arnOfKey(2) })],
      message: 'The key is disabled, and no resource of the run uses it.',
      evidence: { KeyState: 'Disabled', dependants: {} },
    },
  ],
  fail: [
    {
      name: 'in use, by kind',
      resource: key(1, disabled),
      others: [volume('vol-1'), volume('vol-2'), snapshot('snap-1')],
      message: 'The key is disabled and in use by 1 ebs.snapshot, 2 ebs.volume.',
      evidence: { dependants: { 'ebs.snapshot': 1, 'ebs.volume': 2 } },
    },
    {
      name: 'in use by its alias',
      resource: key(1, { ...disabled, aliases: ['alias/app'] }),
      others: [bucket('b', { algorithm: 'aws:kms', keyId: arnOfAlias('alias/app') })],
      message: 'The key is disabled and in use by 1 s3.bucket.',
    },
    {
      name: 'a dependant that was read decides, though others were not',
      resource: key(1, disabled),
      others: [volume('vol-1')],
      unreadLists: [{ kind: 'rds.instance' }],
      message: 'The key is disabled and in use by at least 1 ebs.volume.',
    },
    {
      name: 'a dependant that was read decides, though its aliases were not',
      resource: key(1, { ...disabled, aliases: unread() }),
      others: [volume('vol-1')],
      message: 'The key is disabled and in use by at least 1 ebs.volume.',
    },
  ],
  unknown: [
    {
      name: 'DescribeKey denied',
      resource: key(1, { metadata: unread() }),
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'a listing denied',
      resource: key(1, disabled),
      unreadLists: [{ kind: 'rds.instance' }],
      missing: [{ facet: 'rds.instance/*', cause: 'denied' }],
    },
    {
      name: 'a service that was not scanned',
      resource: key(1, disabled),
      unlisted: ['s3.bucket'],
      missing: ['defaultEncryption', 'replication', 'inventory'].map((facet) => ({
        facet: `s3.bucket/${facet}`,
        cause: 'uncollected' as const,
      })),
    },
    {
      name: 'its aliases denied',
      resource: key(1, { ...disabled, aliases: unread() }),
      missing: [{ facet: 'kms.key/aliases', cause: 'denied' }],
    },
  ],
  notApplicable: [
    {
      name: 'enabled, and in use',
      resource: key(1),
      others: [volume('vol-1')],
      reason: 'the key is not disabled: its state is Enabled',
    },
    {
      name: 'waits for deletion',
      resource: key(1, { metadata: metadata({ state: 'PendingDeletion' }) }),
      others: [volume('vol-1')],
      reason: 'the key is not disabled: its state is PendingDeletion',
    },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS', state: 'Disabled' }) }),
      reason: 'AWS managed keys cannot be disabled',
    },
  ],
});
