import { expect, test } from 'vitest';
import rule from '#rules/ebs/volume-plaintext-ancestor.js';
import { snapshot, unread, volume } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, kmsKeyId: null };
const ofSnapshot = volume('vol-1', { snapshotId: 'snap-1' });
const ofVolume = volume('vol-1', { sourceVolumeId: 'vol-0' });
const ofBoth = volume('vol-1', { snapshotId: 'snap-1', sourceVolumeId: 'vol-0' });
const arn = (resource: string, account = '111111111111') => `arn:aws:ec2:us-east-1:${account}:${resource}`;
const stillPlain = (source: string) => `The volume is encrypted; ${source}, which it was made from, still exists and is not.`;
const encryptedToo = (source: string) => `The volume was made from ${source}, which is encrypted too.`;
const elsewhere = { account: '222222222222' };

testRule(rule, {
  pass: [
    {
      name: 'from an encrypted snapshot',
      resource: ofSnapshot,
      others: [snapshot('snap-1')],
      message: encryptedToo(arn('snapshot/snap-1')),
      evidence: { Encrypted: true, SnapshotId: 'snap-1', SourceVolumeId: null },
    },
    {
      name: 'from an encrypted snapshot, the keys not listed',
      resource: ofSnapshot,
      others: [snapshot('snap-1')],
      unreadLists: [{ kind: 'kms.key' }],
      message: encryptedToo(arn('snapshot/snap-1')),
    },
    {
      name: 'from a snapshot under a key that AWS owns',
      resource: ofSnapshot,
      others: [snapshot('snap-1', { ...plain, sseType: 'sse-ebs' })],
      message: encryptedToo(arn('snapshot/snap-1')),
    },
    {
      name: 'from an encrypted volume',
      resource: ofVolume,
      others: [volume('vol-0')],
      message: encryptedToo(arn('volume/vol-0')),
    },
    {
      name: 'from both, encrypted',
      resource: ofBoth,
      others: [volume('vol-0'), snapshot('snap-1')],
      message: encryptedToo(`${arn('snapshot/snap-1')} and ${arn('volume/vol-0')}`),
    },
    {
      name: 'the snapshot is gone, the volume is encrypted',
      resource: ofBoth,
      others: [volume('vol-0')],
      message: encryptedToo(arn('volume/vol-0')),
    },
    {
      name: 'itself under a key that AWS owns',
      resource: volume('vol-1', { ...plain, sseType: 'sse-ebs', snapshotId: 'snap-1' }),
      others: [snapshot('snap-1')],
      message: encryptedToo(arn('snapshot/snap-1')),
    },
  ],
  fail: [
    {
      name: 'from a plain snapshot',
      resource: ofSnapshot,
      others: [snapshot('snap-1', plain)],
      message: stillPlain(arn('snapshot/snap-1')),
      evidence: { SnapshotId: 'snap-1' },
    },
    {
      name: 'from a plain snapshot of another account of the run',
      resource: ofSnapshot,
      others: [snapshot('snap-1', plain, {}, elsewhere)],
      message: stillPlain(arn('snapshot/snap-1', elsewhere.account)),
    },
    {
      name: 'from a plain volume, snapshots unread',
      resource: ofBoth,
      others: [volume('vol-0', plain)],
      unreadLists: [{ kind: 'ebs.snapshot' }],
      message: stillPlain(arn('volume/vol-0')),
    },
    {
      name: 'under a key that AWS owns, from a plain volume',
      resource: volume('vol-1', { ...plain, sseType: 'sse-ebs', sourceVolumeId: 'vol-0' }),
      others: [volume('vol-0', plain)],
      message: stillPlain(arn('volume/vol-0')),
    },
  ],
  unknown: [
    {
      name: 'snapshots could not be listed',
      resource: ofSnapshot,
      unreadLists: [{ kind: 'ebs.snapshot' }],
      missing: [{ facet: 'ebs.snapshot/*', cause: 'denied' }],
    },
    {
      name: 'snapshots could not be listed, the volume is encrypted',
      resource: ofBoth,
      others: [volume('vol-0')],
      unreadLists: [{ kind: 'ebs.snapshot' }],
      missing: [{ facet: 'ebs.snapshot/*' }],
    },
    {
      name: 'volumes could not be listed to their end',
      resource: ofVolume,
      unreadLists: [{ kind: 'ebs.volume' }],
      missing: [{ facet: 'ebs.volume/*' }],
    },
    {
      name: 'AWS left out whether the snapshot is encrypted',
      resource: ofSnapshot,
      others: [snapshot('snap-1', { encrypted: null })],
      missing: [{ facet: 'ebs.snapshot/details', operation: 'ec2:DescribeSnapshots', code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out whether the volume that was copied is encrypted',
      resource: ofVolume,
      others: [volume('vol-0', { encrypted: null })],
      missing: [{ facet: 'ebs.volume/details', operation: 'ec2:DescribeVolumes', code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out whether the volume is encrypted',
      resource: volume('vol-1', { encrypted: null, snapshotId: 'snap-1' }),
      others: [snapshot('snap-1')],
      missing: [{ facet: 'ebs.volume/details', code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'the listing was denied',
      resource: volume('vol-1', {}, { details: unread() }),
      missing: [{ facet: 'ebs.volume/details' }],
    },
  ],
  notApplicable: [
    {
      name: 'not encrypted',
      resource: volume('vol-1', { ...plain, snapshotId: 'snap-1' }),
      others: [snapshot('snap-1', plain)],
      reason: 'not encrypted: see ebs/volume-encrypted',
    },
    {
      name: 'deleting',
      resource: volume('vol-1', { state: 'deleting', snapshotId: 'snap-1' }),
      others: [snapshot('snap-1', plain)],
      reason: 'the volume is deleting',
    },
    { name: 'made from nothing', resource: volume('vol-1'), reason: 'made from no snapshot or volume' },
    {
      name: 'made from nothing, AWS left out whether it is encrypted',
      resource: volume('vol-1', { encrypted: null }),
      reason: 'made from no snapshot or volume',
    },
    { name: 'the snapshot is gone', resource: ofSnapshot, reason: 'what it was made from is not in the run' },
    {
      name: 'the snapshot is gone, AWS left out whether the volume is encrypted',
      resource: volume('vol-1', { encrypted: null, snapshotId: 'snap-1' }),
      reason: 'what it was made from is not in the run',
    },
    {
      name: 'snapshots of another region could not be listed',
      resource: ofSnapshot,
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'ebs.snapshot', region: 'eu-west-1' }],
      reason: 'what it was made from is not in the run',
    },
    {
      name: 'the snapshot failed',
      resource: ofSnapshot,
      others: [snapshot('snap-1', { ...plain, state: 'error' })],
      reason: 'what it was made from is not in the run',
    },
    {
      name: 'the volume is being deleted',
      resource: ofVolume,
      others: [volume('vol-0', { ...plain, state: 'deleting' })],
      reason: 'what it was made from is not in the run',
    },
  ],
});

test('the remediation asks for the sources by the id', () => {
  const { record, account } = ofSnapshot;
  expect(rule.remediation({ ...record, account, partition: 'aws', name: '$(reboot)' }).cli).toContain(
    "aws ec2 describe-volumes --region us-east-1 --volume-ids vol-1 --query 'Volumes[0].[SnapshotId,SourceVolumeId]'",
  );
});
