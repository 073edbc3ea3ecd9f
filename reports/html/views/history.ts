import { severities, type Severity } from '#model/severity.js';
import type { Figures, KeptRun } from '#model/trend.js';
import { limits } from '../limits.js';
import { grouped, percent, utc } from '../text.js';
import { rhythmOf, type MissedRuns, type Rhythm } from './missed-nights.js';
import { trendsOf, type AccountTrend, type Trend } from './trends.js';
import type { Language } from '#model/language.js';
import type { Texts } from '../texts/index.js';

/** What the page over a history is made from. Runs come oldest first. */
export interface HistoryPage {
  readonly runs: readonly KeptRun[];
  /** Lines of the trend that could not be read. */
  readonly damaged: number;
  readonly now: Date;
  /** Undefined: English. */
  readonly language?: Language | undefined;
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

type Words = Texts['history'];

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

export function historyOf({ runs, damaged, now }: HistoryPage, texts: Texts): HistoryView {
  const { history: words } = texts;
  const starts = runs.map(({ startedAt }) => startedAt);
  const rhythm = rhythmOf(starts, now);
  const newest = runs.at(-1);
  const first = Math.max(0, runs.length - limits.trendRuns);
  const { trends, accounts } = trendsOf(runs.slice(first), shifted(rhythm, first), texts);
  const shown = runs.slice(first);
  return {
    verdict: verdictOf(newest, runs.at(-2), texts),
    run: stateOf(newest, texts),
    facts: factsOf(runs, rhythm, texts),
    notes: notesOf(runs, rhythm, { damaged, words }),
    period:
      shown.length === 0
        ? ''
        : (shown.length < runs.length ? words.periodCut : words.period)(shown.length, dayOf(shown[0]), dayOf(newest)),
    trends,
    accounts: accounts.slice(0, limits.trendAccounts),
    moreAccounts: Math.max(0, accounts.length - limits.trendAccounts),
    rows: rowsOf(runs, rhythm, texts),
    moreRuns: Math.max(0, runs.length - limits.historyRuns),
  };
}

/** What the title of the page says of it. */
export function historyTitle({ runs }: HistoryPage, { history: words }: Texts): string {
  return runs.length === 0 ? words.runs(0) : words.runsNewest(runs.length, dayOf(runs.at(-1)));
}

function dayOf(run: KeptRun | undefined): string {
  return utc(run?.startedAt ?? '').slice(0, 10);
}

function shifted({ everyDays, missed }: Rhythm, by: number): Rhythm {
  return { everyDays, missed: new Map([...missed].map(([index, each]) => [index - by, each])) };
}

function verdictOf(
  newest: KeptRun | undefined,
  before: KeptRun | undefined,
  { history, overview: words }: Texts,
): HistoryView['verdict'] {
  if (newest === undefined)
    return { tone: 'none', icon: 'not-applicable', headline: history.noRun, detail: history.noRunDetail, parts: [] };
  const { fail, pass, unknown, complete } = newest;
  const parts = severities
    .map((severity) => ({ severity, fail: newest.severities?.[severity] ?? 0 }))
    .filter((part) => part.fail > 0);
  const detail = before === undefined ? '' : movedBy(fail - before.fail, history);
  if (fail > 0)
    return {
      tone: 'fail',
      icon: 'fail',
      headline: words.fails(fail),
      detail,
      parts,
    };
  if (pass === 0) return { tone: 'none', icon: 'not-applicable', headline: words.nothing, detail, parts };
  if (!complete || unknown > 0) return { tone: 'none', icon: 'partial', headline: words.noFailure, detail, parts };
  return { tone: 'clean', icon: 'pass', headline: words.clean, detail, parts };
}

function movedBy(difference: number, words: Words): string {
  if (difference === 0) return words.asMany;
  return difference > 0 ? words.moreFails(difference) : words.fewerFails(-difference);
}

function stateOf(newest: KeptRun | undefined, { history: words, overview }: Texts): Banner {
  if (newest === undefined) return { tone: 'none', icon: 'not-applicable', headline: words.nothingRead, detail: '' };
  const gaps = newest.gaps ?? 0;
  const detail = [
    utc(newest.startedAt).slice(0, 16),
    ...(newest.unknown > 0 ? [overview.unknownVerdicts(newest.unknown)] : []),
    ...(gaps > 0 ? [words.gaps(gaps)] : []),
  ].join(' · ');
  return newest.complete
    ? { tone: 'whole', icon: 'complete', headline: words.complete, detail }
    : { tone: 'gap', icon: 'error', headline: words.incomplete, detail };
}

function factsOf(runs: readonly KeptRun[], { everyDays, missed }: Rhythm, texts: Texts): HistoryView['facts'] {
  const { history: words, notKnown } = texts;
  const { facts } = words;
  const incomplete = runs.filter(({ complete }) => !complete).length;
  const lacking = [...missed.values()].reduce((sum, { count }) => sum + count, 0);
  const stored = runs.filter((run) => run.stored).length;
  const rhythm = everyDays === undefined ? words.tooFew : everyDays === 1 ? words.daily : words.everyDays(everyDays);
  return [
    { label: facts.runs, value: grouped(runs.length), note: runs.length === 0 ? '' : words.since(dayOf(runs[0])) },
    { label: facts.incomplete, value: grouped(incomplete), note: '' },
    { label: facts.rhythm, value: rhythm, note: '' },
    { label: facts.missing, value: everyDays === undefined ? notKnown : grouped(lacking), note: '' },
    { label: facts.stored, value: grouped(stored), note: facts.storedNote },
    { label: facts.score, value: scoreOf(runs.at(-1)?.score, texts), note: facts.scoreNote },
  ];
}

function scoreOf(score: number | null | undefined, { notKnown, tiny }: Texts): string {
  return score === null || score === undefined ? notKnown : percent(score, tiny);
}

function notesOf(
  runs: readonly KeptRun[],
  { missed }: Rhythm,
  { damaged, words }: { readonly damaged: number; readonly words: Words },
): readonly string[] {
  const gaps = [...missed];
  const since = missed.get(runs.length);
  const earlier = gaps.filter(([index]) => index < runs.length).map(([, each]) => spanOf(each, words));
  const incomplete = runs.filter(({ complete }) => !complete).map(({ startedAt }) => utc(startedAt).slice(0, 16));
  const lastComplete = runs.findLast(({ complete }) => complete);
  const stale = runs.at(-1)?.complete === false;
  return [
    ...(since === undefined ? [] : [words.noRunSince(dayOf(runs.at(-1)), since.count)]),
    ...(stale
      ? [lastComplete === undefined ? words.neverComplete : words.lastComplete(utc(lastComplete.startedAt).slice(0, 16))]
      : []),
    ...(earlier.length > 0 ? [words.noRunOn(few(earlier, words))] : []),
    ...(incomplete.length > 0 ? [words.incompleteRuns(few(incomplete, words))] : []),
    ...(damaged > 0 ? [words.damaged(damaged)] : []),
  ];
}

function spanOf({ from, to, count }: MissedRuns, words: Words): string {
  return count === 1 ? from : words.span(from, to, count);
}

/** The newest of them; the table of runs has all. */
function few(texts: readonly string[], words: Words): string {
  return words.andMore(texts.slice(-limits.historyNotes).reverse().join(', '), texts.length - limits.historyNotes);
}

/** Newest first. */
function rowsOf(runs: readonly KeptRun[], { missed }: Rhythm, texts: Texts): readonly Row[] {
  const { history: words } = texts;
  const rows: Row[] = [];
  for (let index = runs.length; index >= Math.max(0, runs.length - limits.historyRuns); index -= 1) {
    const run = runs[index];
    if (run !== undefined) rows.push({ run: rowOf(run, texts), none: null });
    const none = missed.get(index);
    if (none !== undefined) rows.push({ run: null, none: words.noRunOn(spanOf(none, words)) });
  }
  return rows;
}

/** What a run of ours is called: nothing that leads elsewhere. */
const runName = /^[A-Za-z0-9][\w-]*$/;

function rowOf(run: KeptRun, texts: Texts): RunRow {
  const { history: words, notKnown } = texts;
  const linked = run.stored && run.reports?.includes('report.html') === true && runName.test(run.run);
  return {
    started: utc(run.startedAt).slice(0, 16),
    report: linked ? `runs/${run.run}/report.html` : null,
    kept: linked ? '' : run.stored ? words.noHtml : words.figuresOnly,
    state: run.complete ? 'complete' : 'partial',
    score: scoreOf(run.score, texts),
    figures: [...failsOf(run), run.fail, run.waived ?? 0, run.unknown, run.gaps ?? null, run.pass, run.resources].map(
      (count) => ({
        text: count === null ? notKnown : grouped(count),
        none: count === null || count === 0,
      }),
    ),
  };
}

function failsOf({ severities: kept }: Figures): readonly (number | null)[] {
  return severities.map((severity) => (kept === undefined ? null : (kept[severity] ?? 0)));
}
