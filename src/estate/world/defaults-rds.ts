import { uuid } from './hash.js';
import type { Kind } from './records.js';
import { age, base, hexDigits, pick } from './spot.js';
import type { Given, Spot } from './spot.js';

type RdsKind = Extract<Kind, `rds.${string}`>;

/** What the RDS records leave out. */
export const rdsCompleters: Record<RdsKind, (spot: Spot, given: Given) => unknown> = {
  'rds.instance': dbInstance,
  'rds.cluster': dbCluster,
  'rds.snapshot': dbSnapshot,
  'rds.cluster-snapshot': dbClusterSnapshot,
  'rds.automated-backup': (spot, given) => ({
    DBInstanceAutomatedBackupsArn: rdsArn(spot, 'auto-backup', `ab-${hexDigits(spot, 'backup').slice(0, 26)}`),
    Status: 'active',
    Region: spot.region,
    Engine: 'postgres',
    ...encryption('Encrypted', given),
    ...given,
  }),
  'rds.cluster-automated-backup': (spot, given) => ({
    DBClusterAutomatedBackupsArn: rdsArn(spot, 'cluster-auto-backup', `ab-${hexDigits(spot, 'cbackup').slice(0, 26)}`),
    Status: 'active',
    Region: spot.region,
    Engine: 'aurora-postgresql',
    ...encryption('StorageEncrypted', given),
    ...given,
  }),
  'rds.export-task': (spot, given) => ({
    ExportTaskIdentifier: `export-${spot.ordinal}`,
    Status: 'COMPLETE',
    SourceType: 'SNAPSHOT',
    TaskStartTime: age(spot),
    PercentProgress: 100,
    ...given,
  }),
  'rds.global-cluster': (spot, given) => {
    const id = pick(given, 'GlobalClusterIdentifier', `global-${spot.ordinal}`);
    return {
      GlobalClusterIdentifier: id,
      GlobalClusterArn: `arn:aws:rds::${spot.account}:global-cluster:${id}`,
      Status: 'available',
      Engine: 'aurora-postgresql',
      ...encryption('StorageEncrypted', given),
      GlobalClusterMembers: [],
      ...given,
    };
  },
  'rds.integration': (spot, given) => ({
    IntegrationName: `integration-${spot.ordinal}`,
    IntegrationArn: rdsArn(spot, 'integration', uuid(base(spot, 'integration'), spot.ordinal)),
    Status: 'active',
    CreateTime: age(spot),
    ...given,
  }),
};

function dbInstance(spot: Spot, given: Given): Given {
  const id = pick(given, 'DBInstanceIdentifier', `db-${spot.ordinal}`);
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: rdsArn(spot, 'db', id),
    DbiResourceId: resourceId('db', spot),
    DBInstanceClass: 'db.r7g.large',
    Engine: 'postgres',
    EngineVersion: '17.4',
    DBInstanceStatus: 'available',
    AllocatedStorage: 100,
    InstanceCreateTime: age(spot),
    AvailabilityZone: `${spot.region}a`,
    BackupRetentionPeriod: 7,
    ...encryption('StorageEncrypted', given),
    TagList: [],
    ...given,
  };
}

function dbCluster(spot: Spot, given: Given): Given {
  const id = pick(given, 'DBClusterIdentifier', `cluster-${spot.ordinal}`);
  return {
    DBClusterIdentifier: id,
    DBClusterArn: rdsArn(spot, 'cluster', id),
    DbClusterResourceId: resourceId('cluster', spot),
    Engine: 'aurora-postgresql',
    EngineVersion: '16.6',
    Status: 'available',
    ClusterCreateTime: age(spot),
    BackupRetentionPeriod: 7,
    ...encryption('StorageEncrypted', given),
    DBClusterMembers: [],
    TagList: [],
    ...given,
  };
}

function dbSnapshot(spot: Spot, given: Given): Given {
  const id = pick(given, 'DBSnapshotIdentifier', `db-snapshot-${spot.ordinal}`);
  return {
    DBSnapshotIdentifier: id,
    DBSnapshotArn: rdsArn(spot, 'snapshot', id),
    DBInstanceIdentifier: 'gone',
    Engine: 'postgres',
    Status: 'available',
    SnapshotType: 'manual',
    SnapshotCreateTime: age(spot),
    OriginalSnapshotCreateTime: age(spot),
    AllocatedStorage: 100,
    PercentProgress: 100,
    ...encryption('Encrypted', given),
    TagList: [],
    sharedWith: [],
    ...given,
  };
}

function dbClusterSnapshot(spot: Spot, given: Given): Given {
  const id = pick(given, 'DBClusterSnapshotIdentifier', `cluster-snapshot-${spot.ordinal}`);
  return {
    DBClusterSnapshotIdentifier: id,
    DBClusterSnapshotArn: rdsArn(spot, 'cluster-snapshot', id),
    DBClusterIdentifier: 'gone',
    Engine: 'aurora-postgresql',
    Status: 'available',
    SnapshotType: 'manual',
    SnapshotCreateTime: age(spot),
    PercentProgress: 100,
    ...encryption('StorageEncrypted', given),
    TagList: [],
    sharedWith: [],
    ...given,
  };
}

/** Encrypted with a key, if one is given; encrypted with the service's own key under the sse-rds type (flag false). */
function encryption(flag: 'Encrypted' | 'StorageEncrypted', given: Given): Given {
  const encrypted = (given[flag] ?? given['KmsKeyId'] !== undefined) as boolean;
  return { [flag]: encrypted, StorageEncryptionType: encrypted ? 'sse-kms' : 'none' };
}

function rdsArn(spot: { account: string; region: string }, type: string, id: string): string {
  return `arn:aws:rds:${spot.region}:${spot.account}:${type}:${id}`;
}

function resourceId(prefix: string, spot: Spot): string {
  return `${prefix}-${hexDigits(spot, prefix).slice(0, 26).toUpperCase()}`;
}
