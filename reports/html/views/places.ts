import type { ReportHeader } from '#model/report.js';
import { severities } from '#model/severity.js';
import { compareText } from '#model/place.js';
import type { Digest, PlaceTally } from '../digest.js';
import { limits } from '../limits.js';
import { accountNames } from './names.js';
import { placeAnchor } from './findings.js';

interface PlaceRule {
  readonly rule: string;
  readonly count: number;
  /** Null when none of the rule's findings here is shown in detail. */
  readonly target: string | null;
}

interface PlaceRow {
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

export function placesOf(header: ReportHeader, { places, shown }: Digest): PlacesView {
  const names = accountNames(header);
  const targets = new Set(shown.map(({ rule, account, region }) => placeAnchor(rule, account, region)));
  const rows = places.slice(0, limits.places).map((place) => rowOf(place, names, targets));
  return { rows, moreRows: Math.max(0, places.length - limits.places) };
}

function rowOf(place: PlaceTally, names: (id: string) => string, targets: ReadonlySet<string>): PlaceRow {
  const { account, region, fail, unknown } = place;
  const rules = [...place.rules].toSorted((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
  return {
    account: names(account),
    region,
    counts: severities.map((severity) => fail[severity]),
    unknown,
    rules: rules.slice(0, limits.rulesPerPlace).map(([rule, count]) => {
      const target = placeAnchor(rule, account, region);
      return { rule, count, target: targets.has(target) ? target : null };
    }),
    more: Math.max(0, rules.length - limits.rulesPerPlace),
  };
}
