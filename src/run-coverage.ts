import type { CellFooter } from '#inventory/cell-file.js';
import { compareText } from '#model/place.js';
import type { CoverageRow } from '#model/report.js';
import { isUnfinished, type OpenRun } from './open-run.js';

/** What a run could and could not read. */
export interface RunCoverage {
  readonly coverage: readonly CoverageRow[];
  readonly complete: boolean;
}

/** A row per cell, for regions that an account has not enabled, and for accounts that could not be entered. */
export function coverageOf(open: OpenRun): RunCoverage {
  const { run, cells, followUps } = open;
  const rows = notedRows([...cells.map(({ footer }) => footer), ...followUps]);
  for (const { id, state, reason, code, disabledRegions } of run.accounts) {
    const row = { account: id, service: '*', operations: [] };
    if (state === 'failed') rows.push({ ...row, region: '*', state: 'denied', reason: reason ?? code });
    if (state === 'skipped') rows.push({ ...row, region: '*', state: 'skipped', reason: `the account is ${reason ?? 'closed'}` });
    for (const region of disabledRegions) {
      rows.push({ ...row, region, state: 'skipped', reason: 'the account has not enabled the region' });
    }
  }
  return {
    coverage: rows.sort(
      (a, b) => compareText(a.account, b.account) || compareText(a.region, b.region) || compareText(a.service, b.service),
    ),
    complete: rows.every(({ state }) => state === 'complete' || state === 'skipped') && !isUnfinished(open),
  };
}

/**
 * Where one and the same refuses all that was asked in a region, one row says so for the account and region; where it
 * refuses a service, that service's row says so alone, without a line for each operation.
 */
function notedRows(footers: readonly CellFooter[]): CoverageRow[] {
  const places = new Map<string, CellFooter[]>();
  for (const footer of footers) {
    const id = `${footer.account} ${footer.region}`;
    const others = places.get(id);
    if (others === undefined) places.set(id, [footer]);
    else others.push(footer);
  }
  return [...places.values()].flatMap((here) => {
    const asked = here.filter(({ state }) => state !== 'skipped');
    const by = new Set(asked.map(({ refusedBy }) => refusedBy));
    const services = new Set(asked.map(({ service }) => service));
    const [first] = asked;
    if (first?.refusedBy === undefined || by.size > 1 || services.size < 2) return rowsOf(here);
    const { account, region, reason } = first;
    const note: CoverageRow = { account, region, service: '*', state: 'denied', reason, operations: [] };
    return [note, ...rowsOf(here.filter(({ state }) => state === 'skipped'))];
  });
}

/** One row per account, region and service: what was asked afterwards counts with the cell it belongs to. */
function rowsOf(footers: readonly CellFooter[]): CoverageRow[] {
  const rows = new Map<string, CoverageRow>();
  for (const { account, region, service, state, reason, refusedBy, operations: made } of footers) {
    const operations = refusedBy === undefined ? made : [];
    const id = `${account} ${region} ${service}`;
    const row = rows.get(id);
    if (row === undefined) rows.set(id, { account, region, service, state, reason, operations: [...operations] });
    else {
      if (row.state === 'complete') [row.state, row.reason] = [state, reason];
      for (const more of operations) addOperation(row, more);
    }
  }
  return [...rows.values()];
}

function addOperation(row: CoverageRow, more: CoverageRow['operations'][number]): void {
  const same = row.operations.find(({ operation }) => operation === more.operation);
  if (same === undefined) row.operations.push({ ...more });
  else {
    const sum = { calls: same.calls + more.calls, errors: same.errors + more.errors, code: more.code ?? same.code };
    const throttles = (same.throttles ?? 0) + (more.throttles ?? 0);
    row.operations[row.operations.indexOf(same)] = { ...same, ...sum, ...(throttles > 0 && { throttles }) };
  }
}
