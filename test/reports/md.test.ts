import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compose } from '#reports/md/compose.js';
import { code, plain } from '#reports/md/escape.js';
import { github } from '#reports/github/render.js';
import { md } from '#reports/md/render.js';
import type { ComparedFinding, Finding, Report, ReportSource } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, finding, rendered, sourceOf, summaryOf, unknownFinding } from '../support/report-parts.js';
import { cleanReport, hostileReport, unknownReport } from '../support/report-variants.js';

const textOf = (report: Report): Promise<string> => rendered(md.render(sourceOf(report)));

function reportOf(findings: readonly Finding[]): Report {
  const { rules } = reportFixture({ count: 0 });
  return { ...emptyReport(), rules, findings: [...findings], summary: summaryOf(findings, rules) };
}

const valid = {
  state: 'valid' as const,
  reason: 'static assets, public by design',
  owner: 'web-team',
  ticket: 'SEC-12',
  approvedBy: null,
  expires: '2027-03-31',
  source: 'waivers.yaml:3:5',
};

/** Cells of every row of a table, as GFM splits them. */
function tableRows(text: string, heading: string): readonly (readonly string[])[] {
  const [, section = ''] = text.split(`## ${heading}\n`);
  return (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.slice(2, -2).split(' | '));
}

describe('report.md', () => {
  test('says first what could not be read, then what is wrong', async () => {
    const text = await textOf(reportFixture());
    expect(text).toMatch(/^# Encryption at rest: 154 findings, 46 unknowns\n\n\*\*INCOMPLETE\*\*/);
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Could not be read', 'By severity', 'By rule', 'Worst findings', 'Not known']);
    expect(tableRows(text, 'Could not be read')[0]?.slice(0, 3)).toEqual(['`444444444444`', 'legacy-billing', 'not entered']);
    expect(text).toContain('kms:GetKeyRotationStatus: AccessDeniedException');
    const worst = tableRows(text, 'Worst findings');
    expect(worst).toHaveLength(25);
    expect(new Set(worst.map(([severity]) => severity))).toEqual(new Set(['critical']));
    expect(text).toContain('**And 129 more**, not listed here.');
    expect(text).toContain('**And 21 more**, not listed here.');
  });

  test('a run that found nothing says so, and one that could read nothing does not read as clean', async () => {
    expect(await textOf(cleanReport())).toMatch(
      /^# Encryption at rest: no findings\n\n311 resources[^]*15 rules found nothing\.\n/,
    );
    expect(await textOf(emptyReport())).toMatch(/^# Encryption at rest: no findings\n\n0 resources/);
    const nothing = await textOf(unknownReport());
    expect(nothing).toMatch(/^# Encryption at rest: no findings, 30 unknowns\n\n\*\*INCOMPLETE\*\*/);
    expect(tableRows(nothing, 'Not known')).toHaveLength(25);
  });

  test('shows what is waived, what is attested and what has expired, and counts none of it twice', async () => {
    const note = {
      ...{ state: 'valid' as const, result: 'pass' as const, reason: null, attestedBy: 'ops', attestedOn: '2026-11-01' },
      ...{ evidence: null, expires: null, source: 'waivers.yaml:9:5' },
    };
    const text = await textOf(
      reportOf([
        finding({ id: 'a', rule: 's3/bucket-key', resource: 'arn:aws:s3:::waived', waiver: valid }),
        finding({ id: 'b', rule: 's3/bucket-key', resource: 'arn:aws:s3:::late', waiver: { ...valid, state: 'expired' } }),
        unknownFinding({ id: 'c', rule: 'kms/rotation-enabled', resource: 'arn:aws:kms:::key/attested', attestation: note }),
        unknownFinding({ id: 'd', rule: 'kms/rotation-enabled', resource: 'arn:aws:kms:::key/open' }),
      ]),
    );
    expect(text).toContain('# Encryption at rest: 1 finding, 2 unknowns\n');
    const columns = (heading: string) => tableRows(text, heading).map((cells) => cells.filter((cell) => cell.includes('arn:')));
    expect(columns('Worst findings')).toEqual([['`arn:aws:s3:::late`']]);
    expect(columns('EXPIRED waivers and attestations: these count again')).toEqual([['`arn:aws:s3:::late`']]);
    expect(columns('Not known')).toEqual([['`arn:aws:kms:::key/open`']]);
    expect(tableRows(text, 'Not known, but attested')).toEqual([
      ['`kms/rotation-enabled`', '`arn:aws:kms:::key/attested`', 'pass', 'ops', 'no end'],
    ]);
    expect(tableRows(text, 'Waived')[0]?.slice(2)).toEqual([
      '`arn:aws:s3:::waived`',
      'static assets, public by design',
      'web-team, SEC-12',
      '2027-03-31',
    ]);
    expect(tableRows(text, 'By rule')[1]).toEqual(expect.arrayContaining(['`s3/bucket-key`', '2', '1', '0']));
  });

  test('says why rules are off', async () => {
    const report = reportOf([]);
    const reasons = [{ baseline: 'prod', rule: 's3/bucket-key', state: 'off', reason: 'too | dear' }];
    const text = await textOf({ ...report, run: { ...report.run, reasons } });
    expect(tableRows(text, 'Changed by a baseline')).toEqual([['`prod`', '`s3/bucket-key`', 'off', 'too &#124; dear']]);
  });

  test('against an earlier run, what is new or worse is listed', async () => {
    const after = finding({ id: 'a', rule: 's3/bucket-key', resource: 'arn:aws:s3:::new' });
    const compared: readonly ComparedFinding[] = [
      { change: 'new', before: null, after },
      { change: 'fixed', before: after, after: null },
      { change: 'not-evaluated', before: after, after: null },
    ];
    const source: ReportSource = {
      ...sourceOf(reportOf([after])),
      against: {
        run: 'RUN0',
        async *findings() {
          await Promise.resolve();
          yield* compared;
        },
      },
    };
    const text = await rendered(md.render(source));
    expect(text).toContain('## Against the run `RUN0`\n\n1 new, 1 fixed, 1 not-evaluated\n\n| Change |');
    expect(tableRows(text, 'Against the run `RUN0`').map(([change]) => change)).toEqual(['new']);
  });
});

describe('text from outside', () => {
  test.each(hostileTexts)('%j stays text', (text) => {
    for (const shown of [plain(text), code(text).replace(/^(<code>|`)|(<\/code>|`)$/g, '')]) {
      expect(shown).not.toMatch(/[\n\r|\u202a-\u202e\u2066-\u2069]/);
      expect(shown.length).toBeLessThan(3000);
    }
    expect(plain(text).replaceAll('<!-- -->', '')).not.toMatch(/[<>`*_[\]\\@]|&(?!#\d+;)/);
  });

  test('of every report keeps its tables whole: as many cells in a row as there are columns', async () => {
    const texts = [
      'a|b',
      '`',
      '``|`',
      '\\',
      '\\|',
      'x\ny',
      '[a](http://b)',
      '![x](y)',
      '@team',
      'www.a.org',
      'https://a.b',
      ' ',
      '- x',
    ];
    const text = await textOf(hostileReport([...texts, ...hostileTexts]));
    for (const line of text.split('\n').filter((each) => each.startsWith('|'))) {
      expect(line.endsWith(' |'), line).toBe(true);
      // What GFM would split at, inside code too.
      expect(line.replaceAll(' | ', '').slice(1, -1), line).not.toContain('|');
    }
    // Within code, nothing is more than it looks.
    expect(text.replaceAll(/`[^`\n]*`/g, '')).not.toMatch(/https?:\/\/(?!docs\.aws)|www\.|@team|\]\(/);
  });

  test('any text is one cell, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '|', '\\', '<', '&', '*', 'a', ' ', '\n', '@', '\u202e') }), (text) => {
        for (const cell of [plain(text), code(text)]) expect(cell).not.toMatch(/[|\n\u202e]/);
        expect(code(text)).toMatch(/^(`[^`|\\]+`|<code>[^`|\\*]*<\/code>)$/);
      }),
    );
  });
});

describe('limits', () => {
  test.each([
    [md, 60_000],
    [github, 256 * 1024],
  ])('$name keeps to its bytes, whatever the names', async (format, bytesMax) => {
    const wide = '\u{1f512}|`'.repeat(300);
    const report = hostileReport([wide]);
    const findings = Array.from({ length: 400 }, (_, index) => ({ ...report.findings[0], id: String(index) }) as Finding);
    const coverage = Array.from({ length: 400 }, () => ({ ...report.coverage[0], state: 'denied' as const, reason: wide }));
    const text = await rendered(format.render(sourceOf({ ...report, findings, coverage: coverage as Report['coverage'] })));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytesMax);
    expect(Buffer.byteLength(text)).toBeGreaterThan(bytesMax / 2);
    const shown = tableRows(text, 'Could not be read').length;
    const failed = report.scope.accounts.filter(({ state }) => state === 'failed').length;
    expect(text).toContain(`**And ${String(400 + failed - shown)} more**, not listed here.`);
    const worst = tableRows(text, 'Worst findings').length;
    expect(worst).toBeGreaterThan(3);
    expect(text).toContain(`**And ${String(400 - worst)} more**, not listed here.`);
  });

  test('a section without room for a row still says how many it has', () => {
    const head = '# Head';
    const sections = [{ head, rows: ['x'.repeat(1000), 'y'], total: 9 }];
    expect(compose(sections, 200)).toBe('# Head\n\n**And 9 more**, not listed here.\n');
    expect(compose(sections, 2000)).toMatch(/^# Head\nx{1000}\ny\n\n\*\*And 7 more\*\*/);
  });

  test('100,000 findings take no more room than a few', async () => {
    const [one] = reportFixture({ count: 1 }).findings;
    const source = {
      ...sourceOf(emptyReport()),
      async *findings() {
        await Promise.resolve();
        for (let index = 0; index < 100_000; index += 1) yield { ...one, id: String(index) } as Finding;
      },
    };
    const text = await rendered(github.render(source));
    expect(text).toContain('# Encryption at rest: 100,000 findings');
    expect(text).toContain('**And 99,900 more**');
  });
});
