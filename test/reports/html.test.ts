import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { html } from '#reports/html/render.js';
import { limits } from '#reports/html/limits.js';
import { languages } from '#model/language.js';
import type { Report } from '#model/report.js';
import { filledReport, filledSource, spreadReport } from '../support/report-filled.js';
import { keptIn } from '../support/kept.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, rendered, sourceOf } from '../support/report-parts.js';
import { cleanReport, unknownReport } from '../support/report-variants.js';

const page = (report: Report): Promise<string> => rendered(html.render(sourceOf(report)));

/** What a reader sees: the page without its markup, style and script. */
function textOf(text: string): string {
  return text
    .replace(/<(style|script)\b[^>]*>[^]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

describe('the page', () => {
  test('loads nothing', async () => {
    const text = await page(reportFixture());
    expect([...text.matchAll(/<(?:img|iframe|object|embed|audio|video|source|base|form)\b/g)]).toEqual([]);
    expect([...text.matchAll(/\ssrc(?:set)?=/g)]).toEqual([]);
    expect([...text.matchAll(/<link\b[^>]*>/g)].map(([link]) => link)).toEqual([
      expect.stringMatching(/^<link rel="icon" href="data:image\/svg\+xml,/),
    ]);
    expect(text).not.toMatch(/@import|@font-face/);
    const targets = [...text.matchAll(/url\(([^)]*)\)/g)].map(([, target = '']) => target);
    // Signs are in the style itself, as pictures that refer to nothing.
    const sign =
      /^"data:image\/svg\+xml,%3Csvg xmlns='http:\/\/www\.w3\.org\/2000\/svg' viewBox='0 0 16 16'%3E%3Cpath [\w\s.='-]*\/%3E%3C\/svg%3E"$/;
    expect(targets.filter((target) => !sign.test(target))).toEqual(['#hatch']);
  });

  test('allows exactly its own style and script', async () => {
    const text = await page(reportFixture({ count: 2 }));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/
      .exec(text)?.[1]
      ?.replaceAll('&#x27;', "'")
      .replaceAll('&#x3D;', '=');
    const hash = (element: string): string => {
      const inline = [...text.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, 'g'))];
      expect(inline).toHaveLength(1);
      return `'sha256-${createHash('sha256')
        .update(inline[0]?.[1] ?? '')
        .digest('base64')}'`;
    };
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash('script')}`,
      `style-src ${hash('style')}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(text.indexOf('Content-Security-Policy')).toBeLessThan(text.indexOf('<style>'));
    expect(text).not.toMatch(/\sstyle=|\son[a-z]+=/);
  });

  test('has a script that parses and writes no markup', async () => {
    const script = /<script>([^]*?)<\/script>/.exec(await page(emptyReport()))?.[1] ?? '';
    expect(() => new Script(script)).not.toThrow();
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|fetch|import/);
  });

  test('is the same for the same report', async () => {
    expect(await page(reportFixture())).toBe(await page(reportFixture()));
  });

  test('goes out in pieces of bounded size', async () => {
    const lengths: number[] = [];
    for await (const piece of html.render(sourceOf(reportFixture({ count: 1500 })))) lengths.push(piece.length);
    expect(lengths.length).toBeGreaterThan(3);
    expect(Math.max(...lengths)).toBeLessThan(128 * 1024);
  });

  test('is small', async () => {
    expect((await page(emptyReport())).length).toBeLessThan(120_000);
    expect(Buffer.byteLength(await page(reportFixture({ count: 2000 })))).toBeLessThan(500_000);
  });

  // Many findings of one account, each view filled, many accounts with fails of nearly each rule, and many more accounts.
  test.each([
    ['plain', sourceOf(reportFixture({ count: 1000 }))],
    ['filled', filledSource(filledReport(1000))],
    ['wide', filledSource(spreadReport(1000))],
    ['wider', filledSource(spreadReport(1000, 300))],
    ['few, and wide', filledSource(spreadReport(limits.fewFindings))],
  ])('of a thousand findings or less is small: %s', async (_, source) => {
    for (const language of languages)
      expect(Buffer.byteLength(await rendered(html.render({ ...source, language })))).toBeLessThan(400_000);
  });
});

describe('without scripts one reads', () => {
  const report = reportFixture();
  const text = page(report).then(textOf);

  test.each([
    ['the verdict', /154 findings fail .*33 critical .*79 high .*37 medium .*5 low/],
    ['that the run is incomplete', /INCOMPLETE 46 verdicts unknown · gaps in 4 of 37 cells · 1 account not scanned/],
    ['the scope', /Accounts scanned 3 of 4 Regions 4 .* Resources 600 .* 2026-11-22 04:00 to 04:07 UTC, took 7 min 33 s/],
    [
      'who asked, with which rules and which tool',
      /Caller assumed-role\/AtrestAudit\/atrest in 3 accounts Baseline prod .* atrest 0\.1\.0/,
    ],
    ['the counts as a picture in words', /33 critical fail, 79 high fail, 37 medium fail, 5 low fail, 46 unknown, 430 pass/],
    [
      'the score and what it leaves out',
      /Score 73\.6 % 430 passed of 584 evaluated Left out of the score unknown 46 not applicable 127 rule errors 0/,
    ],
    [
      'the gaps',
      /failed whole account in legacy-billing \( ?444444444444\).*denied kms in data-platform .*kms:ListKeys AccessDeniedException/,
    ],
    ['the failing operations', /kms:GetKeyRotationStatus 41 38 AccessDeniedException/],
    ['what stands behind the unknowns', /46 denied kms:GetKeyRotationStatus kms:GetKeyRotationStatus AccessDeniedException/],
    ['accounts that were not scanned', /Not scanned .*failed 444444444444 legacy-billing/],
    ['keys in trouble first', /Keys and what depends on them .*other PendingDeletion alias\/search-index/],
    [
      'all rules with their counts',
      /ebs\/default-encryption New EBS volumes are encrypted by default 27 3 7 0 0 AWS documentation/,
    ],
    ['where it comes from', /Run 20261122T040000Z-5f3a .*Report schema 1\.0 .*Manifest not known, .*unsigned/],
  ])('%s', async (_, pattern) => {
    expect(await text).toMatch(pattern);
  });

  test('every finding with what it says', async () => {
    const small = reportFixture({ count: limits.findings });
    const shown = textOf(await page(small));
    for (const { name, message, resource, expected, actual, remediation } of small.findings) {
      for (const part of [name, message, resource, expected, actual, remediation?.text]) {
        if (part !== null && part !== undefined) expect(shown).toContain(part);
      }
    }
  });

  test('where each link leads', async () => {
    for (const each of [filledReport(1000), spreadReport(1000), reportFixture({ count: 2_600 })]) {
      const written = await page(each);
      const ids = new Set([...written.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
      const targets = [...written.matchAll(/\shref="#([^"]+)"/g)].map(([, id]) => id ?? '');
      expect(targets.length).toBeGreaterThan(100);
      expect([...new Set(targets)].filter((id) => !ids.has(id))).toEqual([]);
    }
  });

  test('once what all findings of a rule have to be done about', async () => {
    const { findings } = report;
    const shown = findings.filter(({ remediation }) => typeof remediation?.terraform === 'string').slice(0, 5);
    const same = shown.map((each) => ({ ...each, rule: 'ebs/volume-encrypted' }));
    const written = await page({ ...report, findings: same });
    const { text: fix = '', terraform } = same[0]?.remediation ?? {};
    expect(written.split(fix)).toHaveLength(2);
    expect(written.split(terraform?.split('\n')[0]?.replaceAll('"', '&quot;') ?? '')).toHaveLength(2);
    for (const { resource } of same) expect(textOf(written)).toContain(resource);
    expect([...written.matchAll(/<h5>AWS CLI<\/h5>/g)]).toHaveLength(5);
  });

  test('of a wide report every rule, the worst findings, every account in the matrix, and what is kept for scripts', async () => {
    const report = spreadReport(1000, 300);
    const written = await page(report);
    const shown = textOf(written);
    for (const { id, title } of report.rules) expect(shown).toContain(`${id} ${title}`);
    expect(written.split('<details class="f"')).toHaveLength(limits.findings + 1);
    expect(shown).toMatch(/The last \d+ of them stand here without their evidence and the commands that fix them/);
    const matrix = written.split('id="coverage"')[1]?.split('id="gaps"')[0] ?? '';
    const left = [...textOf(matrix).matchAll(/(\d+) more stand here/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    const named = report.scope.accounts.filter(({ id }) => matrix.includes(id)).length;
    expect(named).toBeGreaterThan(50);
    expect(named + left).toBe(300);
    const kept = await keptIn(sourceOf(report));
    expect(kept.size).toBeGreaterThan(5);
    for (const [place, markup] of kept) {
      expect(written.split(`data-later="${place}"`), place).toHaveLength(2);
      expect(written).not.toContain(markup);
    }
  });

  test('nothing that hides but the controls', async () => {
    const hidden = [...(await page(report)).matchAll(/<(\w+)[^>]*\shidden>/g)].map(([tag]) => tag);
    expect(hidden).toEqual(['<button type="button" id="theme" class="button" hidden>', '<div id="explorer" hidden>']);
  });
});

describe('the verdict', () => {
  const screen = async (report: Report): Promise<string> => textOf((await page(report)).split('id="coverage"')[0] ?? '');

  test('is clean only when everything was read and judged', async () => {
    expect(await screen(cleanReport())).toMatch(/Clean All 180 checks that apply passed\. Complete 36 cells read .*Score 100 %/);
    const clean = cleanReport();
    expect(await screen({ ...clean, run: { ...clean.run, complete: false } })).toMatch(
      /No failure in what was read .*INCOMPLETE/,
    );
  });

  test('of nothing evaluated is no score and not clean', async () => {
    for (const report of [emptyReport(), unknownReport()]) {
      const text = await screen(report);
      expect(text).toMatch(/Nothing was evaluated/);
      expect(text).toMatch(/Score n\/a nothing was evaluated/);
      expect(text).not.toMatch(/Clean|100 %/);
    }
  });

  test('names waived findings and rules that broke', async () => {
    const report = reportFixture();
    const { high } = report.summary.bySeverity;
    const bySeverity = { ...report.summary.bySeverity, high: { ...high, waived: 4 } };
    const errors = [{ rule: 'key/usable', resource: 'arn:aws:s3:::broken', message: 'TypeError: x is undefined' }];
    const text = textOf(await page({ ...report, errors, summary: { ...report.summary, bySeverity, waived: 4 } }));
    expect(text).toMatch(/4 of them waived/);
    expect(text).toMatch(/Severity Fail Waived Unknown .*high 79 4 20/);
    expect(text).toMatch(/Rules that broke .*key\/usable arn:aws:s3:::broken TypeError: x is undefined/);
  });
});

test('the first screen shows how the run stands to those before it', async () => {
  const report = reportFixture();
  const before = (day: string, fail: number) => ({
    ...{ run: day, startedAt: `${day}T02:00:00.000Z`, complete: day !== '2026-11-22', score: 0.5, fail, unknown: 3 },
    severities: { high: fail },
  });
  const [first = ''] = (await page({ ...report, earlier: [before('2026-11-21', 900), before('2026-11-22', 1_234)] })).split(
    'id="coverage"',
  );
  const fails = Object.values(report.summary.bySeverity).reduce((sum, { fail }) => sum + fail, 0);
  expect(textOf(first)).toMatch(
    new RegExp(`Since 2026-11-22, a run that is not complete .*fail 1,234 ${fails} unknown 3 \\d+ score 50 % `),
  );
  expect(first).toContain(`2026-11-21: 900, 2026-11-22: 1,234 (not complete), `);
  expect(textOf(first)).toContain('A block below: that run is not complete.');
  expect(await page(report)).not.toContain('class="earlier"');
});

describe('more findings than a page can hold', () => {
  const report = reportFixture({ count: 2_600 });

  test('are cut with a loud note, the worst kept, the counts those of all', async () => {
    const text = await page(report);
    expect(textOf(text)).toContain('Only 40 of 2,600 findings are written out here , the worst first.');
    expect([...text.matchAll(/<details class="f"/g)]).toHaveLength(limits.findings);
    const fails = report.findings.filter(({ verdict }) => verdict === 'fail').length;
    expect(textOf(text)).toContain(`${fails.toLocaleString('en-US')} findings fail`);
    const worst = report.findings.filter(({ severity, verdict }) => severity === 'critical' && verdict === 'fail');
    expect(worst.length).toBeGreaterThan(limits.findings);
    for (const { id } of worst.slice(0, limits.findings)) expect(text).toContain(`id="f-${id}"`);
  });

  test('are no matter below the limit', async () => {
    expect(await page(reportFixture({ count: limits.findings }))).not.toContain('class="warn"');
  });
});

test('a large organisation folds accounts without gaps and keeps the others in full', async () => {
  const base = cleanReport();
  const many = Array.from({ length: 400 }, (_, index) => String(100000000000 + index));
  const coverage = many.flatMap((account) => base.coverage.slice(0, 13).map((row) => ({ ...row, account })));
  coverage[30] = { ...coverage[30], state: 'denied' } as (typeof coverage)[number];
  const text = textOf(await page({ ...base, coverage, scope: { ...base.scope, accounts: [] } }));
  expect(text).toMatch(/ 100000000002 ec2 not in scope complete complete complete denied kms /);
  const [, folded = ''] = / 399 accounts complete all 13 cells read (.*?) Gaps in detail /.exec(text) ?? [];
  const [, left] = / (\d+) more stand here where scripts run/.exec(folded) ?? [];
  const named = folded.split(' ').filter((word) => many.includes(word));
  expect(named.slice(0, 3)).toEqual(['100000000000', '100000000001', '100000000003']);
  expect(named.length + Number(left)).toBe(399);
});
