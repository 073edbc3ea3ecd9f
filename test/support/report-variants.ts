import type { Report } from '#model/report.js';
import { reportFixture } from './report-fixture.js';
import { keyedReport } from './report-keys.js';
import { fixtureRules, summaryOf, unknownFinding } from './report-parts.js';

/** A run in which every call was denied. */
export function unknownReport(): Report {
  const report = reportFixture({ count: 30 });
  const findings = report.findings.map(({ id, rule, severity, account, region, kind, resource, name }) =>
    unknownFinding({ id, rule, severity, account, region, kind, resource, name }),
  );
  const summary = summaryOf(findings, report.rules);
  for (const counts of Object.values(summary.byRule)) counts.pass = 0;
  const coverage = report.coverage.map((row) => ({ ...row, state: 'denied' as const }));
  return { ...report, coverage, findings, summary: { ...summary, score: null } };
}

/** A run in which everything that was judged passed. */
export function cleanReport(): Report {
  const report = reportFixture({ count: 1 });
  const coverage = report.coverage
    .filter(({ account }) => account !== '444444444444')
    .map((row) => (row.state === 'skipped' ? row : { ...row, state: 'complete' as const, operations: [] }));
  const byRule = Object.fromEntries(
    fixtureRules.map(({ id }) => [id, { pass: 12, fail: 0, unknown: 0, notApplicable: 3, error: 0 }]),
  );
  return {
    ...report,
    run: { ...report.run, complete: true },
    scope: { ...report.scope, accounts: report.scope.accounts.slice(0, 3) },
    coverage,
    summary: { ...summaryOf([], []), byRule, resources: 311, score: 1 },
    findings: [],
  };
}

/** A report with the given texts wherever a name, tag, reason or message from outside may stand. */
export function hostileReport(texts: readonly string[]): Report {
  let turn = 0;
  const text = (): string => texts[turn++ % texts.length] ?? '';
  const report = reportFixture({ count: 24, seed: 3 });
  const findings = report.findings.map((plain) => ({
    ...plain,
    kind: text(),
    resource: `arn:aws:s3:::${text()}`,
    name: text(),
    message: text(),
    expected: text(),
    actual: text(),
    evidence: { [text()]: text(), nested: { [text()]: [text()] } },
    key: { arn: text(), level: null },
    missing: [{ facet: text(), operation: text(), action: text(), code: text(), cause: 'foreign' as const, account: text() }],
    remediation: { text: text(), cli: text(), terraform: text() },
    waiver: {
      state: 'expired' as const,
      reason: text(),
      owner: text(),
      ticket: text(),
      approvedBy: text(),
      expires: '2026-11-01',
      source: text(),
    },
    attestation: {
      state: 'valid' as const,
      result: 'fail' as const,
      reason: text(),
      attestedBy: text(),
      attestedOn: '2026-11-01',
      evidence: text(),
      expires: null,
      source: text(),
    },
  }));
  const statement = {
    by: text(),
    reason: text(),
    expires: '2026-11-01',
    state: 'expired' as const,
    matches: 2,
    use: 'used' as const,
  };
  return {
    ...report,
    waivers: [{ type: 'waiver', rule: text(), source: text(), ...statement }],
    tool: { name: 'atrest', version: text() },
    run: {
      ...report.run,
      id: text(),
      startedAt: text(),
      baseline: { '111111111111': text() },
      callers: { '111111111111': text() },
    },
    scope: {
      accounts: report.scope.accounts.map((account) => ({
        ...account,
        name: text(),
        path: text(),
        reason: account.reason === null ? null : text(),
      })),
      regions: [...report.scope.regions, text()],
    },
    coverage: report.coverage.map((row) => ({
      ...row,
      reason: text(),
      operations: row.operations.map((operation) => ({ ...operation, operation: text(), code: text() })),
    })),
    errors: [{ rule: text(), resource: text(), message: text() }],
    rules: report.rules.map((row) => ({
      ...row,
      title: text(),
      kinds: [text()],
      why: text(),
      source: text(),
      controls: { [text()]: [text()] },
      offIn: [text()],
    })),
    keys: keyedReport()
      .keys.slice(0, 6)
      .map((key, index) => ({
        ...key,
        arn: text(),
        name: text(),
        manager: index % 2 === 0 ? 'CUSTOMER' : text(),
        state: text(),
        dependants: { [text()]: 2 },
        uses: [{ kind: text(), usage: text(), count: 2 }],
        places: [{ account: text(), region: text(), dependants: { [text()]: 2 } }],
        spec: text(),
        usage: text(),
        origin: text(),
        deletionAt: index === 0 ? '2026-12-01' : text(),
        materialExpiresAt: text(),
        multiRegion: { role: 'REPLICA' as const, primary: text(), replicas: [text()] },
        rotation: { enabled: true, periodDays: 365, nextAt: text(), why: index === 0 ? text() : null },
        reach: {
          everyone: 'no' as const,
          ownAccount: true,
          ownPrincipals: 1,
          others: [{ as: 'principal' as const, name: text() }],
          othersTotal: 3,
        },
        monthlyCost: { usd: 1, why: text() },
        missing: [{ facet: 'kms.key/grants', operation: text(), action: text(), code: text(), cause: 'denied' as const }],
      })),
    frameworks: keyedReport().frameworks.map((framework) => ({
      ...framework,
      title: text(),
      version: text(),
      controls: framework.controls.map((control) => ({
        ...control,
        id: text(),
        title: text(),
        rules: [text()],
        notCovered: [text()],
        off: [text()],
        offIn: { [text()]: [text()] },
      })),
    })),
    findings,
  };
}
