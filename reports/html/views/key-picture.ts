import type { KeyRow } from '#model/report.js';
import { compareText } from '#model/place.js';
import { groupBy } from '../group-by.js';
import { limits } from '../limits.js';
import { cut, grouped } from '../text.js';
import type { Texts } from '../texts/index.js';

type Place = NonNullable<KeyRow['places']>[number];

interface Text {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly strong: boolean;
}

interface Bar {
  readonly y: number;
  readonly parts: readonly { readonly name: string; readonly x: string; readonly width: string }[];
  readonly end: string;
  readonly textY: number;
  readonly count: string;
}

/** A key as a tree: its accounts, their regions, and a bar for what depends on the key there. */
export interface Picture {
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** The branches, as one path. */
  readonly lines: string;
  readonly texts: readonly Text[];
  readonly bars: readonly Bar[];
}

const rowHeight = 21;
/** Widest bar in per cent of the picture: right of it stands the count, left of all bars the name of the region. */
const widest = 45;

const services = ['s3', 'ebs', 'rds', 'other'] as const;

export function totalOf(dependants: KeyRow['dependants']): number {
  return Object.values(dependants).reduce((sum, count) => sum + count, 0);
}

/** Where there is most comes first, at equal counts by name. */
export function byCount(
  places: readonly Place[],
): readonly (readonly [account: string, total: number, regions: readonly Place[]])[] {
  return [...groupBy(places, ({ account }) => account)]
    .map(([account, regions]) => {
      const total = regions.reduce((sum, { dependants }) => sum + totalOf(dependants), 0);
      const sorted = regions.toSorted((a, b) => totalOf(b.dependants) - totalOf(a.dependants) || compareText(a.region, b.region));
      return [account, total, sorted] as const;
    })
    .toSorted((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
}

/** As many lines as fit; the last says what was left out. Undefined: there is nothing to draw. */
export function pictureOf(
  name: string,
  places: readonly Place[],
  names: (id: string) => string,
  { keys: words }: Texts,
): Picture | undefined {
  const accounts = byCount(places);
  const [most] = accounts;
  if (most === undefined) return undefined;
  const most1 = most[2][0] as Place;
  const scale = Math.max(...places.map(({ dependants }) => totalOf(dependants)));
  const texts: Text[] = [{ x: 22, y: 15, text: cut(name, 34), strong: true }];
  const bars: Bar[] = [];
  let lines = '';
  let row = 1;
  let last = 1;
  let drawn = 0;
  const middle = () => row * rowHeight + 11;
  for (const [account, total, regions] of accounts) {
    // An account without any of its regions would say nothing.
    if (row + 2 > limits.keyPicture) break;
    texts.push({ x: 26, y: middle() + 4, text: `${cut(names(account), 32)} · ${grouped(total)}`, strong: false });
    lines += `M8 ${middle()}h12`;
    last = row;
    const from = middle() + 7;
    row += 1;
    for (const place of regions) {
      if (row >= limits.keyPicture) break;
      texts.push({ x: 46, y: middle() + 4, text: cut(place.region, 15), strong: false });
      bars.push(barOf(place, scale, middle()));
      lines += `M28 ${middle()}h12`;
      row += 1;
      drawn += 1;
    }
    lines += `M28 ${from}V${middle() - rowHeight}`;
  }
  if (drawn < places.length) {
    texts.push({ x: 26, y: middle() + 4, text: words.pictureMore(places.length - drawn), strong: false });
    last = row;
    row += 1;
  }
  lines += `M8 20V${last * rowHeight + 11}`;
  const total = accounts.reduce((sum, [, count]) => sum + count, 0);
  return {
    height: row * rowHeight + 4,
    title: words.pictureTitle(total, accounts.length),
    description: words.pictureText(cut(names(most[0]), 60), cut(most1.region, 30), totalOf(most1.dependants)),
    lines,
    texts,
    bars,
  };
}

function barOf({ dependants }: Place, scale: number, middle: number): Bar {
  const total = totalOf(dependants);
  // A bar too short to see would look like none at all.
  const whole = Math.max((total / scale) * widest, 1);
  const counts = new Map<string, number>();
  for (const [kind, count] of Object.entries(dependants)) counts.set(serviceOf(kind), (counts.get(serviceOf(kind)) ?? 0) + count);
  let x = 0;
  const parts = services.flatMap((name) => {
    const width = ((counts.get(name) ?? 0) / total) * whole;
    if (width === 0) return [];
    const part = { name, x: share(x), width: share(width) };
    x += width;
    return [part];
  });
  return { y: middle - 6, parts, end: share(whole), textY: middle + 4, count: grouped(total) };
}

/** Per cent, to the hundredth. */
function share(part: number): string {
  return `${Number(part.toFixed(2))}%`;
}

function serviceOf(kind: string): (typeof services)[number] {
  const [service = ''] = kind.split('.', 1);
  if (service === 'ec2') return 'ebs';
  return services.find((name) => name === service) ?? 'other';
}
