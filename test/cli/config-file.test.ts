import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configuredBy } from '#cli/configured.js';
import { processIo } from '#cli/io.js';

async function pathOf(...parts: readonly string[]): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-config-'));
  try {
    const config = join(folder, ...parts);
    await mkdir(join(folder, 'repository', '.git'), { recursive: true });
    await mkdir(join(config, '..'), { recursive: true });
    await writeFile(config, 'version: 1\n');
    const { configFile } = await configuredBy({ config }, { ...processIo(), readText: (path) => readFile(path, 'utf8') });
    return configFile?.path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('a config is named by its path in its repository, wherever atrest runs', async () => {
  expect(await pathOf('repository', 'atrest.yaml')).toBe('atrest.yaml');
  expect(await pathOf('repository', 'aws', 'audit of ours', 'prod.yaml')).toBe('aws/audit of ours/prod.yaml');
});

test('one that lies in no repository and not below the working directory has no path that a reader could open', async () => {
  expect(await pathOf('elsewhere', 'atrest.yaml')).toBe(undefined);
});
