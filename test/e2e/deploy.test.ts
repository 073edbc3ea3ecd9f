import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { atrest } from '../support/cli.js';

const folder = fileURLToPath(new URL('../../deploy/', import.meta.url));
/** What begins in two dashes and is no flag of ours. */
const others = new Set(['--from', '--global', '--ignore-scripts', '--clean', '--yes']);
/** The keys by which a YAML file of a service is known. */
const kinds = ['jobs', 'runs', 'encryption-gate', 'phases'];
/** A line that names the command, as shell does. */
const called = /\batrest ((?:scan|gate|report|known write|baseline show)\b)([^\n]*)/g;

test('deploy/ names flags that the commands have, and every file of it stands in its README', async () => {
  const { stdout } = await atrest(['scan', '--help']);
  const readme = await readFile(`${folder}README.md`, 'utf8');
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(12);
  const lines = new Map<string, string[]>();
  for (const { parentPath, name } of files) {
    const text = await readFile(`${parentPath}/${name}`, 'utf8');
    if (name.endsWith('.yml'))
      expect(
        Object.keys(parse(text) as object).some((key) => kinds.includes(key)),
        name,
      ).toBe(true);
    for (const [, command = '', rest = ''] of text.matchAll(called)) lines.set(command, [...(lines.get(command) ?? []), rest]);
    // Elsewhere, as in lists of arguments, only a scan is meant.
    for (const [flag] of text.replaceAll(called, '').matchAll(/(?<![\w-])--[a-z][a-z-]+/g))
      if (!others.has(flag) && !isOfAction(name, flag)) expect(stdout, `${name} names ${flag}`).toContain(`${flag} `);
    const path = `${parentPath}/${name}`.replace(/.*\/deploy\/+/, '');
    if (name !== 'README.md' && !name.endsWith('.dockerignore')) expect(readme, path).toContain(path);
  }
  expect([...lines.keys()]).toEqual(expect.arrayContaining(['scan', 'gate', 'report']));
  for (const [command, rests] of lines) {
    const { stdout: help } = await atrest([...command.split(' '), '--help']);
    for (const [flag] of rests.join(' ').matchAll(/(?<![\w-])--[a-z][a-z-]+/g))
      expect(help, `${command} ${flag}`).toContain(`${flag} `);
  }
});

/** The action puts this together before it calls the gate. */
function isOfAction(name: string, flag: string): boolean {
  return name === 'action.yml' && flag === '--known';
}
