import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { demoWorld, startEstate, type Estate } from '#estate/index.js';
import type { Report } from '#model/report.js';
import { atrest, estateEnv, inFolder, type CliOptions, type CliResult } from '../support/cli.js';

/** A scan of all accounts of the demo estate, by so many processes. */
async function scan(
  folder: string,
  out: string,
  estate: Estate,
  flags: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const accounts = estate.world.accounts();
  const config = ['version: 1', 'scope:', `  accounts: ${JSON.stringify(accounts)}`, '  role: AtrestAudit', ''].join('\n');
  await writeFile(join(folder, 'atrest.yaml'), config);
  const env = { ...estateEnv(estate), ATREST_NOW: '2026-11-23T00:00:00Z' };
  return atrest(['scan', '--out', out, '--format', 'json', '--fail-on', 'never', ...flags], { cwd: folder, env, ...options });
}

/** Every file of a run as text; calls are told apart by order and time, which are not the same twice. */
async function filesOf(run: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(run, { recursive: true })).sort()) {
    if (!/\.(gz|json|ndjson)$/.test(name) || name === 'manifest.json') continue;
    const bytes = await readFile(join(run, name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    files[name] = text.replaceAll(/^\{"call".*\n/gm, '').replaceAll(/,"calls":\{[^}]*\}/g, '');
  }
  return files;
}

async function withEstate<T>(use: (estate: Estate, folder: string) => Promise<T>): Promise<T> {
  const estate = await startEstate(demoWorld());
  try {
    return await inFolder((folder) => use(estate, folder));
  } finally {
    await estate.close();
  }
}

describe('cells in several processes', () => {
  test('read and find the same as in one', { timeout: 120_000 }, async () => {
    await withEstate(async (estate, folder) => {
      const alone = await scan(folder, 'alone', estate, ['--workers', '1']);
      const callsAlone = estate.log.length;
      const together = await scan(folder, 'together', estate, ['--workers', '3']);
      expect([alone.code, together.code], together.stderr).toEqual([alone.code, alone.code]);
      const entries = estate.log.slice(callsAlone);
      expect(entries).toHaveLength(callsAlone);
      expect(entries.filter(({ operation }) => operation === 'sts:AssumeRole')).toHaveLength(estate.world.accounts().length - 1);
      const [one, three] = [await filesOf(join(folder, 'alone')), await filesOf(join(folder, 'together'))];
      expect(Object.keys(three)).toEqual(Object.keys(one));
      for (const [name, text] of Object.entries(one)) {
        if (name === 'report.json' || name === 'summary.json') continue;
        expect(three[name] === text, name).toBe(true);
      }
    });
  });

  test('count their calls, and say what they could not read', { timeout: 120_000 }, async () => {
    await withEstate(async (estate, folder) => {
      estate.faults.add({ kind: 'deny', operation: 'kms:ListKeys' });
      const { code, stderr } = await scan(folder, 'run', estate, ['--workers', '2']);
      expect(code, stderr).toBe(3);
      expect(stderr).toContain('us-east-1/kms partial (AccessDenied');
      expect(stderr).toMatch(/[1-9]\d* calls/);
    });
  });

  test("load a plugin's facets themselves", { timeout: 60_000 }, async () => {
    await withEstate(async (estate, folder) => {
      await writeFile(
        join(folder, 'house.mjs'),
        `export const facets = [{
          kind: 's3.bucket', name: 'versioning', operation: 's3:GetBucketReplication', action: 's3:GetReplicationConfiguration',
          request: (s3, sdk, { id }) => s3.send(new sdk.GetBucketReplicationCommand({ Bucket: id })),
          project: () => 'read', absent: ['ReplicationConfigurationNotFoundError'],
        }];
        export default ({ defineRule }) => defineRule({
          id: 'house/replicated', kind: 's3.bucket', severity: 'low', title: 'Buckets are replicated', needs: ['versioning'],
          messages: { yes: 'It is.', no: 'It is not.' },
          evaluate: ({ versioning }, { pass, fail }) =>
            versioning === null ? fail('no', { expected: 'replicated', actual: 'not' }) : pass('yes'),
        });`,
      );
      const flags = ['--plugin', './house.mjs', '--rules', 'house/*'];
      const { code, stderr } = await scan(folder, 'run', estate, ['--workers', '2', ...flags]);
      expect([0, 3], stderr).toContain(code);
      const { summary } = JSON.parse(await readFile(join(folder, 'run/report.json'), 'utf8')) as Report;
      expect(summary.byRule['house/replicated']?.fail).toBeGreaterThan(0);
      expect(summary.byRule['house/replicated']?.pass).toBeGreaterThan(0);
    });
  });

  test('read one account after the other where they are told to', { timeout: 60_000 }, async () => {
    await withEstate(async (estate, folder) => {
      const { code, stderr } = await scan(folder, 'run', estate, ['--workers', '2', '--account-concurrency', '1']);
      expect([0, 3], stderr).toContain(code);
      // What is asked of keys elsewhere comes after all cells.
      const read = estate.log.filter(({ operation }) => operation === 'ec2:DescribeVolumes' || operation === 's3:ListBuckets');
      const turns = read.map(({ account }) => account).filter((account, index, all) => account !== all[index - 1]);
      expect(turns).toHaveLength(estate.world.accounts().length);
    });
  });

  test('stop when they are told to', { timeout: 60_000 }, async () => {
    await withEstate(async (estate, folder) => {
      estate.faults.add({ kind: 'slow', delayMs: 3_000, operation: 'ec2:DescribeVolumes' });
      const startedAt = performance.now();
      const { code } = await scan(folder, 'run', estate, ['--workers', '2'], {
        when: { stderr: /kms/, then: (child) => child.kill('SIGINT') },
      });
      expect(code).toBe(130);
      expect(performance.now() - startedAt).toBeLessThan(20_000);
      const calls = estate.log.length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(estate.log.length, 'nobody goes on calling').toBe(calls);
    });
  });

  test.each(['0', '1.5', 'many'])('--workers %s is refused', async (workers) => {
    const { code, stderr } = await atrest(['scan', '--workers', workers]);
    expect(code).toBe(2);
    expect(stderr).toContain('--workers takes a whole number above 0');
  });
});
