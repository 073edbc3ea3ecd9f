import type { RunResult, ScanOptions } from '#index.js';
import type { Io } from './io.js';
import { durationOf, speedOf } from './options.js';
import { ProgressDisplay } from './progress.js';
import type { RequestFlags } from './request.js';
import { summaryJson, summaryText } from './summary.js';

export interface ScanFlags extends RequestFlags {
  readonly out?: string;
  readonly deadline?: string;
  readonly resume?: string;
}

/** Runs a scan, or the rest of one, in front of whoever watches it. */
export async function watched(
  flags: ScanFlags,
  io: Io,
  work: (how: Pick<ScanOptions, 'connection' | 'workers' | 'deadlineMs' | 'terminated' | 'onProgress'>) => Promise<RunResult>,
): Promise<number> {
  const { maxRps, workers } = speedOf(flags);
  const deadlineMs = flags.deadline === undefined ? undefined : durationOf('--deadline', flags.deadline);
  const display = flags.quiet === true ? undefined : new ProgressDisplay(io);
  try {
    const result = await work({
      connection: { signal: io.signal, maxRps },
      workers,
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
