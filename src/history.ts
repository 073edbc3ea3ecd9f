import { randomUUID, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CallFailed } from '#aws/ask.js';
import type { ConnectionOptions } from '#aws/connection.js';
import type { Before, BeforeOf } from '#evidence/chain.js';
import { exists, manifestFile, readRun, reasonOf, sinceFile } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import { compareText } from '#model/place.js';
import type { IsAlive } from '#outbound/folder-lock.js';
import { FolderStore } from '#outbound/folder-store.js';
import { publish, readHistory, type History, type Published } from '#outbound/history.js';
import type { Keep } from '#outbound/retention.js';
import type { HistoryLock, HistoryStore, RunFile } from '#outbound/store.js';
import { parseTarget } from '#outbound/target.js';
import { parseTrend, trendLine, trendName } from '#outbound/trend.js';
import type { Language } from '#model/language.js';
import type { ReportHeader } from '#model/report.js';
import type { TrendLine } from '#model/trend.js';
import { historyPage } from '#reports/html/history.js';
import { languageOfRun } from './judgement.js';
import { readSummary, type HistoryOutcome, type RunResult } from './finish-run.js';
import { toolVersion } from './version.js';

/** The page over all runs, at the top of the history. */
const indexName = 'index.html';

/** Runs that are asked since when their findings are known. */
const sinceMost = 5;

/** Runs whose figures a report shows beside its own. */
const earlierMost = 30;

/** Where runs are kept, and how. */
export interface HistoryOptions {
  /** A folder, or `s3://bucket/prefix`. */
  readonly to: string;
  readonly keep?: Keep | undefined;
  /** S3: the key that objects are encrypted under; undefined: as the bucket says. */
  readonly kmsKey?: string | undefined;
  /** S3: ARN of the role to assume; undefined: the caller's own credentials. */
  readonly role?: string | undefined;
  /** This process, for the lock. */
  readonly self: { readonly pid: number; readonly isAlive: IsAlive };
}

/** Works with the history locked from the beginning, so that what forbids it shows before the crawl, and stores the run. */
export async function intoHistory(
  history: HistoryOptions,
  options: {
    readonly out: string;
    readonly connection: ConnectionOptions;
    readonly now: Date | undefined;
    /** Of the page over all runs; undefined: the run's. */
    readonly language?: Language | undefined;
  },
  work: (before: BeforeOf) => Promise<RunResult>,
): Promise<RunResult> {
  const { out, connection } = options;
  const now = options.now ?? new Date();
  return withLock(history, connection, now, async (store, lock) => {
    const before = parseTrend((await store.read(trendName))?.text ?? '').lines;
    const result = await work((scope, run) => beforeIn(store, before, scope, run));
    const outcome = await deliver(history, connection, async () =>
      storeRun(store, lock, {
        header: result.header,
        stored: await runFiles(out),
        keep: history.keep ?? {},
        now,
        language: options.language ?? languageOfRun(await readRun(out)),
      }),
    );
    return { ...result, history: outcome, exitCode: exitCodeWith(result.exitCode, outcome) };
  });
}

/** Stores a run that was finished before: another's, or one whose upload was cut. Rejects when that fails. */
export async function addToHistory(
  run: string,
  history: HistoryOptions,
  connection: ConnectionOptions,
  now: Date,
): Promise<Published> {
  if (!(await exists(join(run, manifestFile))))
    throw new AtrestError('run-folder', `${run} holds no finished run: ${manifestFile} is missing`);
  const header = await readSummary(run);
  const stored = await runFiles(run);
  const language = languageOfRun(await readRun(run));
  return withLock(history, connection, now, (store, lock) =>
    storeRun(store, lock, { header, stored, keep: history.keep ?? {}, now, language }),
  );
}

/** Stores the run, and writes the page over all of them anew. */
async function storeRun(
  store: HistoryStore,
  lock: HistoryLock,
  {
    header,
    stored,
    keep,
    now,
    language,
  }: {
    readonly header: ReportHeader;
    readonly stored: RunFiles;
    readonly keep: Keep;
    readonly now: Date;
    readonly language: Language | undefined;
  },
): Promise<Published> {
  const { files, link } = stored;
  const reports = files.map(({ name }) => name).filter((name) => name.startsWith('report.'));
  const published = await publish(store, lock, { line: { ...trendLine(header, reports), ...link }, files, keep, now });
  const history = await readHistory(store);
  if (history === undefined) return published;
  let page = '';
  for await (const piece of pageOf(history, now, language)) page += piece;
  await store.write(indexName, page, undefined);
  return published;
}

/** The page over the runs of a history, in pieces. Its links hold where it lies at the top of the history. */
export function pageOf({ runs, damaged }: History, now: Date, language?: Language): AsyncIterable<string> {
  return historyPage({ runs, damaged, now, language }, toolVersion);
}

/** Reads a history. */
export async function openHistory(history: HistoryOptions, connection: ConnectionOptions): Promise<History> {
  const store = await openStore(history, connection);
  try {
    const found = await readHistory(store);
    if (found === undefined) throw new AtrestError('run-folder', `${history.to} holds no history`);
    return found;
  } finally {
    store.close();
  }
}

async function openStore({ to, kmsKey, role, self }: HistoryOptions, connection: ConnectionOptions): Promise<HistoryStore> {
  const target = parseTarget(to);
  if (target.kind === 'folder') return new FolderStore(target.path, self.isAlive);
  const { bucket, prefix } = target;
  const { S3Store } = await import('#outbound/s3-store.js');
  return S3Store.open({ target: to, bucket, prefix, kmsKey: kmsKey ?? null, role: role ?? null }, connection);
}

async function withLock<T>(
  history: HistoryOptions,
  connection: ConnectionOptions,
  now: Date,
  work: (store: HistoryStore, lock: HistoryLock) => Promise<T>,
): Promise<T> {
  const store = await openStore(history, connection);
  try {
    const owner = { token: randomUUID(), pid: history.self.pid, host: hostname(), startedAt: now.toISOString() };
    const lock = await store.lock(owner);
    let result: T;
    try {
      result = await work(store, lock);
    } catch (error) {
      // What went wrong first is what counts; the lock runs out by itself.
      await lock.release().catch(() => undefined);
      throw error;
    }
    await lock.release().catch(() => undefined);
    return result;
  } finally {
    store.close();
  }
}

/** The run is whole on this machine whatever happens here, so that nothing is thrown but what stops the program. */
async function deliver(
  { to }: HistoryOptions,
  { signal }: ConnectionOptions,
  work: () => Promise<Published>,
): Promise<HistoryOutcome> {
  try {
    const { location, removed } = await work();
    return { target: to, stored: location, removed, problem: null };
  } catch (error) {
    if (signal?.aborted === true)
      throw new AtrestError('interrupted', `Stopped while the run was being stored in ${to}.`, { cause: error });
    const known = error instanceof AtrestError || error instanceof CallFailed || isSystemError(error);
    if (!known) throw error;
    const message = isSystemError(error) ? reasonOf(error) : error.message;
    return {
      target: to,
      stored: null,
      removed: [],
      problem: { message, hint: error instanceof AtrestError ? (error.hint ?? null) : null },
    };
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** A run that is not where it belongs is not complete: 3, unless something worse is so already. */
function exitCodeWith(exitCode: number, { problem }: HistoryOutcome): number {
  return exitCode === 0 && problem !== null ? 3 : exitCode;
}

/** Runs of the same scope, by when they ended. */
async function beforeIn(store: HistoryStore, lines: readonly TrendLine[], scope: string, run: string): Promise<Before> {
  const ended = lines
    .filter((line) => line.scopeAsked === scope && line.run !== run)
    .toSorted((a, b) => compareText(a.finishedAt, b.finishedAt));
  const last = ended.at(-1);
  return {
    previous: last?.manifestSha256 === undefined ? null : { run: last.run, manifestSha256: last.manifestSha256 },
    earlier: ended.slice(-earlierMost).map(({ run, startedAt, complete, score, fail, unknown, severities }) => ({
      ...{ run, startedAt, complete, score, fail, unknown },
      ...(severities && { severities }),
    })),
    since: await lastSince(store, ended),
  };
}

/** A run that was added without them says nothing of its findings; then the one before it does. */
async function lastSince(store: HistoryStore, ended: readonly TrendLine[]): Promise<string | null> {
  for (const { run } of ended.slice(-sinceMost).reverse()) {
    const found = await store.read(`runs/${run}/${sinceFile}`);
    if (found !== undefined) return found.text;
  }
  return null;
}

interface RunFiles {
  readonly files: readonly RunFile[];
  /** What the run after this one names it by. */
  readonly link: Pick<TrendLine, 'scopeAsked' | 'manifestSha256'>;
}

/** What the manifest names, with its digests, the reports and the manifest itself. */
async function runFiles(run: string): Promise<RunFiles> {
  const manifest = JSON.parse(await readFile(join(run, manifestFile), 'utf8')) as {
    readonly scopeAsked?: string | null;
    readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  };
  const named = Object.entries(manifest.files).map(([name, { bytes, sha256 }]) => ({
    name,
    path: join(run, name),
    bytes,
    sha256,
  }));
  const others = (await readdir(run)).filter((name) => name.startsWith('report.') && !name.endsWith('.partial')).sort();
  const digested = await Promise.all([...others, manifestFile].map((name) => fileOf(run, name)));
  const link = manifest.scopeAsked ? { scopeAsked: manifest.scopeAsked, manifestSha256: digested.at(-1)?.sha256 } : {};
  return { files: [...named, ...digested], link };
}

async function fileOf(run: string, name: string): Promise<RunFile> {
  const path = join(run, name);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { name, path, bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}
