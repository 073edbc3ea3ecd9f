import type { Kind } from '../world/records.js';
import type { Generated } from '../world/shelf.js';
import { Images, LaunchTemplates, Snapshots, Volumes } from './ebs.js';
import { Aliases, Keys } from './keys.js';
import type { Place } from './place.js';
import { DbClusterSnapshots, DbSnapshots } from './rds-snapshots.js';
import { automatedBackups, clusterAutomatedBackups, exportTasks, globalClusters, integrations } from './rds-others.js';
import { Clusters, Instances } from './rds.js';
import { Buckets } from './s3.js';

/** Everything that can be made up in one account and region, each collection knowing those it refers to. */
export function generators(place: Place): readonly (readonly [Kind, Generated<unknown>])[] {
  const keys = new Keys(place);
  const volumes = new Volumes(place, keys);
  const snapshots = new Snapshots(place, keys, volumes);
  const clusters = new Clusters(place, keys);
  const instances = new Instances(place, keys, clusters);
  return [
    ['kms.key', keys],
    ['kms.alias', new Aliases(place, keys)],
    ['s3.bucket', new Buckets(place, keys)],
    ['ebs.volume', volumes],
    ['ebs.snapshot', snapshots],
    ['ec2.image', new Images(place, snapshots)],
    ['ec2.launch-template', new LaunchTemplates(place, keys)],
    ['rds.cluster', clusters],
    ['rds.instance', instances],
    ['rds.snapshot', new DbSnapshots(place, keys, instances)],
    ['rds.cluster-snapshot', new DbClusterSnapshots(place, keys, clusters)],
    ['rds.automated-backup', automatedBackups(place, keys, instances)],
    ['rds.cluster-automated-backup', clusterAutomatedBackups(place, clusters)],
    ['rds.export-task', exportTasks(place, keys)],
    ['rds.global-cluster', globalClusters(place, clusters)],
    ['rds.integration', integrations(place, keys, clusters)],
  ];
}
