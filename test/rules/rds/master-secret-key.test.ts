import { expect, test } from 'vitest';
import rule from '#rules/rds/master-secret-key.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  cluster,
  instance,
  key,
  metadata,
  unread,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const elsewhere = { account: '222222222222' };
const secret = (kmsKeyId: string | null = arnOfKey(2)) => ({ masterSecret: { kmsKeyId } });
const pii = { tags: { DataClass: 'pii' } };
const awsManaged =
  'The master user secret of the postgres instance is encrypted under the AWS managed key alias/aws/secretsmanager; a customer managed key is required.';

testRule(rule, {
  pass: [
    {
      name: 'customer managed',
      resource: instance('db-1', secret()),
      others: [key(2)],
      message: `The master user secret of the postgres instance is encrypted under the customer managed key ${arnOfKey(2)}.`,
      evidence: { Engine: 'postgres', MasterUserSecretKmsKeyId: arnOfKey(2), inferred: false },
    },
    {
      name: 'of a cluster, under a disabled key',
      resource: cluster('db-1', { ...secret(), engine: 'docdb' }, pii),
      others: [key(2, { metadata: metadata({ state: 'Disabled' }) })],
      baseline: 'recommended',
      message: `The master user secret of the DocumentDB cluster is encrypted under the customer managed key ${arnOfKey(2)}.`,
    },
    {
      name: 'a foreign key that cannot be described',
      resource: instance('db-1', secret(arnOfKey(2, elsewhere))),
      followUps: [key(2, { place: elsewhere, metadata: unread() })],
      message: `The master user secret of the postgres instance is encrypted under ${arnOfKey(2, elsewhere)} of account 222222222222, which is outside the scope. AWS managed keys cannot be used across accounts, so it is taken to be customer managed.`,
    },
  ],
  fail: [
    {
      name: 'the key left out',
      resource: instance('db-1', secret(null)),
      others: [key(1)],
      message: awsManaged,
      evidence: { MasterUserSecretKmsKeyId: null },
    },
    {
      name: 'aws/secretsmanager by ARN, required by a tag',
      resource: cluster('db-1', secret(), pii),
      others: [awsManagedKey(2, 'secretsmanager')],
      baseline: 'recommended',
      message: awsManaged.replace('postgres instance', 'aurora-postgresql cluster'),
    },
    {
      name: 'aws/secretsmanager by alias',
      resource: instance('db-1', secret(arnOfAlias('alias/aws/secretsmanager'))),
      message: awsManaged,
    },
  ],
  unknown: [
    {
      name: 'the key could not be described',
      resource: instance('db-1', secret()),
      others: [key(2, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'tags unread where a tag decides',
      resource: instance('db-1', secret(null), { tags: unread() }),
      baseline: 'recommended',
      missing: [{ facet: 'rds.instance/tags' }],
    },
  ],
  notApplicable: [
    { name: 'no secret', resource: instance('db-1'), reason: 'RDS manages no secret of its master user' },
    { name: 'no secret of a cluster', resource: cluster('db-1'), reason: 'RDS manages no secret of its master user' },
    {
      name: 'not required',
      resource: instance('db-1', secret(null)),
      baseline: 'recommended',
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'a member of a cluster',
      resource: instance('db-1', { ...secret(null), clusterId: 'c-1' }),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
    {
      name: 'the key is gone',
      resource: instance('db-1', secret()),
      others: [key(1)],
      reason: `the key of the secret, ${arnOfKey(2)}, is gone`,
    },
  ],
});

function remedyOf({ record, account }: TestResource) {
  const identity = { ...record, account, partition: 'aws' };
  return rule.remediation(identity, { ...identity, ...record.facets });
}

test.each([
  ['an instance', instance('db-1', secret(null)), 'aws rds modify-db-instance', 'aws_db_instance', '  identifier  '],
  ['a cluster', cluster('db-1', secret(null)), 'aws rds modify-db-cluster', 'aws_rds_cluster', '  cluster_identifier  '],
  [
    'DocumentDB',
    cluster('db-1', { ...secret(null), engine: 'docdb' }),
    'aws docdb modify-db-cluster',
    'aws_docdb_cluster',
    '  cluster_identifier  ',
  ],
])('the password of %s is handed over again', (_what, resource, cli, terraform, argument) => {
  const remedy = remedyOf(resource);
  expect(remedy.cli?.split('\n').at(-1)).toContain(cli);
  expect(remedy.terraform).toContain(`resource "${terraform}"`);
  expect(remedy.terraform).toContain(argument);
});
