import type { Kind } from './resources/index.js';
import type { Severity } from './severity.js';

/** Which resources a requirement speaks of: every condition that is there must hold; none means every resource. */
export interface Selector {
  readonly accounts?: readonly string[] | undefined;
  readonly kinds?: readonly Kind[] | undefined;
  readonly regions?: readonly string[] | undefined;
  /** Glob over the resource's name. */
  readonly name?: string | undefined;
  /** Any of the values for each key; keys and values compare without regard to case. */
  readonly tags?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What is required of an account: the rules that are on, and where a customer managed key must be used. */
export interface Baseline {
  readonly name: string;
  /** Rules that are on, with the severity that the baseline fixes, if any. */
  readonly rules: ReadonlyMap<string, { readonly severity: Severity | null }>;
  readonly cmkRequired: readonly Selector[];
}

export function usesTags(baseline: Baseline): boolean {
  return baseline.cmkRequired.some(({ tags }) => tags !== undefined);
}
