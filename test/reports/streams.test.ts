import { expect, test } from 'vitest';
import { ndjson } from '#reports/ndjson/render.js';
import { formatNames, reportFormats } from '#reports/index.js';
import { json } from '#reports/json/render.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { emptyReport, finding, fixtureRules, rendered, sourceOf } from '../support/report-parts.js';
import { hostileReport } from '../support/report-variants.js';

const count = 100_000;

test.for(['ocsf', 'asff', 'csv', 'ndjson'] as const)('%s streams 100,000 findings', async (name) => {
  const one = finding({ id: 'f1', rule: 'ebs/volume-encrypted' });
  const { findings: _, ...header } = { ...emptyReport(), rules: [...fixtureRules] };
  let asked = 0;
  async function* findings() {
    await Promise.resolve();
    for (; asked < count; asked += 1) yield one;
  }
  const format = await reportFormats[name]();
  let longest = 0;
  let lines = 0;
  let ahead = 0;
  for await (const piece of format.render({ header, findings })) {
    longest = Math.max(longest, piece.length);
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) lines += 1;
    ahead = Math.max(ahead, asked - lines);
  }
  expect(lines).toBeGreaterThanOrEqual(count);
  expect(longest).toBeLessThan(1024 * 1024);
  // Nothing is read ahead of what is written.
  expect(ahead).toBeLessThan(10);
});

test('ndjson has the findings of report.json, a line each', async () => {
  const report = hostileReport(hostileTexts);
  const lines = (await rendered(ndjson.render(sourceOf(report)))).split('\n');
  expect(lines.pop()).toBe('');
  const { findings } = JSON.parse(await rendered(json.render(sourceOf(report)))) as { findings: unknown[] };
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(findings);
});

test('a run without findings has no lines', async () => {
  expect(await rendered(ndjson.render(sourceOf(emptyReport())))).toBe('');
  expect(formatNames).toContain('ndjson');
});
