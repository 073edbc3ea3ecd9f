import { expect, test } from 'vitest';
import type { Rule } from '#model/rule.js';
import { judgeResource, type Surroundings } from '#plugins/judge.js';
import type { TestResource } from './resources.js';

const letters = { pass: 'p', fail: 'f', unknown: 'u', 'not-applicable': '-', error: 'error' } as const;

/** A row of a table of states: what AWS says, and the verdicts of all columns as letters, in their order. */
export interface StateRow extends Surroundings {
  readonly name: string;
  readonly verdicts: string;
}

/** What a rule judges in a row. */
export type Column<R extends StateRow> = readonly [
  rule: Rule,
  resource: (row: R) => TestResource,
  options?: Surroundings['options'],
];

/** One test a row: p pass, f fail, u unknown, - not applicable. Blanks between the letters only group them. */
export function testStates<R extends StateRow>(columns: readonly Column<R>[], rows: readonly R[]): void {
  test('no two rows share a name', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });
  test.each(rows)('$name', (row) => {
    const wanted = [...row.verdicts.replaceAll(' ', '')];
    expect(wanted).toHaveLength(columns.length);
    const judged = columns.map(([rule, resource, options]) => {
      const { verdict } = judgeResource(rule, resource(row), { ...row, ...(options === undefined ? {} : { options }) });
      return `${rule.id}: ${letters[verdict]}`;
    });
    expect(judged).toEqual(columns.map(([rule], index) => `${rule.id}: ${wanted[index] ?? ''}`));
  });
}
