import type { KeyBearing } from './encryption.js';
import type { Identity } from './resources/index.js';
import { shellQuote } from './shell.js';

/** The call that shows a resource's storage key, and the place of the key in its answer. */
const calls: Readonly<Record<KeyBearing, (id: string, name: string) => readonly [call: string, query: string]>> = {
  'ebs.defaults': () => ['ec2 get-ebs-default-kms-key-id', 'KmsKeyId'],
  'ebs.snapshot': (id) => [`ec2 describe-snapshots --snapshot-ids ${id}`, 'Snapshots[0].KmsKeyId'],
  'ebs.volume': (id) => [`ec2 describe-volumes --volume-ids ${id}`, 'Volumes[0].KmsKeyId'],
  // The first of its keys: the finding names the one that is meant.
  'ec2.launch-template': (id) => [
    `ec2 describe-launch-template-versions --launch-template-id ${id} --versions '$Default' '$Latest'`,
    'LaunchTemplateVersions[].LaunchTemplateData.BlockDeviceMappings[].Ebs.KmsKeyId | [0]',
  ],
  // Those of clusters cannot be asked for by their ARN.
  'rds.automated-backup': (id, name) =>
    isClusterBackup(id)
      ? [`rds describe-db-cluster-automated-backups --db-cluster-identifier ${name}`, 'DBClusterAutomatedBackups[0].KmsKeyId']
      : [
          `rds describe-db-instance-automated-backups --db-instance-automated-backups-arn ${id}`,
          'DBInstanceAutomatedBackups[0].KmsKeyId',
        ],
  'rds.cluster': (id) => [`rds describe-db-clusters --db-cluster-identifier ${id}`, 'DBClusters[0].KmsKeyId'],
  'rds.cluster-snapshot': (id) => [
    `rds describe-db-cluster-snapshots --db-cluster-snapshot-identifier ${id}`,
    'DBClusterSnapshots[0].KmsKeyId',
  ],
  'rds.instance': (id) => [`rds describe-db-instances --db-instance-identifier ${id}`, 'DBInstances[0].KmsKeyId'],
  'rds.snapshot': (id) => [`rds describe-db-snapshots --db-snapshot-identifier ${id}`, 'DBSnapshots[0].KmsKeyId'],
  's3.bucket': bucketKey,
  's3.directory-bucket': bucketKey,
};

function bucketKey(id: string): readonly [call: string, query: string] {
  return [
    `s3api get-bucket-encryption --bucket ${id}`,
    'ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.KMSMasterKeyID',
  ];
}

/** The id by which the EC2, RDS and S3 commands know a resource, as a word of a shell command. */
export function commandId({ kind, arn, name }: Identity): string {
  if (kind === 's3.bucket' || kind === 's3.directory-bucket') return shellQuote(name);
  // RDS calls take the whole ARN as well, which snapshots shared by other accounts need.
  return shellQuote(kind.startsWith('rds.') ? arn : arn.slice(arn.lastIndexOf('/') + 1));
}

export function isClusterBackup(arn: string): boolean {
  return arn.includes(':cluster-auto-backup:');
}

/** A command that prints the storage key of a resource as the service wrote it down: an ARN where it is another account's. */
export function writtenKey(resource: Identity<KeyBearing>): string {
  const [call, query] = calls[resource.kind](commandId(resource), shellQuote(resource.name));
  return shown(resource.region, call, query);
}

/** A shell line that puts the ARN of the key that a resource is encrypted under into $KEY. */
export function keyCommand(resource: Identity<KeyBearing>): string {
  return keyOf(resource.region, writtenKey(resource));
}

/** The same of whatever a call shows under the query. */
export function keyFromCall(region: string, call: string, query: string): string {
  return keyOf(region, shown(region, call, query));
}

function shown(region: string, call: string, query: string): string {
  return `aws ${call} --region ${shellQuote(region)} --query '${query}' --output text`;
}

function keyOf(region: string, written: string): string {
  // Only DescribeKey takes every form in which a service writes a key down.
  return `KEY=$(aws kms describe-key --region ${shellQuote(region)} --query KeyMetadata.Arn --output text --key-id "$(${written})")`;
}
