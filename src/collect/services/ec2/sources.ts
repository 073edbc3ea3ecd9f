import { forService } from '../../service.js';
import type * as Ec2 from './sdk.js';

const { source } = forService<typeof Ec2>();

/** With managed-resource visibility hidden, a plain DescribeVolumes leaves out volumes that a service manages. */
export const volumes = source({
  name: 'volumes',
  operation: 'ec2:DescribeVolumes',
  action: 'ec2:DescribeVolumes',
  pageSize: 500,
  request: (ec2, sdk, NextToken, http) =>
    ec2.send(new sdk.DescribeVolumesCommand({ MaxResults: 500, NextToken, IncludeManagedResources: true }), http),
  items: (output) => output.Volumes,
  next: (output) => output.NextToken,
});

/** Always with the owner: without it EC2 lists every public snapshot of the region. */
export const snapshots = source({
  name: 'snapshots',
  operation: 'ec2:DescribeSnapshots',
  action: 'ec2:DescribeSnapshots',
  pageSize: 1000,
  request: (ec2, sdk, NextToken, http) =>
    ec2.send(new sdk.DescribeSnapshotsCommand({ OwnerIds: ['self'], MaxResults: 1000, NextToken }), http),
  items: (output) => output.Snapshots,
  next: (output) => output.NextToken,
});

export const publicSnapshots = source({
  name: 'public snapshots',
  operation: 'ec2:DescribeSnapshots',
  action: 'ec2:DescribeSnapshots',
  pageSize: 1000,
  request: (ec2, sdk, NextToken, http) =>
    ec2.send(
      new sdk.DescribeSnapshotsCommand({ OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: 1000, NextToken }),
      http,
    ),
  items: (output) => output.Snapshots,
  next: (output) => output.NextToken,
});

export const images = source({
  name: 'images',
  operation: 'ec2:DescribeImages',
  action: 'ec2:DescribeImages',
  pageSize: 1000,
  request: (ec2, sdk, NextToken, http) =>
    ec2.send(
      new sdk.DescribeImagesCommand({
        Owners: ['self'],
        IncludeDisabled: true,
        IncludeDeprecated: true,
        MaxResults: 1000,
        NextToken,
      }),
      http,
    ),
  items: (output) => output.Images,
  next: (output) => output.NextToken,
});

export const launchTemplates = source({
  name: 'launch templates',
  operation: 'ec2:DescribeLaunchTemplates',
  action: 'ec2:DescribeLaunchTemplates',
  pageSize: 200,
  request: (ec2, sdk, NextToken, http) =>
    ec2.send(new sdk.DescribeLaunchTemplatesCommand({ MaxResults: 200, NextToken, IncludeManagedResources: true }), http),
  items: (output) => output.LaunchTemplates,
  next: (output) => output.NextToken,
});

/** Without a template these two come for all templates; one version that is both comes once. */
export const templateVersions = source({
  name: 'launch template versions',
  operation: 'ec2:DescribeLaunchTemplateVersions',
  action: 'ec2:DescribeLaunchTemplateVersions',
  pageSize: 200,
  request: (ec2, sdk, NextToken, http) =>
    ec2.send(
      new sdk.DescribeLaunchTemplateVersionsCommand({
        Versions: ['$Default', '$Latest'],
        MaxResults: 200,
        NextToken,
        IncludeManagedResources: true,
      }),
      http,
    ),
  items: (output) => output.LaunchTemplateVersions,
  next: (output) => output.NextToken,
});
