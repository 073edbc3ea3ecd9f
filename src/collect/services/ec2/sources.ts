import { forService } from '../../service.js';
import type * as Ec2 from './sdk.js';

const { source } = forService<typeof Ec2>();

interface Page {
  readonly MaxResults: number;
  readonly NextToken: string | undefined;
}

/** EC2 pages all its lists alike, and names the IAM action as the operation. */
function list<Item, Output extends { NextToken?: string | undefined }>(
  name: string,
  operation: `ec2:${string}`,
  pageSize: number,
  request: (ec2: InstanceType<typeof Ec2.Client>, sdk: typeof Ec2, page: Page) => Promise<Output>,
  items: (output: Output) => readonly Item[] | undefined,
) {
  return source<Item, Output>({
    name,
    operation,
    action: operation,
    pageSize,
    request: (ec2, sdk, NextToken) => request(ec2, sdk, { MaxResults: pageSize, NextToken }),
    items,
    next: (output) => output.NextToken,
  });
}

/** With managed-resource visibility hidden, a plain DescribeVolumes leaves out volumes that a service manages. */
export const volumes = list(
  'volumes',
  'ec2:DescribeVolumes',
  500,
  (ec2, sdk, page) => ec2.send(new sdk.DescribeVolumesCommand({ ...page, IncludeManagedResources: true })),
  (output) => output.Volumes,
);

/** Always with the owner: without it EC2 lists every public snapshot of the region. */
export const snapshots = list(
  'snapshots',
  'ec2:DescribeSnapshots',
  1000,
  (ec2, sdk, page) => ec2.send(new sdk.DescribeSnapshotsCommand({ ...page, OwnerIds: ['self'] })),
  (output) => output.Snapshots,
);

export const publicSnapshots = list(
  'public snapshots',
  'ec2:DescribeSnapshots',
  1000,
  (ec2, sdk, page) => ec2.send(new sdk.DescribeSnapshotsCommand({ ...page, OwnerIds: ['self'], RestorableByUserIds: ['all'] })),
  (output) => output.Snapshots,
);

export const images = list(
  'images',
  'ec2:DescribeImages',
  1000,
  (ec2, sdk, page) =>
    ec2.send(new sdk.DescribeImagesCommand({ ...page, Owners: ['self'], IncludeDisabled: true, IncludeDeprecated: true })),
  (output) => output.Images,
);

export const launchTemplates = list(
  'launch templates',
  'ec2:DescribeLaunchTemplates',
  200,
  (ec2, sdk, page) => ec2.send(new sdk.DescribeLaunchTemplatesCommand({ ...page, IncludeManagedResources: true })),
  (output) => output.LaunchTemplates,
);

/** Without a template these two come for all templates; one version that is both comes once. */
export const templateVersions = list(
  'launch template versions',
  'ec2:DescribeLaunchTemplateVersions',
  200,
  (ec2, sdk, page) =>
    ec2.send(
      new sdk.DescribeLaunchTemplateVersionsCommand({
        ...page,
        Versions: ['$Default', '$Latest'],
        IncludeManagedResources: true,
      }),
    ),
  (output) => output.LaunchTemplateVersions,
);
