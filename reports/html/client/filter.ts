import { matchesGlob } from '#model/glob.js';
import { foldedColumns, literalsOf, type PlainColumn } from '../island/columns.js';
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
  const words = query.words.map(({ text: word, negated }) => ({ rows: rowsWith(table, word.toLowerCase()), negated }));
  const counted = fields.all(facets).map((field) => ({ field, cases: new Uint32Array(field.cases.length) }));
  const casesOf = new Map(counted.map(({ field, cases }) => [field, cases]));
  const kept = new Uint8Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row += 1) {
    if (words.some(({ rows, negated }) => (rows[row] === 1) === negated)) continue;
    const missed = missedBy(tests, row);
    if (missed === 'several') continue;
    if (missed === undefined) {
      kept[row] = 1;
      count += 1;
      for (const { field, cases } of counted) add(cases, field.of[row]);
    } else {
      const cases = casesOf.get(missed);
      if (cases) add(cases, missed.of[row]);
    }
  }
  return { query, count, kept, counts: new Map(counted.map(({ field, cases }) => [field.name, byValue(field, cases)])) };
}

/** The only field whose terms the row does not hold to; undefined when it holds to all. */
function missedBy(tests: readonly Test[], row: number): Field | 'several' | undefined {
  let missed: Field | undefined;
  for (const { field, allowed } of tests) {
    if (allowed[field.of[row] ?? -1] === 1) continue;
    if (missed !== undefined) return 'several';
    missed = field;
  }
  return missed;
}

function add(counts: Uint32Array, at = -1): void {
  counts[at] = (counts[at] ?? 0) + 1;
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

/** 1 for each row in which the word stands: in a name, an ARN, a message, a title, a reason. */
function rowsWith(table: Table, word: string): Uint8Array {
  const rows = new Uint8Array(table.rows);
  for (const column of searchedPlain) {
    const { values, of } = table.columns[column];
    const more = moreOf(table, column);
    mark(
      rows,
      of,
      values.map((value) => value !== null && `${value}${more(value)}`.toLowerCase().includes(word)),
    );
  }
  for (const column of foldedColumns) {
    const { values, of } = table.columns[column];
    const found = values.map((value) => value !== null && literalsOf(value).some((text) => text.toLowerCase().includes(word)));
    mark(rows, of, found);
    // What was folded in is searched where it stands; only a word that reaches over its end has to be looked for in full.
    const reaches = values.map(
      (value, index) => value !== null && found[index] !== true && mayReachOver(literalsOf(value), word),
    );
    if (!reaches.includes(true)) continue;
    for (let row = 0; row < rows.length; row += 1) {
      if (rows[row] === 0 && reaches[of[row] ?? -1] && table.text(row, column).toLowerCase().includes(word)) rows[row] = 1;
    }
  }
  return rows;
}

function mark(rows: Uint8Array, of: Int32Array, found: readonly boolean[]): void {
  if (!found.includes(true)) return;
  for (let row = 0; row < rows.length; row += 1) if (found[of[row] ?? -1]) rows[row] = 1;
}

/** The title of a rule and the name of an account are searched with their ids. */
function moreOf({ head }: Table, column: PlainColumn): (value: string) => string {
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
  if (literals.length < 2) return false;
  return literals.some((literal) => {
    const text = literal.toLowerCase();
    if (text === '') return literals.length > 2;
    if (word.includes(text)) return true;
    for (let length = 1; length < word.length; length += 1) {
      if (text.endsWith(word.slice(0, length)) || text.startsWith(word.slice(length))) return true;
    }
    return false;
  });
}
