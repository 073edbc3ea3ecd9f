import { createRequire } from 'node:module';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { registryOf } from '#collect/registry.js';
import type { AnyKind } from '#collect/service.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { defineRule, keyLookup, type Rule } from '#model/rule.js';
import { declaredRule } from './declared.js';
import { facetOf } from './facet.js';
import { formatOfPlugin } from './format.js';
import { ruleOf } from './shape.js';

/** What a plugin gets that exports a function, and so needs no import of its own. */
export const pluginApi = { defineRule, keyLookup, z };
export type PluginApi = typeof pluginApi;

const codeName = /(?<!\.test)\.m?js$/;
const declaredName = /(?<!\.test)\.ya?ml$/;

/** What a plugin brings. */
export type Plugin = Pick<Catalogue, 'rules' | 'facets'> & Required<Pick<Catalogue, 'formats'>>;

/**
 * Adds the rules, facets and report formats of plugins to a catalogue. A plugin is a folder or an npm package; `base` is what relative
 * ones are relative to. Rejects what does not load: a rule that is silently not there would read as a pass.
 */
export async function withPlugins(catalogue: Catalogue, plugins: readonly string[], base: string): Promise<Catalogue> {
  const rules = [...catalogue.rules];
  let { facets, formats = [] } = catalogue;
  for (const plugin of plugins) {
    const loaded = await loadPlugin(plugin, base, { facets, formats });
    ({ facets, formats } = loaded);
    for (const rule of loaded.rules) {
      const taken = rules.find(({ id }) => id === rule.id);
      if (taken !== undefined)
        throw new AtrestError(
          'config',
          `The plugin ${plugin} has a rule ${rule.id}, which is ${taken.origin === 'built-in' ? 'built in' : `one of ${taken.origin}`} already`,
        );
      rules.push(rule);
    }
  }
  const sources = plugins.map((name) => ({ name, base }));
  return { ...catalogue, rules, facets, formats, plugins: [...(catalogue.plugins ?? []), ...sources] };
}

/** The rules of one plugin, and its facets and formats after those that were there before it. Rejects when it has neither rules nor formats. */
export async function loadPlugin(
  plugin: string,
  base: string,
  before: Pick<Plugin, 'facets' | 'formats'> = { facets: [], formats: [] },
): Promise<Plugin> {
  const isPath = /^[./]/.test(plugin) || plugin.includes('\\');
  const path = isPath ? resolve(base, plugin) : packagePath(plugin, base);
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) throw new AtrestError('config', `The plugin ${plugin} is not there: ${path}`);
  const files = there.isDirectory() ? await folderFiles(path, plugin) : [await codeFile(path, plugin)];
  // Facets first: a rule may stand in a file before that of the facet that it needs.
  const facets = [...before.facets];
  for (const file of files)
    for (const facet of file.facets) facets.push(facetOf(facet, file.path, plugin, registryOf(facets).kinds));
  const known = registryOf(facets).kinds;
  const rules = files.flatMap((file) => file.rules(known));
  const formats = [...before.formats];
  for (const file of files)
    for (const format of file.formats) formats.push(await formatOfPlugin(format, file.path, plugin, formats));
  if (rules.length > 0 || formats.length > before.formats.length) return { rules, facets, formats };
  throw new AtrestError('config', `The plugin ${plugin} has neither rules nor formats`, {
    hint: `${path} should hold rules as .mjs, .js or .yaml files.`,
  });
}

/** A file of a plugin: its rules are checked when the facets of all files are known. */
interface PluginFile {
  readonly path: string;
  readonly facets: readonly unknown[];
  readonly formats: readonly unknown[];
  readonly rules: (known: readonly AnyKind[]) => readonly Rule[];
}

/** A folder with a package.json is loaded as the package it is; any other by its files. */
async function folderFiles(path: string, plugin: string): Promise<readonly PluginFile[]> {
  const names = (await readdir(path)).sort();
  if (names.includes('package.json')) {
    const { exports, main } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as {
      exports?: unknown;
      main?: string;
    };
    if (exports !== undefined || main !== undefined)
      return [await codeFile(createRequire(join(path, 'package.json')).resolve(path), plugin)];
  }
  const files: PluginFile[] = [];
  for (const name of names) {
    const file = join(path, name);
    if (codeName.test(name)) files.push(await codeFile(file, plugin));
    else if (declaredName.test(name)) {
      const text = await readFile(file, 'utf8');
      files.push({ path: file, facets: [], formats: [], rules: (known) => [declaredRule(text, file, plugin, known)] });
    }
  }
  return files;
}

async function codeFile(path: string, plugin: string): Promise<PluginFile> {
  const refusal = (reason: string, cause?: unknown) =>
    new AtrestError('config', `The plugin ${plugin} does not load: ${basename(path)}${reason}`, { cause });
  let exported: unknown;
  let [facets, formats]: unknown[] = [];
  try {
    ({
      default: exported,
      facets,
      formats,
    } = (await import(pathToFileURL(path).href)) as { default?: unknown; facets?: unknown; formats?: unknown });
    if (typeof exported === 'function') exported = await (exported as (api: PluginApi) => unknown)(pluginApi);
  } catch (cause) {
    throw refusal(`: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (facets !== undefined && !Array.isArray(facets)) throw refusal(' exports facets that are not a list');
  if (formats !== undefined && !Array.isArray(formats)) throw refusal(' exports formats that are not a list');
  if (exported === undefined && facets === undefined && formats === undefined) throw refusal(' has no default export');
  const given =
    exported === undefined ? [] : Array.isArray(exported) ? exported : isBundle(exported) ? exported.rules : [exported];
  return {
    path,
    facets: facets ?? [],
    formats: formats ?? [],
    rules: (known) => given.map((rule) => ruleOf(rule, path, plugin, known)),
  };
}

function isBundle(exported: unknown): exported is { readonly rules: readonly unknown[] } {
  return typeof exported === 'object' && exported !== null && 'rules' in exported && Array.isArray(exported.rules);
}

function packagePath(plugin: string, base: string): string {
  try {
    return createRequire(join(base, 'package.json')).resolve(plugin);
  } catch (cause) {
    throw new AtrestError('config', `The plugin ${plugin} is not installed where the config is`, {
      hint: `Install it there, or name a folder: ./${plugin}`,
      cause,
    });
  }
}
