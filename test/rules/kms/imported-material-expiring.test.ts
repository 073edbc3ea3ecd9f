import rule from '#rules/kms/imported-material-expiring.js';
import type { KeyMetadata } from '#model/resources/index.js';
import { awsManagedKey, key, material, metadata, skipped, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const external = (validTo: string | null, more: Partial<KeyMetadata> = {}) => ({
  metadata: metadata({ origin: 'EXTERNAL', validTo, ...more }),
});
const end = '2026-12-23T00:00:00.000Z';
const old = material({ id: 'm1', state: 'NON_CURRENT', validTo: end });
const current = material({ id: 'm2', validTo: '2027-06-01T00:00:00.000Z', description: 'second import' });

testRule(rule, {
  pass: [
    {
      name: 'without an end',
      resource: key(1, external(null)),
      message: 'The imported key material does not expire.',
    },
    {
      name: 'a moment beyond the limit',
      resource: key(1, external('2026-12-23T00:00:00.001Z')),
      message: 'Imported key material expires on 2026-12-23, in 30 days.',
      evidence: { ValidTo: '2026-12-23T00:00:00.001Z' },
    },
    {
      name: 'beyond a shorter limit',
      resource: key(1, external('2026-12-01T00:00:00.000Z')),
      options: { days: 7 },
      message: 'Imported key material expires on 2026-12-01, in 8 days.',
    },
    {
      name: 'disabled, and ListKeyRotations denied',
      resource: key(1, { ...external(null, { state: 'Disabled' }), rotations: unread() }),
      message: 'The imported key material does not expire.',
    },
  ],
  fail: [
    {
      name: 'at the limit, the first of two materials',
      resource: key(1, { ...external(end), rotations: [current, old] }),
      message: 'Imported key material expires on 2026-12-23, in 30 days: m1.',
      evidence: { ValidTo: end },
    },
    {
      name: 'two at once, with a description and without id',
      resource: key(1, {
        ...external(end),
        rotations: [
          { ...current, validTo: end },
          { ...old, id: null },
        ],
      }),
      message: 'Imported key material expires on 2026-12-23, in 30 days: m2 (second import), without id.',
    },
    {
      name: 'today',
      resource: key(1, external('2026-11-23T10:00:00.000Z')),
      message: 'Imported key material expires on 2026-11-23, in 0 days.',
    },
    {
      name: 'past, and AWS has not noticed',
      resource: key(1, external('2026-11-20T10:00:00.000Z')),
      message: 'Imported key material expires on 2026-11-20, in 0 days.',
    },
    {
      name: 'ListKeyRotations denied: unnamed',
      resource: key(1, { ...external('2026-11-24T00:00:00.000Z'), rotations: unread() }),
      message: 'Imported key material expires on 2026-11-24, in 1 day.',
    },
    {
      name: 'asymmetric: one material, unnamed',
      resource: key(1, { ...external(end, { spec: 'RSA_2048' }), rotations: skipped('no') }),
      message: 'Imported key material expires on 2026-12-23, in 30 days.',
    },
    {
      name: 'AWS lists no material; a replica on its own',
      resource: key(1, {
        ...external(end, { multiRegion: { role: 'REPLICA', primaryArn: 'arn', primaryRegion: 'eu-west-1', replicas: [] } }),
        rotations: null,
      }),
      message: 'Imported key material expires on 2026-12-23, in 30 days.',
    },
  ],
  unknown: [
    { name: 'Origin absent', resource: key(1, external(end, { origin: null })), missing: [{ code: 'Origin' }] },
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
  ],
  notApplicable: [
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, external(end, { manager: 'AWS' })),
      reason: 'AWS managed keys have no imported material',
    },
    { name: "KMS's own material", resource: key(1), reason: 'key material of origin AWS_KMS is not imported' },
    ...['PendingImport', 'PendingDeletion', 'PendingReplicaDeletion'].map((state) => ({
      name: state,
      resource: key(1, external(end, { state })),
      reason: `the key is in state ${state}`,
    })),
  ],
});
