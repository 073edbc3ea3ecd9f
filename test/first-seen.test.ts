import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import { parseSince } from '#first-seen.js';
import { intoHistory } from '#history.js';
import { catalogue } from '#index.js';
import type { Finding, Report } from '#model/report.js';
import { packRun } from '#pack-run.js';
import { scan } from '#scan.js';
import { evaluate, render } from '#stored.js';
import { verify } from '#verify-pack.js';
import { scanOptions, useEstate, type ScanOverrides } from './support/scan-estate.js';
import { account, smallWorld } from './support/small-world.js';

let estate: Estate;
let folder: string;
const day = (of: number) => `2026-11-2${of}T02:00:00.000Z`;
const narrow: ScanOverrides = {
  ...{ regions: ['us-east-1'], services: ['kms', 'ec2', 's3'], includePass: false, explain: false },
  ...{ ruleGlobs: ['kms/rotation-enabled', 'ebs/volume-encrypted', 's3/tls-only'], formats: ['json', 'html'] },
};
const kept = { to: '', self: { pid: process.pid, isAlive: () => true } };

async function nightly(of: number): Promise<string> {
  const now = new Date(day(of));
  const out = join(folder, `day${of}`);
  const options = scanOptions(out, { ...narrow, now });
  await intoHistory({ ...kept, to: join(folder, 'history') }, options, (before) => scan({ ...options, before }));
  return out;
}

async function reportIn(path: string): Promise<Report> {
  return JSON.parse(await readFile(join(path, 'report.json'), 'utf8')) as Report;
}

/** `verdict first changed`, in days, of the findings of a rule on resources whose ARN has the text. */
async function times(of: number, rule: string, text: string): Promise<readonly string[]> {
  const dayOf = (time: string | undefined) => time?.slice(9, 10) ?? '-';
  const shown = ({ verdict, firstSeen, lastChanged }: Finding) => `${verdict} ${dayOf(firstSeen)} ${dayOf(lastChanged)}`;
  const { findings } = await reportIn(join(folder, `day${of}`));
  return findings.filter((each) => each.rule === rule && each.resource.includes(text)).map(shown);
}

const bucket = (Name: string) => estate.world.put(account, 'us-east-1', 's3.bucket', { Name });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrest-first-seen-'));
  estate = await startEstate(smallWorld());
  useEstate(estate);
  bucket('comes-and-goes');
  await nightly(1);
  estate.world.remove(account, 'us-east-1', 's3.bucket', 'comes-and-goes');
  bucket('new');
  estate.faults.add({ kind: 'deny', operation: 'kms:GetKeyRotationStatus' });
  estate.faults.add({ kind: 'deny', operation: 'ec2:DescribeVolumes' });
  await nightly(2);
  estate.faults.clear();
  bucket('comes-and-goes');
  await nightly(3);
});
afterAll(async () => {
  await estate.close();
  await rm(folder, { recursive: true, force: true });
});

describe('with a history', () => {
  test('each finding says since when it is known and as it is', async () => {
    expect(await times(1, 's3/tls-only', ':new')).toEqual([]);
    expect(await times(2, 's3/tls-only', ':new')).toEqual(['fail 2 2']);
    expect(await times(3, 's3/tls-only', ':new')).toEqual(['fail 2 2']);
    expect(new Set(await times(3, 's3/tls-only', ':kms-'))).toEqual(new Set(['fail 1 1']));
    expect((await reportIn(join(folder, 'day3'))).rememberedFrom).toBe(day(1));
  });

  test('one that could not be judged for a night is no new one', async () => {
    expect(await times(2, 'kms/rotation-enabled', ':key/')).toContain('unknown 1 2');
    expect(await times(3, 'kms/rotation-enabled', ':key/')).toContain('fail 1 3');
    expect((await times(3, 'kms/rotation-enabled', ':key/')).filter((each) => !each.includes(' 1 '))).toEqual([]);
  });

  test('nor is one whose list could not be read', async () => {
    expect(await times(2, 'ebs/volume-encrypted', 'volume/*')).toEqual(['unknown 2 2']);
    const volumes = await times(1, 'ebs/volume-encrypted', ':volume/vol-');
    expect(volumes).toContain('fail 1 1');
    expect(await times(3, 'ebs/volume-encrypted', ':volume/vol-')).toEqual(volumes);
  });

  test('one that was over is a new one when it comes back', async () => {
    expect(await times(1, 's3/tls-only', ':comes-and-goes')).toEqual(['fail 1 1']);
    expect(await times(3, 's3/tls-only', ':comes-and-goes')).toEqual(['fail 3 3']);
    const { findings } = parseSince(await readFile(join(folder, 'day3/since.ndjson'), 'utf8')) ?? {};
    const ids = (await reportIn(join(folder, 'day3'))).findings.map(({ id }) => id);
    expect(new Set(findings?.keys())).toEqual(new Set(ids));
  });

  test('says the same however often it is rendered or judged again, and what is redacted keeps its times', async () => {
    const run = join(folder, 'day3');
    const stored = { catalogue, run, includePass: false, explain: false };
    await render({ ...stored, out: join(folder, 'again'), formats: ['json', 'html', 'csv', 'asff', 'ocsf'] });
    for (const name of ['report.json', 'report.html'])
      expect(await readFile(join(folder, 'again', name), 'utf8')).toBe(await readFile(join(run, name), 'utf8'));
    const csv = (await readFile(join(folder, 'again/report.csv'), 'utf8')).split('\r\n');
    expect(csv[0]).toMatch(/,"run","first_seen","last_changed"$/);
    expect(csv[1]).toMatch(/,"2026-11-21T02:00:00\.000Z","2026-11-2[13]T02:00:00\.000Z"$/);
    const first = csv[1]?.slice(1, 33) ?? '';
    const [asff, ocsf] = await Promise.all(
      ['asff.json', 'ocsf.ndjson'].map((name) => readFile(join(folder, 'again', `report.${name}`), 'utf8')),
    );
    expect(asff).toContain(`"FirstObservedAt":"${day(1)}"`);
    expect(ocsf).toMatch(new RegExp(`"uid":"${first}".*"first_seen_time":${Date.parse(day(1))}`));
    const asked = { baseline: undefined, frameworks: undefined, ruleGlobs: undefined };
    const judged = { ...stored, formats: ['json'], failOn: undefined, allowIncomplete: false, now: new Date(day(9)) };
    await evaluate({ ...judged, ...asked, out: join(folder, 'judged') });
    expect((await reportIn(join(folder, 'judged'))).findings).toEqual((await reportIn(run)).findings);
    await render({ ...stored, out: join(folder, 'hidden'), formats: ['json'], redact: ['account-ids', 'arns', 'tags'] });
    const { findings } = await reportIn(join(folder, 'hidden'));
    expect(findings.map(({ firstSeen }) => firstSeen)).toEqual((await reportIn(run)).findings.map(({ firstSeen }) => firstSeen));
  });

  test('a pack of the run holds them, and its replay comes to the same', async () => {
    const out = join(folder, 'pack');
    await packRun({ catalogue, run: join(folder, 'day3'), out, connection: {} });
    const result = await verify({ catalogue, pack: out, replay: true });
    expect([result.problems, result.replay]).toEqual([[], 'same']);
    await writeFile(
      join(out, 'run/since.ndjson'),
      (await readFile(join(out, 'run/since.ndjson'), 'utf8')).replace(day(1), day(0)),
    );
    const { problems } = await verify({ catalogue, pack: out, replay: false });
    expect(problems.map(({ file }) => file)).toContain('run/since.ndjson');
  });
});

test('without a history nothing is said of it', async () => {
  const out = join(folder, 'alone');
  await scan(scanOptions(out, { ...narrow, now: new Date(day(4)) }));
  const { findings, rememberedFrom } = await reportIn(out);
  expect(findings.length).toBeGreaterThan(3);
  expect(rememberedFrom).toBeUndefined();
  expect(findings.filter((each) => 'firstSeen' in each || 'lastChanged' in each)).toEqual([]);
});

test.each(['', '{}', '{"since":"1.0","from":"x"}\n{"ids":1}', '{"since":"1.0","from":"x"}\n{'])(
  '%j is not taken at its word',
  (text) => {
    expect(parseSince(text)).toBeUndefined();
  },
);
