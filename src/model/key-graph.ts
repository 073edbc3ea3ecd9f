import type { Attempt, Missing } from './attempt.js';
import type { KeyReference } from './key-reference.js';
import type { FacetName, FacetValue, KeyMetadata } from './resources/index.js';

/** A key record of the run, or one asked for by its ARN afterwards. */
export interface KeyRecord {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Sorted; empty when the key was asked for by ARN alone. */
  readonly aliases: readonly string[];
  readonly metadata: KeyMetadata;
  /** Any of its facets that a rule of the run looks up. */
  readonly read: <F extends FacetName<'kms.key'>>(facet: F) => Attempt<FacetValue<'kms.key', F>>;
}

/** What a key reference turned out to be. See "Key reference" in the rule catalogue. */
export type ResolvedKey =
  | { readonly state: 'aws-managed'; readonly reference: KeyReference; readonly arn: string; readonly alias: string | null }
  | { readonly state: 'resolved'; readonly reference: KeyReference; readonly arn: string; readonly key: KeyRecord }
  /** NotFoundException to the owner's credentials, or not in the complete listings of its account and region. */
  | { readonly state: 'missing'; readonly reference: KeyReference; readonly arn: string; readonly seenBy: string }
  /** Of an account outside the scope, and DescribeKey by ARN did not succeed. */
  | {
      readonly state: 'foreign';
      readonly reference: KeyReference;
      readonly arn: string;
      readonly account: string;
      readonly missing: Missing;
    }
  | {
      readonly state: 'unread';
      readonly reference: KeyReference;
      readonly arn: string | null;
      readonly missing: readonly Missing[];
    };

/** What is missing of a foreign key, with the account whose key it is. */
export function foreignKey({ missing, account }: Extract<ResolvedKey, { state: 'foreign' }>): Missing {
  return { ...missing, account };
}

/** Resources of one kind that use a key for the same. */
export interface KeyUse {
  readonly kind: string;
  /** `storage`, `replica`, …; several joined by commas. */
  readonly usage: string;
  readonly count: number;
}

/** The resources of one account and region that use a key, by kind. */
export interface PlaceUse {
  readonly account: string;
  readonly region: string;
  readonly byKind: Readonly<Record<string, number>>;
}

/** The resources of the run that use a key. */
export interface Dependants {
  /** Count by kind. */
  readonly byKind: Readonly<Record<string, number>>;
  readonly uses: readonly KeyUse[];
  readonly total: number;
  /** False: a listing that could hold a further one is not complete, or was not made. */
  readonly complete: boolean;
  readonly missing: readonly Missing[];
}

/** Usable keys can encrypt and decrypt now. https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export type Usability =
  | { readonly usable: true }
  | { readonly usable: false; readonly why: string; readonly pendingDeletion: boolean }
  /** DescribeKey answered, but not in a way that settles it. */
  | { readonly usable: null; readonly missing: Missing };

const notUsable = new Set(['Disabled', 'PendingImport', 'Unavailable']);
const deleting = new Set(['PendingDeletion', 'PendingReplicaDeletion']);

/** `spec`: another than the key's own, where that does not matter. */
export function usability(metadata: KeyMetadata, spec = metadata.spec): Usability {
  const { state, deletionAt } = metadata;
  if (deleting.has(state)) {
    return {
      usable: false,
      why: deletionAt === null ? state : `${state}, to be deleted on ${deletionAt.slice(0, 10)}`,
      pendingDeletion: true,
    };
  }
  if (notUsable.has(state)) return { usable: false, why: state, pendingDeletion: false };
  if (spec === null) return { usable: null, missing: notSettled('KeySpec') };
  if (spec !== 'SYMMETRIC_DEFAULT') return { usable: false, why: `KeySpec ${spec}`, pendingDeletion: false };
  if (state === 'Enabled' || state === 'Updating') return { usable: true };
  return { usable: null, missing: notSettled(`a settled KeyState (it says ${state})`) };
}

function notSettled(code: string): Missing {
  return { facet: 'kms.key/metadata', operation: 'kms:DescribeKey', action: 'kms:DescribeKey', code, cause: 'absent-field' };
}

/** The joins that a rule may ask for. Built from the edges of a run before its resources are streamed. */
export interface KeyGraph {
  /** Resolves a normalised reference. `none` and `invalid` references are `unread`. */
  resolve(reference: KeyReference): ResolvedKey;
  dependants(keyArn: string): Dependants;
}
