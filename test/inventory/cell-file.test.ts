import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { lookedUp } from '#collect/registry.js';
import { cellPath, CellWriter, readCell, type CallLine, type CellFooter, type CellHeader } from '#inventory/cell-file.js';
import { deriveEdges, lookupsSignature, readEdges, type CellEdges } from '#inventory/edges-file.js';
import { readRun } from '#inventory/run-folder.js';
import { demoWorld } from '#estate/index.js';
import { AtrestError } from '#model/errors.js';
import type { ResourceRecord } from '#model/resources/index.js';
import { rules } from '#rules/index.js';
import { scanEstate } from '../support/scan-estate.js';
import { arnOfKey, bucket, key, skipped, unread, volume } from '../support/resources.js';
import { folder } from './support.js';

const cell = { account: '111111111111', region: 'us-east-1', service: 'ec2' } as const;
const header: CellHeader = { cell: '1.0', ...cell, partition: 'aws', asked: { 'ebs.volume': ['details', 'tags'] } };
const footer: CellFooter = {
  footer: true,
  ...cell,
  state: 'complete',
  reason: null,
  operations: [],
  lists: [],
  unread: [],
  sources: [],
};
const call = (n: number): CallLine => ({
  call: n,
  operation: 'ec2:DescribeVolumes',
  requestId: `r-${String(n)}`,
  date: null,
  attempts: 1,
  code: null,
});

const records: readonly ResourceRecord[] = [
  volume('vol-2', { kmsKeyId: arnOfKey(2) }),
  volume('vol-10'),
  volume('vol-1', {}, { tags: unread() }),
  key(1, { rotation: skipped('imported'), aliases: [] }),
  bucket('ünïcode "quoted"\n', null),
].map(({ record }) => record);

async function written(
  path: string,
  lines: readonly ResourceRecord[] = records,
  calls: readonly CallLine[] = [call(2), call(10), call(1)],
): Promise<boolean> {
  const writer = new CellWriter(path, header);
  for (const line of calls) writer.call(line);
  for (const record of lines) writer.resource(record);
  return writer.close((counts) => ({
    ...footer,
    lists: [...counts].map(([kind, count]) => ({ kind: kind as 'ebs.volume', complete: true, count, missing: null })),
  }));
}

async function read(path: string) {
  const calls: CallLine[] = [];
  const found: ResourceRecord[] = [];
  let first: CellHeader | undefined;
  let last: CellFooter | undefined;
  for await (const part of readCell(path, (line) => calls.push(line))) {
    first ??= part.header;
    found.push(...part.records);
    last = part.footer ?? last;
  }
  return { header: first, calls, records: found, footer: last };
}

describe('the file of a cell', () => {
  test('gives back what was written, calls by number, resources by kind and ARN', async () => {
    const path = cellPath(await folder(), cell);
    expect(await written(path)).toBe(true);
    const whole = await read(path);
    expect(whole.header).toEqual(header);
    expect(whole.calls.map((line) => line.call)).toEqual([1, 2, 10]);
    expect(whole.records).toEqual([records[2], records[1], records[0], records[3], records[4]]);
    expect(whole.footer?.lists).toEqual([
      { kind: 'ebs.volume', complete: true, count: 3, missing: null },
      { kind: 'kms.key', complete: true, count: 1, missing: null },
      { kind: 's3.bucket', complete: true, count: 1, missing: null },
    ]);
    // Nothing but the file itself is left.
    expect(await readdir(join(path, '..'))).toEqual(['ec2.ndjson.gz']);
  });

  test('is the same text whatever the order in which answers came', async () => {
    const [one, other] = [cellPath(await folder(), cell), cellPath(await folder(), cell)];
    await written(one);
    await written(other, [...records].reverse(), [call(1), call(2), call(10)]);
    expect(gunzipSync(await readFile(one)).toString()).toBe(gunzipSync(await readFile(other)).toString());
  });

  test('holds a resource once that was listed twice, and says that it was', async () => {
    const path = cellPath(await folder(), cell);
    expect(await written(path, [...records, ...records.slice(0, 2)])).toBe(false);
    const whole = await read(path);
    expect(whole.records).toHaveLength(records.length);
    expect(whole.footer?.lists[0]).toMatchObject({ kind: 'ebs.volume', count: 3 });
  });

  test('may hold no resource at all', async () => {
    const path = cellPath(await folder(), cell);
    expect(await written(path, [], [])).toBe(true);
    expect(await read(path)).toMatchObject({ header, calls: [], records: [], footer: { state: 'complete', lists: [] } });
  });

  test('is given up without a trace', async () => {
    const path = cellPath(await folder(), cell);
    const writer = new CellWriter(path, header);
    for (const record of records) writer.resource(record);
    await writer.discard();
    await expect(readdir(join(path, '..'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('does not exist when its footer could not be made', async () => {
    const path = cellPath(await folder(), cell);
    const writer = new CellWriter(path, header);
    await expect(
      writer.close(() => {
        throw new Error('a bug in the ledger');
      }),
    ).rejects.toThrow('a bug in the ledger');
    expect(await readdir(join(path, '..')).catch(() => [])).toEqual([]);
  });

  test('is refused without its footer: the cell was not finished', async () => {
    const path = cellPath(await folder(), cell);
    await written(path);
    const lines = gunzipSync(await readFile(path))
      .toString()
      .trimEnd()
      .split('\n');
    await writeFile(path, gzipSync(`${lines.slice(0, -1).join('\n')}\n`));
    const reading = read(path);
    await expect(reading).rejects.toThrow(AtrestError);
    await expect(reading).rejects.toMatchObject({
      code: 'run-folder',
      message: `${path} has no footer: the cell was not finished`,
    });
  });

  test('is refused when a line of it is not JSON', async () => {
    const path = cellPath(await folder(), cell);
    await written(path);
    const text = gunzipSync(await readFile(path)).toString();
    await writeFile(path, gzipSync(text.replace('"vol-10"', '"vol-10')));
    const reading = read(path);
    await expect(reading).rejects.toMatchObject({
      code: 'run-folder',
      message: expect.stringContaining(`${path} holds a line that is not JSON`) as string,
    });
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    ['not gzip', () => Buffer.from('not gzip at all')],
  ])('that is %s is refused by its name', async (_, spoilt) => {
    const path = cellPath(await folder(), cell);
    await written(path);
    await writeFile(path, spoilt(await readFile(path)));
    await expect(read(path)).rejects.toMatchObject({ code: 'run-folder', message: expect.stringContaining(path) as string });
  });
});

describe('the edges of a cell', () => {
  /** Rules that speak without being configured: a scan reads nothing for the others. */
  const speaking = rules.filter((rule) => rule.configured((rule.options?.parse({}) ?? {}) as never));

  /** Edges as a set of facts: their order and the values' are the file's business. */
  const facts = ({ edges, values, footer: last }: CellEdges) => ({
    edges: edges.map((edge) => JSON.stringify(edge)).sort(),
    values: [...values].sort((a, b) => (`${a.kind} ${a.arn}` < `${b.kind} ${b.arn}` ? -1 : 1)),
    footer: last,
  });

  test('written while it was crawled are those derived from its file', async () => {
    const accounts = ['111111111111', '222222222222', '333333333333'];
    await scanEstate(
      demoWorld(),
      { config: { version: 1, scope: { accounts, role: 'AtrestAudit' } }, baseline: 'recommended' },
      async ({ path }) => {
        const lookups = lookedUp(speaking, { tags: true });
        const { cells } = await readRun(path);
        let edges = 0;
        for (const each of cells) {
          const stored = await readEdges(cellPath(path, each, '.edges'), lookups);
          if (stored === undefined) throw new Error('the edges were written for other rules');
          expect(facts(stored)).toEqual(facts(await deriveEdges(cellPath(path, each), lookups)));
          edges += stored.edges.length;
        }
        expect(cells.length).toBeGreaterThan(30);
        expect(edges).toBeGreaterThan(40);
      },
    );
  });

  test('made for other rules are made again, not misread', async () => {
    await scanEstate(demoWorld(), { services: ['kms'], regions: ['us-east-1'] }, async ({ path }) => {
      const at = cellPath(path, { account: '111111111111', region: 'us-east-1', service: 'kms' }, '.edges');
      const lookups = lookedUp(speaking, { tags: false });
      expect(await readEdges(at, lookups)).toBeDefined();
      expect(await readEdges(at, { ...lookups, 's3.bucket': ['policy'] })).toBeUndefined();
    });
  });

  test('are named after what is looked up, in any order', () => {
    expect(lookupsSignature({ 'kms.key': ['metadata', 'aliases'], 'ebs.snapshot': ['details'] })).toBe(
      lookupsSignature({ 'ebs.snapshot': ['details'], 'kms.key': ['aliases', 'metadata'] }),
    );
    expect(lookupsSignature({ 'kms.key': ['metadata'] })).not.toBe(lookupsSignature({ 'kms.key': ['aliases'] }));
  });
});
