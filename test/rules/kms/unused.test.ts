import rule from '#rules/kms/unused.js';
import type { KeyLastUsage, KeyMetadata } from '#model/resources/index.js';
import { awsManagedKey, key, metadata, unread, volume, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

/** 90 days before the clock of 2026-11-23. */
const limit = '2026-08-25T00:00:00.000Z';
const before = '2026-08-24T23:59:59.999Z';
const used = (
  usedAt: string | null,
  operation: string | null = 'Decrypt',
  trackedSince: string | null = '2026-04-01T00:00:00.000Z',
): KeyLastUsage => ({
  usedAt,
  operation,
  trackedSince,
});
type Facets = NonNullable<Parameters<typeof key>[1]>;
const idle = (facets: Facets, more: Partial<KeyMetadata> = {}): TestResource => key(1, { metadata: metadata(more), ...facets });
const advice =
  'It costs 1 to 3 USD a month. AWS warns against deleting a key on this evidence alone: disable it first, and watch CloudTrail for calls that fail.';

testRule(rule, {
  pass: [
    {
      name: 'a resource uses it: nothing more is asked',
      resource: key(1),
      others: [volume('vol-1')],
      message: 'The key is in use by 1 ebs.volume.',
      evidence: { dependants: { 'ebs.volume': 1 } },
    },
    {
      name: 'a resource that was read decides',
      resource: idle({ lastUsage: used(null), aliases: unread() }),
      others: [volume('vol-1')],
      message: 'The key is in use by at least 1 ebs.volume.',
    },
    {
      name: 'used on the last day, by what the run does not see',
      resource: idle({ lastUsage: used(limit) }),
      unreadLists: [{ kind: 'rds.instance' }],
      message: 'No resource was found that uses the key, but it was last used on 2026-08-25 (Decrypt).',
      evidence: { Timestamp: limit, Operation: 'Decrypt' },
    },
    {
      name: 'used, AWS does not say for what',
      resource: idle({ lastUsage: used('2026-11-22T00:00:00.000Z', null) }),
      message: 'No resource was found that uses the key, but it was last used on 2026-11-22 (AWS does not say for what).',
    },
  ],
  fail: [
    {
      name: 'used a moment too long ago',
      resource: idle({ lastUsage: used(before) }),
      message: `No resource of the run uses the key, and it was last used on 2026-08-24 (Decrypt). ${advice}`,
      evidence: { Timestamp: before, TrackingStartDate: '2026-04-01T00:00:00.000Z', dependants: {} },
    },
    {
      name: 'no use since tracking began',
      resource: idle({ lastUsage: used(null, null, before) }),
      message: `No resource of the run uses the key, and no use of it is recorded since 2026-08-24. ${advice}`,
    },
    {
      name: 'disabled, CreationDate absent, a shorter limit',
      resource: idle({ lastUsage: used('2026-11-20T00:00:00.000Z') }, { state: 'Disabled', createdAt: null }),
      options: { days: 2 },
      message: `No resource of the run uses the key, and it was last used on 2026-11-20 (Decrypt). ${advice}`,
    },
  ],
  unknown: [
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
    {
      name: 'GetKeyLastUsage denied',
      resource: idle({ lastUsage: unread() }),
      missing: [{ facet: 'kms.key/lastUsage', cause: 'denied' }],
    },
    {
      name: 'GetKeyLastUsage not asked in this run',
      resource: key(1),
      missing: [{ facet: 'kms.key/lastUsage', cause: 'uncollected' }],
    },
    {
      name: 'a listing denied',
      resource: idle({ lastUsage: used(before) }),
      unreadLists: [{ kind: 'rds.instance' }],
      missing: [{ facet: 'rds.instance/*' }],
    },
    {
      name: 'its aliases denied',
      resource: idle({ lastUsage: used(before), aliases: unread() }),
      missing: [{ facet: 'kms.key/aliases' }],
    },
  ],
  notApplicable: [
    {
      name: 'younger than that',
      resource: idle({ lastUsage: used(before) }, { createdAt: limit }),
      reason: 'created on 2026-08-25: 90 days have to pass first',
    },
    {
      name: 'tracked for too short a time',
      resource: idle({ lastUsage: used(null, null, limit) }),
      reason: 'no use is recorded, and tracked only since 2026-08-25',
    },
    {
      name: 'waits for deletion',
      resource: idle({ lastUsage: used(before) }, { state: 'PendingDeletion' }),
      reason: 'the key is in state PendingDeletion',
    },
    {
      name: 'waits for its replicas',
      resource: idle({ lastUsage: used(before) }, { state: 'PendingReplicaDeletion' }),
      reason: 'the key is in state PendingReplicaDeletion',
    },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: idle({ lastUsage: used(before) }, { manager: 'AWS' }),
      reason: 'AWS managed keys cost nothing',
    },
  ],
});
