import { compareRuns, readSummary, shorten } from '#index.js';
import { diffJson, diffMarkdown, diffText, listedMax } from '../diff-text.js';
import type { Io } from '../io.js';
import { clockOf } from '../options.js';

/** 1 when something is new or worse. */
export async function diffCommand(
  before: string,
  after: string,
  { format }: { readonly format: 'text' | 'json' | 'md' },
  io: Io,
): Promise<number> {
  const comparison = await compareRuns(before, after);
  const runs = { before: comparison.run, after: (await readSummary(after)).run.id };
  const changes = await shorten(comparison.findings(), clockOf(io) ?? new Date(), listedMax);
  if (format === 'json') for await (const piece of diffJson(runs, comparison.findings(), changes)) io.out(piece);
  else io.out(format === 'md' ? diffMarkdown(runs, changes) : diffText(runs, changes));
  return changes.regressed ? 1 : 0;
}
