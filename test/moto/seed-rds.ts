import {
  CopyDBClusterSnapshotCommand,
  CopyDBSnapshotCommand,
  CreateDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  CreateDBSnapshotCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  ModifyDBSnapshotAttributeCommand,
  StartExportTaskCommand,
} from '@aws-sdk/client-rds';
import { DE, EU, US, type Cloud } from './cloud.js';
import { neverMade } from './seed-ebs.js';
import type { KeyArns } from './seed-keys.js';

const login = { MasterUsername: 'admin', MasterUserPassword: 'not-a-secret' };
const tags = (confidential: boolean) => (confidential ? [{ Key: 'DataClass', Value: 'confidential' }] : []);
const everybody = { AttributeName: 'restore', ValuesToAdd: ['all'] };

/** moto takes an automated snapshot of each instance and cluster at once; these have their databases' names. */
export async function seedRds(a: Cloud, b: Cloud, keys: KeyArns): Promise<void> {
  const confidential = true;
  const { app } = keys;
  await instance(a, US, 'db-plain', { confidential });
  await instance(a, US, 'db-aws', { encrypted: true });
  await instance(a, US, 'db-aws-confidential', { encrypted: true, confidential });
  await instance(a, US, 'db-cmk', { key: app, confidential });
  await instance(a, US, 'db-key-deleting', { key: keys['deleting-used'] });
  await instance(a, US, 'db-key-gone', { key: neverMade(a.account, US), confidential });
  await instance(b, US, 'b-db', { encrypted: true });

  await cluster(a, US, 'cluster-plain');
  await cluster(a, US, 'cluster-cmk', { key: app, confidential });
  await cluster(a, US, 'cluster-neptune', { encrypted: true, engine: 'neptune', confidential });
  const member = {
    DBInstanceIdentifier: 'member',
    DBInstanceClass: 'db.r5.large',
    Engine: 'aurora-postgresql',
    DBClusterIdentifier: 'cluster-plain',
  };
  const { DBInstance } = await a.rds(US).send(new CreateDBInstanceCommand(member));
  a.called('member', DBInstance?.DBInstanceArn ?? '');

  const plain = await snapshot(a, US, 'db-plain', 'manual-plain');
  const cmk = await snapshot(a, US, 'db-cmk', 'manual-cmk');
  await snapshot(a, US, 'db-plain', 'manual-public');
  await a.rds(US).send(new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier: 'manual-public', ...everybody }));
  await snapshot(a, US, 'db-cmk', 'manual-shared');
  await share(a, US, 'manual-shared', b.account);
  for (const [name, key] of [
    ['copied-lent', keys['lent-to-b']],
    ['copied-granted', keys['granted-to-b']],
  ] as const) {
    await copy(a, US, cmk, name, key);
    await share(a, US, name, b.account);
  }
  await replica(a, EU, `arn:aws:rds:${US}:${a.account}:db:db-cmk`, 'replica-cmk', keys['app-eu']);
  await replica(a, EU, `arn:aws:rds:${US}:${a.account}:db:db-cmk`, 'replica-below', keys['aws/rds eu-west-1']);
  await exportTask(a, US, plain, 'export-cmk', app);
  await exportTask(a, US, plain, 'export-key-deleting', keys['deleting-used']);
  await exportTask(a, US, plain, 'export-key-of-b', keys['b-shared']);
  await copy(a, EU, plain, 'copied-plain');
  await copy(a, EU, cmk, 'copied-cmk', keys['app-eu']);
  await copy(a, EU, cmk, 'copied-below-source', keys['aws/rds eu-west-1']);
  await copy(a, DE, cmk, 'copied-key-disabled', keys['disabled-de']);

  const clusterPlain = await clusterSnapshot(a, US, 'cluster-plain', 'manual-cluster-plain');
  const clusterCmk = await clusterSnapshot(a, US, 'cluster-cmk', 'manual-cluster-cmk');
  await clusterSnapshot(a, US, 'cluster-plain', 'manual-cluster-public');
  await a
    .rds(US)
    .send(new ModifyDBClusterSnapshotAttributeCommand({ DBClusterSnapshotIdentifier: 'manual-cluster-public', ...everybody }));
  await copyCluster(a, EU, clusterPlain, 'copied-cluster-plain');
  await copyCluster(a, EU, clusterCmk, 'copied-cluster-cmk', keys['app-eu']);
}

interface Wish {
  readonly key?: string | undefined;
  /** Without a key: under aws/rds. */
  readonly encrypted?: boolean;
  readonly confidential?: boolean;
  readonly engine?: string;
}

async function instance(
  cloud: Cloud,
  region: string,
  name: string,
  { key, encrypted = key !== undefined, confidential = false }: Wish = {},
): Promise<void> {
  const database = {
    DBInstanceIdentifier: name,
    DBInstanceClass: 'db.t3.micro',
    Engine: 'postgres',
    AllocatedStorage: 20,
    ...login,
  };
  const input = { ...database, StorageEncrypted: encrypted, KmsKeyId: key, Tags: tags(confidential) };
  const { DBInstance } = await cloud.rds(region).send(new CreateDBInstanceCommand(input));
  cloud.called(name, DBInstance?.DBInstanceArn ?? '');
}

async function cluster(
  cloud: Cloud,
  region: string,
  name: string,
  { key, encrypted = key !== undefined, confidential = false, engine = 'aurora-postgresql' }: Wish = {},
): Promise<void> {
  const input = {
    DBClusterIdentifier: name,
    Engine: engine,
    ...(engine === 'neptune' ? {} : login),
    StorageEncrypted: encrypted,
    KmsKeyId: key,
    Tags: tags(confidential),
  };
  const { DBCluster } = await cloud.rds(region).send(new CreateDBClusterCommand(input));
  cloud.called(name, DBCluster?.DBClusterArn ?? '');
}

async function snapshot(cloud: Cloud, region: string, of: string, name: string): Promise<string> {
  const { DBSnapshot } = await cloud
    .rds(region)
    .send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: of, DBSnapshotIdentifier: name }));
  return cloud.called(name, DBSnapshot?.DBSnapshotArn ?? '');
}

async function clusterSnapshot(cloud: Cloud, region: string, of: string, name: string): Promise<string> {
  const input = { DBClusterIdentifier: of, DBClusterSnapshotIdentifier: name };
  const { DBClusterSnapshot } = await cloud.rds(region).send(new CreateDBClusterSnapshotCommand(input));
  return cloud.called(name, DBClusterSnapshot?.DBClusterSnapshotArn ?? '');
}

async function replica(cloud: Cloud, region: string, source: string, name: string, key?: string): Promise<void> {
  const input = { SourceDBInstanceIdentifier: source, DBInstanceIdentifier: name, KmsKeyId: key };
  const { DBInstance } = await cloud.rds(region).send(new CreateDBInstanceReadReplicaCommand(input));
  cloud.called(name, DBInstance?.DBInstanceArn ?? '');
}

async function exportTask(cloud: Cloud, region: string, source: string, name: string, key?: string): Promise<void> {
  const target = { S3BucketName: 'exports', IamRoleArn: `arn:aws:iam::${cloud.account}:role/export` };
  await cloud
    .rds(region)
    .send(new StartExportTaskCommand({ ExportTaskIdentifier: name, SourceArn: source, KmsKeyId: key, ...target }));
  cloud.called(name, `arn:aws:rds:${region}:${cloud.account}:export-task:${name}`);
}

async function copy(cloud: Cloud, region: string, source: string, name: string, key?: string): Promise<void> {
  const input = { SourceDBSnapshotIdentifier: source, TargetDBSnapshotIdentifier: name, KmsKeyId: key };
  const { DBSnapshot } = await cloud.rds(region).send(new CopyDBSnapshotCommand(input));
  cloud.called(name, DBSnapshot?.DBSnapshotArn ?? '');
}

async function share(cloud: Cloud, region: string, DBSnapshotIdentifier: string, account: string): Promise<void> {
  const input = { DBSnapshotIdentifier, AttributeName: 'restore', ValuesToAdd: [account] };
  await cloud.rds(region).send(new ModifyDBSnapshotAttributeCommand(input));
}

async function copyCluster(cloud: Cloud, region: string, source: string, name: string, key?: string): Promise<void> {
  const input = { SourceDBClusterSnapshotIdentifier: source, TargetDBClusterSnapshotIdentifier: name, KmsKeyId: key };
  const { DBClusterSnapshot } = await cloud.rds(region).send(new CopyDBClusterSnapshotCommand(input));
  cloud.called(name, DBClusterSnapshot?.DBClusterSnapshotArn ?? '');
}
