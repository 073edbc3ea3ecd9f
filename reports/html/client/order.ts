import { compareText } from '#model/place.js';
import { rankOf } from '../digest.js';
import type { Field, Fields } from './fields.js';
import type { Table } from './table.js';

export const sorts = ['worst', 'account', 'region', 'rule', 'kind', 'name', 'resource'] as const;

/** What the list shows from top to bottom. */
export interface Listing {
  /** A row, or -1 - n for the heading of group n. */
  readonly entries: Int32Array;
  readonly groups: readonly Group[];
}

export interface Group {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  readonly open: boolean;
}

/** The rows in order, from which a filter takes out. Orders are kept: a filter is typed letter by letter. */
export class Orders {
  readonly #table: Table;
  readonly #fields: Fields;
  readonly #made = new Map<string, Int32Array>();

  constructor(table: Table, fields: Fields) {
    this.#table = table;
    this.#fields = fields;
  }

  /** All rows by a sort; those that are alike stay worst first. */
  by(sort: string): Int32Array {
    const made = this.#made.get(sort) ?? sorted(this.#ranks(sort), sort === 'worst' ? undefined : this.by('worst'));
    this.#made.set(sort, made);
    return made;
  }

  #ranks(sort: string): Int32Array {
    const table = this.#table;
    if (sort === 'name') {
      const names = Array.from({ length: table.rows }, (_, row) => table.text(row, 'name'));
      const ranks = new Map([...new Set(names)].toSorted(compareText).map((name, rank) => [name, rank]));
      return Int32Array.from(names, (name) => ranks.get(name) ?? 0);
    }
    const field = sort === 'worst' ? undefined : this.#fields.get(sort);
    if (field) return field.of.map((at) => field.cases[at]?.[0] ?? 0);
    const verdict = table.column('verdict');
    const severity = table.column('severity');
    const of = (row: number) =>
      rankOf({ verdict: table.plain(row, 'verdict'), severity: table.plain(row, 'severity') } as Parameters<typeof rankOf>[0]);
    const width = severity.values.length;
    const known = new Map<number, number>();
    return verdict.of.map((at, row) => {
      const both = at * width + (severity.of[row] ?? 0);
      const rank = known.get(both) ?? of(row);
      known.set(both, rank);
      return rank;
    });
  }
}

/** The rows by rank; those of the same rank in the given order. */
function sorted(ranks: Int32Array, given: Int32Array | undefined): Int32Array {
  let most = 0;
  for (const rank of ranks) most = Math.max(most, rank);
  const next = new Int32Array(most + 2);
  for (const rank of ranks) next[rank + 1] = (next[rank + 1] ?? 0) + 1;
  for (let rank = 1; rank < next.length; rank += 1) next[rank] = (next[rank] ?? 0) + (next[rank - 1] ?? 0);
  const order = new Int32Array(ranks.length);
  for (let at = 0; at < ranks.length; at += 1) {
    const row = given?.[at] ?? at;
    const rank = ranks[row] ?? 0;
    order[next[rank] ?? 0] = row;
    next[rank] = (next[rank] ?? 0) + 1;
  }
  return order;
}

/** The rows that are kept, under a heading for each value of the group's field, the fullest group first. */
export function listing(
  order: Int32Array,
  kept: Uint8Array,
  group: Field | undefined,
  isOpen: (value: string) => boolean,
): Listing {
  const rows = order.filter((row) => kept[row] === 1);
  if (group === undefined) return { entries: rows, groups: [] };
  const members = new Map<number, number[]>();
  for (const row of rows) {
    for (const value of group.cases[group.of[row] ?? -1] ?? []) {
      const list = members.get(value);
      if (list === undefined) members.set(value, [row]);
      else list.push(row);
    }
  }
  const full = [...members].toSorted(([a, inA], [b, inB]) => inB.length - inA.length || a - b);
  const groups = full.map(([at, list]) => {
    const { value, label } = group.values[at] ?? { value: '', label: '' };
    return { value, label, count: list.length, open: isOpen(value) };
  });
  const entries: number[] = [];
  for (const [index, [, list]] of full.entries()) {
    entries.push(-1 - index);
    if (groups[index]?.open) for (const row of list) entries.push(row);
  }
  return { entries: Int32Array.from(entries), groups };
}
