import { describe, expect, test } from 'vitest';
import { html } from '#reports/html/render.js';
import { digestOf } from '#reports/html/digest.js';
import { limits } from '#reports/html/limits.js';
import { en } from '#reports/html/texts/en.js';
import { calendarOf } from '#reports/html/views/calendar.js';
import { frameworksOf } from '#reports/html/views/frameworks.js';
import type { KeyRow } from '#model/report.js';
import { allEntered } from '../support/entered.js';
import { keyedReport } from '../support/report-keys.js';
import { emptyReport, rendered, sourceOf } from '../support/report-parts.js';

const report = keyedReport();
const rowsOf = (view: ReturnType<typeof calendarOf>) =>
  view.months.flatMap(({ name, rows }) =>
    rows.map(({ date, when, what, of, note }) => [name, date, when, what, of, note].join(' | ')),
  );

describe('the calendar', () => {
  test('goes by date, what is overdue first, and many rotations of a day in one line', () => {
    expect(rowsOf(calendarOf(report, en))).toMatchInlineSnapshot(`
      [
        "Overdue | 2026-11-01 | 21 days ago | Last day of a waiver | kms/rotation-enabled | platform, means 4 findings",
        "Overdue | 2026-11-20 | 2 days ago | Key material expires | alias/exports | 16 resources depend on it",
        "November 2026 | 2026-11-30 | in 8 days | Last day of a waiver | s3/* | platform, means 4 findings",
        "December 2026 | 2026-12-01 | in 9 days | Key is deleted | alias/card-vault | 14 resources depend on it",
        "March 2027 | 2027-03-09 | in 107 days | 5 keys rotate | alias/ledger, alias/exports, alias/customer-master and 2 more | ",
      ]
    `);
  });

  test('has a place for keys without a date', () => {
    const [key] = report.keys as [KeyRow];
    const { deletionAt: _, ...rest } = { ...key, state: 'PendingReplicaDeletion', dependants: {} };
    const rows = rowsOf(calendarOf({ ...emptyReport(), keys: [rest] }, en));
    expect(rows.at(-1)).toMatch(
      /^No date yet \|  \|  \| Key is deleted \| .* \| once its replicas are gone; nothing that was read depends on it$/,
    );
  });

  test('is cut with a note', () => {
    const [key] = report.keys as [KeyRow];
    const keys = Array.from({ length: limits.dueDates + 7 }, (_, index) => ({
      ...key,
      arn: `arn:${index}`,
      deletionAt: '2026-12-01',
    }));
    expect(calendarOf({ ...emptyReport(), keys }, en).more).toBe(7);
  });

  test('says so when there is nothing', async () => {
    expect(await rendered(html.render(sourceOf(emptyReport())))).toContain('Nothing that was read has a date to look out for.');
  });
});

describe('the framework view', () => {
  test('gives every control its worst outcome, and never passes what no rule looked at', async () => {
    const digest = await digestOf(sourceOf(report).findings(), limits.findings);
    const [view] = frameworksOf(allEntered(report), digest, en);
    expect(view?.controls.map(({ id, word }) => `${id} ${word}`)).toEqual([
      '2.1 fail',
      '2.2 unknown',
      '2.3 waived',
      '2.4 pass in part',
      '2.5 pass',
      '2.6 nothing to judge',
      '2.7 not covered',
    ]);
    expect(view?.description).toBe('1 fail, 1 unknown, 1 waived, 1 pass in part, 1 pass, 1 nothing to judge, 1 not covered');
    // Of an account that could not be entered there is no unknown: nothing of it was judged.
    const [cut] = frameworksOf(report, digest, en);
    expect(cut?.description).toBe('1 fail, 2 unknown, 1 waived, 2 pass in part, 1 not covered');
    expect(cut?.controls.at(-3)?.gaps).toEqual(['1 account could not be entered']);
  });

  test('leads to the findings of its rules, and only to those that are on the page', async () => {
    const text = await rendered(html.render(sourceOf(report)));
    const section = text.split('<section id="frameworks"')[1]?.split('<section id="rules"')[0] ?? '';
    const targets = [...section.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets).toContain('g-ebs__snapshot-encrypted');
    for (const id of targets) expect(text).toContain(`id="${id}"`);
    const none = await rendered(html.render(sourceOf({ ...report, findings: [] })));
    expect(none.split('<section id="frameworks"')[1]?.split('<section id="rules"')[0]).not.toContain('href="#g-');
  });

  test('says how to ask for one where none was', async () => {
    expect(await rendered(html.render(sourceOf(emptyReport())))).toContain('No framework was asked for.');
  });
});

test('the summary by rule has every rule, with and without findings', async () => {
  const text = await rendered(html.render(sourceOf({ ...report, findings: [] })));
  const section = text.split('<section id="rules"')[1] ?? '';
  for (const { id, title } of report.rules) {
    expect(section).toContain(`>${id}<`);
    expect(section).toContain(title);
  }
});
