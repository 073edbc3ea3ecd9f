import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coverageFile, findingsFile, manifestFile, runFile, summaryFile, type RunDocument } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import type { ReportHeader } from '#model/report.js';
import { coverPage } from './cover.js';
import { encodeEnvelope, preAuthEncoding } from './dsse.js';
import { layout, sumsText, timestampSum } from './layout.js';
import { PackSink } from './pack-sink.js';
import type { RunManifest } from './run-manifest.js';
import type { Signer } from './signer.js';
import { encodeStatement, manifestName } from './statement.js';
import type { Stamped } from './timestamp-request.js';

/** What goes into a pack. */
export interface PackParts {
  /** The run folder. */
  readonly run: string;
  readonly document: RunDocument;
  readonly header: ReportHeader;
  readonly manifest: RunManifest;
  /** Of the atrest that packs. */
  readonly version: string;
  /** Null: the pack is unsigned, and says so. */
  readonly signer: Signer | null;
  /** Has bytes stamped with the time; undefined: nobody asked for that. */
  readonly stamp?: ((bytes: Buffer) => Promise<Stamped>) | undefined;
  /** Files of the disk by their name in the pack. */
  readonly reports: ReadonlyMap<string, string>;
  /** Texts by their name in the pack. */
  readonly rules: ReadonlyMap<string, string>;
  readonly verifier: string;
  readonly signal?: AbortSignal | undefined;
}

/** What was packed. */
export interface Packed {
  readonly out: string;
  readonly files: number;
  /** SHA-256 of the run's manifest. */
  readonly manifest: string;
  /** Null: unsigned. */
  readonly signer: Pick<Signer, 'algorithm' | 'fingerprint'> | null;
  /** Null: without a timestamp. */
  readonly timestamp: Pick<Stamped, 'time' | 'authority'> | null;
  readonly complete: boolean;
}

/** Writes a pack: the same parts make the same bytes, but for a signature that is never twice the same (ECDSA). */
export async function writePack(parts: PackParts, out: string): Promise<Packed> {
  const sink = await PackSink.create(out);
  try {
    const packed = await fill(sink, parts, out);
    await sink.close();
    return packed;
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

async function fill(sink: PackSink, parts: PackParts, out: string): Promise<Packed> {
  const { run, document, header, manifest, version, signer, signal } = parts;
  await addRun(sink, parts);
  const manifestSha256 = sink.digests.get(manifestName) ?? '';
  for (const [name, path] of parts.reports) await sink.addFile(name, path);
  for (const [name, text] of parts.rules) await sink.addBytes(name, text);
  // The very bytes that the manifest has the digests of.
  await sink.addBytes(layout.config, JSON.stringify(document.config));
  if (document.waivers !== undefined) await sink.addBytes(layout.waivers, JSON.stringify(document.waivers));
  if (sink.digests.get(layout.config) !== manifest.config || (sink.digests.get(layout.waivers) ?? null) !== manifest.waivers)
    throw changed(join(run, runFile));
  await sink.addBytes(layout.verifier, parts.verifier);
  const stamped = parts.stamp !== undefined;
  const facts = { header, document, manifest, manifestSha256, packedBy: version, signer, stamped };
  await sink.addBytes(layout.cover, [...coverPage(facts)].join(''));
  await sink.addBytes(layout.sums, sumsText(sink.digests));
  signal?.throwIfAborted();

  const statement = encodeStatement(sink.digests, {
    schemaVersion: '1.0',
    packedBy: { name: 'atrest', version },
    run: {
      id: header.run.id,
      startedAt: header.run.startedAt,
      finishedAt: header.run.finishedAt,
      complete: header.run.complete,
      tool: header.tool,
    },
    manifest: manifestSha256,
    ruleSet: manifest.ruleSet,
    config: manifest.config,
    waivers: manifest.waivers,
    signer: signer?.fingerprint ?? null,
  });
  const signed = preAuthEncoding(statement);
  const signature = await signer?.sign(signed);
  const signatures = signer && signature ? [{ keyid: signer.fingerprint, sig: signature.toString('base64') }] : [];
  await sink.addBytes(layout.envelope, encodeEnvelope(statement, signatures));
  await sink.addBytes(layout.signed, signed);
  if (signer && signature) {
    await sink.addBytes(layout.bytes, signature);
    await sink.addBytes(layout.publicKey, signer.publicKey.export({ type: 'spki', format: 'pem' }));
  }
  // What is over the signature is over what was signed.
  const stamp = (await parts.stamp?.(signature ?? signed)) ?? null;
  if (stamp !== null) {
    await sink.addBytes(layout.timestamp, stamp.response);
    await sink.addBytes(layout.timestampSum, timestampSum(stamp.response));
  }
  const timestamp = stamp && { time: stamp.time, authority: stamp.authority };
  const known = signer && { algorithm: signer.algorithm, fingerprint: signer.fingerprint };
  return { out, files: sink.digests.size, manifest: manifestSha256, signer: known, timestamp, complete: header.run.complete };
}

/** The files that the manifest names, each as the manifest has it: a run that was changed since is not packed. */
async function addRun(sink: PackSink, { run, manifest, signal }: PackParts): Promise<void> {
  const needed = [runFile, findingsFile, coverageFile, summaryFile];
  const absent = needed.find((name) => manifest.files[name] === undefined);
  if (absent !== undefined) throw new AtrestError('run-folder', `${join(run, manifestFile)} does not name ${absent}`);
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    signal?.throwIfAborted();
    await sink.addFile(`${layout.run}${name}`, join(run, name));
    if (sink.digests.get(`${layout.run}${name}`) !== sha256) throw changed(join(run, name));
  }
  await sink.addBytes(manifestName, await readFile(join(run, manifestFile)));
}

function changed(path: string): AtrestError {
  return new AtrestError('run-folder', `${path} is not what the run wrote: its digest differs from that in ${manifestFile}`, {
    hint: 'A run that was changed after it ended is no evidence. Scan again.',
  });
}
