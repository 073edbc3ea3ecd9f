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

/** The matrix's rows of one account. */
export interface AccountCoverage {
  readonly id: string;
  readonly name: string | null;
  readonly height: number;
  readonly first: ServiceRow;
  readonly rest: readonly ServiceRow[];
}

/** Accounts of which the same is to be said, in one row. */
export interface FoldedCoverage {
  readonly accounts: readonly { readonly id: string; readonly name: string | null }[];
  readonly several: boolean;
  readonly states: readonly { readonly state: string; readonly cells: string }[];
  readonly columns: number;
}

/** The matrix: accounts cell by cell, and those that there is no room for, folded. */
export interface Matrix {
  readonly accounts: readonly AccountCoverage[];
  readonly folded: readonly FoldedCoverage[];
}

/** The columns of the matrix: what has no region of its own first. */
export function regionColumns({ scope, coverage }: ReportHeader): string[] {
  const regions = new Set([...scope.regions, ...coverage.map(({ region }) => region)]);
  return [...regions].toSorted((a, b) => Number(b === 'global') - Number(a === 'global') || compareText(a, b));
}

/** In the report's order; where not all cells fit, those of accounts with gaps come before others. */
export function matrixOf(header: ReportHeader, regions: readonly string[], findings: number, texts: Texts): Matrix {
  const names = new Map(header.scope.accounts.map(({ id, name }) => [id, name]));
  const accounts = [...groupBy(header.coverage, ({ account }) => account)];
  const whole = accountsInFull(
    accounts,
    regions.length,
    limits.matrixCells * (findings > limits.fewFindings ? 1 : limits.besideFew),
  );
  return {
    accounts: accounts.flatMap(([id, rows]) =>
      whole.has(id) ? [accountOf({ id, name: names.get(id) ?? null }, rows, regions)] : [],
    ),
    folded: folded(
      accounts.flatMap(([id, rows]) => (whole.has(id) ? [] : [{ id, name: names.get(id) ?? null, rows }])),
      regions.length + 1,
      texts,
    ),
  };
}

type Rows = readonly CoverageRow[];

function accountsInFull(accounts: readonly (readonly [string, Rows])[], columns: number, most: number): ReadonlySet<string> {
  const cellsOf = (rows: Rows) => columns * new Set(rows.map(({ service }) => service)).size;
  const cells = accounts.reduce((sum, [, rows]) => sum + cellsOf(rows), 0);
  if (cells <= most) return new Set(accounts.map(([id]) => id));
  let room = most;
  return new Set(
    accounts
      .filter(([, rows]) => rows.some(isGap))
      .filter(([, rows]) => {
        room -= cellsOf(rows);
        return room >= 0;
      })
      .map(([id]) => id),
  );
}

function accountOf(
  account: { readonly id: string; readonly name: string | null },
  rows: Rows,
  regions: readonly string[],
): AccountCoverage {
  const services = [...groupBy(rows, ({ service }) => service)]
    .map(([service, cells]) => serviceRow(service, cells, regions))
    .toSorted((a, b) => compareText(a.service, b.service));
  // Of an account with cells there is a service.
  const [first, ...rest] = services as [ServiceRow, ...ServiceRow[]];
  return { ...account, height: services.length, first, rest };
}

type Folding = (rows: Rows, texts: Texts) => FoldedCoverage['states'];

/** Alike are accounts of which the same is said, those with gaps first; where too few are, less is said. */
function folded(
  accounts: readonly { readonly id: string; readonly name: string | null; readonly rows: Rows }[],
  columns: number,
  texts: Texts,
): readonly FoldedCoverage[] {
  const by = (states: Folding) => groupBy(accounts, ({ rows }) => JSON.stringify(states(rows, texts)));
  const named = by(statesByPlace);
  const groups = named.size <= limits.matrixFolded ? named : by(statesByCount);
  const inOrder = [...groups].toSorted(([, [a]], [, [b]]) => Number(b?.rows.some(isGap)) - Number(a?.rows.some(isGap)));
  return inOrder.map(([states, alike]) => ({
    accounts: alike.map(({ id, name }) => ({ id, name })),
    several: alike.length > 1,
    states: JSON.parse(states) as FoldedCoverage['states'],
    columns,
  }));
}

/** Gaps by service and region, and how many cells have none. */
function statesByPlace(rows: Rows, texts: Texts): FoldedCoverage['states'] {
  if (!rows.some(isGap)) return [{ state: 'complete', cells: foldedText(rows, texts) }];
  return [...groupBy(rows, ({ state }) => state)].map(([state, those]) => {
    const places = [...groupBy(those, ({ service }) => service)].map(([service, cells]) =>
      texts.coverage.inRegions(service, cells.map(({ region }) => region).join(', '), cells.length),
    );
    return { state, cells: isGap({ state }) ? places.join('; ') : texts.coverage.cells(those.length) };
  });
}

function statesByCount(rows: Rows, texts: Texts): FoldedCoverage['states'] {
  if (!rows.some(isGap)) return statesByPlace(rows, texts);
  return [...groupBy(rows, ({ state }) => state)].map(([state, those]) => ({ state, cells: texts.coverage.cells(those.length) }));
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
