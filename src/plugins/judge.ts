import { resolveBaselines } from '#config/baselines.js';
import { Evaluator } from '#engine/evaluator.js';
import { EdgeCollector, lookedUpPart, type CellEdges, type LookedUp } from '#inventory/edges-file.js';
import { RunGraph } from '#inventory/run-graph.js';
import type { Baseline, RuleSetting } from '#model/baseline.js';
import type { ListCoverage } from '#model/coverage.js';
import { edgeSpecs, lineage } from '#model/edges.js';
import type { Missing } from '#model/attempt.js';
import type { Place } from '#model/place.js';
import { kinds, type Kind, type ResourceRecord } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { TrustBase } from '#model/trust.js';
import type { Outcome } from '#model/verdict.js';

/** Where a resource of a case lives unless it says otherwise, and what time it is there. */
export const home: Place = { partition: 'aws', account: '111111111111', region: 'us-east-1' };
export const now = new Date('2026-11-23T00:00:00Z');

/** A resource of a case, with its account: records carry only their region. */
export interface CaseResource {
  readonly record: ResourceRecord;
  readonly account: string;
}

/** What a run holds beside the judged resource. */
export interface Surroundings {
  readonly others?: readonly CaseResource[];
  /** Keys asked for by ARN after the cells, with the account whose credentials asked. */
  readonly followUps?: readonly CaseResource[];
  /** Listings that are not complete. */
  readonly unreadLists?: readonly {
    readonly kind: Kind;
    readonly region?: string;
    readonly account?: string;
    readonly missing?: Partial<Missing>;
  }[];
  /** Accounts in scope beside those of the resources. */
  readonly accounts?: readonly string[];
  /** Kinds that the run did not list at all. */
  readonly unlisted?: readonly Kind[];
  /** Regions that the run listed beside those of the resources. */
  readonly regions?: readonly string[];
  readonly baseline?: 'recommended' | 'strict' | Baseline;
  readonly now?: Date;
  /** What the baseline sets; checked by the rule's own schema. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** OU paths by account. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Beside the accounts of the scope. */
  readonly trustedAccounts?: readonly string[];
  /** Undefined: the scope is no organisation. */
  readonly organisation?: TrustBase['organisation'];
}

/** Judges one resource by one rule in a run that holds it and its surroundings, through the real engine and graph. */
export function judgeResource(rule: Rule, judged: CaseResource, surroundings: Surroundings = {}): Outcome {
  const { others = [], baseline = 'strict', now: clock = now } = surroundings;
  const resources = [judged, ...others];
  const lookups = lookupsOf(rule);
  const joined = rule.cmkRequired !== null || rule.reverse.length > 0 || Object.keys(rule.lookups).length > 0;
  const cells = cellsOf(resources, { lookups, joined }, surroundings);
  const followUps = cellsOf(surroundings.followUps ?? [], { lookups, joined }, surroundings);
  const accounts = new Set([...resources.map(({ account }) => account), ...(surroundings.accounts ?? [])]);
  const graph = new RunGraph(cells, followUps, { accounts }, new Set(rule.reverse));
  graph.addAsked(askedByEdges(surroundings));
  const resolved = typeof baseline === 'string' ? builtIn(rule, baseline) : baseline;
  const evaluator = new Evaluator({
    rules: [rule],
    baseline: { ...resolved, rules: new Map([[rule.id, settingOf(rule, surroundings.options)]]) },
    joins: graph,
    trust: {
      accounts: new Set([...accounts, ...(surroundings.trustedAccounts ?? [])]),
      organisation: surroundings.organisation ?? null,
    },
    now: clock,
    operations: new Map(),
    paths: new Map(Object.entries(surroundings.paths ?? {}).map(([id, path]) => [id, [path]])),
    passesInFull: true,
  });
  const outcomes: Outcome[] = [];
  evaluator.evaluate(judged.record, { ...home, account: judged.account }, (_rule, outcome) => outcomes.push(outcome));
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error(`${rule.id} said nothing of ${judged.record.arn}`);
  return outcome;
}

function builtIn(rule: Rule, name: 'recommended' | 'strict'): Baseline {
  const found = resolveBaselines({ rules: [rule], frameworks: [], facets: [] }).get(name);
  if (found === undefined) throw new Error(`There is no baseline ${name}`);
  return found;
}

function settingOf({ id, options }: Rule, set: Surroundings['options']): RuleSetting {
  if (set === undefined) return { severity: null };
  if (options === null) throw new Error(`${id} has no options`);
  return { severity: null, options: options.parse(set) };
}

function lookupsOf(rule: Rule): LookedUp {
  const lookups: Partial<Record<Kind, string[]>> = {};
  for (const [kind, facets] of Object.entries(rule.lookups) as [Kind, readonly string[]][]) lookups[kind] = [...facets];
  const add = (kind: Kind) => (lookups[kind] = [...new Set([...(lookups[kind] ?? []), 'tags'])]);
  if (rule.cmkRequired !== null) {
    for (const kind of rule.kinds) add(kind);
    for (const { name, from, to } of edgeSpecs) if (name === 'source' && rule.kinds.includes(from)) add(to);
  }
  return lookups;
}

function askedByEdges({ unlisted = [] }: Surroundings): Partial<Record<Kind, string[]>> {
  const asked: Partial<Record<Kind, string[]>> = { 'kms.key': ['aliases', 'metadata'] };
  for (const { from, facet } of edgeSpecs) if (!unlisted.includes(from)) (asked[from] ??= []).push(facet);
  return asked;
}

/** One cell per account and region of the resources, in which every kind was listed but those said otherwise. */
function cellsOf(
  resources: readonly CaseResource[],
  { lookups, joined }: { readonly lookups: LookedUp; readonly joined: boolean },
  { unreadLists = [], unlisted = [], regions = [] }: Surroundings,
): CellEdges[] {
  const places = new Map<string, CaseResource[]>();
  for (const each of resources) {
    const id = `${each.account}/${each.record.region}`;
    places.set(id, [...(places.get(id) ?? []), each]);
  }
  const [first] = resources;
  for (const region of regions) {
    const id = `${first?.account ?? home.account}/${region}`;
    if (!places.has(id)) places.set(id, []);
  }
  return [...places].map(([id, members]) => {
    const [account = '', region = ''] = id.split('/');
    const collector = new EdgeCollector({ partition: 'aws', account, region }, lookups);
    // A case need not write fields that only the joins look at, unless its rule uses them.
    if (joined) for (const { record } of members) collector.add(record);
    const lists = kinds
      .filter((kind) => !unlisted.includes(kind))
      .map((kind): ListCoverage => {
        const unread = unreadLists.find(
          (list) => list.kind === kind && (list.region ?? region) === region && (list.account ?? account) === account,
        );
        const missing: Missing | null =
          unread === undefined
            ? null
            : {
                facet: `${kind}/*`,
                operation: 'test:List',
                action: 'test:List',
                code: 'AccessDenied',
                cause: 'denied',
                ...unread.missing,
              };
        return { kind, complete: missing === null, count: members.filter(({ record }) => record.kind === kind).length, missing };
      });
    const cell = { account, region, service: 'kms' as const };
    return {
      header: { cell: '1.0' as const, partition: 'aws', asked: {}, ...cell },
      edges: collector.edges(),
      values: [...collector.values, ...sourcesOfCopies(members, lookups)],
      footer: {
        footer: true as const,
        ...cell,
        state: 'complete' as const,
        reason: null,
        operations: [],
        lists,
        unread: unreadFacets(members),
        sources: [],
      },
    };
  });
}

/** Facets that stayed unread, as a cell's footer lists them. */
function unreadFacets(members: readonly CaseResource[]): { missing: Missing; count: number }[] {
  return members.flatMap(({ record }) => Object.values(record.unread ?? {}).map((missing) => ({ missing, count: 1 })));
}

/** A run picks these from its cells once it knows what copies name; here there are few enough to hand over all. */
function sourcesOfCopies(resources: readonly CaseResource[], lookups: LookedUp): readonly ResourceRecord[] {
  const copied = new Set(edgeSpecs.flatMap(({ name, to }) => (lineage.has(name) ? [to] : [])));
  return resources.flatMap(({ record }) => {
    const facets = copied.has(record.kind) && record.gone !== true ? lookups[record.kind] : undefined;
    return facets === undefined ? [] : [lookedUpPart(record, facets)];
  });
}
