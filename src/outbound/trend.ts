import type { AccountCounts, ReportHeader } from '#model/report.js';
import { severities } from '#model/severity.js';
import { TrendLine, type Figures } from '#model/trend.js';

export const trendName = 'trend.ndjson';

/** The figures of a finished run, over all and by account. Accounts that were skipped have none. */
export function trendLine({ run, scope, summary, coverage }: ReportHeader, reports: readonly string[]): TrendLine {
  const gaps = new Map<string, number>();
  for (const { account, state } of coverage)
    if (state !== 'complete' && state !== 'skipped') gaps.set(account, (gaps.get(account) ?? 0) + 1);
  const counts = summary.byAccount ?? {};
  const accounts = scope.accounts
    .filter(({ state }) => state !== 'skipped')
    .map(({ id, name, state }) => {
      // One that could not be entered has a row of coverage or none, and is a gap either way.
      const missed = Math.max(gaps.get(id) ?? 0, state === 'scanned' ? 0 : 1);
      return [id, { ...figuresOf(missed, counts[id]), ...(name !== null && name !== '' && { name }) }] as const;
    });
  const sum = (what: 'pass' | 'fail' | 'unknown' | 'waived' | 'gaps') =>
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
    severities: present(Object.fromEntries(severities.map((each) => [each, summary.bySeverity[each].fail]))),
    gaps: sum('gaps'),
    reports: [...reports],
    accounts: Object.fromEntries(accounts),
  };
}

function figuresOf(gaps: number, counts: AccountCounts | undefined): Figures {
  const sum = (what: keyof AccountCounts) => Object.values(counts?.[what] ?? {}).reduce((total, each) => total + each, 0);
  const [pass, fail, unknown, waived] = [sum('pass'), sum('fail'), sum('unknown'), sum('waived')];
  const judged = pass + fail + waived;
  return {
    complete: gaps === 0,
    score: judged === 0 ? null : pass / judged,
    ...{ pass, fail, unknown },
    ...(waived > 0 && { waived }),
    severities: present(counts?.fail ?? {}),
    gaps,
  };
}

function present(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
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
