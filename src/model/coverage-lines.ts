import type { CoverageRow } from './report.js';

/** The coverage ledger: a line per cell and operation; a cell that made no call has one line without one. */
export function* coverageLines(coverage: readonly CoverageRow[]): Generator<string> {
  for (const { operations, ...cell } of coverage)
    for (const operation of operations.length === 0 ? [null] : operations) yield JSON.stringify({ ...cell, ...operation });
}
