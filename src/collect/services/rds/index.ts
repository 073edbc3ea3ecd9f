import type {
  DBCluster,
  DBClusterAutomatedBackup,
  DBClusterSnapshot,
  DBInstance,
  DBInstanceAutomatedBackup,
  DBSnapshot,
  ExportTask,
  GlobalCluster,
  Integration,
} from '@aws-sdk/client-rds';
import type { Attempt } from '#model/attempt.js';
import { parseArn } from '#model/arn.js';
import { whyNotShareable } from '#model/shared-snapshot.js';
import type { Place } from '#model/place.js';
import type {
  AutomatedBackupDetails,
  DatabaseExtras,
  RdsSnapshotDetails,
  Replication,
  RestoreAttribute,
} from '#model/resources/index.js';
import { AbsentField, forService, type ServiceSpec, type Settled, type Target } from '../../service.js';
import { tagsOf } from '../../tags.js';
import type * as Rds from './sdk.js';

const { source, fromSource, call, kind } = forService<typeof Rds>();
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

/** Those with a member in the region, whichever region holds the writer. */
const globalClusters = source({
  name: 'global clusters',
  operation: 'rds:DescribeGlobalClusters',
  action: 'rds:DescribeGlobalClusters',
  pageSize: 100,
  request: (rds, sdk, Marker, http) => rds.send(new sdk.DescribeGlobalClustersCommand({ ...page, Marker }), http),
  items: (output) => output.GlobalClusters,
  next: (output) => output.Marker,
});

const instanceBackups = source({
  name: 'automated backups',
  operation: 'rds:DescribeDBInstanceAutomatedBackups',
  action: 'rds:DescribeDBInstanceAutomatedBackups',
  pageSize: 100,
  request: (rds, sdk, Marker, http) => rds.send(new sdk.DescribeDBInstanceAutomatedBackupsCommand({ ...page, Marker }), http),
  items: (output) => output.DBInstanceAutomatedBackups?.map((ofInstance) => ({ ofInstance })),
  next: (output) => output.Marker,
});

const clusterBackups = source({
  name: 'cluster automated backups',
  operation: 'rds:DescribeDBClusterAutomatedBackups',
  action: 'rds:DescribeDBClusterAutomatedBackups',
  pageSize: 100,
  request: (rds, sdk, Marker, http) => rds.send(new sdk.DescribeDBClusterAutomatedBackupsCommand({ ...page, Marker }), http),
  items: (output) => output.DBClusterAutomatedBackups?.map((ofCluster) => ({ ofCluster })),
  next: (output) => output.Marker,
});

const exportTasks = source({
  name: 'export tasks',
  operation: 'rds:DescribeExportTasks',
  action: 'rds:DescribeExportTasks',
  pageSize: 100,
  request: (rds, sdk, Marker, http) => rds.send(new sdk.DescribeExportTasksCommand({ ...page, Marker }), http),
  items: (output) => output.ExportTasks,
  next: (output) => output.Marker,
});

const integrations = source({
  name: 'integrations',
  operation: 'rds:DescribeIntegrations',
  action: 'rds:DescribeIntegrations',
  pageSize: 100,
  request: (rds, sdk, Marker, http) => rds.send(new sdk.DescribeIntegrationsCommand({ ...page, Marker }), http),
  items: (output) => output.Integrations,
  next: (output) => output.Marker,
});

function target(arn: string | undefined, id: string | undefined, region: string): Target | undefined {
  return arn === undefined || id === undefined ? undefined : { arn, name: id, id, region };
}

/** What both databases have beside their storage. */
function extrasOf(item: DBInstance | DBCluster): DatabaseExtras {
  const { MasterUserSecret: secret } = item;
  return {
    performanceInsights: {
      enabled: item.PerformanceInsightsEnabled ?? null,
      kmsKeyId: item.PerformanceInsightsKMSKeyId || null,
    },
    activityStream: { status: item.ActivityStreamStatus ?? null, kmsKeyId: item.ActivityStreamKmsKeyId || null },
    masterSecret: secret === undefined ? null : { kmsKeyId: secret.KmsKeyId || null },
  };
}

/** RDS names a source in the same region by its identifier, one in another by its ARN. */
function replicaOf(id: string | undefined, type: 'db' | 'cluster', { partition, account, region }: Place): Replication | null {
  if (id === undefined || id === '') return null;
  const source = id.startsWith('arn:') ? id : `arn:${partition}:rds:${region}:${account}:${type}:${id}`;
  return { by: 'read replica', source };
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
        resourceId: item.DbiResourceId ?? null,
        clusterId: item.DBClusterIdentifier ?? null,
        ...extrasOf(item),
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
    replication: {
      by: 'list',
      project: (item, place) =>
        replicaOf(item.ReadReplicaSourceDBInstanceIdentifier, 'db', place) ??
        replicaOf(item.ReadReplicaSourceDBClusterIdentifier, 'cluster', place),
    },
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
        resourceId: item.DbClusterResourceId ?? null,
        ...extrasOf(item),
        members: (item.DBClusterMembers ?? []).flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []),
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
    replication: fromSource<GlobalCluster, Replication | null, DBCluster>(globalClusters, (items) => {
      const writers = writersOf(items);
      return ({ arn, region }, { ReplicationSourceIdentifier }) => {
        const writer = writers.get(arn);
        if (writer !== undefined) return { by: 'global cluster', source: writer };
        const { partition = '', account = '' } = parseArn(arn) ?? {};
        return replicaOf(ReplicationSourceIdentifier, 'cluster', { partition, account, region });
      };
    }),
  },
});

/** The writer of its global cluster for every member that is none, by ARN. */
function writersOf(items: readonly GlobalCluster[]): ReadonlyMap<string, string | null> {
  const writers = new Map<string, string | null>();
  for (const { GlobalClusterMembers: members = [] } of items) {
    const writer = members.find(({ IsWriter }) => IsWriter === true)?.DBClusterArn ?? null;
    for (const { DBClusterArn, IsWriter } of members)
      if (DBClusterArn !== undefined && IsWriter !== true) writers.set(DBClusterArn, writer);
  }
  return writers;
}

type Attributes = readonly { AttributeName?: string | undefined; AttributeValues?: string[] | undefined }[] | undefined;

/** Only manual snapshots can be shared. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html */
function settleRestore(known: { own(facet: 'details'): Attempt<RdsSnapshotDetails> }): Settled<RestoreAttribute> {
  const details = known.own('details');
  if (!details.known) return undefined;
  const reason = whyNotShareable(details.value);
  return reason === null ? undefined : { skip: reason };
}

function projectRestore(attributes: Attributes): RestoreAttribute | AbsentField {
  if (attributes === undefined) return new AbsentField('restore');
  const accounts = new Set<string>();
  for (const { AttributeName, AttributeValues = [] } of attributes)
    if (AttributeName === 'restore') for (const value of AttributeValues) accounts.add(value);
  return { all: accounts.delete('all'), accounts: [...accounts].sort() };
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
    restore: call({
      operation: 'rds:DescribeDBSnapshotAttributes',
      action: 'rds:DescribeDBSnapshotAttributes',
      after: ['details'],
      settle: settleRestore,
      request: (rds, sdk, { id }, http) =>
        rds.send(new sdk.DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id }), http),
      project: (output) => projectRestore(output.DBSnapshotAttributesResult?.DBSnapshotAttributes),
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
    restore: call({
      operation: 'rds:DescribeDBClusterSnapshotAttributes',
      action: 'rds:DescribeDBClusterSnapshotAttributes',
      after: ['details'],
      settle: settleRestore,
      request: (rds, sdk, { id }, http) =>
        rds.send(new sdk.DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: id }), http),
      project: (output) => projectRestore(output.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes),
      gone: ['DBClusterSnapshotNotFoundFault', 'DBClusterSnapshotNotFound'],
    }),
  },
});

type ListedBackup =
  | { readonly ofInstance: DBInstanceAutomatedBackup; readonly ofCluster?: undefined }
  | { readonly ofCluster: DBClusterAutomatedBackup; readonly ofInstance?: undefined };

/** Where AWS gives a backup no ARN of its own, one is made of the database that it is of. */
function backupTarget({ ofInstance, ofCluster }: ListedBackup, { partition, account, region }: Place): Target | undefined {
  const [arn, type, id, resourceId] =
    ofInstance === undefined
      ? [
          ofCluster.DBClusterAutomatedBackupsArn,
          'cluster-auto-backup',
          ofCluster.DBClusterIdentifier,
          ofCluster.DbClusterResourceId,
        ]
      : [ofInstance.DBInstanceAutomatedBackupsArn, 'auto-backup', ofInstance.DBInstanceIdentifier, ofInstance.DbiResourceId];
  const known = resourceId ?? id;
  const made = known === undefined ? undefined : `arn:${partition}:rds:${region}:${account}:${type}:${known}`;
  return target(arn || made, id ?? resourceId, region);
}

function projectBackup({ ofInstance, ofCluster }: ListedBackup): AutomatedBackupDetails {
  const item = ofInstance ?? ofCluster;
  return {
    of: ofInstance === undefined ? 'cluster' : 'instance',
    engine: item.Engine ?? null,
    encrypted: (ofInstance === undefined ? ofCluster.StorageEncrypted : ofInstance.Encrypted) ?? null,
    encryptionType: item.StorageEncryptionType ?? null,
    kmsKeyId: item.KmsKeyId || null,
    status: item.Status ?? null,
    databaseArn: (ofInstance === undefined ? ofCluster.DBClusterArn : ofInstance.DBInstanceArn) ?? null,
    resourceId: (ofInstance === undefined ? ofCluster.DbClusterResourceId : ofInstance.DbiResourceId) ?? null,
  };
}

const automatedBackup = kind<'rds.automated-backup', ListedBackup>({
  kind: 'rds.automated-backup',
  sources: [instanceBackups, clusterBackups],
  identify: backupTarget,
  facets: {
    details: { by: 'list', project: projectBackup },
    tags: { by: 'list', project: ({ ofInstance, ofCluster }) => tagsOf((ofInstance ?? ofCluster).TagList) },
  },
});

const exportTask = kind<'rds.export-task', ExportTask>({
  kind: 'rds.export-task',
  sources: [exportTasks],
  // AWS gives export tasks no ARN.
  identify: ({ ExportTaskIdentifier: id }, { partition, account, region }) =>
    target(id === undefined ? undefined : `arn:${partition}:rds:${region}:${account}:export-task:${id}`, id, region),
  facets: {
    details: {
      by: 'list',
      project: (item) => ({
        status: item.Status ?? null,
        startedAt: item.TaskStartTime?.toISOString() ?? null,
        kmsKeyId: item.KmsKeyId || null,
        bucket: item.S3Bucket ?? null,
      }),
    },
  },
});

const integration = kind<'rds.integration', Integration>({
  kind: 'rds.integration',
  sources: [integrations],
  identify: ({ IntegrationArn, IntegrationName }, { region }) =>
    target(IntegrationArn, IntegrationName ?? IntegrationArn, region),
  facets: {
    details: { by: 'list', project: ({ KMSKeyId }) => ({ kmsKeyId: KMSKeyId || null }) },
    tags: { by: 'list', project: ({ Tags }) => tagsOf(Tags) },
  },
});

export const rds: ServiceSpec<typeof Rds> = {
  service: 'rds',
  scope: 'region',
  sdk: () => import('./sdk.js'),
  kinds: [instance, cluster, snapshot, clusterSnapshot, automatedBackup, exportTask, integration],
};
