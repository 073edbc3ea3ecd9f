import { dirname } from 'node:path';
import { AtrestError, parseConfig, resolveBaselines, scan, type LoadedConfig } from '#index.js';
import type { Io } from '../io.js';
import { catalogueOf, clockOf, formatsOf, ruleGlobsOf, servicesOf, unknownWord } from '../options.js';
import { watched, type ScanFlags } from '../watched.js';

const defaultConfig = 'atrest.yaml';

export async function scanCommand(flags: ScanFlags, io: Io): Promise<number> {
  if (flags.resume !== undefined) return (await import('./resume.js')).resumeCommand(flags.resume, flags, io);
  const now = clockOf(io);
  for (const id of flags.account ?? []) {
    if (!/^\d{12}$/.test(id)) throw new AtrestError('usage', `--account ${id}: an account id has 12 digits`);
  }
  const { config, locate } = await readConfig(flags.config, io);
  const configured = { plugins: config.plugins ?? [], base: dirname(flags.config ?? defaultConfig) };
  const catalogue = await catalogueOf(flags, configured);
  const baselines = resolveBaselines(catalogue, config, locate);
  if (flags.baseline !== undefined && !baselines.has(flags.baseline))
    unknownWord('baseline', flags.baseline, [...baselines.keys()]);
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
