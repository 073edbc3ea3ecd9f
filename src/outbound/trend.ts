import { z } from 'zod';
import type { AccountCounts, ReportHeader } from '#model/report.js';

export const trendName = 'trend.ndjson';

const count = z.int().nonnegative();
const score = z.number().min(0).max(1).nullable();
const Figures = z.object({ complete: z.boolean(), score, pass: count, fail: count, unknown: count, waived: count.optional() });
type Figures = z.infer<typeof Figures>;

/** A line of `trend.ndjson`: what is kept of a run when the run itself has gone. */
const TrendLine = Figures.extend({
  schemaVersion: z.literal('1.0'),
  run: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  resources: count,
  accounts: z.record(z.string(), Figures),
  /** Digest of what was asked to be scanned; left out: by older versions. */
  scopeAsked: z.string().optional(),
  manifestSha256: z.string().optional(),
});
export type TrendLine = z.infer<typeof TrendLine>;

/** The figures of a finished run, over all and by account. Accounts that were skipped have none. */
export function trendLine({ run, scope, summary, coverage }: ReportHeader): TrendLine {
  const gaps = new Set(coverage.filter(({ state }) => state !== 'complete' && state !== 'skipped').map(({ account }) => account));
  const counts = summary.byAccount ?? {};
  const accounts = scope.accounts
    .filter(({ state }) => state !== 'skipped')
    .map(({ id, state }) => [id, figuresOf(state === 'scanned' && !gaps.has(id), counts[id])] as const);
  const sum = (what: 'pass' | 'fail' | 'unknown' | 'waived') =>
    accounts.reduce((total, [, figures]) => total + (figures[what] ?? 0), 0);
  const waived = sum('waived');
  return {
    schemaVersion: '1.0',
    run: run.id,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    complete: run.complete,
    resources: summary.resources,
    score: summary.score,
    pass: sum('pass'),
    fail: sum('fail'),
    unknown: sum('unknown'),
    ...(waived > 0 && { waived }),
    accounts: Object.fromEntries(accounts),
  };
}

function figuresOf(complete: boolean, counts: AccountCounts | undefined): Figures {
  const sum = (what: keyof AccountCounts) => Object.values(counts?.[what] ?? {}).reduce((total, each) => total + each, 0);
  const [pass, fail, unknown, waived] = [sum('pass'), sum('fail'), sum('unknown'), sum('waived')];
  const judged = pass + fail + waived;
  return { complete, score: judged === 0 ? null : pass / judged, pass, fail, unknown, ...(waived > 0 && { waived }) };
}

/** The lines of a trend, oldest run first, and how many could not be read. These stay where they are. */
export function parseTrend(text: string): { readonly lines: readonly TrendLine[]; readonly damaged: number } {
  const given = text.split('\n').filter((line) => line !== '');
  const lines = given.map(parseLine).filter((line) => line !== undefined);
  return { lines: lines.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)), damaged: given.length - lines.length };
}

function parseLine(text: string): TrendLine | undefined {
  try {
    return TrendLine.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
