import { expect, test } from 'vitest';
import rule from '#rules/rds/performance-insights-key.js';
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

const foreign = { account: '999999999999' };
const insights = (kmsKeyId: string | null = arnOfKey(2), enabled: boolean | null = true) => ({
  performanceInsights: { enabled, kmsKeyId },
});
const subject = 'The Performance Insights data of the postgres instance';
const recommended = 'recommended' as const;

testRule(rule, {
  pass: [
    {
      name: 'customer managed and usable',
      resource: instance('db-1', insights()),
      others: [key(2)],
      message: `${subject} is under a customer managed key.`,
      evidence: { PerformanceInsightsEnabled: true, PerformanceInsightsKMSKeyId: arnOfKey(2) },
    },
    {
      name: 'a member of a cluster, tags unread',
      resource: instance('db-1', { ...insights(), clusterId: 'c-1', engine: 'docdb' }, { tags: unread() }),
      others: [key(2)],
      baseline: recommended,
      message: 'The Performance Insights data of the DocumentDB instance is under a customer managed key.',
    },
    {
      name: 'aws/rds where none is required',
      resource: cluster('db-1', insights(arnOfAlias('alias/aws/rds'))),
      baseline: recommended,
      message: 'The Performance Insights data of the aurora-postgresql cluster is under an AWS managed key.',
    },
    {
      name: 'the key left out where none is required',
      resource: instance('db-1', insights(null)),
      baseline: recommended,
      message: `${subject} is under an AWS managed key.`,
    },
    {
      name: 'the flag left out beside a key',
      resource: instance('db-1', insights(arnOfKey(2), null)),
      others: [key(2)],
      message: `${subject} is under a customer managed key.`,
    },
  ],
  fail: [
    {
      name: 'disabled, though the storage key is not',
      resource: instance('db-1', insights()),
      others: [key(1), key(2, { metadata: metadata({ state: 'Disabled' }) })],
      message: `${subject} is under ${arnOfKey(2)}, which cannot be used: Disabled.`,
    },
    {
      name: 'gone, tags unread',
      resource: cluster('db-1', insights(), { tags: unread() }),
      baseline: recommended,
      message: `The Performance Insights data of the aurora-postgresql cluster is under ${arnOfKey(2)}, which cannot be used: it does not exist.`,
    },
    {
      name: 'aws/rds by ARN where one is required',
      resource: instance('db-1', insights()),
      others: [awsManagedKey(2, 'rds')],
      message: `${subject} is under an AWS managed key; a customer managed key is required.`,
    },
    {
      name: 'the key left out where one is required by a tag',
      resource: instance('db-1', insights(null), { tags: { dataclass: 'PHI' } }),
      baseline: recommended,
      message: `${subject} is under an AWS managed key; a customer managed key is required.`,
    },
  ],
  unknown: [
    {
      name: 'the key could not be described',
      resource: instance('db-1', insights()),
      others: [key(2, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'a foreign key',
      resource: instance('db-1', insights(arnOfKey(2, foreign))),
      followUps: [key(2, { place: foreign, metadata: unread() })],
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'aws/rds, and tags unread that could require more',
      resource: instance('db-1', insights(null), { tags: unread() }),
      baseline: recommended,
      missing: [{ facet: 'rds.instance/tags' }],
    },
  ],
  notApplicable: [
    { name: 'off', resource: instance('db-1', insights(arnOfKey(2), false)), reason: 'Performance Insights is off' },
    {
      name: 'flag and key left out',
      resource: cluster('db-1', insights(null, null)),
      reason: 'Performance Insights is off',
    },
  ],
});

function remedyOf({ record, account }: TestResource) {
  const identity = { ...record, account, partition: 'aws' };
  const remedy = rule.remediation(identity, { ...identity, ...record.facets });
  expect(remedy).toMatchSnapshot();
  return remedy;
}

test('an instance is made anew from a snapshot', () => {
  const { cli, terraform } = remedyOf(instance('db-1', insights()));
  expect(cli).toContain('aws rds restore-db-instance-from-db-snapshot --region us-east-1 --db-snapshot-identifier db-1-insights');
  expect(cli?.split('\n').at(-1)).toContain(
    'aws rds modify-db-instance --region us-east-1 --db-instance-identifier db-1-insights',
  );
  expect(terraform).toContain('resource "aws_db_instance"');
});

test.each([
  ['aurora-mysql', 'rds', 'performance_insights_enabled    = true'],
  ['docdb', 'docdb', 'enable_performance_insights     = true'],
])('a member of %s is joined by another one', (engine, service, argument) => {
  const { cli, terraform } = remedyOf(instance('db-1', { ...insights(), engine, clusterId: 'c-1' }));
  expect(cli).toContain(
    `aws ${service} create-db-instance --region us-east-1 --db-instance-identifier db-1-insights --db-cluster-identifier c-1`,
  );
  expect(terraform).toContain(`resource "aws_${service}_cluster_instance"`);
  expect(terraform).toContain(argument);
});

test('a member of Neptune too, whose insights Terraform does not set', () => {
  const { cli, terraform } = remedyOf(instance('db-1', { ...insights(), engine: 'neptune', clusterId: 'c-1' }));
  expect(cli).toContain('aws neptune create-db-instance --region us-east-1 --db-instance-identifier db-1-insights');
  expect(terraform).toContain('resource "aws_neptune_cluster_instance"');
  expect(terraform).not.toContain('performance_insights');
});

test('a cluster is restored', () => {
  const { cli, terraform } = remedyOf(cluster('db-1', insights()));
  expect(cli).toContain('aws rds restore-db-cluster-from-snapshot --region us-east-1 --snapshot-identifier db-1-insights');
  expect(terraform).toContain('resource "aws_rds_cluster"');
});
