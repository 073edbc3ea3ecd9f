import { dirname } from 'node:path';
import { AtrestError, parseConfig, resolveBaselines, scan, type LoadedConfig } from '#index.js';
import type { Io } from '../io.js';
import { catalogueOf, clockOf, formatsOf, ruleGlobsOf, servicesOf, unknownWord, type SharedFlags } from '../options.js';
import { ProgressDisplay } from '../progress.js';
import { summaryJson, summaryText } from '../summary.js';

interface ScanFlags extends SharedFlags {
  readonly config?: string;
  readonly out?: string;
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly excludeRegion?: readonly string[];
  readonly stsRegion?: string;
  readonly service?: readonly string[];
  readonly maxRps?: number;
}

const defaultConfig = 'atrest.yaml';

export async function scanCommand(flags: ScanFlags, io: Io): Promise<number> {
  const now = clockOf(io);
  for (const id of flags.account ?? []) {
    if (!/^\d{12}$/.test(id)) throw new AtrestError('usage', `--account ${id}: an account id has 12 digits`);
  }
  if (flags.maxRps !== undefined && !(flags.maxRps > 0)) throw new AtrestError('usage', '--max-rps takes a number above 0');
  const { config, locate } = await readConfig(flags.config, io);
  const configured = { plugins: config.plugins ?? [], base: dirname(flags.config ?? defaultConfig) };
  const catalogue = await catalogueOf(flags, configured);
  const baselines = resolveBaselines(catalogue, config, locate);
  if (flags.baseline !== undefined && !baselines.has(flags.baseline))
    unknownWord('baseline', flags.baseline, [...baselines.keys()]);
  const display = flags.quiet === true ? undefined : new ProgressDisplay(io);
  try {
    const result = await scan({
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
      connection: { signal: io.signal, maxRps: flags.maxRps },
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

function defaultOut(now: Date | undefined): string {
  return `atrest-runs/${(now ?? new Date()).toISOString().slice(0, 19).replaceAll(':', '').replaceAll('-', '')}Z`;
}
