import { parseArn } from './arn.js';
import { hasActivityStream, hasPerformanceInsights } from './database.js';
import {
  encryptionOfFacet,
  encryptionsOfFacet,
  keyBearingKinds,
  keyFacets,
  severalKeys,
  type Encryption,
  type KeyBearing,
} from './encryption.js';
import { wasExported } from './export-task.js';
import { customKeyStoreArn, keyArn, keyReference } from './key-reference.js';
import type { Place } from './place.js';
import type { EdgeName } from './rule.js';
import {
  attemptFacet,
  type DatabaseExtras,
  type Kind,
  type Kinds,
  type ResourceRecord,
  type SnapshotDetails,
  type VolumeDetails,
} from './resources/index.js';

/** A relation that a kind declares: from one of its resources to the resources it names. */
export interface EdgeSpec {
  readonly name: EdgeName;
  readonly from: Kind;
  /** The facet that holds the references. */
  readonly facet: string;
  readonly to: Kind;
  /** What it points at, in the form in which `find` and `refs` look it up. */
  readonly targets: (value: never, place: Place) => readonly string[];
  /** The region that holds a target whose form does not say it. */
  readonly region: ((value: never, place: Place) => string | null) | null;
}

/**
 * Edges along which rules look up what they point at, kind by kind many and looked up in no other way: values of these
 * kinds stay in their cell's own file, and those that some edge of the run points at are picked from there.
 */
export const lineage: ReadonlySet<EdgeName> = new Set(['source', 'origin', 'image']);

const copiedSnapshot = /^\[Copied (snap-\S+) from ([a-z0-9-]+)\]/;
const imageCopySnapshot = /^Copied for DestinationAmi ami-\S+ from SourceAmi ami-\S+ for SourceSnapshot (snap-\S+)/;

/** What a snapshot's description says of the snapshot it was copied from. Descriptions can be edited by users. */
export function copySource(description: string): { readonly snapshotId: string; readonly region: string | null } | null {
  // Most snapshots are no copies, and a look at the first letters is much cheaper than two patterns.
  if (!description.startsWith('[Copied ') && !description.startsWith('Copied for ')) return null;
  const copied = copiedSnapshot.exec(description);
  if (copied?.[1] !== undefined) return { snapshotId: copied[1], region: copied[2] ?? null };
  const ofImage = imageCopySnapshot.exec(description);
  // The sentence ends in a full stop or in more text, neither of which belongs to the id.
  return ofImage?.[1] === undefined ? null : { snapshotId: ofImage[1].replace(/\W+$/, ''), region: null };
}

/** Whether AWS says that nothing encrypts it. */
function isPlain({ encrypted, sseType }: Pick<VolumeDetails, 'encrypted' | 'sseType'>): boolean {
  return encrypted === false && sseType !== 'sse-ebs';
}

/**
 * Whether a snapshot was taken of the volume that it names. AWS gives copies an arbitrary one, mostly vol-ffffffff, which
 * imported snapshots have too. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html
 */
export function isOriginal({ volumeId, transferType, description }: SnapshotDetails): boolean {
  return volumeId !== null && volumeId !== 'vol-ffffffff' && transferType === null && copySource(description) === null;
}

function arnIn({ partition, account, region }: Place, type: 'snapshot' | 'volume', id: string): string {
  return `arn:${partition}:ec2:${region}:${account}:${type}/${id}`;
}

function edge<K extends Kind, F extends keyof Kinds[K] & string>(spec: {
  name: EdgeName;
  from: K;
  facet: F;
  to: Kind;
  targets: (value: Kinds[K][F], place: Place) => readonly string[];
  region?: (value: Kinds[K][F], place: Place) => string | null;
}): EdgeSpec {
  return { region: null, ...spec };
}

/** The keys of every kind that has a storage key. */
function keyEdge(kind: KeyBearing): EdgeSpec {
  const facet = keyFacets[kind];
  return {
    name: 'key',
    from: kind,
    facet,
    to: 'kms.key',
    region: null,
    targets: (value, place) => {
      if (severalKeys.has(kind)) return encryptionsOfFacet(kind, value).flatMap((each) => storageTargets(each, place));
      const own = storageTargets(encryptionOfFacet(kind, value), place);
      if (kind !== 'rds.instance' && kind !== 'rds.cluster') return own;
      const others = otherDatabaseKeys(value).flatMap((key) => keyTargets(key, place));
      // A database is one dependant of a key, however many of its parts are under it.
      return others.length === 0 ? own : [...new Set([...own, ...others])];
    },
  };
}

function storageTargets(encryption: Encryption, place: Place): readonly string[] {
  return encryption.by === 'kms' || encryption.by === 'not-judged' ? keyTargets(encryption.key, place) : none;
}

const none: readonly string[] = [];

function keyTargets(written: string | null, place: Place): readonly string[] {
  const reference = keyReference(written, place);
  return reference.form === 'key' || reference.form === 'alias' ? [reference.arn] : none;
}

/** What a database has beside its storage that depends on a key. */
function otherDatabaseKeys(details: DatabaseExtras): readonly (string | null)[] {
  const { performanceInsights: insights, activityStream: stream, masterSecret: secret } = details;
  return [
    hasPerformanceInsights(details) ? insights.kmsKeyId : null,
    hasActivityStream(details) ? stream.kmsKeyId : null,
    secret?.kmsKeyId ?? null,
  ];
}

/** A database that another resource names by its ARN, if it is of the kind. */
function databaseTargets(arn: string | null, to: 'rds.instance' | 'rds.cluster'): readonly string[] {
  const type = to === 'rds.instance' ? 'db:' : 'cluster:';
  return arn !== null && parseArn(arn)?.resource.startsWith(type) === true ? [arn] : [];
}

const databaseKinds = ['rds.instance', 'rds.cluster'] as const;

type Enablable = { readonly enabled: boolean; readonly destination: string | null; readonly keyId: string | null };

function enabled(rules: readonly Enablable[] | null): readonly Enablable[] {
  return rules?.filter((each) => each.enabled) ?? [];
}

export const edgeSpecs: readonly EdgeSpec[] = [
  ...keyBearingKinds.map(keyEdge),
  edge({
    name: 'source',
    from: 'ebs.snapshot',
    facet: 'details',
    to: 'ebs.snapshot',
    targets: ({ description }) => {
      const source = copySource(description);
      return source === null ? [] : [source.snapshotId];
    },
    region: ({ description }) => copySource(description)?.region ?? null,
  }),
  // Only where a rule asks: a plain snapshot for its volume, an encrypted volume for a plain ancestor.
  edge({
    name: 'origin',
    from: 'ebs.snapshot',
    facet: 'details',
    to: 'ebs.volume',
    targets: (details, place) =>
      isPlain(details) && isOriginal(details) ? [arnIn(place, 'volume', details.volumeId ?? '')] : [],
  }),
  edge({
    name: 'origin',
    from: 'ebs.volume',
    facet: 'details',
    to: 'ebs.snapshot',
    targets: (details) => (isPlain(details) || details.snapshotId === null ? [] : [details.snapshotId]),
    region: (_details, { region }) => region,
  }),
  edge({
    name: 'origin',
    from: 'ebs.volume',
    facet: 'details',
    to: 'ebs.volume',
    targets: (details) => (isPlain(details) || details.sourceVolumeId === null ? [] : [details.sourceVolumeId]),
    region: (_details, { region }) => region,
  }),
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
  edge({
    name: 'key',
    from: 'rds.export-task',
    facet: 'details',
    to: 'kms.key',
    // What failed or was stopped left nothing behind.
    targets: ({ status, kmsKeyId }, place) => (wasExported(status) === false ? none : keyTargets(kmsKeyId, place)),
  }),
  edge({
    name: 'key',
    from: 'rds.integration',
    facet: 'details',
    to: 'kms.key',
    targets: ({ kmsKeyId }, place) => keyTargets(kmsKeyId, place),
  }),
  edge({
    name: 'origin',
    from: 'ec2.launch-template',
    facet: 'versions',
    to: 'ebs.snapshot',
    targets: (versions) => versions.flatMap(({ mappings }) => mappings.flatMap(({ snapshotId }) => snapshotId ?? [])),
    region: (_versions, { region }) => region,
  }),
  edge({
    name: 'image',
    from: 'ec2.image',
    facet: 'details',
    to: 'ebs.snapshot',
    targets: ({ mappings }, place) =>
      mappings.flatMap(({ snapshotId }) => (snapshotId === null ? [] : [arnIn(place, 'snapshot', snapshotId)])),
  }),
  edge({
    name: 'logTarget',
    from: 's3.bucket',
    facet: 'logging',
    to: 's3.bucket',
    targets: (logging, place) =>
      logging === null ? [] : [edgeTarget('logTarget', `arn:${place.partition}:s3:::${logging.targetBucket}`, place)],
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
      targets: (rules, place) => enabled(rules).flatMap(({ keyId }) => keyTargets(keyId, place)),
    }),
  ]),
  edge({
    name: 'primary',
    from: 'kms.key',
    facet: 'metadata',
    to: 'kms.key',
    targets: ({ multiRegion }) =>
      multiRegion?.role === 'REPLICA' && multiRegion.primaryArn !== null ? [multiRegion.primaryArn] : [],
  }),
  edge({
    name: 'store',
    from: 'kms.key',
    facet: 'metadata',
    to: 'kms.custom-key-store',
    targets: ({ customKeyStoreId }, place) => (customKeyStoreId === null ? [] : [customKeyStoreArn(place, customKeyStoreId)]),
  }),
  edge({
    name: 'target',
    from: 'kms.alias',
    facet: 'details',
    to: 'kms.key',
    targets: ({ target }, place) => (target === null ? [] : [keyArn(place, target)]),
  }),
];

/**
 * How an edge names a target. S3 delivers access logs only within one account and region, and a bucket's ARN says
 * neither. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
export function edgeTarget(edge: EdgeName, target: string, { account, region }: Place): string {
  return edge === 'logTarget' ? `${target} in ${account}/${region}` : target;
}

/** The edges of one resource whose facets were read. */
export function edgesOf(
  record: ResourceRecord,
  place: Place,
): readonly { readonly spec: EdgeSpec; readonly target: string; readonly region: string | null }[] {
  const found: { spec: EdgeSpec; target: string; region: string | null }[] = [];
  for (const spec of edgeSpecs) {
    if (spec.from !== record.kind) continue;
    const value = attemptFacet(record, spec.facet as never);
    if (!value.known) continue;
    for (const target of spec.targets(value.value, place))
      found.push({ spec, target, region: spec.region?.(value.value, place) ?? null });
  }
  return found;
}
