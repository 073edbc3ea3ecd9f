import type { DatabaseExtras, RdsStorage } from './resources/index.js';

/** The services whose databases RDS lists, as the command line calls them: told apart by Engine alone. */
export type DatabaseService = 'rds' | 'neptune' | 'docdb';

/** What a remediation may know of the database that failed. */
export interface DatabaseFacts {
  readonly details: Partial<Pick<RdsStorage, 'engine' | 'encrypted' | 'encryptionType'>>;
}

/** RDS's own where nothing is known: its commands reach the databases of the other two as well. */
export function serviceOf(facts: DatabaseFacts | undefined): DatabaseService {
  const engine = facts?.details.engine;
  return engine === 'neptune' || engine === 'docdb' ? engine : 'rds';
}

/** Whether its storage is under a KMS key, so that it can be copied under another one. */
export function isUnderKms(facts: DatabaseFacts | undefined): boolean {
  const { encrypted, encryptionType = null } = facts?.details ?? {};
  return encryptionType === 'sse-kms' || (encryptionType === null && encrypted === true);
}

interface ClusterBlocks {
  readonly cluster: string;
  readonly snapshot: string;
  readonly key: string;
}

/** What the Terraform provider calls a service's clusters and snapshots, and the argument for the key. */
export const clusterBlocks: Readonly<Record<DatabaseService, ClusterBlocks>> = {
  rds: { cluster: 'aws_rds_cluster', snapshot: 'aws_db_cluster_snapshot', key: 'kms_key_id' },
  neptune: { cluster: 'aws_neptune_cluster', snapshot: 'aws_neptune_cluster_snapshot', key: 'kms_key_arn' },
  docdb: { cluster: 'aws_docdb_cluster', snapshot: 'aws_docdb_cluster_snapshot', key: 'kms_key_id' },
};

/** Lines that wait until a cluster or its snapshot is available; `id` is a word of a shell command. */
export function untilAvailable(
  service: DatabaseService,
  what: 'cluster' | 'cluster-snapshot',
  region: string,
  id: string,
): readonly string[] {
  const named = `--region ${region} --db-${what}-identifier ${id}`;
  if (service === 'rds') return [`aws rds wait db-${what}-available ${named}`];
  // These two have no waiters.
  const list = what === 'cluster' ? 'DBClusters' : 'DBClusterSnapshots';
  return [
    '# Repeat until it says available:',
    `aws ${service} describe-db-${what}s ${named} --query '${list}[0].Status' --output text`,
  ];
}

/** Where AWS leaves the flag out, a key tells that it is on. */
export function hasPerformanceInsights({ performanceInsights: { enabled, kmsKeyId } }: DatabaseExtras): boolean {
  return enabled ?? kmsKeyId !== null;
}

export function hasActivityStream({ activityStream: { status } }: DatabaseExtras): boolean {
  return status === 'started' || status === 'starting';
}
