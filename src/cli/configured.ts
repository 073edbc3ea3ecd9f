import { dirname } from 'node:path';
import {
  AtrestError,
  checkGate,
  checkRates,
  parseConfig,
  resolveBaselines,
  type Catalogue,
  type Config,
  type LoadedConfig,
} from '#index.js';
import type { Io } from './io.js';
import { catalogueOf, unknownWord, type SharedFlags } from './options.js';

export const defaultConfig = 'atrest.yaml';

/** The config with the rules that it and the flags bring. Rejects what does not fit together. */
export async function configuredBy(
  flags: SharedFlags & { readonly config?: string },
  io: Io,
): Promise<{ readonly config: Config; readonly catalogue: Catalogue }> {
  const { config, locate } = await readConfig(flags.config, io);
  const configured = { plugins: config.plugins ?? [], base: dirname(flags.config ?? defaultConfig) };
  const catalogue = await catalogueOf(flags, configured);
  const baselines = resolveBaselines(catalogue, config, locate);
  checkRates(catalogue, config, locate);
  checkGate(catalogue, config, locate);
  if (flags.baseline !== undefined && !baselines.has(flags.baseline))
    unknownWord('baseline', flags.baseline, [...baselines.keys()]);
  return { config, catalogue };
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
