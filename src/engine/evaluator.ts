import { known, type Attempt, type Missing } from '#model/attempt.js';
import type { Baseline } from '#model/baseline.js';
import { edgesOf } from '#model/edges.js';
import { encryptionOf, isKeyBearing, keyFacets, type Encryption, type WithKeyFacet } from '#model/encryption.js';
import { keyReference } from '#model/key-reference.js';
import { levelOf, type LevelReading } from '#model/level.js';
import type { Place } from '#model/place.js';
import { attemptFacet, uncollected, type FacetState, type Identity, type Kind, type ResourceRecord, type Tags } from '#model/resources/index.js';
import type { EdgeName, Rule, RuleContext } from '#model/rule.js';
import type { Outcome, Verdict } from '#model/verdict.js';
import type { Joins } from './joins.js';
import { matchesAny } from './selectors.js';

/** Facets by `KIND/FACET`, with the operation and IAM action that read them: for what an unknown has to name. */
export type FacetOperations = ReadonlyMap<string, { readonly operation: string; readonly action: string }>;

export interface EvaluatorOptions {
  readonly rules: readonly Rule[];
  readonly baseline: Baseline;
  readonly joins: Joins;
  readonly now: Date;
  readonly operations: FacetOperations;
}

/** Judges resources of one account: settles what the rules may see, then asks each rule. Pure but for the joins it reads. */
export class Evaluator {
  readonly #options: EvaluatorOptions;
  readonly #rulesByKind = new Map<Kind, readonly Rule[]>();
  readonly #encryptionNeeded = new Map<Kind, boolean>();

  constructor(options: EvaluatorOptions) {
    this.#options = options;
    for (const rule of options.rules) {
      if (!options.baseline.rules.has(rule.id)) continue;
      for (const kind of rule.kinds) this.#rulesByKind.set(kind, [...(this.#rulesByKind.get(kind) ?? []), rule]);
    }
    for (const [kind, rules] of this.#rulesByKind) this.#encryptionNeeded.set(kind, isKeyBearing(kind) && rules.some(({ needs }) => needs.includes('encryption')));
  }

  /** Rules on a kind, in the order of their ids. */
  rulesOn(kind: Kind): readonly Rule[] {
    return this.#rulesByKind.get(kind) ?? [];
  }

  /** One outcome per rule on the resource's kind. A resource that is gone gets none. */
  evaluate(record: ResourceRecord, place: Place, emit: (rule: Rule, outcome: Outcome, resource: Resource) => void): void {
    const rules = this.#rulesByKind.get(record.kind);
    if (rules === undefined || record.gone === true) return;
    const resource = new Resource(record, place, this.#options, this.#encryptionNeeded.get(record.kind) === true);
    for (const rule of rules) emit(rule, judge(rule, resource), resource);
  }
}

/** A resource while it is judged: what its rules see, and the joins from where it stands. */
export class Resource {
  readonly record: ResourceRecord;
  readonly identity: Identity;
  readonly view: Readonly<Record<string, unknown>>;
  readonly context: RuleContext;
  readonly #options: EvaluatorOptions;
  #cmkRequired: Attempt<boolean> | undefined;

  constructor(record: ResourceRecord, { partition, account }: Place, options: EvaluatorOptions, withEncryption: boolean) {
    this.record = record;
    this.#options = options;
    const { kind, arn, name, region } = record;
    this.identity = { partition, account, region, kind, arn, name };
    const view: Record<string, unknown> = { ...this.identity };
    for (const [facet, state] of Object.entries(record.facets)) {
      if (state.state === 'read') view[facet] = state.value;
      else if (state.state === 'absent') view[facet] = null;
    }
    if (withEncryption && isKeyBearing(kind) && keyFacets[kind] in view) view['encryption'] = encryptionOf(view as unknown as WithKeyFacet);
    this.view = view;
    this.context = this.#makeContext();
  }

  facet(name: string): FacetState | undefined {
    return this.record.facets[name === 'encryption' && isKeyBearing(this.record.kind) ? keyFacets[this.record.kind] : name];
  }

  attempt(facet: string): Attempt<unknown> {
    const state = this.facet(facet);
    if (state?.state === 'unread') return { known: false, missing: [state.missing] };
    return facet in this.view ? known(this.view[facet]) : { known: false, missing: [uncollected(this.record.kind, facet)] };
  }

  /** The key that the resource is encrypted under, for its findings; null where there is none. */
  key(): { readonly arn: string; readonly level: LevelReading } | null {
    const { kind } = this.record;
    if (!isKeyBearing(kind) || !(keyFacets[kind] in this.view)) return null;
    const encryption = encryptionOf(this.view as unknown as WithKeyFacet);
    if (encryption.by !== 'kms' || encryption.key === null) return null;
    const resolved = this.context.key(encryption.key);
    if (resolved.arn === null) return null;
    return { arn: resolved.arn, level: this.level(encryption) };
  }

  level(encryption: Encryption): LevelReading {
    const resolved = encryption.by === 'kms' && encryption.key !== null ? this.context.key(encryption.key) : undefined;
    return levelOf(encryption, resolved, this.#source());
  }

  /** Where the field that says how it is encrypted comes from. */
  #source(): { facet: string; operation: string | null; action: string | null } {
    const { kind } = this.record;
    const facet = `${kind}/${isKeyBearing(kind) ? keyFacets[kind] : '*'}`;
    const operation = this.#options.operations.get(facet);
    return { facet, operation: operation?.operation ?? null, action: operation?.action ?? null };
  }

  cmkRequired(): Attempt<boolean> {
    return (this.#cmkRequired ??= this.#readCmkRequired());
  }

  /** A copy is required to use a customer managed key also when what it was copied from is. */
  #readCmkRequired(): Attempt<boolean> {
    const { baseline, joins } = this.#options;
    const own = matchesAny(baseline.cmkRequired, this.identity, () => attemptTags(this.record));
    if (own.known && own.value) return own;
    const missing: Missing[] = own.known ? [] : [...own.missing];
    for (const { spec, target } of edgesOf(this.record, this.identity)) {
      if (spec.name !== 'source') continue;
      const source = joins.find(spec.to, target);
      if (!source.known) missing.push(...source.missing);
      else if (typeof source.value === 'object') {
        const { record, place } = source.value;
        const identity: Identity = { ...place, kind: record.kind, arn: record.arn, name: record.name };
        const match = matchesAny(baseline.cmkRequired, identity, () => attemptTags(record));
        if (match.known && match.value) return match;
        if (!match.known) missing.push(...match.missing);
      }
    }
    return missing.length === 0 ? known(false) : { known: false, missing };
  }

  #makeContext(): RuleContext {
    const { joins, now } = this.#options;
    const { identity } = this;
    return {
      now,
      pass: (messageId, facts) => ({
        verdict: 'pass',
        messageId,
        data: facts?.data ?? {},
        expected: facts?.expected ?? null,
        actual: facts?.actual ?? null,
        evidence: facts?.evidence ?? {},
      }),
      fail: (messageId, { data, expected, actual, evidence, severity }) => ({
        verdict: 'fail',
        messageId,
        data: data ?? {},
        expected,
        actual,
        evidence: evidence ?? {},
        severity: severity ?? null,
      }),
      unknown: (missing) => ({ verdict: 'unknown', missing }),
      notApplicable: (reason) => ({ verdict: 'not-applicable', reason }),
      key: (written) => joins.resolve(keyReference(written, identity)),
      level: (encryption) => this.level(encryption),
      find: ((kind: Kind, id: string, region?: string) => {
        const found = joins.find(kind, id, region);
        return found.known && typeof found.value === 'object' ? foundView(found.value.record, found.value.place) : found;
      }) as RuleContext['find'],
      refs: (edge: EdgeName) => joins.refs(edge, this.record.arn, identity),
      dependants: (keyArn) => joins.dependants(keyArn),
      cmkRequired: () => this.cmkRequired(),
    };
  }
}

function attemptTags(record: ResourceRecord): Attempt<Tags> {
  const tags = attemptFacet(record as ResourceRecord<'s3.bucket'>, 'tags');
  return tags.known ? known(tags.value ?? {}) : tags;
}

/** A looked-up resource as a rule sees it; a facet of it that was not read makes the whole attempt fail. */
function foundView({ kind, arn, name, region, facets }: ResourceRecord, { partition, account }: Place): Attempt<unknown> {
  const view: Record<string, unknown> = { kind, arn, name, region, partition, account };
  const missing: Missing[] = [];
  for (const [facet, state] of Object.entries(facets)) {
    if (state.state === 'read') view[facet] = state.value;
    else if (state.state === 'absent') view[facet] = null;
    else if (state.state === 'unread') missing.push(state.missing);
  }
  return missing.length === 0 ? known(view) : { known: false, missing };
}

/** Settles the facts, in the order that the rule contract promises, and then asks the rule. */
function judge(rule: Rule, resource: Resource): Outcome {
  try {
    const premises = settle(rule.premises, resource);
    if (premises !== undefined) return premises;
    const applies = rule.appliesTo(resource.view as never, { now: resource.context.now });
    if (applies !== true) return { verdict: 'not-applicable', reason: applies };
    if (rule.cmkRequired === 'condition') {
      const required = resource.cmkRequired();
      if (!required.known) return { verdict: 'unknown', missing: required.missing };
      if (!required.value) return { verdict: 'not-applicable', reason: 'a customer managed key is not required here' };
    }
    const needs = settle(rule.needs, resource);
    if (needs !== undefined) return needs;
    return rule.evaluate(viewFor(rule, resource) as never, resource.context);
  } catch (error) {
    return { verdict: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Undefined when every facet has a value. */
function settle(facets: readonly string[], resource: Resource): Verdict | undefined {
  const missing: Missing[] = [];
  for (const facet of facets) {
    const state = resource.facet(facet);
    if (state?.state === 'skipped') return { verdict: 'not-applicable', reason: state.reason };
    if (state === undefined) missing.push(uncollected(resource.record.kind, facet));
    else if (state.state === 'unread') missing.push(state.missing);
  }
  return missing.length === 0 ? undefined : { verdict: 'unknown', missing };
}

function viewFor({ wants }: Rule, resource: Resource): Readonly<Record<string, unknown>> {
  if (wants.length === 0) return resource.view;
  return { ...resource.view, ...Object.fromEntries(wants.map((facet) => [facet, resource.attempt(facet)])) };
}
