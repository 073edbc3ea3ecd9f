import { parseArn } from '#model/arn.js';
import type { Missing } from '#model/attempt.js';
import type { CellCoverage, ListCoverage } from '#model/coverage.js';
import { specsOf } from '#model/edges.js';
import type { Place } from '#model/place.js';
import { uncollected, type Kind } from '#model/resources/index.js';
import type { EdgeName } from '#model/rule.js';

/** Accounts that the run scanned, tried to scan, or named; every other one is outside its scope. */
export interface GraphScope {
  readonly accounts: ReadonlySet<string>;
  /** Those of them that could not be entered, with what stood in the way: nothing of theirs was listed. */
  readonly closed?: ReadonlyMap<string, Missing>;
}

interface Listing {
  readonly place: Place;
  readonly list: ListCoverage;
}

/** What a run listed, and what it did not: whether something that was not found is missing, elsewhere or unread. */
export class Listings {
  readonly #accounts: ReadonlySet<string>;
  readonly #closed: ReadonlyMap<string, Missing>;
  readonly #listings = new Map<Kind, Listing[]>();
  readonly #unread = new Map<string, { readonly account: string; readonly missing: Missing }[]>();
  readonly #askedFacets = new Map<Kind, Set<string>>();

  constructor({ accounts, closed = new Map<string, Missing>() }: GraphScope) {
    this.#accounts = accounts;
    this.#closed = closed;
  }

  add(partition: string, { account, region, lists, unread }: CellCoverage): void {
    for (const { missing } of unread) {
      const gaps = this.#unread.get(missing.facet) ?? [];
      gaps.push({ account, missing });
      this.#unread.set(missing.facet, gaps);
    }
    for (const list of lists) {
      const listings = this.#listings.get(list.kind) ?? [];
      listings.push({ place: { partition, account, region }, list });
      this.#listings.set(list.kind, listings);
    }
  }

  /** Which facets the run's cells were asked for. */
  addAsked(asked: Readonly<Partial<Record<Kind, readonly string[]>>>): void {
    for (const [kind, facets] of Object.entries(asked) as [Kind, readonly string[]][]) {
      const known = this.#askedFacets.get(kind) ?? new Set();
      for (const facet of facets) known.add(facet);
      this.#askedFacets.set(kind, known);
    }
  }

  inScope(account: string): boolean {
    return this.#accounts.has(account);
  }

  /** The listing of a kind in one account and region; undefined where the run made none. */
  at(kind: Kind, { account, region }: Pick<Place, 'account' | 'region'>): ListCoverage | undefined {
    return this.#listings.get(kind)?.find(({ place }) => place.account === account && place.region === region)?.list;
  }

  /** How many of the kinds there are in one place, and what was not listed of them. */
  count(kinds: readonly Kind[], place: Place): { count: number; missing: readonly Missing[] } {
    let count = 0;
    const missing: Missing[] = [];
    for (const kind of kinds) {
      const list = this.at(kind, place);
      if (list === undefined) missing.push(uncollected(kind, '*'));
      else if (list.missing !== null) missing.push(list.missing);
      count += list?.count ?? 0;
    }
    return { count, missing };
  }

  /**
   * What it means that nothing of that id or ARN was found: a gap in the listings that could hold it, or that it is
   * gone or elsewhere. `region` narrows them for an id that is not an ARN.
   */
  whyNotFound(kind: Kind, id: string, region?: string): Missing | 'missing' | 'outside' {
    const arn = parseArn(id);
    const account = arn?.account ?? '';
    if (account !== '' && !this.#accounts.has(account)) return 'outside';
    const at = arn?.region || region;
    const listings = (this.#listings.get(kind) ?? []).filter(
      ({ place }) =>
        (at === undefined || place.region === at || place.region === 'global') && (account === '' || place.account === account),
    );
    const gap = listings.find(({ list }) => !list.complete)?.list.missing ?? this.#closedGap(kind, account);
    return gap ?? (listings.length === 0 ? 'outside' : 'missing');
  }

  /** What keeps us from saying that nothing further points along an edge. `within`: nothing from other accounts can. */
  gapsOf(edge: EdgeName, within?: Place): readonly Missing[] {
    const gaps: Missing[] = [];
    // Several relations may come of one facet, and of one listing.
    const facets = new Map(specsOf(edge).map(({ from, facet }) => [`${from}/${facet}`, { from, facet }]));
    const listed = new Set<Kind>();
    for (const [id, { from, facet }] of facets) {
      if (this.#askedFacets.get(from)?.has(facet) !== true) {
        gaps.push(uncollected(from, facet));
        continue;
      }
      if (!listed.has(from)) gaps.push(...this.#listGaps(edge, from, within));
      listed.add(from);
      for (const { account, missing } of this.#unread.get(id) ?? []) {
        if (within === undefined || account === within.account) gaps.push(missing);
      }
    }
    return gaps;
  }

  #listGaps(edge: EdgeName, from: Kind, within: Place | undefined): readonly Missing[] {
    const gaps = (this.#listings.get(from) ?? []).flatMap(({ place, list }) => {
      if (within !== undefined && place.account !== within.account) return [];
      if (within !== undefined && edge === 'image' && place.region !== within.region) return [];
      return list.complete || list.missing === null ? [] : [list.missing];
    });
    const closed = within === undefined ? [...this.#closed.values()] : [];
    return [...gaps, ...closed.map((missing) => ({ ...missing, facet: `${from}/*` }))];
  }

  /** That an account which may hold it was not entered; any of them where the id names none. */
  #closedGap(kind: Kind, account: string): Missing | undefined {
    const [any] = this.#closed.values();
    const missing = account === '' ? any : this.#closed.get(account);
    return missing === undefined ? undefined : { ...missing, facet: `${kind}/*` };
  }
}
