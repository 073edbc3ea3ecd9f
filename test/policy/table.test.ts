import { expect, test } from 'vitest';
import { answersOf } from './answers.js';
import { rows } from './table.js';

test.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
  const answers = answersOf(row);
  const asked = Object.entries(row.answers) as [keyof typeof answers, unknown][];
  expect(Object.fromEntries(asked.map(([question]) => [question, answers[question]]))).toEqual(
    Object.fromEntries(asked.map(([question, wanted]) => [question, Array.isArray(wanted) ? [...wanted].sort() : wanted])),
  );
});

test('the table is large, and no name stands twice', () => {
  expect(rows.length).toBeGreaterThanOrEqual(120);
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
});
