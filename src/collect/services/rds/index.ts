import type { ServiceSpec } from '../../service.js';
import { cluster, instance } from './databases.js';
import { automatedBackup, exportTask, integration } from './others.js';
import type * as Rds from './sdk.js';
import { clusterSnapshot, snapshot } from './snapshots.js';

export const rds: ServiceSpec<typeof Rds> = {
  service: 'rds',
  sdk: () => import('./sdk.js'),
  kinds: [instance, cluster, snapshot, clusterSnapshot, automatedBackup, exportTask, integration],
};
