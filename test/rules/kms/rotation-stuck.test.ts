import rule from '#rules/kms/rotation-stuck.js';
import { awsManagedKey, key, material, metadata, skipped, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const begun = (onDemandStartedAt: string | null) => ({ enabled: true, periodDays: 365, nextAt: null, onDemandStartedAt });
const waiting = material({ id: 'm2', state: 'PENDING_ROTATION', importState: 'IMPORTED' });
const imported = { metadata: metadata({ origin: 'EXTERNAL' }) };

testRule(rule, {
  pass: [
    {
      name: 'under way, at the limit',
      resource: key(1, { rotation: begun('2026-11-21T00:00:00.000Z') }),
      message: 'An on-demand rotation has been under way since 2026-11-21, for 48 hours.',
      evidence: { OnDemandRotationStartDate: '2026-11-21T00:00:00.000Z' },
    },
    {
      name: 'under way, material that is long in use beside it',
      resource: key(1, {
        rotation: begun('2026-11-22T22:30:00.000Z'),
        rotations: [material(), material({ state: 'NON_CURRENT' })],
      }),
      message: 'An on-demand rotation has been under way since 2026-11-22, for 1 hour.',
    },
    {
      name: 'under way, and AWS lists no material',
      resource: key(1, { rotation: begun('2026-11-22T22:00:00.000Z'), rotations: null }),
      message: 'An on-demand rotation has been under way since 2026-11-22, for 2 hours.',
    },
  ],
  fail: [
    {
      name: 'too long',
      resource: key(1, { rotation: begun('2026-11-20T23:59:59.999Z') }),
      message: 'An on-demand rotation has been under way since 2026-11-20, for 48 hours; the limit is 48 hours.',
      evidence: { OnDemandRotationStartDate: '2026-11-20T23:59:59.999Z' },
    },
    {
      name: 'too long for a stricter limit',
      resource: key(1, { rotation: begun('2026-11-22T12:00:00.000Z') }),
      options: { hours: 6 },
      message: 'An on-demand rotation has been under way since 2026-11-22, for 12 hours; the limit is 6 hours.',
    },
    {
      name: 'too long, whatever else waits or could not be read',
      resource: key(1, { rotation: begun('2026-11-01T00:00:00.000Z'), rotations: unread() }),
      message: 'An on-demand rotation has been under way since 2026-11-01, for 528 hours; the limit is 48 hours.',
    },
    {
      name: 'imported, not rotated yet',
      resource: key(1, { ...imported, rotation: null, rotations: [material(), waiting] }),
      message: 'Key material was imported, not rotated yet: m2 (PENDING_ROTATION).',
      severity: 'info',
      evidence: { waiting: [{ id: 'm2', state: 'PENDING_ROTATION' }] },
    },
    {
      name: 'imported into the primary, not into each replica; a rotation has just begun',
      resource: key(1, {
        ...imported,
        rotation: begun('2026-11-22T22:00:00.000Z'),
        rotations: [waiting, material({ id: null, state: 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION' })],
      }),
      message:
        'Key material was imported, not rotated yet: m2 (PENDING_ROTATION), without id (PENDING_MULTI_REGION_IMPORT_AND_ROTATION).',
      severity: 'info',
    },
  ],
  unknown: [
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
    {
      name: 'GetKeyRotationStatus denied, though material waits',
      resource: key(1, { ...imported, rotation: unread(), rotations: [waiting] }),
      missing: [{ facet: 'kms.key/rotation' }],
    },
    {
      name: 'ListKeyRotations denied',
      resource: key(1, { rotations: unread() }),
      missing: [{ facet: 'kms.key/rotations' }],
    },
    {
      name: 'both denied',
      resource: key(1, { rotation: unread(), rotations: unread() }),
      missing: [{ facet: 'kms.key/rotation' }, { facet: 'kms.key/rotations' }],
    },
  ],
  notApplicable: [
    { name: 'nothing under way', resource: key(1, { rotations: [material()] }), reason: 'no rotation is under way' },
    {
      name: 'nothing under way, AWS lists none',
      resource: key(1, { rotation: null, rotations: null }),
      reason: 'no rotation is under way',
    },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }) }),
      reason: 'AWS managed keys rotate by themselves',
    },
    {
      name: 'disabled',
      resource: key(1, { metadata: metadata({ state: 'Disabled' }), rotation: skipped('no') }),
      reason: 'a key in state Disabled is not rotated',
    },
    {
      name: 'HMAC',
      resource: key(1, { metadata: metadata({ spec: 'HMAC_256' }), rotation: skipped('no') }),
      reason: 'a key of spec HMAC_256 cannot rotate',
    },
  ],
});
