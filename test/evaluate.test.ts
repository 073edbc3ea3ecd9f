import { expect, test } from 'vitest';
import type { ResourceRecord } from '#model/resources/index.js';
import { PassWriter, type PassLine } from '#pass-lines.js';
import { home, volume } from './support/resources.js';

function written(write: (passes: PassWriter) => void): readonly PassLine[] {
  const lines: PassLine[] = [];
  write(new PassWriter((line) => lines.push(JSON.parse(line) as PassLine)));
  return lines;
}

function add(passes: PassWriter, record: ResourceRecord, rules: readonly string[]): void {
  for (const rule of rules) passes.add(rule);
  passes.end(record, { ...home, region: record.region });
}

test('resources that pass the same rules share a line, others have their own', () => {
  const [a, b, c, elsewhere] = ['vol-a', 'vol-b', 'vol-c', 'vol-d'].map(
    (id) => volume(id, {}, {}, id === 'vol-d' ? { region: 'eu-west-1' } : {}).record,
  ) as [ResourceRecord, ResourceRecord, ResourceRecord, ResourceRecord];
  const lines = written((passes) => {
    add(passes, a, ['r/1', 'r/2']);
    add(passes, b, ['r/1']);
    add(passes, c, ['r/1', 'r/2']);
    add(passes, volume('vol-none').record, []);
    add(passes, elsewhere, ['r/1', 'r/2']);
    passes.flush();
  });
  const place = { kind: 'ebs.volume', account: home.account };
  expect(lines).toEqual([
    { pass: ['r/1', 'r/2'], ...place, region: home.region, resources: [a.arn, c.arn] },
    { pass: ['r/1'], ...place, region: home.region, resources: [b.arn] },
    { pass: ['r/1', 'r/2'], ...place, region: 'eu-west-1', resources: [elsewhere.arn] },
  ]);
});

test('a line names at most a hundred resources', () => {
  const lines = written((passes) => {
    for (let i = 0; i < 250; i += 1) add(passes, volume(`vol-${String(i)}`).record, ['r/1']);
    passes.flush();
  });
  expect(lines.map(({ resources }) => resources.length)).toEqual([100, 100, 50]);
});
