import type { CoverageRow, ReportHeader } from '#model/report.js';
import { compareText } from '#model/place.js';
import { limits } from '../limits.js';
import { accountNames } from './names.js';
import type { Texts } from '../texts/index.js';

/** A coverage gap in a line: cells of one account and service that fail alike. */
export interface GapLine {
  readonly state: string;
  readonly account: string;
  readonly what: string;
  readonly where: string;
  readonly why: string;
  readonly target: string;
}

const order: readonly string[] = ['failed', 'denied', 'unreachable', 'partial'];

/** True for a cell of which something is missing; a region that the account has not enabled is no gap. */
export function isGap({ state }: Pick<CoverageRow, 'state'>): boolean {
  return state !== 'complete' && state !== 'skipped';
}

/** The operation to name for a cell: the one with the most errors. */
export function worstOperation({ operations }: CoverageRow): CoverageRow['operations'][number] | undefined {
  return operations
    .filter(({ errors }) => errors > 0)
    .toSorted((a, b) => b.errors - a.errors || compareText(a.operation, b.operation))[0];
}

export function gapTotals({ scope, coverage }: ReportHeader): {
  failedAccounts: number;
  gapCells: number;
  skipped: number;
  cells: number;
} {
  return {
    failedAccounts: scope.accounts.filter(({ state }) => state === 'failed').length,
    gapCells: coverage.filter(isGap).length,
    skipped: coverage.filter(({ state }) => state === 'skipped').length,
    cells: coverage.filter(({ state }) => state !== 'skipped').length,
  };
}

/** The gravest gaps: accounts that failed, then cells by state. */
export function gapLines(header: ReportHeader, texts: Texts): { readonly shown: readonly GapLine[]; readonly more: number } {
  const names = accountNames(header);
  const failed = header.scope.accounts.filter(({ state }) => state === 'failed');
  const failedIds = new Set(failed.map(({ id }) => id));
  const lines: GapLine[] = failed.map(({ id, reason }) => ({
    state: 'failed',
    account: names(id),
    what: texts.overview.wholeAccount,
    where: texts.overview.allRegions,
    why: reason ?? texts.noReason,
    target: 'accounts',
  }));
  const alike = new Map<string, { row: CoverageRow; why: string; regions: string[] }>();
  for (const row of header.coverage) {
    if (!isGap(row) || failedIds.has(row.account)) continue;
    const why = reasonOf(row, texts);
    const key = JSON.stringify([row.account, row.service, row.state, why]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { row, why, regions: [row.region] });
    else known.regions.push(row.region);
  }
  for (const { row, why, regions } of alike.values()) {
    const where = regions.length > 2 ? texts.overview.someRegions(regions.length) : regions.join(', ');
    lines.push({ state: row.state, account: names(row.account), what: row.service, where, why, target: 'gaps' });
  }
  const sorted = lines.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return { shown: sorted.slice(0, limits.gapsAbove), more: Math.max(0, sorted.length - limits.gapsAbove) };
}

function reasonOf(row: CoverageRow, { noReason }: Texts): string {
  const worst = worstOperation(row);
  if (worst === undefined) return row.reason ?? noReason;
  return worst.code === null ? worst.operation : `${worst.operation} ${worst.code}`;
}
