import type { AccountCounts, Finding, ReportHeader, RuleCounts } from '#model/report.js';
import type { Rule } from '#model/rule.js';
import { severities, type Severity } from '#model/severity.js';
import type { Outcome } from '#model/verdict.js';

interface Counted {
  readonly times?: number;
  readonly severity?: Severity | null;
  readonly account?: string;
  readonly waiver?: Finding['waiver'];
  readonly attestation?: Finding['attestation'];
}

/** Counts outcomes as they stream past. */
export class Tally {
  readonly #byRule = new Map<string, RuleCounts>();
  readonly #bySeverity: Record<Severity, { fail: number; waived: number; unknown: number }>;
  readonly #byAccount = new Map<string, AccountCounts>();
  readonly #attested = { pass: 0, fail: 0 };
  #waived = 0;
  #resources = 0;

  constructor(rules: readonly Rule[]) {
    for (const { id } of rules) this.#byRule.set(id, { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 });
    this.#bySeverity = Object.fromEntries(severities.map((severity) => [severity, { fail: 0, waived: 0, unknown: 0 }])) as never;
  }

  resource(): void {
    this.#resources += 1;
  }

  /** The report's counts by severity are of fail and unknown only; those of an account of pass too. */
  count(rule: string, verdict: Outcome['verdict'], counted: Counted = {}): void {
    const { times = 1, severity = null, account } = counted;
    const counts = this.#byRule.get(rule);
    if (counts === undefined) return;
    const waived = counted.waiver?.state === 'valid';
    if (verdict === 'fail' && waived && severity !== null) {
      this.#countWaived(counts, severity, account);
      return;
    }
    if (verdict === 'unknown') this.#countAttested(counts, counted);
    if (verdict === 'not-applicable') counts.notApplicable += times;
    else counts[verdict] += times;
    if (severity !== null && (verdict === 'fail' || verdict === 'unknown')) this.#bySeverity[severity][verdict] += times;
    if (account === undefined || severity === null || verdict === 'not-applicable' || verdict === 'error') return;
    this.#account(account)[verdict][severity] += times;
  }

  #countWaived(counts: RuleCounts, severity: Severity, account: string | undefined): void {
    counts.waived = (counts.waived ?? 0) + 1;
    this.#bySeverity[severity].waived += 1;
    this.#waived += 1;
    if (account !== undefined) (this.#account(account).waived ??= none())[severity] += 1;
  }

  #countAttested(counts: RuleCounts, { attestation }: Counted): void {
    if (attestation?.state !== 'valid') return;
    counts.attested = (counts.attested ?? 0) + 1;
    this.#attested[attestation.result] += 1;
  }

  #account(id: string): AccountCounts {
    const found = this.#byAccount.get(id);
    if (found !== undefined) return found;
    const counts = { pass: none(), fail: none(), unknown: none() };
    this.#byAccount.set(id, counts);
    return counts;
  }

  /** Adds what was counted of another part of the run. */
  add({ resources, byRule, bySeverity, byAccount = {}, waived, attested }: ReportHeader['summary']): void {
    this.#resources += resources;
    this.#waived += waived;
    if (attested !== undefined) addCounts(this.#attested, attested);
    for (const [rule, counts] of Object.entries(byRule)) {
      const own = this.#byRule.get(rule);
      if (own !== undefined) addCounts(own, counts);
    }
    addCounts(this.#bySeverity, bySeverity);
    for (const [account, counts] of Object.entries(byAccount)) addCounts(this.#account(account), counts);
  }

  summary(): ReportHeader['summary'] {
    const counts = [...this.#byRule.values()];
    const pass = counts.reduce((sum, each) => sum + each.pass, 0);
    // A waiver accepts that something fails; it does not make it better.
    const fail = counts.reduce((sum, each) => sum + each.fail, 0) + this.#waived;
    return {
      resources: this.#resources,
      byRule: Object.fromEntries(this.#byRule),
      bySeverity: this.#bySeverity,
      byAccount: Object.fromEntries(this.#byAccount),
      score: pass + fail === 0 ? null : pass / (pass + fail),
      waived: this.#waived,
      ...(this.#attested.pass + this.#attested.fail > 0 && { attested: this.#attested }),
    };
  }
}

function none(): Record<Severity, number> {
  return Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
}

/** Adds numbers to those of the same name, in objects of objects. */
function addCounts(to: object, from: object): void {
  const sums = to as Record<string, unknown>;
  for (const [name, more] of Object.entries(from)) {
    if (typeof more === 'number') sums[name] = Number(sums[name] ?? 0) + more;
    else addCounts((sums[name] ??= {}), more as object);
  }
}
