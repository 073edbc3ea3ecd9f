import { createHash } from 'node:crypto';
import type { ControlRow, KeyRow, Report, ReportSource, RuleRow, SeenFacet, StatementRow } from '#model/report.js';

import { reportFixture } from './report-fixture.js';
import { keyedReport } from './report-keys.js';
import { sourceOf } from './report-parts.js';

/** A report with every view filled: a hundred keys and rules, sixty controls, fifty waivers, beside its findings. */
export function filledReport(count: number): Report {
  const report = reportFixture({ count });
  const { keys, lineage = { chains: [], more: 0, unseen: 0 }, frameworks, waivers = [] } = keyedReport();
  const many = <Row>(rows: readonly Row[], wanted: number, as: (row: Row, index: number) => Row): Row[] =>
    Array.from({ length: wanted }, (_, index) => as(rows[index % rows.length] as Row, index));
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

/** The same with what three calls answered of each resource. */
export function filledSource(count: number): ReportSource {
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
    ...sourceOf(filledReport(count)),
    seen: (findings) =>
      Promise.resolve(new Map(findings.map(({ resource }) => [resource, seen.map((name) => facet(resource, name))]))),
  };
}
