import type { EarlierRun, ReportHeader } from '#model/report.js';
import { severities } from '#model/severity.js';
import { grouped, percent } from '../text.js';
import { stacked, type ColumnChart } from './trend-chart.js';
import type { Texts } from '../texts/index.js';

/** How the run stands to those before it. */
export interface EarlierView {
  readonly heading: string;
  readonly title: string;
  readonly description: string;
  readonly chart: ColumnChart;
  /** Under the column of a run that is not complete: fewer fails there say nothing. */
  readonly ticks: ColumnChart;
  readonly rows: readonly { readonly what: string; readonly before: string; readonly now: string }[];
}

/** Few runs would make columns as wide as the panel. */
const slotsAtLeast = 12;

/** Undefined: no run before it is known. */
export function earlierOf({ earlier = [], run, summary }: ReportHeader, texts: Texts): EarlierView | undefined {
  const last = earlier.at(-1);
  if (last === undefined) return undefined;
  const bySeverity = severities.map((severity) => [severity, summary.bySeverity[severity].fail] as const);
  const sum = (what: 'fail' | 'unknown') => severities.reduce((total, each) => total + summary.bySeverity[each][what], 0);
  const now: EarlierRun = {
    ...{ run: run.id, startedAt: run.startedAt, complete: run.complete, score: summary.score },
    ...{ fail: sum('fail'), unknown: sum('unknown') },
    severities: Object.fromEntries(bySeverity),
  };
  const runs = [...earlier, now];
  const score = (each: EarlierRun) => (each.score === null ? texts.notKnown : percent(each.score, texts.tiny));
  const words = texts.earlier;
  const day = last.startedAt.slice(0, 10);
  return {
    heading: last.complete ? words.since(day) : words.sinceIncomplete(day),
    title: words.title(runs.length),
    description: runs.map(({ startedAt, fail, complete }) => words.part(startedAt.slice(0, 10), fail, complete)).join(', '),
    ...chartsOf(runs),
    rows: [
      { what: words.fail, before: grouped(last.fail), now: grouped(now.fail) },
      { what: words.unknown, before: grouped(last.unknown), now: grouped(now.unknown) },
      { what: words.score, before: score(last), now: score(now) },
    ],
  };
}

function chartsOf(runs: readonly EarlierRun[]): { readonly chart: ColumnChart; readonly ticks: ColumnChart } {
  const slots = [...Array.from({ length: Math.max(0, slotsAtLeast - runs.length) }, () => null), ...runs];
  const most = Math.max(1, ...runs.map(({ fail }) => fail));
  const of = (name: string, value: (run: EarlierRun) => number | null) => ({
    name,
    values: slots.map((run) => (run === null ? null : value(run))),
  });
  const chart = stacked(
    [
      ...severities.toReversed().map((severity) => of(severity, (run) => run.severities?.[severity] ?? null)),
      // What runs of older versions have kept.
      of('fail', (run) => (run.severities === undefined ? run.fail : null)),
    ],
    most,
  );
  return { chart, ticks: stacked([of('cut', ({ complete }) => (complete ? null : 1))], 1) };
}
