import { levels } from '#model/level.js';
import { compareText } from '#model/place.js';
import { severities } from '#model/severity.js';
import type { AttestationNote, WaiverNote } from '#model/report.js';
import type { PlainColumn } from '../island/columns.js';
import { serviceOf } from '../service.js';
import type { Table } from './table.js';

/** What findings are filtered, counted and grouped by. */
export interface Field {
  readonly name: string;
  /** For people, in help and headings. */
  readonly title: string;
  readonly help: string;
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
  readonly name: string;
  readonly title: string;
  readonly help: string;
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
    title: 'Verdict',
    help: 'fail, unknown, pass or not-applicable',
    column: 'verdict',
    order: ['fail', 'unknown', 'pass', 'not-applicable'],
  },
  { name: 'severity', title: 'Severity', help: 'critical, high, medium, low or info', column: 'severity', order: severities },
  {
    ...{ name: 'account', title: 'Account', help: 'id or name', column: 'account' },
    label: (value, { head }) => head.accounts.find(({ id }) => id === value)?.name || value,
  },
  {
    ...{ name: 'ou', title: 'Organisational unit', help: 'path of the account in the organisation', column: 'account' },
    valuesOf: (value, { head }) => orNone(head.accounts.find(({ id }) => id === value)?.path ?? ''),
  },
  { name: 'region', title: 'Region', help: 'eu-central-1, or eu-*', column: 'region' },
  {
    ...{ name: 'service', title: 'Service', help: 'the first part of the kind: ebs, ec2, kms, rds or s3', column: 'kind' },
    valuesOf: (value) => [serviceOf(value)],
  },
  { name: 'kind', title: 'Kind', help: 'kind of resource, such as ebs.volume', column: 'kind' },
  {
    ...{ name: 'rule', title: 'Rule', help: 'id of the rule, or s3/*', column: 'rule' },
  },
  {
    ...{ name: 'control', title: 'Control', help: 'framework/control, such as cis-aws-7.0/3.6', column: 'rule' },
    valuesOf: (value, { head }) => {
      const controls = Object.entries(head.rules.find(({ id }) => id === value)?.controls ?? {});
      const all = controls.flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`));
      return all.length === 0 ? [none] : [...new Set(all)];
    },
  },
  {
    ...{ name: 'waiver', title: 'Waiver', help: 'valid, expired or none', column: 'waiver', order: ['none', 'valid', 'expired'] },
    valuesOf: (value) => [value === '' ? none : (JSON.parse(value) as WaiverNote).state],
  },
  {
    ...{
      name: 'attested',
      title: 'Attested',
      help: 'pass, fail, expired or none',
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
    ...{ name: 'change', title: 'Change', help: 'new, worse and others, against an earlier run; or none', column: 'change' },
    valuesOf: (value) => [changeOf(value) || none],
    order: ['new', 'worse'],
  },
  {
    name: 'level',
    title: 'Level',
    help: 'what the resource is encrypted under, such as aws-managed',
    column: 'level',
    valuesOf: orNone,
    order: [...levels, none],
  },
  {
    name: 'key',
    title: 'Key',
    help: 'ARN of the key, or any part of it with stars',
    column: 'key',
    valuesOf: orNone,
    label: (value) => value.split('/').at(-1) ?? value,
  },
  { name: 'baseline', title: 'Baseline', help: 'the baseline that asked for it', column: 'baseline' },
  {
    name: 'resource',
    title: 'Resource',
    help: 'ARN of the resource',
    column: 'resource',
    label: (value) => value.split(/[:/]/).at(-1) ?? value,
  },
  { name: 'id', title: 'Finding', help: 'id of the finding', column: 'id' },
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

export const fieldNames: readonly string[] = specs.map(({ name }) => name);
export const fieldHelp: readonly Pick<Field, 'name' | 'help'>[] = specs;
const known = new Set(fieldNames);

export function isField(name: string): boolean {
  return known.has(name);
}

/** The fields of the findings. A field is put together when it is first asked for: some have as many values as rows. */
export class Fields {
  readonly #table: Table;
  readonly #made = new Map<string, Field>();

  constructor(table: Table) {
    this.#table = table;
  }

  get(name: string): Field | undefined {
    const spec = specs.find((each) => each.name === name);
    if (spec === undefined) return undefined;
    const made = this.#made.get(name) ?? fieldOf(spec, this.#table);
    this.#made.set(name, made);
    return made;
  }

  all(names: readonly string[]): readonly Field[] {
    return names.flatMap((name) => this.get(name) ?? []);
  }
}

function fieldOf({ name, title, help, column, valuesOf, label, order }: FieldSpec, table: Table): Field {
  const { values: raw, of } = table.column(column);
  const ofCases = raw.map((value) => (valuesOf === undefined ? [value ?? ''] : valuesOf(value ?? '', table)));
  const distinct = [...new Set(ofCases.flat())];
  const rankOf = (value: string) => (!order?.includes(value) ? distinct.length : order.indexOf(value));
  const sorted = distinct.toSorted((a, b) => rankOf(a) - rankOf(b) || compareText(a, b));
  const places = new Map(sorted.map((value, place) => [value, place]));
  return {
    ...{ name, title, help, of },
    values: sorted.map((value) => ({ value, label: label?.(value, table) ?? value })),
    cases: ofCases.map((each) => each.map((value) => places.get(value) ?? 0)),
  };
}
