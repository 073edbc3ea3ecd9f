import { known, type Attempt, type Missing } from '#model/attempt.js';
import type { Baseline, Selector } from '#model/baseline.js';
import { edgeSpecs } from '#model/edges.js';
import { isKeyBearing, keyFacets } from '#model/encryption.js';
import type { ResolvedKey } from '#model/key-graph.js';
import { keyReference } from '#model/key-reference.js';
import type { Place } from '#model/place.js';
import { uncollected, type Kind, type ResourceRecord } from '#model/resources/index.js';
import type { EdgeName, Rule, RuleContext } from '#model/rule.js';
import type { Severity } from '#model/severity.js';
import { trustedText, trusts, type Party, type TrustBase } from '#model/trust.js';
import type { Evidence, MessageData, Outcome, Verdict } from '#model/verdict.js';
import type { Joins } from './joins.js';
import { Resource, type AccountJoins, type KindRules, type LevelSource } from './resource.js';

/** Facets by `KIND/FACET`, with the operation and IAM action that read them: for what an unknown has to name. */
export type FacetOperations = ReadonlyMap<string, { readonly operation: string; readonly action: string }>;

export interface EvaluatorOptions {
  readonly rules: readonly Rule[];
  readonly baseline: Baseline;
  readonly joins: Joins;
  readonly trust: TrustBase;
  readonly now: Date;
  readonly operations: FacetOperations;
}

/** Judges resources of one account: settles what the rules may see, then asks each rule. Pure but for the joins it reads. */
export class Evaluator {
  readonly #kinds = new Map<Kind, KindRules>();
  readonly #bench: Bench;

  constructor(options: EvaluatorOptions) {
    this.#bench = new Bench(options);
    for (const rule of options.rules) {
      if (!options.baseline.rules.has(rule.id)) continue;
      for (const kind of rule.kinds) {
        const { rules = [], needsEncryption = false } = this.#kinds.get(kind) ?? {};
        const encryption = needsEncryption || (isKeyBearing(kind) && rule.needs.includes('encryption'));
        const sources = edgeSpecs.filter(({ name, from }) => name === 'source' && from === kind);
        this.#kinds.set(kind, { rules: [...rules, rule], needsEncryption: encryption, keyFacet: keyFacetOf(kind), sources });
      }
    }
  }

  /** Rules on a kind, in the order of their ids. */
  rulesOn(kind: Kind): readonly Rule[] {
    return this.#kinds.get(kind)?.rules ?? [];
  }

  /** One outcome per rule on the resource's kind. A resource that is gone gets none. */
  evaluate(record: ResourceRecord, place: Place, emit: (rule: Rule, outcome: Outcome, resource: Resource) => void): void {
    const onKind = this.#kinds.get(record.kind);
    if (onKind === undefined || record.gone === true) return;
    const resource = new Resource(record, place, this.#bench, onKind);
    for (const rule of onKind.rules) emit(rule, this.#bench.judge(rule, resource), resource);
  }
}

function keyFacetOf(kind: Kind): string | undefined {
  return isKeyBearing(kind) ? keyFacets[kind] : undefined;
}

/**
 * What the resources of one account share while they are judged: the joins with what they answered, and one context
 * whose functions speak of the resource at hand. Rules are synchronous, so there is one at a time; a context for each
 * resource would be most of the work on it.
 */
class Bench implements AccountJoins {
  readonly options: EvaluatorOptions;
  readonly baseline: Baseline;
  readonly joins: Joins;
  readonly #context: RuleContext & { options: unknown };
  readonly #premises: { readonly now: Date; options: unknown };
  readonly #options = new Map<Rule, unknown>();
  /** By region, then as the service wrote it. */
  readonly #keys = new Map<string, Map<string, ResolvedKey>>();
  readonly #sources = new Map<string, LevelSource>();
  #atHand: Resource | undefined;
  #asking: Rule | undefined;

  constructor(options: EvaluatorOptions) {
    this.options = options;
    this.baseline = options.baseline;
    this.joins = options.joins;
    this.#premises = { now: options.now, options: undefined };
    this.#context = this.#makeContext();
  }

  /** The options of a rule in this account's baseline. */
  #optionsOf(rule: Rule): unknown {
    let options = this.#options.get(rule);
    if (options === undefined) {
      options = this.baseline.rules.get(rule.id)?.options ?? rule.options?.parse({}) ?? nothing;
      this.#options.set(rule, options);
    }
    return options;
  }

  /** Settles the facts, in the order that the rule contract promises, and then asks the rule. */
  judge(rule: Rule, resource: Resource): Outcome {
    this.#atHand = resource;
    this.#asking = rule;
    try {
      if (rule.options !== null) this.#context.options = this.#premises.options = this.#optionsOf(rule);
      // A fact that was read and says "not applicable" comes before one that was not.
      const required = rule.cmkRequired === 'condition' ? resource.cmkRequired() : noCondition;
      if (required.known && !required.value) return cmkNotRequired;
      const premises = settle(rule.premises, resource);
      if (premises !== undefined) return premises;
      const applies = rule.appliesTo(resource.view as never, this.#premises as never);
      if (applies !== true) return { verdict: 'not-applicable', reason: applies };
      if (!required.known) return { verdict: 'unknown', missing: required.missing };
      const needs = settle(rule.needs, resource);
      if (needs !== undefined) return needs;
      return rule.evaluate(viewFor(rule, resource) as never, this.#context as never);
    } catch (error) {
      return { verdict: 'error', message: error instanceof Error ? error.message : String(error) };
    }
  }

  resolve(written: string, place: Place): ResolvedKey {
    let known = this.#keys.get(place.region);
    if (known === undefined) this.#keys.set(place.region, (known = new Map<string, ResolvedKey>()));
    let resolved = known.get(written);
    if (resolved === undefined) known.set(written, (resolved = this.options.joins.resolve(keyReference(written, place))));
    return resolved;
  }

  /** Where the field that says how a kind is encrypted comes from. */
  sourceOf(kind: Kind): LevelSource {
    let source = this.#sources.get(kind);
    if (source === undefined) {
      const facet = `${kind}/${keyFacetOf(kind) ?? '*'}`;
      const { operation = null, action = null } = this.options.operations.get(facet) ?? {};
      this.#sources.set(kind, (source = { facet, operation, action }));
    }
    return source;
  }

  #resource(): Resource {
    if (this.#atHand === undefined) throw new Error('No resource is being judged');
    return this.#atHand;
  }

  #makeContext(): RuleContext & { options: unknown } {
    const { joins, now, trust } = this.options;
    return {
      now,
      options: nothing,
      trusted: trustedText(trust),
      trusts: (party: Party) => trusts(trust, party),
      matches: (selectors: readonly Selector[]) => this.#resource().matches(selectors),
      pass,
      fail,
      unknown: (missing) => ({ verdict: 'unknown', missing }),
      notApplicable: (reason) => ({ verdict: 'not-applicable', reason }),
      key: (written) => this.resolve(written, this.#resource().view),
      level: (encryption) => this.#resource().level(encryption),
      find: ((kind: Kind, id: string, region?: string) => {
        const found = joins.find(kind, id, region);
        if (!found.known || typeof found.value !== 'object') return found;
        return foundView(found.value.record, found.value.place, this.#asking?.lookups[kind] ?? []);
      }) as RuleContext['find'],
      refs: (edge: EdgeName) => joins.refs(edge, this.#resource().record.arn, this.#resource().view),
      dependants: (keyArn) => joins.dependants(keyArn),
      cmkRequired: () => this.#resource().cmkRequired(),
    };
  }
}

const noCondition = known(true);
const cmkNotRequired: Verdict = { verdict: 'not-applicable', reason: 'a customer managed key is not required here' };

/** What a rule says of a verdict, its message's types forgotten. */
interface Facts {
  readonly data?: MessageData;
  readonly expected?: string;
  readonly actual?: string;
  readonly evidence?: Evidence;
  readonly severity?: Severity;
}

const nothing = {};

function pass(messageId: string, { data, expected, actual, evidence }: Facts = nothing): Verdict {
  return {
    verdict: 'pass',
    messageId,
    data: data ?? nothing,
    expected: expected ?? null,
    actual: actual ?? null,
    evidence: evidence ?? nothing,
  };
}

function fail(messageId: string, facts: Facts & { readonly expected: string; readonly actual: string }): Verdict {
  const { data, expected, actual, evidence, severity } = facts;
  return {
    verdict: 'fail',
    messageId,
    data: data ?? nothing,
    expected,
    actual,
    evidence: evidence ?? nothing,
    severity: severity ?? null,
  };
}

/** A looked-up resource with the facets that its rule declared; one of them that was not read makes the whole attempt fail. */
function foundView(record: ResourceRecord, { partition, account }: Place, facets: readonly string[]): Attempt<unknown> {
  const { kind, arn, name, region } = record;
  const view: Record<string, unknown> = { kind, arn, name, region, partition, account };
  const missing: Missing[] = [];
  for (const facet of facets) {
    const unread = record.unread?.[facet];
    if (unread !== undefined) missing.push(unread);
    else if (facet in record.facets) view[facet] = record.facets[facet];
    // A stored run judged by rules that it did not collect for: not there must not read as a value.
    else if (record.skipped?.[facet] === undefined) missing.push(uncollected(kind, facet));
  }
  return missing.length === 0 ? known(view) : { known: false, missing };
}

/** Undefined when every facet has a value. */
function settle(facets: readonly string[], resource: Resource): Verdict | undefined {
  let missing: Missing[] | undefined;
  for (const facet of facets) {
    const lack = resource.lacks(facet);
    if (typeof lack === 'string') return { verdict: 'not-applicable', reason: lack };
    if (lack !== undefined) (missing ??= []).push(lack);
  }
  return missing === undefined ? undefined : { verdict: 'unknown', missing: distinct(missing) };
}

/** Two facets of one listing are missing for one reason. */
function distinct(missing: readonly Missing[]): readonly Missing[] {
  const seen = new Set<string>();
  return missing.filter((each) => {
    const id = `${each.facet} ${each.operation ?? ''} ${each.code ?? ''}`;
    return !seen.has(id) && seen.add(id);
  });
}

function viewFor({ wants }: Rule, resource: Resource): Readonly<Record<string, unknown>> {
  if (wants.length === 0) return resource.view;
  return { ...resource.view, ...Object.fromEntries(wants.map((facet) => [facet, resource.attempt(facet)])) };
}
