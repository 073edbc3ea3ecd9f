import { createHash } from 'node:crypto';
import type {
  AccountRow,
  ControlRow,
  Finding,
  KeyRow,
  Report,
  ReportSource,
  RuleRow,
  SeenFacet,
  StatementRow,
} from '#model/report.js';

import { reportFixture } from './report-fixture.js';
import { keyedReport } from './report-keys.js';
import { sourceOf } from './report-parts.js';

/** Rows over and over, each made into one of its own. */
function many<Row>(rows: readonly Row[], wanted: number, as: (row: Row, index: number) => Row): Row[] {
  return Array.from({ length: wanted }, (_, index) => as(rows[index % rows.length] as Row, index));
}

/** A report with every view filled: a hundred keys and rules, sixty controls, fifty waivers, beside its findings. */
export function filledReport(count: number): Report {
  const report = reportFixture({ count });
  const { keys, lineage = { chains: [], more: 0, unseen: 0 }, frameworks, waivers = [] } = keyedReport();
  const further = many<RuleRow>(report.rules, 100 - report.rules.length, (rule, index) => ({
    ...rule,
    id: `${rule.id}-${index}`,
  }));
  const byRule = Object.fromEntries(
    further.map(({ id }) => [id, { pass: 12, fail: 0, unknown: 0, notApplicable: 3, error: 0 }] as const),
  );
  return {
    ...report,
    rules: [...report.rules, ...further],
    summary: { ...report.summary, byRule: { ...byRule, ...report.summary.byRule } },
    keys: many<KeyRow>(keys, 100, (key, index) => ({ ...key, arn: key.arn.replace(/.{4}$/, String(index).padStart(4, '0')) })),
    lineage: { ...lineage, chains: many(lineage.chains, 40, (chain) => chain) },
    frameworks: frameworks.map((framework) => ({
      ...framework,
      controls: many<ControlRow>(framework.controls, 60, (control, index) => ({ ...control, id: String(index) })),
    })),
    waivers: many<StatementRow>(waivers, 50, (waiver, index) => ({ ...waiver, source: `waivers.yaml:${index}:5` })),
  };
}

/** The same of many accounts, each with its findings in one region, and fails of nearly each rule. */
export function spreadReport(count: number, accountCount = 100): Report {
  const { findings, rules, scope, coverage, summary, ...report } = filledReport(count);
  const idOf = (index: number) => String(100000000000 + index * 7919);
  const [first] = scope.accounts.filter(({ state }) => state === 'scanned');
  const accounts = many<AccountRow>([first as AccountRow], accountCount, (account, index) => ({
    ...account,
    id: idOf(index),
    name: `team-${index}`,
  }));
  const cells = coverage.filter(({ account }) => account === first?.id);
  const failing = rules
    .slice(0, 95)
    .map(({ id }) => [id, { pass: 12, fail: 10, unknown: 1, notApplicable: 3, error: 0 }] as const);
  return {
    ...report,
    rules,
    findings: findings.map((finding, index) => {
      const text = JSON.stringify(finding).replaceAll(finding.account, idOf(index % (accountCount - 3)));
      return JSON.parse(text.replaceAll(finding.region, scope.regions[(index % (accountCount - 3)) % 4] ?? '')) as Finding;
    }),
    summary: { ...summary, byRule: { ...summary.byRule, ...Object.fromEntries(failing) } },
    scope: { ...scope, accounts },
    coverage: accounts.flatMap(({ id: account }, index) =>
      cells.map((cell) => ({ ...cell, account, ...(index < 5 ? {} : { state: 'complete' as const, operations: [] }) })),
    ),
  };
}

/** A report with what three calls answered of each resource. */
export function filledSource(report: Report): ReportSource {
  const facet = (resource: string, name: string): SeenFacet => ({
    facet: name,
    value: JSON.stringify({ encrypted: true, state: 'available', of: resource }),
    operation: `ec2:Describe${name}`,
    requestId: createHash('sha256')
      .update(resource + name)
      .digest('hex')
      .slice(0, 32),
    date: 'Sun, 22 Nov 2026 04:01:00 GMT',
  });
  const seen = ['details', 'sharing', 'tags'];
  return {
    ...sourceOf(report),
    seen: (findings) =>
      Promise.resolve(new Map(findings.map(({ resource }) => [resource, seen.map((name) => facet(resource, name))]))),
  };
}
