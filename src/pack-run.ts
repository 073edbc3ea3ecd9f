import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ConnectionOptions } from '#aws/connection.js';
import { layout } from '#evidence/layout.js';
import { writePack, type Packed, type PackParts } from '#evidence/pack.js';
import { readRunManifest } from '#evidence/run-manifest.js';
import { openFileSigner, type Signer } from '#evidence/signer.js';
import { verifierScript } from '#evidence/verifier-script.js';
import { readRun } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { compareText } from '#model/place.js';
import type { Rule } from '#model/rule.js';
import { renderReports } from './finish-run.js';
import { optionsOf, type Judgement } from './judgement.js';
import { ruleSetDigest } from './rule-set.js';
import { judgementOfRun, sourceOf } from './stored.js';
import { toolVersion } from './version.js';

const kmsPrefix = 'kms:';
const sameVersionHint = 'Pack it with the version of atrest that judged it.';

export interface PackOptions {
  readonly catalogue: Catalogue;
  readonly run: string;
  /** A folder, or a file whose name ends in `.tar`. */
  readonly out: string;
  /** A file with an Ed25519 key or `kms:ARN`; undefined: the pack is unsigned. */
  readonly sign?: string | undefined;
  /** URL of a time-stamping service of RFC 3161; undefined: the pack has no timestamp. */
  readonly timestamp?: string | undefined;
  readonly connection: ConnectionOptions;
}

/** Packs a finished run for an auditor. AWS is asked for nothing but a signature, and a time-stamping service for the time. */
export async function packRun(options: PackOptions): Promise<Packed> {
  const rendered = await mkdtemp(join(tmpdir(), 'atrest-pack-'));
  try {
    return await writePack(await preparePack(options, rendered), options.out);
  } finally {
    await rm(rendered, { recursive: true, force: true });
  }
}

/** What goes into the pack of a run. Its reports are rendered into a folder, which has to be there until it is written. */
export async function preparePack(
  { catalogue, run, sign, timestamp, connection }: Omit<PackOptions, 'out'>,
  rendered: string,
): Promise<PackParts> {
  const stamp = timestamp === undefined ? undefined : await stampOf(timestamp, connection);
  const manifest = await readRunManifest(run);
  const document = await readRun(run);
  const judgement = judgementOfRun(catalogue, run, document);
  if (manifest.ruleSet !== ruleSetDigest(judgement.rules))
    throw new AtrestError('run-folder', `${run} was judged by other rules than this version has`, { hint: sameVersionHint });
  const signer = sign === undefined ? null : await signerOf(sign, connection);
  const asked = document.options?.formats ?? [];
  const formats = asked.length > 0 ? asked : ['json', 'html'];
  const shown = { includePass: document.options?.includePass ?? false, explain: document.options?.explain ?? false };
  const source = await sourceOf({ catalogue, run, ...shown }, sameVersionHint);
  const { header } = source;
  const signedBy = signer && { algorithm: signer.algorithm, fingerprint: signer.fingerprint };
  const signed = { ...source, header: { ...header, ...(signedBy && { signedBy }) } };
  const files = await renderReports(signed, rendered, formats, { own: catalogue.formats ?? [] });
  // Not every format has a place that says so; every file has a name.
  const reports = new Map(
    Object.values(files).map((file) => [`${layout.reports}${signer === null ? 'unsigned-' : ''}${basename(file)}`, file]),
  );
  const rules = new Map([[layout.options, optionsText(judgement)], ...(await rulePages(judgement))]);
  const { signal } = connection;
  const made = { version: toolVersion, signer, stamp, reports, rules, verifier: verifierScript, signal };
  return { run, document, header, manifest, ...made };
}

async function signerOf(named: string, connection: ConnectionOptions): Promise<Signer> {
  if (!named.startsWith(kmsPrefix)) return openFileSigner(named);
  return (await import('#evidence/kms-signer.js')).openKmsSigner(named.slice(kmsPrefix.length), connection);
}

async function stampOf(named: string, { signal }: ConnectionOptions): Promise<PackParts['stamp']> {
  const { requestTimestamp, timestampUrl } = await import('#evidence/timestamp-request.js');
  const url = timestampUrl(named);
  return (bytes) => requestTimestamp(url, bytes, signal);
}

/** How each baseline of the run set each rule that it had on. */
function optionsText({ baselines: byAccount, rules }: Judgement): string {
  const byName = new Map([...byAccount.values()].map((baseline) => [baseline.name, baseline]));
  const baselines = [...byName]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, baseline]) => [
      name,
      Object.fromEntries(
        rules
          .filter(({ id }) => baseline.rules.has(id))
          .map((rule) => [
            rule.id,
            { severity: baseline.rules.get(rule.id)?.severity ?? rule.severity, options: optionsOf(rule, baseline) },
          ]),
      ),
    ]);
  const accounts = Object.fromEntries([...byAccount].map(([id, { name }]) => [id, name]));
  return `${JSON.stringify({ accounts, baselines: Object.fromEntries(baselines) as object }, null, 2)}\n`;
}

/** The page of each rule that judged, as atrest comes with it; of a plugin's rule what the rule says of itself. */
async function rulePages({ rules }: Judgement): Promise<readonly (readonly [string, string])[]> {
  const pages = new URL(import.meta.url.includes('/chunks/') ? '../../docs/rules/' : '../docs/rules/', import.meta.url);
  return Promise.all(
    rules.map(async (rule) => {
      const page = new URL(`${rule.id}.md`, pages);
      const text = rule.origin === 'built-in' ? await readFile(page, 'utf8').catch(() => undefined) : undefined;
      return [`${layout.rules}${rule.id}.md`, text ?? pageOf(rule)] as const;
    }),
  );
}

function pageOf({ id, title, severity, kinds, docs, states, origin }: Rule): string {
  const decides = states.map(([state, verdict]) => `- ${state}: ${verdict}\n`).join('');
  return `# ${title}\n\n\`${id}\`, severity ${severity}, on ${kinds.join(', ')}, from ${origin}\n\n${docs.why}\n\n${decides}\nSource: ${docs.source}\n`;
}
