import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, startEstate, type Estate } from '#estate/index.js';
import { atrest, bareEnv, estateEnv, program, type CliResult } from '../support/cli.js';

const A = '111111111111';

let estate: Estate;
let cwd: string;
let scan: CliResult;

beforeAll(async () => {
  const world = createWorld({ seed: 5 }).addAccount(A, { regions: ['us-east-1'] });
  world.set(A, 'us-east-1', { securityHub: true });
  world.generate(A, 'us-east-1', { 'kms.key': 0, 'ebs.volume': 300 });
  for (let index = 0; index < 300; index += 1) world.put(A, 'us-east-1', 'ebs.volume', { Encrypted: false });
  estate = await startEstate(world);
  cwd = await mkdtemp(join(tmpdir(), 'atrest-push-'));
  const args = ['--rules', 'ebs/volume-encrypted', '--format', 'ndjson,csv', '--out', 'run', '--workers', '1'];
  scan = await atrest(['scan', ...args], { cwd, env: estateEnv(estate) });
});
afterAll(async () => {
  await estate.close();
  await rm(cwd, { recursive: true });
});

test('scan --format ndjson writes findings to stdout and nothing else, files beside them, and keeps its exit code', () => {
  const findings = scan.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { rule: string });
  expect(findings.length).toBeGreaterThanOrEqual(300);
  expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['ebs/volume-encrypted']));
  expect(scan.stderr).toMatch(/^csv: run\/report\.csv$/m);
  expect(scan.code).toBe(1);
});

test('a reader that stops early is no error, and does not turn a failed gate into a passed one', async () => {
  const args = ['evaluate', 'run', '--out', 'again', '--format', 'ndjson', '--quiet'];
  const child = spawn(process.execPath, [program, ...args], { cwd, env: bareEnv, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, stderr]).toEqual([1, '']);
});

test('two things that write to stdout are a mistake', async () => {
  const both = await atrest(['scan', '--format', 'ndjson', '--json', '--out', 'none'], { cwd });
  expect([both.code, both.stdout]).toEqual([2, '']);
  expect(both.stderr).toContain('--format ndjson and --json both write to stdout');
});

test('push imports, says so, and exits 0; a second time there is nothing to do', async () => {
  const first = await atrest(['push', 'run'], { cwd, env: estateEnv(estate) });
  expect([first.code, first.stdout]).toEqual([0, '']);
  const count = estate.world.region(A, 'us-east-1').hubFindings.size;
  expect(count).toBe(scan.stdout.trimEnd().split('\n').length);
  expect(first.stderr).toBe(`${String(count)} findings imported, 0 set to PASSED, 0 archived; 0 are there already.\n`);
  const second = await atrest(['push', 'run', '--json', '--dry-run'], { cwd, env: estateEnv(estate) });
  expect(JSON.parse(second.stdout)).toMatchObject({ dryRun: true, exitCode: 0, places: [{ account: A, upToDate: count }] });
});

test('push without credentials exits 4', async () => {
  const { code, stderr } = await atrest(['push', 'run'], { cwd });
  expect(code).toBe(4);
  expect(stderr).toMatch(/^atrest: Cannot tell who the credentials belong to/);
});
