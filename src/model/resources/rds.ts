import type { Tags } from './tags.js';

/** What every RDS kind says of its storage. StorageEncryptionType: none, sse-rds, sse-kms; null when AWS left it out. */
export interface RdsStorage {
  readonly engine: string | null;
  readonly encrypted: boolean | null;
  readonly encryptionType: string | null;
  readonly kmsKeyId: string | null;
}

/** What an instance and a cluster have beside their storage that is under a key of its own. */
export interface DatabaseExtras {
  readonly performanceInsights: { readonly enabled: boolean | null; readonly kmsKeyId: string | null };
  readonly activityStream: { readonly status: string | null; readonly kmsKeyId: string | null };
  /** The master user's password in Secrets Manager; null: RDS does not manage it. */
  readonly masterSecret: { readonly kmsKeyId: string | null } | null;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html */
export interface InstanceDetails extends RdsStorage, DatabaseExtras {
  readonly status: string | null;
  /** Outlives a rename, and is never given to another database. */
  readonly resourceId: string | null;
  /** Set for members of Aurora, Multi-AZ, Neptune and DocumentDB clusters: judged at the cluster. */
  readonly clusterId: string | null;
}

export interface ClusterDetails extends RdsStorage, DatabaseExtras {
  readonly status: string | null;
  readonly resourceId: string | null;
  readonly members: readonly string[];
}

/** What a database is kept a copy of. */
export interface Replication {
  readonly by: 'read replica' | 'global cluster';
  /** Its ARN; null: a global cluster that has no writer at the moment. */
  readonly source: string | null;
}

/** Both snapshot kinds: DBSnapshot has SourceRegion, DBClusterSnapshot only the ARN of its source. */
export interface RdsSnapshotDetails extends RdsStorage {
  readonly status: string | null;
  readonly type: string | null;
  readonly createdAt: string | null;
  readonly sourceRegion: string | null;
  readonly sourceArn: string | null;
  readonly databaseId: string | null;
}

/** Who may restore a manual snapshot, by its attribute `restore`: everybody, where it holds `all`, and accounts by id. */
export interface RestoreAttribute {
  readonly all: boolean;
  readonly accounts: readonly string[];
}

/** Of an instance or of a cluster: retained, replicated to this region, or of a database that is there. */
export interface AutomatedBackupDetails extends RdsStorage {
  readonly of: 'instance' | 'cluster';
  readonly status: string | null;
  readonly databaseArn: string | null;
  readonly resourceId: string | null;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ExportTask.html */
export interface ExportTaskDetails {
  readonly status: string | null;
  readonly startedAt: string | null;
  readonly kmsKeyId: string | null;
  readonly bucket: string | null;
}

/** A zero-ETL integration. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Integration.html */
export interface IntegrationDetails {
  readonly kmsKeyId: string | null;
}

export interface RdsKinds {
  'rds.instance': { details: InstanceDetails; tags: Tags; replication: Replication | null };
  'rds.cluster': { details: ClusterDetails; tags: Tags; replication: Replication | null };
  'rds.snapshot': { details: RdsSnapshotDetails; tags: Tags; restore: RestoreAttribute };
  'rds.cluster-snapshot': { details: RdsSnapshotDetails; tags: Tags; restore: RestoreAttribute };
  'rds.automated-backup': { details: AutomatedBackupDetails; tags: Tags };
  'rds.export-task': { details: ExportTaskDetails };
  'rds.integration': { details: IntegrationDetails; tags: Tags };
}
