import type { ReportHeader, RuleCounts } from '#model/report.js';
import type { Digest } from '../digest.js';
import { limits } from '../limits.js';
import { groupAnchor } from './findings.js';
import { own } from './names.js';

interface RuleLine {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly source: string;
  readonly counts: RuleCounts;
  /** The group with its findings; where none is written out, the filter that finds them. Null: it has none. */
  readonly target: string | null;
}

/** Every rule of the run with its counts, and the rules that threw. */
export interface RulesView {
  readonly rows: readonly RuleLine[];
  readonly errors: ReportHeader['errors'];
  readonly moreErrors: number;
}

export function rulesOf({ rules, summary, errors }: ReportHeader, { shown }: Digest): RulesView {
  const withGroup = new Set(shown.map(({ rule }) => rule));
  return {
    rows: rules.map(({ id, title, severity, source }) => ({
      id,
      title,
      severity,
      source,
      counts: own(summary.byRule, id) ?? { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 },
      target: withGroup.has(id)
        ? groupAnchor(id)
        : hasFindings(own(summary.byRule, id))
          ? new URLSearchParams({ rule: id }).toString()
          : null,
    })),
    errors: errors.slice(0, limits.errors),
    moreErrors: Math.max(0, errors.length - limits.errors),
  };
}

function hasFindings(counts: RuleCounts | undefined): boolean {
  return counts !== undefined && counts.fail + (counts.waived ?? 0) + counts.unknown > 0;
}
