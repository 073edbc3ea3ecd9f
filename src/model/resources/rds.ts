import type { Tags } from './tags.js';

/** What every RDS kind says of its storage. StorageEncryptionType: none, sse-rds, sse-kms; null when AWS left it out. */
export interface RdsStorage {
  readonly engine: string | null;
  readonly encrypted: boolean | null;
  readonly encryptionType: string | null;
  readonly kmsKeyId: string | null;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html */
export interface InstanceDetails extends RdsStorage {
  readonly status: string | null;
  /** Set for members of Aurora, Multi-AZ, Neptune and DocumentDB clusters: judged at the cluster. */
  readonly clusterId: string | null;
}

export interface ClusterDetails extends RdsStorage {
  readonly status: string | null;
  readonly members: readonly string[];
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

/** Whether the `restore` attribute holds `all`, and how that was seen: `encrypted` under a KMS key needs no call. */
export interface RdsSnapshotPublic {
  readonly public: boolean;
  readonly seenBy: 'encrypted' | 'restore attribute';
}

export interface RdsKinds {
  'rds.instance': { details: InstanceDetails; tags: Tags };
  'rds.cluster': { details: ClusterDetails; tags: Tags };
  'rds.snapshot': { details: RdsSnapshotDetails; tags: Tags; public: RdsSnapshotPublic };
  'rds.cluster-snapshot': { details: RdsSnapshotDetails; tags: Tags; public: RdsSnapshotPublic };
}
