import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Missing } from '#model/attempt.js';
import { AtrestError } from '#model/errors.js';
import type { Language } from '#model/language.js';
import { compareText, type CellId } from '#model/place.js';
import type { ConfigLine } from '#model/report.js';
import type { Kind } from '#model/resources/index.js';
import type { Severity } from '#model/severity.js';
import type { Waivers } from '#model/waiver.js';
import { writeWhole } from './lines.js';

export const runSchemaVersion = '1.0';

/** An account as the run document remembers it. No credentials. */
export interface RunAccount {
  readonly id: string;
  readonly name: string | null;
  /** OU path by ids. */
  readonly path: string | null;
  /** OU path by names, where something in the config could mean one. */
  readonly namePath?: string | null;
  readonly state: 'scanned' | 'skipped' | 'failed';
  readonly reason: string | null;
  readonly code: string | null;
  /** What kept it from being entered; null: it was. */
  readonly gap: Missing | null;
  readonly caller: string | null;
  /** Who assumed whom to enter it, by ARN, from who began the run to `caller`; left out: by older runs. */
  readonly chain?: readonly string[];
  readonly baseline: string;
  readonly regions: readonly string[];
  readonly disabledRegions: readonly string[];
  /** The line of the config that says how it is judged; null or left out: none that a report could point to. */
  readonly governedBy?: ConfigLine | null;
}

/** The organisation that a scope was taken from. Null is what AWS did not say. */
export interface RunOrganization {
  readonly id: string | null;
  readonly managementAccount: string | null;
  readonly accounts: readonly string[];
}

/** `run.json`: written before the first cell, read by resume, evaluate, report and replay. */
export interface RunDocument {
  readonly schemaVersion: typeof runSchemaVersion;
  readonly id: string;
  readonly startedAt: string;
  /** The clock that dates are judged against. */
  readonly now: string;
  readonly tool: { readonly name: 'atrest'; readonly version: string };
  /** AWS's clock and ours at the first answer, and by how much ours is ahead; null: ours stood still (ATREST_NOW), or AWS gave none. */
  readonly clock?: { readonly aws: string; readonly ours: string; readonly aheadSeconds: number } | null;
  /** What flags asked for over the config; an empty list: nothing. Left out: by older runs. */
  readonly asked?: {
    readonly accounts: readonly string[];
    readonly regions: readonly string[];
    readonly excludeRegions: readonly string[];
    readonly services: readonly string[];
    readonly baseline: string | null;
  };
  readonly partition: string;
  readonly homeRegion: string;
  readonly caller: string;
  /** Whose STS endpoint was named; left out or null: the home region's. */
  readonly stsRegion?: string | null;
  /** Left out or null: the scope is no organisation. */
  readonly organization?: RunOrganization | null;
  readonly accounts: readonly RunAccount[];
  readonly services: readonly string[];
  /** Digest of what was asked to be scanned, the same from run to run; left out: by older versions. */
  readonly scopeAsked?: string;
  /** Rule globs of `--rules`; empty: what the baseline turns on. */
  readonly rules: readonly string[];
  /** Frameworks whose controls are counted, beside those that are a baseline of the run. */
  readonly frameworks: readonly string[];
  /** What judged beside the built-in rules; without it the same run would say less. */
  readonly plugins: readonly RunPlugin[];
  readonly config: unknown;
  /** What the waiver files of the config said when the run began; left out: there were none. */
  readonly waivers?: Waivers;
  /** The cells of the run with the facets asked of each kind. */
  readonly cells: readonly RunCell[];
  /** The last facts that only the end of a crawl knows. */
  readonly role: string | null;
  /** How it is reported and gated, for when another process has to finish it; null: the run itself is in another folder. */
  readonly options: RunOptions | null;
}

/** What was asked for beside scope and rules. */
export interface RunOptions {
  readonly formats: readonly string[];
  readonly includePass: boolean;
  readonly explain: boolean;
  /** Null: as the config says. */
  readonly failOn: Severity | 'never' | null;
  readonly allowIncomplete: boolean;
  /** Of pages for people; left out: English. */
  readonly language?: Language | undefined;
  /** Calls a second over all operations of an account; null: as the quotas have it. */
  readonly maxRps: number | null;
  /** Where it is to be kept; left out: nowhere. */
  readonly history?: RunHistory | undefined;
}

/** A history as a run remembers it, a folder by its absolute path. */
export interface RunHistory {
  readonly to: string;
  readonly keep?: { readonly days?: number | undefined; readonly runs?: number | undefined } | undefined;
  readonly kmsKey?: string | undefined;
  readonly role?: string | undefined;
}

/** A plugin as the config or flag named it, with those of its rules that were on and the facets that it had read. */
export interface RunPlugin {
  readonly name: string;
  readonly rules: readonly string[];
  /** As `KIND/FACET`; cells say which of them were asked. Runs of before plugins had facets have none. */
  readonly facets?: readonly string[];
}

export interface RunCell extends CellId {
  readonly asked: Readonly<Partial<Record<Kind, readonly string[]>>>;
  /** How many objects of each bucket are looked at; left out: none. */
  readonly sample?: number | undefined;
}

export const runFile = 'run.json';
export const manifestFile = 'manifest.json';
export const findingsFile = 'findings.ndjson.gz';
/** The findings of part of a run, until they are all there. */
export const findingsPart = (index: number): string => `findings.part${String(index)}.ndjson.gz`;
export const coverageFile = 'coverage.ndjson';
/** The report's header, kept so that a report can be rendered again without judging again. */
export const summaryFile = 'summary.json';
/** Since when each finding is known; only a run that is kept in a history has it. */
export const sinceFile = 'since.ndjson';
/** Held by the process that works on the run; it goes with it. */
export const lockFile = 'run.lock';
const probeFile = '.probe';

/**
 * Makes the run folder, or refuses one that already holds something. Answers with a function that takes back what was
 * made, for when the run ends before anything was written to it.
 */
export async function createRunFolder(path: string): Promise<() => Promise<void>> {
  try {
    const made = await mkdir(path, { recursive: true });
    if ((await readdir(path)).every(isCrumb)) {
      await probeWritable(path);
      return async () => {
        if (made !== undefined) await rm(made, { recursive: true, force: true });
      };
    }
  } catch (error) {
    const cause = await plainCause(path, error);
    throw new AtrestError('output', `Cannot write to ${path}: ${reasonOf(cause)}`, { cause });
  }
  const unfinished = (await exists(join(path, runFile))) && !(await exists(join(path, manifestFile)));
  throw new AtrestError('output', `${path} is not empty`, {
    hint: unfinished
      ? `It holds a run that was not finished. Finish it with \`${resumeCommand(path)}\`, or name another folder with --out.`
      : 'Name another folder with --out.',
  });
}

/** What finishes a run. */
export function resumeCommand(path: string): string {
  return `atrest scan --resume ${/^[\w./:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`}`;
}

/** What a scan that was killed before it wrote anything leaves. */
function isCrumb(name: string): boolean {
  return name.startsWith(lockFile) || name.startsWith(probeFile) || name === `${runFile}.partial`;
}

/** Removes what a killed run had begun to write. Whoever calls it holds the lock. */
export async function removeLeftovers(path: string): Promise<void> {
  const names = await readdir(path, { recursive: true });
  const begun = names.filter((name) => /\.partial$|\.ndjson\.gz\.(calls|resources)\.run\d+$|^findings\.part\d+\./.test(name));
  await Promise.all(begun.map((name) => rm(join(path, name), { force: true })));
}

/** Removes what was judged of a run before all of it was read. The manifest goes first: without it the run is unfinished. */
export async function removeVerdicts(path: string): Promise<void> {
  await rm(join(path, manifestFile), { force: true });
  const names = await readdir(path);
  const derived = names.filter(
    (name) => [findingsFile, coverageFile, summaryFile, sinceFile].includes(name) || name.startsWith('report.'),
  );
  await Promise.all(derived.map((name) => rm(join(path, name), { force: true })));
}

/** Making a folder with its parents says ENOENT on a read-only file system; making just the folder says why. */
async function plainCause(path: string, error: unknown): Promise<unknown> {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  try {
    await mkdir(path);
    return error;
  } catch (plain) {
    return plain;
  }
}

async function probeWritable(path: string): Promise<void> {
  const probe = join(path, probeFile);
  await writeWhole(probe, '');
  await rm(probe);
}

export async function writeRun(path: string, run: RunDocument): Promise<void> {
  await writeWhole(join(path, runFile), `${JSON.stringify(run, null, 2)}\n`);
}

/** Rejects when the folder is not a run. */
export async function readRun(path: string): Promise<RunDocument> {
  let text: string;
  try {
    text = await readFile(join(path, runFile), 'utf8');
  } catch (cause) {
    throw new AtrestError('run-folder', `${path} is not a run folder: ${reasonOf(cause)}`, { cause });
  }
  const run = parseRun(text, path);
  const { schemaVersion }: { schemaVersion: string } = run;
  if (schemaVersion !== runSchemaVersion) {
    throw new AtrestError('run-folder', `${path} was written in schema ${schemaVersion}; this version reads ${runSchemaVersion}`);
  }
  return run;
}

function parseRun(text: string, path: string): RunDocument {
  try {
    return JSON.parse(text) as RunDocument;
  } catch (cause) {
    throw new AtrestError('run-folder', `${join(path, runFile)} is not JSON`, { cause });
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** SHA-256 and size of every file of a folder but those left out, by path with forward slashes. */
export async function digestFolder(
  path: string,
  leaveOut: (name: string) => boolean,
): Promise<Record<string, { bytes: number; sha256: string }>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const digests: Record<string, { bytes: number; sha256: string }> = {};
  for (const name of names.sort(compareText)) if (!leaveOut(name)) digests[name] = await digestFile(join(path, name));
  return digests;
}

/** Bytes up to which a file is read in one piece: a stream for each of thousands costs more than its digest. */
const smallBytes = 1 << 18;

async function digestFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  if ((await stat(path)).size <= smallBytes) {
    const content = await readFile(path);
    return { bytes: content.length, sha256: hash.update(content).digest('hex') };
  }
  let bytes = 0;
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}

/** The part of a file-system error that a person needs. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const texts: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space left on the disk',
    ENOENT: 'no such file or folder',
    ENOTDIR: 'part of the path is a file',
    EEXIST: 'a file is in its place',
    EISDIR: 'a folder is in its place',
    EMFILE: 'too many open files',
    ENFILE: 'too many open files',
    EDQUOT: 'the disk quota is used up',
    EFBIG: 'the file would be larger than is allowed here',
  };
  return (code === undefined ? undefined : texts[code]) ?? message;
}
