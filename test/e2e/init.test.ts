import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue, parseConfig, resolveBaselines } from '#index.js';
import { atrest, inFolder } from '../support/cli.js';

test('init writes a config that changes nothing, and never over another', async () => {
  await inFolder(async (cwd) => {
    expect(await atrest(['init'], { cwd })).toMatchObject({ code: 0, stdout: '' });
    const text = await readFile(join(cwd, 'atrest.yaml'), 'utf8');
    expect(parseConfig(text, 'atrest.yaml').config).toEqual({ version: 1 });

    const again = await atrest(['init'], { cwd });
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('atrest.yaml is there already') as string });
    expect(await readFile(join(cwd, 'atrest.yaml'), 'utf8')).toBe(text);

    // What is offered behind the comment signs is a config that holds.
    const all = text.replace(/^# /gm, '').replaceAll('##', '#');
    const { config, locate } = parseConfig(all, 'atrest.yaml');
    expect(Object.keys(config).length).toBeGreaterThan(6);
    expect([...resolveBaselines(catalogue, config, locate).keys()]).toContain('prod');
  });
});

test('init says why it cannot write', async () => {
  await inFolder(async (cwd) => {
    expect(await atrest(['init', '--out', 'nowhere/atrest.yaml'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Cannot write nowhere/atrest.yaml') as string,
    });
  });
});
