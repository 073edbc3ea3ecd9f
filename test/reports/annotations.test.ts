import { expect, test } from 'vitest';
import { annotations, type Gated } from '#reports/github/annotations.js';
import type { Finding, ReportHeader } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, finding, fixtureRules, rendered } from '../support/report-parts.js';
import { hostileReport } from '../support/report-variants.js';

async function linesOf(findings: readonly Finding[], gated: Partial<Omit<Gated, 'findings'>> = {}): Promise<readonly string[]> {
  const header: ReportHeader = { ...emptyReport(), rules: [...fixtureRules] };
  const all: Gated = {
    ...{ header, gaps: 0, lapsed: 0, ...gated },
    async *findings() {
      await Promise.resolve();
      yield* findings;
    },
  };
  return (await rendered(annotations(all))).split('\n').slice(0, -1);
}

const buckets = Array.from({ length: 7 }, (_, index) =>
  finding({ id: String(index), rule: 's3/bucket-key', severity: 'low', resource: `arn:b${String(index)}` }),
);

test('a rule that fails is one annotation, at the line that governs the account, the worst first', async () => {
  const one = finding({ id: 'a', rule: 'ebs/volume-encrypted', resource: 'arn:1', message: 'Volume a is 100% open.' });
  const header = { ...emptyReport(), rules: [...fixtureRules] };
  const [row] = header.scope.accounts;
  const accounts = [{ ...row, governedBy: { file: 'conf/at,rest.yaml', line: 12 } }] as ReportHeader['scope']['accounts'];
  expect(await linesOf([...buckets, one], { header: { ...header, scope: { accounts, regions: [] } } })).toEqual([
    '::error file=conf/at%2Crest.yaml,line=12,title=ebs/volume-encrypted::Volume a is 100%25 open. (arn:1)',
    '::error file=conf/at%2Crest.yaml,line=12,title=s3/bucket-key::Buckets under SSE-KMS use a bucket key: 7 resources fail: arn:b0, arn:b1, arn:b2, arn:b3, arn:b4 and 2 more.',
  ]);
});

test('nothing wrong is no annotation; doubts are warnings', async () => {
  expect(await linesOf([])).toEqual([]);
  const errors = [{ rule: 'r', resource: 'x', message: 'y' }];
  expect(await linesOf([], { gaps: 2, lapsed: 1, header: { ...emptyReport(), errors } })).toEqual([
    '::warning title=Not everything was read::2 services in an account and region not fully read.',
    '::warning title=Expired waivers::1 finding of which the waiver has expired.',
    '::warning title=Rules that broke::1 verdict lacking: see the report.',
  ]);
});

test('GitHub shows ten of a level: the tenth counts the others', async () => {
  const lines = await linesOf(reportFixture({ count: 400 }).findings);
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toMatch(/^::error title=atrest::And \d+ more rules, not shown here\.$/);
  const named = lines.slice(0, -1).map((line) => /title=([^:,]*)/.exec(line)?.[1]);
  expect(new Set(named).size).toBe(9);
  const critical = fixtureRules.filter(({ severity }) => severity === 'critical').map(({ id }) => id);
  expect(named.slice(0, critical.length).sort()).toEqual(critical.sort());
});

test('no text from outside ends a command or begins one', async () => {
  const report = hostileReport([...hostileTexts, 'a%0Ab', '\n::error::x', 'x\r\n::stop-commands::y']);
  const lines = await linesOf(report.findings, { header: report });
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    expect(line).toMatch(/^::(error|warning) (file=[^:,]*,line=\d+,)?title=[^:,]*::[^\r\n]*$/);
    expect(line).not.toContain('%0A');
  }
});
