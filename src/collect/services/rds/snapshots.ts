import type { DBClusterSnapshot, DBSnapshot } from '@aws-sdk/client-rds';
import type { Attempt } from '#model/attempt.js';
import { parseArn } from '#model/arn.js';
import type { RdsSnapshotDetails, RestoreAttribute } from '#model/resources/index.js';
import { whyNotShareable } from '#model/shared-snapshot.js';
import { AbsentField, forService, type Settled } from '../../service.js';
import { tagsOf } from '../../tags.js';
import type * as Rds from './sdk.js';
import { clusterSnapshots, snapshots, target } from './sources.js';

const { call, kind } = forService<typeof Rds>();

type Attributes = readonly { AttributeName?: string | undefined; AttributeValues?: string[] | undefined }[] | undefined;

/** Only manual snapshots can be shared. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html */
function settleRestore(known: { own(facet: 'details'): Attempt<RdsSnapshotDetails> }): Settled<RestoreAttribute> {
  const details = known.own('details');
  if (!details.known) return undefined;
  const reason = whyNotShareable(details.value);
  return reason === null ? undefined : { skip: reason };
}

function projectRestore(attributes: Attributes): RestoreAttribute | AbsentField {
  if (attributes === undefined) return new AbsentField('restore');
  const accounts = new Set<string>();
  for (const { AttributeName, AttributeValues = [] } of attributes)
    if (AttributeName === 'restore') for (const value of AttributeValues) accounts.add(value);
  return { all: accounts.delete('all'), accounts: [...accounts].sort() };
}

export const snapshot = kind<'rds.snapshot', DBSnapshot>({
  kind: 'rds.snapshot',
  sources: snapshots,
  identify: ({ DBSnapshotArn, DBSnapshotIdentifier }, { region }) => target(DBSnapshotArn, DBSnapshotIdentifier, region),
  facets: {
    details: {
      by: 'list',
      project: (item): RdsSnapshotDetails => ({
        engine: item.Engine ?? null,
        encrypted: item.Encrypted ?? null,
        encryptionType: item.StorageEncryptionType ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        status: item.Status ?? null,
        type: item.SnapshotType ?? null,
        createdAt: item.SnapshotCreateTime?.toISOString() ?? null,
        sourceRegion: item.SourceRegion || null,
        sourceArn: item.SourceDBSnapshotIdentifier || null,
        databaseId: item.DBInstanceIdentifier ?? null,
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
    restore: call({
      operation: 'rds:DescribeDBSnapshotAttributes',
      action: 'rds:DescribeDBSnapshotAttributes',
      after: ['details'],
      settle: settleRestore,
      request: (rds, sdk, { id }) => rds.send(new sdk.DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id })),
      project: (output) => projectRestore(output.DBSnapshotAttributesResult?.DBSnapshotAttributes),
      gone: ['DBSnapshotNotFoundFault', 'DBSnapshotNotFound'],
    }),
  },
});

export const clusterSnapshot = kind<'rds.cluster-snapshot', DBClusterSnapshot>({
  kind: 'rds.cluster-snapshot',
  sources: clusterSnapshots,
  identify: ({ DBClusterSnapshotArn, DBClusterSnapshotIdentifier }, { region }) =>
    target(DBClusterSnapshotArn, DBClusterSnapshotIdentifier, region),
  facets: {
    details: {
      by: 'list',
      project: (item): RdsSnapshotDetails => ({
        engine: item.Engine ?? null,
        encrypted: item.StorageEncrypted ?? null,
        encryptionType: item.StorageEncryptionType ?? null,
        kmsKeyId: item.KmsKeyId ?? null,
        status: item.Status ?? null,
        type: item.SnapshotType ?? null,
        createdAt: item.SnapshotCreateTime?.toISOString() ?? null,
        // Cluster snapshots have no SourceRegion: the ARN of the source holds it.
        sourceRegion: parseArn(item.SourceDBClusterSnapshotArn ?? '')?.region ?? null,
        sourceArn: item.SourceDBClusterSnapshotArn || null,
        databaseId: item.DBClusterIdentifier ?? null,
      }),
    },
    tags: { by: 'list', project: ({ TagList }) => tagsOf(TagList) },
    restore: call({
      operation: 'rds:DescribeDBClusterSnapshotAttributes',
      action: 'rds:DescribeDBClusterSnapshotAttributes',
      after: ['details'],
      settle: settleRestore,
      request: (rds, sdk, { id }) =>
        rds.send(new sdk.DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: id })),
      project: (output) => projectRestore(output.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes),
      gone: ['DBClusterSnapshotNotFoundFault', 'DBClusterSnapshotNotFound'],
    }),
  },
});
