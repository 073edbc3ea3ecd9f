import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import { atrest, estateEnv, inFolder, program, type CliResult } from '../support/cli.js';
import { leftovers, verdictsOf } from '../support/resumed.js';
import { scanEstate } from '../support/scan-estate.js';
import { account, smallWorld } from '../support/small-world.js';

const args = ['--format', 'json,html', '--include-pass', '--fail-on', 'never'];
const world = smallWorld().generate(account, 'us-east-1', { 'ebs.snapshot': 4000, 'kms.key': 20 });
let estate: Estate;
let env: Record<string, string>;
let undisturbed: ReadonlyMap<string, string>;

beforeAll(async () => {
  estate = await startEstate(world, { latencyMs: 2 });
  env = { ...estateEnv(estate), ATREST_NOW: '2026-11-23T00:00:00Z' };
  await inFolder(async (folder) => {
    await atrest(['scan', '--out', 'run', ...args], { cwd: folder, env });
    undisturbed = await verdictsOf(join(folder, 'run'));
  });
});
afterAll(() => estate.close());

/** Runs the program in a shell that has set a limit first. */
function limited(limit: string, flags: readonly string[], cwd: string): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const command = `${limit}; exec "$0" "$@"`;
    const child = spawn('sh', ['-c', command, process.execPath, program, ...flags], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.resume();
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: '', stderr });
    });
  });
}

async function expectResumes(folder: string): Promise<void> {
  const run = join(folder, 'run');
  expect(existsSync(join(run, 'manifest.json'))).toBe(false);
  expect(await leftovers(run)).toEqual([]);
  const { code } = await atrest(['scan', '--resume', 'run'], { cwd: folder, env });
  expect(code).toBe(0);
  expect(await verdictsOf(run)).toEqual(undisturbed);
}

describe('what the machine refuses ends the run with its reason, and nothing is lost', () => {
  // Blocks of 512 bytes: some cells and run.json fit, the largest cell or the report does not.
  test.each([
    ['while cells are written', 100],
    ['while the report is written', 400],
  ])(
    'files that may grow no more, %s',
    async (_, blocks) => {
      await inFolder(async (folder) => {
        const { code, stderr } = await limited(`ulimit -f ${String(blocks)}`, ['scan', '--out', 'run', ...args], folder);
        expect(stderr).toMatch(/Cannot write the run to run: the file would be larger[\s\S]*`atrest scan --resume run`/);
        expect(code).toBe(3);
        await expectResumes(folder);
      });
    },
    60_000,
  );

  test('too few file handles', async () => {
    await inFolder(async (folder) => {
      const { code, stderr } = await limited('ulimit -n 56', ['scan', '--out', 'run', ...args], folder);
      expect(stderr).toMatch(/too many open files[\s\S]*`atrest scan --resume run`/i);
      expect(code).toBe(3);
      await expectResumes(folder);
    });
  }, 60_000);

  test('a network that goes away', async () => {
    const flaky = await startEstate(world, { latencyMs: 2 });
    const port = Number(new URL(flaky.url).port);
    await inFolder(async (folder) => {
      let gone: Promise<void> | undefined;
      const { code, stderr } = await atrest(['scan', '--out', 'run', ...args], {
        cwd: folder,
        env: { ...env, AWS_ENDPOINT_URL: flaky.url },
        when: {
          stderr: /Reading/,
          then: () => {
            setTimeout(() => {
              gone = flaky.close();
            }, 500);
          },
        },
      });
      await gone;
      expect(stderr).toMatch(/Nothing answers any more[\s\S]*Check the network, DNS and proxy, then `atrest scan --resume run`/);
      expect(code).toBe(3);
      const back = await startEstate(world, { port });
      await expectResumes(folder);
      await back.close();
    });
  }, 90_000);
});

test('a service that nobody can be connected to is a gap of its cells alone, and soon', async () => {
  await inFolder(async (folder) => {
    const started = performance.now();
    const { code, stderr } = await atrest(['scan', '--out', 'run', ...args], {
      cwd: folder,
      env: { ...env, AWS_ENDPOINT_URL_RDS: 'http://127.0.0.1:9' },
    });
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /INCOMPLETE: 2 cells[\s\S]*eu-west-1\/rds unreachable \(ECONNREFUSED\)[\s\S]*us-east-1\/rds unreachable/,
    );
    expect(stderr).not.toMatch(/--resume/);
  });
}, 60_000);

test.each(['hang', 'reset'] as const)(
  'a region that is dead (%s) is a gap of its own and changes nothing elsewhere',
  async (kind) => {
    const connection = { requestTimeoutMs: 1_500 };
    const base = await scanEstate(smallWorld(), { connection }, ({ report }) => report);
    const started = performance.now();
    await scanEstate(
      smallWorld(),
      { connection, prepare: ({ faults }) => faults.add({ kind, region: 'eu-west-1' }) },
      ({ report, result }) => {
        // Two timeouts at most, of which one is that of the calls that were on their way.
        expect(performance.now() - started).toBeLessThan(15_000);
        expect(result.exitCode).toBe(3);
        const rows = report.coverage.filter(({ region }) => region === 'eu-west-1');
        expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['unreachable']));
        const verdicts = new Map(base.findings.map(({ id, verdict }) => [id, verdict]));
        const turned = report.findings.filter(({ id, verdict }) => verdict !== 'unknown' && verdicts.get(id) !== verdict);
        expect(turned).toEqual([]);
      },
    );
  },
  60_000,
);
