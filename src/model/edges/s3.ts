import type { Place } from '../place.js';
import { edge, keyTargets, type EdgeSpec } from './spec.js';

type Enablable = { readonly enabled: boolean; readonly destination: string | null; readonly keyId: string | null };

function enabled(rules: readonly Enablable[] | null): readonly Enablable[] {
  return rules?.filter((each) => each.enabled) ?? [];
}

/**
 * Where a bucket's access logs go. S3 delivers them only within one account and region, and a bucket's ARN says
 * neither. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
export function logTargetIn(bucketArn: string, { account, region }: Place): string {
  return `${bucketArn} in ${account}/${region}`;
}

export const s3Edges: readonly EdgeSpec[] = [
  edge({
    name: 'logTarget',
    from: 's3.bucket',
    facet: 'logging',
    to: 's3.bucket',
    targets: (logging, place) =>
      logging === null ? [] : [logTargetIn(`arn:${place.partition}:s3:::${logging.targetBucket}`, place)],
  }),
  // Says nothing of what else is under the key: only some objects were looked at, and of most runs none.
  edge({
    name: 'objectKey',
    from: 's3.bucket',
    facet: 'objectEncryption',
    to: 'kms.key',
    targets: (objects, place) => [
      ...new Set(objects.flatMap((object) => (object.is === 'read' ? keyTargets(object.keyId, place) : []))),
    ],
  }),
  ...(['replication', 'inventory'] as const).flatMap((facet) => [
    edge({
      name: 'destination',
      from: 's3.bucket',
      facet,
      to: 's3.bucket',
      targets: (rules) => enabled(rules).flatMap(({ destination }) => destination ?? []),
    }),
    // Apart from `key`: no object of the bucket itself is under it.
    edge({
      name: 'destinationKey',
      from: 's3.bucket',
      facet,
      to: 'kms.key',
      usage: facet === 'replication' ? 'replica' : facet,
      targets: (rules, place) => enabled(rules).flatMap(({ keyId }) => keyTargets(keyId, place)),
    }),
  ]),
];
