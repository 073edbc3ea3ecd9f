import type { ReportHeader, StatementRow } from '#model/report.js';
import { parseArn } from '#model/arn.js';
import { severities, type Severity } from '#model/severity.js';
import { grouped, instant, percent, period } from '../text.js';
import { limits } from '../limits.js';
import { segmentsOf, type Segment } from './bar.js';
import { earlierOf, type EarlierView } from './earlier.js';
import { gapLines, gapTotals, type GapLine } from './gaps.js';
import type { Texts } from '../texts/index.js';

/** Counts of the whole report, from its header alone. */
export interface Totals {
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly notApplicable: number;
  readonly error: number;
}

interface SeverityLine {
  readonly severity: Severity;
  readonly fail: number;
  readonly waived: number;
  readonly unknown: number;
  readonly any: boolean;
}

/** The first screen. */
export interface OverviewView {
  readonly verdict: {
    readonly tone: string;
    readonly icon: string;
    readonly headline: string;
    readonly detail: string;
    readonly parts: readonly SeverityLine[];
  };
  readonly run: { readonly tone: string; readonly icon: string; readonly headline: string; readonly detail: string };
  readonly facts: readonly {
    readonly label: string;
    readonly value: string;
    readonly note: string;
    /** The time that the value begins with; empty: it is none. */
    readonly at?: string;
  }[];
  readonly bar: { readonly title: string; readonly description: string; readonly segments: readonly Segment[] };
  readonly lines: readonly SeverityLine[];
  readonly totals: Totals & { readonly waived: number };
  readonly score: {
    readonly value: string;
    readonly basis: string;
    readonly leftOut: readonly { readonly what: string; readonly count: number }[];
  };
  /** What pseudonyms stand for; empty: nothing. */
  readonly redacted: string;
  /** Null: no run before this one is known. */
  readonly earlier: EarlierView | null;
  /** Waivers and attestations that somebody has to look after. */
  /** Digest of the run's manifest, and fingerprint of the key that signs, for paper; empty: not known, nobody. */
  readonly manifest: string;
  readonly signedBy: string;
  readonly waivers: readonly string[];
  readonly moreWaivers: number;
  readonly gaps: readonly GapLine[];
  readonly moreGaps: number;
  readonly noGaps: string;
}

export function totalsOf({ summary }: ReportHeader): Totals {
  const totals = { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 };
  for (const counts of Object.values(summary.byRule)) {
    totals.pass += counts.pass;
    totals.fail += counts.fail;
    totals.unknown += counts.unknown;
    totals.notApplicable += counts.notApplicable;
    totals.error += counts.error;
  }
  return totals;
}

export function overviewOf(header: ReportHeader, texts: Texts, manifest = ''): OverviewView {
  const totals = totalsOf(header);
  const lines = severities.map((severity) => {
    const counts = header.summary.bySeverity[severity];
    return { severity, ...counts, any: counts.fail + counts.unknown + counts.waived > 0 };
  });
  const gaps = gapLines(header, texts);
  const waivers = waiverLines(header, texts);
  return {
    verdict: verdictOf(header, totals, lines, texts),
    run: runOf(header, totals, texts),
    facts: factsOf(header, texts),
    manifest,
    signedBy: header.signedBy?.fingerprint ?? '',
    bar: barOf(totals, lines, texts),
    lines,
    totals: { ...totals, waived: header.summary.waived },
    score: scoreOf(header, totals, texts),
    redacted: redactedOf(header, texts),
    earlier: earlierOf(header, texts) ?? null,
    waivers: waivers.slice(0, limits.statements),
    moreWaivers: Math.max(0, waivers.length - limits.statements),
    gaps: gaps.shown,
    moreGaps: gaps.more,
    noGaps: noGapsOf(header, totals, texts),
  };
}

function redactedOf({ redacted = [] }: ReportHeader, { overview: words }: Texts): string {
  return redacted.length === 0 ? '' : words.redacted(redacted.map((each) => words.redactions[each]).join(', '));
}

function waiverLines({ waivers = [] }: ReportHeader, { overview: words }: Texts): readonly string[] {
  const expired = waivers.filter(({ state }) => state === 'expired');
  const expiring = waivers.filter(({ state }) => state === 'expiring');
  const unused = waivers.filter(({ use, state }) => use === 'unused' && state !== 'expired');
  const named = ({ type, source }: StatementRow) => words.statements[type](source);
  return [
    ...expired.map((row) => words.statementExpired(named(row), row.expires ?? '', row.matches)),
    ...expiring.map((row) => words.statementExpiring(named(row), row.expires ?? '')),
    ...unused.map((row) => words.statementUnused(named(row))),
  ];
}

/** The verdict in a sentence, as for the page's title. */
export function sentenceOf(header: ReportHeader, texts: Texts): string {
  const { verdict, run } = overviewOf(header, texts);
  return header.run.complete ? verdict.headline : `${verdict.headline}, ${run.headline}`;
}

function verdictOf(
  { summary, run }: ReportHeader,
  totals: Totals,
  lines: readonly SeverityLine[],
  { overview: words }: Texts,
): OverviewView['verdict'] {
  const parts = lines.filter(({ fail }) => fail > 0);
  const fails = totals.fail + summary.waived;
  if (fails > 0) {
    const all = totals.fail === 0;
    const detail = all ? words.allWaived : summary.waived > 0 ? words.waived(summary.waived) : '';
    return {
      tone: all ? 'none' : 'fail',
      icon: all ? 'partial' : 'fail',
      headline: words.fails(fails),
      detail,
      parts,
    };
  }
  if (totals.pass === 0) {
    return { tone: 'none', icon: 'not-applicable', headline: words.nothing, detail: words.nothingDetail, parts };
  }
  if (!run.complete || totals.unknown > 0 || totals.error > 0) {
    return { tone: 'none', icon: 'partial', headline: words.noFailure, detail: words.noFailureDetail(totals.pass), parts };
  }
  return {
    tone: 'clean',
    icon: 'pass',
    headline: words.clean,
    detail: words.cleanDetail(totals.pass),
    parts,
  };
}

function runOf(header: ReportHeader, totals: Totals, { overview: words }: Texts): OverviewView['run'] {
  const { failedAccounts, gapCells, cells } = gapTotals(header);
  const unknowns = totals.unknown > 0 ? [words.unknownVerdicts(totals.unknown)] : [];
  const errors = totals.error > 0 ? [words.errors(totals.error)] : [];
  if (header.run.complete) {
    const detail = [words.cellsRead(cells), ...unknowns, ...errors].join(' · ');
    return {
      tone: totals.error > 0 ? 'gap' : 'whole',
      icon: totals.error > 0 ? 'error' : 'complete',
      headline: words.complete,
      detail,
    };
  }
  const parts = [
    ...unknowns,
    ...(gapCells > 0 ? [words.gapCells(gapCells, cells)] : []),
    ...(failedAccounts > 0 ? [words.accountsMissed(failedAccounts)] : []),
    ...errors,
  ];
  return {
    tone: 'gap',
    icon: 'error',
    headline: words.incomplete,
    detail: parts.join(' · ') || words.endedEarly,
  };
}

function factsOf(
  { scope, summary, run, tool, signedBy }: ReportHeader,
  { overview: words, times }: Texts,
): OverviewView['facts'] {
  const scanned = scope.accounts.filter(({ state }) => state === 'scanned').length;
  const skipped = scope.accounts.filter(({ state }) => state === 'skipped').length;
  const callers = Object.values(run.callers).filter((caller) => caller !== null);
  const roles = [...new Set(callers.map((caller) => parseArn(caller)?.resource ?? caller))];
  const baselines = [...new Set(Object.values(run.baseline))];
  return [
    {
      label: words.accounts,
      value: words.accountsOf(scanned, scope.accounts.length),
      note: skipped > 0 ? words.accountsSkipped(skipped) : '',
    },
    { label: words.regions, value: grouped(scope.regions.length), note: few(scope.regions, 2) },
    { label: words.resources, value: grouped(summary.resources), note: words.inInventory },
    { label: words.time, ...period(run.startedAt, run.finishedAt, times), at: instant(run.startedAt) },
    {
      label: roles.length > 1 ? words.callers : words.caller,
      value: roles[0] ?? words.none,
      note: roles.length > 1 ? words.moreCallers(roles.length - 1) : callers.length > 0 ? words.inAccounts(callers.length) : '',
    },
    { label: words.baseline, value: baselines[0] ?? words.none, note: baselines.length > 1 ? few(baselines.slice(1), 2) : '' },
    { label: words.tool, value: `${tool.name} ${tool.version}`, note: signedBy === undefined ? words.notSigned : words.signed },
  ];
}

function few(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` +${grouped(rest)}` : '');
}

function barOf(
  totals: Totals,
  lines: readonly SeverityLine[],
  { overview, severities: grades, verdicts }: Texts,
): OverviewView['bar'] {
  const values = [
    ...lines.map(({ severity, fail, waived }) => {
      return { name: severity, count: fail + waived, text: overview.barFails(fail + waived, grades[severity]) };
    }),
    { name: 'unknown', count: totals.unknown, text: overview.barPart(totals.unknown, verdicts.unknown) },
    { name: 'pass', count: totals.pass, text: overview.barPart(totals.pass, verdicts.pass) },
  ].filter(({ count }) => count > 0);
  const sum = values.reduce((total, { count }) => total + count, 0);
  return {
    title: overview.barTitle(sum),
    description: values.map(({ text }) => text).join(', ') || overview.noVerdicts,
    segments: segmentsOf(values),
  };
}

function scoreOf({ summary }: ReportHeader, totals: Totals, texts: Texts): OverviewView['score'] {
  const { overview: words, notKnown, tiny } = texts;
  const basis = summary.score === null ? words.noScore : words.scoreOf(totals.pass, totals.pass + totals.fail + summary.waived);
  const leftOut = [
    { what: words.unknown, count: totals.unknown },
    { what: words.notApplicable, count: totals.notApplicable },
    { what: words.ruleErrors, count: totals.error },
  ];
  return { value: summary.score === null ? notKnown : percent(summary.score, tiny), basis, leftOut };
}

function noGapsOf(header: ReportHeader, totals: Totals, { overview: words }: Texts): string {
  const { cells, skipped } = gapTotals(header);
  if (!header.run.complete) return words.noGapsUnfinished;
  if (cells === 0) return words.noScope;
  const regions = skipped > 0 ? words.cellsSkipped(skipped) : '';
  const unknown = totals.unknown > 0 ? words.otherCauses : '';
  return `${words.noGaps(cells)}${regions}${unknown}`;
}
