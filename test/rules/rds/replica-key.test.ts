import { expect, test } from 'vitest';
import type { Replication } from '#model/resources/index.js';
import rule from '#rules/rds/replica-key.js';
import { arnOfKey, awsManagedKey, cluster, instance, key, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const abroad = { region: 'eu-west-1' };
const foreign = { account: '999999999999' };
const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };
const sseRds = { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null };
const recommended = 'recommended' as const;
const awsKey = awsManagedKey(1, 'rds');
const sourceKey = key(1, { place: abroad });

const source = (details = {}): TestResource => instance('source', { kmsKeyId: arnOfKey(1, abroad), ...details }, {}, abroad);
const clusterSource = (details = {}): TestResource =>
  cluster('source', { kmsKeyId: arnOfKey(1, abroad), ...details }, {}, abroad);
const sourceArn = source().record.arn;
const clusterArn = clusterSource().record.arn;
const readReplica = (arn: string | null): { replication: Replication } => ({ replication: { by: 'read replica', source: arn } });
const member = (arn: string | null): { replication: Replication } => ({ replication: { by: 'global cluster', source: arn } });
const replica = (details = {}, facets = {}): TestResource =>
  instance('replica', details, { ...readReplica(sourceArn), ...facets });
const globalMember = (details = {}, facets = {}): TestResource =>
  cluster('member', details, { ...member(clusterArn), ...facets });

testRule(rule, {
  pass: [
    {
      name: 'customer managed like its source',
      resource: replica(),
      others: [key(1), source(), sourceKey],
      message: `The postgres instance, a read replica of ${sourceArn}, is under a customer managed key, not below it.`,
      evidence: { Engine: 'postgres', KmsKeyId: arnOfKey(1), source: sourceArn },
    },
    {
      name: 'customer managed, its source outside the run',
      resource: globalMember({ engine: 'neptune' }),
      others: [key(1)],
      message: `The Neptune cluster, a global cluster member of ${clusterArn}, is under a customer managed key, not below it.`,
    },
    {
      name: 'a foreign key, its source not listed',
      resource: replica({ kmsKeyId: arnOfKey(3, foreign) }),
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.instance', region: 'eu-west-1' }],
      followUps: [key(3, { place: foreign, metadata: unread() })],
      message: `The postgres instance, a read replica of ${sourceArn}, is under a customer managed key, not below it.`,
    },
    {
      name: 'aws/rds like its source',
      resource: replica(),
      others: [awsKey, source(), awsManagedKey(1, 'rds', abroad)],
      message: `The postgres instance, a read replica of ${sourceArn}, is under an AWS managed key, not below it.`,
    },
    {
      name: 'plain like its source',
      resource: globalMember(plain),
      others: [clusterSource(plain)],
      message: `The aurora-postgresql cluster, a global cluster member of ${clusterArn}, is not encrypted, not below it.`,
    },
    {
      name: 'customer managed, of a global cluster without a writer',
      resource: globalMember({}, member(null)),
      others: [key(1)],
      message:
        'The aurora-postgresql cluster, a global cluster member of a writer that AWS did not name, is under a customer managed key, not below it.',
    },
  ],
  fail: [
    {
      name: 'aws/rds below a customer managed source',
      resource: replica(),
      others: [awsKey, source(), sourceKey],
      message: `The postgres instance, a read replica of ${sourceArn}, is under an AWS managed key; that is under a customer managed key.`,
    },
    {
      name: 'aws/rds below a source whose key is gone: it was customer managed',
      resource: replica(),
      others: [awsKey, source(), key(9, { place: abroad })],
      message: `The postgres instance, a read replica of ${sourceArn}, is under an AWS managed key; that is under a customer managed key.`,
    },
    {
      name: 'a global cluster member under a key that AWS owns',
      resource: globalMember(sseRds),
      others: [clusterSource(), awsManagedKey(1, 'rds', abroad)],
      message: `The aurora-postgresql cluster, a global cluster member of ${clusterArn}, is under a key that AWS owns; that is under an AWS managed key.`,
    },
    {
      name: 'a cluster that replicates an instance',
      resource: cluster('replica', sseRds, readReplica(sourceArn)),
      others: [source(), sourceKey],
      message: `The aurora-postgresql cluster, a read replica of ${sourceArn}, is under a key that AWS owns; that is under a customer managed key.`,
    },
    {
      name: 'an instance that replicates a cluster, tags unread',
      resource: instance('replica', plain, { ...readReplica(clusterArn), tags: unread() }),
      others: [clusterSource(sseRds)],
      baseline: recommended,
      message: `The postgres instance, a read replica of ${clusterArn}, is not encrypted; that is under a key that AWS owns.`,
    },
  ],
  unknown: [
    {
      name: 'the global clusters denied, whatever its key',
      resource: globalMember({}, { replication: unread() }),
      others: [key(1)],
      missing: [{ facet: 'rds.cluster/replication', cause: 'denied' }],
    },
    {
      name: 'its region not in the run',
      resource: replica(),
      others: [awsKey],
      missing: [{ facet: 'rds.instance/details', code: sourceArn, cause: 'uncollected' }],
    },
    {
      name: 'its source not among the databases of the run',
      resource: globalMember(),
      others: [awsKey],
      regions: ['eu-west-1'],
      missing: [{ facet: 'rds.cluster/details', code: clusterArn, cause: 'uncollected' }],
    },
    {
      name: 'a global cluster without a writer',
      resource: globalMember({}, member(null)),
      others: [awsKey],
      missing: [{ facet: 'rds.cluster/details', code: null, cause: 'uncollected' }],
    },
    {
      name: 'its source not listed',
      resource: replica(),
      others: [awsKey],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.instance', region: 'eu-west-1' }],
      missing: [{ facet: 'rds.instance/*', cause: 'denied' }],
    },
    {
      name: "its source's key could not be described",
      resource: replica(),
      others: [awsKey, source(), key(1, { place: abroad, metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'its own key could not be described',
      resource: replica(),
      others: [key(1, { metadata: unread() }), source(), sourceKey],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'its key left out',
      resource: replica({ kmsKeyId: null }),
      others: [source(), sourceKey],
      missing: [{ facet: 'rds.instance/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    { name: 'no replica', resource: instance('db-1', plain), reason: 'not a replica' },
    { name: 'no replica, of a cluster', resource: cluster('db-1'), reason: 'not a replica' },
    {
      name: 'in the region of its source',
      resource: instance('db-1', plain, readReplica('arn:aws:rds:us-east-1:111111111111:db:source')),
      reason: 'a replica within its region: its source is in us-east-1 too',
    },
    {
      name: 'a member of a cluster',
      resource: replica({ clusterId: 'c-1' }),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
    { name: 'its key is gone', resource: replica(), others: [source(), sourceKey], reason: 'the key is gone: see key/exists' },
  ],
});

function remedyOf({ record, account }: TestResource) {
  const identity = { ...record, account, partition: 'aws' };
  const remedy = rule.remediation(identity, { ...identity, ...record.facets });
  expect(remedy).toMatchSnapshot();
  return remedy;
}

test('a read replica of an instance is made again from its source', () => {
  const { cli, terraform } = remedyOf(replica());
  expect(cli).toContain(
    `aws rds create-db-instance-read-replica --region us-east-1 --source-region eu-west-1 --source-db-instance-identifier ${sourceArn} --db-instance-identifier replica-encrypted --kms-key-id`,
  );
  expect(terraform).toContain(`replicate_source_db = "${sourceArn}"`);
});

test('one of a cluster too', () => {
  const { cli, terraform } = remedyOf(cluster('replica', {}, readReplica(clusterArn)));
  expect(cli).toContain('aws rds create-db-cluster --region us-east-1 --replication-source-identifier "$SOURCE"');
  expect(terraform).toContain(`replication_source_identifier = "${clusterArn}"`);
});

test('one of a cluster of which nothing more is known has its source named by whoever applies it', () => {
  const { record, account } = cluster('replica');
  const { cli, terraform } = rule.remediation({ ...record, account, partition: 'aws' });
  expect(cli).toContain('aws rds create-db-cluster --region us-east-1 --replication-source-identifier "$SOURCE"');
  expect(terraform).toContain('  replication_source_identifier = var.source_arn\n');
});

test('a quote in the ARN of a member does not end the text that it is compared with', () => {
  const { cli } = remedyOf(cluster("it's", {}, member(clusterArn)));
  const [, query = ''] = /--query '(.*)' --output text/.exec(cli ?? '') ?? [];
  expect(query.replaceAll("'\\''", "'")).toContain("DBClusterArn=='arn:aws:rds:us-east-1:111111111111:cluster:it\\'s']");
});

test.each([
  ['aurora-mysql', 'rds', 'kms_key_id '],
  ['neptune', 'neptune', 'kms_key_arn '],
  ['docdb', 'docdb', 'kms_key_id '],
])('a member of a global cluster of %s is replaced by aws %s', (engine, service, argument) => {
  const { cli, terraform } = remedyOf(globalMember({ engine }));
  expect(cli).toContain(`GLOBAL=$(aws ${service} describe-global-clusters --region us-east-1 --query 'GlobalClusters[?`);
  expect(cli).toContain(`aws ${service} create-db-cluster --region us-east-1 --global-cluster-identifier "$GLOBAL"`);
  expect(terraform).toContain(`resource "aws_${service}_cluster" "member"`);
  expect(terraform).toContain(argument);
});
