import type { z } from 'zod';
import type { Attempt, Missing } from './attempt.js';
import type { Selector } from './baseline.js';
import type { Encryption, KeyBearing } from './encryption.js';
import type { Dependants, ResolvedKey } from './key-graph.js';
import type { LevelReading } from './level.js';
import type { Identity, Kind, Kinds } from './resources/index.js';
import type { Severity } from './severity.js';
import type { Party } from './trust.js';
import type { Evidence, Verdict } from './verdict.js';

/** The facets of a kind as rules see them: those collected, and `encryption`, which is derived from one of them. */
export type FacetsOf<K extends Kind> = K extends Kind
  ? Kinds[K] & (K extends KeyBearing ? { encryption: Encryption } : unknown)
  : never;
export type RuleFacet<K extends Kind> = keyof FacetsOf<K> & string;

/** Facets that some of the kinds have. `needs` are facets of all of them; one that a kind lacks is no want of it. */
export type WantedFacet<K extends Kind> = K extends Kind ? RuleFacet<K> : never;
type WantedValue<K extends Kind, F extends string> = K extends Kind
  ? F extends keyof FacetsOf<K>
    ? FacetsOf<K>[F]
    : never
  : never;

/** What a rule receives: identity, `needs` as plain values, `wants` as attempts. */
export type View<K extends Kind, N extends RuleFacet<K>, W extends WantedFacet<K> = never> = Identity<K> &
  Readonly<Pick<FacetsOf<K>, N>> & { readonly [F in W]: Attempt<WantedValue<K, F>> };

export type Lookups = { readonly [K in Kind]?: readonly (keyof Kinds[K] & string)[] };

/** A resource found by a lookup, with the facets that the rule declared for its kind. */
export type Found<K extends Kind, F extends keyof Kinds[K]> = Identity<K> & Readonly<Pick<Kinds[K], F>>;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

/** Values for the placeholders of a message: as many as it has, under their names. */
type DataFor<Text extends string> = [Placeholders<Text>] extends [never]
  ? { readonly data?: never }
  : { readonly data: Readonly<Record<Placeholders<Text>, string | number>> };

type PassFacts<Text extends string> = DataFor<Text> & {
  readonly expected?: string;
  readonly actual?: string;
  readonly evidence?: Evidence;
};
type FailFacts<Text extends string> = DataFor<Text> & {
  readonly expected: string;
  readonly actual: string;
  readonly evidence?: Evidence;
  readonly severity?: Severity;
};
type PassArguments<Text extends string> = [Placeholders<Text>] extends [never]
  ? [facts?: PassFacts<Text>]
  : [facts: PassFacts<Text>];

/** What decided; the engine fills in messages only where somebody reads them. */
export interface RuleContext<
  M extends Readonly<Record<string, string>> = Readonly<Record<string, string>>,
  L extends Lookups = Lookups,
  O = unknown,
> {
  /** The run's clock. */
  readonly now: Date;
  /** The rule's options as the account's baseline sets them, defaults filled in. */
  readonly options: O;
  pass<I extends keyof M & string>(message: I, ...facts: PassArguments<M[I]>): Verdict;
  fail<I extends keyof M & string>(message: I, facts: FailFacts<M[I]>): Verdict;
  unknown(missing: readonly Missing[]): Verdict;
  notApplicable(reason: string): Verdict;
  /** What a key reference as the service wrote it resolves to, seen from the resource. Needs the lookup of `kms.key`. */
  key(written: string): ResolvedKey;
  /** The level of an encryption of this resource. */
  level(encryption: Encryption): LevelReading;
  /** The resource of that id or ARN; `missing` only when every listing that could hold it is complete. */
  find<K extends keyof L & Kind>(
    kind: K,
    id: string,
    region?: string,
  ): Attempt<Found<K, Extract<NonNullable<L[K]>[number], keyof Kinds[K]>> | 'missing' | 'outside'>;
  /** Resources of the run that point at this one by the named edge: those that were read, and what was not. */
  refs(edge: Exclude<EdgeName, 'key'>): Referrers;
  /**
   * How many resources of the kinds the run holds in the account and region of this one, by their listings. What no
   * rule of the run made it list is missing: this asks for nothing.
   */
  listed(kinds: readonly Kind[]): { readonly count: number; readonly missing: readonly Missing[] };
  /** What uses a key. */
  dependants(keyArn: string): Dependants;
  /** Whether the account's baseline requires a customer managed key here. */
  cmkRequired(): Attempt<boolean>;
  /** Whether any of the selectors, say of an option, matches this resource. A rule with such an option wants `tags`. */
  matches(selectors: readonly Selector[]): Attempt<boolean>;
  /** Whether an account or organisation is trusted. */
  trusts(party: Party): Attempt<boolean>;
  /** Who counts as trusted in this run, for messages: `the accounts of …`. */
  readonly trusted: string;
}

/** Reverse edges: how many resources point here, the first of them by ARN, and what keeps the count from being final. */
export interface Referrers {
  readonly count: number;
  readonly first: readonly string[];
  /** Empty when every listing that could hold a further one was read. */
  readonly missing: readonly Missing[];
}

/**
 * Relations that kinds declare. `key` joins a resource to its key, `source` a copy to its original, `origin` any other
 * thing to what it was made from, and so on.
 */
export const edgeNames = [
  'key',
  'source',
  'origin',
  'image',
  'logTarget',
  'primary',
  'store',
  'target',
  'destination',
  'destinationKey',
  'objectKey',
] as const;
export type EdgeName = (typeof edgeNames)[number];

export interface Remediation {
  readonly text: string;
  readonly cli: string | null;
  readonly terraform: string | null;
}

export interface RuleDocs {
  /** Why a reader should care, in two or three sentences. */
  readonly why: string;
  /** The AWS page behind the rule. */
  readonly source: string;
  /** When a waiver is reasonable. */
  readonly waive: string;
}

/** Options as rules declare them: an object whose every field has a default. */
export type Options = z.ZodType<object>;

export interface RuleSpec<
  K extends Kind,
  N extends RuleFacet<K>,
  P extends N,
  W extends WantedFacet<K>,
  M extends Readonly<Record<string, string>>,
  L extends Lookups,
  O extends Options,
> {
  readonly id: string;
  readonly kind: K | readonly K[];
  readonly severity: Severity;
  /** A sentence for the passing state, without a full stop. */
  readonly title: string;
  /** Settled before `evaluate` is called. */
  readonly needs: readonly N[];
  /** The needs that `appliesTo` may look at. */
  readonly premises?: readonly P[];
  /** Facts that only shade the verdict: received as attempts. */
  readonly wants?: readonly W[];
  readonly lookups?: L;
  /** Reverse edges that the rule asks for with `refs` or `dependants`. */
  readonly reverse?: readonly EdgeName[];
  /** Edges from the judged resource whose keys are described after the cells where the run did not list them. */
  readonly follows?: readonly EdgeName[];
  /** `condition`: speaks only of resources for which a customer managed key is required. `want`: asks `cmkRequired`. */
  readonly cmkRequired?: 'condition' | 'want';
  /** Off in the baseline `recommended`. */
  readonly recommended?: false;
  /**
   * `encryption`: whether the rule passes, or does not apply, follows from the encryption, the region and the account
   * alone (and the requirement, for `cmkRequired: 'condition'`). The engine then asks once for all resources of a kind
   * under one key. What the verdict says may depend on more; so may a fail or an unknown.
   */
  readonly decidedBy?: 'encryption';
  /** What users may set; `{}` must be valid. A value that contradicts another is refused here. */
  readonly options?: O;
  /** Whether options leave the rule anything to judge. Where they do not, nothing is read for it; `appliesTo` says why. */
  readonly configured?: (options: z.output<O>) => boolean;
  readonly docs: RuleDocs;
  /** Texts with typed placeholders. */
  readonly messages: M;
  /** States in the order they are decided, for the rule's page. */
  readonly states: readonly (readonly [state: string, verdict: string])[];
  /** `facts`: the needs of the resource that failed, where there is one; a rule's page has none. */
  readonly remediation: (resource: Identity<K>, facts?: View<K, N>) => Remediation;
  readonly appliesTo?: (resource: View<K, P>, context: { readonly now: Date; readonly options: z.output<O> }) => true | string;
  readonly evaluate: (resource: View<K, N, W>, context: RuleContext<M, L, z.output<O>>) => Verdict;
}

/** A rule as the registry and the engine hold it: the same object, its types forgotten. */
export interface Rule {
  readonly id: string;
  /** Where it comes from: `built-in`, or the plugin's name. */
  readonly origin: string;
  readonly kinds: readonly Kind[];
  readonly severity: Severity;
  readonly title: string;
  readonly needs: readonly string[];
  readonly premises: readonly string[];
  readonly wants: readonly string[];
  readonly lookups: Readonly<Partial<Record<Kind, readonly string[]>>>;
  readonly reverse: readonly EdgeName[];
  readonly follows: readonly EdgeName[];
  readonly cmkRequired: 'condition' | 'want' | null;
  readonly recommended: boolean;
  readonly decidedBy: 'encryption' | null;
  readonly options: Options | null;
  readonly docs: RuleDocs;
  readonly messages: Readonly<Record<string, string>>;
  readonly states: readonly (readonly [string, string])[];
  configured(options: never): boolean;
  remediation(resource: Identity, facts?: object): Remediation;
  appliesTo(resource: never, context: { readonly now: Date; readonly options: never }): true | string;
  evaluate(resource: never, context: RuleContext<Readonly<Record<string, string>>, Lookups, never>): Verdict;
}

/**
 * Defines a rule: a pure function over one kind of resource with everything that is said about it.
 * The engine settles unread, skipped and uncollected facets before `evaluate`, so no rule handles a denied call.
 */
export function defineRule<
  const K extends Kind,
  const N extends RuleFacet<K>,
  const M extends Readonly<Record<string, string>>,
  const P extends N = never,
  const W extends WantedFacet<K> = never,
  const L extends Lookups = Record<never, never>,
  O extends Options = Options,
>(spec: RuleSpec<K, N, P, W, M, L, O>): Rule {
  return {
    id: spec.id,
    origin: 'built-in',
    kinds: typeof spec.kind === 'string' ? [spec.kind] : spec.kind,
    severity: spec.severity,
    title: spec.title,
    needs: spec.needs,
    premises: spec.premises ?? [],
    wants: spec.wants ?? [],
    lookups: spec.lookups ?? {},
    reverse: spec.reverse ?? [],
    follows: spec.follows ?? [],
    cmkRequired: spec.cmkRequired ?? null,
    recommended: spec.recommended ?? true,
    decidedBy: spec.decidedBy ?? null,
    options: spec.options ?? null,
    configured: spec.configured ?? (() => true),
    docs: spec.docs,
    messages: spec.messages,
    states: spec.states,
    remediation: spec.remediation,
    appliesTo: spec.appliesTo ?? (() => true),
    evaluate: spec.evaluate,
  };
}

/** A resource that uses a key may only be judged with the keys of the run at hand. */
export const keyLookup = { 'kms.key': ['metadata', 'aliases'] } as const satisfies Lookups;
