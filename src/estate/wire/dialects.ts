import type { Dialect } from './xml.js';

type Names = Readonly<Record<string, string>>;

function lookup(names: Names, field: string, parent: string): string | undefined {
  return names[`${parent}.${field}`] ?? names[field];
}

/** EC2 writes names with a small first letter, but for these. `List.Field` goes before `Field`. */
const ec2Names: Names = {
  Regions: 'regionInfo',
  'Regions.Endpoint': 'regionEndpoint',
  Geography: 'geographySet',
  Tags: 'tagSet',
  Volumes: 'volumeSet',
  'Volumes.State': 'status',
  Attachments: 'attachmentSet',
  'Attachments.State': 'status',
  Snapshots: 'snapshotSet',
  'Snapshots.State': 'status',
  'Snapshots.StateMessage': 'statusMessage',
  CreateVolumePermissions: 'createVolumePermission',
  Images: 'imagesSet',
  'Images.State': 'imageState',
  'Images.OwnerId': 'imageOwnerId',
  'Images.Public': 'isPublic',
  'Images.BlockDeviceMappings': 'blockDeviceMapping',
  LaunchPermissions: 'launchPermission',
  LaunchTemplateVersions: 'launchTemplateVersionSet',
  'LaunchTemplateData.BlockDeviceMappings': 'blockDeviceMappingSet',
  TagSpecifications: 'tagSpecificationSet',
  SecurityGroupIds: 'securityGroupIdSet',
};

export const ec2Dialect: Dialect = {
  element: (field, parent) => lookup(ec2Names, field, parent) ?? field.charAt(0).toLowerCase() + field.slice(1),
  item: () => 'item',
};

/** RDS keeps the names; list items have the singular here, `member` elsewhere. */
const rdsItems: Names = {
  DBInstances: 'DBInstance',
  DBClusters: 'DBCluster',
  DBSnapshots: 'DBSnapshot',
  DBClusterSnapshots: 'DBClusterSnapshot',
  DBSnapshotAttributes: 'DBSnapshotAttribute',
  DBClusterSnapshotAttributes: 'DBClusterSnapshotAttribute',
  AttributeValues: 'AttributeValue',
  DBInstanceAutomatedBackups: 'DBInstanceAutomatedBackup',
  DBInstanceAutomatedBackupsReplications: 'DBInstanceAutomatedBackupsReplication',
  DBClusterAutomatedBackups: 'DBClusterAutomatedBackup',
  ExportTasks: 'ExportTask',
  GlobalClusters: 'GlobalClusterMember',
  GlobalClusterMembers: 'GlobalClusterMember',
  Integrations: 'Integration',
  Tags: 'Tag',
  TagList: 'Tag',
  Errors: 'IntegrationError',
  DBClusterMembers: 'DBClusterMember',
  AvailabilityZones: 'AvailabilityZone',
  ReadReplicaDBInstanceIdentifiers: 'ReadReplicaDBInstanceIdentifier',
  ReadReplicaDBClusterIdentifiers: 'ReadReplicaDBClusterIdentifier',
  ReadReplicaIdentifiers: 'ReadReplicaIdentifier',
  VpcSecurityGroups: 'VpcSecurityGroupMembership',
  DBParameterGroups: 'DBParameterGroup',
  OptionGroupMemberships: 'OptionGroupMembership',
  AssociatedRoles: 'DBInstanceRole',
  'DBClusters.AssociatedRoles': 'DBClusterRole',
  ProcessorFeatures: 'ProcessorFeature',
  StatusInfos: 'DBInstanceStatusInfo',
  DomainMemberships: 'DomainMembership',
};

/** For RDS and STS. */
export const queryDialect: Dialect = {
  element: (field) => field,
  item: (field, parent) => lookup(rdsItems, field, parent) ?? 'member',
};

const s3Names: Names = {
  Rules: 'Rule',
  'And.Tags': 'Tag',
  InventoryConfigurationList: 'InventoryConfiguration',
  Uploads: 'Upload',
  Parts: 'Part',
  Errors: 'Error',
  SSES3: 'SSE-S3',
  SSEKMS: 'SSE-KMS',
};

/** The lists S3 wraps; all others are flattened. */
const s3Items: Names = { Buckets: 'Bucket', TagSet: 'Tag', OptionalFields: 'Field', TargetGrants: 'Grant' };

export const s3Dialect: Dialect = {
  element: (field, parent) => lookup(s3Names, field, parent) ?? field,
  item: (field, parent) => lookup(s3Items, field, parent),
};
