import { readRun } from '#inventory/run-folder.js';
import { cellPath, readCell, type CellFooter } from '#inventory/cell-file.js';
import type { Estate, EstateOptions, World } from '#estate/index.js';
import type { ResourceRecord } from '#model/resources/index.js';

/** Everything that a run's inventory holds. */
export async function inventoryOf(run: string): Promise<{ records: readonly ResourceRecord[]; footers: readonly CellFooter[] }> {
  const records: ResourceRecord[] = [];
  const footers: CellFooter[] = [];
  for (const cell of (await readRun(run)).cells) {
    for await (const part of readCell(cellPath(run, cell))) {
      records.push(...part.records);
      if (part.footer !== undefined) footers.push(part.footer);
    }
  }
  return { records, footers };
}

/** Options under which `change` happens to the world right after the first answer to `operation`, before anything else is asked. */
export function after(
  operation: string,
  change: (world: World) => void,
): { prepare: (estate: Estate) => void; estate: EstateOptions } {
  let running: Estate | undefined;
  let done = false;
  return {
    prepare: (estate) => {
      running = estate;
    },
    estate: {
      // Asked for every answer once it is made, and before it is sent.
      latencyMs: () => {
        if (!done && running?.log.at(-1)?.operation === operation) {
          done = true;
          change(running.world);
        }
        return 0;
      },
    },
  };
}

/** How often each operation was called, as `OPERATION RESOURCE`. */
export function callsOn({ log }: Estate, resource: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const call of log) {
    if (call.resource !== resource) continue;
    counts[call.operation] = (counts[call.operation] ?? 0) + 1;
  }
  return counts;
}
