import { join } from 'node:path';
import { exists } from './run-folder.js';
import { LineWriter, readLines } from './lines.js';
import { parseLine } from './cell-file.js';

/** Keys that are asked once the run is known, with one account's credentials in one region. */
export interface FollowUpCell {
  /** Whose credentials ask. */
  readonly account: string;
  readonly region: string;
  readonly keys: readonly FollowUpKey[];
}

export interface FollowUpKey {
  readonly arn: string;
  readonly owner: string;
  readonly facets: readonly string[];
}

const header = '{"followUps":"1.0"}';

function planPath(run: string): string {
  return join(run, 'inventory', 'follow-ups.ndjson.gz');
}

/** Remembers what is to be asked, when all cells have been read: the file says that they have. */
export async function writeFollowUpPlan(run: string, cells: readonly FollowUpCell[]): Promise<void> {
  const file = new LineWriter(planPath(run));
  try {
    file.write(header);
    for (const cell of cells) {
      file.write(JSON.stringify(cell));
      if (file.full) await file.drained();
    }
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Undefined where the run did not come so far. */
export async function readFollowUpPlan(run: string): Promise<readonly FollowUpCell[] | undefined> {
  const path = planPath(run);
  if (!(await exists(path))) return undefined;
  const cells: FollowUpCell[] = [];
  for await (const lines of readLines(path))
    for (const line of lines) if (line !== header) cells.push(parseLine<FollowUpCell>(path, line));
  return cells;
}
