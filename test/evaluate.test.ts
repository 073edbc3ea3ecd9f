import { expect, test } from 'vitest';
import type { ResourceRecord } from '#model/resources/index.js';
import { OutcomePatterns, type PassLine } from '#outcome-patterns.js';
import { home, volume } from './support/resources.js';

function written(write: (patterns: OutcomePatterns) => void): readonly PassLine[] {
  const lines: PassLine[] = [];
  write(new OutcomePatterns((line) => lines.push(JSON.parse(line) as PassLine)));
  return lines;
}

/** Judged by r/1 and r/2. */
function add(patterns: OutcomePatterns, record: ResourceRecord, passed: readonly string[]): void {
  patterns.begin(record.kind);
  for (const rule of ['r/1', 'r/2']) patterns.add(rule, passed.includes(rule) ? 'pass' : 'fail');
  patterns.end(record, { ...home, region: record.region });
}

test('resources that pass the same rules share a line, others have their own', () => {
  const [a, b, c, elsewhere] = ['vol-a', 'vol-b', 'vol-c', 'vol-d'].map(
    (id) => volume(id, {}, {}, id === 'vol-d' ? { region: 'eu-west-1' } : {}).record,
  ) as [ResourceRecord, ResourceRecord, ResourceRecord, ResourceRecord];
  const lines = written((patterns) => {
    add(patterns, a, ['r/1', 'r/2']);
    add(patterns, b, ['r/1']);
    add(patterns, c, ['r/1', 'r/2']);
    add(patterns, volume('vol-none').record, []);
    add(patterns, elsewhere, ['r/1', 'r/2']);
    patterns.flush();
  });
  const place = { kind: 'ebs.volume', account: home.account };
  expect(lines).toEqual([
    { pass: ['r/1', 'r/2'], ...place, region: home.region, resources: [a.arn, c.arn] },
    { pass: ['r/1'], ...place, region: home.region, resources: [b.arn] },
    { pass: ['r/1', 'r/2'], ...place, region: 'eu-west-1', resources: [elsewhere.arn] },
  ]);
});

test('a line names at most a hundred resources', () => {
  const lines = written((patterns) => {
    for (let i = 0; i < 250; i += 1) add(patterns, volume(`vol-${String(i)}`).record, ['r/1']);
    patterns.flush();
  });
  expect(lines.map(({ resources }) => resources.length)).toEqual([100, 100, 50]);
});

test('passes, and rules that do not apply, are counted once for each resource', () => {
  const patterns = new OutcomePatterns(() => undefined);
  const judge = (first: 'pass' | 'not-applicable' | 'fail', second: 'pass' | 'not-applicable') => {
    const { record } = volume('vol-a');
    patterns.begin(record.kind);
    patterns.add('r/1', first);
    patterns.add('r/2', second);
    patterns.end(record, home);
  };
  judge('pass', 'pass');
  judge('pass', 'not-applicable');
  judge('pass', 'not-applicable');
  judge('not-applicable', 'pass');
  judge('fail', 'pass');
  const counted = () => {
    const counts: Record<string, number> = {};
    patterns.count((rule, verdict, times) => {
      counts[`${rule} ${verdict}`] = (counts[`${rule} ${verdict}`] ?? 0) + times;
    });
    return counts;
  };
  expect(counted()).toEqual({ 'r/1 pass': 3, 'r/1 not-applicable': 1, 'r/2 pass': 3, 'r/2 not-applicable': 2 });
  expect(counted(), 'what was handed over is not counted again').toEqual({});
});
