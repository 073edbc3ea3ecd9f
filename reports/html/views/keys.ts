import type { KeyRow, ReportHeader } from '#model/report.js';
import { parseArn } from '#model/arn.js';
import { lossesOf } from '#model/key-loss-texts.js';
import { usageText } from '#model/key-usage.js';
import { compareText } from '#model/place.js';
import { limits } from '../limits.js';
import { anchor, worded } from '../text.js';
import { factsOf, type KeyFact } from './key-facts.js';
import { byCount, pictureOf, totalOf, type Picture } from './key-picture.js';
import { accountNames, kindName } from './names.js';
import type { Texts } from '../texts/index.js';

/** A key in a line of a table. */
export interface KeyLine {
  readonly arn: string;
  readonly name: string;
  readonly manager: string;
  readonly state: string;
  readonly tone: string;
  readonly dependants: readonly string[];
  readonly total: number;
  readonly complete: boolean;
}

/** A key with all that is known of it. */
export interface KeyView extends KeyLine {
  readonly anchor: string;
  readonly place: string;
  readonly uses: string;
  readonly facts: readonly KeyFact[];
  readonly picture: (Picture & { readonly id: string }) | null;
  readonly places: readonly {
    readonly account: string;
    readonly region: string;
    readonly what: string;
    readonly count: number;
  }[];
  readonly morePlaces: number;
  /** It has dependants, but the run's version of atrest did not record where. */
  readonly unplaced: boolean;
  /** What its going breaks, each with where the page says how. */
  readonly breaks: readonly { readonly what: string; readonly target: string }[];
  readonly breaksNow: string;
}

/** The keys, those whose state hurts somebody first. */
export interface KeysView {
  readonly lead: string;
  readonly rows: readonly KeyLine[];
  /** What the keys in full are used for, and what becomes of it without them: said once for all. */
  readonly losses: readonly {
    readonly anchor: string;
    readonly what: string;
    readonly disabled: string;
    readonly deleted: string;
  }[];
  readonly inFull: number;
  /** Keys that the page has no more than a line of. */
  readonly beyond: number;
  readonly more: number;
  readonly any: boolean;
}

/** What stands around the keys in full, and a line of each. */
export function keysOf({ keys }: ReportHeader, texts: Texts): KeysView {
  const sorted = ranked(keys);
  const own = keys.filter(({ manager }) => manager === 'CUSTOMER');
  const cost = own.reduce((sum, { monthlyCost }) => sum + (monthlyCost?.usd ?? 0), 0);
  const uncounted = own.filter(({ monthlyCost }) => typeof monthlyCost?.usd !== 'number').length;
  const unread = keys.filter(({ manager }) => manager === null).length;
  const words = [
    texts.keys.count(keys.length, own.length),
    ...(unread > 0 ? [texts.keys.unreadManagers(unread)] : []),
    ...(own.length > uncounted ? [uncounted > 0 ? texts.keys.costPartly(cost, uncounted) : texts.keys.cost(cost)] : []),
  ];
  return {
    lead: `${words.join('; ')}.`,
    rows: sorted.slice(0, limits.keys).map((key) => lineOf(key, texts)),
    losses: lossRows(sorted.slice(0, limits.keysInFull), texts),
    inFull: Math.min(keys.length, limits.keysInFull),
    beyond: Math.max(0, keys.length - limits.keysInFull),
    more: Math.max(0, keys.length - limits.keys),
    any: keys.length > 0,
  };
}

/** The first of the keys in full; each is made when the page has come to it. */
export function* keysInFull(header: ReportHeader, texts: Texts): Generator<KeyView> {
  const names = accountNames(header);
  let index = 0;
  for (const [key, id] of withAnchors(header.keys)) yield viewOf(key, { id, picture: `kp${index++}` }, names, texts);
}

/** Where the page shows a key in full, by ARN. */
export function keyTargets({ keys }: ReportHeader): ReadonlyMap<string, string> {
  return new Map(withAnchors(keys).map(([{ arn }, id]) => [arn, id]));
}

function withAnchors(keys: readonly KeyRow[]): readonly (readonly [KeyRow, string])[] {
  const taken = new Set<string>();
  return ranked(keys)
    .slice(0, limits.keysInFull)
    .map((key, index) => {
      const id = keyAnchor(key.arn);
      // No two keys of a run have one ARN, but what a report says is not ours to trust.
      const free = taken.has(id) ? `${id}-${index}` : id;
      taken.add(free);
      return [key, free] as const;
    });
}

/** The keys of a multi-Region set have one id. */
function keyAnchor(arn: string): string {
  const key = parseArn(arn);
  return key === undefined ? anchor('k', arn) : anchor('k', key.region, key.resource.replace(/^key\//, ''));
}

function ranked(keys: readonly KeyRow[]): readonly KeyRow[] {
  const each = keys.map((key) => ({ key, total: totalOf(key.dependants), rank: rankOfKey(key) }));
  return each.toSorted((a, b) => a.rank - b.rank || b.total - a.total || compareText(a.key.arn, b.key.arn)).map(({ key }) => key);
}

/** The state of a key that AWS manages is not asked for: nobody can change it. */
function isWell({ state, manager }: KeyRow): boolean {
  return state === 'Enabled' || (state === null && manager === 'AWS');
}

/** In use and not Enabled, in use and unread, not Enabled, unread, the rest. */
function rankOfKey(key: KeyRow): number {
  if (isWell(key)) return 4;
  const unread = key.state === null ? 1 : 0;
  return totalOf(key.dependants) > 0 ? unread : 2 + unread;
}

function lineOf(key: KeyRow, texts: Texts): KeyLine {
  const { arn, name, manager, state, dependants, dependantsComplete } = key;
  const total = totalOf(dependants);
  const tone = isWell(key)
    ? state === null
      ? 'skipped'
      : 'complete'
    : state === null
      ? 'unknown'
      : total > 0
        ? 'fail'
        : 'partial';
  return {
    arn,
    name,
    manager: manager === null ? texts.keys.managerNotRead : worded(texts.keys.managers, manager),
    state: state ?? (manager === 'AWS' ? texts.keys.notAsked : texts.keys.notRead),
    tone,
    dependants: wordsOf(dependants, texts),
    total,
    complete: dependantsComplete,
  };
}

function wordsOf(dependants: KeyRow['dependants'], texts: Texts): readonly string[] {
  return Object.entries(dependants)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([kind, count]) => texts.keys.dependants(count, kindName(texts, kind, count)));
}

function viewOf(
  key: KeyRow,
  ids: { readonly id: string; readonly picture: string },
  names: (id: string) => string,
  texts: Texts,
): KeyView {
  const line = lineOf(key, texts);
  const { places = [] } = key;
  const accounts = byCount(places);
  const picture = pictureOf(key.name, places, names, texts);
  const rows = accounts.flatMap(([account, , regions]) =>
    regions.map(({ region, dependants }) => ({
      account: names(account),
      region,
      what: wordsOf(dependants, texts).join(', '),
      count: totalOf(dependants),
    })),
  );
  const home = parseArn(key.arn);
  return {
    ...line,
    anchor: ids.id,
    place: home === undefined ? '' : `${names(home.account)}, ${home.region}`,
    uses: line.total === 0 ? texts.keys.noUses : usesText(line.total, accounts.length, texts),
    facts: factsOf(key, texts),
    picture: picture === undefined ? null : { ...picture, id: ids.picture },
    places: rows.slice(0, limits.keyPlaces),
    morePlaces: Math.max(0, rows.length - limits.keyPlaces),
    unplaced: line.total > 0 && places.length === 0,
    breaks: lossesOf(key.uses ?? usesOf(key)).map(({ kind, usage, count }) => ({
      what: `${texts.keys.dependants(count, kindName(texts, kind, count))}${usageText(usage)}`,
      target: lossAnchor(kind, usage),
    })),
    breaksNow: isWell(key) || key.state === null ? '' : texts.keys.breaksNow(key.state),
  };
}

function lossRows(keys: readonly KeyRow[], texts: Texts): KeysView['losses'] {
  return lossesOf(keys.flatMap((key) => key.uses ?? usesOf(key)))
    .map(({ kind, usage, disabled, deleted }) => ({
      anchor: lossAnchor(kind, usage),
      what: `${kindName(texts, kind, 2)}${usageText(usage)}`,
      disabled,
      deleted,
    }))
    .toSorted((a, b) => compareText(a.anchor, b.anchor));
}

function lossAnchor(kind: string, usage: string): string {
  return anchor('l', kind, usage);
}

/** Without a word on it, all are encrypted under the key, or are what their kind says. */
function usesOf({ dependants }: KeyRow): NonNullable<KeyRow['uses']> {
  return Object.entries(dependants)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([kind, count]) => ({ kind, usage: 'storage', count }));
}

function usesText(total: number, accounts: number, { keys }: Texts): string {
  return accounts > 1 ? keys.resourcesIn(total, accounts) : keys.resources(total);
}
