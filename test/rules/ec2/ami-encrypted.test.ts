import { expect, test } from 'vitest';
import type { EbsMapping } from '#model/resources/index.js';
import rule from '#rules/ec2/ami-encrypted.js';
import { judgeResource } from '#plugins/judge.js';
import { image, snapshot, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, kmsKeyId: null };
const on = (snapshotId: string | null, encrypted: boolean | null = true, device: string | null = '/dev/xvda'): EbsMapping => ({
  device,
  snapshotId,
  encrypted,
});
const of = (...mappings: EbsMapping[]) => image('ami-1', { mappings });
const every = 'Every EBS device of the image is encrypted.';
const unlisted = [{ kind: 'ebs.snapshot' as const }];

testRule(rule, {
  pass: [
    {
      name: 'the mapping and its snapshot',
      resource: of(on('snap-1')),
      others: [snapshot('snap-1')],
      message: every,
      evidence: { BlockDeviceMappings: [on('snap-1')] },
    },
    {
      name: 'its snapshot, the mapping does not say',
      resource: of(on('snap-1', null)),
      others: [snapshot('snap-1')],
      message: every,
    },
    {
      name: 'its snapshot under a key that AWS owns',
      resource: of(on('snap-1', null)),
      others: [snapshot('snap-1', { ...plain, sseType: 'sse-ebs' })],
      message: every,
    },
    { name: 'on a snapshot of another owner, by the mapping', resource: of(on('snap-1')), message: every },
    {
      name: 'on an unencrypted snapshot of the same id in another account',
      resource: of(on('snap-1')),
      others: [snapshot('snap-1', plain, {}, { account: '222222222222' })],
      message: every,
    },
    { name: 'without a snapshot, snapshots unread', resource: of(on(null)), unreadLists: unlisted, message: every },
  ],
  fail: [
    {
      name: 'by the mapping, snapshots unread',
      resource: of(on('snap-1', false)),
      unreadLists: unlisted,
      message: 'Not encrypted in the image: /dev/xvda (snap-1).',
      evidence: { BlockDeviceMappings: [on('snap-1', false)] },
    },
    {
      name: 'by the mapping, on a snapshot of another owner',
      resource: of(on('snap-1', false)),
      message: 'Not encrypted in the image: /dev/xvda (snap-1).',
    },
    {
      name: 'by the snapshot, the mapping does not say',
      resource: of(on('snap-1', null)),
      others: [snapshot('snap-1', plain)],
      message: 'Not encrypted in the image: /dev/xvda (snap-1).',
    },
    {
      name: 'by the snapshot, whatever the mapping says',
      resource: of(on('snap-1')),
      others: [snapshot('snap-1', plain)],
      message: 'Not encrypted in the image: /dev/xvda (snap-1).',
    },
    {
      name: 'by the snapshot, which failed',
      resource: of(on('snap-1')),
      others: [snapshot('snap-1', { ...plain, state: 'error' })],
      message: 'Not encrypted in the image: /dev/xvda (snap-1).',
    },
    {
      name: 'two of three devices, one of them blank',
      resource: of(on('snap-1'), on('snap-2', null, '/dev/sdb'), on(null, false, '/dev/sdc')),
      others: [snapshot('snap-1'), snapshot('snap-2', plain)],
      message: 'Not encrypted in the image: /dev/sdb (snap-2), /dev/sdc.',
    },
    {
      name: 'one device, another does not say',
      resource: of(on(null, null), on(null, false, null)),
      message: 'Not encrypted in the image: a device.',
    },
    {
      name: 'disabled',
      resource: image('ami-1', { state: 'disabled', mappings: [on(null, false)] }),
      message: 'Not encrypted in the image: /dev/xvda.',
    },
  ],
  unknown: [
    {
      name: 'snapshots could not be listed: the mapping does not speak for them',
      resource: of(on('snap-1')),
      unreadLists: unlisted,
      missing: [{ facet: 'ebs.snapshot/*', cause: 'denied' }],
    },
    {
      name: 'AWS left out whether the snapshot is encrypted',
      resource: of(on('snap-1')),
      others: [snapshot('snap-1', { encrypted: null })],
      missing: [{ facet: 'ebs.snapshot/details', operation: 'ec2:DescribeSnapshots', code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'a snapshot of another owner, and the mapping does not say',
      resource: of(on('snap-1', null)),
      missing: [{ facet: 'ec2.image/details', operation: 'ec2:DescribeImages', code: 'Ebs.Encrypted', cause: 'absent-field' }],
    },
    { name: 'no snapshot, and the mapping does not say', resource: of(on(null, null)), missing: [{ code: 'Ebs.Encrypted' }] },
    {
      name: 'the listing was denied',
      resource: image('ami-1', {}, { details: unread() }),
      missing: [{ facet: 'ec2.image/details' }],
    },
  ],
  notApplicable: [
    { name: 'instance store alone', resource: image('ami-1', { mappings: [] }), reason: 'no device of it is backed by EBS' },
  ],
});

test('a listing that two devices miss is named once', () => {
  const outcome = judgeResource(rule, of(on('snap-1'), on('snap-2')), { unreadLists: unlisted });
  expect(outcome).toMatchObject({ verdict: 'unknown', missing: [{ facet: 'ebs.snapshot/*' }] });
  expect(outcome.verdict === 'unknown' && outcome.missing).toHaveLength(1);
});

test('the remediation copies by the id and quotes the name', () => {
  const { record, account } = image('ami-1');
  const { cli, terraform } = rule.remediation({ ...record, account, partition: 'aws', name: 'web "1"' });
  expect(cli).toContain(
    `aws ec2 copy-image --region us-east-1 --source-region us-east-1 --source-image-id ami-1 --name 'web "1"-encrypted' --encrypted --kms-key-id "\${KEY:?}"`,
  );
  expect(terraform).toContain('name              = "web \\"1\\"-encrypted"');
});
