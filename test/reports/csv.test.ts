import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csv } from '#reports/csv/render.js';
import type { Report } from '#model/report.js';
import { parseCsv } from '../support/csv.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { waived } from '../support/notes.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, finding, fixtureRules, rendered, sourceOf, unknownFinding } from '../support/report-parts.js';
import { hostileReport, unknownReport } from '../support/report-variants.js';

async function table(report: Report): Promise<{ header: string[]; rows: Record<string, string>[] }> {
  const [header = [], ...rows] = parseCsv(await rendered(csv.render(sourceOf(report))));
  for (const row of rows) expect(row).toHaveLength(header.length);
  return { header, rows: rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']))) };
}

const base: Report = { ...emptyReport(), rules: [...fixtureRules] };

describe('report.csv', () => {
  test('an empty run has its header', async () => {
    const { header, rows } = await table(emptyReport());
    expect(header.slice(0, 8)).toEqual(['id', 'rule', 'title', 'verdict', 'severity', 'waived', 'account', 'account_name']);
    expect(rows).toEqual([]);
  });

  test('a row holds what an auditor asks for', async () => {
    const accounts = [{ id: '012345678901', name: 'Zürich', path: null, state: 'scanned' as const, reason: null }];
    const one = finding({ id: 'f1', rule: 'ebs/volume-encrypted', account: '012345678901', waiver: waived() });
    const { rows } = await table({ ...base, scope: { accounts, regions: [] }, findings: [one] });
    expect(rows).toMatchObject([
      {
        id: 'f1',
        title: 'EBS volumes are encrypted',
        waived: 'yes',
        account: '012345678901',
        account_name: 'Zürich',
        controls: 'cis-aws-7.0: 3.6; nist-800-53-r5: SC-12, SC-28(1)',
        waiver_reason: 'static assets, public by design',
        waiver_expires: '2026-12-31',
        run: base.run.id,
      },
    ]);
  });

  test('an expired waiver covers nothing, and is named', async () => {
    const one = finding({ id: 'f1', rule: 'r', waiver: waived({ state: 'expired' }) });
    expect((await table({ ...base, findings: [one] })).rows).toMatchObject([{ waived: 'no', waiver_state: 'expired' }]);
  });

  test('an unknown says what could not be read', async () => {
    const { rows } = await table({ ...base, findings: [unknownFinding({ id: 'u', rule: 'kms/rotation-enabled' })] });
    expect(rows).toMatchObject([
      { verdict: 'unknown', missing: 'kms.key/rotation: denied, kms:GetKeyRotationStatus (AccessDeniedException)' },
    ]);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '  =1', '＝1'])('%j is no formula', async (name) => {
    const { rows } = await table({ ...base, findings: [finding({ id: 'f', rule: 'r', name })] });
    expect(rows[0]?.['name']).toBe(`'${name}`);
  });

  test('any text survives, and none begins a formula', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', "'", ' ') }),
    );
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        const { rows } = await table({ ...base, findings: [finding({ id: 'f', rule: 'r', name })] });
        const shown = rows[0]?.['name'] ?? '';
        expect(shown === name || shown === `'${name}`).toBe(true);
        expect(shown).not.toMatch(/^\s*[=+\-@]|^[\t\r\n]/);
      }),
    );
  });

  test.each([
    ['full', reportFixture({ count: 40 })],
    ['all unknown', unknownReport()],
    ['hostile', hostileReport(hostileTexts)],
  ])('the %s report has a row for each finding, in order', async (_, report) => {
    const { rows } = await table(report);
    expect(rows.map(({ id }) => id)).toEqual(report.findings.map(({ id }) => id));
  });
});
