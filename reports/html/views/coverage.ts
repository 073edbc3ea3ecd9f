import type { CoverageRow, ReportHeader } from '#model/report.js';
import { compareText } from '#model/place.js';
import { groupBy } from '../group-by.js';
import { limits } from '../limits.js';
import { anchor } from '../text.js';
import { isGap } from './gaps.js';
import type { CauseTally } from '../digest.js';
import type { Texts } from '../texts/index.js';

interface Cell {
  readonly state: string;
  /** The id of the gap's row below. */
  readonly gap: string | null;
}

interface ServiceRow {
  readonly service: string;
  readonly cells: readonly (Cell | null)[];
}

/** The matrix's rows of one account; `folded` says it in one line where nothing is missing. */
export interface AccountCoverage {
  readonly id: string;
  readonly name: string | null;
  readonly height: number;
  readonly first: ServiceRow;
  readonly rest: readonly ServiceRow[];
  readonly folded: string | null;
  readonly columns: number;
}

/** The columns of the matrix: what has no region of its own first. */
export function regionColumns({ scope, coverage }: ReportHeader): string[] {
  const regions = new Set([...scope.regions, ...coverage.map(({ region }) => region)]);
  return [...regions].toSorted((a, b) => Number(b === 'global') - Number(a === 'global') || compareText(a, b));
}

/** The matrix account by account, in the report's order. */
export function* accountCoverage(header: ReportHeader, regions: readonly string[], texts: Texts): Generator<AccountCoverage> {
  const names = new Map(header.scope.accounts.map(({ id, name }) => [id, name]));
  const fold = header.coverage.length > limits.matrixCells;
  for (const [id, rows] of groupBy(header.coverage, ({ account }) => account)) {
    const services = [...groupBy(rows, ({ service }) => service)].map(([service, cells]) => serviceRow(service, cells, regions));
    const [first, ...rest] = services.toSorted((a, b) => compareText(a.service, b.service));
    if (first === undefined) continue;
    const folded = fold && !rows.some(isGap) ? foldedText(rows, texts) : null;
    yield { id, name: names.get(id) ?? null, height: services.length, first, rest, folded, columns: regions.length + 1 };
  }
}

function serviceRow(service: string, rows: readonly CoverageRow[], regions: readonly string[]): ServiceRow {
  const byRegion = new Map(rows.map((row) => [row.region, row]));
  const cells = regions.map((region) => {
    const row = byRegion.get(region);
    return row === undefined ? null : { state: row.state, gap: isGap(row) ? gapAnchor(row) : null };
  });
  return { service, cells };
}

function foldedText(rows: readonly CoverageRow[], { coverage }: Texts): string {
  const skipped = rows.filter(({ state }) => state === 'skipped').length;
  const read = rows.length - skipped;
  return skipped > 0 ? coverage.foldedSkipped(read, skipped) : coverage.folded(read);
}

function gapAnchor({ account, region, service }: CoverageRow): string {
  return anchor('c', account, region, service);
}

/** A failing operation of a cell; the cell's first row carries the anchor. */
export interface GapRow {
  readonly anchor: string | null;
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly state: string;
  readonly operation: string | null;
  readonly calls: number;
  readonly errors: number;
  readonly code: string | null;
  readonly reason: string | null;
}

/** What failed in cells with gaps, and what stands in the way of verdicts. */
export interface GapsView {
  readonly rows: readonly GapRow[];
  readonly moreRows: number;
  readonly skipped: readonly { readonly reason: string; readonly cells: string }[];
  readonly causes: readonly CauseTally[];
  readonly moreCauses: number;
}

export function gapsOf({ coverage }: ReportHeader, causes: readonly CauseTally[], texts: Texts): GapsView {
  const rows: GapRow[] = [];
  let count = 0;
  const skipped = new Map<string, number>();
  for (const row of coverage) {
    const reason = row.reason ?? texts.noReason;
    if (row.state === 'skipped') skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    for (const gap of rowsOf(row)) {
      count += 1;
      if (rows.length < limits.failedOperations) rows.push(gap);
    }
  }
  return {
    rows,
    moreRows: count - rows.length,
    skipped: [...skipped].map(([reason, cells]) => ({ reason, cells: texts.coverage.cells(cells) })),
    causes: causes.slice(0, limits.causes),
    moreCauses: Math.max(0, causes.length - limits.causes),
  };
}

function rowsOf(row: CoverageRow): GapRow[] {
  const { account, region, service, state, reason } = row;
  const cell = { account, region, service, state, reason };
  const target = isGap(row) ? gapAnchor(row) : null;
  const failing = row.operations.filter(({ errors }) => errors > 0);
  if (failing.length === 0)
    return isGap(row) ? [{ ...cell, anchor: target, operation: null, calls: 0, errors: 0, code: null }] : [];
  return failing.map(({ operation, calls, errors, code }, index) => ({
    ...cell,
    anchor: index === 0 ? target : null,
    // Of many cells the reason is no more than the code.
    reason: index === 0 && reason !== code ? reason : null,
    operation,
    calls,
    errors,
    code,
  }));
}
