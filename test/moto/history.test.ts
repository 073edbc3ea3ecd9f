import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publish, readHistory } from '#outbound/history.js';
import { S3Store } from '#outbound/s3-store.js';
import type { HistoryStore, RunFile } from '#outbound/store.js';
import { atrestHistory } from './atrest.js';
import { enterMotoByEnvironment, keysOfA } from './cloud.js';
import { lineOf, owner } from '../outbound/support.js';
import { startMoto, type Moto } from './server.js';

const Bucket = 'history-of-runs';
const now = new Date('2026-11-30T03:00:00Z');
const mebi = 1024 * 1024;

let moto: Moto;
let s3: S3Client;
let key: string;
let folder: string;
beforeAll(async () => {
  moto = await startMoto();
  folder = await mkdtemp(join(tmpdir(), 'atrest-moto-'));
  const config = { endpoint: moto.url, region: 'us-east-1', credentials: keysOfA };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  const { KeyMetadata } = await new KMSClient(config).send(new CreateKeyCommand({}));
  key = KeyMetadata?.Arn ?? '';
  enterMotoByEnvironment(moto.url);
});
afterAll(async () => {
  await moto.stop();
  await rm(folder, { recursive: true });
});

const open = (prefix: string): Promise<HistoryStore> =>
  S3Store.open({ target: `s3://${Bucket}/${prefix}`, bucket: Bucket, prefix: `${prefix}/`, kmsKey: key, role: null }, {});

async function filesOf(contents: Readonly<Record<string, Buffer>>): Promise<readonly RunFile[]> {
  const files: RunFile[] = [];
  for (const [name, content] of Object.entries({ ...contents, 'manifest.json': Buffer.from('{}') })) {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
    files.push({ name, path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
  }
  return files;
}

async function bytesOf(Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

test('a run, its figures and the pointer, under the key and with checksums; a large file in parts', async () => {
  const store = await open('a');
  const contents = { 'run.json': Buffer.from('{}'), 'inventory/a b.gz': randomBytes(1000), 'large.gz': randomBytes(9 * mebi) };
  const lock = await store.lock(owner());
  const line = lineOf(1);
  await publish(store, lock, { line, files: await filesOf(contents), keep: {}, now });
  await lock.release();
  for (const [name, content] of Object.entries(contents))
    expect((await bytesOf(`a/runs/${line.run}/${name}`)).equals(content)).toBe(true);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: `a/runs/${line.run}/run.json`, ChecksumMode: 'ENABLED' }));
  expect(head).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key, ChecksumSHA256: expect.any(String) as string });
  expect((await readHistory(store))?.latest).toMatchObject({ run: line.run });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/' }));
  expect(Contents.filter((each) => each.Key?.includes('lock') === true)).toEqual([]);
  // What is there is not sent again.
  const before = new Map(Contents.map((each) => [each.Key, each.LastModified?.getTime()]));
  await store.putRun(line.run, await filesOf({ 'run.json': contents['run.json'] }));
  const after = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `a/runs/` }));
  for (const each of after.Contents ?? []) expect(each.LastModified?.getTime()).toBe(before.get(each.Key));
  store.close();
});

test('one of many gets the lock, and only its holder gives it back', async () => {
  const stores = await Promise.all(Array.from({ length: 5 }, () => open('b')));
  const ends = await Promise.allSettled(stores.map((store) => store.lock(owner())));
  const held = ends.filter((end) => end.status === 'fulfilled');
  expect(held).toHaveLength(1);
  for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'output' });
  await held[0]?.value.check();
  await held[0]?.value.release();
  await (await stores[0]?.lock(owner()))?.release();
  for (const store of stores) store.close();
});

test('what is not kept goes, manifest first', async () => {
  const store = await open('c');
  const lock = await store.lock(owner());
  const files = await filesOf({ a: Buffer.from('a') });
  for (const day of [1, 2]) await publish(store, lock, { line: lineOf(day), files, keep: {}, now });
  const { removed } = await publish(store, lock, { line: lineOf(3), files, keep: { runs: 2 }, now });
  expect(removed).toEqual([lineOf(1).run]);
  expect(await store.runs()).toEqual([2, 3].map((day) => lineOf(day).run));
  await lock.release();
  store.close();
});

test('the built program scans into S3 and shows what is there', async () => {
  const { scan, history, out } = await atrestHistory(moto.url, keysOfA, `s3://${Bucket}/program`, folder);
  expect(scan.stderr).toContain(`history: s3://${Bucket}/program/runs/`);
  expect([history.code, history.stderr]).toEqual([0, '']);
  const { runs, latest } = JSON.parse(history.stdout) as { runs: { run: string; stored: boolean }[]; latest: { path: string } };
  expect(runs).toMatchObject([{ stored: true }]);
  const manifest = await readFile(join(out, 'manifest.json'));
  expect((await stat(join(out, 'report.json'))).isFile()).toBe(true);
  expect((await bytesOf(`program/${latest.path}/manifest.json`)).equals(manifest)).toBe(true);
});
