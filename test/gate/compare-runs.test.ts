import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareRuns } from '#compare-runs.js';
import { startEstate, type Estate } from '#estate/index.js';
import { gateRun } from '#gate-run.js';
import { catalogue } from '#index.js';
import { shorten, type Changes } from '#gate/changes.js';
import type { ComparedFinding } from '#model/report.js';
import { pruneKnown, writeKnownOf } from '#known-run.js';
import { scan } from '#scan.js';
import { scanOptions, useEstate, type ScanOverrides } from '../support/scan-estate.js';
import { account, smallWorld } from '../support/small-world.js';

let estate: Estate;
let folder: string;
const runs = new Map<string, string>();
const exitCodes = new Map<string, number>();

async function scanned(name: string, overrides: ScanOverrides = {}): Promise<string> {
  const path = join(folder, name);
  const { exitCode } = await scan(scanOptions(path, { includePass: false, explain: false, ...overrides }));
  runs.set(name, path);
  exitCodes.set(name, exitCode);
  return path;
}
const run = (name: string): string => runs.get(name) ?? '';

async function compared(before: string, after: string): Promise<readonly ComparedFinding[]> {
  const all: ComparedFinding[] = [];
  for await (const each of (await compareRuns(run(before), run(after))).findings()) all.push(each);
  return all;
}
async function changes(before: string, after: string): Promise<Changes> {
  return shorten((await compareRuns(run(before), run(after))).findings(), new Date(), 100);
}
const nothing = { new: 0, worse: 0, 'changed-key': 0, better: 0, fixed: 0, gone: 0, 'not-evaluated': 0 };
/** `change rule name` of what is not unchanged, of resources whose ARN has the text. */
const of = (all: readonly ComparedFinding[], text: string) =>
  all.flatMap(({ change, before, after }) => {
    const { rule = '', resource = '' } = after ?? before ?? {};
    return change !== 'unchanged' && resource.includes(text) ? [`${change} ${rule}`] : [];
  });

beforeAll(async () => {
  const world = smallWorld();
  estate = await startEstate(world);
  useEstate(estate);
  folder = await mkdtemp(join(tmpdir(), 'atrest-compare-'));
  world.put(account, 'us-east-1', 's3.bucket', { Name: 'to-be-deleted' });
  world.put(account, 'us-east-1', 's3.bucket', { Name: 'to-be-mended' });
  await scanned('first');
  world.shuffle(7);
  await scanned('shuffled', { failOn: 'high' });
  await scanned('narrow', { regions: ['eu-west-1'], services: ['s3', 'ec2'], ruleGlobs: ['s3/*', 'ebs/*'] });
  estate.faults.add({ kind: 'deny', operation: 's3:GetBucketPolicy' });
  estate.faults.add({ kind: 'deny', operation: 'ec2:DescribeVolumes' });
  await scanned('denied');
  estate.faults.clear();
  world.remove(account, 'us-east-1', 's3.bucket', 'to-be-deleted');
  world.put(account, 'us-east-1', 's3.bucket', { Name: 'put-later' });
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::to-be-mended', 'arn:aws:s3:::to-be-mended/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
  world.put(account, 'us-east-1', 's3.bucket', { Name: 'to-be-mended', policy });
  await scanned('later');
});
afterAll(async () => {
  await estate.close();
  await rm(folder, { recursive: true, force: true });
});

describe('two runs', () => {
  test('of one estate have nothing but what is unchanged', async () => {
    for (const [before, after] of [
      ['first', 'first'],
      ['first', 'shuffled'],
    ] as const) {
      const { counts, regressed } = await changes(before, after);
      expect(counts).toEqual({ ...nothing, unchanged: expect.any(Number) });
      expect(counts.unchanged).toBeGreaterThan(50);
      expect(regressed).toBe(false);
    }
  });

  test('tell a mended bucket from one that is gone and one that is new', async () => {
    const all = await compared('first', 'later');
    expect(of(all, 'to-be-mended')).toEqual(['fixed s3/tls-only']);
    const gone = of(all, 'to-be-deleted');
    expect(gone).toContain('gone s3/tls-only');
    expect(gone.every((each) => each.startsWith('gone '))).toBe(true);
    expect(of(all, 'put-later')).toEqual(gone.map((each) => each.replace('gone', 'new')));
    expect(all.filter(({ change }) => !['unchanged', 'fixed', 'gone', 'new'].includes(change))).toEqual([]);
  });

  test('the other way round say the inverse', async () => {
    const [there, back] = [await compared('first', 'later'), await compared('later', 'first')];
    const inverse = { new: 'gone', gone: 'new', fixed: 'new', unchanged: 'unchanged' } as Record<string, string>;
    expect(back.map(({ change, before, after }) => [change, after, before])).toEqual(
      there.map(({ change, before, after }) => [inverse[change], before, after]),
    );
  });

  test('what became unread is not evaluated, never fixed; read again it is worse or better, not new', async () => {
    // The severity of this one follows from its dependants, as far as they were read.
    const all = (await compared('first', 'denied')).filter(({ before }) => before?.rule !== 'kms/custom-store-connected');
    expect(new Set(all.map(({ change }) => change))).toEqual(new Set(['unchanged', 'not-evaluated']));
    expect(of(all, 'to-be-mended')).toContain('not-evaluated s3/tls-only');
    const volumes = all.filter(({ before }) => before?.kind === 'ebs.volume');
    expect(volumes.length).toBeGreaterThan(4);
    for (const { reason } of volumes) expect(reason).toBe('not all of ebs.volume could be listed');
    const back = await compared('denied', 'first');
    expect(of(back, 'to-be-mended')).toContain('worse s3/tls-only');
    expect(of(back, 'ebs.volume/*').every((each) => each.startsWith('better '))).toBe(true);
    expect(of(back, ':volume/').every((each) => each.startsWith('new '))).toBe(true);
  });

  test('what the later run did not look at is not evaluated, with the reason', async () => {
    const all = await compared('first', 'narrow');
    const reasons = new Set(all.flatMap(({ change, reason }) => (change === 'unchanged' ? [] : [`${change}: ${reason ?? ''}`])));
    expect([...reasons].sort()).toEqual(['not-evaluated: the rule was off', 'not-evaluated: us-east-1 was not in the scope']);
  });
});

test('a scan and the gate of its run agree', async () => {
  const gated = async (name: string, failOn: 'high' | 'never') =>
    (
      await gateRun({
        catalogue,
        run: run(name),
        against: undefined,
        known: undefined,
        failOn,
        max: {},
        allowIncomplete: false,
        now: new Date(),
      })
    ).exitCode;
  expect([exitCodes.get('first'), exitCodes.get('shuffled'), exitCodes.get('denied')]).toEqual([0, 1, 3]);
  expect([await gated('first', 'never'), await gated('shuffled', 'high'), await gated('denied', 'never')]).toEqual([0, 1, 3]);
});

test('accepted findings of what is gone or mended are taken out, of what could not be read they stay', async () => {
  const file = join(folder, 'known.json');
  await writeKnownOf(run('first'), file, { prune: false, now: new Date() });
  expect((await pruneKnown(run('denied'), file)).pruned).toEqual([]);
  expect((await pruneKnown(run('narrow'), file)).pruned).toEqual([]);
  const { pruned } = await pruneKnown(run('later'), file);
  expect(new Set(pruned.map(({ resource }) => resource.slice(13)))).toEqual(new Set(['to-be-deleted', 'to-be-mended']));
});
