import { expect, test } from 'vitest';
import { annotations } from '#reports/github/annotations.js';
import type { Finding, Report } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, finding, fixtureRules, rendered, sourceOf, unknownFinding } from '../support/report-parts.js';
import { hostileReport } from '../support/report-variants.js';

async function linesOf(report: Report): Promise<readonly string[]> {
  const text = await rendered(annotations(sourceOf(report)));
  return text.split('\n').slice(0, -1);
}

function reportOf(findings: readonly Finding[]): Report {
  return { ...emptyReport(), rules: [...fixtureRules], findings: [...findings] };
}

const account = '111111111111';

test('a rule that fails is one annotation, at the line that governs the account', async () => {
  const report = reportOf([
    finding({ id: 'a', rule: 'ebs/volume-encrypted', resource: 'arn:1', message: 'Volume a is not encrypted.' }),
    ...Array.from({ length: 7 }, (_, index) =>
      finding({ id: `b${String(index)}`, rule: 's3/bucket-key', severity: 'low', resource: `arn:b${String(index)}` }),
    ),
  ]);
  const [row] = report.scope.accounts;
  const accounts = [
    { ...row, id: account, governedBy: { file: 'conf/at,rest.yaml', line: 12 } } as Report['scope']['accounts'][number],
  ];
  expect(await linesOf({ ...report, scope: { ...report.scope, accounts } })).toEqual([
    '::error file=conf/at%2Crest.yaml,line=12,title=ebs/volume-encrypted::Volume a is not encrypted. (arn:1)',
    '::warning file=conf/at%2Crest.yaml,line=12,title=s3/bucket-key::Buckets under SSE-KMS use a bucket key: 7 resources fail: arn:b0, arn:b1, arn:b2, arn:b3, arn:b4 and 2 more.',
  ]);
});

test('nothing wrong is no annotation; what is waived is none either', async () => {
  expect(await linesOf(emptyReport())).toEqual([]);
  const waiver = {
    ...{ state: 'valid' as const, reason: 'x', owner: null, ticket: null, approvedBy: null },
    ...{ expires: null, source: 'waivers.yaml:1:1' },
  };
  const covered = finding({ id: 'a', rule: 's3/bucket-key', waiver });
  expect(await linesOf(reportOf([covered]))).toEqual([]);
  expect(await linesOf(reportOf([{ ...covered, waiver: { ...waiver, state: 'expired' } }]))).toEqual([
    '::error title=s3/bucket-key::Volume orders is not encrypted. (arn:aws:ec2:eu-central-1:111111111111:volume/vol-0a)',
    '::warning title=Expired waivers::1 finding counts again: a waiver or attestation has expired.',
  ]);
});

test('gaps and unknowns are said', async () => {
  const report = reportOf([unknownFinding({ id: 'a', rule: 'kms/rotation-enabled' })]);
  const coverage = [{ account, region: 'eu-west-1', service: 'kms', state: 'denied' as const, reason: null, operations: [] }];
  expect(await linesOf({ ...report, coverage, run: { ...report.run, complete: false } })).toEqual([
    '::warning title=The run is not complete::1 cell (a service in an account and region) not fully read: what is shown is not all there is.',
    '::warning title=Not known::1 verdict unknown: what would decide could not be read.',
  ]);
});

test('GitHub shows ten of a level: the tenth counts the others, and the worst come first', async () => {
  const lines = await linesOf(reportFixture({ count: 400 }));
  for (const level of ['error', 'warning', 'notice'])
    expect(lines.filter((line) => line.startsWith(`::${level} `)).length).toBeLessThanOrEqual(10);
  const errors = lines.filter((line) => line.startsWith('::error '));
  expect(errors).toHaveLength(10);
  expect(errors.at(-1)).toMatch(/^::error title=atrest::And \d+ more of this level, not shown here\.$/);
  const worst = new Set(fixtureRules.filter(({ severity }) => severity === 'critical').map(({ id }) => id));
  const titles = errors.map((line) => /title=([^:,]*)/.exec(line)?.[1] ?? '');
  expect(titles.slice(0, worst.size).every((title) => worst.has(title))).toBe(true);
});

test('no text from outside ends a command or begins one', async () => {
  const lines = await linesOf(hostileReport([...hostileTexts, 'a%0Ab', '\n::error::x', 'x\r\n::stop-commands::y']));
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    expect(line).toMatch(/^::(error|warning|notice) (file=[^:,]*,line=\d+,)?title=[^:,]*::[^\r\n]*$/);
    expect(line).not.toContain('%0A');
  }
});
