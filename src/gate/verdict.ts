import type { CoverageRow, Finding } from '#model/report.js';
import { isAtLeast, severityRank, type Severity } from '#model/severity.js';
import { attested, isWaived } from './covered.js';
import { anythingListed, Gaps, hasGap, type GapMarks } from './gaps.js';
import { isAccepted, type KnownFinding } from './known.js';
import type { GateSettings } from './settings.js';

/** What a finding does at the gate before thresholds and severities are asked. */
export type Weight =
  | 'counts'
  | 'waived'
  | 'accepted'
  /** An unknown that somebody attested to pass. */
  | 'attested'
  /** An unknown that comes with a gap, and one that does not: neither is a fail. */
  | 'gap'
  | 'unknown';

export interface Weighing {
  readonly unknown: GateSettings['unknown'];
  /** Accepted findings by id. */
  readonly known: ReadonlyMap<string, KnownFinding>;
  readonly now: Date;
}

/** Waivers come before accepted findings. An unknown is a fail where it was attested to be one, or where `unknown` says so. */
export function weigh(finding: Finding, { unknown, known, now }: Weighing): Weight {
  const result = finding.verdict === 'fail' ? 'fail' : attested(finding, now);
  if (result === 'pass') return 'attested';
  if (isWaived(finding, now)) return 'waived';
  if (result === null && !hasGap(finding)) return 'unknown';
  if (result === null && unknown !== 'fail') return 'gap';
  return isAccepted(finding, known.get(finding.id)) ? 'accepted' : 'counts';
}

/** Of a run, what its findings do not say. */
export interface RunFacts {
  /** How often a rule threw. */
  readonly errors: number;
  readonly complete: boolean;
  readonly coverage: readonly CoverageRow[];
}

/** What may be, and what is, once waivers and accepted findings are taken away. */
export interface Threshold {
  readonly of: 'rule' | 'account';
  readonly name: string;
  readonly max: number;
  readonly count: number;
}

export interface GateVerdict {
  readonly exitCode: 0 | 1 | 3 | 70;
  /** Findings that fail the gate. */
  readonly gating: number;
  readonly bySeverity: Readonly<Record<string, number>>;
  readonly byAccount: Readonly<Record<string, number>>;
  readonly weights: Readonly<Record<Weight, number>>;
  readonly thresholds: readonly Threshold[];
  /** Rows of the coverage that make the run incomplete for the gate. */
  readonly gaps: readonly CoverageRow[];
  /** Whether a finding that counts is among those that fail the gate. */
  readonly isGating: (finding: Finding, isNew: boolean) => boolean;
}

interface Group {
  readonly rule: string;
  readonly account: string;
  readonly severity: Severity;
  readonly isNew: boolean;
  count: number;
}

/** What a gate has counted of part of a run, as plain data. */
export interface GateCounts {
  readonly groups: readonly Readonly<Group>[];
  readonly weights: Readonly<Record<Weight, number>>;
  readonly gaps: GapMarks;
}

/** Counts the findings of a run as they stream past, and judges the run when all have. */
export class Gate {
  readonly #settings: GateSettings;
  readonly #weighing: Weighing;
  readonly #groups = new Map<string, Group>();
  readonly #weights: Record<Weight, number> = { counts: 0, waived: 0, accepted: 0, attested: 0, gap: 0, unknown: 0 };
  readonly #gaps = new Gaps();

  constructor(settings: GateSettings, { known = new Map(), now }: Pick<Weighing, 'now'> & Partial<Pick<Weighing, 'known'>>) {
    this.#settings = settings;
    this.#weighing = { unknown: settings.unknown, known, now };
  }

  weigh(finding: Finding): Weight {
    return weigh(finding, this.#weighing);
  }

  /** `isNew`: there is no earlier run to say that it is old, or it is new or worse since then. */
  add(finding: Finding, isNew = true): void {
    const weight = this.weigh(finding);
    this.#weights[weight] += 1;
    if (finding.verdict === 'unknown' && hasGap(finding)) this.#gaps.add(finding, this.#settles(finding));
    if (weight !== 'counts') return;
    const { rule, account, severity } = finding;
    this.#count({ rule, account, severity, isNew }, 1);
  }

  counts(): GateCounts {
    return { groups: [...this.#groups.values()], weights: this.#weights, gaps: this.#gaps.marks() };
  }

  /** Adds what was counted of another part of the run. */
  addCounts({ groups, weights, gaps }: GateCounts): void {
    for (const { count, ...group } of groups) this.#count(group, count);
    for (const [weight, count] of Object.entries(weights)) this.#weights[weight as Weight] += count;
    this.#gaps.addMarks(gaps);
  }

  #count(of: Omit<Group, 'count'>, count: number): void {
    const key = keyOf(of);
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, { ...of, count });
    else group.count += count;
  }

  /**
   * Nobody waits for what was attested to be read, nor, if that is what was asked for, for any unknown. A waiver says that
   * a fail is borne, not what an unknown is.
   */
  #settles(finding: Finding): boolean {
    return attested(finding, this.#weighing.now) !== null || this.#settings.unknown === 'ignore';
  }

  /** 70 a rule threw, then 1 the gate failed, then 3 not complete, then 0. */
  judge({ errors, complete, coverage }: RunFacts): GateVerdict {
    const thresholds = this.#thresholds();
    const gating = [...this.#groups.values()].filter((group) => !isTolerated(group, thresholds) && this.#isSevere(group));
    const gaps = complete ? [] : this.#openGaps(coverage);
    const isOpen = !complete && (gaps.length > 0 || !coverage.some(isGap));
    const isAllowed = this.#settings.allowIncomplete && anythingListed(coverage);
    const keys = new Set(gating.map(keyOf));
    return {
      exitCode: errors > 0 ? 70 : gating.length > 0 ? 1 : isOpen && !isAllowed ? 3 : 0,
      gating: sum(gating),
      bySeverity: countsBy(gating, 'severity'),
      byAccount: countsBy(gating, 'account'),
      weights: this.#weights,
      thresholds,
      gaps,
      isGating: ({ rule, account, severity }, isNew) => keys.has(keyOf({ rule, account, severity, isNew })),
    };
  }

  /** Where nothing was listed there is nothing to ignore: nothing is known at all. */
  #openGaps(coverage: readonly CoverageRow[]): readonly CoverageRow[] {
    const ignoresAll = this.#settings.unknown === 'ignore' && !anythingListed(coverage);
    return ignoresAll ? coverage.filter(isGap) : this.#gaps.left(coverage);
  }

  #isSevere({ severity, isNew }: Group): boolean {
    const { failOn, failOnNew } = this.#settings;
    return reaches(severity, failOn) || (isNew && reaches(severity, failOnNew));
  }

  /** Rules first; what an account may have is asked of what they leave. */
  #thresholds(): readonly Threshold[] {
    const { rules, accounts } = this.#settings.max;
    const groups = [...this.#groups.values()];
    const ofRules = Object.entries(rules).map(([name, max]): Threshold => {
      return { of: 'rule', name, max, count: sum(groups.filter(({ rule }) => rule === name)) };
    });
    const left = groups.filter((group) => !isTolerated(group, ofRules));
    const ofAccounts = Object.entries(accounts).map(([name, max]): Threshold => {
      return { of: 'account', name, max, count: sum(left.filter(({ account }) => account === name)) };
    });
    return [...ofRules, ...ofAccounts];
  }
}

function isTolerated(group: Group, thresholds: readonly Threshold[]): boolean {
  return thresholds.some(({ of, name, max, count }) => group[of] === name && count <= max);
}

function isGap({ state }: CoverageRow): boolean {
  return state !== 'complete' && state !== 'skipped';
}

function reaches(severity: Severity, threshold: Severity | 'never'): boolean {
  return threshold !== 'never' && isAtLeast(severity, threshold);
}

function keyOf({ rule, account, severity, isNew }: Omit<Group, 'count'>): string {
  return `${rule} ${account} ${severity} ${String(isNew)}`;
}

function sum(groups: readonly Group[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}

/** Sums by severity, worst first, or by account, in the order in which they were met. */
function countsBy(groups: readonly Group[], by: 'severity' | 'account'): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const ordered = by === 'account' ? groups : [...groups].sort((a, b) => severityRank(a.severity) - severityRank(b.severity));
  for (const group of ordered) counts[group[by]] = (counts[group[by]] ?? 0) + group.count;
  return counts;
}
