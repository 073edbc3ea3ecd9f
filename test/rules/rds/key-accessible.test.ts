import { expect, test } from 'vitest';
import rule from '#rules/rds/key-accessible.js';
import { arnOfKey, cluster, instance, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const recoverable = { status: 'inaccessible-encryption-credentials-recoverable' };
const terminal = { status: 'inaccessible-encryption-credentials' };
const within =
  'The postgres instance stopped because it cannot reach its key. It can be started within seven days, once the key works.';

testRule(rule, {
  pass: [
    {
      name: 'available',
      resource: instance('db-1'),
      message: 'The postgres instance is available: it can reach its key.',
      evidence: { Engine: 'postgres', Status: 'available', KmsKeyId: arnOfKey(1) },
    },
    {
      name: 'a stopped cluster, tags unread',
      resource: cluster('db-1', { status: 'stopped', engine: 'neptune' }, { tags: unread() }),
      message: 'The Neptune cluster is stopped: it can reach its key.',
    },
    {
      name: 'not encrypted at all',
      resource: instance('db-1', { encrypted: false, encryptionType: 'none', kmsKeyId: null }),
      message: 'The postgres instance is available: it can reach its key.',
    },
  ],
  fail: [
    { name: 'recoverable', resource: instance('db-1', recoverable), message: within, evidence: { Status: recoverable.status } },
    { name: 'a member of a cluster', resource: instance('db-1', { ...recoverable, clusterId: 'c-1' }), message: within },
    {
      name: 'terminal',
      resource: cluster('db-1', { ...terminal, engine: 'docdb' }),
      message: 'The DocumentDB cluster cannot reach its key, and cannot be started any more: only a backup can be restored.',
    },
  ],
  unknown: [
    {
      name: 'an instance without status',
      resource: instance('db-1', { status: null }),
      missing: [{ facet: 'rds.instance/details', code: 'DBInstanceStatus', cause: 'absent-field' }],
    },
    {
      name: 'a cluster without status',
      resource: cluster('db-1', { status: null }),
      missing: [{ facet: 'rds.cluster/details', code: 'Status', cause: 'absent-field' }],
    },
  ],
  notApplicable: 'every database has a status',
});

function remedyOf({ record, account }: TestResource) {
  const identity = { ...record, account, partition: 'aws' };
  const remedy = rule.remediation(identity, { ...identity, ...record.facets });
  expect(remedy).toMatchSnapshot();
  return remedy.cli;
}

test.each([
  ['an instance', instance('db-1', recoverable), 'aws rds start-db-instance --region us-east-1 --db-instance-identifier db-1'],
  [
    'a member of Neptune',
    instance('db-1', { ...recoverable, engine: 'neptune', clusterId: 'graph' }),
    'aws neptune start-db-cluster --region us-east-1 --db-cluster-identifier graph',
  ],
  ['an Aurora cluster', cluster('db-1', recoverable), 'aws rds start-db-cluster --region us-east-1 --db-cluster-identifier db-1'],
  ['a DocumentDB cluster', cluster('db-1', { ...recoverable, engine: 'docdb' }), 'aws docdb start-db-cluster'],
  [
    'an instance in the terminal state',
    instance('db-1', terminal),
    'aws rds restore-db-instance-to-point-in-time --region us-east-1 --source-db-instance-identifier db-1 --target-db-instance-identifier db-1-restored',
  ],
  [
    'a Neptune cluster in the terminal state',
    cluster('db-1', { ...terminal, engine: 'neptune' }),
    'aws neptune restore-db-cluster-to-point-in-time --region us-east-1 --source-db-cluster-identifier db-1 --db-cluster-identifier db-1-restored',
  ],
])('the remediation of %s ends in its own command', (_what, resource, cli) => {
  expect(remedyOf(resource)?.split('\n').at(-1)).toContain(cli);
});

test('the key is found by the service of the engine, and made usable first', () => {
  expect(remedyOf(cluster('db-1', { ...recoverable, engine: 'docdb' }))).toMatch(
    /^KEY=.*aws docdb describe-db-clusters --db-cluster-identifier arn:aws:rds:us-east-1:111111111111:cluster:db-1 .*\n# Only.*\naws kms cancel-key-deletion .*\naws kms enable-key /,
  );
  expect(remedyOf(instance('db-1', recoverable))).toMatch(/^KEY=.*aws rds describe-db-instances .*DBInstances\[0\]\.KmsKeyId/);
});
