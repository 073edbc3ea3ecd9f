import { dirname } from 'node:path';
import { AtrestError, parseConfig, resolveBaselines, scan, type LoadedConfig } from '#index.js';
import type { Io } from '../io.js';
import {
  catalogueOf,
  clockOf,
  formatsOf,
  historyOf,
  ruleGlobsOf,
  servicesOf,
  unknownWord,
  type SharedFlags,
} from '../options.js';
import { ProgressDisplay } from '../progress.js';
import { RunLog } from '../run-log.js';
import { historyProblem, summaryJson, summaryText } from '../summary.js';

interface ScanFlags extends SharedFlags {
  readonly config?: string;
  readonly out?: string;
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly excludeRegion?: readonly string[];
  readonly service?: readonly string[];
  readonly maxRps?: number;
  readonly history?: string;
  readonly log?: string;
}

export const defaultConfig = 'atrest.yaml';

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
  const history = historyOf(flags.history, { config, file: flags.config ?? defaultConfig }, io);
  const out = flags.out ?? defaultOut(now);
  const log = RunLog.open(flags.log, io);
  // A log on stderr is read line by line by a program: nothing else stands between its lines.
  const quiet = flags.quiet === true || flags.log === '-';
  const display = quiet ? undefined : new ProgressDisplay(io);
  try {
    const result = await scan({
      catalogue,
      config,
      out,
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
      connection: { signal: io.signal, maxRps: flags.maxRps },
      history,
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

/** A config that was named must be there; the default one need not. */
export async function readConfig(path: string | undefined, io: Io): Promise<LoadedConfig> {
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
