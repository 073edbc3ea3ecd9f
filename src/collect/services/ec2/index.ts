import type {
  BlockDeviceMapping,
  CreateVolumePermission,
  Image,
  LaunchPermission,
  LaunchTemplate,
  LaunchTemplateBlockDeviceMapping,
  LaunchTemplateVersion,
  Snapshot,
  Volume,
} from '@aws-sdk/client-ec2';
import type { Place } from '#model/place.js';
import type { EbsMapping, SnapshotPublic, TemplateVersion } from '#model/resources/index.js';
import { AbsentField, forService, type ServiceSpec, type Target } from '../../service.js';
import { nameOf, tagsOf } from '../../tags.js';
import type * as Ec2 from './sdk.js';
import { volumes, snapshots, publicSnapshots, images, launchTemplates, templateVersions } from './sources.js';

const { fromSource, call, kind } = forService<typeof Ec2>();

function templateVersion({ VersionNumber, LaunchTemplateData: data }: LaunchTemplateVersion): TemplateVersion {
  const mappings = (data?.BlockDeviceMappings ?? []).flatMap((mapping) => {
    const ebs = ebsMapping(mapping);
    return ebs === undefined ? [] : { ...ebs, kmsKeyId: mapping.Ebs?.KmsKeyId || null };
  });
  return { version: VersionNumber ?? null, imageId: data?.ImageId || null, mappings };
}

/** Undefined for a device that is left out on purpose, and for an instance store volume. */
function ebsMapping({
  DeviceName,
  NoDevice,
  VirtualName,
  Ebs,
}: BlockDeviceMapping | LaunchTemplateBlockDeviceMapping): EbsMapping | undefined {
  if (Ebs === undefined || NoDevice !== undefined || VirtualName !== undefined) return undefined;
  return { device: DeviceName ?? null, snapshotId: Ebs.SnapshotId || null, encrypted: Ebs.Encrypted ?? null };
}

interface VolumePermissions {
  CreateVolumePermissions?: CreateVolumePermission[] | undefined;
}

function accountsIn(permissions: readonly CreateVolumePermission[]): readonly string[] {
  return permissions.flatMap(({ UserId }) => UserId ?? []).sort();
}

function target(
  { partition, account, region }: Place,
  type: string,
  id: string | undefined,
  tags: Volume['Tags'],
): Target | undefined {
  if (id === undefined) return undefined;
  return { arn: `arn:${partition}:ec2:${region}:${account}:${type}/${id}`, name: nameOf(tags, id), id, region };
}

const volume = kind<'ebs.volume', Volume>({
  kind: 'ebs.volume',
  sources: [volumes],
  identify: ({ VolumeId, Tags }, place) => target(place, 'volume', VolumeId, Tags),
  facets: {
    details: {
      by: 'list',
      project: (item) => ({
        state: item.State ?? null,
        encrypted: item.Encrypted ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        sseType: item.SseType ?? null,
        snapshotId: item.SnapshotId || null,
        sourceVolumeId: item.SourceVolumeId || null,
        createdAt: item.CreateTime?.toISOString() ?? null,
        attachedTo: (item.Attachments ?? []).flatMap(({ InstanceId }) => InstanceId ?? []),
      }),
    },
    tags: { by: 'list', project: ({ Tags }) => tagsOf(Tags) },
  },
});

const snapshot = kind<'ebs.snapshot', Snapshot>({
  kind: 'ebs.snapshot',
  sources: [snapshots],
  identify: ({ SnapshotId, Tags }, place) => target(place, 'snapshot', SnapshotId, Tags),
  facets: {
    details: {
      by: 'list',
      project: (item) => ({
        state: item.State ?? null,
        encrypted: item.Encrypted ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        sseType: item.SseType ?? null,
        volumeId: item.VolumeId ?? null,
        startedAt: item.StartTime?.toISOString() ?? null,
        description: item.Description ?? '',
        transferType: item.TransferType ?? null,
      }),
    },
    tags: { by: 'list', project: ({ Tags }) => tagsOf(Tags) },
    restorableByAll: fromSource(publicSnapshots, (items) => {
      const ids = new Set(items.map(({ SnapshotId }) => SnapshotId));
      return ({ id }) => ids.has(id);
    }),
    public: call<'ebs.snapshot', SnapshotPublic, VolumePermissions>({
      operation: 'ec2:DescribeSnapshotAttribute',
      action: 'ec2:DescribeSnapshotAttribute',
      after: ['details', 'restorableByAll'],
      looksAt: ['ebs.defaults/snapshotBlockPublicAccess'],
      settle: ({ own, single }) => {
        const details = own('details');
        // AWS refuses to make an encrypted snapshot public.
        if (details.known && details.value.encrypted === true)
          return { value: { public: false, seenBy: 'encrypted' }, from: 'details' };
        const listed = own('restorableByAll');
        if (!listed.known) return undefined;
        if (listed.value) return { value: { public: true, seenBy: 'RestorableByUserIds' }, from: 'restorableByAll' };
        // Under block-all-sharing the listing may leave out snapshots whose permission is still public.
        const block = single('ebs.defaults', 'snapshotBlockPublicAccess');
        const listingIsWhole = block.known && block.value !== 'block-all-sharing';
        return listingIsWhole ? { value: { public: false, seenBy: 'RestorableByUserIds' }, from: 'restorableByAll' } : undefined;
      },
      request: (ec2, sdk, { id }) =>
        ec2.send(new sdk.DescribeSnapshotAttributeCommand({ SnapshotId: id, Attribute: 'createVolumePermission' })),
      project: ({ CreateVolumePermissions }) =>
        CreateVolumePermissions === undefined
          ? new AbsentField('CreateVolumePermissions')
          : {
              public: CreateVolumePermissions.some(({ Group }) => Group === 'all'),
              seenBy: 'createVolumePermission',
              accounts: accountsIn(CreateVolumePermissions),
            },
      gone: ['InvalidSnapshot.NotFound'],
    }),
    sharedWith: call<'ebs.snapshot', readonly string[], VolumePermissions>({
      operation: 'ec2:DescribeSnapshotAttribute',
      action: 'ec2:DescribeSnapshotAttribute',
      after: ['details'],
      mayLookAt: ['public'],
      settle: ({ own }) => {
        const details = own('details');
        if (details.known && details.value.state === 'error') return { skip: 'the snapshot failed: it is in state error' };
        // The same call has both: it is made once.
        const asked = own('public');
        return asked.known && asked.value.accounts !== undefined ? { value: asked.value.accounts, from: 'public' } : undefined;
      },
      request: (ec2, sdk, { id }) =>
        ec2.send(new sdk.DescribeSnapshotAttributeCommand({ SnapshotId: id, Attribute: 'createVolumePermission' })),
      project: ({ CreateVolumePermissions }) =>
        CreateVolumePermissions === undefined ? new AbsentField('CreateVolumePermissions') : accountsIn(CreateVolumePermissions),
      gone: ['InvalidSnapshot.NotFound'],
    }),
  },
});

const defaults = kind<'ebs.defaults', never>({
  kind: 'ebs.defaults',
  sources: [],
  identify: (_item, place) => ({
    arn: `arn:${place.partition}:ec2:${place.region}:${place.account}:ebs-defaults`,
    name: `EBS defaults of ${place.region}`,
    id: 'ebs-defaults',
    region: place.region,
  }),
  facets: {
    encryptionByDefault: call({
      operation: 'ec2:GetEbsEncryptionByDefault',
      action: 'ec2:GetEbsEncryptionByDefault',
      request: (ec2, sdk, _target) => ec2.send(new sdk.GetEbsEncryptionByDefaultCommand({})),
      project: (output) => output.EbsEncryptionByDefault ?? new AbsentField('EbsEncryptionByDefault'),
    }),
    defaultKey: call({
      operation: 'ec2:GetEbsDefaultKmsKeyId',
      action: 'ec2:GetEbsDefaultKmsKeyId',
      request: (ec2, sdk, _target) => ec2.send(new sdk.GetEbsDefaultKmsKeyIdCommand({})),
      project: (output) => output.KmsKeyId ?? new AbsentField('KmsKeyId'),
    }),
    snapshotBlockPublicAccess: call({
      operation: 'ec2:GetSnapshotBlockPublicAccessState',
      action: 'ec2:GetSnapshotBlockPublicAccessState',
      request: (ec2, sdk, _target) => ec2.send(new sdk.GetSnapshotBlockPublicAccessStateCommand({})),
      project: (output) => output.State ?? new AbsentField('State'),
    }),
    imageBlockPublicAccess: call({
      operation: 'ec2:GetImageBlockPublicAccessState',
      action: 'ec2:GetImageBlockPublicAccessState',
      request: (ec2, sdk, _target) => ec2.send(new sdk.GetImageBlockPublicAccessStateCommand({})),
      project: (output) => output.ImageBlockPublicAccessState ?? new AbsentField('ImageBlockPublicAccessState'),
    }),
  },
});

const image = kind<'ec2.image', Image>({
  kind: 'ec2.image',
  sources: [images],
  identify: ({ ImageId, Name }, place) => {
    const found = target(place, 'image', ImageId, undefined);
    return found === undefined ? undefined : { ...found, name: Name ?? found.id };
  },
  facets: {
    details: {
      by: 'list',
      project: (item) => ({
        state: item.State ?? null,
        public: item.Public ?? null,
        sourceImageId: item.SourceImageId ?? null,
        sourceImageRegion: item.SourceImageRegion ?? null,
        mappings: (item.BlockDeviceMappings ?? []).flatMap((mapping) => ebsMapping(mapping) ?? []),
      }),
    },
    tags: { by: 'list', project: ({ Tags }) => tagsOf(Tags) },
    sharedWith: call<'ec2.image', readonly string[], { LaunchPermissions?: LaunchPermission[] | undefined }>({
      operation: 'ec2:DescribeImageAttribute',
      action: 'ec2:DescribeImageAttribute',
      after: ['details'],
      settle: ({ own }) => {
        const details = own('details');
        // Disabling an image takes all its launch permissions away.
        return details.known && details.value.state === 'disabled' ? { value: [], from: 'details' } : undefined;
      },
      request: (ec2, sdk, { id }) =>
        ec2.send(new sdk.DescribeImageAttributeCommand({ ImageId: id, Attribute: 'launchPermission' })),
      project: ({ LaunchPermissions }) =>
        LaunchPermissions === undefined
          ? new AbsentField('LaunchPermissions')
          : LaunchPermissions.flatMap(
              ({ UserId, OrganizationArn, OrganizationalUnitArn }) => UserId ?? OrganizationArn ?? OrganizationalUnitArn ?? [],
            ).sort(),
      gone: ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'],
    }),
  },
});

const launchTemplate = kind<'ec2.launch-template', LaunchTemplate>({
  kind: 'ec2.launch-template',
  sources: [launchTemplates],
  identify: ({ LaunchTemplateId, LaunchTemplateName }, place) => {
    const found = target(place, 'launch-template', LaunchTemplateId, undefined);
    return found === undefined ? undefined : { ...found, name: LaunchTemplateName ?? found.id };
  },
  facets: {
    versions: fromSource(templateVersions, (items) => {
      const byTemplate = new Map<string | undefined, LaunchTemplateVersion[]>();
      for (const item of items) byTemplate.set(item.LaunchTemplateId, [...(byTemplate.get(item.LaunchTemplateId) ?? []), item]);
      return ({ id }) => {
        const versions = byTemplate.get(id);
        if (versions === undefined) return new AbsentField('LaunchTemplateVersions');
        return versions.map(templateVersion).sort((a, b) => (a.version ?? 0) - (b.version ?? 0));
      };
    }),
    tags: { by: 'list', project: ({ Tags }) => tagsOf(Tags) },
  },
});

export const ec2: ServiceSpec<typeof Ec2> = {
  service: 'ec2',
  sdk: () => import('./sdk.js'),
  kinds: [defaults, volume, snapshot, image, launchTemplate],
};
