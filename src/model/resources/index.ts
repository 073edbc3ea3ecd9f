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
  'kms.alias': 'kms',
  'kms.key': 'kms',
  'rds.cluster': 'rds',
  'rds.cluster-snapshot': 'rds',
  'rds.instance': 'rds',
  'rds.snapshot': 'rds',
  's3.bucket': 's3',
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
 * How a facet of a resource stands in the inventory. A facet that is not there was not collected.
 * `absent`: AWS said that there is none, the value is null. `call` points at the call line of the cell's file.
 */
export type FacetState =
  | { readonly state: 'read'; readonly value: unknown; readonly call?: number }
  | { readonly state: 'absent'; readonly call?: number }
  | { readonly state: 'unread'; readonly missing: Missing; readonly call?: number }
  | { readonly state: 'skipped'; readonly reason: string };

/** One resource as a line of a cell's inventory file holds it. */
export interface ResourceRecord<K extends Kind = Kind> {
  readonly kind: K;
  readonly arn: string;
  readonly name: string;
  /** The region of the resource; differs from the cell's for buckets. */
  readonly region: string;
  /** Deleted between list and read: kept, no verdicts, no gap. */
  readonly gone?: true;
  readonly facets: Readonly<Record<string, FacetState>>;
}

/** The read value of a facet, or why there is none. A skipped facet is not a gap; callers look at `appliesTo` first. */
export function attemptFacet<K extends Kind, F extends FacetName<K>>(
  record: ResourceRecord<K>,
  facet: F,
): Attempt<FacetValue<K, F>> {
  const state = record.facets[facet];
  switch (state?.state) {
    case 'read':
      return { known: true, value: state.value as FacetValue<K, F> };
    case 'absent':
      return { known: true, value: null as FacetValue<K, F> };
    case 'unread':
      return { known: false, missing: [state.missing] };
    case 'skipped':
    case undefined:
      return { known: false, missing: [uncollected(record.kind, facet)] };
  }
}

/** The run holds no such facet because no rule of the run needed it. */
export function uncollected(kind: Kind, facet: string): Missing {
  return { facet: `${kind}/${facet}`, operation: null, action: null, code: null, cause: 'uncollected' };
}
