import { HtmlValidate } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { parseTrend, trendLine } from '#outbound/trend.js';
import { historyPage } from '#reports/html/history.js';
import { rhythmOf } from '#reports/html/views/missed-nights.js';
import type { KeptRun } from '#model/trend.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { reportFixture } from '../support/report-fixture.js';
import { rendered } from '../support/report-parts.js';

const now = new Date('2026-11-23T03:00:00Z');
const A = '111111111111';
const B = '222222222222';

/** A run of a day of November; the fifth of them has five more fails than the first had. */
function runOf(day: number, given: Partial<KeptRun> = {}): KeptRun {
  const startedAt = `2026-11-${String(day).padStart(2, '0')}T01:00:00.000Z`;
  const fail = 10 + day;
  const figures = { complete: true, score: 0.5, pass: 20, fail, unknown: 3, severities: { high: day, low: 10 }, gaps: 0 };
  return {
    ...{ schemaVersion: '1.0', run: `run-${String(day)}`, startedAt, finishedAt: startedAt, resources: 40, stored: true },
    ...figures,
    reports: ['report.html', 'report.json'],
    accounts: { [A]: { ...figures, name: 'prod' } },
    ...given,
  };
}

const pageOf = (runs: readonly KeptRun[], { damaged = 0, at = now } = {}) =>
  rendered(historyPage({ runs, damaged, now: at }, '9.9.9'));

/** What a reader sees. */
async function textOf(...given: Parameters<typeof pageOf>): Promise<string> {
  const page = await pageOf(...given);
  return page
    .replace(/<(style|title|desc)\b[^>]*>[^]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('the page over a history', () => {
  const nightly = [18, 19, 20, 21, 22].map((day) => runOf(day));

  test('says how the newest run ended, and how it moved', async () => {
    expect(await textOf(nightly)).toMatch(
      /32 findings fail 22 high 10 low 1 more than in the run before\. .*Newest run complete/,
    );
    expect(await textOf(nightly)).toMatch(/Runs 5 since 2026-11-18 Incomplete 0 As a rule daily Missing runs 0/);
  });

  test('has a picture of each figure, and beside it a table', async () => {
    const text = await textOf(nightly);
    expect(text).toMatch(/Fails by severity 32 What First Before Newest critical 0 0 0 high 18 21 22 medium 0 0 0 low 10 10 10/);
    expect(text).toMatch(/Unknown verdicts 3 .* unknown 3 3 3/);
    expect(text).toMatch(/Coverage gaps .* gaps 0 0 0/);
    expect(text).toMatch(/Score 100 % .* score 50 % 50 % 50 %/);
    const page = await pageOf(nightly);
    expect(page.match(/<svg class="columns" role="img"/g)).toHaveLength(4);
    // Five columns of high, and what each stands on.
    expect(/class="seg high" d="([^"]*)"/.exec(page)?.[1]?.match(/M/g)).toHaveLength(5);
  });

  test('links to a report where the history holds it, and says where it does not', async () => {
    const page = await pageOf([
      runOf(20, { stored: false }),
      runOf(21, { reports: ['report.json'] }),
      runOf(22),
      runOf(23, { run: '../elsewhere' }),
    ]);
    expect([...page.matchAll(/<a href="(?!#)([^"]*)"/g)].map(([, to]) => to)).toEqual(['runs/run-22/report.html']);
    expect(page).toMatch(/2026-11-21 01:00 <small>no HTML</);
    expect(page).toMatch(/2026-11-20 01:00 <small>figures only</);
  });

  test('says loudly what is incomplete, missing or unreadable', async () => {
    const runs = [10, 11, 12, 16, 17, 18].map((day) => runOf(day, { complete: day !== 11 && day !== 18 }));
    const text = await textOf(runs, { damaged: 2 });
    expect(text).toMatch(/Newest run INCOMPLETE/);
    expect(text).toMatch(/NO RUN since 2026-11-18: 4 runs missing The newest complete run is that of 2026-11-17 01:00/);
    expect(text).toMatch(/No run on 2026-11-13 to 2026-11-15 \(3 runs\) Incomplete: 2026-11-18 01:00, 2026-11-11 01:00/);
    expect(text).toMatch(/2 lines of trend\.ndjson cannot be read and are left out/);
    // In the table where it was, newest first.
    expect(text).toMatch(
      /No run on 2026-11-19 to .* 2026-11-18 01:00 partial .* 2026-11-16 01:00 .* No run on 2026-11-13 .* 2026-11-12/,
    );
  });

  test('has a row for each account, also for one that is no longer there', async () => {
    const gone = { complete: false, score: null, pass: 0, fail: 7, unknown: 1, gaps: 2 };
    const runs = [runOf(20), runOf(21), runOf(22)].map((run, index) => ({
      ...run,
      accounts: { ...run.accounts, ...(index < 2 && { [B]: gone }) },
    }));
    const text = await textOf(runs);
    expect(text).toMatch(/complete prod \(111111111111\) 30 → 32 3 0 50 %/);
    expect(text).toMatch(/skipped 222222222222 7 → n\/a 1 → n\/a 2 → n\/a n\/a/);
  });

  test('shows runs of older versions, which kept fewer figures', async () => {
    const { severities: _, gaps: __, reports: ___, ...old } = runOf(21);
    const text = await textOf([old, runOf(22)]);
    expect(text).toMatch(/high n\/a n\/a 22 .* severity not kept 31 31 n\/a/);
    expect(text).toMatch(/2026-11-21 01:00 no HTML complete 50 % n\/a n\/a n\/a n\/a n\/a 31 0 3 n\/a 20 40/);
  });

  test.each([
    ['of no run', []],
    ['of one run', [runOf(22)]],
    ['of many', nightly],
    [
      'of hostile texts',
      hostileTexts.map((text, index) => runOf(index + 1, { run: text, accounts: { [text]: { ...runOf(1), name: text } } })),
    ],
  ])('%s is valid HTML without a script', async (_, runs) => {
    const page = await pageOf(runs);
    const { results } = await new HtmlValidate({ extends: ['html-validate:recommended'] }).validateString(page);
    expect(results.flatMap(({ messages }) => messages.map(({ message, line }) => `${message} (${String(line)})`))).toEqual([]);
    expect(page).not.toMatch(/<script|<iframe|<img|\son[a-z]+=|\sstyle=|[\u202e\u2066]/);
    expect(page).toContain('script-src &#x27;none&#x27;');
  });

  test('cuts what is very long, and says so', async () => {
    const start = Date.parse('2023-11-22T01:00:00Z');
    const runs = Array.from({ length: 1090 }, (_, day) =>
      runOf(1, { startedAt: new Date(start + day * 86_400_000).toISOString() }),
    );
    const text = await textOf(runs);
    expect(text).toMatch(/The newest 90 runs, 2026-/);
    expect(text).toMatch(/90 older runs are in trend\.ndjson/);
  });
});

test.each([
  ['late by hours', ['01T01', '02T05', '03T01', '04T01'], '04T02', 1, []],
  ['past midnight', ['01T23', '03T00', '03T23', '04T23'], '05T02', 1, []],
  ['weekly', ['01T01', '08T01', '22T01', '29T01'], '30T01', 7, ['15 to 15: 1']],
  ['several a day', ['01T01', '01T09', '02T01', '03T01', '06T01'], '06T02', 1, ['04 to 05: 2']],
  ['too few to say', ['01T01', '09T01'], '30T01', undefined, []],
])('runs that come %s', (_, starts, at, everyDays, expected) => {
  const of = (time: string) => `2026-11-${time}:00:00.000Z`;
  const rhythm = rhythmOf(starts.map(of), new Date(of(at)));
  expect(rhythm.everyDays).toBe(everyDays);
  const missed = [...rhythm.missed.values()].map(({ from, to, count }) => `${from.slice(8)} to ${to.slice(8)}: ${String(count)}`);
  expect(missed).toEqual(expected);
});

test('a line of the trend has what the report counts', () => {
  const report = reportFixture();
  const line = trendLine(report, ['report.html']);
  const { lines, damaged } = parseTrend(`${JSON.stringify(line)}\n`);
  expect([lines, damaged]).toEqual([[line], 0]);
  expect(line).toMatchObject({ severities: { critical: 33, high: 79, medium: 37, low: 5 }, gaps: 4 });
  const accounts = Object.values(line.accounts);
  expect(accounts.reduce((sum, { gaps = 0 }) => sum + gaps, 0)).toBe(4);
  expect(accounts.every(({ name }) => name !== undefined)).toBe(true);
});
