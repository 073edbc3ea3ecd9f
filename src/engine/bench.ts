import { known } from '#model/attempt.js';
import type { Baseline, Selector } from '#model/baseline.js';
import type { Encryption } from '#model/encryption.js';
import type { Place } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import type { EdgeName, Rule, RuleContext } from '#model/rule.js';
import { trustedText, trusts, type Party, type TrustBase } from '#model/trust.js';
import type { Outcome, Verdict } from '#model/verdict.js';
import { foundView, settle, viewFor } from './found.js';
import type { Joins } from './joins.js';
import { KeyFactsOfAccount, type KeyFacts, type LevelSource } from './key-facts.js';
import type { AccountJoins, Resource } from './resource.js';
import { keyFacetOf, type RuleOnKind } from './rule-on-kind.js';
import { badness, checkedPremise, checkedVerdict, fail, nothing, pass } from './verdicts.js';

/** Facets by `KIND/FACET`, with the operation and IAM action that read them: for what an unknown has to name. */
export type FacetOperations = ReadonlyMap<string, { readonly operation: string; readonly action: string }>;

export interface BenchOptions {
  readonly baseline: Baseline;
  readonly joins: Joins;
  readonly trust: TrustBase;
  /** OU paths by account, where the scope knows them. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  readonly now: Date;
  readonly operations: FacetOperations;
  /** False: of a pass only that it is one will be looked at, so that its words may be those of another resource. */
  readonly passesInFull: boolean;
}

/**
 * What the resources of one account share while they are judged: the joins with what they answered, and one context
 * whose functions speak of the resource at hand. Rules are synchronous, so there is one at a time; a context for each
 * resource would be most of the work on it.
 */
export class Bench implements AccountJoins {
  readonly baseline: Baseline;
  readonly joins: Joins;
  readonly paths: ReadonlyMap<string, readonly string[]>;
  readonly #passesInFull: boolean;
  readonly #keys: KeyFactsOfAccount;
  readonly #context: RuleContext & { options: unknown };
  readonly #premises: { readonly now: Date; options: unknown };
  #atHand: Resource | undefined;
  #asking: Rule | undefined;

  constructor(options: BenchOptions) {
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
    if (!each.configured) return this.#notConfigured(each, resource);
    if (this.#passesInFull) return this.#ask(each, resource);
    const facts = each.shared ? resource.facts : undefined;
    if (facts === undefined) return this.#ask(each, resource);
    if (each.conditional) {
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

  /** Nothing was read for it, so that nothing which could not be read has a say; the rule's own words, where they show. */
  #notConfigured(each: RuleOnKind, resource: Resource): Outcome {
    if (!this.#passesInFull) return notConfigured;
    const outcome = this.#ask(each, resource);
    return outcome.verdict === 'not-applicable' ? outcome : notConfigured;
  }

  /** Settles the facts, in the order that the rule contract promises, and then asks the rule. */
  #ask({ rule, options, conditional, several }: RuleOnKind, resource: Resource): Outcome {
    this.#atHand = resource;
    this.#asking = rule;
    this.#context.options = this.#premises.options = options;
    try {
      // A fact that was read and says "not applicable" comes before one that was not.
      const required = conditional ? resource.cmkRequired() : noCondition;
      if (required.known && !required.value) return cmkNotRequired;
      const premises = resource.whole ? undefined : settle(rule.premises, resource);
      if (premises !== undefined) return premises;
      const applies = checkedPremise(rule.appliesTo(resource.view as never, this.#premises as never));
      if (applies !== true) return { verdict: 'not-applicable', reason: applies };
      if (!required.known) return { verdict: 'unknown', missing: required.missing };
      const needs = resource.whole ? undefined : settle(rule.needs, resource);
      if (needs !== undefined) return needs;
      const encryptions = several ? resource.encryptions() : undefined;
      return encryptions === undefined ? this.#evaluate(rule, resource) : this.#worst(rule, resource, encryptions);
    } catch (error) {
      return { verdict: 'error', message: error instanceof Error ? error.message : String(error) };
    }
  }

  #evaluate(rule: Rule, resource: Resource): Verdict {
    return checkedVerdict(rule.evaluate(viewFor(rule, resource) as never, this.#context as never));
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

  #makeContext({ joins, now, trust }: BenchOptions): RuleContext & { options: unknown } {
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

const noCondition = known(true);
const notConfigured: Verdict = { verdict: 'not-applicable', reason: 'its options leave it nothing to judge' };
const cmkNotRequired: Verdict = { verdict: 'not-applicable', reason: 'a customer managed key is not required here' };
