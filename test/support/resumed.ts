import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { expect } from 'vitest';
import { startEstate, type Estate, type World } from '#estate/index.js';
import { atrest, estateEnv, inFolder, type CliResult } from './cli.js';
import { withoutData } from './page.js';

/** What one run and a run that was killed and resumed must have in common, byte for byte. */
const verdictFiles = ['findings.ndjson.gz', 'coverage.ndjson', 'summary.json', 'report.json', 'report.html'];
const fixedClock = { ATREST_NOW: '2026-11-23T00:00:00Z' };

/** An estate of which a program can be killed at a call, and the verdicts of a run that was left alone. */
export interface Killing {
  readonly estate: Estate;
  readonly env: Record<string, string>;
  /** Calls of an undisturbed run. */
  readonly calls: number;
  readonly verdicts: ReadonlyMap<string, string>;
  /** Runs a scan that is killed when its `call`th call is answered, or so long after it began to evaluate. */
  killed(folder: string, at: { readonly call: number } | { readonly evaluatingMs: number }): Promise<CliResult>;
}

/** Does `use` with an estate of the world in which killing is possible. `args`: those of every scan. */
export async function withKilling(
  world: World,
  args: readonly string[],
  use: (killing: Killing) => Promise<void>,
): Promise<void> {
  let left = Infinity;
  let victim: ChildProcess | undefined;
  const estate = await startEstate(world, {
    latencyMs: () => {
      left -= 1;
      if (left <= 0) victim?.kill('SIGKILL');
      return 3;
    },
  });
  try {
    const env = { ...estateEnv(estate), ...fixedClock };
    await inFolder(async (folder) => {
      await atrest(['scan', '--out', 'run', ...args], { cwd: folder, env });
      const verdicts = await verdictsOf(join(folder, 'run'));
      const calls = [...estate.counts.values()].reduce((sum, count) => sum + count, 0);
      await use({
        estate,
        env,
        calls,
        verdicts,
        killed: async (cwd, at) => {
          const evaluating = 'evaluatingMs' in at;
          left = evaluating ? Infinity : at.call;
          const result = await atrest(['scan', '--out', 'run', ...args], {
            cwd,
            env,
            started: (child) => (victim = child),
            ...(evaluating
              ? { when: { stderr: /Evaluating/, then: (child) => setTimeout(() => child.kill('SIGKILL'), at.evaluatingMs) } }
              : {}),
          });
          victim = undefined;
          left = Infinity;
          return result;
        },
      });
    });
  } finally {
    await estate.close();
  }
}

/** The files that say what was found, by name. */
export async function verdictsOf(run: string): Promise<ReadonlyMap<string, string>> {
  const read = async (name: string) => {
    const file = await readFile(join(run, name));
    return name.endsWith('.html') ? withoutData(file.toString('utf8')) : file.toString('base64');
  };
  return new Map(await Promise.all(verdictFiles.map(async (name) => [name, await read(name)] as const)));
}

/** Kills a scan at a moment, finishes it, and expects the verdicts of a run that was left alone. */
export async function expectSameAfterKill(
  killing: Killing,
  at: Parameters<Killing['killed']>[1],
  args: readonly string[],
): Promise<void> {
  await inFolder(async (folder) => {
    const { code } = await killing.killed(folder, at);
    const run = join(folder, 'run');
    if (code === null) {
      const begun = existsSync(join(run, 'run.json'));
      // Killed before it knew what to do, there is nothing to go on with, and nothing in the way of a new one.
      const again = begun ? ['--resume', 'run'] : ['--out', 'run', ...args];
      const finished = await atrest(['scan', ...again], { cwd: folder, env: killing.env });
      // Killed after its last write, it has nothing left to do.
      expect(finished.stderr).toMatch(/Exit code \d|holds a run that is finished: there is nothing to resume/);
    }
    const verdicts = await verdictsOf(run);
    for (const [name, text] of killing.verdicts) expect(verdicts.get(name) === text, name).toBe(true);
    expect(await leftovers(run)).toEqual([]);
  });
}

/** What only a run that is under way may hold. */
export async function leftovers(run: string): Promise<readonly string[]> {
  return (await readdir(run, { recursive: true })).filter((name) => /partial|\.run\d|run\.lock/.test(name));
}

/** When each finished cell was written. */
export async function cellTimes(run: string): Promise<ReadonlyMap<string, number>> {
  const inventory = join(run, 'inventory');
  const names = existsSync(inventory) ? await readdir(inventory, { recursive: true }) : [];
  const cells = names.filter((name) => /\/(ec2|kms|rds|s3)\.ndjson\.gz$/.test(name));
  return new Map(await Promise.all(cells.map(async (name) => [name, (await stat(join(inventory, name))).mtimeMs] as const)));
}
