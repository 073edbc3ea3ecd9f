import { expect, test } from 'vitest';
import type { SnapshotDetails } from '#model/resources/index.js';
import rule from '#rules/ebs/snapshot-orphan-unencrypted.js';
import { image, snapshot, unread, volume } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

// The run's clock stands at 2026-11-23.
const old = '2026-08-24T23:59:59.999Z';
const justNotOld = '2026-08-25T00:00:00.000Z';
const of = (details: Partial<SnapshotDetails> = {}) =>
  snapshot('snap-1', { encrypted: false, kmsKeyId: null, volumeId: 'vol-1', startedAt: old, ...details });
const orphan = 'The snapshot of 2026-08-24 is not encrypted, and its volume vol-1 no longer exists.';
const exists = 'The snapshot is of 2026-08-24; its volume vol-1 still exists.';
const noVolume = 'a copy, or imported: it names no volume that it was taken of';
const behind = image('ami-1');

testRule(rule, {
  pass: [
    {
      name: 'its volume exists',
      resource: of(),
      others: [volume('vol-1')],
      message: exists,
      evidence: { Encrypted: false, VolumeId: 'vol-1', StartTime: old },
    },
    { name: 'its volume is being deleted', resource: of(), others: [volume('vol-1', { state: 'deleting' })], message: exists },
    {
      name: 'its volume exists, an image maps another snapshot',
      resource: of(),
      others: [volume('vol-1'), image('ami-1', { mappings: [{ device: null, snapshotId: 'snap-2', encrypted: null }] })],
      message: exists,
    },
  ],
  fail: [
    { name: 'its volume is gone', resource: of(), message: orphan, evidence: { VolumeId: 'vol-1' } },
    {
      name: 'only other volumes, one of that id elsewhere',
      resource: of(),
      others: [volume('vol-2'), volume('vol-1', {}, {}, { region: 'eu-west-1' })],
      message: orphan,
    },
    {
      name: 'younger than the default, older than the option',
      resource: of({ startedAt: '2026-11-21T23:00:00.000Z' }),
      options: { days: 1 },
      message: 'The snapshot of 2026-11-21 is not encrypted, and its volume vol-1 no longer exists.',
    },
    {
      name: 'images of another region could not be listed',
      resource: of(),
      regions: ['eu-west-1'],
      unreadLists: [
        { kind: 'ec2.image', region: 'eu-west-1' },
        { kind: 'ebs.volume', region: 'eu-west-1' },
      ],
      message: orphan,
    },
    {
      name: 'an image of the same snapshot id in another region',
      resource: of(),
      others: [image('ami-1', {}, {}, { region: 'eu-west-1' })],
      message: orphan,
    },
  ],
  unknown: [
    {
      name: 'volumes could not be listed',
      resource: of(),
      unreadLists: [{ kind: 'ebs.volume' }],
      missing: [{ facet: 'ebs.volume/*', cause: 'denied' }],
    },
    {
      name: 'images could not be listed',
      resource: of(),
      unreadLists: [{ kind: 'ec2.image' }],
      missing: [{ facet: 'ec2.image/*', cause: 'denied' }],
    },
    {
      name: 'images could not be listed, its volume exists',
      resource: of(),
      others: [volume('vol-1')],
      unreadLists: [{ kind: 'ec2.image' }],
      missing: [{ facet: 'ec2.image/*' }],
    },
    {
      name: 'neither could be listed',
      resource: of(),
      unreadLists: [{ kind: 'ec2.image' }, { kind: 'ebs.volume' }],
      missing: [{ facet: 'ec2.image/*' }, { facet: 'ebs.volume/*' }],
    },
    {
      name: 'volumes were not collected',
      resource: of(),
      unlisted: ['ebs.volume'],
      missing: [{ facet: 'ebs.volume/*', cause: 'uncollected' }],
    },
    {
      name: 'AWS left out whether it is encrypted',
      resource: of({ encrypted: null }),
      missing: [{ facet: 'ebs.snapshot/details', code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out its volume',
      resource: of({ volumeId: null }),
      missing: [{ facet: 'ebs.snapshot/details', code: 'VolumeId', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out its time',
      resource: of({ startedAt: null }),
      missing: [{ facet: 'ebs.snapshot/details', code: 'StartTime', cause: 'absent-field' }],
    },
    { name: 'the listing was denied', resource: snapshot('snap-1', {}, { details: unread() }), missing: [{ cause: 'denied' }] },
  ],
  notApplicable: [
    { name: 'encrypted', resource: of({ encrypted: true }), reason: 'encrypted' },
    { name: 'under a key that AWS owns', resource: of({ sseType: 'sse-ebs' }), reason: 'encrypted' },
    { name: 'in error', resource: of({ state: 'error' }), reason: 'the snapshot failed: it is in state error' },
    { name: 'a copy', resource: of({ transferType: 'standard' }), reason: noVolume },
    { name: 'a copy by its description', resource: of({ description: '[Copied snap-0 from eu-west-1]' }), reason: noVolume },
    { name: 'of no volume', resource: of({ volumeId: 'vol-ffffffff' }), reason: noVolume },
    { name: 'exactly as old as it may be', resource: of({ startedAt: justNotOld }), reason: 'not older than 90 days' },
    {
      name: 'young, AWS left out its volume',
      resource: of({ startedAt: justNotOld, volumeId: null }),
      reason: 'not older than 90 days',
    },
    {
      name: 'not as old as the option asks for',
      resource: of(),
      options: { days: 91 },
      reason: 'not older than 91 days',
    },
    {
      name: 'behind an own image, volumes unread',
      resource: of(),
      others: [behind],
      unreadLists: [{ kind: 'ebs.volume' }],
      reason: `behind the image ${behind.record.arn}`,
    },
  ],
});

test('the remediation deletes by the id, whatever the name', () => {
  const { record, account } = of();
  const { cli } = rule.remediation({ ...record, account, partition: 'aws', name: '$(reboot)' });
  expect(cli?.split('\n').at(-1)).toBe('aws ec2 delete-snapshot --region us-east-1 --snapshot-id snap-1');
});

test('days is a whole number of at least one', () => {
  expect(rule.options?.safeParse({ days: 0 }).success).toBe(false);
  expect(rule.options?.safeParse({ days: 1 }).success).toBe(true);
});
