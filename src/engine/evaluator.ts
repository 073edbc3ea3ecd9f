import { known, type Attempt, type Missing } from '#model/attempt.js';
import type { Baseline, Selector } from '#model/baseline.js';
import { edgeSpecs } from '#model/edges.js';
import { isKeyBearing, keyFacets, severalKeys, type Encryption } from '#model/encryption.js';
import type { Place } from '#model/place.js';
import { uncollected, type Kind, type ResourceRecord } from '#model/resources/index.js';
import type { EdgeName, Rule, RuleContext } from '#model/rule.js';
import { severities, type Severity } from '#model/severity.js';
import { trustedText, trusts, type Party, type TrustBase } from '#model/trust.js';
import type { Evidence, MessageData, Outcome, Verdict } from '#model/verdict.js';
import type { Joins } from './joins.js';
import { KeyFactsOfAccount, type KeyFacts, type LevelSource } from './key-facts.js';
import { Resource, type AccountJoins, type KindRules } from './resource.js';
import type { RuleOnKind } from './rule-on-kind.js';

/** Facets by `KIND/FACET`, with the operation and IAM action that read them: for what an unknown has to name. */
export type FacetOperations = ReadonlyMap<string, { readonly operation: string; readonly action: string }>;

export interface EvaluatorOptions {
  readonly rules: readonly Rule[];
  readonly baseline: Baseline;
  readonly joins: Joins;
  readonly trust: TrustBase;
  /** OU paths by account, where the scope knows them. */
  readonly paths: ReadonlyMap<string, string>;
  readonly now: Date;
  readonly operations: FacetOperations;
  /** False: of a pass only that it is one will be looked at, so that its words may be those of another resource. */
  readonly passesInFull: boolean;
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
    rules: rules.map((rule, index) => ({
      rule,
      kind,
      index,
      options: baseline.rules.get(rule.id)?.options ?? rule.options?.parse({}) ?? nothing,
      // Of no other facet than the one that says how it is encrypted, or another resource could have that one unread.
      shared:
        !severalKeys.has(kind) && rule.decidedBy === 'encryption' && rule.needs.every((facet) => collected(facet) === keyFacet),
    })),
    needed: [...new Set(rules.flatMap(({ needs }) => needs.map(collected)))],
    needsEncryption: keyFacet !== undefined && rules.some(({ needs }) => needs.includes('encryption')),
    keyFacet,
    sources,
    sourceFacets: [...new Set(sources.map(({ facet }) => facet))],
  };
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
  readonly baseline: Baseline;
  readonly joins: Joins;
  readonly paths: ReadonlyMap<string, string>;
  readonly #passesInFull: boolean;
  readonly #keys: KeyFactsOfAccount;
  readonly #context: RuleContext & { options: unknown };
  readonly #premises: { readonly now: Date; options: unknown };
  #atHand: Resource | undefined;
  #asking: Rule | undefined;

  constructor(options: EvaluatorOptions) {
    const { baseline, joins, operations, passesInFull, now, paths } = options;
    this.paths = paths;
    this.baseline = baseline;
    this.joins = joins;
    this.#passesInFull = passesInFull;
    const sources = new Map<Kind, LevelSource>();
    this.#keys = new KeyFactsOfAccount(joins, (kind) => {
      const source = sources.get(kind) ?? levelSource(kind, operations);
      sources.set(kind, source);
      return source;
    });
    this.#premises = { now, options: nothing };
    this.#context = this.#makeContext(options);
  }

  keyFacts(kind: Kind, encryption: Encryption, place: Place): KeyFacts {
    return this.#keys.of(kind, encryption, place);
  }

  /** The outcome of a rule on a resource, taken from one that is encrypted alike where that decides it. */
  judge(each: RuleOnKind, resource: Resource): Outcome {
    if (!each.shared || this.#passesInFull) return this.#ask(each, resource);
    const { facts } = resource;
    if (facts === undefined) return this.#ask(each, resource);
    if (each.rule.cmkRequired === 'condition') {
      const required = resource.cmkRequired();
      if (!required.known) return this.#ask(each, resource);
      if (!required.value) return cmkNotRequired;
    }
    const found = facts.verdicts[each.index];
    if (found !== undefined) return found;
    const outcome = this.#ask(each, resource);
    if (outcome.verdict === 'pass' || outcome.verdict === 'not-applicable') facts.verdicts[each.index] = outcome;
    return outcome;
  }

  /** Settles the facts, in the order that the rule contract promises, and then asks the rule. */
  #ask({ rule, options }: RuleOnKind, resource: Resource): Outcome {
    this.#atHand = resource;
    this.#asking = rule;
    this.#context.options = this.#premises.options = options;
    try {
      // A fact that was read and says "not applicable" comes before one that was not.
      const required = rule.cmkRequired === 'condition' ? resource.cmkRequired() : noCondition;
      if (required.known && !required.value) return cmkNotRequired;
      const premises = resource.whole ? undefined : settle(rule.premises, resource);
      if (premises !== undefined) return premises;
      const applies = rule.appliesTo(resource.view as never, this.#premises as never);
      if (applies !== true) return { verdict: 'not-applicable', reason: applies };
      if (!required.known) return { verdict: 'unknown', missing: required.missing };
      const needs = resource.whole ? undefined : settle(rule.needs, resource);
      if (needs !== undefined) return needs;
      const several = rule.needs.includes('encryption') ? resource.encryptions() : undefined;
      return several === undefined ? this.#evaluate(rule, resource) : this.#worst(rule, resource, several);
    } catch (error) {
      return { verdict: 'error', message: error instanceof Error ? error.message : String(error) };
    }
  }

  #evaluate(rule: Rule, resource: Resource): Verdict {
    return rule.evaluate(viewFor(rule, resource) as never, this.#context as never);
  }

  /** A resource that names several keys is judged under each; the worst verdict is the rule's, and its key the finding's. */
  #worst(rule: Rule, resource: Resource, encryptions: readonly Encryption[]): Verdict {
    const judged = encryptions.map((encryption) => {
      resource.judgeUnder(encryption);
      return { encryption, verdict: this.#evaluate(rule, resource) };
    });
    const [worst] = judged.sort((a, b) => badness(a.verdict, rule) - badness(b.verdict, rule));
    if (worst === undefined) throw new Error(`${resource.record.arn} has no encryption`);
    resource.judgeUnder(worst.encryption);
    return worst.verdict;
  }

  #resource(): Resource {
    if (this.#atHand === undefined) throw new Error('No resource is being judged');
    return this.#atHand;
  }

  #makeContext({ joins, now, trust }: EvaluatorOptions): RuleContext & { options: unknown } {
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
      key: (written) => this.#keys.resolve(written, this.#resource().view),
      level: (encryption) => this.#resource().level(encryption),
      find: ((kind: Kind, id: string, region?: string) => {
        const found = joins.find(kind, id, region);
        if (!found.known || typeof found.value !== 'object') return found;
        return foundView(found.value.record, found.value.place, this.#asking?.lookups[kind] ?? []);
      }) as RuleContext['find'],
      refs: (edge: EdgeName) => joins.refs(edge, this.#resource().record.arn, this.#resource().view),
      listed: (kinds) => joins.listed(kinds, this.#resource().view),
      dependants: (keyArn) => joins.dependants(keyArn),
      cmkRequired: () => this.#resource().cmkRequired(),
    };
  }
}

/** Where the field that says how a kind is encrypted comes from. */
function levelSource(kind: Kind, operations: FacetOperations): LevelSource {
  const facet = `${kind}/${keyFacetOf(kind) ?? '*'}`;
  const { operation = null, action = null } = operations.get(facet) ?? {};
  return { facet, operation, action };
}

/** The lower, the worse: fails by severity, then unknown, pass, not-applicable. */
function badness(verdict: Verdict, { severity }: Rule): number {
  switch (verdict.verdict) {
    case 'fail':
      return severities.indexOf(verdict.severity ?? severity);
    case 'unknown':
      return severities.length;
    case 'pass':
      return severities.length + 1;
    case 'not-applicable':
      return severities.length + 2;
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
