import { expect, test } from 'vitest';
import rule from '#rules/rds/automated-backup-encrypted.js';
import {
  arnOfKey,
  automatedBackup,
  awsManagedKey,
  cluster,
  instance,
  key,
  unread,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const abroad = { region: 'eu-west-1' };
const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };
const sseRds = { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null };
const awsKey = awsManagedKey(1, 'rds');
const sourceKey = key(1, { place: abroad });
const database = (details = {}): TestResource => instance('db-1', { kmsKeyId: arnOfKey(1, abroad), ...details }, {}, abroad);
const databaseArn = database().record.arn;
const clusterDatabase = (details = {}): TestResource =>
  cluster('db-1', { kmsKeyId: arnOfKey(1, abroad), ...details }, {}, abroad);
const clusterArn = clusterDatabase().record.arn;
const replicated = (details = {}, facets = {}): TestResource =>
  automatedBackup('ab-1', { status: 'active', databaseArn, ...details }, facets);
const ofCluster = (details = {}): TestResource =>
  automatedBackup('ab-1', { of: 'cluster', engine: 'aurora-mysql', databaseArn: clusterArn, ...details });

const kept = (level: string) => `The postgres automated backup is ${level}, not below its database.`;
const alone = 'The postgres automated backup is encrypted; its database is not in the run to compare with.';
const below = `The postgres automated backup is under an AWS managed key; its database ${databaseArn} is under a customer managed key.`;

testRule(rule, {
  pass: [
    {
      name: 'customer managed, databases not listed',
      resource: replicated(),
      others: [key(1)],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.instance', region: 'eu-west-1' }],
      message: kept('under a customer managed key'),
      evidence: { Engine: 'postgres', Encrypted: true, Status: 'active', databaseArn },
    },
    {
      name: 'its key is gone: see key/exists',
      resource: replicated(),
      others: [database(), sourceKey],
      message: kept('under a customer managed key'),
    },
    {
      name: 'aws/rds like its database',
      resource: replicated(),
      others: [awsKey, database(), awsManagedKey(1, 'rds', abroad)],
      message: kept('under an AWS managed key'),
    },
    {
      name: 'of a cluster, under a key that AWS owns like it',
      resource: ofCluster(sseRds),
      others: [clusterDatabase(sseRds)],
      message: 'The aurora-mysql automated backup is under a key that AWS owns, not below its database.',
      evidence: { StorageEncrypted: false },
    },
    {
      name: 'its key unread, its database under an AWS managed one',
      resource: replicated(),
      others: [key(1, { metadata: unread() }), database(), awsManagedKey(1, 'rds', abroad)],
      message: kept('under a KMS key'),
    },
    {
      name: 'its key left out, its database plain',
      resource: replicated({ kmsKeyId: null }),
      others: [database(plain)],
      message: kept('under a KMS key'),
    },
    {
      name: 'retained after its database, its key unread',
      resource: automatedBackup('ab-1'),
      others: [key(1, { metadata: unread() })],
      message: alone,
    },
    {
      name: 'retained, and another database has its name',
      resource: automatedBackup('ab-1', { resourceId: 'db-0' }),
      others: [awsKey, instance('db-1', { kmsKeyId: arnOfKey(2) }), key(2)],
      message: alone,
    },
    { name: 'its region not in the run', resource: replicated(), others: [awsKey], message: alone },
    {
      name: 'retained, the ARN of its database left out',
      resource: automatedBackup('ab-1', { databaseArn: null }),
      others: [awsKey],
      message: alone,
    },
    {
      name: 'no status, the ARN of its database left out',
      resource: automatedBackup('ab-1', { status: null, databaseArn: null }),
      others: [awsKey],
      message: alone,
    },
  ],
  fail: [
    {
      name: 'retained and plain',
      resource: automatedBackup('ab-1', plain),
      message: 'The postgres automated backup is not encrypted.',
      evidence: { Encrypted: false, Status: 'retained' },
    },
    {
      name: 'replicated and plain, everything else unread',
      resource: replicated(plain, { tags: unread() }),
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.instance' }, { kind: 'kms.key' }],
      message: 'The postgres automated backup is not encrypted.',
    },
    {
      name: 'creating in another region, plain by the boolean',
      resource: replicated({ encrypted: false, encryptionType: null, kmsKeyId: null, status: 'creating' }),
      message: 'The postgres automated backup is not encrypted.',
    },
    { name: 'below its database', resource: replicated(), others: [awsKey, database(), sourceKey], message: below },
    {
      name: 'below its database, of which AWS names no resource id',
      resource: replicated(),
      others: [awsKey, database({ resourceId: null }), sourceKey],
      message: below,
    },
    {
      name: 'below its database, naming no resource id itself',
      resource: replicated({ resourceId: null }),
      others: [awsKey, database(), sourceKey],
      message: below,
    },
    {
      name: 'replicating, of a cluster, under a key that AWS owns below it',
      resource: ofCluster({ ...sseRds, status: 'replicating' }),
      others: [clusterDatabase(), sourceKey],
      message: `The aurora-mysql automated backup is under a key that AWS owns; its database ${clusterArn} is under a customer managed key.`,
    },
  ],
  unknown: [
    {
      name: 'both fields left out',
      resource: replicated({ encrypted: null, encryptionType: null }),
      missing: [{ facet: 'rds.automated-backup/details', code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'both fields left out of one of a cluster',
      resource: ofCluster({ encrypted: null, encryptionType: null }),
      missing: [{ code: 'StorageEncrypted', cause: 'absent-field' }],
    },
    {
      name: 'a type that this version does not know',
      resource: replicated({ encryptionType: 'sse-new' }),
      missing: [{ code: 'a known StorageEncryptionType (it says sse-new)' }],
    },
    {
      name: 'active, the ARN of its database left out',
      resource: replicated({ databaseArn: null, ...plain }),
      missing: [{ code: 'DBInstanceArn', cause: 'absent-field' }],
    },
    {
      name: 'active, the ARN of its cluster left out',
      resource: ofCluster({ status: 'creating', databaseArn: null }),
      missing: [{ code: 'DBClusterArn', cause: 'absent-field' }],
    },
    {
      name: 'databases not listed',
      resource: replicated(),
      others: [awsKey],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.instance', region: 'eu-west-1' }],
      missing: [{ facet: 'rds.instance/*', cause: 'denied' }],
    },
    {
      name: "its database's key could not be described",
      resource: replicated(),
      others: [awsKey, database(), key(1, { place: abroad, metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata' }],
    },
    {
      name: 'its key unread, its database under a customer managed one',
      resource: replicated(),
      others: [key(1, { metadata: unread() }), database(), sourceKey],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
  ],
  notApplicable: [
    {
      name: 'active in the region of its instance, plain',
      resource: automatedBackup('ab-1', { ...plain, status: 'active' }),
      reason: 'the backup of a database that is there: judged at the instance',
    },
    {
      name: 'creating in the region of its cluster',
      resource: automatedBackup('ab-1', {
        of: 'cluster',
        status: 'creating',
        databaseArn: 'arn:aws:rds:us-east-1:111111111111:cluster:db-1',
      }),
      reason: 'the backup of a database that is there: judged at the cluster',
    },
  ],
});

function remedyOf({ record, account }: TestResource, facts = true) {
  const identity = { ...record, account, partition: 'aws' };
  const remedy = rule.remediation(identity, facts ? { ...identity, ...record.facets } : undefined);
  expect(remedy).toMatchSnapshot();
  return remedy;
}

test('a replication is started again under another key', () => {
  const { cli, terraform } = remedyOf(replicated());
  expect(cli).toContain(
    `aws rds start-db-instance-automated-backups-replication --region us-east-1 --source-db-instance-arn ${databaseArn} --kms-key-id`,
  );
  expect(terraform).toContain('aws_db_instance_automated_backups_replication');
});

test('a retained backup is restored and deleted', () => {
  const { cli, terraform } = remedyOf(automatedBackup('ab-1'));
  expect(cli).toContain(
    'aws rds delete-db-instance-automated-backup --region us-east-1 --db-instance-automated-backups-arn arn:aws:rds:us-east-1:111111111111:auto-backup:ab-1',
  );
  expect(terraform).toContain('resource "aws_db_instance" "restored"');
  expect(remedyOf(automatedBackup('ab-1'), false)).toEqual(remedyOf(automatedBackup('ab-1')));
});

test('one of a cluster by its resource id', () => {
  const { cli, terraform } = remedyOf(ofCluster({ resourceId: 'cluster-1' }));
  expect(cli).toContain('aws rds delete-db-cluster-automated-backup --region us-east-1 --db-cluster-resource-id cluster-1');
  expect(terraform).toContain('resource "aws_rds_cluster" "restored"');
  expect(cli).toContain('--kms-key-id');
  expect(remedyOf(ofCluster(plain)).cli).not.toContain('--kms-key-id');
  expect(remedyOf(ofCluster(), false).cli).toContain('--db-cluster-resource-id "$(aws rds describe-db-cluster-automated-backups');
});
