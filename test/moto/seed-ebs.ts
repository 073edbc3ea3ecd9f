import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeImagesCommand,
  EnableEbsEncryptionByDefaultCommand,
  EnableImageBlockPublicAccessCommand,
  EnableSnapshotBlockPublicAccessCommand,
  ModifyEbsDefaultKmsKeyIdCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { DE, EU, US, WEST, type Cloud } from './cloud.js';
import type { KeyArns } from './seed-keys.js';

/** A key that was never made, in the form in which services write keys. */
export const neverMade = (account: string, region: string) =>
  `arn:aws:kms:${region}:${account}:key/00000000-0000-0000-0000-000000000000`;

export async function seedEbs(a: Cloud, b: Cloud, keys: KeyArns): Promise<void> {
  for (const cloud of [a, b])
    for (const region of [US, EU, DE])
      cloud.called(`defaults of ${cloud === a ? 'a' : 'b'} in ${region}`, `arn:aws:ec2:${region}:${cloud.account}:ebs-defaults`);
  for (const [region, key] of [
    [US, keys['app']],
    [DE, keys['disabled-de']],
  ] as const) {
    await a.ec2(region).send(new EnableEbsEncryptionByDefaultCommand({}));
    await a.ec2(region).send(new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: key }));
  }
  await seedVolumes(a, keys);
  await seedSnapshots(a, keys);
  await seedImages(a);
  await volume(b, DE, 'b-volume');
  await shareWithEverybody(b, DE, await snapshotOf(b, DE, 'b-snapshot', await volume(b, DE, 'b-volume-of-snapshot')));
}

async function seedVolumes(a: Cloud, keys: KeyArns): Promise<void> {
  const confidential = true;
  await volume(a, US, 'volume-plain', { confidential });
  await volume(a, US, 'volume-aws', { key: keys['aws/ebs us-east-1'] });
  await volume(a, US, 'volume-aws-confidential', { key: keys['aws/ebs us-east-1'], confidential });
  await volume(a, US, 'volume-default-key', { encrypted: true, confidential });
  await volume(a, US, 'volume-cmk', { key: keys['app'] });
  await volume(a, US, 'volume-cmk-confidential', { key: keys['app'], confidential });
  await volume(a, US, 'volume-key-disabled', { key: keys['disabled'], confidential });
  await volume(a, US, 'volume-key-gone', { key: neverMade(a.account, US), confidential });
  await volume(a, US, 'volume-key-of-b', { key: keys['b-shared'], confidential });
  // moto keeps a key id as it was given; AWS makes an ARN of it.
  await volume(a, EU, 'volume-bare-key-id', { key: idOf(keys['app-eu']), confidential });
}

/** moto backs every image by a snapshot that it makes itself, of a volume that it deletes at once. */
async function seedImages(a: Cloud): Promise<void> {
  await image(a, 'image-plain');
  const everybody = await image(a, 'image-public');
  const stranger = await image(a, 'image-shared');
  const ec2 = a.ec2(DE);
  await ec2.send(new ModifyImageAttributeCommand({ ImageId: everybody, LaunchPermission: { Add: [{ Group: 'all' }] } }));
  await ec2.send(new ModifyImageAttributeCommand({ ImageId: stranger, LaunchPermission: { Add: [{ UserId: '999999999999' }] } }));
  await ec2.send(new EnableImageBlockPublicAccessCommand({ ImageBlockPublicAccessState: 'block-new-sharing' }));
}

async function image(cloud: Cloud, name: string): Promise<string> {
  const { ImageId = '' } = await cloud.ec2(DE).send(new RegisterImageCommand({ Name: name }));
  cloud.called(name, `arn:aws:ec2:${DE}:${cloud.account}:image/${ImageId}`);
  const { Images: [described] = [] } = await cloud.ec2(DE).send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
  for (const { Ebs } of described?.BlockDeviceMappings ?? [])
    cloud.called(`snapshot-of-${name}`, arnOf(cloud, DE, Ebs?.SnapshotId ?? ''));
  return ImageId;
}

async function seedSnapshots(a: Cloud, keys: KeyArns): Promise<void> {
  const plain = await snapshotOf(a, US, 'snapshot-plain', await volume(a, US, 'volume-of-plain'));
  // moto leaves the key out of a snapshot of an encrypted volume: a field that AWS would give, hence unknown and no gap.
  const inherited = await snapshotOf(
    a,
    US,
    'snapshot-without-key',
    await volume(a, US, 'volume-of-inherited', { key: keys['app'] }),
  );
  await shareWithEverybody(a, US, await snapshotOf(a, US, 'snapshot-public', await volume(a, US, 'volume-of-public')));
  const cmk = await copy(a, 'snapshot-cmk', inherited, US, { key: keys['app'] });
  const aws = await copy(a, 'snapshot-aws', inherited, US, { key: keys['aws/ebs us-east-1'] });
  for (const [name, key] of [
    ['snapshot-cmk-confidential', keys['app']],
    ['snapshot-aws-confidential', keys['aws/ebs us-east-1']],
  ] as const) {
    const { id } = await copy(a, name, inherited, US, { key });
    const Tags = [{ Key: 'DataClass', Value: 'confidential' }];
    await a.ec2(US).send(new CreateTagsCommand({ Resources: [id], Tags }));
  }
  await volume(a, US, 'volume-of-plain-snapshot', { key: keys['app'], snapshot: plain.id });
  await volume(a, US, 'volume-of-cmk-snapshot', { key: keys['disabled'], snapshot: cmk.id });
  await copy(a, 'snapshot-key-deleting', inherited, US, { key: keys['deleting-used'] });

  await copy(a, 'copy-of-plain', plain, EU);
  await copy(a, 'copy-cmk', cmk, EU, { key: keys['app-eu'] });
  await copy(a, 'copy-below-source', cmk, EU, { key: keys['aws/ebs eu-west-1'] });
  await copy(a, 'copy-source-level-unread', inherited, EU, { key: keys['aws/ebs eu-west-1'] });
  await copy(a, 'copy-key-disabled', cmk, EU, { key: keys['disabled-eu'] });
  await copy(a, 'copy-of-gone', { region: US, id: 'snap-0000000000000dead' }, EU, {
    key: keys['aws/ebs eu-west-1'],
    really: plain,
  });
  await copy(a, 'copy-level-kept', aws, DE, { key: keys['aws/ebs eu-central-1'] });
  await copy(a, 'copy-from-outside', { region: WEST, id: 'snap-0000000000000dead' }, DE, {
    key: keys['aws/ebs eu-central-1'],
    really: plain,
  });

  await snapshotOf(a, DE, 'snapshot-not-latent', await volume(a, DE, 'volume-of-de'));
  await shareWithEverybody(a, DE, await snapshotOf(a, DE, 'snapshot-latent', await volume(a, DE, 'volume-of-latent')));
  await a.ec2(DE).send(new EnableSnapshotBlockPublicAccessCommand({ State: 'block-all-sharing' }));
}

interface Snapshot {
  readonly region: string;
  readonly id: string;
}

/** `encrypted` without a key: under the default key of the region. */
async function volume(
  cloud: Cloud,
  region: string,
  name: string,
  wish: { key?: string | undefined; encrypted?: boolean; confidential?: boolean; snapshot?: string } = {},
): Promise<string> {
  const { key, encrypted = key !== undefined, confidential = false } = wish;
  const Tags = [{ Key: 'Name', Value: name }, ...(confidential ? [{ Key: 'DataClass', Value: 'confidential' }] : [])];
  const input = {
    AvailabilityZone: `${region}a`,
    Size: 1,
    Encrypted: encrypted,
    KmsKeyId: key,
    SnapshotId: wish.snapshot,
    TagSpecifications: [{ ResourceType: 'volume' as const, Tags }],
  };
  const { VolumeId = '' } = await cloud.ec2(region).send(new CreateVolumeCommand(input));
  cloud.called(name, `arn:aws:ec2:${region}:${cloud.account}:volume/${VolumeId}`);
  return VolumeId;
}

async function snapshotOf(cloud: Cloud, region: string, name: string, VolumeId: string): Promise<Snapshot> {
  const { SnapshotId: id = '' } = await cloud
    .ec2(region)
    .send(new CreateSnapshotCommand({ VolumeId, Description: 'made by hand' }));
  cloud.called(name, arnOf(cloud, region, id));
  return { region, id };
}

/** With the description that AWS writes into a copy. `really`: what is copied, where the description names something else. */
async function copy(
  cloud: Cloud,
  name: string,
  source: Snapshot,
  region: string,
  wish: { key?: string | undefined; really?: Snapshot } = {},
): Promise<Snapshot> {
  const { key, really = source } = wish;
  const Description = `[Copied ${source.id} from ${source.region}] a copy`;
  const input = {
    SourceRegion: really.region,
    SourceSnapshotId: really.id,
    Description,
    ...(key === undefined ? {} : { Encrypted: true, KmsKeyId: key }),
  };
  const { SnapshotId: id = '' } = await cloud.ec2(region).send(new CopySnapshotCommand(input));
  cloud.called(name, arnOf(cloud, region, id));
  return { region, id };
}

async function shareWithEverybody(cloud: Cloud, region: string, { id }: Snapshot): Promise<void> {
  const Attribute = 'createVolumePermission';
  await cloud
    .ec2(region)
    .send(new ModifySnapshotAttributeCommand({ SnapshotId: id, Attribute, OperationType: 'add', GroupNames: ['all'] }));
}

function arnOf({ account }: Cloud, region: string, id: string): string {
  return `arn:aws:ec2:${region}:${account}:snapshot/${id}`;
}

export function idOf(keyArn = ''): string {
  return keyArn.slice(keyArn.indexOf('/') + 1);
}
