import { LAB, PARTNER, SHOP, shopKey } from './demo-accounts.js';
import { daysBefore } from './world/key.js';
import type { World } from './world/world.js';

export function shopDatabases(world: World): void {
  const at = [SHOP, 'eu-west-1'] as const;
  const key = shopKey(world, 'databases', { rotation: { enabled: true, periodInDays: 365 } });
  world.put(...at, 'rds.instance', { DBInstanceIdentifier: 'unencrypted' });
  world.put(...at, 'rds.instance', { DBInstanceIdentifier: 'orders', KmsKeyId: key });
  world.put(...at, 'rds.cluster', {
    DBClusterIdentifier: 'aws-owned-key',
    StorageEncrypted: false,
    StorageEncryptionType: 'sse-rds',
    DBClusterMembers: [{ DBInstanceIdentifier: 'aws-owned-key-1', IsClusterWriter: true }],
  });
  world.put(...at, 'rds.instance', {
    DBInstanceIdentifier: 'aws-owned-key-1',
    DBClusterIdentifier: 'aws-owned-key',
    Engine: 'aurora-postgresql',
    StorageEncrypted: false,
    StorageEncryptionType: 'sse-rds',
  });
  world.put(...at, 'rds.cluster', { DBClusterIdentifier: 'graph', Engine: 'neptune', KmsKeyId: key });
  world.put(...at, 'rds.cluster', { DBClusterIdentifier: 'documents', Engine: 'docdb' });
  world.put(...at, 'rds.snapshot', {
    DBSnapshotIdentifier: 'public-unencrypted',
    DBInstanceIdentifier: 'unencrypted',
    sharedWith: ['all'],
  });
  world.put(...at, 'rds.snapshot', { DBSnapshotIdentifier: 'awsbackup:job-orders', SnapshotType: 'awsbackup', KmsKeyId: key });
  world.put(...at, 'rds.snapshot', {
    DBSnapshotIdentifier: 'shared-with-a-partner',
    DBInstanceIdentifier: 'orders',
    KmsKeyId: key,
    sharedWith: [LAB, PARTNER],
  });
  world.put(...at, 'rds.snapshot', {
    DBSnapshotIdentifier: 'restricted-under-aws-rds',
    KmsKeyId: awsManagedKey(world, 'eu-west-1'),
    TagList: [{ Key: 'DataClass', Value: 'restricted' }],
  });
  databaseKeys(world, key);
  databaseCopies(world, key);
}

function awsManagedKey(world: World, region: string): string | undefined {
  return [...world.items(SHOP, region, 'kms.key')].find(({ aliases }) => aliases.includes('alias/aws/rds'))?.Arn;
}

/** What databases have under keys beside that of their storage. */
function databaseKeys(world: World, key: string): void {
  const at = [SHOP, 'eu-west-1'] as const;
  const disabled = shopKey(world, 'statements', { KeyState: 'Disabled' });
  world.put(...at, 'rds.instance', {
    DBInstanceIdentifier: 'key-out-of-reach',
    KmsKeyId: shopKey(world, 'switched-off', { KeyState: 'Disabled' }),
    DBInstanceStatus: 'inaccessible-encryption-credentials-recoverable',
  });
  world.put(...at, 'rds.instance', {
    DBInstanceIdentifier: 'insights-key-disabled',
    KmsKeyId: key,
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKMSKeyId: disabled,
  });
  world.put(...at, 'rds.instance', {
    DBInstanceIdentifier: 'password-under-aws-secretsmanager',
    KmsKeyId: key,
    MasterUserSecret: { SecretArn: `arn:aws:secretsmanager:eu-west-1:${SHOP}:secret:rds!db-1`, SecretStatus: 'active' },
    TagList: [{ Key: 'DataClass', Value: 'restricted' }],
  });
  world.put(...at, 'rds.cluster', {
    DBClusterIdentifier: 'activity-stream-key-disabled',
    KmsKeyId: key,
    ActivityStreamStatus: 'started',
    ActivityStreamKmsKeyId: disabled,
  });
  world.put(...at, 'rds.export-task', {
    ExportTaskIdentifier: 'under-the-key-of-the-partner',
    S3Bucket: 'acme-shop-exports',
    SourceArn: `arn:aws:rds:eu-west-1:${SHOP}:snapshot:public-unencrypted`,
    KmsKeyId: world.put(PARTNER, 'eu-west-1', 'kms.key', { Description: 'of the partner, for exports' }).Arn,
    TaskStartTime: daysBefore(5),
  });
  world.put(...at, 'rds.integration', { IntegrationName: 'orders-to-warehouse', KMSKeyId: disabled });
}

/** Copies of databases in another region, and what is left of one that is gone. */
function databaseCopies(world: World, key: string): void {
  const away = [SHOP, 'us-east-2'] as const;
  const managed = awsManagedKey(world, 'us-east-2');
  world.put(...away, 'rds.instance', {
    DBInstanceIdentifier: 'orders-replica-under-aws-rds',
    KmsKeyId: managed,
    ReadReplicaSourceDBInstanceIdentifier: `arn:aws:rds:eu-west-1:${SHOP}:db:orders`,
  });
  const cluster = (name: string, region: string) => `arn:aws:rds:${region}:${SHOP}:cluster:${name}`;
  world.put(SHOP, 'eu-west-1', 'rds.cluster', { DBClusterIdentifier: 'catalogue', KmsKeyId: key });
  world.put(...away, 'rds.cluster', { DBClusterIdentifier: 'catalogue-us', KmsKeyId: managed });
  world.put(SHOP, 'eu-west-1', 'rds.global-cluster', {
    GlobalClusterIdentifier: 'catalogue',
    StorageEncrypted: true,
    GlobalClusterMembers: [
      { DBClusterArn: cluster('catalogue', 'eu-west-1'), IsWriter: true, Readers: [cluster('catalogue-us', 'us-east-2')] },
      { DBClusterArn: cluster('catalogue-us', 'us-east-2'), IsWriter: false, Readers: [] },
    ],
  });
  world.put(...away, 'rds.automated-backup', {
    DBInstanceIdentifier: 'orders',
    DBInstanceArn: `arn:aws:rds:eu-west-1:${SHOP}:db:orders`,
    Region: 'eu-west-1',
    Status: 'replicating',
    KmsKeyId: managed,
  });
  world.put(SHOP, 'eu-west-1', 'rds.automated-backup', {
    DBInstanceIdentifier: 'retained-unencrypted',
    DBInstanceArn: `arn:aws:rds:eu-west-1:${SHOP}:db:retained-unencrypted`,
    Status: 'retained',
  });
}
