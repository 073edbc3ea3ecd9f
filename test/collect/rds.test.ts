import { expect, test } from 'vitest';
import { createWorld, type World } from '#estate/index.js';
import { facetState } from '#model/resources/index.js';
import { scanEstate } from '../support/scan-estate.js';
import { callsOn, inventoryOf } from './support.js';

const account = '111111111111';
const region = 'us-east-1';
const abroad = 'eu-west-1';
const at = [account, region] as const;
const arn = (type: string, name: string, where = region) => `arn:aws:rds:${where}:${account}:${type}:${name}`;
const empty = (): World => createWorld({ seed: 4 }).addAccount(account, { regions: [region, abroad] });

/** What the inventory holds of a facet, by the name of its resource. */
async function valuesOf(world: World, ruleGlobs: readonly string[], facet: string): Promise<Record<string, unknown>> {
  return scanEstate(world, { services: ['rds'], regions: [region], ruleGlobs }, async ({ path }) => {
    const { records } = await inventoryOf(path);
    return Object.fromEntries(
      records.map((record) => {
        const state = facetState(record, facet);
        return [record.name, state?.state === 'read' ? state.value : state?.state];
      }),
    );
  });
}

test('what a database is a copy of, by identifier, ARN or global cluster', async () => {
  const world = empty();
  const instance = (DBInstanceIdentifier: string, given = {}) =>
    world.put(...at, 'rds.instance', { DBInstanceIdentifier, ...given });
  const cluster = (DBClusterIdentifier: string, given = {}) => world.put(...at, 'rds.cluster', { DBClusterIdentifier, ...given });
  instance('alone');
  instance('near', { ReadReplicaSourceDBInstanceIdentifier: 'alone' });
  instance('far', { ReadReplicaSourceDBInstanceIdentifier: arn('db', 'source', abroad) });
  instance('of-cluster', { ReadReplicaSourceDBClusterIdentifier: 'writer' });
  cluster('writer');
  cluster('member');
  cluster('leaderless');
  cluster('replica', { ReplicationSourceIdentifier: arn('db', 'source', abroad) });
  cluster('near-replica', { ReplicationSourceIdentifier: 'writer' });
  world.put(...at, 'rds.global-cluster', {
    GlobalClusterIdentifier: 'here',
    GlobalClusterMembers: [{ DBClusterArn: arn('cluster', 'writer'), IsWriter: true }],
  });
  world.put(account, abroad, 'rds.global-cluster', {
    GlobalClusterIdentifier: 'there',
    GlobalClusterMembers: [
      { DBClusterArn: arn('cluster', 'member'), IsWriter: false },
      { DBClusterArn: arn('cluster', 'primary', abroad), IsWriter: true },
    ],
  });
  world.put(...at, 'rds.global-cluster', {
    GlobalClusterIdentifier: 'failing-over',
    GlobalClusterMembers: [{ DBClusterArn: arn('cluster', 'leaderless'), IsWriter: false }],
  });
  expect(await valuesOf(world, ['rds/replica-key'], 'replication')).toEqual({
    alone: 'absent',
    near: { by: 'read replica', source: arn('db', 'alone') },
    far: { by: 'read replica', source: arn('db', 'source', abroad) },
    'of-cluster': { by: 'read replica', source: arn('cluster', 'writer') },
    writer: 'absent',
    member: { by: 'global cluster', source: arn('cluster', 'primary', abroad) },
    leaderless: { by: 'global cluster', source: null },
    replica: { by: 'read replica', source: arn('db', 'source', abroad) },
    'near-replica': { by: 'read replica', source: arn('cluster', 'writer') },
  });
});

test('the restore attribute is asked of manual snapshots alone, and told whole', async () => {
  const world = empty();
  const key = world.put(...at, 'kms.key').Arn;
  const snapshot = (DBSnapshotIdentifier: string, given = {}) =>
    world.put(...at, 'rds.snapshot', { DBSnapshotIdentifier, ...given });
  snapshot('open', { sharedWith: ['333333333333', 'all', '222222222222', '333333333333'] });
  snapshot('encrypted', { KmsKeyId: key, sharedWith: ['222222222222'] });
  snapshot('own');
  snapshot('rds:automated', { SnapshotType: 'automated' });
  world.put(...at, 'rds.cluster-snapshot', { DBClusterSnapshotIdentifier: 'awsbackup:job', SnapshotType: 'awsbackup' });
  expect(await valuesOf(world, ['rds/snapshot-trusted-accounts'], 'restore')).toEqual({
    open: { all: true, accounts: ['222222222222', '333333333333'] },
    encrypted: { all: false, accounts: ['222222222222'] },
    own: { all: false, accounts: [] },
    'rds:automated': 'skipped',
    'awsbackup:job': 'skipped',
  });
});

test('both kinds of automated backups are one kind here, by their own ARN or one made of their database', async () => {
  const world = empty();
  const key = world.put(...at, 'kms.key').Arn;
  world.put(...at, 'rds.automated-backup', {
    DBInstanceIdentifier: 'db',
    DBInstanceAutomatedBackupsArn: arn('auto-backup', 'ab-1'),
    DBInstanceArn: arn('db', 'db'),
    DbiResourceId: 'db-1',
    Status: 'retained',
    KmsKeyId: key,
    TagList: [{ Key: 'team', Value: 'a' }],
  });
  world.put(...at, 'rds.automated-backup', {
    DBInstanceAutomatedBackupsArn: '',
    DBInstanceIdentifier: 'without-arn',
    DbiResourceId: 'db-2',
    Encrypted: false,
  });
  world.put(...at, 'rds.cluster-automated-backup', {
    DBClusterIdentifier: 'cluster',
    DBClusterAutomatedBackupsArn: arn('cluster-auto-backup', 'ab-3'),
    DBClusterArn: arn('cluster', 'cluster'),
    DbClusterResourceId: 'cluster-1',
    StorageEncrypted: false,
    StorageEncryptionType: 'sse-rds',
  });
  await scanEstate(
    world,
    { services: ['rds'], regions: [region], ruleGlobs: ['rds/automated-backup-encrypted'] },
    async ({ path, estate, verdict }) => {
      const { records } = await inventoryOf(path);
      const backups = records.filter(({ kind }) => kind === 'rds.automated-backup');
      expect(backups.map(({ arn: each, facets: { details } }) => [each, details])).toEqual([
        [
          arn('auto-backup', 'ab-1'),
          {
            of: 'instance',
            engine: 'postgres',
            encrypted: true,
            encryptionType: 'sse-kms',
            kmsKeyId: key,
            status: 'retained',
            databaseArn: arn('db', 'db'),
            resourceId: 'db-1',
          },
        ],
        [
          arn('auto-backup', 'db-2'),
          {
            of: 'instance',
            engine: 'postgres',
            encrypted: false,
            encryptionType: 'none',
            kmsKeyId: null,
            status: 'active',
            databaseArn: null,
            resourceId: 'db-2',
          },
        ],
        [
          arn('cluster-auto-backup', 'ab-3'),
          {
            of: 'cluster',
            engine: 'aurora-postgresql',
            encrypted: false,
            encryptionType: 'sse-rds',
            kmsKeyId: null,
            status: 'active',
            databaseArn: arn('cluster', 'cluster'),
            resourceId: 'cluster-1',
          },
        ],
      ]);
      expect(verdict('rds/automated-backup-encrypted', arn('auto-backup', 'ab-1'))?.verdict).toBe('pass');
      const listed = estate.log.map(({ operation }) => operation).filter((operation) => operation.includes('AutomatedBackups'));
      expect(listed.sort()).toEqual(['rds:DescribeDBClusterAutomatedBackups', 'rds:DescribeDBInstanceAutomatedBackups']);
    },
  );
});

test('a key is used by a database once, and by exports and integrations', async () => {
  const world = empty();
  const key = world.put(...at, 'kms.key', { KeyState: 'PendingDeletion' }).Arn;
  const insights = world.put(...at, 'kms.key', { KeyState: 'PendingDeletion' }).Arn;
  world.put(...at, 'rds.instance', {
    DBInstanceIdentifier: 'db',
    KmsKeyId: key,
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKMSKeyId: key,
    MasterUserSecret: { KmsKeyId: key },
  });
  world.put(...at, 'rds.instance', {
    DBInstanceIdentifier: 'statements',
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKMSKeyId: insights,
  });
  world.put(...at, 'rds.cluster', {
    DBClusterIdentifier: 'was-on',
    PerformanceInsightsEnabled: false,
    PerformanceInsightsKMSKeyId: key,
    ActivityStreamStatus: 'stopped',
    ActivityStreamKmsKeyId: key,
  });
  world.put(...at, 'rds.cluster', {
    DBClusterIdentifier: 'streams',
    ActivityStreamStatus: 'starting',
    ActivityStreamKmsKeyId: key,
  });
  world.put(...at, 'rds.export-task', { KmsKeyId: key });
  world.put(...at, 'rds.export-task', { KmsKeyId: key, Status: 'FAILED' });
  world.put(...at, 'rds.integration', { KMSKeyId: key });
  world.put(...at, 'rds.automated-backup', { KmsKeyId: key });
  await scanEstate(world, { regions: [region], ruleGlobs: ['kms/not-pending-deletion', 'rds/*'] }, ({ report, estate }) => {
    const dependants = Object.fromEntries(report.keys.map((each) => [each.arn, each.dependants]));
    expect(dependants[key]).toEqual({
      'rds.automated-backup': 1,
      'rds.cluster': 1,
      'rds.export-task': 1,
      'rds.instance': 1,
      'rds.integration': 1,
    });
    expect(dependants[insights]).toEqual({ 'rds.instance': 1 });
    expect(callsOn(estate, key)['kms:DescribeKey'] ?? 0).toBeLessThanOrEqual(1);
  });
});
