/**
 * What the world is made of. A record has the field names of the SDK's output types; a field that starts with a
 * lower-case letter is the estate's own and never goes over the wire by itself (a key's policy, a snapshot's shares).
 */
interface Open {
  [field: string]: unknown;
}

export interface Tag {
  Key: string;
  Value: string;
}

export interface KeyRotation {
  enabled: boolean;
  periodInDays?: number;
  nextRotationDate?: Date;
  onDemandRotationStartDate?: Date;
}

export interface KeyRecord extends Open {
  KeyId: string;
  Arn: string;
  AWSAccountId: string;
  CreationDate: Date;
  Enabled: boolean;
  KeyManager: string;
  KeySpec: string;
  KeyState: string;
  KeyUsage: string;
  Origin: string;
  MultiRegion: boolean;
  rotation: KeyRotation;
  policy: string;
  tags: readonly { TagKey: string; TagValue: string }[];
  aliases: readonly string[];
  grants: readonly Record<string, unknown>[];
  rotations: readonly Record<string, unknown>[];
  /** The KeyLastUsage structure; undefined: not used since tracking began. */
  lastUsage?: Record<string, unknown> | undefined;
  /** Other accounts that may read this key by its ARN. */
  admits: readonly string[];
}

export interface AliasRecord extends Open {
  AliasName: string;
  AliasArn: string;
  TargetKeyId?: string | undefined;
}

export interface CustomKeyStoreRecord extends Open {
  CustomKeyStoreId: string;
}

export interface BucketRecord extends Open {
  Name: string;
  CreationDate: Date;
  BucketRegion: string;
  /** ServerSideEncryptionConfiguration; null: AWS answers that there is none. */
  encryption: { Rules: readonly Record<string, unknown>[] } | null;
  policy?: string | undefined;
  tags?: readonly Tag[] | undefined;
  logging?: Record<string, unknown> | undefined;
  replication?: Record<string, unknown> | undefined;
  inventory?: readonly Record<string, unknown>[] | undefined;
  /** With it the bucket keeps versions: S3 has no Object Lock without. */
  objectLock?: ObjectLockRecord | undefined;
  objects?: readonly ObjectRecord[] | undefined;
}

/** ObjectLockConfiguration. */
export interface ObjectLockRecord {
  ObjectLockEnabled: 'Enabled';
  Rule?: { DefaultRetention: { Mode: 'COMPLIANCE' | 'GOVERNANCE'; Days?: number; Years?: number } };
}

/** An object as HeadObject describes it. `sseC`: under a key of the customer's, without which S3 says nothing of it. */
export interface ObjectRecord {
  Key: string;
  ServerSideEncryption?: string;
  SSEKMSKeyId?: string;
  sseC?: true;
}

export interface VolumeRecord extends Open {
  VolumeId: string;
  Encrypted: boolean;
  KmsKeyId?: string | undefined;
}

export interface SnapshotRecord extends Open {
  SnapshotId: string;
  VolumeId: string;
  OwnerId: string;
  Encrypted: boolean;
  KmsKeyId?: string | undefined;
  /** createVolumePermission: account ids, or `all` for public. */
  sharedWith: readonly string[];
}

export interface ImageRecord extends Open {
  ImageId: string;
  Public: boolean;
  launchPermissions: readonly Record<string, string>[];
}

export interface LaunchTemplateRecord extends Open {
  LaunchTemplateId: string;
  VersionNumber: number;
  DefaultVersion: boolean;
  /** The tags of the template: versions have none. */
  tags?: readonly Tag[] | undefined;
}

export interface DbInstanceRecord extends Open {
  DBInstanceIdentifier: string;
  DBInstanceArn: string;
  Engine: string;
  StorageEncrypted: boolean;
  KmsKeyId?: string | undefined;
}

export interface DbClusterRecord extends Open {
  DBClusterIdentifier: string;
  DBClusterArn: string;
  Engine: string;
  StorageEncrypted: boolean;
  KmsKeyId?: string | undefined;
}

export interface DbSnapshotRecord extends Open {
  DBSnapshotIdentifier: string;
  DBSnapshotArn: string;
  SnapshotType: string;
  Encrypted: boolean;
  KmsKeyId?: string | undefined;
  /** The `restore` attribute: account ids, or `all` for public. */
  sharedWith: readonly string[];
}

export interface DbClusterSnapshotRecord extends Open {
  DBClusterSnapshotIdentifier: string;
  DBClusterSnapshotArn: string;
  SnapshotType: string;
  StorageEncrypted: boolean;
  KmsKeyId?: string | undefined;
  sharedWith: readonly string[];
}

export interface DbBackupRecord extends Open {
  DBInstanceAutomatedBackupsArn: string;
}

export interface DbClusterBackupRecord extends Open {
  DBClusterAutomatedBackupsArn: string;
}

export interface ExportTaskRecord extends Open {
  ExportTaskIdentifier: string;
}

export interface GlobalClusterRecord extends Open {
  GlobalClusterIdentifier: string;
}

export interface IntegrationRecord extends Open {
  IntegrationArn: string;
}

export interface Records {
  'kms.key': KeyRecord;
  'kms.alias': AliasRecord;
  'kms.custom-key-store': CustomKeyStoreRecord;
  's3.bucket': BucketRecord;
  's3.directory-bucket': BucketRecord;
  'ebs.volume': VolumeRecord;
  'ebs.snapshot': SnapshotRecord;
  'ec2.image': ImageRecord;
  'ec2.launch-template': LaunchTemplateRecord;
  'rds.instance': DbInstanceRecord;
  'rds.cluster': DbClusterRecord;
  'rds.snapshot': DbSnapshotRecord;
  'rds.cluster-snapshot': DbClusterSnapshotRecord;
  'rds.automated-backup': DbBackupRecord;
  'rds.cluster-automated-backup': DbClusterBackupRecord;
  'rds.export-task': ExportTaskRecord;
  'rds.global-cluster': GlobalClusterRecord;
  'rds.integration': IntegrationRecord;
}

export type Kind = keyof Records;

/** The field that names a record within its account, region and kind. */
export const idField = {
  'kms.key': 'KeyId',
  'kms.alias': 'AliasName',
  'kms.custom-key-store': 'CustomKeyStoreId',
  's3.bucket': 'Name',
  's3.directory-bucket': 'Name',
  'ebs.volume': 'VolumeId',
  'ebs.snapshot': 'SnapshotId',
  'ec2.image': 'ImageId',
  'ec2.launch-template': 'LaunchTemplateId',
  'rds.instance': 'DBInstanceIdentifier',
  'rds.cluster': 'DBClusterIdentifier',
  'rds.snapshot': 'DBSnapshotIdentifier',
  'rds.cluster-snapshot': 'DBClusterSnapshotIdentifier',
  'rds.automated-backup': 'DBInstanceAutomatedBackupsArn',
  'rds.cluster-automated-backup': 'DBClusterAutomatedBackupsArn',
  'rds.export-task': 'ExportTaskIdentifier',
  'rds.global-cluster': 'GlobalClusterIdentifier',
  'rds.integration': 'IntegrationArn',
} as const satisfies Record<Kind, string>;

export const kinds = Object.keys(idField) as readonly Kind[];
