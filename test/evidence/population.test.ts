import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import type { SampledItem } from '#evidence/sample.js';
import type { Report } from '#model/report.js';
import { scan } from '#scan.js';
import { parseCsv } from '../support/csv.js';
import { ran } from '../support/in-process.js';
import { scanOptions, useEstate } from '../support/scan-estate.js';
import { account, smallWorld } from '../support/small-world.js';

let estate: Estate;
let root: string;
let run: string;
/** Volumes that AWS has in the region that could be listed. */
let volumes: readonly string[];

beforeAll(async () => {
  const world = smallWorld();
  estate = await startEstate(world);
  estate.faults.add({ kind: 'deny', operation: 'ec2:DescribeVolumes', region: 'eu-west-1' });
  root = await mkdtemp(join(tmpdir(), 'atrest-population-'));
  run = join(root, 'run');
  useEstate(estate);
  const options = {
    services: ['ec2', 'kms'],
    includePass: false,
    explain: false,
    now: new Date('2026-11-22T04:00:00Z'),
  } as const;
  await scan(
    scanOptions(run, { ...options, config: { version: 1, scope: { regions: { include: ['us-east-1', 'eu-west-1'] } } } }),
  );
  const items = [...world.items(account, 'us-east-1', 'ebs.volume')];
  volumes = items.map(({ VolumeId }) => `arn:aws:ec2:us-east-1:${account}:volume/${VolumeId}`).sort();
});
afterAll(async () => {
  await estate.close();
  await rm(root, { recursive: true, force: true });
});

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function sampleOf(kind: string, size: number, seed: string) {
  const { code, stdout, stderr } = await ran(['evidence', 'sample', run, '--kind', kind, '--size', String(size), '--seed', seed]);
  const lines = linesOf(stdout);
  return { code, stdout, stderr, last: lines.at(-1), items: lines.slice(0, -1) as unknown as SampledItem[] };
}

test('a population is what AWS has, with count and digest; what was not listed is said in every way, and is 3', async () => {
  const { code, stdout, stderr } = await ran(['evidence', 'population', run, '--kind', 'ebs.volume']);
  const lines = linesOf(stdout);
  expect(lines.slice(0, -1).map(({ arn }) => arn)).toEqual(volumes);
  const sha256 = createHash('sha256')
    .update(volumes.map((arn) => `${arn}\n`).join(''))
    .digest('hex');
  const why = 'ec2:DescribeVolumes was denied (UnauthorizedOperation); it needs ec2:DescribeVolumes.';
  expect(lines.at(-1)).toMatchObject({
    population: {
      kind: 'ebs.volume',
      count: volumes.length,
      sha256,
      complete: false,
      notListed: [{ account, region: 'eu-west-1', why }],
    },
  });
  expect(stderr).toContain(`${String(volumes.length)} ebs.volume on 2026-11-22. SHA-256 of their ARNs, one a line: ${sha256}\n`);
  expect(stderr).toContain(
    `NOT THE WHOLE POPULATION: not everything was listed, and nobody knows what is there.\n  account ${account}, eu-west-1: ${why}`,
  );
  expect(code).toBe(3);
  const [header, ...rows] = parseCsv(
    (await ran(['evidence', 'population', run, '--kind', 'ebs.volume', '--format', 'csv'])).stdout,
  );
  expect(header).toEqual(['arn', 'name', 'account', 'region', 'not_listed']);
  expect(rows.at(-1)).toEqual(['', '', account, 'eu-west-1', why]);
  expect(rows.slice(0, -1).map(([arn]) => arn)).toEqual(volumes);
});

test('a population that was listed whole is 0', async () => {
  const { code, stderr } = await ran(['evidence', 'population', run, '--kind', 'kms.key']);
  expect([code, stderr.includes('NOT THE WHOLE')]).toEqual([0, false]);
});

test('a sample is drawn again by sha256sum and sort', async () => {
  const { items, last, stderr } = await sampleOf('ebs.volume', 3, 'auditor 7');
  const shell =
    'while read -r arn; do printf "%s %s\\n" "$(printf "%s %s" "$1" "$arn" | sha256sum | cut -d" " -f1)" "$arn"; done | LC_ALL=C sort | head -n 3';
  const child = promisify(execFile)('sh', ['-c', shell, 'sh', 'auditor 7']);
  child.child.stdin?.end(volumes.map((arn) => `${arn}\n`).join(''));
  expect(items.map(({ order, arn }) => `${order} ${arn}`)).toEqual((await child).stdout.trimEnd().split('\n'));
  expect(last).toMatchObject({
    sample: { seed: 'auditor 7', size: 3, asked: 3 },
    population: { count: volumes.length, complete: false },
  });
  expect(stderr).toContain('NOT THE WHOLE POPULATION');
});

test('the same seed draws the same, another seed another, and a larger sample holds the smaller one', async () => {
  const [one, again, other, more] = await Promise.all([
    sampleOf('ebs.volume', 3, 'a'),
    sampleOf('ebs.volume', 3, 'a'),
    sampleOf('ebs.volume', 3, 'b'),
    sampleOf('ebs.volume', 999, 'a'),
  ]);
  expect(again.stdout).toBe(one.stdout);
  expect(other.items.map(({ arn }) => arn)).not.toEqual(one.items.map(({ arn }) => arn));
  expect(more.items.slice(0, 3)).toEqual(one.items);
  expect(more.items.map(({ arn }) => arn).sort()).toEqual(volumes);
  expect(more.stderr).toContain(`Sample of ${String(volumes.length)} with the seed a, which is all there are.`);
});

test('each item has its facts with the calls that they come from, and what the run says of it', async () => {
  const { items } = await sampleOf('kms.key', 999, 's');
  // Of keys that AWS manages nothing is asked, and the fact says so.
  const own = items.filter(({ facts }) => facts['metadata']?.state !== 'skipped');
  expect(own.length).toBeGreaterThan(5);
  for (const { facts } of own) {
    expect(facts['metadata']).toMatchObject({ state: 'read', from: { operation: 'kms:DescribeKey', attempts: 1, code: null } });
    expect(facts['metadata']?.from?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(facts['metadata']?.from?.date).toMatch(/ GMT$/);
  }
  const verdicts = items.flatMap((item) => item.verdicts);
  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['pass', 'fail', 'unknown']));
  const report = JSON.parse(await readFile(join(run, 'report.json'), 'utf8')) as Pick<Report, 'findings'>;
  const ofKeys = report.findings
    .filter(({ kind, resource }) => kind === 'kms.key' && !resource.endsWith('/*'))
    .map(({ id }) => id);
  expect(verdicts.flatMap((each) => ('id' in each ? [each.id] : [])).sort()).toEqual(ofKeys.sort());
});

test.each([
  [['population', '--kind', 'ebs.volumes'], 'There is no kind ebs.volumes'],
  [['population', '--kind', 'rds.instance'], 'did not list rds.instance: no rule of the run needed it, or rds was not in scope'],
  [['sample', '--kind', 'ebs.volume', '--size', '0', '--seed', 'x'], '--size 0: a number from 1 to 999999 is expected'],
])('%j is refused', async ([command = '', ...args], said) => {
  const { code, stdout, stderr } = await ran(['evidence', command, run, ...args]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(said);
});
