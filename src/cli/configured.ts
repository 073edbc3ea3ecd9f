import { access } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import {
  AtrestError,
  checkGate,
  checkRates,
  parseConfig,
  resolveBaselines,
  type Catalogue,
  type Config,
  type ConfigFile,
  type LoadedConfig,
} from '#index.js';
import type { Io } from './io.js';
import { catalogueOf, unknownWord, type SharedFlags } from './options.js';

export const defaultConfig = 'atrest.yaml';

/** The config with the rules that it and the flags bring. Rejects what does not fit together. */
export async function configuredBy(
  flags: SharedFlags & { readonly config?: string },
  io: Io,
): Promise<{ readonly config: Config; readonly catalogue: Catalogue; readonly configFile: ConfigFile | undefined }> {
  const { config, locate, isThere } = await readConfig(flags.config, io);
  const configured = { plugins: config.plugins ?? [], base: dirname(flags.config ?? defaultConfig) };
  const catalogue = await catalogueOf(flags, configured);
  const baselines = resolveBaselines(catalogue, config, locate);
  checkRates(catalogue, config, locate);
  checkGate(catalogue, config, locate);
  if (flags.baseline !== undefined && !baselines.has(flags.baseline))
    unknownWord('baseline', flags.baseline, [...baselines.keys()]);
  const path = isThere ? await pathInRepository(flags.config ?? defaultConfig) : undefined;
  return { config, catalogue, configFile: path === undefined ? undefined : { path, locate } };
}

/** A file's path in its git repository, else below the working directory, with forward slashes; undefined: it is elsewhere. */
async function pathInRepository(file: string): Promise<string | undefined> {
  const whole = resolve(file);
  const path = relative((await repositoryOf(dirname(whole))) ?? resolve('.'), whole).split(sep);
  return path[0] === '..' || path[0]?.endsWith(':') === true ? undefined : path.join('/');
}

async function repositoryOf(folder: string): Promise<string | undefined> {
  const found = await access(join(folder, '.git')).then(
    () => true,
    () => false,
  );
  if (found) return folder;
  return dirname(folder) === folder ? undefined : repositoryOf(dirname(folder));
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
