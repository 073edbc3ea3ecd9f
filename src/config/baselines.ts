import type { Baseline, Selector } from '#model/baseline.js';
import type { Rule } from '#model/rule.js';

/** Values of a data class tag under which `recommended` asks for a customer managed key. */
const sensitive = ['confidential', 'restricted', 'secret', 'pii', 'phi'];
const sensitiveTags: readonly Selector[] = [{ tags: { DataClassification: sensitive } }, { tags: { DataClass: sensitive } }];

export const builtInBaselines = ['recommended', 'strict'] as const;

/**
 * The built-in baselines over a set of rules: `strict` turns every rule on and requires a customer managed key
 * everywhere; `recommended` leaves out the rules marked so and requires one where tags say that the data is sensitive.
 */
export function baselines(rules: readonly Rule[]): Readonly<Record<(typeof builtInBaselines)[number], Baseline>> {
  const on = (which: readonly Rule[]) => new Map(which.map(({ id }) => [id, { severity: null }]));
  return {
    recommended: { name: 'recommended', rules: on(rules.filter(({ recommended }) => recommended)), cmkRequired: sensitiveTags },
    strict: { name: 'strict', rules: on(rules), cmkRequired: [{}] },
  };
}
