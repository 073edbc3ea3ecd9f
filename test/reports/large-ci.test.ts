import { expect, test } from 'vitest';
import type { ReportSource } from '#model/report.js';
import { reportFormats } from '#reports/index.js';
import { emptyReport, finding, fixtureRules } from '../support/report-parts.js';

const accountIds = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(2, '0')}0000000000`);

/** Fails in 100 accounts, made as they are asked for. */
function source(count: number): ReportSource {
  const accounts = accountIds.map((id) => ({ ...{ id, name: null, path: null, state: 'scanned' as const, reason: null } }));
  const { findings: _, ...header } = { ...emptyReport(), rules: [...fixtureRules], scope: { accounts, regions: [] } };
  return {
    header,
    async *findings() {
      await Promise.resolve();
      for (let at = 0; at < count; at += 1)
        yield finding({
          id: `f${String(at)}`,
          rule: 'ebs/volume-encrypted',
          account: accountIds[Math.floor((at / count) * accountIds.length)] ?? '',
        });
    },
  };
}

test.for([
  // The benchmark `formats` measures all formats with so many; for the others, a third shows that they stream.
  ['sarif', '{"ruleIndex"', 100_000],
  ['junit', '    <testcase', 30_000],
  ['gitlab', '{"description"', 30_000],
] as const)('%s holds all of many findings and never a large part of them in one piece', async ([name, head, count]) => {
  const format = await reportFormats[name]();
  let longest = 0;
  let found = 0;
  for await (const piece of format.render(source(count))) {
    longest = Math.max(longest, piece.length);
    // A chunk ends where a piece of it does.
    found += piece.split(head).length - 1;
  }
  expect(found).toBe(count);
  expect(longest).toBeLessThan(1024 * 1024);
});
