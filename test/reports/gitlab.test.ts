import { expect, test } from 'vitest';
import type { Finding, Report } from '#model/report.js';
import { gitlab } from '#reports/gitlab/render.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { waived } from '../support/notes.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, finding, rendered, sourceOf, unknownFinding } from '../support/report-parts.js';
import { hostileReport, unknownReport } from '../support/report-variants.js';

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const issuesOf = async (report: Report) => JSON.parse(await rendered(gitlab.render(sourceOf(report)))) as Issue[];
const fail = (id: string, more: Partial<Finding> = {}) => finding({ id, rule: 'ebs/volume-encrypted', ...more });

test.for([
  ['no findings', emptyReport()],
  ['findings', reportFixture()],
  ['unknowns alone', unknownReport()],
  ['hostile texts', hostileReport(hostileTexts)],
] as const)('every issue has what GitLab wants of it, with %s', async ([, report]) => {
  const issues = await issuesOf(report);
  const fails = report.findings.filter(({ verdict }) => verdict === 'fail');
  expect(issues.map(({ fingerprint }) => fingerprint)).toEqual(fails.map(({ id }) => id));
  for (const issue of issues) {
    expect(Object.keys(issue)).toEqual(['description', 'check_name', 'fingerprint', 'severity', 'location']);
    expect(issue.description).toMatch(/^[^\p{Cc}\p{Cs}]+$/u);
    expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(issue.severity);
    expect(issue.location.path).toMatch(/^[\w~%-][\w.~%-]*(\/[\w.~%-]+)*$/);
    expect(issue.location.lines.begin).toBeGreaterThan(0);
  }
});

test('an issue is where the config governs its account, as severe as its finding', async () => {
  const scope = { accounts: [{ ...account, governedBy: { file: 'audit/atrest.yaml', line: 12 } }], regions: [] };
  const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
  const issues = await issuesOf({
    ...emptyReport(),
    scope,
    findings: severities.map((severity) => fail(severity, { severity })),
  });
  expect(issues.map(({ severity }) => severity)).toEqual(['blocker', 'critical', 'major', 'minor', 'info']);
  expect(issues[0]).toEqual({
    description: 'Volume orders is not encrypted. Resource: arn:aws:ec2:eu-central-1:111111111111:volume/vol-0a',
    check_name: 'ebs/volume-encrypted',
    fingerprint: 'critical',
    severity: 'blocker',
    location: { path: 'audit/atrest.yaml', lines: { begin: 12 } },
  });
});

test('a waived fail is shown as information, one whose waiver expired as what it is', async () => {
  const findings = [fail('1', { waiver: waived() }), fail('2', { waiver: waived({ state: 'expired' }) })];
  const issues = await issuesOf({ ...emptyReport(), findings });
  expect(issues.map(({ severity, description }) => [severity, description.replace(/ Resource.*/, '')])).toEqual([
    ['info', 'Volume orders is not encrypted. Waived until 2026-12-31 (SEC-12, web-team): static assets, public by design.'],
    [
      'critical',
      'Volume orders is not encrypted. No longer waived: the last day of the waiver was 2026-12-31 (SEC-12, web-team): static assets, public by design.',
    ],
  ]);
});

test('passes and unknowns are no issues', async () => {
  const findings = [fail('1', { verdict: 'pass' }), unknownFinding({ id: '2', rule: 'kms/rotation-enabled' })];
  expect(await issuesOf({ ...emptyReport(), findings })).toEqual([]);
});

const account = { id: '111111111111', name: null, path: null, state: 'scanned', reason: null } as const;
