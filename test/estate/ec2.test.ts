import {
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeRegionsCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  GetImageBlockPublicAccessStateCommand,
  GetSnapshotBlockPublicAccessStateCommand,
  paginateDescribeImages,
  paginateDescribeLaunchTemplateVersions,
  paginateDescribeLaunchTemplates,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
} from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { A, B, R, R2, clients, errorOf, running, smallWorld, walk } from './support.js';

test('DescribeRegions: the enabled ones; with AllRegions the rest as not opted in', async () => {
  const world = smallWorld().addRegion(A, 'me-south-1').addRegion(A, 'xx-new-1');
  const { ec2 } = clients(await running(world));
  const { Regions } = await ec2.send(new DescribeRegionsCommand({}));
  expect(Regions?.map((region) => [region.RegionName, region.OptInStatus])).toEqual([
    [R, 'opt-in-not-required'],
    ['me-south-1', 'opted-in'],
    [R2, 'opt-in-not-required'],
    ['xx-new-1', 'opted-in'],
  ]);
  const all = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
  expect(all.Regions?.find((region) => region.RegionName === 'af-south-1')?.OptInStatus).toBe('not-opted-in');
  const named = await ec2.send(new DescribeRegionsCommand({ RegionNames: [R2] }));
  expect(named.Regions?.length).toBe(1);
  const filters = [{ Name: 'opt-in-status', Values: ['opted-in'] }];
  expect((await ec2.send(new DescribeRegionsCommand({ Filters: filters }))).Regions?.length).toBe(2);
});

test('account-region settings are read as set', async () => {
  const world = smallWorld().set(A, R, {
    ebsEncryptionByDefault: true,
    ebsDefaultKmsKeyId: 'arn:aws:kms:key',
    snapshotBlockPublicAccess: 'block-new-sharing',
    imageBlockPublicAccess: 'block-new-sharing',
    blockManagedBy: 'declarative-policy',
  });
  const estate = await running(world);
  const { ec2 } = clients(estate);
  expect((await ec2.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault).toBe(true);
  expect((await ec2.send(new GetEbsDefaultKmsKeyIdCommand({}))).KmsKeyId).toBe('arn:aws:kms:key');
  expect(await ec2.send(new GetSnapshotBlockPublicAccessStateCommand({}))).toMatchObject({
    State: 'block-new-sharing',
    ManagedBy: 'declarative-policy',
  });
  expect((await ec2.send(new GetImageBlockPublicAccessStateCommand({}))).ImageBlockPublicAccessState).toBe('block-new-sharing');
  const other = clients(estate, A, R2).ec2;
  expect((await other.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault).toBe(false);
  expect((await other.send(new GetEbsDefaultKmsKeyIdCommand({}))).KmsKeyId).toBe('alias/aws/ebs');
});

test('DescribeVolumes: fields, pages, ids, filters', async () => {
  const world = smallWorld().generate(A, R, { 'ebs.volume': 1100 });
  const put = world.put(A, R, 'ebs.volume', {
    KmsKeyId: 'arn:aws:kms:key',
    Tags: [{ Key: 'team', Value: 'a&b' }],
    Attachments: [{ InstanceId: 'i-1', State: 'attached', Device: '/dev/xvda' }],
  });
  const { ec2 } = clients(await running(world));
  const all = await walk(paginateDescribeVolumes({ client: ec2, pageSize: 1000 }, {}), (page) => page.Volumes);
  expect(all.pages).toBe(3);
  expect(all.items.map((volume) => volume.VolumeId)).toEqual(
    [...world.items(A, R, 'ebs.volume')].map((volume) => volume.VolumeId),
  );
  expect(all.items[0]).toMatchObject({ ...put, Attachments: [{ InstanceId: 'i-1', State: 'attached' }] });
  const ids = [put.VolumeId, all.items[700]?.VolumeId ?? ''];
  expect((await ec2.send(new DescribeVolumesCommand({ VolumeIds: ids }))).Volumes?.map((volume) => volume.VolumeId)).toEqual(ids);
  expect((await errorOf(ec2.send(new DescribeVolumesCommand({ VolumeIds: ['vol-0123'] })))).name).toBe('InvalidVolume.NotFound');
  expect((await errorOf(ec2.send(new DescribeVolumesCommand({ MaxResults: 4 })))).name).toBe('InvalidParameterValue');
  expect((await errorOf(ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })))).name).toBe(
    'InvalidParameterValue',
  );
  const clear = { Filters: [{ Name: 'encrypted', Values: ['false'] }] };
  const plain = await walk(paginateDescribeVolumes({ client: ec2, pageSize: 50 }, clear), (page) => page.Volumes);
  expect(plain.items.length).toBe(all.items.filter((volume) => volume.Encrypted === false).length);
  const tagged = await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'tag:team', Values: ['a*'] }] }));
  expect(tagged.Volumes?.length).toBe(1);
});

test('DescribeSnapshots: own, public, shared; and other people’s for a caller who forgets the owner', async () => {
  const world = smallWorld().generate(A, R, { 'ebs.volume': 300, 'ebs.snapshot': 2500 });
  const mine = world.put(A, R, 'ebs.snapshot', { sharedWith: ['all'] });
  const shared = world.put(A, R, 'ebs.snapshot', { sharedWith: [B] });
  const { ec2 } = clients(await running(world));
  const own = await walk(
    paginateDescribeSnapshots({ client: ec2, pageSize: 1000 }, { OwnerIds: ['self'] }),
    (page) => page.Snapshots,
  );
  expect([own.pages, own.items.length, new Set(own.items.map((snapshot) => snapshot.SnapshotId)).size]).toEqual([3, 2502, 2502]);
  const careless = await walk(paginateDescribeSnapshots({ client: ec2, pageSize: 1000 }, {}), (page) => page.Snapshots);
  expect(careless.items.filter((snapshot) => snapshot.OwnerId !== A).length).toBe(3);

  const truth = [...world.items(A, R, 'ebs.snapshot')];
  const restorable = (user: string) =>
    ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], RestorableByUserIds: [user] }));
  const ids = (user: string) =>
    truth.filter((snapshot) => snapshot.sharedWith.includes(user)).map((snapshot) => snapshot.SnapshotId);
  expect((await restorable('all')).Snapshots?.map((snapshot) => snapshot.SnapshotId)).toEqual(ids('all'));
  expect((await restorable(B)).Snapshots?.map((snapshot) => snapshot.SnapshotId)).toEqual(ids(B));
  expect(ids('all')).toContain(mine.SnapshotId);
  expect(ids('all').length).toBeGreaterThan(2);
  world.set(A, R, { snapshotBlockPublicAccess: 'block-all-sharing' });
  expect((await restorable('all')).Snapshots).toEqual([]);

  const attribute = (SnapshotId: string) =>
    ec2.send(new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }));
  expect((await attribute(mine.SnapshotId)).CreateVolumePermissions).toEqual([{ Group: 'all' }]);
  expect((await attribute(shared.SnapshotId)).CreateVolumePermissions).toEqual([{ UserId: B }]);
  expect((await errorOf(attribute('snap-0'))).name).toBe('InvalidSnapshot.NotFound');
});

test('DescribeImages and DescribeImageAttribute', async () => {
  const world = smallWorld();
  const device = { DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-1', Encrypted: true, VolumeSize: 8 } };
  const image = world.put(A, R, 'ec2.image', {
    BlockDeviceMappings: [device],
    launchPermissions: [{ Group: 'all' }, { OrganizationArn: 'arn:o' }],
  });
  world.put(A, R, 'ec2.image', { State: 'disabled' });
  const { ec2 } = clients(await running(world));
  const listed = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  expect(listed.Images).toMatchObject([
    { ImageId: image.ImageId, Public: true, State: 'available', OwnerId: A, BlockDeviceMappings: [device] },
  ]);
  const all = await walk(
    paginateDescribeImages({ client: ec2, pageSize: 1 }, { Owners: ['self'], IncludeDisabled: true }),
    (page) => page.Images,
  );
  expect([all.pages, all.items.length]).toEqual([2, 2]);
  expect((await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }))).Images).toEqual([]);
  const attribute = await ec2.send(new DescribeImageAttributeCommand({ ImageId: image.ImageId, Attribute: 'launchPermission' }));
  expect(attribute.LaunchPermissions).toEqual([{ Group: 'all' }, { OrganizationArn: 'arn:o' }]);
});

test('DescribeLaunchTemplateVersions: latest and default of all templates without naming one', async () => {
  const world = smallWorld().generate(A, R, { 'ec2.launch-template': 30 });
  const LaunchTemplateId = 'lt-0aaaaaaaaaaaaaaaa';
  const data = { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, KmsKeyId: 'k' } }] };
  for (const VersionNumber of [1, 2, 3]) {
    world.put(A, R, 'ec2.launch-template', {
      LaunchTemplateId,
      VersionNumber,
      DefaultVersion: VersionNumber === 1,
      LaunchTemplateData: data,
    });
  }
  const { ec2 } = clients(await running(world));
  const newest = { Versions: ['$Latest', '$Default'] };
  const all = await walk(
    paginateDescribeLaunchTemplateVersions({ client: ec2, pageSize: 10 }, newest),
    (page) => page.LaunchTemplateVersions,
  );
  expect(
    all.items.filter((version) => version.LaunchTemplateId === LaunchTemplateId).map((version) => version.VersionNumber),
  ).toEqual([1, 3]);
  expect([all.pages, all.items.length]).toEqual([4, 32]);
  expect(all.items[0]?.LaunchTemplateData?.BlockDeviceMappings).toEqual(data.BlockDeviceMappings);
  const one = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }));
  expect(one.LaunchTemplateVersions?.length).toBe(3);
  expect((await errorOf(ec2.send(new DescribeLaunchTemplateVersionsCommand({})))).name).toBe('MissingParameter');
});

test('DescribeLaunchTemplates: each template once, with the numbers of its versions and its tags', async () => {
  const world = smallWorld().generate(A, R, { 'ec2.launch-template': 12 });
  const LaunchTemplateId = 'lt-0aaaaaaaaaaaaaaaa';
  for (const VersionNumber of [1, 2, 3]) {
    world.put(A, R, 'ec2.launch-template', {
      LaunchTemplateId,
      LaunchTemplateName: 'web',
      VersionNumber,
      DefaultVersion: VersionNumber === 2,
      tags: [{ Key: 'team', Value: 'web' }],
    });
  }
  const { ec2 } = clients(await running(world));
  const all = await walk(paginateDescribeLaunchTemplates({ client: ec2, pageSize: 5 }, {}), (page) => page.LaunchTemplates);
  expect([all.pages, all.items.length]).toEqual([3, 13]);
  expect(all.items[0]).toMatchObject({
    LaunchTemplateId,
    LaunchTemplateName: 'web',
    DefaultVersionNumber: 2,
    LatestVersionNumber: 3,
    Tags: [{ Key: 'team', Value: 'web' }],
  });
  expect(all.items[1]).toMatchObject({ DefaultVersionNumber: 1, LatestVersionNumber: 1 });
  const one = await ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [LaunchTemplateId] }));
  expect(one.LaunchTemplates?.length).toBe(1);
});
