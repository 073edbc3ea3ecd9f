import type { ReportHeader, StatementRow } from '#model/report.js';
import { parseArn } from '#model/arn.js';
import { severities, type Severity } from '#model/severity.js';
import { counted, grouped, percent, period } from '../text.js';
import { segmentsOf, type Segment } from './bar.js';
import { earlierOf, type EarlierView } from './earlier.js';
import { gapLines, gapTotals, type GapLine } from './gaps.js';

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
  readonly facts: readonly { readonly label: string; readonly value: string; readonly note: string }[];
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
  readonly waivers: readonly string[];
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

export function overviewOf(header: ReportHeader): OverviewView {
  const totals = totalsOf(header);
  const lines = severities.map((severity) => {
    const counts = header.summary.bySeverity[severity];
    return { severity, ...counts, any: counts.fail + counts.unknown + counts.waived > 0 };
  });
  const gaps = gapLines(header);
  return {
    verdict: verdictOf(header, totals, lines),
    run: runOf(header, totals),
    facts: factsOf(header),
    bar: barOf(totals, lines),
    lines,
    totals: { ...totals, waived: header.summary.waived },
    score: scoreOf(header, totals),
    redacted: redactedOf(header),
    earlier: earlierOf(header) ?? null,
    waivers: waiverLines(header),
    gaps: gaps.shown,
    moreGaps: gaps.more,
    noGaps: noGapsOf(header, totals),
  };
}

function redactedOf({ redacted = [] }: ReportHeader): string {
  if (redacted.length === 0) return '';
  const words = { 'account-ids': 'account ids and names', arns: 'ARNs and names of resources', tags: 'tags' };
  return `REDACTED: pseudonyms stand for ${redacted.map((each) => words[each]).join(', ')}. The same one stands for the same thing, in this report alone.`;
}

function waiverLines({ waivers = [] }: ReportHeader): readonly string[] {
  const expired = waivers.filter(({ state }) => state === 'expired');
  const expiring = waivers.filter(({ state }) => state === 'expiring');
  const unused = waivers.filter(({ use, state }) => use === 'unused' && state !== 'expired');
  const named = ({ type, source }: StatementRow) => `the ${type} ${source}`;
  return [
    ...expired.map((row) => `EXPIRED: ${named(row)} ended on ${row.expires ?? ''}; it meant ${counted(row.matches, 'finding')}`),
    ...expiring.map((row) => `Ends soon: ${named(row)}, on ${row.expires ?? ''}`),
    ...unused.map((row) => `Not used: ${named(row)}`),
  ];
}

/** The verdict in a sentence, as for the page's title. */
export function sentenceOf(header: ReportHeader): string {
  const { verdict, run } = overviewOf(header);
  return header.run.complete ? verdict.headline : `${verdict.headline}, ${run.headline}`;
}

function verdictOf({ summary, run }: ReportHeader, totals: Totals, lines: readonly SeverityLine[]): OverviewView['verdict'] {
  const parts = lines.filter(({ fail }) => fail > 0);
  const fails = totals.fail + summary.waived;
  if (fails > 0) {
    const all = totals.fail === 0;
    const detail = all ? 'all of them waived' : summary.waived > 0 ? `${grouped(summary.waived)} of them waived` : '';
    return {
      tone: all ? 'none' : 'fail',
      icon: all ? 'partial' : 'fail',
      headline: fails === 1 ? '1 finding fails' : `${grouped(fails)} findings fail`,
      detail,
      parts,
    };
  }
  if (totals.pass === 0) {
    const detail = 'No rule came to pass or fail on any resource. That is not a clean result.';
    return { tone: 'none', icon: 'not-applicable', headline: 'Nothing was evaluated', detail, parts };
  }
  if (!run.complete || totals.unknown > 0 || totals.error > 0) {
    const detail = `${counted(totals.pass, 'check')} passed. What was not read may still fail.`;
    return { tone: 'none', icon: 'partial', headline: 'No failure in what was read', detail, parts };
  }
  return {
    tone: 'clean',
    icon: 'pass',
    headline: 'Clean',
    detail: `All ${counted(totals.pass, 'check')} that apply passed.`,
    parts,
  };
}

function runOf(header: ReportHeader, totals: Totals): OverviewView['run'] {
  const { failedAccounts, gapCells, cells } = gapTotals(header);
  const unknowns = totals.unknown > 0 ? [`${counted(totals.unknown, 'verdict')} unknown`] : [];
  const errors = totals.error > 0 ? [counted(totals.error, 'rule error')] : [];
  if (header.run.complete) {
    const detail = [`${counted(cells, 'cell')} read`, ...unknowns, ...errors].join(' · ');
    return {
      tone: totals.error > 0 ? 'gap' : 'whole',
      icon: totals.error > 0 ? 'error' : 'complete',
      headline: 'Complete',
      detail,
    };
  }
  const parts = [
    ...unknowns,
    ...(gapCells > 0 ? [`gaps in ${grouped(gapCells)} of ${counted(cells, 'cell')}`] : []),
    ...(failedAccounts > 0 ? [`${counted(failedAccounts, 'account')} not scanned`] : []),
    ...errors,
  ];
  return {
    tone: 'gap',
    icon: 'error',
    headline: 'INCOMPLETE',
    detail: parts.join(' · ') || 'The run ended before everything was read.',
  };
}

function factsOf({ scope, summary, run, tool }: ReportHeader): OverviewView['facts'] {
  const scanned = scope.accounts.filter(({ state }) => state === 'scanned').length;
  const skipped = scope.accounts.filter(({ state }) => state === 'skipped').length;
  const callers = Object.values(run.callers).filter((caller) => caller !== null);
  const roles = [...new Set(callers.map((caller) => parseArn(caller)?.resource ?? caller))];
  const baselines = [...new Set(Object.values(run.baseline))];
  return [
    {
      label: 'Accounts scanned',
      value: `${grouped(scanned)} of ${grouped(scope.accounts.length)}`,
      note: skipped > 0 ? `${grouped(skipped)} skipped` : '',
    },
    { label: 'Regions', value: grouped(scope.regions.length), note: few(scope.regions, 2) },
    { label: 'Resources', value: grouped(summary.resources), note: 'in the inventory' },
    { label: 'Time', ...period(run.startedAt, run.finishedAt) },
    {
      label: roles.length > 1 ? 'Callers' : 'Caller',
      value: roles[0] ?? 'none',
      note:
        roles.length > 1
          ? `and ${grouped(roles.length - 1)} more`
          : callers.length > 0
            ? `in ${counted(callers.length, 'account')}`
            : '',
    },
    { label: 'Baseline', value: baselines[0] ?? 'none', note: baselines.length > 1 ? few(baselines.slice(1), 2) : '' },
    { label: 'Tool', value: `${tool.name} ${tool.version}`, note: 'report not signed' },
  ];
}

function few(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` +${grouped(rest)}` : '');
}

function barOf(totals: Totals, lines: readonly SeverityLine[]): OverviewView['bar'] {
  const values = [
    ...lines.map(({ severity, fail, waived }) => ({ name: severity, count: fail + waived })),
    { name: 'unknown', count: totals.unknown },
    { name: 'pass', count: totals.pass },
  ].filter(({ count }) => count > 0);
  const sum = values.reduce((total, { count }) => total + count, 0);
  const words = values.map(({ name, count }) =>
    name === 'pass' || name === 'unknown' ? `${grouped(count)} ${name}` : `${grouped(count)} ${name} fail`,
  );
  return {
    title: `${counted(sum, 'verdict')} by outcome`,
    description: words.join(', ') || 'no verdicts',
    segments: segmentsOf(values),
  };
}

function scoreOf({ summary }: ReportHeader, totals: Totals): OverviewView['score'] {
  const basis =
    summary.score === null
      ? 'nothing was evaluated'
      : `${grouped(totals.pass)} passed of ${grouped(totals.pass + totals.fail + summary.waived)} evaluated`;
  const leftOut = [
    { what: 'unknown', count: totals.unknown },
    { what: 'not applicable', count: totals.notApplicable },
    { what: 'rule errors', count: totals.error },
  ];
  return { value: summary.score === null ? 'n/a' : percent(summary.score), basis, leftOut };
}

function noGapsOf(header: ReportHeader, totals: Totals): string {
  const { cells, skipped } = gapTotals(header);
  if (!header.run.complete) return 'No cell reports a gap, but the run was not finished.';
  if (cells === 0) return 'Nothing was in scope.';
  const regions = skipped > 0 ? ` ${counted(skipped, 'cell')} skipped: region not enabled.` : '';
  const unknown = totals.unknown > 0 ? ' The unknowns have other causes: see them below.' : '';
  return `Every list and every fact asked for was answered in ${counted(cells, 'cell')}.${regions}${unknown}`;
}
