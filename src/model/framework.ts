import type { PluginFacet } from './facet.js';
import type { ControlRow, FrameworkRow, ReportFormat, ReportHeader, RuleCounts } from './report.js';
import type { Rule } from './rule.js';

/** One control of a framework, and which rules speak to it. */
export interface Control {
  readonly id: string;
  /** In our words; null: the framework's text says no more than its parent. */
  readonly title: string | null;
  readonly rules: readonly string[];
  /** What the control asks for at rest, or peers map to it, that no rule of ours looks at. */
  readonly notCovered: readonly string[];
}

/** A compliance framework, as far as encryption at rest goes. */
export interface Framework {
  /** Its name as a baseline: `cis-aws-7.0`. */
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly controls: readonly Control[];
}

/** Everything that a run may be judged by: what comes with atrest, and what plugins bring. */
export interface Catalogue {
  readonly rules: readonly Rule[];
  readonly frameworks: readonly Framework[];
  /** What plugins have the scan read beside the built-in facets. */
  readonly facets: readonly PluginFacet[];
  /** Report formats of plugins, beside those that come with atrest. */
  readonly formats?: readonly ReportFormat[];
  /** Where all that plugins brought was loaded from, for a process that has to load it again. */
  readonly plugins?: readonly PluginSource[];
}

/** A plugin by the name that somebody wrote, and the folder that a relative one is relative to. */
export interface PluginSource {
  readonly name: string;
  readonly base: string;
}

/** Control ids by framework, of one rule. */
export function controlsOf(rule: string, frameworks: readonly Framework[]): Readonly<Record<string, readonly string[]>> {
  const found = frameworks.map(({ id, controls }) => {
    const ids = controls.filter(({ rules }) => rules.includes(rule)).map((control) => control.id);
    return [id, ids] as const;
  });
  return Object.fromEntries(found.filter(([, ids]) => ids.length > 0));
}

/** What counting takes of a run. */
export type Counted = Pick<ReportHeader, 'summary' | 'rules'> & { readonly run: Pick<ReportHeader['run'], 'complete'> };

/** A framework with the findings of a run counted by control. */
export function countControls({ id, title, version, controls }: Framework, { run, summary, rules }: Counted): FrameworkRow {
  const offIn = new Map(rules.map((rule) => [rule.id, rule.offIn]));
  return {
    id,
    title,
    version,
    complete: run.complete,
    controls: controls.map((control) => countControl(control, summary.byRule, offIn)),
  };
}

/** `byRule` and `offIn` have the rules that were on for any account. */
function countControl(
  { id, title, rules, notCovered }: Control,
  byRule: Readonly<Record<string, RuleCounts>>,
  offIn: ReadonlyMap<string, string[]>,
): ControlRow {
  const on = rules.filter((rule) => Object.hasOwn(byRule, rule));
  const off = rules.filter((rule) => !on.includes(rule));
  const partly = on.flatMap((rule) => {
    const accounts = offIn.get(rule) ?? [];
    return accounts.length === 0 ? [] : [[rule, accounts] as const];
  });
  const sum = (verdict: 'pass' | 'fail' | 'unknown' | 'error' | 'waived' | 'attested'): number =>
    on.reduce((total, rule) => total + (byRule[rule]?.[verdict] ?? 0), 0);
  const error = sum('error');
  const [waived, attested] = [sum('waived'), sum('attested')];
  const whole = off.length === 0 && partly.length === 0 && notCovered.length === 0 && error === 0;
  return {
    id,
    title,
    rules: on,
    off,
    offIn: Object.fromEntries(partly),
    notCovered: [...notCovered],
    covered: on.length === 0 ? 'none' : whole ? 'full' : 'part',
    pass: sum('pass'),
    fail: sum('fail'),
    unknown: sum('unknown'),
    error,
    ...(waived > 0 && { waived }),
    ...(attested > 0 && { attested }),
  };
}
