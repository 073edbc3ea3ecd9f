import type { VolumeDetails } from '#model/resources/index.js';
import rule from '#rules/ebs/volume-default-key.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  defaults,
  key,
  metadata,
  snapshot,
  unread,
  volume,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, kmsKeyId: null };
const keyMadeAt = '2026-03-01T12:00:00.000Z';
const later = '2026-03-01T12:00:00.001Z';
const mine = arnOfKey(1);
const stray = arnOfKey(2);
const of = (details: Partial<VolumeDetails> = {}) => volume('vol-1', { createdAt: later, kmsKeyId: stray, ...details });
const byDefault = (defaultKey = mine): TestResource => defaults({ defaultKey });
const defaultKey = (overrides: Partial<Parameters<typeof metadata>[0]> = {}): TestResource =>
  key(1, { metadata: metadata({ createdAt: keyMadeAt, ...overrides }) });
const around = [byDefault(), defaultKey()];
const both = [...around, key(2)];
const outside = { account: '999999999999' };
const under = (name: string) => `The volume is encrypted under ${name}, not under ${mine}, the default key of us-east-1.`;
const kept = `The volume is encrypted under ${mine}, the default key of us-east-1.`;
const inherits = 'made from an encrypted snapshot, whose key goes over to it';

testRule(rule, {
  pass: [
    {
      name: 'under the default key',
      resource: of({ kmsKeyId: mine }),
      others: around,
      message: kept,
      evidence: { KmsKeyId: mine, CreateTime: later, defaultKey: mine },
    },
    {
      name: 'under the default key, which is set by an alias',
      resource: of({ kmsKeyId: mine }),
      others: [byDefault('alias/key-1'), defaultKey()],
      message: kept,
    },
    {
      name: 'from a plain snapshot',
      resource: of({ kmsKeyId: mine, snapshotId: 'snap-1' }),
      others: [...around, snapshot('snap-1', plain)],
      message: kept,
    },
  ],
  fail: [
    {
      name: 'under another key of the account',
      resource: of(),
      others: both,
      message: under(stray),
      evidence: { KmsKeyId: stray, defaultKey: mine },
    },
    {
      name: 'under another key, named by its alias',
      resource: of({ kmsKeyId: 'alias/key-2' }),
      others: both,
      message: under(stray),
    },
    { name: 'under another key that is gone', resource: of(), others: around, message: under(stray) },
    {
      name: 'under another key that could not be described',
      resource: of(),
      others: [...around, key(2, { metadata: unread() })],
      message: under(stray),
    },
    {
      name: 'under aws/ebs',
      resource: of(),
      others: [...around, awsManagedKey(2, 'ebs')],
      message: under('alias/aws/ebs'),
    },
    {
      name: 'under a key that AWS owns',
      resource: of({ ...plain, sseType: 'sse-ebs' }),
      others: around,
      message: under('a key that AWS owns'),
    },
    {
      name: 'from a plain snapshot of another account of the run',
      resource: of({ snapshotId: 'snap-1' }),
      others: [...both, snapshot('snap-1', plain, {}, { account: '222222222222' })],
      message: under(stray),
    },
    {
      name: 'the default key is disabled',
      resource: of(),
      others: [byDefault(), defaultKey({ state: 'Disabled' }), key(2)],
      message: under(stray),
    },
  ],
  unknown: [
    {
      name: 'the default key was denied',
      resource: of(),
      others: [defaults({ defaultKey: unread() }), ...both.slice(1)],
      missing: [{ facet: 'ebs.defaults/defaultKey', cause: 'denied' }],
    },
    {
      name: 'the settings of the region are not in the run',
      resource: of(),
      others: [defaultKey(), key(2)],
      missing: [{ facet: 'ebs.defaults/defaultKey', cause: 'uncollected' }],
    },
    {
      name: 'the default key could not be described',
      resource: of(),
      others: [byDefault(), key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'the default key is of an account outside the scope, which refuses',
      resource: of(),
      others: [byDefault(arnOfKey(7, outside))],
      followUps: [key(7, { place: outside, metadata: unread() })],
      missing: [{ cause: 'foreign', account: outside.account }],
    },
    {
      name: 'AWS left out when the default key was made',
      resource: of(),
      others: [byDefault(), defaultKey({ createdAt: null })],
      missing: [{ facet: 'kms.key/metadata', operation: 'kms:DescribeKey', code: 'CreationDate', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out when the volume was made',
      resource: of({ createdAt: null }),
      others: both,
      missing: [{ facet: 'ebs.volume/details', code: 'CreateTime', cause: 'absent-field' }],
    },
    {
      name: 'snapshots could not be listed',
      resource: of({ snapshotId: 'snap-1' }),
      others: both,
      unreadLists: [{ kind: 'ebs.snapshot' }],
      missing: [{ facet: 'ebs.snapshot/*', cause: 'denied' }],
    },
    {
      name: 'from a snapshot that is not in the run',
      resource: of({ snapshotId: 'snap-1' }),
      others: both,
      missing: [{ facet: 'ebs.snapshot/details', operation: 'ec2:DescribeSnapshots', code: 'snap-1', cause: 'foreign' }],
    },
    {
      name: 'AWS left out whether the snapshot is encrypted',
      resource: of({ snapshotId: 'snap-1' }),
      others: [...both, snapshot('snap-1', { encrypted: null })],
      missing: [{ facet: 'ebs.snapshot/details', code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out whether the volume is encrypted',
      resource: of({ encrypted: null }),
      others: both,
      missing: [{ facet: 'ebs.volume/details', code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out its key',
      resource: of({ kmsKeyId: null }),
      others: both,
      missing: [{ facet: 'ebs.volume/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'under an alias of a region whose aliases could not be read',
      resource: of({ kmsKeyId: 'alias/key-9' }),
      others: [byDefault(), key(1, { aliases: unread(), metadata: metadata({ createdAt: keyMadeAt }) })],
      missing: [{ facet: 'kms.key/aliases', cause: 'denied' }],
    },
    { name: 'the listing was denied', resource: volume('vol-1', {}, { details: unread() }), missing: [{ cause: 'denied' }] },
  ],
  notApplicable: [
    { name: 'not encrypted', resource: of(plain), others: both, reason: 'not encrypted: see ebs/volume-encrypted' },
    { name: 'deleting', resource: of({ state: 'deleting' }), others: both, reason: 'the volume is deleting' },
    { name: 'the default is aws/ebs', resource: of(), others: [defaults(), key(2)], reason: 'the default key is aws/ebs' },
    {
      name: 'the default is aws/ebs by ARN',
      resource: of(),
      others: [byDefault(arnOfKey(3)), awsManagedKey(3, 'ebs'), key(2)],
      reason: 'the default key is aws/ebs',
    },
    {
      name: 'the default is aws/ebs by alias ARN',
      resource: of(),
      others: [byDefault(arnOfAlias('alias/aws/ebs'))],
      reason: 'the default key is aws/ebs',
    },
    {
      name: 'the default key is gone',
      resource: of(),
      others: [byDefault(), key(2)],
      reason: 'the default key is gone: see ebs/default-key-usable',
    },
    {
      name: 'made with the default key',
      resource: of({ createdAt: keyMadeAt }),
      others: both,
      reason: 'not younger than the default key',
    },
    {
      name: 'older, under the default key by now',
      resource: of({ createdAt: '2025-12-31T00:00:00.000Z', kmsKeyId: mine }),
      others: both,
      reason: 'not younger than the default key',
    },
    {
      name: 'from an encrypted snapshot',
      resource: of({ snapshotId: 'snap-1' }),
      others: [...both, snapshot('snap-1')],
      reason: inherits,
    },
    {
      name: 'from a snapshot under a key that AWS owns',
      resource: of({ snapshotId: 'snap-1' }),
      others: [...both, snapshot('snap-1', { ...plain, sseType: 'sse-ebs' })],
      reason: inherits,
    },
  ],
});
