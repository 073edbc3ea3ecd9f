import { severities, type Severity } from '#model/severity.js';
import type { Figures, KeptRun } from '#model/trend.js';
import { limits } from '../limits.js';
import { counted, grouped, percent, utc } from '../text.js';
import { rhythmOf, type MissedRuns, type Rhythm } from './missed-nights.js';
import { trendsOf, type AccountTrend, type Trend } from './trends.js';

/** What the page over a history is made from. Runs come oldest first. */
export interface HistoryPage {
  readonly runs: readonly KeptRun[];
  /** Lines of the trend that could not be read. */
  readonly damaged: number;
  readonly now: Date;
}

interface Banner {
  readonly tone: string;
  readonly icon: string;
  readonly headline: string;
  readonly detail: string;
}

interface RunRow {
  readonly started: string;
  /** Where its report is, from this page; null: the history does not hold it. */
  readonly report: string | null;
  readonly kept: string;
  readonly state: string;
  readonly score: string;
  /** Fails by severity, then all that there is. `none` where it is nothing, or nobody kept it. */
  readonly figures: readonly { readonly text: string; readonly none: boolean }[];
}

/** A line of the table of runs: a run, or that there was none. */
type Row = { readonly run: RunRow; readonly none: null } | { readonly run: null; readonly none: string };

export interface HistoryView {
  readonly verdict: Banner & { readonly parts: readonly { readonly severity: Severity; readonly fail: number }[] };
  readonly run: Banner;
  readonly facts: readonly { readonly label: string; readonly value: string; readonly note: string }[];
  readonly notes: readonly string[];
  readonly period: string;
  readonly trends: readonly Trend[];
  readonly accounts: readonly AccountTrend[];
  readonly moreAccounts: number;
  readonly rows: readonly Row[];
  readonly moreRuns: number;
}

export function historyOf({ runs, damaged, now }: HistoryPage): HistoryView {
  const starts = runs.map(({ startedAt }) => startedAt);
  const rhythm = rhythmOf(starts, now);
  const newest = runs.at(-1);
  const first = Math.max(0, runs.length - limits.trendRuns);
  const { trends, accounts } = trendsOf(runs.slice(first), shifted(rhythm, first));
  const shown = runs.slice(first);
  return {
    verdict: verdictOf(newest, runs.at(-2)),
    run: stateOf(newest),
    facts: factsOf(runs, rhythm),
    notes: notesOf(runs, rhythm, damaged),
    period:
      shown.length === 0
        ? ''
        : `${shown.length < runs.length ? 'The newest ' : ''}${counted(shown.length, 'run')}, ${dayOf(shown[0])} to ${dayOf(newest)}, the newest on the right`,
    trends,
    accounts: accounts.slice(0, limits.trendAccounts),
    moreAccounts: Math.max(0, accounts.length - limits.trendAccounts),
    rows: rowsOf(runs, rhythm),
    moreRuns: Math.max(0, runs.length - limits.historyRuns),
  };
}

/** What the title of the page says of it. */
export function historyTitle({ runs }: HistoryPage): string {
  return `${counted(runs.length, 'run')}${runs.length === 0 ? '' : `, the newest of ${dayOf(runs.at(-1))}`}`;
}

function dayOf(run: KeptRun | undefined): string {
  return utc(run?.startedAt ?? '').slice(0, 10);
}

function shifted({ everyDays, missed }: Rhythm, by: number): Rhythm {
  return { everyDays, missed: new Map([...missed].map(([index, each]) => [index - by, each])) };
}

function verdictOf(newest: KeptRun | undefined, before: KeptRun | undefined): HistoryView['verdict'] {
  if (newest === undefined)
    return { tone: 'none', icon: 'not-applicable', headline: 'No run yet', detail: 'Nothing was stored here.', parts: [] };
  const { fail, pass, unknown, complete } = newest;
  const parts = severities
    .map((severity) => ({ severity, fail: newest.severities?.[severity] ?? 0 }))
    .filter((part) => part.fail > 0);
  const detail = before === undefined ? '' : movedBy(fail - before.fail);
  if (fail > 0)
    return {
      tone: 'fail',
      icon: 'fail',
      headline: fail === 1 ? '1 finding fails' : `${grouped(fail)} findings fail`,
      detail,
      parts,
    };
  if (pass === 0) return { tone: 'none', icon: 'not-applicable', headline: 'Nothing was evaluated', detail, parts };
  if (!complete || unknown > 0) return { tone: 'none', icon: 'partial', headline: 'No failure in what was read', detail, parts };
  return { tone: 'clean', icon: 'pass', headline: 'Clean', detail, parts };
}

function movedBy(difference: number): string {
  if (difference === 0) return 'As many as in the run before.';
  return `${grouped(Math.abs(difference))} ${difference > 0 ? 'more' : 'fewer'} than in the run before.`;
}

function stateOf(newest: KeptRun | undefined): Banner {
  if (newest === undefined) return { tone: 'none', icon: 'not-applicable', headline: 'Nothing read', detail: '' };
  const gaps = newest.gaps ?? 0;
  const detail = [
    utc(newest.startedAt).slice(0, 16),
    ...(newest.unknown > 0 ? [`${counted(newest.unknown, 'verdict')} unknown`] : []),
    ...(gaps > 0 ? [counted(gaps, 'gap')] : []),
  ].join(' · ');
  return newest.complete
    ? { tone: 'whole', icon: 'complete', headline: 'Newest run complete', detail }
    : { tone: 'gap', icon: 'error', headline: 'Newest run INCOMPLETE', detail };
}

function factsOf(runs: readonly KeptRun[], { everyDays, missed }: Rhythm): HistoryView['facts'] {
  const incomplete = runs.filter(({ complete }) => !complete).length;
  const lacking = [...missed.values()].reduce((sum, { count }) => sum + count, 0);
  const stored = runs.filter((run) => run.stored).length;
  const rhythm = everyDays === undefined ? 'too few runs to say' : everyDays === 1 ? 'daily' : `every ${grouped(everyDays)} days`;
  return [
    { label: 'Runs', value: grouped(runs.length), note: runs.length === 0 ? '' : `since ${dayOf(runs[0])}` },
    { label: 'Incomplete', value: grouped(incomplete), note: '' },
    { label: 'As a rule', value: rhythm, note: '' },
    { label: 'Missing runs', value: everyDays === undefined ? 'n/a' : grouped(lacking), note: '' },
    { label: 'Still stored', value: grouped(stored), note: 'of the others only the figures are left' },
    { label: 'Score', value: scoreOf(runs.at(-1)?.score), note: 'of the newest run' },
  ];
}

export function scoreOf(score: number | null | undefined): string {
  return score === null || score === undefined ? 'n/a' : percent(score);
}

function notesOf(runs: readonly KeptRun[], { missed }: Rhythm, damaged: number): readonly string[] {
  const gaps = [...missed];
  const since = missed.get(runs.length);
  const earlier = gaps.filter(([index]) => index < runs.length).map(([, each]) => spanOf(each));
  const incomplete = runs.filter(({ complete }) => !complete).map(({ startedAt }) => utc(startedAt).slice(0, 16));
  const lastComplete = runs.findLast(({ complete }) => complete);
  const stale = runs.at(-1)?.complete === false;
  return [
    ...(since === undefined ? [] : [`NO RUN since ${dayOf(runs.at(-1))}: ${counted(since.count, 'run')} missing`]),
    ...(stale
      ? [
          lastComplete === undefined
            ? 'No run was complete'
            : `The newest complete run is that of ${utc(lastComplete.startedAt).slice(0, 16)}`,
        ]
      : []),
    ...(earlier.length > 0 ? [`No run on ${few(earlier)}`] : []),
    ...(incomplete.length > 0 ? [`Incomplete: ${few(incomplete)}`] : []),
    ...(damaged > 0
      ? [`${counted(damaged, 'line')} of trend.ndjson cannot be read and ${damaged === 1 ? 'is' : 'are'} left out`]
      : []),
  ];
}

function spanOf({ from, to, count }: MissedRuns): string {
  return count === 1 ? from : `${from} to ${to} (${counted(count, 'run')})`;
}

/** The newest of them; the table of runs has all. */
function few(texts: readonly string[]): string {
  const rest = texts.length - limits.historyNotes;
  return `${texts.slice(-limits.historyNotes).reverse().join(', ')}${rest > 0 ? ` and ${grouped(rest)} more` : ''}`;
}

/** Newest first. */
function rowsOf(runs: readonly KeptRun[], { missed }: Rhythm): readonly Row[] {
  const rows: Row[] = [];
  for (let index = runs.length; index >= Math.max(0, runs.length - limits.historyRuns); index -= 1) {
    const run = runs[index];
    if (run !== undefined) rows.push({ run: rowOf(run), none: null });
    const none = missed.get(index);
    if (none !== undefined) rows.push({ run: null, none: `No run on ${spanOf(none)}` });
  }
  return rows;
}

/** What a run of ours is called: nothing that leads elsewhere. */
const runName = /^[A-Za-z0-9][\w-]*$/;

function rowOf(run: KeptRun): RunRow {
  const linked = run.stored && run.reports?.includes('report.html') === true && runName.test(run.run);
  return {
    started: utc(run.startedAt).slice(0, 16),
    report: linked ? `runs/${run.run}/report.html` : null,
    kept: linked ? '' : run.stored ? 'no HTML' : 'figures only',
    state: run.complete ? 'complete' : 'partial',
    score: scoreOf(run.score),
    figures: [...failsOf(run), run.fail, run.waived ?? 0, run.unknown, run.gaps ?? null, run.pass, run.resources].map(
      (count) => ({
        text: count === null ? 'n/a' : grouped(count),
        none: count === null || count === 0,
      }),
    ),
  };
}

function failsOf({ severities: kept }: Figures): readonly (number | null)[] {
  return severities.map((severity) => (kept === undefined ? null : (kept[severity] ?? 0)));
}
