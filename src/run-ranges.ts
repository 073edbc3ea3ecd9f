import type { OpenCell } from './open-run.js';

/** Resources of a cell after which what passes begins a new line of the findings file, so that a run can be cut there. */
export const blockSize = 10_000;

/** A place between two resources of a run: so many of a cell's are before it. */
export interface Mark {
  readonly cell: number;
  readonly record: number;
}

/** Part of a run, in the run's order. */
export interface RunRange {
  readonly from: Mark;
  /** The first that is not in it. */
  readonly to: Mark;
}

export function wholeRun(cells: readonly OpenCell[]): RunRange {
  return { from: { cell: 0, record: 0 }, to: { cell: cells.length, record: 0 } };
}

/** Cuts a run into `parts` at most, of about as many resources each. They follow one another, and miss nothing. */
export function rangesOf(cells: readonly OpenCell[], parts: number): readonly RunRange[] {
  const all = resourcesOf(cells);
  const ranges: RunRange[] = [];
  let from: Mark = { cell: 0, record: 0 };
  let before = 0;
  for (const [cell, { footer }] of cells.entries()) {
    const count = countOf(footer);
    for (let record = 0; record < Math.max(1, count); record += blockSize) {
      if (before >= ((ranges.length + 1) * all) / parts) {
        const to = { cell, record };
        ranges.push({ from, to });
        from = to;
      }
      before += Math.min(blockSize, count - record);
    }
  }
  return [...ranges, { from, to: { cell: cells.length, record: 0 } }];
}

/** How many resources a run holds, as its cells say. */
export function resourcesOf(cells: readonly OpenCell[]): number {
  return cells.reduce((sum, { footer }) => sum + countOf(footer), 0);
}

function countOf({ lists }: OpenCell['footer']): number {
  return lists.reduce((sum, { count }) => sum + count, 0);
}

/** The cells of a range, each with which of its records are in it. */
export function* cellsIn({ from, to }: RunRange, cells: readonly OpenCell[]): Generator<OpenCell & { from: number; to: number }> {
  for (let at = from.cell; at < to.cell || (at === to.cell && to.record > 0); at += 1) {
    const cell = cells[at];
    if (cell === undefined) return;
    // The last ones whatever their number: what a cell says of it is never what leaves one out.
    yield { ...cell, from: at === from.cell ? from.record : 0, to: at === to.cell ? to.record : Number.POSITIVE_INFINITY };
  }
}
