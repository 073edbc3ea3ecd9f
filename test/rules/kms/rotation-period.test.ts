import { expect, test } from 'vitest';
import rule from '#rules/kms/rotation-period.js';
import type { KeyMetadata, KeyRotation } from '#model/resources/index.js';
import { arnOfKey, awsManagedKey, key, metadata, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const every = (periodDays: number | null, more: Partial<KeyMetadata> = {}): TestResource => {
  const rotation: KeyRotation = { enabled: true, periodDays, nextAt: null, onDemandStartedAt: null };
  return key(1, { rotation, metadata: metadata(more) });
};
const west = { region: 'eu-west-1' };
const primary = arnOfKey(1, west);
const replica = { multiRegion: { role: 'REPLICA', primaryArn: primary, primaryRegion: 'eu-west-1', replicas: [] } } as const;

testRule(rule, {
  pass: [
    {
      name: 'yearly, at the limit',
      resource: every(365),
      message: 'Automatic rotation runs every 365 days.',
      evidence: { RotationPeriodInDays: 365 },
    },
    {
      name: 'as often as the option wants',
      resource: every(90),
      options: { maxDays: 90 },
      message: 'Automatic rotation runs every 90 days.',
    },
    {
      name: 'a replica whose primary is not in the run',
      resource: every(180, replica),
      message: `Automatic rotation runs every 180 days, set at the primary key ${primary}, which is not in the run.`,
    },
    {
      name: 'a primary',
      resource: every(180, { multiRegion: { ...replica.multiRegion, role: 'PRIMARY' } }),
      others: [key(1, { place: west })],
      message: 'Automatic rotation runs every 180 days.',
    },
  ],
  fail: [
    {
      name: 'a day too long',
      resource: every(366),
      message: 'Automatic rotation runs every 366 days; at most 365 are allowed.',
      evidence: { RotationPeriodInDays: 366 },
    },
    {
      name: 'longer than the option allows',
      resource: every(91),
      options: { maxDays: 90 },
      message: 'Automatic rotation runs every 91 days; at most 90 are allowed.',
    },
    {
      name: 'a replica that rotates too seldom, its primary not in the run',
      resource: every(730, replica),
      message: `Automatic rotation runs every 730 days, set at the primary key ${primary}, which is not in the run; at most 365 are allowed.`,
    },
  ],
  unknown: [
    { name: 'KeySpec absent', resource: every(999, { spec: null }), missing: [{ code: 'KeySpec', cause: 'absent-field' }] },
    { name: 'Origin absent', resource: every(999, { origin: null }), missing: [{ code: 'Origin', cause: 'absent-field' }] },
    {
      name: 'AWS left out the period',
      resource: every(null),
      missing: [
        {
          facet: 'kms.key/rotation',
          operation: 'kms:GetKeyRotationStatus',
          action: 'kms:GetKeyRotationStatus',
          code: 'RotationPeriodInDays',
          cause: 'absent-field',
        },
      ],
    },
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
    { name: 'GetKeyRotationStatus denied', resource: key(1, { rotation: unread() }), missing: [{ facet: 'kms.key/rotation' }] },
    {
      name: "the primary's region was not listed to its end",
      resource: every(365, replica),
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'kms.key', region: 'eu-west-1' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
  ],
  notApplicable: [
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: every(365, { manager: 'AWS' }),
      reason: 'AWS managed keys rotate by themselves',
    },
    { name: 'disabled', resource: every(999, { state: 'Disabled' }), reason: 'a key in state Disabled is not rotated' },
    { name: 'asymmetric', resource: every(999, { spec: 'RSA_2048' }), reason: 'a key of spec RSA_2048 cannot rotate by itself' },
    {
      name: 'imported',
      resource: every(999, { origin: 'EXTERNAL' }),
      reason: 'key material of origin EXTERNAL cannot rotate by itself',
    },
    {
      name: 'rotation is off',
      resource: key(1, { rotation: { enabled: false, periodDays: 999, nextAt: null, onDemandStartedAt: null } }),
      reason: 'automatic rotation is off: see kms/rotation-enabled',
    },
    {
      name: 'AWS says that it cannot',
      resource: key(1, { rotation: null }),
      reason: 'AWS says that this key cannot rotate by itself',
    },
    {
      name: 'a replica whose primary is in the run',
      resource: every(730, replica),
      others: [key(1, { place: west })],
      reason: `replica: rotation is set at its primary ${primary}, which is in the run`,
    },
  ],
});

test('maxDays keeps to what makes sense', () => {
  for (const maxDays of [90, 2560]) expect(rule.options?.safeParse({ maxDays }).success).toBe(true);
  for (const maxDays of [89, 2561]) expect(rule.options?.safeParse({ maxDays }).success).toBe(false);
});
