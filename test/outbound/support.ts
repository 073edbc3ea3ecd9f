import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach } from 'vitest';
import { createWorld, startEstate, type Estate, type EstateOptions, type World } from '#estate/index.js';
import { FolderStore } from '#outbound/folder-store.js';
import { S3Store } from '#outbound/s3-store.js';
import type { HistoryStore, LockOwner, RunFile } from '#outbound/store.js';
import type { TrendLine } from '#model/trend.js';
import { useEstate } from '../support/scan-estate.js';

export const A = '111111111111';
export const bucket = 'history-of-runs';
const region = 'eu-west-1';

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'atrest-history-'));
  undo.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A store with a look behind it. */
export interface Bench {
  /** The same history, as another process would open it. */
  open(): Promise<HistoryStore>;
  list(): Promise<readonly string[]>;
  get(name: string): Promise<Buffer>;
}

export async function folderBench(): Promise<Bench & { readonly path: string }> {
  const path = join(await folder(), 'history');
  return {
    path,
    open: () => Promise.resolve(new FolderStore(path, () => false)),
    list: async () => {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
        .sort();
    },
    get: (name) => readFile(join(path, name)),
  };
}

export interface S3Bench extends Bench {
  readonly estate: Estate;
  readonly world: World;
  readonly key: string;
  readonly client: S3Client;
  /** Calls since it was last asked, as `PutObject latest.json`. */
  calls(): readonly string[];
}

/** The bucket is in another region than the environment names. */
export async function s3Bench(options: EstateOptions = {}, place: { kmsKey?: string; role?: string } = {}): Promise<S3Bench> {
  const world = createWorld({ seed: 3 }).addAccount(A, { regions: ['us-east-1', region] });
  const { Arn: key } = world.put(A, region, 'kms.key', { aliases: ['alias/history'] });
  world.put(A, region, 's3.bucket', { Name: bucket });
  const estate = await startEstate(world, options);
  undo.push(() => estate.close());
  useEstate(estate);
  const client = new S3Client({ endpoint: estate.url, region, credentials: estate.credentialsFor(A), forcePathStyle: true });
  let seen = 0;
  return {
    estate,
    world,
    key,
    client,
    open: async () => {
      const kmsKey = place.kmsKey === undefined ? null : key;
      const at = { target: `s3://${bucket}/some/prefix`, bucket, prefix: 'some/prefix/', kmsKey, role: place.role ?? null };
      const store = await S3Store.open(at, {});
      undo.push(async () => {
        store.close();
      });
      return store;
    },
    list: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.map(({ Key = '' }) => Key.replace(/^some\/prefix\//, ''));
    },
    get: async (name) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `some/prefix/${name}` }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    calls: () => {
      const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
      const calls = estate.log.slice(seen).map(({ operation, params }) => {
        const key = textOf(params['Key']).replace(/^some\/prefix\//, '');
        return `${operation.slice(3)} ${key} ${textOf(params['PartNumber'])}`.trim();
      });
      seen = estate.log.length;
      return calls;
    },
  };
}

export function owner(pid = 4711): LockOwner {
  return { token: randomUUID(), pid, host: hostname(), startedAt: '2026-11-23T01:00:00.000Z' };
}

/** The files of a made-up run, the manifest last. */
export async function runOf(contents: Readonly<Record<string, string | Buffer>>): Promise<readonly RunFile[]> {
  const path = await folder();
  const files: RunFile[] = [];
  for (const [name, content] of Object.entries({ ...contents, 'manifest.json': '{}' })) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
    files.push({
      name,
      path: join(path, name),
      bytes: Buffer.byteLength(content),
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  }
  return files;
}

/** A day in November, and a run of it. */
export function lineOf(day: number, complete = true): TrendLine {
  const date = `2026-11-${String(day).padStart(2, '0')}`;
  return {
    schemaVersion: '1.0',
    run: `${date.replaceAll('-', '')}T010000Z-0000000${String(day % 10)}`,
    startedAt: `${date}T01:00:00.000Z`,
    finishedAt: `${date}T02:00:00.000Z`,
    complete,
    resources: 1,
    score: 0.5,
    pass: 1,
    fail: 1,
    unknown: 0,
    accounts: { [A]: { complete, score: 0.5, pass: 1, fail: 1, unknown: 0 } },
  };
}
