import rule from '#rules/kms/not-pending-deletion.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  bucket,
  instance,
  key,
  metadata,
  snapshot,
  unread,
  volume,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const pending = metadata({ state: 'PendingDeletion', deletionAt: '2026-12-01T12:00:00.000Z' });
const due = 'The key is PendingDeletion: to be deleted on 2026-12-01, 9 days left.';
const replica = arnOfKey(1, { region: 'eu-west-1' });
const primary = metadata({
  state: 'PendingReplicaDeletion',
  pendingDeletionWindowDays: 7,
  multiRegion: {
    role: 'PRIMARY',
    primaryArn: arnOfKey(1),
    primaryRegion: 'us-east-1',
    replicas: [{ arn: replica, region: 'eu-west-1' }],
  },
});
const other = { account: '222222222222' };

testRule(rule, {
  pass: [
    { name: 'enabled', resource: key(1), message: 'The key is not waiting for its deletion (KeyState Enabled).' },
    {
      name: 'disabled',
      resource: key(1, { metadata: metadata({ state: 'Disabled' }) }),
      message: 'The key is not waiting for its deletion (KeyState Disabled).',
    },
    {
      name: 'whatever could not be listed',
      resource: key(1),
      unreadLists: [{ kind: 'ebs.volume' }],
      message: 'The key is not waiting for its deletion (KeyState Enabled).',
    },
  ],
  fail: [
    {
      name: 'nothing uses it',
      resource: key(1, { metadata: pending }),
      message: `${due} No resource of the run uses it.`,
      evidence: { DeletionDate: '2026-12-01T12:00:00.000Z' },
    },
    {
      name: 'in use, by kind',
      resource: key(1, { metadata: pending }),
      others: [
        volume('vol-1'),
        volume('vol-2'),
        bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(1) }),
        volume('vol-3', { kmsKeyId: arnOfKey(2) }),
      ],
      message: `${due} In use by 2 ebs.volume, 1 s3.bucket.`,
      severity: 'critical',
      evidence: { dependants: { 'ebs.volume': 2, 's3.bucket': 1 } },
    },
    {
      name: 'in use by its alias, from another account',
      resource: key(1, { metadata: pending, aliases: ['alias/app'] }),
      others: [bucket('b', { algorithm: 'aws:kms', keyId: arnOfAlias('alias/app') }, {}, other)],
      message: `${due} In use by 1 s3.bucket.`,
      severity: 'critical',
    },
    {
      name: 'a dependant that was read decides, though others were not',
      resource: key(1, { metadata: pending }),
      others: [snapshot('snap-1')],
      unreadLists: [{ kind: 'ebs.volume' }],
      message: `${due} In use by at least 1 ebs.snapshot.`,
      severity: 'critical',
    },
    {
      name: 'a member of a cluster is a dependant',
      resource: key(1, { metadata: pending }),
      others: [instance('db', { clusterId: 'c-1' })],
      message: `${due} In use by 1 rds.instance.`,
      severity: 'critical',
    },
    {
      name: 'a volume on its way out is none',
      resource: key(1, { metadata: pending }),
      others: [volume('vol-1', { state: 'deleting' })],
      message: `${due} No resource of the run uses it.`,
    },
    {
      name: 'a listing denied',
      resource: key(1, { metadata: pending }),
      unreadLists: [{ kind: 'rds.snapshot' }],
      message: `${due} No resource that was read uses it; dependants not fully read.`,
    },
    {
      name: 'a default key denied',
      resource: key(1, { metadata: pending }),
      others: [bucket('b', {}, { defaultEncryption: unread() })],
      message: `${due} No resource that was read uses it; dependants not fully read.`,
    },
    {
      name: 'a service that was not scanned',
      resource: key(1, { metadata: pending }),
      unlisted: ['s3.bucket'],
      message: `${due} No resource that was read uses it; dependants not fully read.`,
    },
    {
      name: 'its aliases denied',
      resource: key(1, { metadata: pending, aliases: unread() }),
      message: `${due} No resource that was read uses it; dependants not fully read.`,
    },
    {
      name: 'held back by its replicas',
      resource: key(1, { metadata: primary }),
      message: `The key is PendingReplicaDeletion: its waiting period of 7 days begins once its replicas are gone, held back by ${replica}. No resource of the run uses it.`,
    },
    {
      name: 'the last day',
      resource: key(1, { metadata: { ...pending, deletionAt: '2026-11-23T10:00:00.000Z' } }),
      message: 'The key is PendingDeletion: to be deleted on 2026-11-23, 1 day left. No resource of the run uses it.',
    },
    {
      name: 'overdue',
      resource: key(1, { metadata: { ...pending, deletionAt: '2026-11-22T00:00:00.000Z' } }),
      message: 'The key is PendingDeletion: to be deleted on 2026-11-22, 0 days left. No resource of the run uses it.',
    },
    {
      name: 'AWS gives no date',
      resource: key(1, { metadata: { ...pending, deletionAt: null } }),
      message: 'The key is PendingDeletion: AWS gives no date. No resource of the run uses it.',
    },
    {
      name: 'replicas and window not given',
      resource: key(1, { metadata: metadata({ state: 'PendingReplicaDeletion' }) }),
      message:
        'The key is PendingReplicaDeletion: its waiting period begins once its replicas are gone. No resource of the run uses it.',
    },
    {
      name: 'asymmetric',
      resource: key(1, { metadata: { ...pending, spec: 'RSA_4096' } }),
      message: `${due} No resource of the run uses it.`,
    },
  ],
  unknown: [
    {
      name: 'DescribeKey denied',
      resource: key(1, { metadata: unread() }),
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
  ],
  notApplicable: [
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }) }),
      reason: 'AWS managed keys cannot be deleted',
    },
  ],
});
