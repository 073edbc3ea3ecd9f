import type { Missing } from './attempt.js';
import type { CellId, Service } from './place.js';
import type { Kind } from './resources/index.js';

/**
 * complete: every list call and every facet asked was answered. partial: some were not.
 * denied, unreachable: no list call of the cell succeeded. skipped: the account has not enabled the region, or AWS does
 * not offer there what the cell is about.
 */
export const cellStates = ['complete', 'partial', 'denied', 'unreachable', 'skipped'] as const;
export type CellState = (typeof cellStates)[number];

/** Who may refuse everything in a region, in words: one note then stands for every operation. */
export const refusals = {
  'service-control-policy': 'a service control policy denies it',
  region: 'the region does not accept the credentials, as if the account had not enabled it',
} as const;
export type Refusal = keyof typeof refusals;

/** What became of one operation in one cell. */
export interface OperationCoverage {
  readonly operation: string;
  /** Calls made, retries apart. */
  readonly calls: number;
  /** Calls that ended without an answer we could use. */
  readonly errors: number;
  /** The last error code. */
  readonly code: string | null;
  /** Answers that asked to come back later; left out: none. */
  readonly throttles?: number;
}

/** The listing of one kind in one cell. */
export interface ListCoverage {
  readonly kind: Kind;
  readonly complete: boolean;
  readonly count: number;
  /** Why it is not complete. */
  readonly missing: Missing | null;
}

/** A cell's footer: what it could and could not read. */
export interface CellCoverage extends CellId {
  readonly service: Service;
  readonly state: CellState;
  readonly reason: string | null;
  /** Every call of the cell was refused, and by this alone. */
  readonly refusedBy?: Refusal | undefined;
  readonly operations: readonly OperationCoverage[];
  readonly lists: readonly ListCoverage[];
  /** Facets that stayed unread, by `KIND/FACET` and code. */
  readonly unread: readonly { readonly missing: Missing; readonly count: number }[];
}
