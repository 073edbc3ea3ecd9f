import { pruneKnown, writeKnownOf } from '#index.js';
import { knownText } from '../gate-text.js';
import type { Io } from '../io.js';
import { clockOf } from '../options.js';

export async function knownWriteCommand(
  run: string,
  { out, prune = false }: { readonly out: string; readonly prune?: boolean },
  io: Io,
): Promise<number> {
  io.err(knownText(await writeKnownOf(run, out, { prune, now: clockOf(io) ?? new Date() }), run));
  return 0;
}

export async function knownPruneCommand(run: string, { file }: { readonly file: string }, io: Io): Promise<number> {
  io.err(knownText(await pruneKnown(run, file), run));
  return 0;
}
