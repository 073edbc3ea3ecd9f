import { z } from 'zod';
import { kinds, type Kind } from './resources/index.js';
import type { Severity } from './severity.js';

const globs = z.array(z.string().min(1)).readonly();

/** Which resources a requirement speaks of: every condition that is there must hold; none means every resource. */
export const Selector = z.strictObject({
  accounts: globs.optional(),
  paths: globs.optional().meta({ description: "Globs over the OU path of the resource's account" }),
  kinds: z
    .array(z.enum(kinds as [Kind, ...Kind[]]))
    .readonly()
    .optional(),
  regions: globs.optional(),
  name: z.string().min(1).optional().meta({ description: "Glob over the resource's name" }),
  tags: z
    .record(z.string(), z.array(z.string()).min(1).readonly())
    .readonly()
    .optional()
    .meta({ description: 'Any of the values for each key; keys and values compare without regard to case' }),
});
export type Selector = Readonly<z.output<typeof Selector>>;

/** How a baseline sets a rule. */
export interface RuleSetting {
  /** The severity that the baseline fixes, if any. */
  readonly severity: Severity | null;
  /** Options as the rule's schema put them out; undefined: its defaults. */
  readonly options?: unknown;
}

/** What is required of an account: the rules that are on, and where a customer managed key must be used. */
export interface Baseline {
  readonly name: string;
  /** Rules that are on. */
  readonly rules: ReadonlyMap<string, RuleSetting>;
  readonly cmkRequired: readonly Selector[];
  /** What it changes with a reason; left out: nothing. */
  readonly reasons?: readonly RuleReason[];
}

/** Why a baseline has a rule off, or at another severity. */
export interface RuleReason {
  readonly rule: string;
  readonly state: Severity | 'on' | 'off';
  readonly reason: string;
}

export function usesTags(baseline: Baseline): boolean {
  return baseline.cmkRequired.some(({ tags }) => tags !== undefined);
}
