import { matchesGlob } from '#model/glob.js';
import { foldedColumns, literalsOf, type Column, type FoldedColumn, type PlainColumn } from '../island/columns.js';
import { isField, type Field, type Fields, type FieldValue } from './fields.js';
import { parseQuery, type Query, type Term } from './query.js';
import type { Table } from './table.js';

/** What a query leaves. */
export interface Filtered {
  readonly query: Query;
  readonly count: number;
  /** 1 for each row that is left. */
  readonly kept: Uint8Array;
  /** Of each facet, for each value, how many rows there would be if the facet allowed that value. */
  readonly counts: ReadonlyMap<string, Uint32Array>;
}

/** The terms of a query on one field, as the cases of the field that they allow. */
interface Test {
  readonly field: Field;
  readonly allowed: Uint8Array;
}

/** Filters the findings, and counts what each value of the facets would leave. */
export function filtered(table: Table, fields: Fields, text: string, facets: readonly string[]): Filtered {
  const query = parseQuery(text, isField);
  const tests = testsOf(query, fields);
  const { misses, missed } = missesOf(table, tests, wordRows(table, query));
  const counts = new Map<string, Uint32Array>();
  for (const field of fields.all(facets)) {
    const test = tests.findIndex((each) => each.field === field);
    const cases = new Uint32Array(field.cases.length);
    for (let row = 0; row < misses.length; row += 1) {
      if (misses[row] !== 0 && (misses[row] !== 1 || missed[row] !== test)) continue;
      const at = field.of[row] ?? 0;
      cases[at] = (cases[at] ?? 0) + 1;
    }
    counts.set(field.name, byValue(field, cases));
  }
  const kept = misses.map((count) => (count === 0 ? 1 : 0));
  return { query, count: kept.reduce((sum, one) => sum + one, 0), kept, counts };
}

/** Of each row on how many of the tests it fails, and on which the last time; a word that is lacking counts for two. */
function missesOf(
  table: Table,
  tests: readonly Test[],
  words: readonly { readonly rows: Uint8Array; readonly negated: boolean }[],
): { readonly misses: Uint8Array; readonly missed: Int8Array } {
  const misses = new Uint8Array(table.rows);
  const missed = new Int8Array(table.rows).fill(-1);
  for (const [index, { field, allowed }] of tests.entries()) {
    const { of } = field;
    for (let row = 0; row < misses.length; row += 1) {
      if (allowed[of[row] ?? 0] === 1) continue;
      misses[row] = (misses[row] ?? 0) + 1;
      missed[row] = index;
    }
  }
  for (const { rows, negated } of words) {
    const lacking = negated ? 1 : 0;
    // Enough to be no near miss, and not so much that many words would begin at nought again.
    for (let row = 0; row < misses.length; row += 1) if (rows[row] === lacking) misses[row] = 100;
  }
  return { misses, missed };
}

function wordRows(table: Table, { words }: Query): readonly { readonly rows: Uint8Array; readonly negated: boolean }[] {
  return words.map(({ text, negated }) => ({ rows: rowsWith(table, text.toLowerCase()), negated }));
}

function byValue(field: Field, cases: Uint32Array): Uint32Array {
  const counts = new Uint32Array(field.values.length);
  for (const [index, count] of cases.entries()) {
    if (count > 0) for (const value of field.cases[index] ?? []) counts[value] = (counts[value] ?? 0) + count;
  }
  return counts;
}

function testsOf({ terms }: Query, fields: Fields): readonly Test[] {
  const names = [...new Set(terms.map(({ field }) => field))];
  return fields.all(names).map((field) => ({
    field,
    allowed: allowedBy(
      terms.filter((term) => term.field === field.name),
      field,
    ),
  }));
}

/** A case is allowed by a value of the terms that want one, if there are any, and by none of those that forbid one. */
function allowedBy(terms: readonly Term[], field: Field): Uint8Array {
  const wanted = terms.filter(({ negated }) => !negated).flatMap(({ values }) => values.map(matcher));
  const forbidden = terms.filter(({ negated }) => negated).flatMap(({ values }) => values.map(matcher));
  const is = field.values.map((value) => ({
    wanted: wanted.length === 0 || wanted.some((matches) => matches(value)),
    forbidden: forbidden.some((matches) => matches(value)),
  }));
  return Uint8Array.from(field.cases, (values) => {
    const of = values.map((place) => is[place]);
    return of.some((each) => each?.wanted) && !of.some((each) => each?.forbidden) ? 1 : 0;
  });
}

/** Whether a value or what people call it is what a query says, letter case aside. */
export function matcher(pattern: string): (value: FieldValue) => boolean {
  const wanted = pattern.toLowerCase();
  return ({ value, label }) =>
    matchesGlob(wanted, value.toLowerCase()) || (label !== value && matchesGlob(wanted, label.toLowerCase()));
}

const searchedPlain: readonly PlainColumn[] = [
  'id',
  'rule',
  'account',
  'region',
  'kind',
  'resource',
  'key',
  'waiver',
  'attestation',
];

/** A column as it is searched: its values in small letters, and the folded ones among them. */
interface Searched {
  readonly lower: readonly string[];
  readonly folded: readonly number[];
}

const searchable = new WeakMap<Table, Map<Column, Searched>>();

/** Gets the findings ready to be searched, which the first search would otherwise wait for. */
export function prepareSearch(table: Table): void {
  for (const column of [...searchedPlain, ...foldedColumns]) searchedOf(table, column);
}

function searchedOf(table: Table, column: Column): Searched {
  const made = searchable.get(table) ?? new Map<Column, Searched>();
  searchable.set(table, made);
  const known = made.get(column);
  if (known !== undefined) return known;
  const more = moreOf(table, column);
  const { values } = table.column(column);
  const isFolded = (foldedColumns as readonly Column[]).includes(column);
  const searched = {
    lower: values.map((value) => (value === null ? '' : (value + more(value)).toLowerCase())),
    folded: isFolded ? values.flatMap((value, index) => (value !== null && literalsOf(value).length > 1 ? [index] : [])) : [],
  };
  made.set(column, searched);
  return searched;
}

/** 1 for each row in which the word stands: in a name, an ARN, a message, a title, a reason. */
function rowsWith(table: Table, word: string): Uint8Array {
  const rows = new Uint8Array(table.rows);
  for (const column of [...searchedPlain, ...foldedColumns]) {
    const { of } = table.column(column);
    const { lower } = searchedOf(table, column);
    const found = Uint8Array.from(lower, (text) => (text.includes(word) ? 1 : 0));
    if (!found.includes(1)) continue;
    for (let row = 0; row < rows.length; row += 1) if (found[of[row] ?? 0] === 1) rows[row] = 1;
  }
  for (const column of foldedColumns) reachOver(table, column, word, rows);
  return rows;
}

/** What was folded into a text is searched where it stands; a word that reaches over its end has to be looked for in full. */
function reachOver(table: Table, column: FoldedColumn, word: string, rows: Uint8Array): void {
  const { lower, folded } = searchedOf(table, column);
  const { of } = table.column(column);
  const reaches = new Uint8Array(lower.length);
  for (const at of folded) if (mayReachOver(literalsOf(lower[at] ?? ''), word)) reaches[at] = 1;
  if (!reaches.includes(1)) return;
  for (let row = 0; row < rows.length; row += 1) {
    if (rows[row] === 0 && reaches[of[row] ?? 0] === 1 && table.text(row, column).toLowerCase().includes(word)) rows[row] = 1;
  }
}

/** The title of a rule and the name of an account are searched with their ids. */
function moreOf({ head }: Table, column: Column): (value: string) => string {
  if (column === 'rule') {
    const titles = new Map(head.rules.map(({ id, title }) => [id, title]));
    return (value) => `\n${titles.get(value) ?? ''}`;
  }
  if (column === 'account') {
    const names = new Map(head.accounts.map(({ id, name, path }) => [id, `${name ?? ''}\n${path ?? ''}`]));
    return (value) => `\n${names.get(value) ?? ''}`;
  }
  return () => '';
}

/** True if a literal ends as the word begins, begins as it ends or stands within it: what lies beside it may complete it. */
function mayReachOver(literals: readonly string[], word: string): boolean {
  return literals.some((text, index) => {
    // Between two values that follow each other there is nothing; before the first and after the last there is no value.
    if (text === '') return index > 0 && index < literals.length - 1;
    if (word.includes(text)) return true;
    for (let length = 1; length < word.length; length += 1) {
      const ends = index < literals.length - 1 && text.endsWith(word.slice(0, length));
      if (ends || (index > 0 && text.startsWith(word.slice(length)))) return true;
    }
    return false;
  });
}
