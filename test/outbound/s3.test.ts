import { randomBytes } from 'node:crypto';
import { ListMultipartUploadsCommand, PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { publish } from '#outbound/history.js';
import { parseTarget } from '#outbound/target.js';
import { A, bucket, lineOf, owner, runOf, s3Bench, type S3Bench } from './support.js';

const now = new Date('2026-11-30T03:00:00Z');
const line = lineOf(1);
const mebi = 1024 * 1024;

async function store(bench: S3Bench, files: Awaited<ReturnType<typeof runOf>>): Promise<void> {
  const history = await bench.open();
  const lock = await history.lock(owner());
  await publish(history, lock, { line, files, keep: {}, now });
  await lock.release();
}

const puts = (calls: readonly string[]) => calls.filter((call) => /^(PutObject|UploadPart)/.test(call) && !call.includes('lock'));

describe('what is sent', () => {
  test('comes in the order in which a reader may look: files, manifest, trend, latest', async () => {
    const bench = await s3Bench();
    await store(bench, await runOf({ a: 'a', 'b/c': 'c', 'report.json': '{}' }));
    const sent = puts(bench.calls());
    expect(sent.slice(0, 3).sort()).toEqual(['a', 'b/c', 'report.json'].map((name) => `PutObject runs/${line.run}/${name}`));
    expect(sent.slice(3)).toEqual([
      `PutObject runs/${line.run}/manifest.json`,
      'PutObject trend.ndjson',
      'PutObject latest.json',
    ]);
  });

  test('carries the SHA-256 of the manifest, and the key that was named', async () => {
    const bench = await s3Bench({}, { kmsKey: 'alias/history' });
    const files = await runOf({ a: 'a' });
    await store(bench, files);
    const put = bench.estate.log.filter(({ operation }) => operation === 's3:PutObject');
    for (const { params } of put) {
      expect(params).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: bench.key, BucketKeyEnabled: 'true' });
      expect(params['ChecksumSHA256']).toEqual(expect.any(String));
    }
    const first = put.find(({ params }) => String(params['Key']).endsWith('/a'));
    expect(first?.params['ChecksumSHA256']).toBe(Buffer.from(files[0]?.sha256 ?? '', 'hex').toString('base64'));
  });

  test('says nothing of encryption without a key: the bucket decides', async () => {
    const bench = await s3Bench();
    await store(bench, await runOf({ a: 'a' }));
    for (const { params } of bench.estate.log) expect(params).not.toHaveProperty('ServerSideEncryption');
  });

  test('is called a page where it is one, so that a browser shows it', async () => {
    const bench = await s3Bench();
    const page = await runOf({ 'report.html': '<p>', 'report.json': '{}' });
    const large = await runOf({ 'report.html': randomBytes(9 * mebi) });
    await store(bench, [...page, ...large.slice(0, 1)]);
    await (await bench.open()).write('index.html', '<p>', undefined);
    const typed = bench.estate.log.filter(({ params }) => String(params['ContentType']).startsWith('text/html'));
    expect(typed.map(({ operation, params }) => `${operation} ${String(params['Key']).replace(/^.*\//, '')}`).sort()).toEqual([
      's3:CreateMultipartUpload report.html',
      's3:PutObject index.html',
      's3:PutObject report.html',
    ]);
  });

  test('goes to the region of the bucket, whatever the environment names', async () => {
    const bench = await s3Bench();
    await store(bench, await runOf({ a: 'a' }));
    const regions = new Set(
      bench.estate.log.filter(({ operation }) => operation !== 's3:HeadBucket').map(({ region }) => region),
    );
    expect([...regions]).toEqual(['eu-west-1']);
  });
});

describe('an upload that was cut', () => {
  test('goes on without sending again what is there; what is there and wrong is sent again', async () => {
    const bench = await s3Bench();
    const names = Array.from({ length: 30 }, (_, index) => `f${String(index).padStart(2, '0')}`);
    const files = await runOf(Object.fromEntries(names.map((name) => [name, name])));
    const fault = bench.estate.faults.add({
      kind: 'deny',
      operation: 's3:PutObject',
      resource: `${bucket}/some/prefix/runs/${line.run}/f20`,
    });
    await expect(store(bench, files)).rejects.toThrow(/s3:PutObject failed/);
    fault.remove();
    const there = await bench.list();
    expect(there.length).toBeGreaterThan(10);
    expect(there.some((name) => /manifest|latest|trend/.test(name))).toBe(false);
    await bench.client.send(new PutObjectCommand({ Bucket: bucket, Key: `some/prefix/runs/${line.run}/f03`, Body: 'g03' }));
    bench.calls();
    await storeAfter(bench, files);
    const sent = puts(bench.calls());
    const missing = names.filter((name) => !there.includes(`runs/${line.run}/${name}`) || name === 'f03');
    expect(sent.slice(0, -3).sort()).toEqual(missing.map((name) => `PutObject runs/${line.run}/${name}`));
    expect((await bench.get(`runs/${line.run}/f03`)).toString()).toBe('f03');
    bench.calls();
    await storeAfter(bench, files);
    expect(puts(bench.calls())).toEqual(['PutObject latest.json']);
  });

  test('in the middle of a large file sends the parts that are not there', async () => {
    const bench = await s3Bench({}, { kmsKey: 'alias/history' });
    const large = randomBytes(20 * mebi);
    const files = await runOf({ large });
    // The third part and all that is tried again of it.
    const fault = bench.estate.faults.add({ kind: 'http500', operation: 's3:UploadPart', times: 1 });
    const history = await bench.open();
    const uploading = history.putRun(line.run, files);
    await expect(uploading).resolves.toContain(line.run);
    expect(fault.hits).toBe(1);
    // A transient error is tried again within the call; a denied one ends the upload.
    const again = lineOf(2).run;
    const denied = bench.estate.faults.add({ kind: 'deny', operation: 's3:CompleteMultipartUpload', times: 1 });
    await expect(history.putRun(again, files)).rejects.toThrow(/CompleteMultipartUpload/);
    denied.remove();
    bench.calls();
    await history.putRun(again, files);
    const calls = bench.calls();
    expect(calls.filter((call) => call.startsWith('UploadPart'))).toEqual([]);
    expect(calls.filter((call) => call.startsWith('CreateMultipartUpload'))).toEqual([]);
    expect((await bench.get(`runs/${again}/large`)).equals(large)).toBe(true);
    bench.calls();
    await history.putRun(again, files);
    expect(puts(bench.calls())).toEqual([]);
  });

  test('sends a part again that is there and wrong, and those that are not there', async () => {
    const bench = await s3Bench();
    const large = randomBytes(20 * mebi);
    const files = await runOf({ large });
    const history = await bench.open();
    const denied = bench.estate.faults.add({ kind: 'deny', operation: 's3:CompleteMultipartUpload' });
    await expect(history.putRun(line.run, files)).rejects.toThrow(/CompleteMultipartUpload/);
    denied.remove();
    const { Uploads: [upload] = [] } = await bench.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    const wrong = { Bucket: bucket, Key: upload?.Key, UploadId: upload?.UploadId, PartNumber: 2, Body: 'wrong' };
    await bench.client.send(new UploadPartCommand({ ...wrong, ChecksumAlgorithm: 'SHA256' }));
    bench.calls();
    await history.putRun(line.run, files);
    const key = `runs/${line.run}/large`;
    expect(puts(bench.calls())).toEqual([`UploadPart ${key} 2`, `PutObject runs/${line.run}/manifest.json`]);
    expect((await bench.get(key)).equals(large)).toBe(true);
  });
});

const nobody = { check: () => Promise.resolve(), release: () => Promise.resolve() };

/** With the lock that an earlier attempt left taken as given back. */
async function storeAfter(bench: S3Bench, files: Awaited<ReturnType<typeof runOf>>): Promise<void> {
  const history = await bench.open();
  await publish(history, nobody, { line, files, keep: {}, now });
}

test.each(['s3:PutObject', 's3:CompleteMultipartUpload', 's3:UploadPart', 's3:CreateMultipartUpload'])(
  'lost answers to %s lose nothing',
  async (operation) => {
    const bench = await s3Bench();
    const large = randomBytes(9 * mebi);
    const files = await runOf({ a: 'a', large });
    await storeAfter(bench, await runOf({}));
    const fault = bench.estate.faults.add({ kind: 'reset', operation, times: 2 });
    await publish(await bench.open(), nobody, { line: lineOf(2), files, keep: {}, now });
    expect(fault.hits).toBe(2);
    expect((await bench.get('trend.ndjson')).toString().trimEnd().split('\n')).toHaveLength(2);
    expect((await bench.get(`runs/${lineOf(2).run}/large`)).equals(large)).toBe(true);
  },
);

test('a lost answer to the trend’s own write is no change by another', async () => {
  const bench = await s3Bench();
  await storeAfter(bench, await runOf({}));
  const trend = `${bucket}/some/prefix/trend.ndjson`;
  bench.estate.faults.add({ kind: 'reset', operation: 's3:PutObject', resource: trend, times: 1 });
  await publish(await bench.open(), nobody, { line: lineOf(2), files: await runOf({}), keep: {}, now });
  expect((await bench.get('trend.ndjson')).toString().trimEnd().split('\n')).toHaveLength(2);
});

describe('the lock in S3', () => {
  test('is taken over a quarter of an hour after it was renewed, by S3’s clock, by one of many', async () => {
    let ahead = 0;
    const bench = await s3Bench({ now: () => new Date(Date.now() + ahead) });
    const first = await (await bench.open()).lock(owner());
    ahead = 14 * 60_000;
    await expect((await bench.open()).lock(owner())).rejects.toMatchObject({
      code: 'output',
      hint: expect.stringContaining('15 minutes') as string,
    });
    ahead = 16 * 60_000;
    const stores = await Promise.all(Array.from({ length: 6 }, () => bench.open()));
    const ends = await Promise.allSettled(stores.map((each) => each.lock(owner())));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(first.check()).rejects.toThrow(/taken over/);
    await first.release();
    expect(await bench.list()).toEqual(['lock.json']);
  });

  test('is renewed by a look at it', async () => {
    let ahead = 0;
    const bench = await s3Bench({ now: () => new Date(Date.now() + ahead) });
    const lock = await (await bench.open()).lock(owner());
    for (let times = 0; times < 4; times++) {
      ahead += 10 * 60_000;
      await lock.check();
    }
    await expect((await bench.open()).lock(owner())).rejects.toThrow(/in use/);
  });

  test('stays ours when answers get lost, and when renewals meet', async () => {
    const bench = await s3Bench();
    const lock = await (await bench.open()).lock(owner());
    bench.estate.faults.add({ kind: 'reset', operation: 's3:PutObject', times: 1 });
    await lock.check();
    await Promise.all([lock.check(), lock.check(), lock.check()]);
    await lock.check();
    await lock.release();
    expect(await bench.list()).toEqual([]);
  });

  test('is ours when the answer to its creation got lost', async () => {
    const bench = await s3Bench();
    const history = await bench.open();
    bench.estate.faults.add({ kind: 'reset', operation: 's3:PutObject', times: 1 });
    const lock = await history.lock(owner());
    await lock.check();
    await lock.release();
    expect(await bench.list()).toEqual([]);
  });
});

describe('an error says what to allow', () => {
  const nameOf = (action: string) => new RegExp(`Allow .*${action.replace('*', '\\*')}`);
  test.each([
    ['s3:PutObject', nameOf(`s3:PutObject on arn:aws:s3:::${bucket}/some/prefix/`)],
    ['s3:GetObject', nameOf('s3:GetObject on arn:aws:s3:::')],
    ['s3:ListObjectsV2', nameOf(`s3:ListBucket on arn:aws:s3:::${bucket}`)],
    ['kms:GenerateDataKey', /Allow kms:GenerateDataKey on arn:aws:kms:eu-west-1:111111111111:key\/.*policy of the key/],
    ['kms:Decrypt', /Allow s3:GetObject on .* and kms:Decrypt on arn:aws:kms:eu-west-1/],
  ])('%s', async (operation, hint) => {
    const bench = await s3Bench({}, { kmsKey: 'alias/history' });
    const files = await runOf({ a: 'a' });
    await store(bench, files);
    bench.world.deny({ operation });
    await expect(store(bench, files)).rejects.toMatchObject({ code: 'output', hint: expect.stringMatching(hint) as string });
  });

  test.each([
    ['s3:UploadPart', /Allow s3:PutObject on/],
    ['s3:CreateMultipartUpload', /Allow s3:PutObject on/],
    ['s3:CompleteMultipartUpload', /Allow s3:PutObject on/],
    ['s3:ListMultipartUploads', /Allow s3:ListBucketMultipartUploads on arn:aws:s3:::history-of-runs\./],
    ['s3:ListParts', /Allow s3:ListMultipartUploadParts on/],
  ])('%s, of a large file', async (operation, hint) => {
    const bench = await s3Bench();
    bench.world.deny({ operation });
    const history = await bench.open();
    const files = await runOf({ large: Buffer.alloc(9 * mebi) });
    await expect(history.putRun(line.run, files)).rejects.toMatchObject({ hint: expect.stringMatching(hint) as string });
  });

  test('an explicit deny is told from a permission that is lacking', async () => {
    const bench = await s3Bench();
    const history = await bench.open();
    bench.world.deny({ operation: 's3:PutObject', reason: 'identity-deny' });
    await expect(history.lock(owner())).rejects.toMatchObject({ hint: expect.stringContaining('history.role') as string });
  });

  test('s3:DeleteObject, of what is not kept any more', async () => {
    const bench = await s3Bench();
    const history = await bench.open();
    await history.putRun(line.run, await runOf({ a: 'a' }));
    bench.world.deny({ operation: 's3:DeleteObject' });
    await expect(history.removeRun(line.run)).rejects.toMatchObject({
      hint: expect.stringContaining('s3:DeleteObject') as string,
    });
    expect(await history.isWhole(line.run)).toBe(true);
  });

  test('a key that is disabled, a bucket that is not there, a role that may not be assumed', async () => {
    const bench = await s3Bench({}, { kmsKey: 'alias/history' });
    const history = await bench.open();
    bench.world.put(A, 'eu-west-1', 'kms.key', { KeyId: bench.key.split('/')[1] ?? '', KeyState: 'Disabled' });
    await expect(history.lock(owner())).rejects.toMatchObject({
      message: expect.stringContaining('KMS.DisabledException') as string,
      hint: expect.stringContaining(bench.key) as string,
    });
    bench.world.remove(A, 'eu-west-1', 's3.bucket', bucket);
    await expect(bench.open()).rejects.toMatchObject({ hint: expect.stringContaining('There is no bucket') as string });
    const other = await s3Bench({}, { role: `arn:aws:iam::${A}:role/Nobody` });
    await expect(other.open()).rejects.toMatchObject({
      message: expect.stringContaining('sts:AssumeRole failed') as string,
      hint: expect.stringContaining('Allow sts:AssumeRole') as string,
    });
  });
});

test('a role of its own writes the history', async () => {
  const role = `arn:aws:iam::${A}:role/History`;
  const bench = await s3Bench({}, { role });
  bench.world.addRole(A, { name: 'History' });
  const history = await bench.open();
  await (await history.lock(owner())).release();
  expect(bench.estate.counts.get('sts:AssumeRole')).toBe(1);
});

test.each([
  ['s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '' }],
  ['s3://bucket/', { kind: 's3', bucket: 'bucket', prefix: '' }],
  ['s3://bucket//a/b/', { kind: 's3', bucket: 'bucket', prefix: 'a/b/' }],
  ['runs', { kind: 'folder', path: 'runs' }],
  ['/var/lib/atrest', { kind: 'folder', path: '/var/lib/atrest' }],
  ['C:\\runs', { kind: 'folder', path: 'C:\\runs' }],
])('%s names a history', (text, target) => {
  expect(parseTarget(text)).toEqual(target);
});

test.each(['', ' ', 's3://', 's3://Bucket', 's3://a', 'https://bucket.s3.amazonaws.com', 'gs://bucket'])(
  '"%s" names none',
  (text) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  },
);
