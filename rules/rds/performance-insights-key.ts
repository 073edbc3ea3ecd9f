import { hasPerformanceInsights, serviceOf, untilAvailable, type DatabaseService } from '#model/database.js';
import { databaseSubject } from '#model/judged.js';
import { needsKey } from '#model/reencrypt.js';
import type { Identity } from '#model/resources/index.js';
import { defineRule, keyLookup, type Remediation } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { judgeSideKey, sideKeyMessages, sideKeyStates } from '#model/side-key.js';
import { terraformString } from '#model/terraform.js';

const text =
  'A key that is disabled or waits for its deletion: enable it again. The key of Performance Insights cannot be changed once it is set, so for another one make the database anew and turn Performance Insights on under the other key there.';
const underKey = '--enable-performance-insights --performance-insights-kms-key-id "${KEY:?}"';

export default defineRule({
  id: 'rds/performance-insights-key',
  kind: ['rds.instance', 'rds.cluster'],
  severity: 'low',
  title: 'Performance Insights is under a key that works, and a customer managed one where that is required',
  needs: ['details'],
  premises: ['details'],
  lookups: keyLookup,
  cmkRequired: 'want',
  docs: {
    why: 'Performance Insights keeps the text of statements for up to two years, and literals in them are the data itself. It has a key of its own, aws/rds unless somebody names a better, whatever the storage is under.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.access-control.cmk-policy.html',
    waive: 'A database whose statements hold no data, as those of an application that binds every value.',
  },
  messages: sideKeyMessages,
  states: [
    ['Performance Insights is off: its flag is false, or AWS leaves out flag and key', 'not applicable'],
    ...sideKeyStates,
  ],
  remediation: (database, facts) => {
    const service = serviceOf(facts);
    if (database.kind === 'rds.cluster') return newCluster(database);
    const member = facts !== undefined && 'clusterId' in facts.details ? facts.details.clusterId : null;
    return member === null ? newInstance(database) : newMember(database, member, service);
  },
  appliesTo: ({ details }) => hasPerformanceInsights(details) || 'Performance Insights is off',
  evaluate: ({ kind, details }, context) => {
    const { enabled: PerformanceInsightsEnabled, kmsKeyId: PerformanceInsightsKMSKeyId } = details.performanceInsights;
    return judgeSideKey(
      {
        // Without a key it is under aws/rds.
        encryption: { by: 'kms', key: PerformanceInsightsKMSKeyId ?? 'alias/aws/rds', mode: 'sse-kms', checkedOnWrite: true },
        subject: `Performance Insights data of the ${databaseSubject({ kind, details })}`,
        evidence: { Engine: details.engine, PerformanceInsightsEnabled, PerformanceInsightsKMSKeyId },
      },
      context,
    );
  },
});

function newInstance({ name, region }: Identity): Remediation {
  const [at, id, copy] = [shellQuote(region), shellQuote(name), shellQuote(`${name}-insights`)];
  return {
    text,
    cli: [
      needsKey,
      `aws rds create-db-snapshot --region ${at} --db-instance-identifier ${id} --db-snapshot-identifier ${copy}`,
      `aws rds wait db-snapshot-available --region ${at} --db-snapshot-identifier ${copy}`,
      `aws rds restore-db-instance-from-db-snapshot --region ${at} --db-snapshot-identifier ${copy} --db-instance-identifier ${copy}`,
      `aws rds wait db-instance-available --region ${at} --db-instance-identifier ${copy}`,
      `aws rds modify-db-instance --region ${at} --db-instance-identifier ${copy} ${underKey} --apply-immediately`,
    ].join('\n'),
    terraform: [
      'resource "aws_db_instance" "this" {',
      `  identifier                      = ${terraformString(`${name}-insights`)}`,
      '  instance_class                  = var.instance_class',
      '  snapshot_identifier             = var.snapshot_id',
      '  performance_insights_enabled    = true',
      '  performance_insights_kms_key_id = aws_kms_key.this.arn',
      '}',
    ].join('\n'),
  };
}

/** A member holds no data of its own: a new one beside it is enough. */
function newMember({ name, region }: Identity, clusterId: string, service: DatabaseService): Remediation {
  const [at, id, copy] = [shellQuote(region), shellQuote(name), shellQuote(`${name}-insights`)];
  const type = { rds: 'aws_rds_cluster_instance', neptune: 'aws_neptune_cluster_instance', docdb: 'aws_docdb_cluster_instance' };
  const argument = service === 'docdb' ? 'enable_performance_insights ' : 'performance_insights_enabled';
  return {
    text: `${text} For a member of a cluster it is enough to add another one and delete this.`,
    cli: [
      needsKey,
      `read -r CLASS ENGINE <<< "$(aws ${service} describe-db-instances --region ${at} --db-instance-identifier ${id} --query 'DBInstances[0].[DBInstanceClass,Engine]' --output text)"`,
      `aws ${service} create-db-instance --region ${at} --db-instance-identifier ${copy} --db-cluster-identifier ${shellQuote(clusterId)} --db-instance-class "$CLASS" --engine "$ENGINE" ${underKey}`,
    ].join('\n'),
    terraform: [
      `resource "${type[service]}" "this" {`,
      `  identifier                      = ${terraformString(`${name}-insights`)}`,
      `  cluster_identifier              = ${terraformString(clusterId)}`,
      '  instance_class                  = var.instance_class',
      ...(service === 'neptune'
        ? []
        : [`  ${argument.padEnd(31)} = true`, '  performance_insights_kms_key_id = aws_kms_key.this.arn']),
      '}',
    ].join('\n'),
  };
}

/** Neptune and DocumentDB have Performance Insights on their instances alone. */
function newCluster({ name, region }: Identity): Remediation {
  const [at, id, copy] = [shellQuote(region), shellQuote(name), shellQuote(`${name}-insights`)];
  return {
    text,
    cli: [
      needsKey,
      `aws rds create-db-cluster-snapshot --region ${at} --db-cluster-identifier ${id} --db-cluster-snapshot-identifier ${copy}`,
      ...untilAvailable('rds', 'cluster-snapshot', at, copy),
      `read -r ENGINE VERSION <<< "$(aws rds describe-db-clusters --region ${at} --db-cluster-identifier ${id} --query 'DBClusters[0].[Engine,EngineVersion]' --output text)"`,
      `aws rds restore-db-cluster-from-snapshot --region ${at} --snapshot-identifier ${copy} --db-cluster-identifier ${copy} --engine "$ENGINE" --engine-version "$VERSION" ${underKey}`,
    ].join('\n'),
    terraform: [
      'resource "aws_rds_cluster" "this" {',
      `  cluster_identifier              = ${terraformString(`${name}-insights`)}`,
      '  engine                          = var.engine',
      '  snapshot_identifier             = var.snapshot_id',
      '  performance_insights_enabled    = true',
      '  performance_insights_kms_key_id = aws_kms_key.this.arn',
      '}',
    ].join('\n'),
  };
}
