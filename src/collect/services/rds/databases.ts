import type { DBCluster, DBInstance, GlobalCluster } from '@aws-sdk/client-rds';
import { parseArn } from '#model/arn.js';
import type { Place } from '#model/place.js';
import type { DatabaseExtras, Replication } from '#model/resources/index.js';
import { forService } from '../../service.js';
import { tagsOf } from '../../tags.js';
import type * as Rds from './sdk.js';
import { clusters, globalClusters, instances, target } from './sources.js';

const { fromSource, kind } = forService<typeof Rds>();

/** What both databases have beside their storage. */
function extrasOf(item: DBInstance | DBCluster): DatabaseExtras {
  const { MasterUserSecret: secret } = item;
  return {
    performanceInsights: {
      enabled: item.PerformanceInsightsEnabled ?? null,
      kmsKeyId: item.PerformanceInsightsKMSKeyId || null,
    },
    activityStream: { status: item.ActivityStreamStatus ?? null, kmsKeyId: item.ActivityStreamKmsKeyId || null },
    masterSecret: secret === undefined ? null : { kmsKeyId: secret.KmsKeyId || null },
  };
}

/** RDS names a source in the same region by its identifier, one in another by its ARN. */
function replicaOf(id: string | undefined, type: 'db' | 'cluster', { partition, account, region }: Place): Replication | null {
  if (id === undefined || id === '') return null;
  const source = id.startsWith('arn:') ? id : `arn:${partition}:rds:${region}:${account}:${type}:${id}`;
  return { by: 'read replica', source };
}

export const instance = kind<'rds.instance', DBInstance>({
  kind: 'rds.instance',
  sources: [instances],
  identify: ({ DBInstanceArn, DBInstanceIdentifier }, { region }) => target(DBInstanceArn, DBInstanceIdentifier, region),
  facets: {
    details: {
      by: 'list',
      project: (item) => ({
        engine: item.Engine ?? null,
        encrypted: item.StorageEncrypted ?? null,
        encryptionType: item.StorageEncryptionType ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        status: item.DBInstanceStatus ?? null,
        resourceId: item.DbiResourceId ?? null,
        clusterId: item.DBClusterIdentifier ?? null,
        ...extrasOf(item),
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
    replication: {
      by: 'list',
      project: (item, place) =>
        replicaOf(item.ReadReplicaSourceDBInstanceIdentifier, 'db', place) ??
        replicaOf(item.ReadReplicaSourceDBClusterIdentifier, 'cluster', place),
    },
  },
});

export const cluster = kind<'rds.cluster', DBCluster>({
  kind: 'rds.cluster',
  sources: [clusters],
  identify: ({ DBClusterArn, DBClusterIdentifier }, { region }) => target(DBClusterArn, DBClusterIdentifier, region),
  facets: {
    details: {
      by: 'list',
      project: (item) => ({
        engine: item.Engine ?? null,
        encrypted: item.StorageEncrypted ?? null,
        encryptionType: item.StorageEncryptionType ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        status: item.Status ?? null,
        resourceId: item.DbClusterResourceId ?? null,
        ...extrasOf(item),
        members: (item.DBClusterMembers ?? []).flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []),
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
    replication: fromSource<GlobalCluster, Replication | null, DBCluster>(globalClusters, (items) => {
      const writers = writersOf(items);
      return ({ arn, region }, { ReplicationSourceIdentifier }) => {
        const writer = writers.get(arn);
        if (writer !== undefined) return { by: 'global cluster', source: writer };
        const { partition = '', account = '' } = parseArn(arn) ?? {};
        return replicaOf(ReplicationSourceIdentifier, 'cluster', { partition, account, region });
      };
    }),
  },
});

/** The writer of its global cluster for every member that is none, by ARN. */
function writersOf(items: readonly GlobalCluster[]): ReadonlyMap<string, string | null> {
  const writers = new Map<string, string | null>();
  for (const { GlobalClusterMembers: members = [] } of items) {
    const writer = members.find(({ IsWriter }) => IsWriter === true)?.DBClusterArn ?? null;
    for (const { DBClusterArn, IsWriter } of members)
      if (DBClusterArn !== undefined && IsWriter !== true) writers.set(DBClusterArn, writer);
  }
  return writers;
}
