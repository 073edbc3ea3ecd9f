import { parseArn } from '#model/arn.js';
import { known } from '#model/attempt.js';
import { levelOfSource, sourceOf, type Copy } from '#model/copy.js';
import { clusterBlocks, serviceOf, type DatabaseService } from '#model/database.js';
import { judgedDatabase } from '#model/judged.js';
import { isBelow, levelTexts } from '#model/level.js';
import { needsKey } from '#model/reencrypt.js';
import { uncollected, type Identity } from '#model/resources/index.js';
import { defineRule, keyLookup, type Remediation } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

const nowhere: Copy['source'] = known(null);
const lookups = { ...keyLookup, 'rds.instance': ['details'], 'rds.cluster': ['details'] } as const;

export default defineRule({
  id: 'rds/replica-key',
  kind: ['rds.instance', 'rds.cluster'],
  severity: 'high',
  title: 'Replicas in another region are as well encrypted as what they are a replica of',
  needs: ['details', 'encryption', 'replication'],
  premises: ['replication', 'encryption'],
  lookups,
  docs: {
    why: 'A replica in another region holds all the data, under a key of its own region that somebody named when it was made, often aws/rds. It is as good a way to the data as the source, and becomes the source in a disaster.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html',
    waive: 'A replica that is promoted or deleted soon.',
  },
  messages: {
    belowSource: 'The {subject}, a {replica} of {source}, is {level}; that is {sourceLevel}.',
    kept: 'The {subject}, a {replica} of {source}, is {level}, not below it.',
  },
  states: [
    ['Neither a read replica nor a member of a global cluster beside its writer', 'not applicable'],
    ['The global clusters could not be listed', 'unknown'],
    ['Its source is in its own region', 'not applicable'],
    ['Member of a cluster', 'not applicable: judged at the cluster'],
    ['Its key is gone', 'not applicable: see key/exists'],
    ['Its encryption or its key could not be read', 'unknown'],
    ['Under a customer managed key', 'pass, whatever its source'],
    ['Its source is not in the run, or could not be listed', 'unknown'],
    ["Its source's key could not be read", 'unknown'],
    ['At a lower level than its source', 'fail'],
    ['Not below its source', 'pass'],
  ],
  remediation: (replica, facts) => {
    const { by = 'read replica', source = null } = facts?.replication ?? {};
    const service = serviceOf(facts);
    if (replica.kind === 'rds.instance') return instanceReplica(replica, source);
    return by === 'read replica' ? clusterReplica(replica, source) : globalMember(replica, service);
  },
  appliesTo: ({ replication, encryption, region }) => {
    if (replication === null) return 'not a replica';
    const from = replication.source === null ? undefined : parseArn(replication.source)?.region;
    if (from === region) return `a replica within its region: its source is in ${region} too`;
    return encryption.by !== 'not-judged' || encryption.reason;
  },
  evaluate: (replica, context) => {
    const { pass, fail, unknown, notApplicable, find } = context;
    const judged = judgedDatabase(replica);
    const { by, source } = replica.replication ?? { by: 'read replica' as const, source: null };
    const own = context.level(judged.encryption);
    if (own.is === 'key-gone') return notApplicable('the key is gone: see key/exists');
    if (own.is === 'no-level') return notApplicable(own.reason);
    if (own.is === 'unknown') return unknown(own.missing);
    const level = levelTexts[own.level];
    const written = source ?? 'a writer that AWS did not name';
    const data = {
      subject: judged.subject,
      replica: by === 'read replica' ? by : 'global cluster member',
      source: written,
      level,
    };
    const facts = { expected: 'not below its source', actual: level, evidence: { ...judged.evidence, source } };
    if (own.level === 'customer-managed') return pass('kept', { ...facts, data });

    const kind = source !== null && parseArn(source)?.resource.startsWith('db:') === true ? 'rds.instance' : 'rds.cluster';
    const found =
      source === null ? nowhere : kind === 'rds.instance' ? sourceOf(find(kind, source)) : sourceOf(find(kind, source));
    const from = levelOfSource(found, context);
    if (!from.known) return unknown(from.missing);
    if (from.value === null) return unknown([{ ...uncollected(kind, 'details'), code: source }]);
    if (!isBelow(own.level, from.value.level)) return pass('kept', { ...facts, data });
    return fail('belowSource', { ...facts, data: { ...data, sourceLevel: levelTexts[from.value.level] } });
  },
});

const text =
  'The key of a replica cannot be changed, and a plain database has plain replicas: encrypt the source first if it is plain. Make another replica under a key of yours in this region, wait until it has caught up, move the readers over, and delete this one.';

function instanceReplica({ name, region }: Identity, source: string | null): Remediation {
  const [at, to] = [shellQuote(region), shellQuote(`${name}-encrypted`)];
  const from =
    source === null
      ? `"$(aws rds describe-db-instances --region ${at} --db-instance-identifier ${shellQuote(name)} --query 'DBInstances[0].ReadReplicaSourceDBInstanceIdentifier' --output text)"`
      : shellQuote(source);
  const away = source === null ? undefined : parseArn(source)?.region;
  const sourceRegion = away === undefined ? '' : ` --source-region ${shellQuote(away)}`;
  return {
    text,
    cli: `${needsKey}\naws rds create-db-instance-read-replica --region ${at}${sourceRegion} --source-db-instance-identifier ${from} --db-instance-identifier ${to} --kms-key-id "\${KEY:?}"`,
    terraform: [
      'resource "aws_db_instance" "replica" {',
      `  identifier          = ${terraformString(`${name}-encrypted`)}`,
      '  instance_class      = var.instance_class',
      `  replicate_source_db = ${source === null ? 'var.source_arn' : terraformString(source)}`,
      '  kms_key_id          = aws_kms_key.this.arn',
      '}',
    ].join('\n'),
  };
}

function clusterReplica({ name, region }: Identity, source: string | null): Remediation {
  const [at, id, to] = [shellQuote(region), shellQuote(name), shellQuote(`${name}-encrypted`)];
  return {
    text,
    cli: [
      needsKey,
      `read -r SOURCE ENGINE <<< "$(aws rds describe-db-clusters --region ${at} --db-cluster-identifier ${id} --query 'DBClusters[0].[ReplicationSourceIdentifier,Engine]' --output text)"`,
      `aws rds create-db-cluster --region ${at} --replication-source-identifier "$SOURCE" --engine "$ENGINE" --db-cluster-identifier ${to} --storage-encrypted --kms-key-id "\${KEY:?}"`,
    ].join('\n'),
    terraform: [
      'resource "aws_rds_cluster" "replica" {',
      `  cluster_identifier            = ${terraformString(`${name}-encrypted`)}`,
      '  engine                        = var.engine',
      `  replication_source_identifier = ${source === null ? 'var.source_arn' : terraformString(source)}`,
      '  storage_encrypted             = true',
      '  kms_key_id                    = aws_kms_key.this.arn',
      '}',
    ].join('\n'),
  };
}

/** A region holds one member of a global cluster, so that the old one has to go first. */
function globalMember({ arn, name, region }: Identity, service: DatabaseService): Remediation {
  const [at, id, to] = [shellQuote(region), shellQuote(name), shellQuote(`${name}-encrypted`)];
  const { cluster: type, key } = clusterBlocks[service];
  const mine = `GlobalClusters[?GlobalClusterMembers[?DBClusterArn=='${arn.replaceAll("'", "\\'")}']].GlobalClusterIdentifier`;
  return {
    text: 'The key of a member cannot be changed. Take it out of the global cluster, which leaves it as a cluster of its own, add another one under a key of yours in this region, give it instances, and delete the old cluster.',
    cli: [
      needsKey,
      `GLOBAL=$(aws ${service} describe-global-clusters --region ${at} --query ${shellQuote(mine)} --output text)`,
      `ENGINE=$(aws ${service} describe-db-clusters --region ${at} --db-cluster-identifier ${id} --query 'DBClusters[0].Engine' --output text)`,
      `aws ${service} remove-from-global-cluster --region ${at} --global-cluster-identifier "$GLOBAL" --db-cluster-identifier ${shellQuote(arn)}`,
      `aws ${service} create-db-cluster --region ${at} --global-cluster-identifier "$GLOBAL" --db-cluster-identifier ${to} --engine "$ENGINE" --storage-encrypted --kms-key-id "\${KEY:?}"`,
    ].join('\n'),
    terraform: [
      `resource "${type}" "member" {`,
      `  cluster_identifier        = ${terraformString(`${name}-encrypted`)}`,
      '  global_cluster_identifier = var.global_cluster',
      `  engine                    = ${service === 'rds' ? 'var.engine' : `"${service}"`}`,
      '  storage_encrypted         = true',
      `  ${key.padEnd(25)} = aws_kms_key.this.arn`,
      '}',
    ].join('\n'),
  };
}
