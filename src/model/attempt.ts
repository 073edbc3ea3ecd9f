/** Why a fact is not known. `denied` and the next two are gaps; the others are facts about AWS, the run or the scope. */
export type Cause = 'denied' | 'throttled' | 'unreachable' | 'absent-field' | 'foreign' | 'uncollected' | 'unfinished';

/** One fact that a rule asked for and that the run does not hold, with what would have to change for it to be read. */
export interface Missing {
  /** `KIND/FACET`, for a listing `KIND/*`. */
  readonly facet: string;
  /** `kms:DescribeKey`; null when no call was made for it. */
  readonly operation: string | null;
  /** The IAM action that the operation needs. */
  readonly action: string | null;
  /** The error code as AWS gave it. */
  readonly code: string | null;
  readonly cause: Cause;
  /** The account that owns what was asked, where the cause is `foreign`. */
  readonly account?: string | undefined;
}

/** A value that was read, or what is missing in its place. The compiler makes the reader handle both. */
export type Attempt<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly missing: readonly Missing[] };

export function known<T>(value: T): Attempt<T> {
  return { known: true, value };
}

/** Causes that stand for something AWS did not let us read: they make a run incomplete. */
export function isGap(cause: Cause): boolean {
  return cause === 'denied' || cause === 'throttled' || cause === 'unreachable' || cause === 'unfinished';
}
