import type { Kind } from '#model/resources/index.js';

interface TypeNames {
  /** As CloudFormation and Config write it; where neither has a name for it, in their manner. */
  readonly cloudFormation: string;
  /** As the finding format of Security Hub writes it; `Other` where it has no name for it. */
  readonly asff: string;
}

const named: Readonly<Record<Kind, TypeNames>> = {
  'ebs.defaults': { cloudFormation: 'AWS::EC2::EBSDefaults', asff: 'Other' },
  'ebs.snapshot': { cloudFormation: 'AWS::EC2::Snapshot', asff: 'Other' },
  'ebs.volume': { cloudFormation: 'AWS::EC2::Volume', asff: 'AwsEc2Volume' },
  'ec2.image': { cloudFormation: 'AWS::EC2::Image', asff: 'Other' },
  'ec2.launch-template': { cloudFormation: 'AWS::EC2::LaunchTemplate', asff: 'AwsEc2LaunchTemplate' },
  'kms.alias': { cloudFormation: 'AWS::KMS::Alias', asff: 'Other' },
  'kms.custom-key-store': { cloudFormation: 'AWS::KMS::CustomKeyStore', asff: 'Other' },
  'kms.key': { cloudFormation: 'AWS::KMS::Key', asff: 'AwsKmsKey' },
  'rds.automated-backup': { cloudFormation: 'AWS::RDS::DBInstanceAutomatedBackup', asff: 'Other' },
  'rds.cluster': { cloudFormation: 'AWS::RDS::DBCluster', asff: 'AwsRdsDbCluster' },
  'rds.cluster-snapshot': { cloudFormation: 'AWS::RDS::DBClusterSnapshot', asff: 'AwsRdsDbClusterSnapshot' },
  'rds.export-task': { cloudFormation: 'AWS::RDS::ExportTask', asff: 'Other' },
  'rds.instance': { cloudFormation: 'AWS::RDS::DBInstance', asff: 'AwsRdsDbInstance' },
  'rds.integration': { cloudFormation: 'AWS::RDS::Integration', asff: 'Other' },
  'rds.snapshot': { cloudFormation: 'AWS::RDS::DBSnapshot', asff: 'AwsRdsDbSnapshot' },
  's3.bucket': { cloudFormation: 'AWS::S3::Bucket', asff: 'AwsS3Bucket' },
  's3.directory-bucket': { cloudFormation: 'AWS::S3Express::DirectoryBucket', asff: 'Other' },
};

/** What other tools call a kind of resource. */
export function typeNames(kind: string): TypeNames {
  return Object.hasOwn(named, kind) ? named[kind as Kind] : { cloudFormation: kind, asff: 'Other' };
}
