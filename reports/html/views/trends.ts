import { severities } from '#model/severity.js';
import type { AccountFigures, Figures, KeptRun } from '#model/trend.js';
import { grouped, percent, worded } from '../text.js';
import { own } from './names.js';
import type { Rhythm } from './missed-nights.js';
import { stacked, type ColumnChart } from './trend-chart.js';
import type { Texts } from '../texts/index.js';

/** A figure of all runs: a picture, and beside it a table with its first, earlier and newest values. */
export interface Trend {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly chart: ColumnChart;
  /** Under each column: a line for a complete run, a block for one that is not, nothing where there was none. */
  readonly ticks: ColumnChart;
  readonly most: string;
  readonly lines: readonly {
    readonly name: string;
    readonly label: string;
    readonly severity: boolean;
    readonly values: readonly string[];
  }[];
}

/** How an account moved. */
export interface AccountTrend {
  readonly account: string;
  readonly state: string;
  readonly chart: ColumnChart;
  readonly description: string;
  readonly values: readonly { readonly text: string; readonly before: string | null }[];
}

/** Few runs would make columns as wide as the page. */
const slotsAtLeast = 14;
/** A long time without runs need not be all of the picture. */
const emptySlotsMost = 14;

interface Series {
  readonly name: string;
  readonly of: (figures: Figures) => number | null;
}

const bySeverity: readonly Series[] = [
  ...severities.toReversed().map((severity) => ({
    name: severity,
    of: (figures: Figures) => (figures.severities === undefined ? null : (figures.severities[severity] ?? 0)),
  })),
  // What runs of older versions have kept.
  { name: 'fail', of: ({ severities: kept, fail }) => (kept === undefined ? fail : null) },
];
const unknowns: readonly Series[] = [{ name: 'unknown', of: ({ unknown }) => unknown }];
const gaps: readonly Series[] = [{ name: 'gap', of: (figures) => figures.gaps ?? null }];
const scores: readonly Series[] = [{ name: 'pass', of: ({ score }) => score }];

export function trendsOf(
  runs: readonly KeptRun[],
  rhythm: Rhythm,
  texts: Texts,
): { readonly trends: readonly Trend[]; readonly accounts: readonly AccountTrend[] } {
  const slots = slotsOf(runs, rhythm);
  const { charts } = texts.history;
  const share = (value: number) => percent(value, texts.tiny);
  const trend = (
    id: string,
    title: string,
    series: readonly Series[],
    given: { most?: number; text?: (value: number) => string } = {},
  ) => trendOf({ id, title, series, text: grouped, ...given }, runs, { slots, texts });
  return {
    trends: [
      trend('fails', charts.fails, bySeverity),
      trend('unknowns', charts.unknowns, unknowns),
      trend('gaps', charts.gaps, gaps),
      trend('score', charts.score, scores, { most: 1, text: share }),
    ],
    accounts: accountsOf(runs, { slots, texts }),
  };
}

type Slots = readonly (KeptRun | null)[];

interface Shown {
  readonly slots: Slots;
  readonly texts: Texts;
}

function slotsOf(runs: readonly KeptRun[], { missed }: Rhythm): Slots {
  const slots: (KeptRun | null)[] = [];
  for (let index = 0; index <= runs.length; index += 1) {
    const run = runs[index];
    // What is missing before the first that is shown has no place.
    const empty = index === 0 ? 0 : Math.min(missed.get(index)?.count ?? 0, emptySlotsMost);
    for (let slot = 0; slot < empty; slot += 1) slots.push(null);
    if (run !== undefined) slots.push(run);
  }
  while (slots.length < slotsAtLeast) slots.unshift(null);
  return slots;
}

function chartOf(series: readonly Series[], slots: readonly (Figures | null)[], most: number | undefined) {
  const values = series.map(({ name, of }) => ({ name, values: slots.map((run) => (run === null ? null : of(run))) }));
  const heights = slots.map((_, slot) => values.reduce((sum, each) => sum + (each.values[slot] ?? 0), 0));
  const highest = most ?? Math.max(1, ...heights);
  return { chart: stacked(values, highest), highest };
}

function trendOf(
  {
    id,
    title,
    series,
    most,
    text,
  }: { id: string; title: string; series: readonly Series[]; most?: number; text: (value: number) => string },
  runs: readonly KeptRun[],
  { slots, texts }: Shown,
): Trend {
  const { history: words, notKnown, severities: grades } = texts;
  const { chart, highest } = chartOf(series, slots, most);
  const shown = (run: KeptRun | undefined, { of }: Series) => {
    const value = run === undefined ? null : of(run);
    return value === null ? notKnown : text(value);
  };
  const lines = series
    .filter(({ name, of }) => name !== 'fail' || runs.some((run) => of(run) !== null))
    .map((each) => ({
      name: each.name,
      label: worded(words.series, worded(grades, each.name)),
      severity: severities.some((severity) => severity === each.name),
      values: [runs[0], runs.at(-2), runs.at(-1)].map((run) => shown(run, each)),
    }));
  return {
    id,
    title,
    description: lines.map(({ label, values }) => words.chartPart(label, values[0] ?? '', values[2] ?? '')).join('; '),
    chart,
    ticks: ticksOf(slots),
    most: text(highest),
    lines:
      id === 'fails'
        ? [...lines.filter(({ severity }) => severity).toReversed(), ...lines.filter(({ severity }) => !severity)]
        : lines,
  };
}

function ticksOf(slots: Slots): ColumnChart {
  const of = (complete: boolean, height: number) => slots.map((run) => (run?.complete === complete ? height : null));
  return stacked(
    [
      { name: 'ended', values: of(true, 0.3) },
      { name: 'cut', values: of(false, 1) },
    ],
    1,
  );
}

function accountsOf(runs: readonly KeptRun[], shown: Shown): readonly AccountTrend[] {
  const newest = runs.at(-1)?.accounts ?? {};
  const ids = new Set([...Object.keys(newest), ...runs.flatMap(({ accounts }) => Object.keys(accounts))]);
  const rank = (id: string) => ({ undefined: 2, true: 1, false: 0 })[`${own(newest, id)?.complete}`];
  const sorted = [...ids].toSorted(
    (a, b) => rank(a) - rank(b) || (own(newest, b)?.fail ?? 0) - (own(newest, a)?.fail ?? 0) || (a < b ? -1 : 1),
  );
  return sorted.map((id) => accountOf(id, runs, shown));
}

function accountOf(id: string, runs: readonly KeptRun[], { slots, texts }: Shown): AccountTrend {
  const { history: words, notKnown, tiny } = texts;
  const of = (run: KeptRun | null | undefined): AccountFigures | null => (run ? (own(run.accounts, id) ?? null) : null);
  const first = of(runs.find((run) => of(run) !== null));
  const now = of(runs.at(-1));
  const { name } = of(runs.findLast((run) => of(run)?.name !== undefined)) ?? {};
  const { chart } = chartOf([...bySeverity, ...unknowns], slots.map(of), undefined);
  const moved = (value: (figures: Figures) => string) => {
    const [before, after] = [first === null ? notKnown : value(first), now === null ? notKnown : value(now)];
    return { text: after, before: before === after ? null : before };
  };
  return {
    account: name === undefined ? id : `${name} (${id})`,
    state: now === null ? 'skipped' : now.complete ? 'complete' : 'partial',
    chart,
    description: now === null ? words.accountGone(first?.fail ?? 0) : words.accountNow(first?.fail ?? 0, now.fail),
    values: [
      moved(({ fail }) => grouped(fail)),
      moved(({ unknown }) => grouped(unknown)),
      moved((figures) => (figures.gaps === undefined ? notKnown : grouped(figures.gaps))),
      moved(({ score }) => (score === null ? notKnown : percent(score, tiny))),
    ],
  };
}
