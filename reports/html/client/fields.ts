import { levels } from '#model/level.js';
import { compareText } from '#model/place.js';
import { severities } from '#model/severity.js';
import type { AttestationNote, WaiverNote } from '#model/report.js';
import type { PlainColumn } from '../island/columns.js';
import { serviceOf } from '../service.js';
import { worded } from '../text.js';
import type { ScriptTexts } from '../texts/script.js';
import type { Table } from './table.js';

export type FieldName = keyof ScriptTexts['fields'];

/** What findings are filtered, counted and grouped by. */
export interface Field {
  readonly name: FieldName;
  /** The values in the order in which they are offered. */
  readonly values: readonly FieldValue[];
  /** Of each row its case; rows of a case have the same values. */
  readonly of: Int32Array;
  /** Of each case the places of its values. */
  readonly cases: readonly (readonly number[])[];
}

export interface FieldValue {
  readonly value: string;
  /** What people call it; a query may use it too. */
  readonly label: string;
}

interface FieldSpec {
  readonly name: FieldName;
  readonly column: PlainColumn;
  /** The values of the field where the column has this value; left out: just that. */
  readonly valuesOf?: (value: string, table: Table) => readonly string[];
  readonly label?: (value: string, table: Table) => string;
  readonly order?: readonly string[];
}

/** `new` of `new: it passed before`. */
export function changeOf(cell: string): string {
  return cell.split(':', 1)[0] ?? '';
}

const none = 'none';
const orNone = (value: string) => [value === '' ? none : value];

const specs: readonly FieldSpec[] = [
  {
    name: 'verdict',
    column: 'verdict',
    order: ['fail', 'unknown', 'pass', 'not-applicable'],
  },
  { name: 'severity', column: 'severity', order: severities },
  {
    ...{ name: 'account', column: 'account' },
    label: (value, { head }) => head.accounts.find(({ id }) => id === value)?.name || value,
  },
  {
    ...{ name: 'ou', column: 'account' },
    valuesOf: (value, { head }) => orNone(head.accounts.find(({ id }) => id === value)?.path ?? ''),
  },
  { name: 'region', column: 'region' },
  {
    ...{ name: 'service', column: 'kind' },
    valuesOf: (value) => [serviceOf(value)],
  },
  { name: 'kind', column: 'kind' },
  {
    ...{ name: 'rule', column: 'rule' },
  },
  {
    ...{ name: 'control', column: 'rule' },
    valuesOf: (value, { head }) => {
      const controls = Object.entries(head.rules.find(({ id }) => id === value)?.controls ?? {});
      const all = controls.flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`));
      return all.length === 0 ? [none] : [...new Set(all)];
    },
  },
  {
    ...{ name: 'waiver', column: 'waiver', order: ['none', 'valid', 'expired'] },
    valuesOf: (value) => [value === '' ? none : (JSON.parse(value) as WaiverNote).state],
  },
  {
    ...{
      name: 'attested',
      column: 'attestation',
      order: ['none', 'fail', 'pass', 'expired'],
    },
    valuesOf: (value) => {
      if (value === '') return [none];
      const { state, result } = JSON.parse(value) as AttestationNote;
      return [state === 'expired' ? state : result];
    },
  },
  {
    ...{ name: 'change', column: 'change' },
    valuesOf: (value) => [changeOf(value) || none],
    order: ['new', 'worse'],
  },
  {
    name: 'level',
    column: 'level',
    valuesOf: orNone,
    order: [...levels, none],
  },
  {
    name: 'key',
    column: 'key',
    valuesOf: orNone,
    label: (value) => value.split('/').at(-1) ?? value,
  },
  { name: 'baseline', column: 'baseline' },
  {
    name: 'resource',
    column: 'resource',
    label: (value) => value.split(/[:/]/).at(-1) ?? value,
  },
  { name: 'id', column: 'id' },
];

/** Fields whose values are offered with counts beside the findings. */
export const facetNames = [
  'verdict',
  'severity',
  'change',
  'account',
  'ou',
  'region',
  'service',
  'kind',
  'rule',
  'control',
  'waiver',
  'attested',
  'level',
  'key',
  'baseline',
] as const;
export const groupNames = ['account', 'ou', 'region', 'service', 'kind', 'rule', 'control', 'key', 'severity', 'change'] as const;

export const fieldNames: readonly FieldName[] = specs.map(({ name }) => name);
const known = new Set<string>(fieldNames);

export function isField(name: string): name is FieldName {
  return known.has(name);
}

/** By field what people call its values, where that is not as they stand. */
export type FieldWords = Readonly<Partial<Record<FieldName, Readonly<Record<string, string>>>>>;

/** The fields of the findings. A field is put together when it is first asked for: some have as many values as rows. */
export class Fields {
  readonly #table: Table;
  readonly #words: FieldWords;
  readonly #made = new Map<string, Field>();

  constructor(table: Table, words: FieldWords = {}) {
    this.#table = table;
    this.#words = words;
  }

  get(name: string): Field | undefined {
    const spec = specs.find((each) => each.name === name);
    if (spec === undefined) return undefined;
    const made = this.#made.get(name) ?? fieldOf(spec, this.#table, this.#words[spec.name] ?? {});
    this.#made.set(name, made);
    return made;
  }

  all(names: readonly string[]): readonly Field[] {
    return names.flatMap((name) => this.get(name) ?? []);
  }
}

function fieldOf(
  { name, column, valuesOf, label, order }: FieldSpec,
  table: Table,
  words: Readonly<Record<string, string>>,
): Field {
  const { values: raw, of } = table.column(column);
  const ofCases = raw.map((value) => (valuesOf === undefined ? [value ?? ''] : valuesOf(value ?? '', table)));
  const distinct = [...new Set(ofCases.flat())];
  const rankOf = (value: string) => (!order?.includes(value) ? distinct.length : order.indexOf(value));
  const sorted = distinct.toSorted((a, b) => rankOf(a) - rankOf(b) || compareText(a, b));
  const places = new Map(sorted.map((value, place) => [value, place]));
  return {
    ...{ name, of },
    values: sorted.map((value) => ({ value, label: worded(words, label?.(value, table) ?? value) })),
    cases: ofCases.map((each) => each.map((value) => places.get(value) ?? 0)),
  };
}
