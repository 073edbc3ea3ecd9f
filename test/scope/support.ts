import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, vi } from 'vitest';
import { startEstate, type Estate, type World } from '#estate/index.js';
import { AtrestError } from '#model/errors.js';
import type { Report } from '#model/report.js';
import { scan } from '#scan.js';
import { scanOptions, useEstate, type ScanOverrides } from '../support/scan-estate.js';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0)) await close();
});

export interface Attempted {
  readonly estate: Estate;
  readonly path: string;
}

async function prepared(world: World, prepare?: (estate: Estate) => void | Promise<void>): Promise<Attempted> {
  const estate = await startEstate(world);
  const folder = await mkdtemp(join(tmpdir(), 'atrest-scope-'));
  closing.push(
    () => estate.close(),
    () => rm(folder, { recursive: true, force: true }),
  );
  useEstate(estate);
  await prepare?.(estate);
  return { estate, path: join(folder, 'run') };
}

/** A scan with few and cheap rules, its report, and the calls that were made. */
export async function scanned(world: World, overrides: ScanOverrides = {}, prepare?: (estate: Estate) => void | Promise<void>) {
  const { estate, path } = await prepared(world, prepare);
  const { exitCode } = await scan(scanOptions(path, { ruleGlobs: ['ebs/volume-encrypted'], ...overrides }));
  const report = JSON.parse(await readFile(join(path, 'report.json'), 'utf8')) as Report;
  return { exitCode, report, estate, path };
}

/** The error that a scan ends with before it begins. */
export async function refused(
  world: World,
  overrides: ScanOverrides = {},
  prepare?: (estate: Estate) => void | Promise<void>,
): Promise<Attempted & { error: AtrestError }> {
  const attempted = await prepared(world, prepare);
  try {
    await scan(scanOptions(attempted.path, overrides));
  } catch (error) {
    if (error instanceof AtrestError) return { ...attempted, error };
    throw error;
  }
  throw new Error('the scan was expected to be refused');
}

/** What is in a folder, which need not be there. */
export async function filesIn(path: string): Promise<readonly string[]> {
  return readdir(path, { recursive: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
}

/** What was called apart from what finds out who we are and which regions there are. */
export function crawlCalls({ log }: Estate): readonly string[] {
  return log
    .map(({ operation, account, region }) => `${account}/${region}/${operation}`)
    .filter((call) => !/sts:|organizations:|account:|ec2:DescribeRegions$/.test(call));
}
