import { forService, type Target } from '../../service.js';
import type * as Rds from './sdk.js';

const { source } = forService<typeof Rds>();
const page = { MaxRecords: 100 };

export const instances = source({
  name: 'instances',
  operation: 'rds:DescribeDBInstances',
  action: 'rds:DescribeDBInstances',
  pageSize: 100,
  request: (rds, sdk, Marker) => rds.send(new sdk.DescribeDBInstancesCommand({ ...page, Marker })),
  items: (output) => output.DBInstances,
  next: (output) => output.Marker,
});

export const clusters = source({
  name: 'clusters',
  operation: 'rds:DescribeDBClusters',
  action: 'rds:DescribeDBClusters',
  pageSize: 100,
  request: (rds, sdk, Marker) => rds.send(new sdk.DescribeDBClustersCommand({ ...page, Marker })),
  items: (output) => output.DBClusters,
  next: (output) => output.Marker,
});

/** Without a type RDS lists automated and manual snapshots; those of AWS Backup need a chain of their own. */
const snapshotTypes = [undefined, 'awsbackup'] as const;

export const snapshots = snapshotTypes.map((SnapshotType) =>
  source({
    name: SnapshotType === undefined ? 'snapshots' : 'AWS Backup snapshots',
    operation: 'rds:DescribeDBSnapshots',
    action: 'rds:DescribeDBSnapshots',
    pageSize: 100,
    request: (rds, sdk, Marker) => rds.send(new sdk.DescribeDBSnapshotsCommand({ ...page, Marker, SnapshotType })),
    items: (output) => output.DBSnapshots,
    next: (output) => output.Marker,
  }),
);

export const clusterSnapshots = snapshotTypes.map((SnapshotType) =>
  source({
    name: SnapshotType === undefined ? 'cluster snapshots' : 'AWS Backup cluster snapshots',
    operation: 'rds:DescribeDBClusterSnapshots',
    action: 'rds:DescribeDBClusterSnapshots',
    pageSize: 100,
    request: (rds, sdk, Marker) => rds.send(new sdk.DescribeDBClusterSnapshotsCommand({ ...page, Marker, SnapshotType })),
    items: (output) => output.DBClusterSnapshots,
    next: (output) => output.Marker,
  }),
);

/** Those with a member in the region, whichever region holds the writer. */
export const globalClusters = source({
  name: 'global clusters',
  operation: 'rds:DescribeGlobalClusters',
  action: 'rds:DescribeGlobalClusters',
  pageSize: 100,
  request: (rds, sdk, Marker) => rds.send(new sdk.DescribeGlobalClustersCommand({ ...page, Marker })),
  items: (output) => output.GlobalClusters,
  next: (output) => output.Marker,
});

export const instanceBackups = source({
  name: 'automated backups',
  operation: 'rds:DescribeDBInstanceAutomatedBackups',
  action: 'rds:DescribeDBInstanceAutomatedBackups',
  pageSize: 100,
  request: (rds, sdk, Marker) => rds.send(new sdk.DescribeDBInstanceAutomatedBackupsCommand({ ...page, Marker })),
  items: (output) => output.DBInstanceAutomatedBackups?.map((ofInstance) => ({ ofInstance })),
  next: (output) => output.Marker,
});

export const clusterBackups = source({
  name: 'cluster automated backups',
  operation: 'rds:DescribeDBClusterAutomatedBackups',
  action: 'rds:DescribeDBClusterAutomatedBackups',
  pageSize: 100,
  request: (rds, sdk, Marker) => rds.send(new sdk.DescribeDBClusterAutomatedBackupsCommand({ ...page, Marker })),
  items: (output) => output.DBClusterAutomatedBackups?.map((ofCluster) => ({ ofCluster })),
  next: (output) => output.Marker,
});

export const exportTasks = source({
  name: 'export tasks',
  operation: 'rds:DescribeExportTasks',
  action: 'rds:DescribeExportTasks',
  pageSize: 100,
  request: (rds, sdk, Marker) => rds.send(new sdk.DescribeExportTasksCommand({ ...page, Marker })),
  items: (output) => output.ExportTasks,
  next: (output) => output.Marker,
});

export const integrations = source({
  name: 'integrations',
  operation: 'rds:DescribeIntegrations',
  action: 'rds:DescribeIntegrations',
  pageSize: 100,
  request: (rds, sdk, Marker) => rds.send(new sdk.DescribeIntegrationsCommand({ ...page, Marker })),
  items: (output) => output.Integrations,
  next: (output) => output.Marker,
});

/** A resource that RDS names by ARN and identifier. */
export function target(arn: string | undefined, id: string | undefined, region: string): Target | undefined {
  return arn === undefined || id === undefined ? undefined : { arn, name: id, id, region };
}
