import type { Finding } from '#model/report.js';
import { severities, severityRank, type Severity } from '#model/severity.js';
import { serviceOf } from './service.js';

/** What stands in the way of a verdict, and how many unknowns name it. */
export interface CauseTally {
  readonly operation: string | null;
  readonly action: string | null;
  readonly code: string | null;
  readonly cause: string;
  readonly facet: string;
  unknown: number;
}

/** The findings of one account and region. */
export interface PlaceTally {
  readonly account: string;
  readonly region: string;
  readonly fail: Record<Severity, number>;
  unknown: number;
  /** Fails and unknowns by rule. */
  readonly rules: Map<string, number>;
}

/** Fails and unknowns of one account on one service. */
export interface SquareTally {
  fail: number;
  unknown: number;
}

/** What one pass over the findings leaves: the worst of them, and tallies of all. */
export interface Digest {
  /** In report order. */
  readonly shown: readonly Finding[];
  readonly total: number;
  /** How many findings there are of each rank. */
  readonly ranks: ReadonlyMap<number, number>;
  readonly places: readonly PlaceTally[];
  readonly causes: readonly CauseTally[];
  /** By account, then by service. */
  readonly squares: ReadonlyMap<string, ReadonlyMap<string, SquareTally>>;
}

const verdictRank = { fail: 0, unknown: 1, pass: 2, 'not-applicable': 3 } as const;

/** 0 is the worst: by severity, fails before unknowns; what needs no action comes after all that does. */
export function rankOf({ verdict, severity }: Finding): number {
  const settled = verdict === 'pass' || verdict === 'not-applicable';
  return (settled ? 2 * severities.length : 0) + 2 * severityRank(severity) + (verdictRank[verdict] % 2);
}

/** Keeps the worst `limit` of what it is given, the earlier ones of the same rank, without ever holding more. */
export class Worst<Item> {
  readonly #limit: number;
  readonly #buckets: { readonly position: number; readonly item: Item }[][] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: Item, position: number, rank: number): void {
    while (this.#buckets.length <= rank) this.#buckets.push([]);
    this.#buckets[rank]?.push({ position, item });
    this.#size += 1;
    if (this.#size <= this.#limit) return;
    this.#buckets.findLast((bucket) => bucket.length > 0)?.pop();
    this.#size -= 1;
  }

  inOrder(): Item[] {
    return this.#buckets
      .flat()
      .toSorted((a, b) => a.position - b.position)
      .map(({ item }) => item);
  }
}

/** Reads all findings once. */
export async function digestOf(findings: AsyncIterable<Finding>, limit: number): Promise<Digest> {
  const worst = new Worst<Finding>(limit);
  const places = new Map<string, PlaceTally>();
  const causes = new Map<string, CauseTally>();
  const squares = new Map<string, Map<string, SquareTally>>();
  const ranks = new Map<number, number>();
  let total = 0;
  for await (const finding of findings) {
    const rank = rankOf(finding);
    worst.add(finding, total, rank);
    ranks.set(rank, (ranks.get(rank) ?? 0) + 1);
    total += 1;
    tallyPlace(places, finding);
    tallyCauses(causes, finding);
    tallySquare(squares, finding);
  }
  return {
    shown: worst.inOrder(),
    total,
    ranks,
    places: [...places.values()],
    causes: [...causes.values()].toSorted((a, b) => b.unknown - a.unknown),
    squares,
  };
}

/** `fail` where no valid waiver covers it, `unknown`, or undefined: nothing to count. */
function openVerdict({ verdict, waiver }: Finding): 'fail' | 'unknown' | undefined {
  if (verdict === 'unknown') return verdict;
  return verdict === 'fail' && waiver?.state !== 'valid' ? verdict : undefined;
}

function tallySquare(squares: Map<string, Map<string, SquareTally>>, finding: Finding): void {
  const verdict = openVerdict(finding);
  if (verdict === undefined) return;
  const services = squares.get(finding.account) ?? new Map<string, SquareTally>();
  squares.set(finding.account, services);
  const service = serviceOf(finding.kind);
  const square = services.get(service) ?? { fail: 0, unknown: 0 };
  services.set(service, square);
  square[verdict] += 1;
}

function tallyPlace(places: Map<string, PlaceTally>, finding: Finding): void {
  const { account, region, severity, rule } = finding;
  const verdict = openVerdict(finding);
  if (verdict === undefined) return;
  const key = `${account}/${region}`;
  let place = places.get(key);
  if (place === undefined) {
    place = { account, region, fail: { critical: 0, high: 0, medium: 0, low: 0, info: 0 }, unknown: 0, rules: new Map() };
    places.set(key, place);
  }
  if (verdict === 'fail') place.fail[severity] += 1;
  else place.unknown += 1;
  place.rules.set(rule, (place.rules.get(rule) ?? 0) + 1);
}

function tallyCauses(causes: Map<string, CauseTally>, { missing, verdict }: Finding): void {
  if (verdict !== 'unknown') return;
  const counted = new Set<string>();
  for (const { facet, operation, action, code, cause } of missing ?? []) {
    const key = JSON.stringify([operation ?? facet, action, code, cause]);
    if (counted.has(key)) continue;
    counted.add(key);
    const tally = causes.get(key) ?? { facet, operation, action, code, cause, unknown: 0 };
    tally.unknown += 1;
    causes.set(key, tally);
  }
}
