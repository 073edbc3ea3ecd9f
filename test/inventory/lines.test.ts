import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineWriter, readLines, writePieces, writeWhole } from '#inventory/lines.js';
import { SortedLines } from '#inventory/sorted-lines.js';
import { folder } from './support.js';

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of readLines(path)) lines.push(...batch);
  return lines;
}

/** A disk without space: /dev/full takes the place of the file that is being written. */
async function onFullDisk(path: string): Promise<void> {
  await symlink('/dev/full', `${path}.partial`);
}

describe('a file of lines', () => {
  test.each(['a.ndjson', 'a.ndjson.gz'])('%s appears whole, under its name, in folders that it makes', async (name) => {
    const path = join(await folder(), 'deep', 'down', name);
    const writer = new LineWriter(path);
    for (const line of ['one', 'zwei – zweiundzwanzig', '三']) writer.write(line);
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    await writer.close();
    const bytes = await readFile(path);
    expect((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()).toBe('one\nzwei – zweiundzwanzig\n三\n');
    expect(await readdir(join(path, '..'))).toEqual([name]);
  });

  test('replaces an older one in one step', async () => {
    const path = join(await folder(), 'a.ndjson');
    await writeFile(path, 'old\n');
    const writer = new LineWriter(path);
    writer.write('new');
    expect(await readFile(path, 'utf8')).toBe('old\n');
    await writer.close();
    expect(await readFile(path, 'utf8')).toBe('new\n');
  });

  test.each(['a.ndjson', 'a.ndjson.gz'])('%s that is given up leaves nothing', async (name) => {
    const at = await folder();
    const writer = new LineWriter(join(at, name));
    for (let n = 0; n < 50_000; n += 1) writer.write(`line ${String(n)} of those that nobody will read`);
    await writer.discard();
    expect(await readdir(at)).toEqual([]);
  });

  test('of any size is written with the disk setting the pace, and read back line by line', async () => {
    const path = join(await folder(), 'a.ndjson.gz');
    const writer = new LineWriter(path);
    const line = (n: number) => `${String(n)} ${'é'.repeat(n % 300)}`;
    for (let n = 0; n < 40_000; n += 1) {
      writer.write(line(n));
      if (writer.full) await writer.drained();
    }
    await writer.close();
    let n = 0;
    for await (const batch of readLines(path)) for (const text of batch) expect(text === line(n++)).toBe(true);
    expect(n).toBe(40_000);
  });

  test.each(['a.ndjson', 'a.ndjson.gz'])('%s says so when the disk is full, when it is closed at the latest', async (name) => {
    const path = join(await folder(), name);
    await onFullDisk(path);
    const writer = new LineWriter(path);
    writer.write('x');
    await expect(writer.close()).rejects.toMatchObject({ code: 'ENOSPC' });
    await writer.discard();
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  test('on a full disk stops whoever writes on, and does not wait for ever', async () => {
    const path = join(await folder(), 'a.ndjson');
    await onFullDisk(path);
    const writer = new LineWriter(path);
    const writeOn = async () => {
      for (let n = 0; n < 1_000_000; n += 1) {
        writer.write('a line of some length, to fill what there is to fill, and a little more than that');
        if (writer.full) await writer.drained();
      }
    };
    await expect(writeOn()).rejects.toMatchObject({ code: 'ENOSPC' });
    await writer.discard();
  });

  test('cannot be written where part of the path is a file', async () => {
    const at = await folder();
    await writeFile(join(at, 'file'), '');
    await expect(new LineWriter(join(at, 'file', 'a.ndjson')).close()).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTDIR|EEXIST/) as string,
    });
  });

  test('holds any text that JSON holds', async () => {
    const path = join(await folder(), 'a.ndjson.gz');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), async (texts) => {
        const writer = new LineWriter(path);
        for (const text of texts) writer.write(JSON.stringify(text));
        await writer.close();
        expect((await linesOf(path)).map((line) => JSON.parse(line) as string)).toEqual(texts);
      }),
      { numRuns: 25 },
    );
  });

  test('need not end in a line feed to be read', async () => {
    const path = join(await folder(), 'a.ndjson');
    for (const [text, lines] of [
      ['a\nb', ['a', 'b']],
      ['a\nb\n', ['a', 'b']],
      ['', []],
      ['\n\n', ['', '']],
    ] as const) {
      await writeFile(path, text);
      expect(await linesOf(path)).toEqual(lines);
    }
  });

  test('that is not there, or that was cut off, is an error to its reader', async () => {
    const path = join(await folder(), 'a.ndjson.gz');
    await expect(linesOf(path)).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(path, gzipSync('one\n'.repeat(1000)).subarray(0, 30));
    await expect(linesOf(path)).rejects.toThrow();
  });
});

describe('a small file', () => {
  test('is written whole', async () => {
    const path = join(await folder(), 'in', 'run.json');
    await writeWhole(path, '{}\n');
    await writeWhole(path, '{"a":1}\n');
    expect(await readFile(path, 'utf8')).toBe('{"a":1}\n');
    expect(await readdir(join(path, '..'))).toEqual(['run.json']);
  });

  test('on a full disk is not there, and the one before it is', async () => {
    const path = join(await folder(), 'run.json');
    await writeWhole(path, 'before');
    await onFullDisk(path);
    await expect(writeWhole(path, 'after')).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await readFile(path, 'utf8')).toBe('before');
  });
});

test('a report whose rendering fails half way is not there', async () => {
  const path = join(await folder(), 'report.html');
  const pieces = async function* () {
    yield '<html>';
    await Promise.resolve();
    throw new Error('a bug in a template');
  };
  await expect(writePieces(path, pieces())).rejects.toThrow('a bug in a template');
  expect(await readdir(join(path, '..'))).toEqual([]);
});

describe('lines in order', () => {
  async function sorted(
    lines: readonly (readonly [string, string])[],
    runLength: number,
  ): Promise<{ pairs: [string, string][]; left: string[] }> {
    const at = join(await folder(), 'runs');
    await mkdir(at, { recursive: true });
    const sorting = new SortedLines(join(at, 'x'), runLength);
    for (const [key, line] of lines) sorting.add(key, line);
    const pairs: [string, string][] = [];
    for await (const { key, line } of sorting.inOrder()) pairs.push([key, line]);
    await sorting.discard();
    return { pairs, left: await readdir(at) };
  }

  /** Sorted by code units; of lines with one key the first that came. */
  function expected(lines: readonly (readonly [string, string])[]): [string, string][] {
    const firsts = new Map<string, string>();
    for (const [key, line] of lines) if (!firsts.has(key)) firsts.set(key, line);
    return [...firsts].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  test('are the same from disk as from memory, without doubles', async () => {
    const key = fc.oneof(fc.stringMatching(/^[a-zäÄ:/-]{0,6}$/), fc.constantFrom('a', 'b'));
    const line = fc.string().map((text) => JSON.stringify(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(key, line), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (lines, runLength) => {
          const { pairs, left } = await sorted(lines, runLength);
          expect(pairs).toEqual(expected(lines));
          expect(left).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('may be many', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, n) => [`key ${String((n * 7919) % 15_000).padStart(6, '0')}`, `{"n":${String(n)}}`] as const,
    );
    expect((await sorted(lines, 1_500)).pairs).toEqual(expected(lines));
  });

  test('say when they could not be kept', async () => {
    const at = await folder();
    await writeFile(join(at, 'file'), '');
    const sorting = new SortedLines(join(at, 'file', 'x'), 2);
    for (const key of ['a', 'b', 'c']) sorting.add(key, '{}');
    await expect(sorting.settled()).rejects.toThrow();
    await expect(sorting.inOrder().next()).rejects.toThrow();
    await sorting.discard().catch(() => 'nothing to discard');
  });
});
