import { clusterBlocks, isUnderKms, serviceOf, untilAvailable, type DatabaseFacts, type DatabaseService } from './database.js';
import type { Identity } from './resources/index.js';
import type { Remediation } from './rule.js';
import { shellQuote } from './shell.js';
import { terraformString } from './terraform.js';

/** A shell line that stops, with what to do, until $KEY is set. */
export const needsKey = ': "${KEY:?set it to the ARN of a customer managed key of the region}"';

/** Storage cannot be encrypted in place: how to make an encrypted one of what a resource holds, kind by kind. */
export function reencrypt(
  resource: Identity<'ebs.volume' | 'ebs.snapshot' | 'rds.instance' | 'rds.cluster' | 'rds.snapshot' | 'rds.cluster-snapshot'>,
  facts?: DatabaseFacts,
): Remediation {
  switch (resource.kind) {
    case 'ebs.volume':
      return volume(resource);
    case 'ebs.snapshot':
      return snapshot(resource);
    case 'rds.instance':
      return instance(resource);
    case 'rds.cluster':
      return cluster(resource, serviceOf(facts));
    case 'rds.snapshot':
      return databaseSnapshot(resource);
    case 'rds.cluster-snapshot':
      return isUnderKms(facts) ? clusterSnapshotCopy(resource, serviceOf(facts)) : clusterSnapshot(resource, serviceOf(facts));
  }
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/encryption-parameters.html */
function volume({ arn, region }: Identity): Remediation {
  const [id, at] = [arn.slice(arn.lastIndexOf('/') + 1), shellQuote(region)];
  return {
    text: 'Make an encrypted volume from a snapshot of this one, of the same type and size, put it in its place, and delete the old volume and the snapshot. A snapshot taken while the volume is attached misses what the system has not written yet; io1 and io2 need --iops too.',
    cli: [
      needsKey,
      `SNAPSHOT=$(aws ec2 create-snapshot --region ${at} --volume-id ${shellQuote(id)} --query SnapshotId --output text)`,
      `aws ec2 wait snapshot-completed --region ${at} --snapshot-ids "$SNAPSHOT"`,
      `read -r ZONE TYPE <<< "$(aws ec2 describe-volumes --region ${at} --volume-ids ${shellQuote(id)} --query 'Volumes[0].[AvailabilityZone,VolumeType]' --output text)"`,
      `aws ec2 create-volume --region ${at} --availability-zone "$ZONE" --volume-type "$TYPE" --snapshot-id "$SNAPSHOT" --encrypted --kms-key-id "\${KEY:?}"`,
    ].join('\n'),
    terraform: [
      'resource "aws_ebs_snapshot" "before" {',
      `  volume_id = ${terraformString(id)}`,
      '}',
      '',
      'resource "aws_ebs_volume" "this" {',
      '  availability_zone = var.availability_zone',
      '  snapshot_id       = aws_ebs_snapshot.before.id',
      '  encrypted         = true',
      '  kms_key_id        = aws_kms_key.this.arn',
      '}',
    ].join('\n'),
  };
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html */
function snapshot({ arn, region }: Identity): Remediation {
  const [id, at] = [arn.slice(arn.lastIndexOf('/') + 1), shellQuote(region)];
  return {
    text: 'Copy the snapshot under a key of yours within its region, point what uses it at the copy, and delete this one. A snapshot whose key cannot be used has to be copied again from its source.',
    cli: `${needsKey}\naws ec2 copy-snapshot --region ${at} --source-region ${at} --source-snapshot-id ${shellQuote(id)} --encrypted --kms-key-id "\${KEY:?}"`,
    terraform: [
      'resource "aws_ebs_snapshot_copy" "this" {',
      `  source_snapshot_id = ${terraformString(id)}`,
      `  source_region      = ${terraformString(region)}`,
      '  encrypted          = true',
      '  kms_key_id         = aws_kms_key.this.arn',
      '}',
    ].join('\n'),
  };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html */
function instance({ name, region }: Identity): Remediation {
  const [id, at] = [shellQuote(name), shellQuote(region)];
  const [before, after] = [shellQuote(`${name}-before`), shellQuote(`${name}-encrypted`)];
  return {
    text: 'Stop what writes to the instance, copy a snapshot of it under a key of yours, restore the copy as a new instance with the network settings of the old one, and move the clients over. A read replica has to be made again from the new instance.',
    cli: [
      needsKey,
      `aws rds create-db-snapshot --region ${at} --db-instance-identifier ${id} --db-snapshot-identifier ${before}`,
      `aws rds wait db-snapshot-available --region ${at} --db-snapshot-identifier ${before}`,
      `aws rds copy-db-snapshot --region ${at} --source-db-snapshot-identifier ${before} --target-db-snapshot-identifier ${after} --copy-tags --kms-key-id "\${KEY:?}"`,
      `aws rds wait db-snapshot-available --region ${at} --db-snapshot-identifier ${after}`,
      `aws rds restore-db-instance-from-db-snapshot --region ${at} --db-snapshot-identifier ${after} --db-instance-identifier ${after}`,
    ].join('\n'),
    terraform: [
      'resource "aws_db_snapshot" "before" {',
      `  db_instance_identifier = ${terraformString(name)}`,
      `  db_snapshot_identifier = ${terraformString(`${name}-before`)}`,
      '}',
      '',
      'resource "aws_db_snapshot_copy" "encrypted" {',
      '  source_db_snapshot_identifier = aws_db_snapshot.before.db_snapshot_arn',
      `  target_db_snapshot_identifier = ${terraformString(`${name}-encrypted`)}`,
      '  kms_key_id                    = aws_kms_key.this.arn',
      '}',
      '',
      'resource "aws_db_instance" "this" {',
      `  identifier          = ${terraformString(`${name}-encrypted`)}`,
      '  instance_class      = var.instance_class',
      '  snapshot_identifier = aws_db_snapshot_copy.encrypted.target_db_snapshot_identifier',
      '}',
    ].join('\n'),
  };
}

/**
 * A cluster's snapshot that is not encrypted cannot be copied under a key; it can be restored under one.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CopyDBClusterSnapshot.html
 */
function cluster({ name, region }: Identity, service: DatabaseService): Remediation {
  const [id, at, before] = [shellQuote(name), shellQuote(region), shellQuote(`${name}-before`)];
  const blocks = clusterBlocks[service];
  return {
    text: 'Stop what writes to the cluster, restore a snapshot of it under a key of yours as a new cluster with the network settings of the old one, add instances to it, and move the clients over.',
    cli: [
      needsKey,
      `aws ${service} create-db-cluster-snapshot --region ${at} --db-cluster-identifier ${id} --db-cluster-snapshot-identifier ${before}`,
      ...untilAvailable(service, 'cluster-snapshot', at, before),
      ...restored(`${name}-before`, `${name}-encrypted`, at, service),
    ].join('\n'),
    terraform: [
      `resource "${blocks.snapshot}" "before" {`,
      `  db_cluster_identifier          = ${terraformString(name)}`,
      `  db_cluster_snapshot_identifier = ${terraformString(`${name}-before`)}`,
      '}',
      '',
      ...restoredCluster('this', `${name}-encrypted`, `${blocks.snapshot}.before.db_cluster_snapshot_arn`, service),
    ].join('\n'),
  };
}

/** A cluster restored under a key of ours; `snapshot` is an expression. */
function restoredCluster(label: string, name: string, snapshot: string, service: DatabaseService): readonly string[] {
  const { cluster: type, key } = clusterBlocks[service];
  return [
    `resource "${type}" "${label}" {`,
    `  cluster_identifier  = ${terraformString(name)}`,
    `  engine              = ${service === 'rds' ? 'var.engine' : `"${service}"`}`,
    `  snapshot_identifier = ${snapshot}`,
    '  storage_encrypted   = true',
    `  ${key.padEnd(19)} = aws_kms_key.this.arn`,
    '}',
  ];
}

function databaseSnapshot({ name, region }: Identity): Remediation {
  const [id, at, copy] = [shellQuote(name), shellQuote(region), `${bareName(name)}-encrypted`];
  return {
    text: 'Copy the snapshot under a key of yours within its region, and delete this one. Automated snapshots go with their retention: encrypt their instance. A snapshot whose key cannot be used has to be copied again from its source.',
    cli: `${needsKey}\naws rds copy-db-snapshot --region ${at} --source-db-snapshot-identifier ${id} --target-db-snapshot-identifier ${shellQuote(copy)} --copy-tags --kms-key-id "\${KEY:?}"`,
    terraform: [
      'resource "aws_db_snapshot_copy" "this" {',
      `  source_db_snapshot_identifier = ${terraformString(name)}`,
      `  target_db_snapshot_identifier = ${terraformString(copy)}`,
      '  kms_key_id                    = aws_kms_key.this.arn',
      '}',
    ].join('\n'),
  };
}

function clusterSnapshot({ name, region }: Identity, service: DatabaseService): Remediation {
  const [at, restoredName] = [shellQuote(region), `${bareName(name)}-encrypted`];
  const id = shellQuote(restoredName);
  const blocks = clusterBlocks[service];
  return {
    text: 'AWS refuses to copy a cluster snapshot that is not encrypted under a key: restore it as a cluster under a key of yours, take a snapshot of that, then delete the cluster and this snapshot. Automated snapshots go with their retention: encrypt their cluster.',
    cli: [
      needsKey,
      ...restored(name, restoredName, at, service),
      ...untilAvailable(service, 'cluster', at, id),
      `aws ${service} create-db-cluster-snapshot --region ${at} --db-cluster-identifier ${id} --db-cluster-snapshot-identifier ${id}`,
    ].join('\n'),
    terraform: [
      ...restoredCluster('restored', restoredName, terraformString(name), service),
      '',
      `resource "${blocks.snapshot}" "encrypted" {`,
      `  db_cluster_identifier          = ${blocks.cluster}.restored.id`,
      `  db_cluster_snapshot_identifier = ${terraformString(restoredName)}`,
      '}',
    ].join('\n'),
  };
}

/** Encrypted, though not as it should be: a copy may have another key. */
function clusterSnapshotCopy({ name, region }: Identity, service: DatabaseService): Remediation {
  const [at, copy] = [shellQuote(region), `${bareName(name)}-encrypted`];
  return {
    text: 'Copy the snapshot under a key of yours within its region, and delete this one. Automated snapshots go with their retention: encrypt their cluster. A snapshot whose key cannot be used has to be copied again from its source.',
    cli: `${needsKey}\naws ${service} copy-db-cluster-snapshot --region ${at} --source-db-cluster-snapshot-identifier ${shellQuote(name)} --target-db-cluster-snapshot-identifier ${shellQuote(copy)} --copy-tags --kms-key-id "\${KEY:?}"`,
    terraform:
      service === 'rds'
        ? [
            'resource "aws_rds_cluster_snapshot_copy" "this" {',
            `  source_db_cluster_snapshot_identifier = ${terraformString(name)}`,
            `  target_db_cluster_snapshot_identifier = ${terraformString(copy)}`,
            '  kms_key_id                            = aws_kms_key.this.arn',
            '}',
          ].join('\n')
        : `# The provider has no resource for a copy of a ${service} snapshot: use the command.`,
  };
}

/** Restoring takes the engine and its version, which the snapshot knows. */
function restored(snapshotName: string, clusterName: string, region: string, service: DatabaseService): readonly string[] {
  const [from, to] = [shellQuote(snapshotName), shellQuote(clusterName)];
  return [
    `read -r ENGINE VERSION <<< "$(aws ${service} describe-db-cluster-snapshots --region ${region} --db-cluster-snapshot-identifier ${from} --query 'DBClusterSnapshots[0].[Engine,EngineVersion]' --output text)"`,
    `aws ${service} restore-db-cluster-from-snapshot --region ${region} --snapshot-identifier ${from} --db-cluster-identifier ${to} --engine "$ENGINE" --engine-version "$VERSION" --kms-key-id "\${KEY:?}"`,
  ];
}

/** Without the prefix of automated and AWS Backup snapshots, whose colon no identifier of ours may hold. */
function bareName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
