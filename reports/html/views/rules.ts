import type { ReportHeader, RuleCounts, RuleRow } from '#model/report.js';
import type { Digest } from '../digest.js';
import { limits } from '../limits.js';
import { lineAnchor, ruleTarget } from './findings.js';
import { own } from './names.js';

interface RuleLine {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly source: string;
  readonly counts: RuleCounts;
  /** The group with its findings; null where none is written out. Of a line that links lead to, the script makes one. */
  readonly target: string | null;
  /** Null where no link leads to the line. */
  readonly anchor: string | null;
}

/** Every rule of the run with its counts, and the rules that threw. */
export interface RulesView {
  readonly rows: readonly RuleLine[];
  readonly errors: ReportHeader['errors'];
  readonly moreErrors: number;
}

export function rulesOf({ rules, summary, errors }: ReportHeader, digest: Digest): RulesView {
  const targetOf = ruleTarget(digest);
  const lineOf = ({ id, title, severity, source }: RuleRow): RuleLine => {
    const target = hasFindings(own(summary.byRule, id)) ? targetOf(id) : null;
    const isLine = target === lineAnchor(id);
    return {
      id,
      title,
      severity,
      source,
      counts: own(summary.byRule, id) ?? { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 },
      target: isLine ? null : target,
      anchor: isLine ? target : null,
    };
  };
  return {
    rows: rules.map(lineOf),
    errors: errors.slice(0, limits.errors),
    moreErrors: Math.max(0, errors.length - limits.errors),
  };
}

function hasFindings(counts: RuleCounts | undefined): boolean {
  return counts !== undefined && counts.fail + (counts.waived ?? 0) + counts.unknown > 0;
}
