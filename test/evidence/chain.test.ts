import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import { scan } from '#index.js';
import { ran } from '../support/in-process.js';
import { scanOptions, useEstate } from '../support/scan-estate.js';
import { smallWorld } from '../support/small-world.js';

let estate: Estate;
let root: string;
beforeAll(async () => {
  estate = await startEstate(smallWorld());
  root = await mkdtemp(join(tmpdir(), 'atrest-chain-'));
});
afterAll(async () => {
  await estate.close();
  await rm(root, { recursive: true, force: true });
});

interface Manifest {
  readonly run: { readonly id: string };
  readonly previous: { readonly run: string; readonly manifestSha256: string } | null;
}

async function manifestIn(path: string): Promise<Manifest & { readonly sha256: string }> {
  const text = await readFile(join(path, 'manifest.json'), 'utf8');
  return { ...(JSON.parse(text) as Manifest), sha256: createHash('sha256').update(text).digest('hex') };
}

const scope = 'a'.repeat(64);
type Night = string | { readonly day: string; readonly complete?: boolean; readonly previous?: string | null };

/** A folder of runs by their nights, each naming the one before it. */
async function folderOf(nights: readonly Night[]): Promise<string> {
  const path = await mkdtemp(join(root, 'runs-'));
  let previous: Manifest['previous'] = null;
  for (const night of nights) {
    const { day, complete = true, previous: named } = typeof night === 'string' ? { day: night } : night;
    const run = { id: `run-${day}`, startedAt: `${day}T01:00:00.000Z`, finishedAt: `${day}T02:00:00.000Z`, complete };
    const link: Manifest['previous'] =
      named === undefined ? previous : named === null ? null : { run: named, manifestSha256: '0'.repeat(64) };
    const text: string = JSON.stringify({ run, scopeAsked: scope, evaluatedFrom: null, previous: link });
    await mkdir(join(path, run.id));
    await writeFile(join(path, run.id, 'manifest.json'), text);
    previous = { run: run.id, manifestSha256: createHash('sha256').update(text).digest('hex') };
  }
  return path;
}

const chain = (...args: readonly string[]) => ran(['evidence', 'chain', ...args]);

test('a run of a history names the one before it of the same scope by its manifest, and the links hold', async () => {
  useEstate(estate);
  const history = { to: join(root, 'history'), self: { pid: process.pid, isAlive: () => false } };
  const scanned = async (day: number, services: readonly ('kms' | 'rds')[]) => {
    const out = join(root, `scan-${String(day)}`);
    const now = new Date(`2026-11-0${String(day)}T01:00:00Z`);
    await scan({ ...scanOptions(out, { services, now, regions: ['us-east-1'], includePass: false, explain: false }), history });
    return manifestIn(out);
  };
  const first = await scanned(1, ['kms']);
  const other = await scanned(2, ['rds']);
  const second = await scanned(3, ['kms']);
  expect([first.previous, other.previous]).toEqual([null, null]);
  expect(second.previous).toEqual({ run: first.run.id, manifestSha256: first.sha256 });
  const { code, stdout } = await chain(history.to);
  expect(stdout).toContain(
    '2026-11-01 to 2026-11-03: scanned on 2 of 3 nights; missing: 2026-11-02; incomplete: none.\nThe links of 2 runs hold.',
  );
  expect(stdout).toContain(
    '2026-11-02 to 2026-11-02: scanned on 1 of 1 nights; missing: none; incomplete: none.\nThe links of 1 run hold.',
  );
  expect(code).toBe(1);
  // The last manifest is named by no other: the history's own line says that it was changed.
  const last = join(history.to, 'runs', second.run.id, 'manifest.json');
  await writeFile(last, (await readFile(last, 'utf8')).replace('"complete": true', '"complete":  true'));
  expect((await chain(history.to)).stdout).toMatch(/Broken link: \S+: its manifest has the digest/);
  // A run that the history keeps no longer is still a link.
  await rm(join(history.to, 'runs', second.run.id), { recursive: true });
  await rm(join(history.to, 'runs', first.run.id), { recursive: true });
  expect((await chain(history.to)).stdout).toContain('The links of 2 runs hold.');
  expect(await readdir(join(history.to, 'runs'))).toEqual([other.run.id]);
});

test('a whole chain is 0; missing and incomplete nights of the period are named, and are 1', async () => {
  const whole = await folderOf(['2026-02-27', '2026-02-28', '2026-03-01']);
  const good = await chain(whole);
  expect([good.code, good.stderr]).toEqual([0, '']);
  expect(good.stdout).toBe(
    'Scope aaaaaaaaaaaa, 2026-02-27 to 2026-03-01: scanned on 3 of 3 nights; missing: none; incomplete: none.\nThe links of 3 runs hold.\n',
  );
  const longer = await chain(whole, '--from', '2026-02-26', '--to', '2026-03-02');
  expect(longer.code).toBe(1);
  expect(longer.stdout).toContain('scanned on 3 of 5 nights; missing: 2026-02-26, 2026-03-02; incomplete: none.');
  expect((await chain(whole, '--from', '2026-02-28', '--to', '2026-02-28')).stdout).toContain('1 of 1 nights');
  const partial = await folderOf(['2026-03-01', { day: '2026-03-02', complete: false }]);
  const { code, stdout } = await chain(partial);
  expect([code, stdout.includes('scanned on 2 of 2 nights; missing: none; incomplete: 2026-03-02 (run-2026-03-02).')]).toEqual([
    1,
    true,
  ]);
});

test.each<readonly [string, readonly Night[], (path: string) => Promise<unknown>, string]>([
  [
    'taken out',
    ['2026-03-01', '2026-03-02', '2026-03-03'],
    (path) => rm(join(path, 'run-2026-03-02'), { recursive: true }),
    'run-2026-03-03: it names run-2026-03-02 as the run before it, which is not there.',
  ],
  [
    'changed',
    ['2026-03-01', '2026-03-02'],
    (path) =>
      writeFile(
        join(path, 'run-2026-03-01/manifest.json'),
        JSON.stringify({
          run: { id: 'run-2026-03-01', startedAt: '2026-03-01T01:00:00Z', finishedAt: '2026-03-01T02:00:00Z', complete: true },
          scopeAsked: scope,
        }),
      ),
    'run-2026-03-02: it names run-2026-03-01 by the manifest ',
  ],
  [
    'put in',
    ['2026-03-01', { day: '2026-03-02', previous: null }],
    () => Promise.resolve(),
    'run-2026-03-02: it names no run before it, and run-2026-03-01 was.',
  ],
  [
    'passed over',
    ['2026-03-01', '2026-03-02', { day: '2026-03-03', previous: 'run-2026-03-01' }],
    () => Promise.resolve(),
    'run-2026-03-03: it names run-2026-03-01 as the run before it, and run-2026-03-02 was.',
  ],
])('a run that was %s breaks a link, which is named', async (_, nights, tamper, said) => {
  const path = await folderOf(nights);
  await tamper(path);
  const { code, stdout } = await chain(path);
  expect(stdout).toContain(`Broken link: ${said}`);
  expect(code).toBe(1);
});

test('the first run here may follow one that is elsewhere, which is said', async () => {
  const path = await folderOf(['2026-03-01', '2026-03-02']);
  await rm(join(path, 'run-2026-03-01'), { recursive: true });
  const { code, stdout } = await chain(path);
  expect([code, stdout.includes('The first run here follows run-2026-03-01, which is not here.')]).toEqual([0, true]);
  const json = JSON.parse((await chain(path, '--format', 'json')).stdout) as { chains: unknown[]; whole: boolean };
  expect(json).toMatchObject({ whole: true, chains: [{ scope, nights: 1, scanned: 1, follows: 'run-2026-03-01' }] });
});

test('what cannot be read is said, and is 1', async () => {
  const path = await folderOf(['2026-03-01']);
  await writeFile(join(path, 'run-2026-03-01/manifest.json'), '{');
  const { code, stdout } = await chain(path);
  expect([code, stdout]).toEqual([1, `Cannot be read: ${join(path, 'run-2026-03-01/manifest.json')}\n`]);
});

test.each([
  [['--from', '2026-02-31'], '--from 2026-02-31: a day is expected, as 2026-11-30'],
  [['--from', '2026-03-02', '--to', '2026-03-01'], '--from 2026-03-02 is after --to 2026-03-01'],
  [['--scope', 'b'], 'holds no runs of the scope b'],
])('%j is refused', async (args, said) => {
  const { code, stdout, stderr } = await chain(await folderOf(['2026-03-01']), ...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(said);
});

test('a folder without runs is refused', async () => {
  const empty = await mkdtemp(join(root, 'empty-'));
  expect((await chain(empty)).stderr).toContain(`${empty} holds no runs`);
});
