import { expect, test } from 'vitest';
import type { Report } from '#model/report.js';
import { outcomeWords } from '#reports/control-outcome.js';
import { controlsCsv } from '#reports/controls-csv/render.js';
import { html } from '#reports/html/render.js';
import { parseCsv } from '../support/csv.js';
import { allEntered } from '../support/entered.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { keyedReport } from '../support/report-keys.js';
import { emptyReport, finding, fixtureRules, rendered, sourceOf } from '../support/report-parts.js';
import { hostileReport } from '../support/report-variants.js';

async function table(report: Report): Promise<Record<string, string>[]> {
  const [header = [], ...rows] = parseCsv(await rendered(controlsCsv.render(sourceOf(report))));
  for (const row of rows) expect(row).toHaveLength(header.length);
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])));
}

test('a row for each control, with the words of the HTML report', async () => {
  const report = allEntered(keyedReport());
  const rows = await table(report);
  expect(rows.map(({ control, outcome }) => [control, outcome])).toEqual([
    ['2.1', 'fail'],
    ['2.2', 'unknown'],
    ['2.3', 'waived'],
    ['2.4', 'pass in part'],
    ['2.5', 'pass'],
    ['2.6', 'nothing to judge'],
    ['2.7', 'not covered'],
  ]);
  expect(rows[0]).toMatchObject({ framework: 'cis-aws-7.0', fail: '3', unknown: '1', pass: '9', run_complete: 'no' });
  expect(rows[3]).toMatchObject({ not_covered: 'an alarm on deletion' });
  expect(rows[2]).toMatchObject({ waived: '2', rules_off: 's3/sse-c-blocked' });
  const page = await rendered(html.render(sourceOf(report)));
  for (const word of Object.values(outcomeWords)) expect(page).toContain(word);
});

test('nothing passes, and nothing is nothing to judge, while an account could not be entered', async () => {
  const report = keyedReport();
  const [failed] = report.scope.accounts.filter(({ state }) => state === 'failed').map(({ id }) => id);
  const rows = await table(report);
  expect(rows.map(({ control, outcome }) => `${control ?? ''} ${outcome ?? ''}`)).toEqual([
    '2.1 fail',
    '2.2 unknown',
    '2.3 waived',
    '2.4 pass in part',
    '2.5 pass in part',
    '2.6 unknown',
    '2.7 not covered',
  ]);
  expect(rows[4]?.['not_covered']).toBe(`account ${failed ?? ''}, which could not be entered`);
});

test('a control names the findings of its rules; of many the first, and how many more there are', async () => {
  const findings = Array.from({ length: 1000 }, (_, index) => finding({ id: `f${String(index)}`, rule: 'kms/rotation-enabled' }));
  const report = {
    ...emptyReport(),
    rules: [...fixtureRules],
    findings: [finding({ id: 'one', rule: 'ebs/volume-encrypted' }), ...findings],
  };
  const rows = new Map((await table(report)).map((row) => [row['control'], row]));
  expect(rows.get('ebs/volume-encrypted')).toMatchObject({ framework: 'rules', findings: '1', finding_ids: 'one' });
  const { findings: count, finding_ids: ids = '' } = rows.get('kms/rotation-enabled') ?? {};
  expect(count).toBe('1000');
  expect(ids).toMatch(/^f0 f1 .* f899 and 100 more, which report\.csv and report\.json have$/);
});

test('no cell begins a formula, and an empty run has its header', async () => {
  for (const row of await table(hostileReport(hostileTexts)))
    for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+\-@]/);
  expect(await table(emptyReport())).toEqual([]);
});
