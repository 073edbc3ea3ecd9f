import { packRun, verifyEvidence, type VerifyResult } from '#index.js';
import type { Io } from '../io.js';
import { catalogueOf, type SharedFlags } from '../options.js';
import { tellUpload, wantedUpload, type UploadFlags } from './evidence-upload.js';

export interface PackFlags extends SharedFlags, UploadFlags {
  readonly out: string;
  readonly sign?: string;
  readonly timestamp?: string;
  readonly upload?: string;
}

export async function evidencePackCommand(run: string, flags: PackFlags, io: Io): Promise<number> {
  const catalogue = await catalogueOf(flags);
  const { out, files, manifest, signer, timestamp, complete, upload } = await packRun({
    catalogue,
    run,
    out: flags.out,
    sign: flags.sign,
    timestamp: flags.timestamp,
    upload: wantedUpload(flags),
    connection: { signal: io.signal },
  });
  io.err(`${out}: ${String(files)} files\n`);
  io.err(`manifest: sha256:${manifest}\n`);
  io.err(
    signer === null
      ? 'UNSIGNED: whoever can write the pack can change it.\n'
      : `signed: ${signer.algorithm}, sha256:${signer.fingerprint}\n`,
  );
  if (timestamp !== null) io.err(`timestamp: ${timestamp.time}, by ${timestamp.authority}\n`);
  if (!complete) io.err('The run is not complete; the pack says so.\n');
  return upload === undefined ? 0 : tellUpload(out, upload, io);
}

export interface VerifyFlags extends SharedFlags {
  readonly key?: string;
  readonly fingerprint?: string;
  readonly tsaCa?: string;
  readonly replay?: boolean;
  readonly requireSignature?: boolean;
}

/** Problems and gaps shown in text; JSON has all. */
const shownMax = 50;

export async function evidenceVerifyCommand(pack: string, flags: VerifyFlags, io: Io): Promise<number> {
  const { key, fingerprint, tsaCa, replay = false, requireSignature = false } = flags;
  const catalogue = await catalogueOf(flags);
  const result = await verifyEvidence({ catalogue, pack, key, fingerprint, tsaCa, replay, requireSignature });
  if (flags.json === true) io.out(`${JSON.stringify(result, null, 2)}\n`);
  else io.out(verificationText(result));
  return result.ok ? 0 : 1;
}

function verificationText({ pack, ok, files, bytes, signature, timestamp, run, replay, problems }: VerifyResult): string {
  const lines = [`${pack}: ${String(files)} files, ${String(bytes)} bytes`];
  if (run !== null) {
    lines.push(`run ${run.id}, ${run.startedAt} to ${run.finishedAt}`, `manifest sha256:${run.manifest}`);
    lines.push(run.complete ? 'The run is complete.' : 'The run is INCOMPLETE, and the pack says so:');
    if (!run.complete) lines.push(...firstOf(run.gaps.length > 0 ? run.gaps : ['it ended before it had asked everything']));
  }
  lines.push(signatureText(signature), ...timestampText(timestamp));
  if (replay !== 'not asked for') lines.push(`replay: ${replay === 'same' ? 'the same findings, byte for byte' : replay}`);
  if (problems.length > 0)
    lines.push('What is wrong:', ...firstOf(problems.map(({ file, text }) => (file === pack ? text : `${file}: ${text}`))));
  lines.push(ok ? `VERIFIED${signature.state === 'unsigned' ? ', but unsigned' : ''}` : 'NOT VERIFIED');
  return `${lines.join('\n')}\n`;
}

function signatureText({ state, algorithm, fingerprint }: VerifyResult['signature']): string {
  const by = `${algorithm ?? '?'}, sha256:${fingerprint ?? '?'}`;
  switch (state) {
    case 'trusted':
      return `signed by the key that you trust: ${by}`;
    case 'unknown-key':
      return `signed by an unknown key: ${by}. Name the key that you trust with --key or --fingerprint.`;
    case 'unsigned':
      return 'UNSIGNED: digests show accidents, not intent. Whoever can write the pack can change a file and its digest.';
    case 'invalid':
      return 'signature: INVALID';
  }
}

function timestampText({ state, time, authority }: VerifyResult['timestamp']): readonly string[] {
  switch (state) {
    case 'trusted':
      return [
        `timestamp: it was there at ${time ?? '?'}, says ${authority ?? '?'}, which you trust`,
        'Whether the certificate of that authority was revoked is not checked: verify asks nobody.',
      ];
    case 'unknown-authority':
      return [
        `timestamp: ${time ?? '?'}, by an unknown authority that calls itself ${authority ?? '?'}. Name its CA with --tsa-ca.`,
      ];
    case 'invalid':
      return ['timestamp: INVALID'];
    case 'none':
      return [];
  }
}

function firstOf(texts: readonly string[]): readonly string[] {
  const more = texts.length - shownMax;
  return [
    ...texts.slice(0, shownMax).map((text) => `  ${text}`),
    ...(more > 0 ? [`  and ${String(more)} more; --json has all`] : []),
  ];
}
