import { expect, test } from 'vitest';
import type { EbsMapping, TemplateMapping } from '#model/resources/index.js';
import rule from '#rules/ec2/launch-template-encrypted.js';
import { judgeResource } from '#plugins/judge.js';
import { defaults, image, snapshot, template, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, kmsKeyId: null };
const device = (mapping: Partial<TemplateMapping> = {}): TemplateMapping => ({
  device: '/dev/xvda',
  snapshotId: null,
  encrypted: null,
  kmsKeyId: null,
  ...mapping,
});
const of = (mapping: Partial<TemplateMapping> = {}, imageId: string | null = null) =>
  template('lt-1', [{ imageId, mappings: [device(mapping)] }]);
const ofImage = of({}, 'ami-1');
const mapped = (mapping: Partial<EbsMapping>): TestResource =>
  image('ami-1', { mappings: [{ device: '/dev/xvda', snapshotId: 'snap-1', encrypted: true, ...mapping }] });
const off = defaults({ encryptionByDefault: false });
const every = 'Every EBS device of the default and the latest version is encrypted.';
const byDefault = 'Encryption by default is on in us-east-1: volumes are encrypted whatever the template says.';
const makes = (devices: string) =>
  `Encryption by default is off in us-east-1, and the template makes unencrypted volumes: ${devices}.`;
const root = makes('/dev/xvda of version 1');
const other = { account: '222222222222' };

testRule(rule, {
  pass: [
    {
      name: 'encrypted, the region unread',
      resource: of({ encrypted: true }),
      others: [defaults({ encryptionByDefault: unread() })],
      message: every,
      evidence: { versions: [{ version: 1, imageId: null, mappings: [device({ encrypted: true })] }] },
    },
    {
      name: 'encrypted in the latest version, the default one without devices',
      resource: template('lt-1', [{ mappings: [] }, { mappings: [device({ encrypted: true })] }]),
      others: [off],
      message: every,
    },
    {
      name: 'from an encrypted snapshot',
      resource: of({ snapshotId: 'snap-1' }),
      others: [off, snapshot('snap-1')],
      message: every,
    },
    {
      name: 'from a snapshot under a key that AWS owns',
      resource: of({ encrypted: false, snapshotId: 'snap-1' }),
      others: [off, snapshot('snap-1', { ...plain, sseType: 'sse-ebs' })],
      message: every,
    },
    {
      name: 'from an encrypted snapshot of another account of the run',
      resource: of({ snapshotId: 'snap-1' }),
      others: [off, snapshot('snap-1', {}, {}, other)],
      message: every,
    },
    {
      name: 'the device of an own image is encrypted',
      resource: ofImage,
      others: [off, mapped({}), snapshot('snap-1')],
      message: every,
    },
    {
      name: 'the device of an image of another account of the run, and its snapshot there',
      resource: ofImage,
      others: [
        off,
        image('ami-1', { mappings: [{ device: '/dev/xvda', snapshotId: 'snap-1', encrypted: null }] }, {}, other),
        snapshot('snap-1', {}, {}, other),
      ],
      message: every,
    },
    {
      name: 'not encrypted, but on by default',
      resource: of({ encrypted: false }),
      others: [defaults()],
      message: byDefault,
      evidence: { EbsEncryptionByDefault: true },
    },
    {
      name: 'from an image that is not in the run, but on by default',
      resource: ofImage,
      others: [defaults()],
      message: byDefault,
    },
  ],
  fail: [
    {
      name: 'without Encrypted, without a source',
      resource: of(),
      others: [off],
      message: root,
      evidence: { EbsEncryptionByDefault: false },
    },
    { name: 'with Encrypted=false', resource: of({ encrypted: false }), others: [off], message: root },
    {
      name: 'from an unencrypted snapshot, whatever the image',
      resource: of({ snapshotId: 'snap-2' }, 'ami-1'),
      others: [off, snapshot('snap-2', plain), mapped({}), snapshot('snap-1')],
      message: root,
    },
    {
      name: 'the image has the device unencrypted',
      resource: ofImage,
      others: [off, mapped({ encrypted: false }), snapshot('snap-1')],
      message: root,
    },
    {
      name: 'the snapshot behind the device of the image is unencrypted',
      resource: ofImage,
      others: [off, mapped({ encrypted: null }), snapshot('snap-1', plain)],
      message: root,
    },
    {
      name: 'the image has no such device',
      resource: ofImage,
      others: [off, mapped({ device: '/dev/sda1' }), snapshot('snap-1')],
      message: root,
    },
    {
      name: 'one device of the latest version, another not to be read',
      resource: template('lt-1', [
        { imageId: 'ami-1', mappings: [device()] },
        { version: 7, mappings: [device({ encrypted: true }), device({ device: '/dev/sdb' }), device({ device: null })] },
      ]),
      others: [off],
      message: makes('/dev/sdb of version 7, a device of version 7'),
    },
    {
      name: 'of a version without a number',
      resource: template('lt-1', [{ version: null, mappings: [device()] }]),
      others: [off],
      message: makes('/dev/xvda of version unknown'),
    },
    {
      name: 'on by default in another region only',
      resource: of(),
      others: [off, defaults({}, { region: 'eu-west-1' }), defaults({}, other)],
      message: root,
    },
  ],
  unknown: [
    {
      name: 'whether it is on by default was denied',
      resource: of(),
      others: [defaults({ encryptionByDefault: unread() })],
      missing: [{ facet: 'ebs.defaults/encryptionByDefault', cause: 'denied' }],
    },
    {
      name: 'the settings of the region are not in the run',
      resource: of(),
      missing: [{ facet: 'ebs.defaults/encryptionByDefault', cause: 'uncollected' }],
    },
    {
      name: 'from an image of somebody else',
      resource: ofImage,
      others: [off],
      missing: [{ facet: 'ec2.image/details', operation: 'ec2:DescribeImages', code: 'ami-1', cause: 'foreign' }],
    },
    {
      name: 'from an image that a parameter names',
      resource: of({}, 'resolve:ssm:/golden'),
      others: [off],
      missing: [
        {
          facet: 'ec2.launch-template/versions',
          operation: 'ec2:DescribeLaunchTemplateVersions',
          action: 'ec2:DescribeLaunchTemplateVersions',
          code: 'the image that resolve:ssm:/golden stands for',
          cause: 'absent-field',
        },
      ],
    },
    {
      name: 'from a snapshot of somebody else',
      resource: of({ snapshotId: 'snap-1' }),
      others: [off],
      missing: [{ facet: 'ebs.snapshot/details', operation: 'ec2:DescribeSnapshots', code: 'snap-1', cause: 'foreign' }],
    },
    {
      name: 'AWS left out whether the snapshot is encrypted',
      resource: of({ snapshotId: 'snap-1' }),
      others: [off, snapshot('snap-1', { encrypted: null })],
      missing: [{ facet: 'ebs.snapshot/details', code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'images could not be listed',
      resource: ofImage,
      others: [off],
      unreadLists: [{ kind: 'ec2.image' }],
      missing: [{ facet: 'ec2.image/*', cause: 'denied' }],
    },
    {
      name: 'snapshots could not be listed',
      resource: of({ snapshotId: 'snap-1' }),
      others: [off],
      unreadLists: [{ kind: 'ebs.snapshot' }],
      missing: [{ facet: 'ebs.snapshot/*', cause: 'denied' }],
    },
    {
      name: 'the snapshot behind the image could not be listed',
      resource: ofImage,
      others: [off, mapped({})],
      unreadLists: [{ kind: 'ebs.snapshot' }],
      missing: [{ facet: 'ebs.snapshot/*' }],
    },
    {
      name: 'an image that does not say, on a snapshot of somebody else',
      resource: ofImage,
      others: [off, mapped({ encrypted: null })],
      missing: [{ facet: 'ec2.image/details', code: 'Ebs.Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'versions could not be listed',
      resource: template('lt-1', [], { versions: unread() }),
      others: [off],
      missing: [{ facet: 'ec2.launch-template/versions', cause: 'denied' }],
    },
  ],
  notApplicable: [
    { name: 'no mapping', resource: template('lt-1'), others: [off], reason: 'no device of it is backed by EBS' },
    {
      name: 'no mapping, though its image has one',
      resource: template('lt-1', [{ imageId: 'ami-1' }, {}]),
      others: [off, mapped({ encrypted: false })],
      reason: 'no device of it is backed by EBS',
    },
  ],
});

test('a listing that two devices miss is named once', () => {
  const two = template('lt-1', [{ imageId: 'ami-1', mappings: [device(), device({ device: '/dev/sdb' })] }]);
  const outcome = judgeResource(rule, two, { others: [off], unreadLists: [{ kind: 'ec2.image' }] });
  expect(outcome.verdict === 'unknown' && outcome.missing).toHaveLength(1);
});

test('the remediation makes a new default version of the template by its id', () => {
  const { record, account } = of();
  const { cli } = rule.remediation({ ...record, account, partition: 'aws', name: '$(reboot)' });
  expect(cli?.split('\n')).toEqual([
    "aws ec2 describe-launch-template-versions --region us-east-1 --launch-template-id lt-1 --versions '$Default' --query 'LaunchTemplateVersions[0].LaunchTemplateData' --output json | jq '(.BlockDeviceMappings[]?.Ebs | select(. != null)).Encrypted = true' > template.json",
    'VERSION=$(aws ec2 create-launch-template-version --region us-east-1 --launch-template-id lt-1 --launch-template-data file://template.json --query LaunchTemplateVersion.VersionNumber --output text)',
    'aws ec2 modify-launch-template --region us-east-1 --launch-template-id lt-1 --default-version "$VERSION"',
  ]);
});
