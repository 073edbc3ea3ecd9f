import type { RuleReason } from '#model/baseline.js';
import type { Severity } from '#model/severity.js';
import type { RuleLine } from './schema.js';

/** Who says something of a rule. */
export interface Origin {
  readonly baseline: string;
  /** As file:line:column; null: the baseline comes with atrest. */
  readonly at: string | null;
  readonly reason: string | null;
}

/** A rule as a baseline sets it, with who said so; options are as written, before the rule's defaults. */
export interface Setting {
  readonly on: boolean;
  readonly from: Origin;
  readonly severity: Severity | null;
  readonly severityFrom: Origin | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly optionsFrom: Readonly<Record<string, Origin>>;
}

/** A rule of which no more is said than whether it is on. */
export function plain(on: boolean, from: Origin): Setting {
  return { on, from, severity: null, severityFrom: null, options: {}, optionsFrom: {} };
}

/** A line of a baseline in its long form. */
export function longForm(value: RuleLine): Exclude<RuleLine, string | readonly unknown[]> {
  if (typeof value === 'string') return { state: value };
  return Array.isArray(value) ? { state: value[0], options: value[1] } : value;
}

/** Why a rule is as it is, as far as somebody said so. */
export function reasonsOf(rule: string, { on, from, severity, severityFrom }: Setting): readonly RuleReason[] {
  const said = severityFrom?.reason ?? null;
  return [
    ...(from.reason === null ? [] : [{ rule, state: on ? ('on' as const) : ('off' as const), reason: from.reason }]),
    ...(severity === null || said === null || said === from.reason ? [] : [{ rule, state: severity, reason: said }]),
  ];
}

/** The setting after a line: what the line does not say stays as it was, but nothing outlives that a rule was off. */
export function changedBy(value: RuleLine, before: Setting | undefined, from: Origin): Setting {
  const { state, options = {} } = longForm(value);
  if (state === 'off') return plain(false, from);
  const base = before?.on === true ? before : plain(true, from);
  const fixed = state === 'on' ? {} : { severity: state, severityFrom: from };
  const optionsFrom = { ...base.optionsFrom, ...Object.fromEntries(Object.keys(options).map((name) => [name, from])) };
  return { ...base, ...fixed, options: { ...base.options, ...options }, optionsFrom };
}
