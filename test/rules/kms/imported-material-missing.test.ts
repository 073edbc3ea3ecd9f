import rule from '#rules/kms/imported-material-missing.js';
import type { KeyMetadata } from '#model/resources/index.js';
import { awsManagedKey, key, material, metadata, unread, volume } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const external = (state: string, more: Partial<KeyMetadata> = {}) => ({
  metadata: metadata({ origin: 'EXTERNAL', state, ...more }),
});
const pending = external('PendingImport');
const gone = material({ id: 'm1', importState: 'PENDING_IMPORT' });
const there = material({ id: 'm2', importState: 'IMPORTED' });

testRule(rule, {
  pass: [
    {
      name: 'enabled',
      resource: key(1, { ...external('Enabled'), rotations: [gone] }),
      message: 'The imported key material is there (KeyState Enabled).',
    },
    {
      name: 'disabled, whatever was not read',
      resource: key(1, { ...external('Disabled'), rotations: unread(), aliases: unread() }),
      message: 'The imported key material is there (KeyState Disabled).',
    },
  ],
  fail: [
    {
      name: 'in use, one of two missing',
      resource: key(1, { ...pending, rotations: [there, gone] }),
      others: [volume('vol-1')],
      message: 'Key material is missing: m1. In use by 1 ebs.volume.',
      evidence: { KeyState: 'PendingImport', dependants: { 'ebs.volume': 1 } },
    },
    {
      name: 'a dependant that was read decides',
      resource: key(1, { ...pending, rotations: [gone, { ...gone, id: null }] }),
      others: [volume('vol-1')],
      unreadLists: [{ kind: 'rds.instance' }],
      message: 'Key material is missing: m1, without id. In use by at least 1 ebs.volume.',
    },
    {
      name: 'nothing uses it',
      resource: key(1, { ...pending, rotations: [] }),
      message: 'Key material is missing. No resource of the run uses the key.',
      severity: 'low',
    },
    {
      name: 'nothing uses it, ListKeyRotations denied',
      resource: key(1, { ...pending, rotations: unread() }),
      message: 'Key material is missing. No resource of the run uses the key.',
      severity: 'low',
    },
    {
      name: 'AWS lists no material',
      resource: key(1, { ...pending, rotations: null }),
      message: 'Key material is missing. No resource of the run uses the key.',
      severity: 'low',
    },
    {
      name: 'a listing denied',
      resource: key(1, { ...pending, rotations: [gone] }),
      unreadLists: [{ kind: 'rds.instance' }],
      message: 'Key material is missing: m1. No resource that was read uses the key; dependants not fully read.',
      severity: 'low',
    },
    {
      name: 'aliases denied',
      resource: key(1, { ...pending, aliases: unread() }),
      message: 'Key material is missing. No resource that was read uses the key; dependants not fully read.',
      severity: 'low',
    },
  ],
  unknown: [
    { name: 'Origin absent', resource: key(1, external('PendingImport', { origin: null })), missing: [{ code: 'Origin' }] },
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
  ],
  notApplicable: [
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, external('PendingImport', { manager: 'AWS' })),
      reason: 'AWS managed keys have no imported material',
    },
    {
      name: "KMS's own material",
      resource: key(1, { metadata: metadata({ state: 'PendingImport' }) }),
      reason: 'key material of origin AWS_KMS is not imported',
    },
    { name: 'waits for deletion', resource: key(1, external('PendingDeletion')), reason: 'the key is in state PendingDeletion' },
    {
      name: 'waits for its replicas',
      resource: key(1, external('PendingReplicaDeletion')),
      reason: 'the key is in state PendingReplicaDeletion',
    },
  ],
});
