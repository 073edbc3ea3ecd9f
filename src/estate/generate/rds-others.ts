import { daysBefore } from '../world/key.js';
import { hashText, uuid } from '../world/hash.js';
import type {
  DbBackupRecord,
  DbClusterBackupRecord,
  ExportTaskRecord,
  GlobalClusterRecord,
  IntegrationRecord,
} from '../world/records.js';
import type { Generated } from '../world/shelf.js';
import type { Keys } from './keys.js';
import { indexOfNumbered, neighbour, numbered } from './place.js';
import type { Place } from './place.js';
import { withKey } from './rds.js';
import type { Clusters, Instances } from './rds.js';

/** A collection whose ids end in the index. */
function byNumber<T>(count: number, prefix: string, make: (id: string, index: number) => T): Generated<T> {
  const idAt = (index: number) => numbered(prefix, index);
  return {
    count,
    at: (index) => make(idAt(index), index),
    indexOf: (id) => {
      const index = indexOfNumbered(id);
      return index !== undefined && idAt(index) === id ? index : undefined;
    },
  };
}

/** Of instances, of those that are gone, and every fourth replicated here from the neighbour region. */
export function automatedBackups(place: Place, keys: Keys, instances: Instances): Generated<DbBackupRecord> {
  const prefix = `arn:aws:rds:${place.region}:${place.account}:auto-backup:ab-gen-`;
  const from = neighbour(place, 'rds.instance', 1);
  return byNumber(place.count('rds.automated-backup'), prefix, (arn, index) => {
    const source = from !== undefined && index % 4 === 3 ? from : undefined;
    const { encrypted, ...key } =
      source === undefined
        ? instances.encryptionAt(index)
        : withKey(index % 8 === 3 ? keys.managed('rds') : keys.customer(index));
    const region = source ?? place.region;
    const status = index < instances.count ? 'active' : 'retained';
    return {
      DBInstanceAutomatedBackupsArn: arn,
      DBInstanceIdentifier: instances.idAt(index),
      DBInstanceArn: `arn:aws:rds:${region}:${place.account}:db:${instances.idAt(index)}`,
      ...(source === undefined && { DbiResourceId: instances.resourceIdAt(index) }),
      Engine: instances.engineAt(index),
      Region: region,
      Status: source === undefined ? status : 'replicating',
      RestoreWindow: { EarliestTime: daysBefore(7), LatestTime: daysBefore(0) },
      Encrypted: encrypted,
      ...key,
      BackupRetentionPeriod: 7,
    };
  });
}

export function clusterAutomatedBackups(place: Place, clusters: Clusters): Generated<DbClusterBackupRecord> {
  const prefix = `arn:aws:rds:${place.region}:${place.account}:cluster-auto-backup:ab-gen-`;
  return byNumber(place.count('rds.cluster-automated-backup'), prefix, (arn, index) => {
    const { encrypted, ...key } = clusters.encryptionAt(index);
    return {
      DBClusterAutomatedBackupsArn: arn,
      DBClusterIdentifier: clusters.idAt(index),
      DBClusterArn: clusters.arnAt(index),
      DbClusterResourceId: clusters.resourceIdAt(index),
      Engine: clusters.engineAt(index),
      Region: place.region,
      Status: index < clusters.count ? 'active' : 'retained',
      StorageEncrypted: encrypted,
      ...key,
      BackupRetentionPeriod: 7,
    };
  });
}

export function exportTasks(place: Place, keys: Keys): Generated<ExportTaskRecord> {
  return byNumber(place.count('rds.export-task'), 'gen-export-', (id, index) => ({
    ExportTaskIdentifier: id,
    SourceArn: `arn:aws:rds:${place.region}:${place.account}:snapshot:${numbered('gen-dbsnap-', index)}`,
    SourceType: 'SNAPSHOT',
    S3Bucket: `gen-${place.account}-${place.region}-0000000`,
    IamRoleArn: `arn:aws:iam::${place.account}:role/export`,
    KmsKeyId: keys.customer(index) ?? keys.missing(index),
    Status: 'COMPLETE',
    PercentProgress: 100,
    TaskStartTime: daysBefore(index % 100),
  }));
}

/** Each with a writer here and, where that is encrypted, an encrypted cluster of the same engine in the neighbour region. */
export function globalClusters(place: Place, clusters: Clusters): Generated<GlobalClusterRecord> {
  const next = neighbour(place, 'rds.cluster', 1);
  const secondaryOf = (writer: number): string | undefined => {
    if (next === undefined || !clusters.isUnderKmsIn(place.region, writer) || clusters.engineAt(writer) === 'mysql')
      return undefined;
    // Every sixth has the same engine; the first of a region are writers of its own.
    const index = writer + 6 * Math.ceil(place.count('rds.global-cluster', next) / 6);
    if (index >= place.count('rds.cluster', next) || !clusters.isUnderKmsIn(next, index)) return undefined;
    return `arn:aws:rds:${next}:${place.account}:cluster:${clusters.idAt(index)}`;
  };
  return byNumber(place.count('rds.global-cluster'), `gen-global-${place.region}-`, (id, index) => {
    const member = clusters.count > 0 ? index % clusters.count : undefined;
    const { encrypted, StorageEncryptionType } =
      member === undefined ? { encrypted: true, StorageEncryptionType: 'sse-kms' } : clusters.encryptionAt(member);
    const writer = member === undefined ? [] : [{ DBClusterArn: clusters.arnAt(member), IsWriter: true, Readers: [] }];
    const secondary = member === undefined ? undefined : secondaryOf(member);
    return {
      GlobalClusterIdentifier: id,
      GlobalClusterArn: `arn:aws:rds::${place.account}:global-cluster:${id}`,
      Status: 'available',
      Engine: member === undefined ? 'aurora-postgresql' : clusters.engineAt(member),
      StorageEncrypted: encrypted,
      StorageEncryptionType,
      GlobalClusterMembers:
        secondary === undefined ? writer : [...writer, { DBClusterArn: secondary, IsWriter: false, Readers: [] }],
    };
  });
}

export function integrations(place: Place, keys: Keys, clusters: Clusters): Generated<IntegrationRecord> {
  const prefix = `arn:aws:rds:${place.region}:${place.account}:integration:gen-`;
  const base = hashText(prefix, place.seed);
  return byNumber(place.count('rds.integration'), prefix, (arn, index) => ({
    IntegrationArn: arn,
    IntegrationName: `gen-integration-${index}`,
    SourceArn: clusters.arnAt(clusters.count > 0 ? index % clusters.count : 0),
    TargetArn: `arn:aws:redshift-serverless:${place.region}:${place.account}:namespace/${uuid(base, index)}`,
    ...(index % 3 !== 2 && { KMSKeyId: keys.customer(index) ?? keys.missing(index) }),
    Status: 'active',
    CreateTime: daysBefore(index % 100),
    Tags: [],
  }));
}
