import type { Attempt, Missing } from '../attempt.js';
import type { Place, Service } from '../place.js';
import type { Ec2Kinds } from './ec2.js';
import type { KmsKinds } from './kms.js';
import type { RdsKinds } from './rds.js';
import type { S3Kinds } from './s3.js';

export type { Tags } from './tags.js';
export type * from './ec2.js';
export type * from './kms.js';
export type * from './rds.js';
export type * from './s3.js';

/** Every kind of resource with its facets. A facet is one piece of knowledge that costs API calls of its own. */
export interface Kinds extends KmsKinds, S3Kinds, Ec2Kinds, RdsKinds {}
export type Kind = keyof Kinds;
export type FacetName<K extends Kind> = K extends Kind ? keyof Kinds[K] & string : never;
export type FacetValue<K extends Kind, F extends string> = K extends Kind
  ? F extends keyof Kinds[K]
    ? Kinds[K][F]
    : never
  : never;

/** The service whose cell lists a kind. */
export const serviceOfKind = {
  'ebs.defaults': 'ec2',
  'ebs.snapshot': 'ec2',
  'ebs.volume': 'ec2',
  'ec2.image': 'ec2',
  'ec2.launch-template': 'ec2',
  'kms.alias': 'kms',
  'kms.custom-key-store': 'kms',
  'kms.key': 'kms',
  'rds.automated-backup': 'rds',
  'rds.cluster': 'rds',
  'rds.cluster-snapshot': 'rds',
  'rds.export-task': 'rds',
  'rds.instance': 'rds',
  'rds.integration': 'rds',
  'rds.snapshot': 'rds',
  's3.bucket': 's3',
  's3.directory-bucket': 's3',
} as const satisfies Record<Kind, Service>;

export const kinds = Object.keys(serviceOfKind) as Kind[];

/** What a rule sees of a resource beside its facets. */
export interface Identity<K extends Kind = Kind> extends Place {
  readonly kind: K;
  readonly arn: string;
  /** The name people know it by: alias, bucket name, tag Name, identifier. */
  readonly name: string;
}

/**
 * How a facet of a resource stands. A facet that was not collected has no state.
 * `absent`: AWS said that there is none, the value is null. `partly`: what is missing beside what the value holds. `call` points at the call line of the cell's file.
 */
export type FacetState =
  | { readonly state: 'read'; readonly value: unknown; readonly partly?: Missing; readonly call?: number }
  | { readonly state: 'absent'; readonly call?: number }
  | { readonly state: 'unread'; readonly missing: Missing; readonly call?: number }
  | { readonly state: 'skipped'; readonly reason: string };

/**
 * One resource as a line of a cell's inventory file holds it: its facets sorted by how they stand. A million of these
 * are read at a time, so values stand by themselves and everything rarer beside them.
 */
export interface ResourceRecord<K extends Kind = Kind> {
  readonly kind: K;
  readonly arn: string;
  readonly name: string;
  /** The region of the resource; differs from the cell's for buckets. */
  readonly region: string;
  /** Deleted between list and read: kept, no verdicts, no gap. */
  readonly gone?: true;
  /** Values of facets that were read; null where AWS said that there is none. */
  readonly facets: Readonly<Record<string, unknown>>;
  /** A facet that was read in part has a value too. */
  readonly unread?: Readonly<Record<string, Missing>>;
  /** Facets that do not apply, with the reason. */
  readonly skipped?: Readonly<Record<string, string>>;
  /** The call that each facet came from. */
  readonly calls?: Readonly<Record<string, number>>;
}

/** A record from the states of its facets. */
export function recordOf<K extends Kind>(
  kind: K,
  { arn, name, region }: { readonly arn: string; readonly name: string; readonly region: string },
  states: Readonly<Record<string, FacetState>>,
): ResourceRecord<K> {
  const facets: Record<string, unknown> = {};
  const unread: Record<string, Missing> = {};
  const skipped: Record<string, string> = {};
  const calls: Record<string, number> = {};
  for (const [facet, state] of Object.entries(states)) {
    if (state.state === 'read') facets[facet] = state.value;
    else if (state.state === 'absent') facets[facet] = null;
    else if (state.state === 'unread') unread[facet] = state.missing;
    else skipped[facet] = state.reason;
    if (state.state === 'read' && state.partly !== undefined) unread[facet] = state.partly;
    if (state.state !== 'skipped' && state.call !== undefined) calls[facet] = state.call;
  }
  const some = (map: object) => Object.keys(map).length > 0;
  return {
    kind,
    arn,
    name,
    region,
    facets,
    ...(some(unread) ? { unread } : {}),
    ...(some(skipped) ? { skipped } : {}),
    ...(some(calls) ? { calls } : {}),
  };
}

/** How one facet of a record stands; undefined when it was not collected. */
export function facetState({ facets, unread, skipped, calls }: ResourceRecord, facet: string): FacetState | undefined {
  const call = calls?.[facet] === undefined ? {} : { call: calls[facet] };
  const missing = unread?.[facet];
  if (Object.hasOwn(facets, facet)) {
    const value = facets[facet];
    if (value === null) return { state: 'absent', ...call };
    return { state: 'read', value, ...(missing === undefined ? {} : { partly: missing }), ...call };
  }
  if (missing !== undefined) return { state: 'unread', missing, ...call };
  const reason = skipped?.[facet];
  return reason === undefined ? undefined : { state: 'skipped', reason };
}

/** The read value of a facet, or why there is none. A skipped facet is not a gap; callers look at `appliesTo` first. */
export function attemptFacet<K extends Kind, F extends FacetName<K>>(
  { kind, facets, unread }: ResourceRecord<K>,
  facet: F,
): Attempt<FacetValue<K, F>> {
  if (Object.hasOwn(facets, facet)) return { known: true, value: facets[facet] as FacetValue<K, F> };
  return { known: false, missing: [unread?.[facet] ?? uncollected(kind, facet)] };
}

/** The run holds no such facet because no rule of the run needed it. */
export function uncollected(kind: Kind, facet: string): Missing {
  return { facet: `${kind}/${facet}`, operation: null, action: null, code: null, cause: 'uncollected' };
}
