import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsToRemove } from '#outbound/retention.js';
import { lineOf } from './support.js';

const now = new Date('2026-11-30T03:00:00Z');
const days = Array.from({ length: 30 }, (_, index) => index + 1);
const trend = days.map((day) => lineOf(day));
const stored = trend.map(({ run }) => run);
const kept = (keep: { runs?: number; days?: number }, lines = trend) => {
  const gone = new Set(runsToRemove(stored, lines, keep, now));
  return days.filter((day) => !gone.has(lineOf(day).run));
};

test('without limits everything stays', () => {
  expect(kept({})).toEqual(days);
});

test('by count, by days, and what either keeps', () => {
  expect(kept({ runs: 3 })).toEqual([28, 29, 30]);
  expect(kept({ days: 2 })).toEqual([29, 30]);
  expect(kept({ runs: 3, days: 7 })).toEqual([24, 25, 26, 27, 28, 29, 30]);
  expect(kept({ runs: 7, days: 3 })).toEqual([24, 25, 26, 27, 28, 29, 30]);
});

test('the newest and the newest complete run never go, whatever the limits', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), fc.nat(5), fc.nat(5), (complete, runs, limit) => {
      const lines = days.map((day, index) => lineOf(day, complete[index]));
      const left = kept({ runs: runs + 1, days: limit + 1 }, lines);
      expect(left).toContain(30);
      const newestComplete = days.findLast((_, index) => complete[index] === true);
      if (newestComplete !== undefined) expect(left).toContain(newestComplete);
    }),
  );
});

test('an upload that nobody went on with goes after a week; what is not ours stays', () => {
  const others = ['20261101T010000Z-0000000f', '20261129T010000Z-0000000f', 'notes', '20261301T010000Z-x'];
  expect(runsToRemove([...stored, ...others], trend, { runs: 50 }, now)).toEqual(['20261101T010000Z-0000000f']);
  expect(runsToRemove(others, trend, {}, now)).toEqual([]);
});
