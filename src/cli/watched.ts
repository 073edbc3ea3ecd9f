import { AtrestError, type RunResult, type ScanOptions } from '#index.js';
import type { Io } from './io.js';
import { durationOf, type SharedFlags } from './options.js';
import { ProgressDisplay } from './progress.js';
import { summaryJson, summaryText } from './summary.js';

export interface ScanFlags extends SharedFlags {
  readonly config?: string;
  readonly out?: string;
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly excludeRegion?: readonly string[];
  readonly service?: readonly string[];
  readonly maxRps?: number;
  readonly workers?: number;
  readonly deadline?: string;
  readonly resume?: string;
}

/** Runs a scan, or the rest of one, in front of whoever watches it. */
export async function watched(
  flags: ScanFlags,
  io: Io,
  work: (how: Pick<ScanOptions, 'connection' | 'workers' | 'deadlineMs' | 'terminated' | 'onProgress'>) => Promise<RunResult>,
): Promise<number> {
  if (flags.maxRps !== undefined && !(flags.maxRps > 0)) throw new AtrestError('usage', '--max-rps takes a number above 0');
  if (flags.workers !== undefined && !(Number.isInteger(flags.workers) && flags.workers > 0))
    throw new AtrestError('usage', '--workers takes a whole number above 0');
  const deadlineMs = flags.deadline === undefined ? undefined : durationOf('--deadline', flags.deadline);
  const display = flags.quiet === true ? undefined : new ProgressDisplay(io);
  try {
    const result = await work({
      connection: { signal: io.signal, maxRps: flags.maxRps },
      workers: flags.workers,
      deadlineMs,
      terminated: io.terminated,
      onProgress: (progress) => display?.show(progress),
    });
    display?.end();
    if (flags.json === true) io.out(summaryJson(result));
    if (flags.quiet !== true) io.err(summaryText(result));
    return result.exitCode;
  } finally {
    display?.end();
  }
}
