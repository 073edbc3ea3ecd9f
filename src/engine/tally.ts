import type { AccountCounts, ReportHeader, RuleCounts } from '#model/report.js';
import type { Rule } from '#model/rule.js';
import { severities, type Severity } from '#model/severity.js';
import type { Outcome } from '#model/verdict.js';

interface Counted {
  readonly times?: number;
  readonly severity?: Severity | null;
  readonly account?: string;
}

/** Counts outcomes as they stream past. */
export class Tally {
  readonly #byRule = new Map<string, RuleCounts>();
  readonly #bySeverity: Record<Severity, { fail: number; waived: number; unknown: number }>;
  readonly #byAccount = new Map<string, AccountCounts>();
  #resources = 0;

  constructor(rules: readonly Rule[]) {
    for (const { id } of rules) this.#byRule.set(id, { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 });
    this.#bySeverity = Object.fromEntries(severities.map((severity) => [severity, { fail: 0, waived: 0, unknown: 0 }])) as never;
  }

  resource(): void {
    this.#resources += 1;
  }

  /** The report's counts by severity are of fail and unknown only; those of an account of pass too. */
  count(rule: string, verdict: Outcome['verdict'], { times = 1, severity = null, account }: Counted = {}): void {
    const counts = this.#byRule.get(rule);
    if (counts === undefined) return;
    if (verdict === 'not-applicable') counts.notApplicable += times;
    else counts[verdict] += times;
    if (severity !== null && (verdict === 'fail' || verdict === 'unknown')) this.#bySeverity[severity][verdict] += times;
    if (account === undefined || severity === null || verdict === 'not-applicable' || verdict === 'error') return;
    this.#account(account)[verdict][severity] += times;
  }

  #account(id: string): AccountCounts {
    const found = this.#byAccount.get(id);
    if (found !== undefined) return found;
    const none = () => Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
    const counts = { pass: none(), fail: none(), unknown: none() };
    this.#byAccount.set(id, counts);
    return counts;
  }

  /** Adds what was counted of another part of the run. */
  add({ resources, byRule, bySeverity, byAccount = {} }: ReportHeader['summary']): void {
    this.#resources += resources;
    for (const [rule, counts] of Object.entries(byRule)) addCounts(this.#byRule.get(rule), counts);
    addCounts(this.#bySeverity, bySeverity);
    for (const [account, counts] of Object.entries(byAccount)) addCounts(this.#account(account), counts);
  }

  failsAtLeast(threshold: Severity): number {
    return severities
      .slice(0, severities.indexOf(threshold) + 1)
      .reduce((sum, severity) => sum + this.#bySeverity[severity].fail, 0);
  }

  summary(): ReportHeader['summary'] {
    const counts = [...this.#byRule.values()];
    const pass = counts.reduce((sum, each) => sum + each.pass, 0);
    const fail = counts.reduce((sum, each) => sum + each.fail, 0);
    return {
      resources: this.#resources,
      byRule: Object.fromEntries(this.#byRule),
      bySeverity: this.#bySeverity,
      byAccount: Object.fromEntries(this.#byAccount),
      score: pass + fail === 0 ? null : pass / (pass + fail),
      waived: 0,
    };
  }
}

/** Adds numbers to those of the same name, in objects of objects. */
function addCounts(to: object | undefined, from: object): void {
  if (to === undefined) return;
  const sums = to as Record<string, unknown>;
  for (const [name, more] of Object.entries(from)) {
    if (typeof more === 'number') sums[name] = Number(sums[name]) + more;
    else addCounts(sums[name] as object | undefined, more as object);
  }
}
