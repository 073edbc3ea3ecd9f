import { AtrestError, type ScanOptions } from '#index.js';
import { configuredBy } from './configured.js';
import type { Io } from './io.js';
import { clockOf, ruleGlobsOf, servicesOf, speedOf, type SharedFlags, type SpeedFlags } from './options.js';

/** Flags that say what is scanned and by which rules. */
export interface RequestFlags extends SharedFlags, SpeedFlags {
  readonly config?: string;
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly excludeRegion?: readonly string[];
  readonly stsRegion?: string;
  readonly service?: readonly string[];
}

/** What is to be scanned and how, from flags and config; whatever is wrong with it is said before any call. */
export async function requestOf(
  flags: RequestFlags,
  io: Io,
): Promise<Omit<ScanOptions, 'out' | 'formats' | 'failOn' | 'allowIncomplete' | 'includePass' | 'explain' | 'onProgress'>> {
  const now = clockOf(io);
  for (const id of flags.account ?? []) {
    if (!/^\d{12}$/.test(id)) throw new AtrestError('usage', `--account ${id}: an account id has 12 digits`);
  }
  const { maxRps, workers, accountConcurrency } = speedOf(flags);
  const { config, catalogue, waivers, configFile } = await configuredBy(flags, io);
  return {
    catalogue,
    config,
    waivers,
    configFile,
    baseline: flags.baseline,
    frameworks: flags.framework ?? [],
    ruleGlobs: ruleGlobsOf(flags, catalogue),
    accounts: flags.account ?? [],
    regions: flags.region ?? [],
    excludeRegions: flags.excludeRegion ?? [],
    stsRegion: flags.stsRegion,
    services: servicesOf(flags.service),
    now,
    connection: { signal: io.signal, maxRps },
    workers,
    accountConcurrency,
  };
}
