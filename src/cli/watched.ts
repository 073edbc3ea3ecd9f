import type { RunResult, ScanOptions } from '#index.js';
import type { Io } from './io.js';
import { durationOf, speedOf } from './options.js';
import { ProgressDisplay } from './progress.js';
import type { RequestFlags } from './request.js';
import { RunLog } from './run-log.js';
import { historyProblem, summaryJson, summaryText } from './summary.js';

export interface ScanFlags extends RequestFlags {
  readonly out?: string;
  readonly deadline?: string;
  readonly resume?: string;
  readonly history?: string;
  readonly log?: string;
}

/** Runs a scan, or the rest of one, into the folder `out`, in front of whoever watches it. */
export async function watched(
  out: string,
  flags: ScanFlags,
  io: Io,
  work: (
    how: Pick<ScanOptions, 'connection' | 'workers' | 'accountConcurrency' | 'deadlineMs' | 'terminated' | 'onProgress'>,
  ) => Promise<RunResult>,
): Promise<number> {
  const { maxRps, workers, accountConcurrency } = speedOf(flags);
  const deadlineMs = flags.deadline === undefined ? undefined : durationOf('--deadline', flags.deadline);
  const log = RunLog.open(flags.log, io);
  // A log on stderr is read line by line by a program: nothing else stands between its lines.
  const quiet = flags.quiet === true || flags.log === '-';
  const display = quiet ? undefined : new ProgressDisplay(io);
  try {
    const result = await work({
      connection: { signal: io.signal, maxRps },
      workers,
      accountConcurrency,
      deadlineMs,
      terminated: io.terminated,
      onProgress: (progress) => {
        display?.show(progress);
        log?.progress(progress);
      },
    });
    display?.end();
    log?.end(result);
    if (flags.json === true) io.out(summaryJson(result));
    if (!quiet) io.err(summaryText(result));
    // However quiet it is asked to be: the run is not where it belongs.
    if (flags.log !== '-') io.err(historyProblem(result, out));
    return result.exitCode;
  } catch (error) {
    log?.failed(error);
    throw error;
  } finally {
    log?.close();
    display?.end();
  }
}
