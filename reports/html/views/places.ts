import type { ReportHeader } from '#model/report.js';
import { severities } from '#model/severity.js';
import { compareText } from '#model/place.js';
import type { Digest, PlaceTally } from '../digest.js';
import { limits } from '../limits.js';
import { anchor } from '../text.js';
import { accountNames } from './names.js';
import { placeAnchor } from './findings.js';

interface PlaceRule {
  readonly rule: string;
  readonly count: number;
  /** Null when none of the rule's findings here is shown in detail. */
  readonly target: string | null;
}

/** An account and region with what was found there. */
export interface PlaceRow {
  /** On the first of its account. */
  readonly anchor: string | null;
  readonly account: string;
  readonly region: string;
  readonly counts: readonly number[];
  readonly unknown: number;
  readonly rules: readonly PlaceRule[];
  readonly more: number;
}

/** Fails and unknowns by account and region, with links into the groups. */
export interface PlacesView {
  readonly rows: readonly PlaceRow[];
  readonly moreRows: number;
}

/** Where the page counts the findings of an account by region. */
export function accountTargets(places: readonly PlaceTally[]): ReadonlyMap<string, string> {
  return new Map(places.slice(0, limits.places).map(({ account }) => [account, anchor('a', account)]));
}

export function placesOf(header: ReportHeader, { places, shown }: Digest): PlacesView {
  const names = accountNames(header);
  const targets = new Set(shown.map(({ rule, account, region }) => placeAnchor(rule, account, region)));
  const free = new Map(accountTargets(places));
  const rows = places.slice(0, limits.places).map((place, index) => {
    const id = free.get(place.account) ?? null;
    free.delete(place.account);
    return {
      anchor: id,
      ...rowOf(place, index < limits.firstPlaces ? limits.rulesPerPlace : limits.rulesPerLaterPlace, names, targets),
    };
  });
  return { rows, moreRows: Math.max(0, places.length - limits.places) };
}

function rowOf(
  place: PlaceTally,
  most: number,
  names: (id: string) => string,
  targets: ReadonlySet<string>,
): Omit<PlaceRow, 'anchor'> {
  const { account, region, fail, unknown } = place;
  const rules = [...place.rules].toSorted((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
  return {
    account: names(account),
    region,
    counts: severities.map((severity) => fail[severity]),
    unknown,
    rules: rules.slice(0, most).map(([rule, count]) => {
      const target = placeAnchor(rule, account, region);
      return { rule, count, target: targets.has(target) ? target : null };
    }),
    more: Math.max(0, rules.length - most),
  };
}
