import type { DBClusterAutomatedBackup, DBInstanceAutomatedBackup, ExportTask, Integration } from '@aws-sdk/client-rds';
import type { Place } from '#model/place.js';
import type { AutomatedBackupDetails } from '#model/resources/index.js';
import { forService, type Target } from '../../service.js';
import { tagsOf } from '../../tags.js';
import type * as Rds from './sdk.js';
import { clusterBackups, exportTasks, instanceBackups, integrations, target } from './sources.js';

const { kind } = forService<typeof Rds>();

type ListedBackup =
  | { readonly ofInstance: DBInstanceAutomatedBackup; readonly ofCluster?: undefined }
  | { readonly ofCluster: DBClusterAutomatedBackup; readonly ofInstance?: undefined };

/** Where AWS gives a backup no ARN of its own, one is made of the database that it is of. */
function backupTarget({ ofInstance, ofCluster }: ListedBackup, { partition, account, region }: Place): Target | undefined {
  const [arn, type, id, resourceId] =
    ofInstance === undefined
      ? [
          ofCluster.DBClusterAutomatedBackupsArn,
          'cluster-auto-backup',
          ofCluster.DBClusterIdentifier,
          ofCluster.DbClusterResourceId,
        ]
      : [ofInstance.DBInstanceAutomatedBackupsArn, 'auto-backup', ofInstance.DBInstanceIdentifier, ofInstance.DbiResourceId];
  const known = resourceId ?? id;
  const made = known === undefined ? undefined : `arn:${partition}:rds:${region}:${account}:${type}:${known}`;
  return target(arn || made, id ?? resourceId ?? arn, region);
}

function projectBackup({ ofInstance, ofCluster }: ListedBackup): AutomatedBackupDetails {
  const item = ofInstance ?? ofCluster;
  return {
    of: ofInstance === undefined ? 'cluster' : 'instance',
    engine: item.Engine ?? null,
    encrypted: (ofInstance === undefined ? ofCluster.StorageEncrypted : ofInstance.Encrypted) ?? null,
    encryptionType: item.StorageEncryptionType ?? null,
    kmsKeyId: item.KmsKeyId || null,
    status: item.Status ?? null,
    databaseArn: (ofInstance === undefined ? ofCluster.DBClusterArn : ofInstance.DBInstanceArn) ?? null,
    resourceId: (ofInstance === undefined ? ofCluster.DbClusterResourceId : ofInstance.DbiResourceId) ?? null,
  };
}

export const automatedBackup = kind<'rds.automated-backup', ListedBackup>({
  kind: 'rds.automated-backup',
  sources: [instanceBackups, clusterBackups],
  identify: backupTarget,
  facets: {
    details: { by: 'list', project: projectBackup },
    tags: { by: 'list', project: ({ ofInstance, ofCluster }) => tagsOf((ofInstance ?? ofCluster).TagList) },
  },
});

export const exportTask = kind<'rds.export-task', ExportTask>({
  kind: 'rds.export-task',
  sources: [exportTasks],
  // AWS gives export tasks no ARN.
  identify: ({ ExportTaskIdentifier: id }, { partition, account, region }) =>
    target(id === undefined ? undefined : `arn:${partition}:rds:${region}:${account}:export-task:${id}`, id, region),
  facets: {
    details: {
      by: 'list',
      project: (item) => ({
        status: item.Status ?? null,
        startedAt: item.TaskStartTime?.toISOString() ?? null,
        kmsKeyId: item.KmsKeyId || null,
        bucket: item.S3Bucket ?? null,
      }),
    },
  },
});

export const integration = kind<'rds.integration', Integration>({
  kind: 'rds.integration',
  sources: [integrations],
  identify: ({ IntegrationArn, IntegrationName }, { region }) =>
    target(IntegrationArn, IntegrationName ?? IntegrationArn, region),
  facets: {
    details: { by: 'list', project: ({ KMSKeyId }) => ({ kmsKeyId: KMSKeyId || null }) },
    tags: { by: 'list', project: ({ Tags }) => tagsOf(Tags) },
  },
});
