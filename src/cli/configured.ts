import { dirname, isAbsolute, join } from 'node:path';
import {
  AtrestError,
  checkGate,
  checkRates,
  parseConfig,
  parseWaivers,
  resolveBaselines,
  type Catalogue,
  type Config,
  type ConfigFile,
  type LoadedConfig,
  type Waivers,
  type WaiverText,
} from '#index.js';
import type { Io } from './io.js';
import { catalogueOf, unknownWord, type SharedFlags } from './options.js';
import { pathInRepository } from './repository.js';

export const defaultConfig = 'atrest.yaml';

export interface Configured {
  readonly config: Config;
  readonly catalogue: Catalogue;
  /** Undefined: the config names no file of waivers. */
  readonly waivers: Waivers | undefined;
  /** Where the config is written; undefined: in no file that a report could point to. */
  readonly configFile: ConfigFile | undefined;
}

/** The config with the rules that it and the flags bring, and its waivers. Rejects what does not fit together. */
export async function configuredBy(flags: SharedFlags & { readonly config?: string }, io: Io): Promise<Configured> {
  const loaded = await readConfig(flags.config, io);
  const { config, locate } = loaded;
  const base = dirname(flags.config ?? defaultConfig);
  const configured = { plugins: config.plugins ?? [], base };
  const catalogue = await catalogueOf(flags, configured);
  const baselines = resolveBaselines(catalogue, config, locate);
  checkRates(catalogue, config, locate);
  checkGate(catalogue, config, locate);
  if (flags.baseline !== undefined && !baselines.has(flags.baseline))
    unknownWord('baseline', flags.baseline, [...baselines.keys()]);
  const path = loaded.isThere ? await pathInRepository(flags.config ?? defaultConfig) : undefined;
  const configFile = path === undefined ? undefined : { path, locate };
  return { config, catalogue, waivers: await waiversOf(loaded, catalogue, base, io), configFile };
}

async function waiversOf(
  { config, locate }: LoadedConfig,
  { rules }: Catalogue,
  base: string,
  io: Io,
): Promise<Waivers | undefined> {
  if (config.waivers === undefined) return undefined;
  const files: WaiverText[] = [];
  for (const [index, name] of config.waivers.entries()) {
    const file = isAbsolute(name) ? name : join(base, name);
    try {
      files.push({ name, file, text: await io.readText(file) });
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'no such file' : (code ?? String(cause));
      throw new AtrestError('config', `${locate(['waivers', index])}: cannot read ${file}: ${why}`, { cause });
    }
  }
  return parseWaivers(files, rules, config.waiverPolicy);
}

/** A config that was named must be there; the default one need not. */
export async function readConfig(path: string | undefined, io: Io): Promise<LoadedConfig & { readonly isThere: boolean }> {
  const file = path ?? defaultConfig;
  let text: string;
  try {
    text = await io.readText(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (path === undefined && code === 'ENOENT') return { config: { version: 1 }, locate: () => file, isThere: false };
    throw new AtrestError('config', `Cannot read ${file}: ${code === 'ENOENT' ? 'no such file' : (code ?? String(cause))}`, {
      cause,
    });
  }
  return { ...parseConfig(text, file), isThere: true };
}
