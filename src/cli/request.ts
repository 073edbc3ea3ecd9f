import { dirname } from 'node:path';
import { AtrestError, parseConfig, resolveBaselines, type LoadedConfig, type ScanOptions } from '#index.js';
import type { Io } from './io.js';
import { catalogueOf, clockOf, ruleGlobsOf, servicesOf, unknownWord, type SharedFlags } from './options.js';

/** Flags that say what is scanned and by which rules. */
export interface RequestFlags extends SharedFlags {
  readonly config?: string;
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly excludeRegion?: readonly string[];
  readonly service?: readonly string[];
  readonly maxRps?: number;
  readonly workers?: number;
}

const defaultConfig = 'atrest.yaml';

/** What is to be scanned and how, from flags and config; whatever is wrong with it is said before any call. */
export async function requestOf(
  flags: RequestFlags,
  io: Io,
): Promise<Omit<ScanOptions, 'out' | 'formats' | 'failOn' | 'allowIncomplete' | 'includePass' | 'explain' | 'onProgress'>> {
  const now = clockOf(io);
  for (const id of flags.account ?? []) {
    if (!/^\d{12}$/.test(id)) throw new AtrestError('usage', `--account ${id}: an account id has 12 digits`);
  }
  if (flags.maxRps !== undefined && !(flags.maxRps > 0)) throw new AtrestError('usage', '--max-rps takes a number above 0');
  if (flags.workers !== undefined && !(Number.isInteger(flags.workers) && flags.workers > 0))
    throw new AtrestError('usage', '--workers takes a whole number above 0');
  const { config, locate } = await readConfig(flags.config, io);
  const configured = { plugins: config.plugins ?? [], base: dirname(flags.config ?? defaultConfig) };
  const catalogue = await catalogueOf(flags, configured);
  const baselines = resolveBaselines(catalogue, config, locate);
  if (flags.baseline !== undefined && !baselines.has(flags.baseline))
    unknownWord('baseline', flags.baseline, [...baselines.keys()]);
  return {
    catalogue,
    config,
    baseline: flags.baseline,
    frameworks: flags.framework ?? [],
    ruleGlobs: ruleGlobsOf(flags, catalogue),
    accounts: flags.account ?? [],
    regions: flags.region ?? [],
    excludeRegions: flags.excludeRegion ?? [],
    services: servicesOf(flags.service),
    now,
    connection: { signal: io.signal, maxRps: flags.maxRps },
    workers: flags.workers,
  };
}

/** A config that was named must be there; the default one need not. */
async function readConfig(path: string | undefined, io: Io): Promise<LoadedConfig> {
  const file = path ?? defaultConfig;
  let text: string;
  try {
    text = await io.readText(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (path === undefined && code === 'ENOENT') return { config: { version: 1 }, locate: () => file };
    throw new AtrestError('config', `Cannot read ${file}: ${code === 'ENOENT' ? 'no such file' : (code ?? String(cause))}`, {
      cause,
    });
  }
  return parseConfig(text, file);
}
