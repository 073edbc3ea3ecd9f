import { AtrestError, scan, type RunResult, type ScanOptions } from '#index.js';
import { configuredBy } from '../configured.js';
import type { Io } from '../io.js';
import { clockOf, durationOf, formatsOf, ruleGlobsOf, servicesOf, type SharedFlags } from '../options.js';
import { ProgressDisplay } from '../progress.js';
import { summaryJson, summaryText } from '../summary.js';

export interface ScanFlags extends SharedFlags {
  readonly config?: string;
  readonly out?: string;
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly excludeRegion?: readonly string[];
  readonly stsRegion?: string;
  readonly service?: readonly string[];
  readonly maxRps?: number;
  readonly workers?: number;
  readonly deadline?: string;
  readonly resume?: string;
}

export async function scanCommand(flags: ScanFlags, io: Io): Promise<number> {
  if (flags.resume !== undefined) return (await import('./resume.js')).resumeCommand(flags.resume, flags, io);
  const now = clockOf(io);
  for (const id of flags.account ?? []) {
    if (!/^\d{12}$/.test(id)) throw new AtrestError('usage', `--account ${id}: an account id has 12 digits`);
  }
  const { config, catalogue } = await configuredBy(flags, io);
  return carryOut(flags, io, (how) =>
    scan({
      ...how,
      catalogue,
      config,
      out: flags.out ?? defaultOut(now),
      baseline: flags.baseline,
      frameworks: flags.framework ?? [],
      ruleGlobs: ruleGlobsOf(flags, catalogue),
      accounts: flags.account ?? [],
      regions: flags.region ?? [],
      excludeRegions: flags.excludeRegion ?? [],
      stsRegion: flags.stsRegion,
      services: servicesOf(flags.service),
      formats: formatsOf(flags),
      failOn: flags.failOn ?? 'high',
      allowIncomplete: flags.allowIncomplete ?? false,
      includePass: flags.includePass ?? false,
      explain: flags.explain ?? false,
      now,
    }),
  );
}

/** Runs a scan, or the rest of one, in front of whoever watches it. */
export async function carryOut(
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

function defaultOut(now: Date | undefined): string {
  return `atrest-runs/${(now ?? new Date()).toISOString().slice(0, 19).replaceAll(':', '').replaceAll('-', '')}Z`;
}
