import { parseArn } from '#model/arn.js';
import { levelOfSource, sourceOf, type Copy } from '#model/copy.js';
import { isUnderKms } from '#model/database.js';
import { isClusterBackup } from '#model/key-command.js';
import { judgedDatabase } from '#model/judged.js';
import { leftOut } from '#model/left-out.js';
import { isBelow, levelTexts } from '#model/level.js';
import { needsKey } from '#model/reencrypt.js';
import type { AutomatedBackupDetails, Identity } from '#model/resources/index.js';
import { defineRule, keyLookup, type Remediation, type RuleContext } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

const lookups = { ...keyLookup, 'rds.instance': ['details'], 'rds.cluster': ['details'] } as const;
const ofLiving = new Set(['active', 'creating']);

export default defineRule({
  id: 'rds/automated-backup-encrypted',
  kind: 'rds.automated-backup',
  severity: 'high',
  title: 'Retained and replicated automated backups are encrypted, as well as their database',
  needs: ['details', 'encryption'],
  premises: ['details'],
  lookups,
  docs: {
    why: 'Backups that are kept after their database was deleted, and those replicated to another region, hold all of it and are on no list of databases. A replicated one is under a key that somebody names in the other region, often aws/rds.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html',
    waive: 'Retained backups of a test database, until their retention ends.',
  },
  messages: {
    plain: 'The {subject} is not encrypted.',
    belowSource: 'The {subject} is {level}; its database {source} is {sourceLevel}.',
    kept: 'The {subject} is {level}, not below its database.',
    encrypted: 'The {subject} is encrypted; its database is not in the run to compare with.',
  },
  states: [
    ['Status active or creating, in the region of its DBInstanceArn or DBClusterArn', 'not applicable: judged at the database'],
    ['Status active or creating, and AWS left out that ARN', 'unknown'],
    ['Not encrypted', 'fail'],
    ['AWS left out the field, or wrote a value that this version does not know', 'unknown'],
    ['Under a customer managed key, or one that is gone', 'pass, whatever its database'],
    ["Databases could not be listed, or its database's key could not be read", 'unknown'],
    ['Its database is not in the run, or another one has its name by now', 'pass'],
    ['Its key could not be read, and its database is under a customer managed key', 'unknown'],
    ['At a lower level than its database', 'fail'],
    ['Not below its database', 'pass'],
  ],
  remediation,
  appliesTo: ({ region, details: { status, databaseArn, of } }) => {
    if (status === null || !ofLiving.has(status) || databaseArn === null) return true;
    return parseArn(databaseArn)?.region !== region || `the backup of a database that is there: judged at the ${of}`;
  },
  evaluate: (backup, context) => {
    const { details, encryption } = backup;
    const { status, databaseArn, of } = details;
    if (databaseArn === null && status !== null && ofLiving.has(status))
      return leftOut(of === 'instance' ? 'DBInstanceArn' : 'DBClusterArn', context);
    const { pass, fail, unknown } = context;
    const judged = judgedDatabase(backup);
    const { subject } = judged;
    const facts = {
      expected: 'encrypted, not below its database',
      evidence: { ...judged.evidence, Status: status, databaseArn },
    };
    if (encryption.by === 'none') return fail('plain', { ...facts, data: { subject }, actual: levelTexts.none });
    if (encryption.by === 'unknown') return leftOut(encryption.field, context, encryption.written);

    const own = context.level(encryption);
    // The highest level: its database cannot be above. A key that is gone was a customer managed one, no other can be deleted.
    if (own.is === 'key-gone' || (own.is === 'level' && own.level === 'customer-managed'))
      return pass('kept', { ...facts, data: { subject, level: levelTexts['customer-managed'] }, actual: 'customer-managed' });
    const database = levelOfSource(databaseOf(details, context), context);
    if (!database.known) return unknown(database.missing);
    if (database.value === null) return pass('encrypted', { ...facts, data: { subject }, actual: 'encrypted' });
    const { arn: source, level: above } = database.value;
    // A KMS key that could not be read is an AWS managed one at least.
    if (own.is === 'unknown' && above === 'customer-managed') return unknown(own.missing);
    const level = own.is === 'level' ? levelTexts[own.level] : 'under a KMS key';
    if (own.is !== 'level' || !isBelow(own.level, above))
      return pass('kept', { ...facts, data: { subject, level }, actual: level });
    return fail('belowSource', { ...facts, data: { subject, level, source, sourceLevel: levelTexts[above] }, actual: level });
  },
});

/** A database made later under the same name is not the one that was backed up. */
function databaseOf(
  { databaseArn, resourceId, of }: AutomatedBackupDetails,
  { find }: Pick<RuleContext<Readonly<Record<string, string>>, typeof lookups>, 'find'>,
): Copy['source'] {
  if (databaseArn === null) return { known: true, value: null };
  const found = of === 'instance' ? find('rds.instance', databaseArn) : find('rds.cluster', databaseArn);
  if (found.known && typeof found.value === 'object') {
    const other = found.value.details.resourceId;
    if (other !== null && resourceId !== null && other !== resourceId) return { known: true, value: null };
  }
  return sourceOf(found);
}

function remediation({ arn, name, region }: Identity, facts?: { readonly details: AutomatedBackupDetails }): Remediation {
  const at = shellQuote(region);
  const { databaseArn = null, resourceId = null } = facts?.details ?? {};
  const database = databaseArn === null ? undefined : parseArn(databaseArn);
  if (database !== undefined && database.region !== region && !isClusterBackup(arn)) {
    const source = `--region ${at} --source-db-instance-arn ${shellQuote(databaseArn ?? '')}`;
    return {
      text: 'Stop the replication and start it again under a key of yours in this region; what was replicated before goes with its retention. Backups of a plain instance cannot be replicated encrypted: encrypt the instance first.',
      cli: `${needsKey}\naws rds stop-db-instance-automated-backups-replication ${source}\naws rds start-db-instance-automated-backups-replication ${source} --kms-key-id "\${KEY:?}"`,
      terraform: `resource "aws_db_instance_automated_backups_replication" "this" {\n  source_db_instance_arn = ${terraformString(databaseArn ?? '')}\n  kms_key_id             = aws_kms_key.this.arn\n}`,
    };
  }
  const to = shellQuote(`${name}-restored`);
  const text =
    'What is still needed: restore the backup, encrypt what was restored, and delete the backup. What is not: delete the backup, or wait for its retention to end.';
  if (isClusterBackup(arn)) {
    const id = resourceId === null ? `"$(${clusterResourceId(name, at)})"` : shellQuote(resourceId);
    // AWS refuses a key in the restoring of what is not encrypted.
    const [first, key] = isUnderKms(facts) ? [[needsKey], ' --kms-key-id "${KEY:?}"'] : [[], ''];
    return {
      text,
      cli: [
        ...first,
        `aws rds restore-db-cluster-to-point-in-time --region ${at} --source-db-cluster-resource-id ${id} --db-cluster-identifier ${to} --use-latest-restorable-time${key}`,
        `aws rds delete-db-cluster-automated-backup --region ${at} --db-cluster-resource-id ${id}`,
      ].join('\n'),
      terraform: `resource "aws_rds_cluster" "restored" {\n  cluster_identifier = ${terraformString(`${name}-restored`)}\n\n  restore_to_point_in_time {\n    source_cluster_resource_id = var.resource_id\n    use_latest_restorable_time = true\n  }\n}`,
    };
  }
  const id = shellQuote(arn);
  return {
    text,
    cli: `aws rds restore-db-instance-to-point-in-time --region ${at} --source-db-instance-automated-backups-arn ${id} --target-db-instance-identifier ${to} --use-latest-restorable-time\naws rds delete-db-instance-automated-backup --region ${at} --db-instance-automated-backups-arn ${id}`,
    terraform: `resource "aws_db_instance" "restored" {\n  identifier     = ${terraformString(`${name}-restored`)}\n  instance_class = var.instance_class\n\n  restore_to_point_in_time {\n    source_db_instance_automated_backups_arn = ${terraformString(arn)}\n    use_latest_restorable_time               = true\n  }\n}`,
  };
}

function clusterResourceId(name: string, at: string): string {
  return `aws rds describe-db-cluster-automated-backups --region ${at} --db-cluster-identifier ${shellQuote(name)} --query 'DBClusterAutomatedBackups[0].DbClusterResourceId' --output text`;
}
