import type { ComparedFinding, Finding, ReportSource } from '#model/report.js';
import { changes, type Change } from '#model/report.js';
import { severities, type Severity } from '#model/severity.js';

/** The first of a kind, and how many there are. */
export interface Capped<T> {
  readonly first: readonly T[];
  readonly total: number;
}

/** What the findings say together, small however many they are. */
export interface Digest {
  readonly bySeverity: Readonly<Record<Severity, { readonly fail: number; readonly waived: number; readonly unknown: number }>>;
  readonly byRule: ReadonlyMap<string, { readonly fail: number; readonly waived: number; readonly unknown: number }>;
  /** Fails that no valid waiver covers, the worst first. */
  readonly fails: Capped<Finding>;
  /** Unknowns that nobody attests, the worst first. */
  readonly unknowns: Capped<Finding>;
  readonly attested: Capped<Finding>;
  readonly waived: Capped<Finding>;
  /** What was waived or attested until a day that is over. */
  readonly expired: Capped<Finding>;
  readonly changes: Readonly<Record<Change, number>> | null;
  /** New, worse or under another key. */
  readonly regressions: Capped<ComparedFinding>;
}

/** Reads the findings once, and once more beside those of the earlier run if there is one. */
export async function digestOf({ against, ...source }: ReportSource, rowsMax: number): Promise<Digest> {
  const counts = () => ({ fail: 0, waived: 0, unknown: 0 });
  const bySeverity = Object.fromEntries(severities.map((severity) => [severity, counts()])) as Record<
    Severity,
    ReturnType<typeof counts>
  >;
  const byRule = new Map<string, ReturnType<typeof counts>>();
  const kinds = ['fails', 'unknowns', 'attested', 'waived', 'expired'] as const;
  const lists = Object.fromEntries(kinds.map((kind) => [kind, new WorstFirst(rowsMax)])) as Record<
    (typeof kinds)[number],
    WorstFirst<Finding>
  >;
  for await (const finding of source.findings()) {
    const { verdict, severity, rule, waiver, attestation } = finding;
    if (verdict !== 'fail' && verdict !== 'unknown') continue;
    const ofRule = byRule.get(rule) ?? counts();
    byRule.set(rule, ofRule);
    const isWaived = waiver?.state === 'valid';
    for (const sum of [bySeverity[severity], ofRule]) {
      sum[verdict] += 1;
      if (isWaived) sum.waived += 1;
    }
    if (waiver?.state === 'expired' || attestation?.state === 'expired') lists.expired.add(severity, finding);
    if (isWaived) lists.waived.add(severity, finding);
    else if (verdict === 'fail') lists.fails.add(severity, finding);
    else lists[attestation?.state === 'valid' ? 'attested' : 'unknowns'].add(severity, finding);
  }
  const regressions = new WorstFirst<ComparedFinding>(rowsMax);
  const byChange = Object.fromEntries(changes.map((change) => [change, 0])) as Record<Change, number>;
  for await (const compared of against?.findings() ?? []) {
    const { change, after } = compared;
    byChange[change] += 1;
    if (after !== null && (change === 'new' || change === 'worse' || change === 'changed-key'))
      regressions.add(after.severity, compared);
  }
  return {
    ...{ bySeverity, byRule, changes: against === undefined ? null : byChange, regressions: regressions.capped() },
    fails: lists.fails.capped(),
    unknowns: lists.unknowns.capped(),
    attested: lists.attested.capped(),
    waived: lists.waived.capped(),
    expired: lists.expired.capped(),
  };
}

/** Keeps the worst of what it is given, in the order in which they came. */
class WorstFirst<T> {
  readonly #max: number;
  readonly #kept: Record<Severity, T[]> = { critical: [], high: [], medium: [], low: [], info: [] };
  #total = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(severity: Severity, item: T): void {
    this.#total += 1;
    if (this.#kept[severity].length < this.#max) this.#kept[severity].push(item);
  }

  capped(): Capped<T> {
    return { first: severities.flatMap((severity) => this.#kept[severity]).slice(0, this.#max), total: this.#total };
  }
}
