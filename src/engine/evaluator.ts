import type { Baseline } from '#model/baseline.js';
import { edgeSpecs } from '#model/edges.js';
import { severalKeys } from '#model/encryption.js';
import type { Place } from '#model/place.js';
import type { Kind, ResourceRecord } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { Outcome } from '#model/verdict.js';
import { Bench, type BenchOptions } from './bench.js';
import { Resource, type KindRules } from './resource.js';
import { keyFacetOf } from './rule-on-kind.js';
import { nothing } from './verdicts.js';

export interface EvaluatorOptions extends BenchOptions {
  readonly rules: readonly Rule[];
}

/** Judges resources of one account: settles what the rules may see, then asks each rule. Pure but for the joins it reads. */
export class Evaluator {
  readonly #kinds = new Map<Kind, KindRules>();
  readonly #bench: Bench;

  constructor(options: EvaluatorOptions) {
    this.#bench = new Bench(options);
    const byKind = new Map<Kind, Rule[]>();
    for (const rule of options.rules) {
      if (!options.baseline.rules.has(rule.id)) continue;
      for (const kind of rule.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), rule]);
    }
    for (const [kind, rules] of byKind) this.#kinds.set(kind, kindRules(kind, rules, options.baseline));
  }

  /** Rules on a kind, in the order of their ids. */
  rulesOn(kind: Kind): readonly Rule[] {
    return this.#kinds.get(kind)?.rules.map(({ rule }) => rule) ?? [];
  }

  /** One outcome per rule on the resource's kind. A resource that is gone gets none. */
  evaluate(record: ResourceRecord, place: Place, emit: Emit): void {
    const onKind = this.#kinds.get(record.kind);
    if (onKind === undefined || record.gone === true) return;
    const resource = new Resource(record, place, this.#bench, onKind);
    for (const each of onKind.rules) emit(each.rule, this.#bench.judge(each, resource), resource);
  }
}

export type Emit = (rule: Rule, outcome: Outcome, resource: Resource) => void;

function kindRules(kind: Kind, rules: readonly Rule[], baseline: Baseline): KindRules {
  const keyFacet = keyFacetOf(kind);
  const sources = edgeSpecs.filter(({ name, from }) => name === 'source' && from === kind);
  const collected = (facet: string): string => (facet === 'encryption' ? (keyFacet ?? facet) : facet);
  return {
    kind,
    rules: rules.map((rule, index) => {
      const options = baseline.rules.get(rule.id)?.options ?? rule.options?.parse({}) ?? nothing;
      return {
        rule,
        kind,
        index,
        options,
        configured: rule.configured(options as never),
        conditional: rule.cmkRequired === 'condition',
        shared: rule.decidedBy === 'encryption' && !severalKeys.has(kind) && looksAtNothingElse(rule, keyFacet, collected),
        several: severalKeys.has(kind) && rule.needs.includes('encryption'),
      };
    }),
    needed: [...new Set(rules.flatMap(({ needs }) => needs.map(collected)))],
    needsEncryption: keyFacet !== undefined && rules.some(({ needs }) => needs.includes('encryption')),
    keyFacet,
    sources,
    sourceFacets: [...new Set(sources.map(({ facet }) => facet))],
  };
}

/**
 * Whether a rule is held to what it says of `decidedBy`: a fact that one resource has and another has unread must not
 * be judged once for both.
 */
function looksAtNothingElse(rule: Rule, keyFacet: string | undefined, collected: (facet: string) => string): boolean {
  const { needs, wants, reverse, lookups, cmkRequired } = rule;
  return (
    needs.every((facet) => collected(facet) === keyFacet) &&
    wants.length === 0 &&
    reverse.length === 0 &&
    cmkRequired !== 'want' &&
    Object.keys(lookups).every((kind) => kind === 'kms.key')
  );
}
