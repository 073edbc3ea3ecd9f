import rule from '#rules/kms/grant-stale.js';
import type { KeyGrant } from '#model/resources/index.js';
import { awsManagedKey, grant, key, metadata, skipped, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const now = new Date('2026-11-23T00:00:00Z');
const yearAgo = '2025-11-23T00:00:00.000Z';
const older = '2025-11-22T23:59:59.000Z';
const orphan = 'AROAEXAMPLEROLEID1234';
const service = { granteePrincipal: 'rds.amazonaws.com' };
const keyWith = (...grants: readonly Partial<KeyGrant>[]) => key(1, { grants: grants.map((each) => grant(each)) });
const fresh = (days = 365): string =>
  `No grant of the key is older than ${String(days)} days or belongs to a deleted user or role.`;
const stale = (few: string, orphans: number, old: number, days = 365): string =>
  `${few} grants of the key are stale: ${String(orphans)} of deleted users or roles, ${String(old)} older than ${String(days)} days.`;

testRule(rule, {
  pass: [
    { name: 'to the second a year old', resource: keyWith({ createdAt: yearAgo }), now, message: fresh() },
    { name: 'an old service grant', resource: keyWith({ ...service, createdAt: '2020-01-01T00:00:00.000Z' }), message: fresh() },
    { name: 'a service grant without a date', resource: keyWith({ ...service, createdAt: null }), message: fresh() },
    {
      name: 'older than a year, where two are allowed',
      resource: keyWith({ createdAt: older }),
      now,
      options: { days: 730 },
      message: fresh(730),
    },
  ],
  fail: [
    {
      name: 'a second older than a year',
      resource: keyWith({ createdAt: older }, { createdAt: yearAgo }),
      now,
      message: stale('1 of 2', 0, 1),
      evidence: {
        grants: [{ grant: 'g-1', granteePrincipal: 'arn:aws:iam::111111111111:role/app', createdAt: older }],
        inAll: 1,
      },
    },
    {
      name: 'eight days old, where seven are allowed',
      resource: keyWith({ createdAt: '2026-11-15T00:00:00.000Z' }),
      now,
      options: { days: 7 },
      message: stale('1 of 1', 0, 1, 7),
    },
    { name: 'a deleted role', resource: keyWith({ granteePrincipal: orphan }), message: stale('1 of 1', 1, 0) },
    {
      name: 'a deleted role whose grant a service retires',
      resource: keyWith({ granteePrincipal: orphan, retiringPrincipal: 'rds.amazonaws.com', createdAt: older }),
      now,
      message: stale('1 of 1', 1, 0),
    },
    {
      name: 'both at once, counted once',
      resource: keyWith({ granteePrincipal: orphan, createdAt: older }),
      now,
      message: stale('1 of 1', 1, 1),
    },
    {
      name: 'a deleted role decides, though another has no date',
      resource: keyWith({ createdAt: null }, { granteePrincipal: orphan }),
      message: stale('1 of 2', 1, 0),
    },
    {
      name: 'many grants, of which twenty are shown',
      resource: keyWith(...Array.from({ length: 25 }, (_, n) => ({ id: `g-${String(n)}`, granteePrincipal: orphan }))),
      message: stale('25 of 25', 25, 0),
      evidence: {
        grants: Array.from({ length: 20 }, (_, n) => ({
          grant: `g-${String(n)}`,
          granteePrincipal: orphan,
          createdAt: '2026-01-01T00:00:00.000Z',
        })),
        inAll: 25,
      },
    },
  ],
  unknown: [
    {
      name: 'ListGrants denied',
      resource: key(1, { grants: unread() }),
      missing: [{ facet: 'kms.key/grants', cause: 'denied' }],
    },
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
    {
      name: 'AWS gives no date',
      resource: keyWith({}, { createdAt: null }),
      missing: [
        {
          facet: 'kms.key/grants',
          operation: 'kms:ListGrants',
          action: 'kms:ListGrants',
          code: 'CreationDate',
          cause: 'absent-field',
        },
      ],
    },
  ],
  notApplicable: [
    { name: 'no grants', resource: key(1), reason: 'the key has no grants' },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }), grants: skipped('AWS manages this key') }),
      reason: 'AWS manages this key and its grants',
    },
  ],
});
