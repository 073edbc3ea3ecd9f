import { serviceOf } from '#model/database.js';
import { databaseSubject } from '#model/judged.js';
import { commandId, keyFromCall } from '#model/key-command.js';
import { leftOut } from '#model/left-out.js';
import type { ClusterDetails, InstanceDetails } from '#model/resources/index.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

const terminal = 'inaccessible-encryption-credentials';
const recoverable = 'inaccessible-encryption-credentials-recoverable';

export default defineRule({
  id: 'rds/key-accessible',
  kind: ['rds.instance', 'rds.cluster'],
  severity: 'critical',
  title: 'Databases can reach the key that they are encrypted under',
  needs: ['details'],
  docs: {
    why: 'A database that cannot use its key stops. For seven days it can be started again once the key works; after that it is lost, and only a backup brings it back, which needs the same key.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html',
    waive: 'A database that is to be deleted, whose key was disabled on purpose.',
  },
  messages: {
    accessible: 'The {subject} is {status}: it can reach its key.',
    recoverable:
      'The {subject} stopped because it cannot reach its key. It can be started within seven days, once the key works.',
    terminal: 'The {subject} cannot reach its key, and cannot be started any more: only a backup can be restored.',
  },
  states: [
    [`Status ${recoverable}`, 'fail'],
    [`Status ${terminal}`, 'fail'],
    ['AWS left out the status', 'unknown'],
    ['Any other status, also of members of a cluster', 'pass'],
  ],
  remediation: (database, facts) => {
    const { kind, region, name } = database;
    const service = serviceOf(facts);
    const [at, id] = [shellQuote(region), commandId(database)];
    const key =
      kind === 'rds.instance'
        ? keyFromCall(region, `${service} describe-db-instances --db-instance-identifier ${id}`, 'DBInstances[0].KmsKeyId')
        : keyFromCall(region, `${service} describe-db-clusters --db-cluster-identifier ${id}`, 'DBClusters[0].KmsKeyId');
    const clusterId = facts === undefined || !('clusterId' in facts.details) ? null : facts.details.clusterId;
    const cluster = kind === 'rds.cluster' ? name : clusterId;
    const gone = facts?.details.status === terminal;
    return {
      text: 'Enable the key, cancel its deletion first if it has one, and see that its policy still admits RDS. Then start the database; once its status no longer says recoverable, restore it from a backup instead.',
      cli: [
        key,
        '# Only in state PendingDeletion:',
        `aws kms cancel-key-deletion --region ${at} --key-id "$KEY"`,
        `aws kms enable-key --region ${at} --key-id "$KEY"`,
        ...(gone ? restore(service, cluster, name, at) : start(service, cluster, name, at)),
      ].join('\n'),
      terraform: 'resource "aws_kms_key" "this" {\n  is_enabled = true\n}',
    };
  },
  evaluate: ({ kind, details }, context) => {
    const { pass, fail } = context;
    const { status } = details;
    if (status === null) return leftOut(kind === 'rds.instance' ? 'DBInstanceStatus' : 'Status', context);
    const subject = databaseSubject({ kind, details });
    const facts = { expected: 'a key that can be reached', actual: status, evidence: evidenceOf(details) };
    if (status === recoverable) return fail('recoverable', { ...facts, data: { subject } });
    if (status === terminal) return fail('terminal', { ...facts, data: { subject } });
    return pass('accessible', { ...facts, data: { subject, status } });
  },
});

function evidenceOf({ engine: Engine, status: Status, kmsKeyId: KmsKeyId }: InstanceDetails | ClusterDetails) {
  return { Engine, Status, KmsKeyId };
}

/** Members of a cluster are started with it. */
function start(service: string, cluster: string | null, name: string, at: string): readonly string[] {
  return cluster === null
    ? [`aws ${service} start-db-instance --region ${at} --db-instance-identifier ${shellQuote(name)}`]
    : [`aws ${service} start-db-cluster --region ${at} --db-cluster-identifier ${shellQuote(cluster)}`];
}

function restore(service: string, cluster: string | null, name: string, at: string): readonly string[] {
  const from = shellQuote(cluster ?? name);
  const to = shellQuote(`${cluster ?? name}-restored`);
  return cluster === null
    ? [
        `aws ${service} restore-db-instance-to-point-in-time --region ${at} --source-db-instance-identifier ${from} --target-db-instance-identifier ${to} --use-latest-restorable-time`,
      ]
    : [
        `aws ${service} restore-db-cluster-to-point-in-time --region ${at} --source-db-cluster-identifier ${from} --db-cluster-identifier ${to} --use-latest-restorable-time`,
      ];
}
