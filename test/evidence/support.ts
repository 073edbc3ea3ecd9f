import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { startEstate, type Estate, type World } from '#estate/index.js';
import { encodeEnvelope, fingerprintOf, preAuthEncoding } from '#evidence/dsse.js';
import { sumsText } from '#evidence/layout.js';
import { encodeStatement, type Statement } from '#evidence/statement.js';
import { scan } from '#scan.js';
import { scanOptions, useEstate, type ScanOverrides } from '../support/scan-estate.js';

/** A folder with a finished run in `run` and the keys of two people in PEM files. */
export interface Evidence {
  readonly folder: string;
  readonly run: string;
  readonly keys: Readonly<Record<'auditee' | 'attacker', { readonly file: string; readonly pub: string; readonly pair: Pair }>>;
  remove(): Promise<void>;
}

export interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export const fixedClock = new Date('2026-11-23T00:00:00Z');

/** Scans a world as a run whose pack is small: rules on keys only. */
export async function evidenceOf(
  world: World,
  { prepare, ...overrides }: ScanOverrides & { prepare?: (estate: Estate) => void } = {},
): Promise<Evidence> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-evidence-'));
  const run = join(folder, 'run');
  const estate = await startEstate(world);
  prepare?.(estate);
  useEstate(estate);
  const small = { ruleGlobs: ['kms/*'], services: ['kms', 's3'], includePass: false, explain: false } as const;
  try {
    await scan(scanOptions(run, { ...small, now: fixedClock, ...overrides }));
  } finally {
    await estate.close();
  }
  const keys = { auditee: await writeKeys(folder, 'auditee'), attacker: await writeKeys(folder, 'attacker') };
  return { folder, run, keys, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function writeKeys(folder: string, name: string) {
  const pair = generateKeyPairSync('ed25519');
  const [file, pub] = [join(folder, `${name}.pem`), join(folder, `${name}.pub.pem`)];
  await writeFile(file, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(pub, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  return { file, pub, pair };
}

/** What somebody does who changed files of a pack: makes every digest fit again, and signs with a key of their own, or not. */
export async function rehash(pack: string, signer: Pair | null): Promise<void> {
  const digests = await digestsOf(pack);
  const path = join(pack, 'run/manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  manifest.files = Object.fromEntries(
    [...digests]
      .filter(([name]) => name.startsWith('run/') && name !== 'run/manifest.json')
      .map(([name, digest]) => [name.slice('run/'.length), { bytes: 0, sha256: digest }]),
  );
  const summary = JSON.parse(await readFile(join(pack, 'run/summary.json'), 'utf8'));
  Object.assign(manifest, { run: summary.run, scope: summary.scope });
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeFile(path, text);
  digests.set('run/manifest.json', sha256(text));
  const sums = sumsText(digests);
  await writeFile(join(pack, 'SHA256SUMS'), sums);
  digests.set('SHA256SUMS', sha256(sums));
  const envelope = JSON.parse(await readFile(join(pack, 'signature/envelope.dsse.json'), 'utf8'));
  const { predicate } = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as Statement;
  const fingerprint = signer === null ? null : fingerprintOf(signer.publicKey);
  const { complete } = summary.run;
  const run = { ...predicate.run, complete };
  const payload = encodeStatement(digests, {
    ...predicate,
    run,
    ruleSet: manifest.ruleSet,
    manifest: sha256(text),
    signer: fingerprint,
  });
  const signed = preAuthEncoding(payload);
  await writeFile(join(pack, 'signature/statement.pae'), signed);
  const signature = signer && sign(null, signed, signer.privateKey);
  const signatures = signature && fingerprint !== null ? [{ keyid: fingerprint, sig: signature.toString('base64') }] : [];
  await writeFile(join(pack, 'signature/envelope.dsse.json'), encodeEnvelope(payload, signatures));
  if (signer && signature) {
    await writeFile(join(pack, 'signature/statement.sig'), signature);
    await writeFile(join(pack, 'signature/public-key.pem'), signer.publicKey.export({ type: 'spki', format: 'pem' }));
  } else {
    await rm(join(pack, 'signature/statement.sig'), { force: true });
    await rm(join(pack, 'signature/public-key.pem'), { force: true });
  }
}

async function digestsOf(pack: string): Promise<Map<string, string>> {
  const names = (await filesOf(pack)).filter((name) => !name.startsWith('signature/') && name !== 'SHA256SUMS');
  return new Map(await Promise.all(names.map(async (name) => [name, sha256(await readFile(join(pack, name)))] as const)));
}

/** Names of the files of a folder, sorted. */
export async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(folder.length + 1)).sort();
}

export async function copyPack(from: string, to: string): Promise<void> {
  for (const name of await filesOf(from)) {
    await mkdir(dirname(join(to, name)), { recursive: true });
    await copyFile(join(from, name), join(to, name));
  }
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Changes the text of a file, gzipped or not. */
export async function edit(path: string, change: (text: string) => string): Promise<void> {
  const bytes = await readFile(path);
  const isGzip = path.endsWith('.gz');
  const before = (isGzip ? gunzipSync(bytes) : bytes).toString('utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path} was not changed`);
  await writeFile(path, isGzip ? gzipSync(after) : after);
}

type Verifier = (
  folder: string,
  trusted: { key?: KeyObject },
) => Promise<{ readonly wrong: readonly string[]; readonly notes: readonly string[] }>;

/** The verifier that stands in a pack. */
export async function verifierIn(pack: string): Promise<Verifier> {
  const { verify } = (await import(/* @vite-ignore */ pathToFileURL(join(pack, 'verify.mjs')).href)) as { verify: Verifier };
  return verify;
}

/** Runs the commands of the cover page in the pack, with the key or certificate that they ask for. */
export async function asOnCover(pack: string, id: string, key: string): Promise<string> {
  const cover = await readFile(join(pack, 'COVER.html'), 'utf8');
  const [, commands = ''] = new RegExp(`<pre id="${id}">([^<]*)</pre>`).exec(cover) ?? [];
  const script = commands
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/(?:KEY|TSA)\.pem/g, key);
  return execFileSync('sh', ['-ec', script], { cwd: pack, encoding: 'utf8', stdio: 'pipe' });
}
