import { AtrestError, scan } from '#index.js';
import { configuredBy } from '../configured.js';
import type { Io } from '../io.js';
import { clockOf, formatsOf, ruleGlobsOf, servicesOf } from '../options.js';
import { watched, type ScanFlags } from '../watched.js';

export async function scanCommand(flags: ScanFlags, io: Io): Promise<number> {
  if (flags.resume !== undefined) return (await import('./resume.js')).resumeCommand(flags.resume, flags, io);
  const now = clockOf(io);
  for (const id of flags.account ?? []) {
    if (!/^\d{12}$/.test(id)) throw new AtrestError('usage', `--account ${id}: an account id has 12 digits`);
  }
  const { config, catalogue } = await configuredBy(flags, io);
  return watched(flags, io, (how) =>
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

function defaultOut(now: Date | undefined): string {
  return `atrest-runs/${(now ?? new Date()).toISOString().slice(0, 19).replaceAll(':', '').replaceAll('-', '')}Z`;
}
