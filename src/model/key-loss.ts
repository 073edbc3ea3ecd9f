import { customerKeyBlock, newDefaultKey } from './bucket-remediation.js';
import { newDirectoryBucket } from './directory-bucket-remediation.js';
import type { KeyBearing } from './encryption.js';
import { commandId, isClusterBackup } from './key-command.js';
import { newTemplateVersion, templateBlock } from './launch-template.js';
import type { Identity } from './resources/index.js';
import type { Remediation } from './rule.js';
import { shellQuote } from './shell.js';

const volumeBlock =
  'resource "aws_ebs_volume" "restored" {\n  availability_zone = var.availability_zone\n  snapshot_id       = var.readable_snapshot_id\n  encrypted         = true\n  kms_key_id        = aws_kms_key.this.arn\n}';
const instanceBlock =
  'resource "aws_db_instance" "restored" {\n  instance_class      = var.instance_class\n  snapshot_identifier = var.readable_snapshot_id\n}';
const clusterBlock =
  'resource "aws_rds_cluster" "restored" {\n  engine              = var.engine\n  snapshot_identifier = var.readable_snapshot_id\n  kms_key_id          = aws_kms_key.this.arn\n}';

/** What to do about a resource whose key is gone for good. */
export function withoutItsKey(resource: Identity<KeyBearing>): Remediation {
  const region = `--region ${shellQuote(resource.region)}`;
  const id = commandId(resource);
  const name = shellQuote(resource.name);
  switch (resource.kind) {
    case 's3.bucket': {
      const bucket = { ...resource, kind: resource.kind };
      const text = 'Give the bucket a default key that exists. Objects that were written under the old key stay unreadable.';
      return { text, cli: newDefaultKey(bucket), terraform: customerKeyBlock(bucket) };
    }
    case 's3.directory-bucket':
      return newDirectoryBucket(
        { ...resource, kind: resource.kind },
        'A directory bucket cannot be given another customer managed key. Make another bucket and write the objects again from where they came: those under the old key stay unreadable.',
      );
    case 'ebs.defaults':
      return {
        text: 'Set a default key that exists: until then every launch that relies on it fails.',
        cli: `KEY=$(aws kms create-key ${region} --query KeyMetadata.Arn --output text)\naws ec2 modify-ebs-default-kms-key-id ${region} --kms-key-id "$KEY"`,
        terraform: 'resource "aws_ebs_default_kms_key" "this" {\n  key_arn = aws_kms_key.this.arn\n}',
      };
    case 'ec2.launch-template':
      return {
        text: 'Make a version of the template whose devices name a key that exists, or none, so that the default key of the region is taken. Until then every launch from it fails.',
        cli: newTemplateVersion(resource, 'del(.BlockDeviceMappings[]?.Ebs.KmsKeyId)'),
        terraform: templateBlock,
      };
    case 'ebs.volume':
      return restore(volumeSnapshots(region, id), volumeBlock);
    case 'ebs.snapshot':
      return restore(
        volumeSnapshots(
          region,
          `"$(aws ec2 describe-snapshots ${region} --snapshot-ids ${id} --query 'Snapshots[0].VolumeId' --output text)"`,
        ),
        volumeBlock,
      );
    case 'rds.instance':
      return restore(databaseSnapshots(region, 'instance', name), instanceBlock);
    case 'rds.automated-backup': {
      const cluster = isClusterBackup(resource.arn);
      return restore(databaseSnapshots(region, cluster ? 'cluster' : 'instance', name), cluster ? clusterBlock : instanceBlock);
    }
    case 'rds.snapshot':
      return restore(
        databaseSnapshots(
          region,
          'instance',
          `"$(aws rds describe-db-snapshots ${region} --db-snapshot-identifier ${id} --query 'DBSnapshots[0].DBInstanceIdentifier' --output text)"`,
        ),
        instanceBlock,
      );
    case 'rds.cluster':
      return restore(databaseSnapshots(region, 'cluster', name), clusterBlock);
    case 'rds.cluster-snapshot':
      return restore(
        databaseSnapshots(
          region,
          'cluster',
          `"$(aws rds describe-db-cluster-snapshots ${region} --db-cluster-snapshot-identifier ${id} --query 'DBClusterSnapshots[0].DBClusterIdentifier' --output text)"`,
        ),
        clusterBlock,
      );
  }
}

function restore(cli: string, terraform: string): Remediation {
  return {
    text: 'The data is lost unless a snapshot of it was copied under another key. Look for one, restore from it, and delete what cannot be read.',
    cli,
    terraform,
  };
}

function volumeSnapshots(region: string, volumeId: string): string {
  return `aws ec2 describe-snapshots ${region} --owner-ids self --filters Name=volume-id,Values=${volumeId} --query 'Snapshots[].[SnapshotId,StartTime,KmsKeyId]' --output table`;
}

function databaseSnapshots(region: string, type: 'instance' | 'cluster', id: string): string {
  const [call, list, identifier] =
    type === 'instance'
      ? ['describe-db-snapshots', 'DBSnapshots', 'DBSnapshotIdentifier']
      : ['describe-db-cluster-snapshots', 'DBClusterSnapshots', 'DBClusterSnapshotIdentifier'];
  return `aws rds ${call} ${region} --db-${type}-identifier ${id} --query '${list}[].[${identifier},SnapshotCreateTime,KmsKeyId]' --output table`;
}
