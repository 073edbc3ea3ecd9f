import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gapsOf, type Problem, type RunClaims } from '#evidence/claims.js';
import { layout } from '#evidence/layout.js';
import { NotAPack, openPack, type PackFiles } from '#evidence/pack-files.js';
import { readPublicKey } from '#evidence/signer.js';
import { verifyPack, type SignatureState, type TimestampState, type Trust, type Verification } from '#evidence/verify.js';
import { readLines } from '#inventory/lines.js';
import { coverageFile, findingsFile, summaryFile } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { ruleSetDigest } from './rule-set.js';
import { evaluate, judgementOfRun } from './stored.js';

export interface VerifyOptions {
  readonly catalogue: Catalogue;
  /** Folder or tar. */
  readonly pack: string;
  /** File of the public key that the caller trusts. */
  readonly key?: string | undefined;
  /** The fingerprint of that key, in its place. */
  readonly fingerprint?: string | undefined;
  /** PEM file of the authorities whose word on the time is taken. */
  readonly tsaCa?: string | undefined;
  /** An unsigned pack does not verify. */
  readonly requireSignature?: boolean | undefined;
  /** Judge the stored inventory again. */
  readonly replay: boolean;
}

/** What verification found. The pack holds when there is no problem. */
export interface VerifyResult {
  readonly pack: string;
  readonly ok: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly signature: SignatureState;
  readonly timestamp: TimestampState;
  /** Null: its documents could not be read. */
  readonly run: {
    readonly id: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly complete: boolean;
    /** Cells that could not be read whole, with the state of each. */
    readonly gaps: readonly string[];
    readonly manifest: string;
  } | null;
  readonly replay: 'same' | 'differs' | 'not done' | 'not asked for';
  readonly problems: readonly Problem[];
}

/** Verifies a pack, offline. What is wrong with it is in the answer; only what is wrong with the request is thrown. */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  const trust = await trustOf(options);
  let files: PackFiles;
  try {
    files = await openPack(options.pack);
  } catch (error) {
    if (!(error instanceof NotAPack)) throw error;
    return refused(options, error.message);
  }
  try {
    const verification = await verifyPack(files, trust);
    const problems = [...verification.problems];
    let replay: VerifyResult['replay'] = options.replay ? 'not done' : 'not asked for';
    // What is not as it was packed is not judged.
    if (options.replay && problems.length === 0 && verification.claims !== undefined) {
      const differences = await replayed(files, verification, verification.claims, options.catalogue);
      problems.push(...differences);
      replay = differences.length === 0 ? 'same' : 'differs';
    }
    const { bytes, signature, timestamp } = verification;
    const about = { pack: options.pack, ok: problems.length === 0, files: verification.files, bytes, signature, timestamp };
    return { ...about, run: runOf(verification), replay, problems };
  } finally {
    await files.close();
  }
}

function refused({ pack, replay }: VerifyOptions, text: string): VerifyResult {
  const signature = { state: 'invalid', algorithm: null, fingerprint: null } as const;
  const timestamp = { state: 'none', time: null, authority: null } as const;
  const about = { pack, ok: false, files: 0, bytes: 0, signature, timestamp, run: null };
  return { ...about, replay: replay ? 'not done' : 'not asked for', problems: [{ file: pack, text }] };
}

async function trustOf({ key, fingerprint, tsaCa, requireSignature }: VerifyOptions): Promise<Trust> {
  const [, hex] = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(fingerprint ?? '') ?? [];
  if (fingerprint !== undefined && hex === undefined)
    throw new AtrestError('usage', `--fingerprint ${fingerprint} is no SHA-256`, {
      hint: 'Write it as sha256: and 64 hexadecimal digits, as `openssl pkey -pubin -in pub.pem -outform DER | openssl dgst -sha256` prints them.',
    });
  const authorities = tsaCa === undefined ? undefined : await (await import('#evidence/timestamp.js')).readAuthorities(tsaCa);
  const trusted = key === undefined ? undefined : await readPublicKey(key);
  return { key: trusted, fingerprint: hex?.toLowerCase(), authorities, requireSignature };
}

function runOf({ claims, digests }: Verification): VerifyResult['run'] {
  if (claims === undefined) return null;
  const { header } = claims;
  const { id, startedAt, finishedAt, complete } = header.run;
  const gaps = gapsOf(header).map(({ account, region, service, state }) => `${account}/${region}/${service} ${state}`);
  return { id, startedAt, finishedAt, complete, gaps, manifest: digests.get('run/manifest.json') ?? '' };
}

/** Judges the stored inventory again and says where findings, coverage or figures come out otherwise. */
async function replayed(
  files: PackFiles,
  { digests }: Verification,
  { manifest, document }: RunClaims,
  catalogue: Catalogue,
): Promise<readonly Problem[]> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-replay-'));
  try {
    const run = join(folder, 'run');
    for (const name of files.sizes.keys())
      if (name.startsWith(layout.run) && !isDerived(name)) await unpack(files, name, digests.get(name) ?? '', folder);
    const judgement = judgementOfRun(catalogue, run, document);
    if (manifest.ruleSet !== ruleSetDigest(judgement.rules)) {
      const text = `it was judged by other rules (sha256:${manifest.ruleSet}) than this version has. Replay it with atrest ${document.tool.version}`;
      return [{ file: 'run/manifest.json', text }];
    }
    const out = join(folder, 'again');
    const asStored = {
      ...{ catalogue, run, out, baseline: undefined, frameworks: undefined, ruleGlobs: undefined },
      ...{ formats: [], failOn: undefined, allowIncomplete: false, includePass: false, explain: false, now: undefined },
    };
    try {
      await evaluate(asStored);
    } catch (error) {
      return [{ file: layout.run, text: `it cannot be judged again: ${(error as Error).message}` }];
    }
    const names = [findingsFile, coverageFile, summaryFile];
    const differences = await Promise.all(names.map((name) => differenceOf(name, join(run, name), join(out, name))));
    return differences.filter((each) => each !== undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The edges are made from the inventory; a replay makes them again. */
function isDerived(name: string): boolean {
  return name.endsWith('.edges.ndjson.gz');
}

async function unpack(files: PackFiles, name: string, digest: string, folder: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash('sha256');
  const through = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(files.open(name), through, createWriteStream(path, { flags: 'wx' }));
  if (hash.digest('hex') !== digest) throw new AtrestError('run-folder', `${name} changed while the pack was verified`);
}

/** The first line that is another. */
async function differenceOf(name: string, stored: string, again: string): Promise<Problem | undefined> {
  if (!name.endsWith('.gz') && (await readFile(stored)).equals(await readFile(again))) return undefined;
  const lines = [linesOf(stored), linesOf(again)] as const;
  for (let number = 1; ; number += 1) {
    const [was, is] = await Promise.all(lines.map(async (each) => (await each.next()).value));
    if (was === undefined && is === undefined) return undefined;
    if (was !== is)
      return {
        file: `${layout.run}${name}`,
        text: `line ${String(number)} is not what the rules say: ${excerpt(was)}, judged again ${excerpt(is)}`,
      };
  }
}

async function* linesOf(path: string): AsyncGenerator<string, undefined> {
  for await (const lines of readLines(path)) yield* lines;
  return undefined;
}

function excerpt(line: string | undefined): string {
  return line === undefined ? 'nothing' : line.length > 160 ? `${line.slice(0, 160)} …` : line;
}
