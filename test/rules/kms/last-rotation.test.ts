import { expect, test } from 'vitest';
import rule from '#rules/kms/last-rotation.js';
import type { KeyMaterial, KeyMetadata } from '#model/resources/index.js';
import { arnOfKey, awsManagedKey, key, material, metadata, skipped, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

/** Against the clock of 2026-11-23. 400 days before it is 2025-10-19. */
const limit = '2025-10-19T00:00:00.000Z';
const before = '2025-10-18T23:59:59.999Z';
const rotated = (rotatedAt: string, rotationType: string | null = 'AUTOMATIC'): KeyMaterial =>
  material({ rotatedAt, rotationType });
const west = { region: 'eu-west-1' };
const primary = arnOfKey(1, west);
const replica = { multiRegion: { role: 'REPLICA', primaryArn: primary, primaryRegion: 'eu-west-1', replicas: [] } } as const;
const off = { enabled: false, periodDays: null, nextAt: null, onDemandStartedAt: null };
const next = (nextAt: string | null) => ({ enabled: true, periodDays: 365, nextAt, onDemandStartedAt: null });

type Facets = Parameters<typeof key>[1];
const old = (facets: Facets = {}, more: Partial<KeyMetadata> = {}): TestResource =>
  key(1, { rotation: off, metadata: metadata({ createdAt: '2020-01-01T00:00:00.000Z', ...more }), ...facets });
const byHand = 'It does not rotate by itself; it can be rotated on demand.';
const neverRotated = 'The key was never rotated and was created on 2020-01-01, 2518 days ago; the limit is 400 days.';

testRule(rule, {
  pass: [
    {
      name: 'rotated by itself',
      resource: old({ rotations: [material(), rotated('2026-11-22T00:00:00.000Z')] }),
      message: 'The key was last rotated automatically on 2026-11-22, 1 day ago.',
      evidence: { RotationDate: '2026-11-22T00:00:00.000Z', RotationType: 'AUTOMATIC', CreationDate: '2020-01-01T00:00:00.000Z' },
    },
    {
      name: 'rotated on demand, on the last day',
      resource: old({ rotations: [rotated(limit, 'ON_DEMAND')] }),
      message: 'The key was last rotated on demand on 2025-10-19, 400 days ago.',
    },
    {
      name: 'the newest of several, in whatever order',
      resource: old({ rotations: [rotated('2026-01-01T00:00:00.000Z'), rotated('2026-10-01T00:00:00.000Z'), rotated(before)] }),
      message: 'The key was last rotated automatically on 2026-10-01, 53 days ago.',
    },
    {
      name: 'younger than that',
      resource: old({ rotations: [material()] }, { createdAt: limit }),
      message: 'The key was never rotated and was created on 2025-10-19, 400 days ago.',
    },
    {
      name: 'imported material, rotated on demand',
      resource: old({ rotations: [rotated('2026-11-22T00:00:00.000Z', 'ON_DEMAND')] }, { origin: 'EXTERNAL' }),
      message: 'The key was last rotated on demand on 2026-11-22, 1 day ago.',
    },
    {
      name: 'whatever rotation status says',
      resource: old({ rotation: unread(), rotations: [rotated('2026-11-22T00:00:00.000Z')] }),
      message: 'The key was last rotated automatically on 2026-11-22, 1 day ago.',
    },
    {
      name: 'a replica whose primary is not in the run',
      resource: old({ rotations: [rotated('2026-11-22T00:00:00.000Z')] }, replica),
      message: `The key was last rotated automatically on 2026-11-22, 1 day ago, set at the primary key ${primary}, which is not in the run.`,
    },
  ],
  fail: [
    {
      name: 'never, and it does not rotate',
      resource: old(),
      message: `${neverRotated} ${byHand}`,
      evidence: { RotationDate: null, CreationDate: '2020-01-01T00:00:00.000Z' },
    },
    {
      name: 'a moment too long ago',
      resource: old({ rotations: [rotated(before, 'ON_DEMAND')] }),
      message: `The key was last rotated on demand on 2025-10-18, 400 days ago; the limit is 400 days. ${byHand}`,
    },
    {
      name: 'a moment too long ago for a stricter limit',
      resource: old({ rotations: [rotated('2026-11-21T23:59:59.000Z')] }),
      options: { maxDays: 1 },
      message: `The key was last rotated automatically on 2026-11-21, 1 day ago; the limit is 1 day. ${byHand}`,
    },
    {
      name: 'rotation was turned on since',
      resource: old({ rotation: next('2027-11-22T00:00:00.000Z') }),
      message: `${neverRotated} It rotates next on 2027-11-22, or before that on demand.`,
      severity: 'low',
    },
    {
      name: 'the next rotation is just within the limit',
      resource: old({ rotation: next('2027-12-28T00:00:00.000Z') }),
      message: `${neverRotated} It rotates next on 2027-12-28, or before that on demand.`,
      severity: 'low',
    },
    {
      name: 'the next rotation is too far off',
      resource: old({ rotation: next('2027-12-28T00:00:00.001Z') }),
      message: `${neverRotated} It rotates next on 2027-12-28, or before that on demand.`,
    },
    {
      name: 'overdue, and the next rotation is near',
      resource: old({ rotation: next('2026-12-01T00:00:00.000Z'), rotations: [rotated(before)] }),
      message:
        'The key was last rotated automatically on 2025-10-18, 400 days ago; the limit is 400 days. It rotates next on 2026-12-01, or before that on demand.',
      severity: 'low',
    },
    {
      name: 'off, with a date of old',
      resource: old({ rotation: { ...off, nextAt: '2026-12-01T00:00:00.000Z' } }),
      message: `${neverRotated} ${byHand}`,
    },
    {
      name: 'AWS gives no next date',
      resource: old({ rotation: next(null) }),
      message: `${neverRotated} AWS does not say when it rotates next; it can be rotated on demand.`,
    },
    {
      name: 'rotation status denied',
      resource: old({ rotation: unread() }),
      message: `${neverRotated} When it rotates next could not be read; it can be rotated on demand.`,
    },
    {
      name: 'imported material',
      resource: old({ rotation: null }, { origin: 'EXTERNAL' }),
      message: `${neverRotated} ${byHand}`,
    },
    {
      name: 'an old replica whose primary is not in the run',
      resource: old({}, replica),
      message: `The key was never rotated and was created on 2020-01-01, 2518 days ago, set at the primary key ${primary}, which is not in the run; the limit is 400 days. ${byHand}`,
    },
  ],
  unknown: [
    { name: 'KeySpec absent', resource: key(1, { metadata: metadata({ spec: null }) }), missing: [{ code: 'KeySpec' }] },

    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
    { name: 'ListKeyRotations denied', resource: old({ rotations: unread() }), missing: [{ facet: 'kms.key/rotations' }] },
    {
      name: 'never rotated, CreationDate absent',
      resource: old({}, { createdAt: null }),
      missing: [
        {
          facet: 'kms.key/metadata',
          operation: 'kms:DescribeKey',
          action: 'kms:DescribeKey',
          code: 'CreationDate',
          cause: 'absent-field',
        },
      ],
    },
    {
      name: "the primary's region was not listed to its end",
      resource: old({}, replica),
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'kms.key', region: 'eu-west-1' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
  ],
  notApplicable: [
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: old({}, { manager: 'AWS' }),
      reason: 'AWS managed keys rotate by themselves',
    },
    { name: 'disabled', resource: old({}, { state: 'Disabled' }), reason: 'a key in state Disabled is not rotated' },
    {
      name: 'asymmetric',
      resource: old({ rotations: skipped('no') }, { spec: 'RSA_2048' }),
      reason: 'a key of spec RSA_2048 cannot rotate',
    },
    {
      name: 'in a custom key store',
      resource: old({ rotations: skipped('no') }, { origin: 'AWS_CLOUDHSM' }),
      reason: 'key material of origin AWS_CLOUDHSM cannot rotate',
    },
    { name: 'AWS lists none', resource: old({ rotations: null }), reason: 'AWS says that this key keeps one material for good' },
    {
      name: 'a replica whose primary is in the run',
      resource: old({}, replica),
      others: [key(1, { place: west })],
      reason: `replica: rotation is set at its primary ${primary}, which is in the run`,
    },
  ],
});

test('maxDays keeps to what makes sense', () => {
  for (const maxDays of [1, 400]) expect(rule.options?.safeParse({ maxDays }).success).toBe(true);
  for (const maxDays of [0]) expect(rule.options?.safeParse({ maxDays }).success).toBe(false);
});
