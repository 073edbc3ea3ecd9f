import type { ControlRow, FrameworkRow, RuleCounts } from './report.js';
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
}

/** Control ids by framework, of one rule. */
export function controlsOf(rule: string, frameworks: readonly Framework[]): Readonly<Record<string, readonly string[]>> {
  const found = frameworks.map(({ id, controls }) => {
    const ids = controls.filter(({ rules }) => rules.includes(rule)).map((control) => control.id);
    return [id, ids] as const;
  });
  return Object.fromEntries(found.filter(([, ids]) => ids.length > 0));
}

/** A framework with the findings of a run counted by control. `byRule` has the rules that were on. */
export function countControls(
  { id, title, version, controls }: Framework,
  byRule: Readonly<Record<string, RuleCounts>>,
): FrameworkRow {
  return { id, title, version, controls: controls.map((control) => countControl(control, byRule)) };
}

function countControl({ id, title, rules, notCovered }: Control, byRule: Readonly<Record<string, RuleCounts>>): ControlRow {
  const on = rules.filter((rule) => Object.hasOwn(byRule, rule));
  const off = rules.filter((rule) => !on.includes(rule));
  const sum = (verdict: 'pass' | 'fail' | 'unknown'): number =>
    on.reduce((total, rule) => total + (byRule[rule]?.[verdict] ?? 0), 0);
  const whole = off.length === 0 && notCovered.length === 0;
  return {
    id,
    title,
    rules: on,
    off,
    notCovered: [...notCovered],
    covered: on.length === 0 ? 'none' : whole ? 'full' : 'part',
    pass: sum('pass'),
    fail: sum('fail'),
    unknown: sum('unknown'),
  };
}
