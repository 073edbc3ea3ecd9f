import {
  DescribeDBClustersCommand,
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeDBSnapshotsCommand,
  DescribeGlobalClustersCommand,
  paginateDescribeDBClusterAutomatedBackups,
  paginateDescribeDBClusters,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBInstanceAutomatedBackups,
  paginateDescribeDBInstances,
  paginateDescribeDBSnapshots,
  paginateDescribeExportTasks,
  paginateDescribeGlobalClusters,
  paginateDescribeIntegrations,
} from '@aws-sdk/client-rds';
import { expect, test } from 'vitest';
import { A, B, R, R2, clients, errorOf, running, smallWorld, walk } from './support.js';

const counts = {
  'kms.key': 30,
  'rds.instance': 130,
  'rds.cluster': 45,
  'rds.snapshot': 90,
  'rds.cluster-snapshot': 50,
  'rds.automated-backup': 41,
  'rds.cluster-automated-backup': 41,
  'rds.export-task': 41,
  'rds.global-cluster': 41,
  'rds.integration': 41,
};

test('every list is walked to its end, each item once', async () => {
  const world = smallWorld().generate(A, R, counts);
  const { rds } = clients(await running(world));
  const pages = { client: rds, pageSize: 20 };
  const ids = <K extends keyof typeof counts>(kind: K, field: string) =>
    [...world.items(A, R, kind)].map((record) => (record as Record<string, unknown>)[field]);

  const instances = await walk(paginateDescribeDBInstances(pages, {}), (page) => page.DBInstances);
  expect(instances.items.map((item) => item.DBInstanceArn)).toEqual(ids('rds.instance', 'DBInstanceArn'));
  const clusters = await walk(paginateDescribeDBClusters(pages, {}), (page) => page.DBClusters);
  expect(clusters.items.map((item) => item.DBClusterArn)).toEqual(ids('rds.cluster', 'DBClusterArn'));
  const clusterSnapshots = await walk(paginateDescribeDBClusterSnapshots(pages, {}), (page) => page.DBClusterSnapshots);
  const snapshots = await walk(paginateDescribeDBSnapshots(pages, {}), (page) => page.DBSnapshots);
  for (const [listed, kind] of [
    [snapshots.items, 'rds.snapshot'],
    [clusterSnapshots.items, 'rds.cluster-snapshot'],
  ] as const) {
    const usual = [...world.items(A, R, kind)].filter((record) => record.SnapshotType !== 'awsbackup');
    expect(listed.length).toBe(usual.length);
    expect(listed.map((item) => item.SnapshotType)).toEqual(usual.map((item) => item.SnapshotType));
  }
  const backups = await walk(paginateDescribeDBInstanceAutomatedBackups(pages, {}), (page) => page.DBInstanceAutomatedBackups);
  expect(backups.items.map((item) => item.DBInstanceAutomatedBackupsArn)).toEqual(
    ids('rds.automated-backup', 'DBInstanceAutomatedBackupsArn'),
  );
  const clusterBackups = await walk(
    paginateDescribeDBClusterAutomatedBackups(pages, {}),
    (page) => page.DBClusterAutomatedBackups,
  );
  expect(clusterBackups.items.map((item) => item.DBClusterArn)).toEqual(ids('rds.cluster-automated-backup', 'DBClusterArn'));
  const exports = await walk(paginateDescribeExportTasks(pages, {}), (page) => page.ExportTasks);
  expect(exports.items.map((item) => item.KmsKeyId)).toEqual(ids('rds.export-task', 'KmsKeyId'));
  const globals = await walk(paginateDescribeGlobalClusters(pages, {}), (page) => page.GlobalClusters);
  expect(globals.items.map((item) => item.GlobalClusterMembers?.[0]?.DBClusterArn).filter(Boolean).length).toBe(41);
  const integrations = await walk(paginateDescribeIntegrations(pages, {}), (page) => page.Integrations);
  expect(integrations.items.map((item) => item.KMSKeyId)).toEqual(ids('rds.integration', 'KMSKeyId'));
  expect([instances.pages, clusters.pages, exports.pages]).toEqual([7, 3, 3]);
});

test('instances and clusters are as put, the encryption type included', async () => {
  const world = smallWorld();
  const tags = [{ Key: 'env', Value: 'prod' }];
  world.put(A, R, 'rds.instance', { DBInstanceIdentifier: 'one', KmsKeyId: 'arn:k', TagList: tags });
  world.put(A, R, 'rds.instance', { DBInstanceIdentifier: 'two' });
  world.put(A, R, 'rds.instance', { DBInstanceIdentifier: 'old', StorageEncrypted: true, StorageEncryptionType: undefined });
  world.put(A, R, 'rds.cluster', { DBClusterIdentifier: 'c', StorageEncrypted: false, StorageEncryptionType: 'sse-rds' });
  const { rds } = clients(await running(world));
  const one = async (id: string) =>
    (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances?.[0];
  expect(await one('one')).toMatchObject({
    StorageEncrypted: true,
    StorageEncryptionType: 'sse-kms',
    KmsKeyId: 'arn:k',
    TagList: tags,
  });
  expect(await one(`arn:aws:rds:${R}:${A}:db:two`)).toMatchObject({ StorageEncrypted: false, StorageEncryptionType: 'none' });
  expect(await one('old')).not.toHaveProperty('StorageEncryptionType');
  const [cluster] = (await rds.send(new DescribeDBClustersCommand({}))).DBClusters ?? [];
  expect(cluster).toMatchObject({ StorageEncrypted: false, StorageEncryptionType: 'sse-rds' });
  const missing = await errorOf(one('none'));
  expect([missing.name, missing.$metadata?.httpStatusCode]).toEqual(['DBInstanceNotFoundFault', 404]);
  const filters = [{ Name: 'db-instance-id', Values: ['two'] }];
  expect((await rds.send(new DescribeDBInstancesCommand({ Filters: filters }))).DBInstances?.length).toBe(1);
  expect((await errorOf(rds.send(new DescribeDBInstancesCommand({ MaxRecords: 10 })))).name).toBe('InvalidParameterValue');
});

test('a global cluster is seen wherever it has a member, and nowhere else', async () => {
  const world = smallWorld();
  const member = (region: string) => ({
    DBClusterArn: `arn:aws:rds:${region}:${A}:cluster:c`,
    IsWriter: region === R,
    Readers: [],
  });
  world.put(A, R, 'rds.global-cluster', { GlobalClusterIdentifier: 'both', GlobalClusterMembers: [member(R), member(R2)] });
  world.put(A, R, 'rds.global-cluster', { GlobalClusterIdentifier: 'one', GlobalClusterMembers: [member(R)] });
  const estate = await running(world);
  const seen = async (region: string, GlobalClusterIdentifier?: string) => {
    const { rds } = clients(estate, A, region);
    const { GlobalClusters = [] } = await rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier }));
    return GlobalClusters.map((each) => each.GlobalClusterIdentifier);
  };
  expect(await seen(R)).toEqual(['both', 'one']);
  expect(await seen(R2)).toEqual(['both']);
  expect(await seen(R2, 'both')).toEqual(['both']);
  expect((await errorOf(seen(R2, 'one'))).name).toBe('GlobalClusterNotFoundFault');
});

test('generated databases have what is under other keys, replicas and backups from elsewhere', async () => {
  const world = smallWorld();
  for (const region of [R, R2]) world.generate(A, region, { ...counts, 'rds.global-cluster': 6 });
  const every = (kind: 'rds.instance' | 'rds.cluster' | 'rds.automated-backup' | 'rds.integration') => [
    ...world.items(A, R, kind),
  ];
  const replicas = every('rds.instance').filter((each) => each['ReadReplicaSourceDBInstanceIdentifier'] !== undefined);
  expect(replicas.length).toBeGreaterThan(2);
  for (const replica of replicas) {
    const id = String(replica['ReadReplicaSourceDBInstanceIdentifier']);
    expect(replica.StorageEncrypted).toBe(true);
    expect(world.find(A, R2, 'rds.instance', id.split(':').at(-1) ?? '')).toMatchObject({
      DBInstanceArn: id,
      StorageEncrypted: true,
    });
  }
  const withField = (records: readonly Record<string, unknown>[], field: string) =>
    records.filter((each) => each[field] !== undefined);
  for (const kind of ['rds.instance', 'rds.cluster'] as const)
    expect(withField(every(kind), 'MasterUserSecret').length).toBeGreaterThan(1);
  expect(withField(every('rds.cluster'), 'ActivityStreamKmsKeyId').length).toBeGreaterThan(1);
  expect(every('rds.instance').some(({ DBInstanceStatus: status }) => String(status).startsWith('inaccessible'))).toBe(true);
  const backups = new Set(every('rds.automated-backup').map(({ Status, Region }) => `${String(Status)} ${String(Region)}`));
  expect(backups).toEqual(new Set([`active ${R}`, `replicating ${R2}`]));
  expect(withField(every('rds.integration'), 'KMSKeyId').length).toBeLessThan(counts['rds.integration']);
  const members = [...world.items(A, R, 'rds.global-cluster')].flatMap(
    (each) => each['GlobalClusterMembers'] as { DBClusterArn: string; IsWriter: boolean }[],
  );
  const secondaries = members.filter(({ IsWriter }) => !IsWriter);
  expect(secondaries.length).toBeGreaterThan(0);
  for (const { DBClusterArn } of secondaries)
    expect(world.find(A, R2, 'rds.cluster', DBClusterArn.split(':').at(-1) ?? '')?.DBClusterArn).toBe(DBClusterArn);
});

test('AWS Backup snapshots are a set of their own, and shares are told one by one', async () => {
  const world = smallWorld();
  world.put(A, R, 'rds.snapshot', { DBSnapshotIdentifier: 'manual', sharedWith: ['all', B] });
  world.put(A, R, 'rds.snapshot', { DBSnapshotIdentifier: 'rds:auto', SnapshotType: 'automated' });
  world.put(A, R, 'rds.snapshot', { DBSnapshotIdentifier: 'awsbackup:job', SnapshotType: 'awsbackup' });
  world.put(A, R, 'rds.cluster-snapshot', { DBClusterSnapshotIdentifier: 'cs', sharedWith: [B] });
  const { rds } = clients(await running(world));
  const list = async (SnapshotType?: string) =>
    (await rds.send(new DescribeDBSnapshotsCommand(SnapshotType === undefined ? {} : { SnapshotType }))).DBSnapshots?.map(
      (snapshot) => snapshot.DBSnapshotIdentifier,
    );
  expect(await list()).toEqual(['manual', 'rds:auto']);
  expect(await list('awsbackup')).toEqual(['awsbackup:job']);
  expect(await list('manual')).toEqual(['manual']);
  const shares = await rds.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: 'manual' }));
  expect(shares.DBSnapshotAttributesResult?.DBSnapshotAttributes).toEqual([
    { AttributeName: 'restore', AttributeValues: ['all', B] },
  ]);
  const cluster = await rds.send(new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: 'cs' }));
  expect(cluster.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes?.[0]?.AttributeValues).toEqual([B]);
  const missing = await errorOf(rds.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: 'none' })));
  expect([missing.name, missing.Code]).toEqual(['DBSnapshotNotFoundFault', 'DBSnapshotNotFound']);
});
