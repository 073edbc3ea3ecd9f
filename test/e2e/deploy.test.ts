import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { atrest } from '../support/cli.js';

const folder = fileURLToPath(new URL('../../deploy/', import.meta.url));
/** What begins in two dashes and is no flag of ours. */
const others = new Set(['--from', '--global', '--ignore-scripts', '--clean']);

test('deploy/ names flags of `scan` alone, and every file of it stands in its README', async () => {
  const { stdout } = await atrest(['scan', '--help']);
  const readme = await readFile(`${folder}README.md`, 'utf8');
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(6);
  for (const { parentPath, name } of files) {
    const text = await readFile(`${parentPath}/${name}`, 'utf8');
    if (name.endsWith('.yml')) expect(parse(text), name).toHaveProperty('jobs');
    for (const [flag] of text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g))
      if (!others.has(flag)) expect(stdout, `${name} names ${flag}`).toContain(`${flag} `);
    const path = `${parentPath}/${name}`.replace(/.*\/deploy\/+/, '');
    if (name !== 'README.md' && !name.endsWith('.dockerignore')) expect(readme, path).toContain(path);
  }
});
