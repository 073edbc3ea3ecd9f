import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { publish, readHistory } from '#outbound/history.js';
import type { Keep } from '#outbound/retention.js';
import { folderBench, lineOf, owner, runOf, s3Bench, type Bench } from './support.js';

const benches: readonly (readonly [string, () => Promise<Bench>])[] = [
  ['a folder', folderBench],
  ['S3', () => s3Bench()],
  ['S3 under a key', () => s3Bench({}, { kmsKey: 'alias/history' })],
];

const now = new Date('2026-11-30T03:00:00Z');
const contents = { 'run.json': '{"id":1}', 'inventory/1/eu/kms ä.ndjson.gz': Buffer.from([31, 139, 0, 255]), 'report.html': '' };

async function store(bench: Bench, line = lineOf(1), keep: Keep = {}, files = runOf(contents)) {
  const history = await bench.open();
  const lock = await history.lock(owner());
  try {
    return await publish(history, lock, { line, files: await files, keep, now });
  } finally {
    await lock.release();
  }
}

async function latest(bench: Bench): Promise<{ run: string; complete: boolean; lastComplete: { run: string } | null }> {
  return JSON.parse((await bench.get('latest.json')).toString()) as never;
}

describe.each(benches)('a history in %s', (_, make) => {
  test('holds a run byte for byte, its figures, and the pointer to it; the lock is given back', async () => {
    const bench = await make();
    const { run } = lineOf(1);
    const { location } = await store(bench);
    expect(location).toContain(`runs/${run}`);
    const names = Object.keys({ ...contents, 'manifest.json': '' });
    expect([...(await bench.list())].sort()).toEqual(
      ['latest.json', 'trend.ndjson', ...names.map((name) => `runs/${run}/${name}`)].sort(),
    );
    for (const [name, content] of Object.entries(contents))
      expect(await bench.get(`runs/${run}/${name}`)).toEqual(Buffer.from(content));
    expect(await latest(bench)).toMatchObject({ run, path: `runs/${run}`, complete: true, lastComplete: { run } });
  });

  test('the trend grows by a line a run, and by none when a run is stored again', async () => {
    const bench = await make();
    await store(bench);
    await store(bench, lineOf(2, false));
    await store(bench, lineOf(2, false));
    const lines = (await bench.get('trend.ndjson')).toString().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([lineOf(1), lineOf(2, false)]);
    expect(await latest(bench)).toMatchObject({ run: lineOf(2).run, complete: false, lastComplete: { run: lineOf(1).run } });
    const history = await readHistory(await bench.open());
    expect(history?.runs).toEqual([lineOf(1), lineOf(2, false)].map((line) => ({ ...line, stored: true })));
  });

  test('a run that is added late does not become the latest', async () => {
    const bench = await make();
    await store(bench, lineOf(5));
    await store(bench, lineOf(4));
    expect(await latest(bench)).toMatchObject({ run: lineOf(5).run });
  });

  test('a run that cannot be stored whole changes nothing for a reader', async () => {
    const bench = await make();
    await store(bench);
    const before = [await bench.get('latest.json'), await bench.get('trend.ndjson')];
    const files = [...(await runOf(contents))];
    await writeFile(files[0]?.path ?? '', '{"id":2}');
    await expect(store(bench, lineOf(2), {}, Promise.resolve(files))).rejects.toThrow(/is not what/);
    expect([await bench.get('latest.json'), await bench.get('trend.ndjson')]).toEqual(before);
    const history = await bench.open();
    expect(await history.isWhole(lineOf(2).run)).toBe(false);
    expect((await readHistory(history))?.runs.map(({ run }) => run)).toEqual([lineOf(1).run]);
    // What was not there goes, what was there stays.
    await rm(files[0]?.path ?? '');
    await store(bench, lineOf(2));
    expect(await history.isWhole(lineOf(2).run)).toBe(true);
  });

  test('keeps what the limits say, never without the latest and the latest complete run', async () => {
    const bench = await make();
    await store(bench, lineOf(1));
    for (const day of [2, 3, 4]) await store(bench, lineOf(day, false));
    const { removed } = await store(bench, lineOf(5, false), { runs: 2 });
    expect(removed).toEqual([3, 2].map((day) => lineOf(day).run));
    const history = await readHistory(await bench.open());
    expect(history?.runs.map(({ stored }) => stored)).toEqual([true, false, false, true, true]);
    expect((await bench.list()).filter((name) => name.includes(lineOf(2).run))).toEqual([]);
    expect(await latest(bench)).toMatchObject({ run: lineOf(5).run, lastComplete: { run: lineOf(1).run } });
  });

  test('lets one run in at a time and says who it is', async () => {
    const bench = await make();
    const [one, two] = [await bench.open(), await bench.open()];
    const mine = owner(process.pid);
    const lock = await one.lock(mine);
    await expect(two.lock({ ...owner(process.pid) })).rejects.toMatchObject({
      code: 'output',
      message: expect.stringMatching(
        new RegExp(`is in use by a run that began at 2026-11-23.* on ${mine.host} \\(process ${String(mine.pid)}\\)`),
      ) as string,
    });
    await lock.check();
    await lock.release();
    await (await two.lock(owner())).release();
  });

  test('of many at the same moment one gets the lock', async () => {
    const bench = await make();
    const stores = await Promise.all(Array.from({ length: 8 }, () => bench.open()));
    const ends = await Promise.allSettled(stores.map((each) => each.lock(owner(process.pid))));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends) if (end.status === 'fulfilled') await end.value.release();
  });

  test('a line of the trend that is damaged stays, and hides no other', async () => {
    const bench = await make();
    await store(bench);
    const history = await bench.open();
    const before = await history.read('trend.ndjson');
    await history.write('trend.ndjson', `{"run":\n${before?.text ?? ''}{"cut`, before);
    await store(bench, lineOf(2));
    expect(await readHistory(history)).toMatchObject({ damaged: 2, runs: [{ run: lineOf(1).run }, { run: lineOf(2).run }] });
    expect((await bench.get('trend.ndjson')).toString()).toContain('{"cut\n');
  });
});
