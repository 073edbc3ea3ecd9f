import { createRequire } from 'node:module';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { defineRule, keyLookup, type Rule } from '#model/rule.js';
import { declaredRule } from './declared.js';
import { ruleOf } from './shape.js';

/** What a plugin gets that exports a function, and so needs no import of its own. */
export const pluginApi = { defineRule, keyLookup, z };
export type PluginApi = typeof pluginApi;

const codeFile = /(?<!\.test)\.m?js$/;
const declaredFile = /(?<!\.test)\.ya?ml$/;

/**
 * Adds the rules of plugins to a catalogue. A plugin is a folder or an npm package; `base` is what relative ones are
 * relative to. Rejects what does not load: a rule that is silently not there would read as a pass.
 */
export async function withPlugins(catalogue: Catalogue, plugins: readonly string[], base: string): Promise<Catalogue> {
  const rules = [...catalogue.rules];
  for (const plugin of plugins) {
    for (const rule of await loadPlugin(plugin, base)) {
      const taken = rules.find(({ id }) => id === rule.id);
      if (taken !== undefined)
        throw new AtrestError(
          'config',
          `The plugin ${plugin} has a rule ${rule.id}, which is ${taken.origin === 'built-in' ? 'built in' : `one of ${taken.origin}`} already`,
        );
      rules.push(rule);
    }
  }
  return { ...catalogue, rules };
}

/** The rules of one plugin, at least one. */
export async function loadPlugin(plugin: string, base: string): Promise<readonly Rule[]> {
  const isPath = /^[./]/.test(plugin) || plugin.includes('\\');
  const path = isPath ? resolve(base, plugin) : packagePath(plugin, base);
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) throw new AtrestError('config', `The plugin ${plugin} is not there: ${path}`);
  const rules = there.isDirectory() ? await folderRules(path, plugin) : await codeRules(path, plugin);
  if (rules.length > 0) return rules;
  throw new AtrestError('config', `The plugin ${plugin} has no rules`, {
    hint: `${path} should hold rules as .mjs, .js or .yaml files.`,
  });
}

/** A folder with a package.json is loaded as the package it is; any other by its files. */
async function folderRules(path: string, plugin: string): Promise<readonly Rule[]> {
  const names = (await readdir(path)).sort();
  if (names.includes('package.json')) {
    const { exports, main } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as {
      exports?: unknown;
      main?: string;
    };
    if (exports !== undefined || main !== undefined)
      return codeRules(createRequire(join(path, 'package.json')).resolve(path), plugin);
  }
  const rules: Rule[] = [];
  for (const name of names) {
    const file = join(path, name);
    if (codeFile.test(name)) rules.push(...(await codeRules(file, plugin)));
    else if (declaredFile.test(name)) rules.push(declaredRule(await readFile(file, 'utf8'), file, plugin));
  }
  return rules;
}

async function codeRules(file: string, plugin: string): Promise<readonly Rule[]> {
  let exported: unknown;
  try {
    ({ default: exported } = (await import(pathToFileURL(file).href)) as { default?: unknown });
    if (typeof exported === 'function') exported = await (exported as (api: PluginApi) => unknown)(pluginApi);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AtrestError('config', `The plugin ${plugin} does not load: ${basename(file)}: ${reason}`, { cause });
  }
  if (exported === undefined)
    throw new AtrestError('config', `The plugin ${plugin} does not load: ${basename(file)} has no default export`);
  const given = Array.isArray(exported) ? exported : isBundle(exported) ? exported.rules : [exported];
  return given.map((rule) => ruleOf(rule, file, plugin));
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
