import { parseArn } from '../arn.js';
import { hasActivityStream, hasPerformanceInsights } from '../database.js';
import { wasExported } from '../export-task.js';
import type { KeyUsage } from '../key-usage.js';
import type { DatabaseExtras } from '../resources/index.js';
import { edge, keyTargets, type EdgeSpec } from './spec.js';

/** What a database has beside its storage that depends on a key. */
const otherDatabaseKeys: readonly { readonly usage: KeyUsage; readonly keyOf: (details: DatabaseExtras) => string | null }[] = [
  {
    usage: 'Performance Insights',
    keyOf: (details) => (hasPerformanceInsights(details) ? details.performanceInsights.kmsKeyId : null),
  },
  { usage: 'activity stream', keyOf: (details) => (hasActivityStream(details) ? details.activityStream.kmsKeyId : null) },
  { usage: 'master secret', keyOf: ({ masterSecret }) => masterSecret?.kmsKeyId ?? null },
];

/** A database that another resource names by its ARN, if it is of the kind. */
function databaseTargets(arn: string | null, to: 'rds.instance' | 'rds.cluster'): readonly string[] {
  const type = to === 'rds.instance' ? 'db:' : 'cluster:';
  return arn !== null && parseArn(arn)?.resource.startsWith(type) === true ? [arn] : [];
}

const databaseKinds = ['rds.instance', 'rds.cluster'] as const;

export const rdsEdges: readonly EdgeSpec[] = [
  edge({
    name: 'source',
    from: 'rds.snapshot',
    facet: 'details',
    to: 'rds.snapshot',
    targets: ({ sourceArn }) => (sourceArn === null ? [] : [sourceArn]),
  }),
  edge({
    name: 'source',
    from: 'rds.cluster-snapshot',
    facet: 'details',
    to: 'rds.cluster-snapshot',
    targets: ({ sourceArn }) => (sourceArn === null ? [] : [sourceArn]),
  }),
  ...databaseKinds.flatMap((to) => [
    ...databaseKinds.map((from) =>
      edge({
        name: 'source',
        from,
        facet: 'replication',
        to,
        targets: (replication) => databaseTargets(replication?.source ?? null, to),
      }),
    ),
    edge({
      name: 'source',
      from: 'rds.automated-backup',
      facet: 'details',
      to,
      targets: ({ databaseArn }) => databaseTargets(databaseArn, to),
    }),
  ]),
  ...databaseKinds.flatMap((from) =>
    otherDatabaseKeys.map(({ usage, keyOf }) =>
      edge({
        name: 'key',
        from,
        facet: 'details',
        to: 'kms.key',
        usage,
        targets: (details, place) => keyTargets(keyOf(details), place),
      }),
    ),
  ),
  edge({
    name: 'key',
    from: 'rds.export-task',
    facet: 'details',
    to: 'kms.key',
    usage: 'export',
    // What failed or was stopped left nothing behind.
    targets: ({ status, kmsKeyId }, place) => (wasExported(status) === false ? [] : keyTargets(kmsKeyId, place)),
  }),
  edge({
    name: 'key',
    from: 'rds.integration',
    facet: 'details',
    to: 'kms.key',
    usage: 'integration',
    targets: ({ kmsKeyId }, place) => keyTargets(kmsKeyId, place),
  }),
];
