import type { DBCluster, DBClusterSnapshot, DBInstance, DBSnapshot } from '@aws-sdk/client-rds';
import type { Attempt } from '#model/attempt.js';
import { parseArn } from '#model/arn.js';
import type { RdsSnapshotDetails, RdsSnapshotPublic } from '#model/resources/index.js';
import { AbsentField, forService, type ServiceSpec, type Settled, type Target } from '../../service.js';
import { tagsOf } from '../../tags.js';
import type * as Rds from './sdk.js';

const { source, call, kind } = forService<typeof Rds>();
const page = { MaxRecords: 100 };

const instances = source({
  name: 'instances',
  operation: 'rds:DescribeDBInstances',
  action: 'rds:DescribeDBInstances',
  pageSize: 100,
  request: (rds, sdk, Marker, http) => rds.send(new sdk.DescribeDBInstancesCommand({ ...page, Marker }), http),
  items: (output) => output.DBInstances,
  next: (output) => output.Marker,
});

const clusters = source({
  name: 'clusters',
  operation: 'rds:DescribeDBClusters',
  action: 'rds:DescribeDBClusters',
  pageSize: 100,
  request: (rds, sdk, Marker, http) => rds.send(new sdk.DescribeDBClustersCommand({ ...page, Marker }), http),
  items: (output) => output.DBClusters,
  next: (output) => output.Marker,
});

/** Without a type RDS lists automated and manual snapshots; those of AWS Backup need a chain of their own. */
const snapshotTypes = [undefined, 'awsbackup'] as const;

const snapshots = snapshotTypes.map((SnapshotType) =>
  source({
    name: SnapshotType === undefined ? 'snapshots' : 'AWS Backup snapshots',
    operation: 'rds:DescribeDBSnapshots',
    action: 'rds:DescribeDBSnapshots',
    pageSize: 100,
    request: (rds, sdk, Marker, http) => rds.send(new sdk.DescribeDBSnapshotsCommand({ ...page, Marker, SnapshotType }), http),
    items: (output) => output.DBSnapshots,
    next: (output) => output.Marker,
  }),
);

const clusterSnapshots = snapshotTypes.map((SnapshotType) =>
  source({
    name: SnapshotType === undefined ? 'cluster snapshots' : 'AWS Backup cluster snapshots',
    operation: 'rds:DescribeDBClusterSnapshots',
    action: 'rds:DescribeDBClusterSnapshots',
    pageSize: 100,
    request: (rds, sdk, Marker, http) =>
      rds.send(new sdk.DescribeDBClusterSnapshotsCommand({ ...page, Marker, SnapshotType }), http),
    items: (output) => output.DBClusterSnapshots,
    next: (output) => output.Marker,
  }),
);

function target(arn: string | undefined, id: string | undefined, region: string): Target | undefined {
  return arn === undefined || id === undefined ? undefined : { arn, name: id, id, region };
}

const instance = kind<'rds.instance', DBInstance>({
  kind: 'rds.instance',
  sources: [instances],
  identify: ({ DBInstanceArn, DBInstanceIdentifier }, { region }) => target(DBInstanceArn, DBInstanceIdentifier, region),
  facets: {
    details: {
      by: 'list',
      project: (item) => ({
        engine: item.Engine ?? null,
        encrypted: item.StorageEncrypted ?? null,
        encryptionType: item.StorageEncryptionType ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        status: item.DBInstanceStatus ?? null,
        clusterId: item.DBClusterIdentifier ?? null,
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
  },
});

const cluster = kind<'rds.cluster', DBCluster>({
  kind: 'rds.cluster',
  sources: [clusters],
  identify: ({ DBClusterArn, DBClusterIdentifier }, { region }) => target(DBClusterArn, DBClusterIdentifier, region),
  facets: {
    details: {
      by: 'list',
      project: (item) => ({
        engine: item.Engine ?? null,
        encrypted: item.StorageEncrypted ?? null,
        encryptionType: item.StorageEncryptionType ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        status: item.Status ?? null,
        members: (item.DBClusterMembers ?? []).flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []),
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
  },
});

type Attributes = readonly { AttributeName?: string | undefined; AttributeValues?: string[] | undefined }[] | undefined;

/**
 * Only manual snapshots can be shared, and RDS refuses to make one public that is encrypted under a KMS key.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html
 */
function settlePublic(known: { own(facet: 'details'): Attempt<RdsSnapshotDetails> }): Settled<RdsSnapshotPublic> {
  const details = known.own('details');
  if (!details.known) return undefined;
  const { type, encrypted, encryptionType } = details.value;
  if (type !== null && type !== 'manual') return { skip: `${type} snapshots cannot be shared` };
  const underKms = encryptionType === 'sse-kms' || (encryptionType === null && encrypted === true);
  return underKms ? { value: { public: false, seenBy: 'encrypted' } } : undefined;
}

function projectPublic(attributes: Attributes): RdsSnapshotPublic | AbsentField {
  if (attributes === undefined) return new AbsentField('restore');
  const restore = attributes.filter(({ AttributeName }) => AttributeName === 'restore');
  return {
    public: restore.some(({ AttributeValues }) => AttributeValues?.includes('all') === true),
    seenBy: 'restore attribute',
  };
}

const snapshot = kind<'rds.snapshot', DBSnapshot>({
  kind: 'rds.snapshot',
  sources: snapshots,
  identify: ({ DBSnapshotArn, DBSnapshotIdentifier }, { region }) => target(DBSnapshotArn, DBSnapshotIdentifier, region),
  facets: {
    details: {
      by: 'list',
      project: (item): RdsSnapshotDetails => ({
        engine: item.Engine ?? null,
        encrypted: item.Encrypted ?? null,
        encryptionType: item.StorageEncryptionType ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        status: item.Status ?? null,
        type: item.SnapshotType ?? null,
        createdAt: item.SnapshotCreateTime?.toISOString() ?? null,
        sourceRegion: item.SourceRegion || null,
        sourceArn: item.SourceDBSnapshotIdentifier || null,
        databaseId: item.DBInstanceIdentifier ?? null,
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
    public: call({
      operation: 'rds:DescribeDBSnapshotAttributes',
      action: 'rds:DescribeDBSnapshotAttributes',
      after: ['details'],
      settle: settlePublic,
      request: (rds, sdk, { id }, http) =>
        rds.send(new sdk.DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id }), http),
      project: (output) => projectPublic(output.DBSnapshotAttributesResult?.DBSnapshotAttributes),
      gone: ['DBSnapshotNotFoundFault', 'DBSnapshotNotFound'],
    }),
  },
});

const clusterSnapshot = kind<'rds.cluster-snapshot', DBClusterSnapshot>({
  kind: 'rds.cluster-snapshot',
  sources: clusterSnapshots,
  identify: ({ DBClusterSnapshotArn, DBClusterSnapshotIdentifier }, { region }) =>
    target(DBClusterSnapshotArn, DBClusterSnapshotIdentifier, region),
  facets: {
    details: {
      by: 'list',
      project: (item): RdsSnapshotDetails => ({
        engine: item.Engine ?? null,
        encrypted: item.StorageEncrypted ?? null,
        encryptionType: item.StorageEncryptionType ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        status: item.Status ?? null,
        type: item.SnapshotType ?? null,
        createdAt: item.SnapshotCreateTime?.toISOString() ?? null,
        // Cluster snapshots have no SourceRegion: the ARN of the source holds it.
        sourceRegion: parseArn(item.SourceDBClusterSnapshotArn ?? '')?.region ?? null,
        sourceArn: item.SourceDBClusterSnapshotArn || null,
        databaseId: item.DBClusterIdentifier ?? null,
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
    public: call({
      operation: 'rds:DescribeDBClusterSnapshotAttributes',
      action: 'rds:DescribeDBClusterSnapshotAttributes',
      after: ['details'],
      settle: settlePublic,
      request: (rds, sdk, { id }, http) =>
        rds.send(new sdk.DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: id }), http),
      project: (output) => projectPublic(output.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes),
      gone: ['DBClusterSnapshotNotFoundFault', 'DBClusterSnapshotNotFound'],
    }),
  },
});

export const rds: ServiceSpec<typeof Rds> = {
  service: 'rds',
  scope: 'region',
  sdk: () => import('./sdk.js'),
  kinds: [instance, cluster, snapshot, clusterSnapshot],
};
