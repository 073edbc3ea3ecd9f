import { createHash, verify, type KeyObject } from 'node:crypto';

export const payloadType = 'application/vnd.in-toto+json';

/** One signature of a DSSE v1 envelope. */
export interface EnvelopeSignature {
  /** The fingerprint of the key: a hint, never a reason to trust it. */
  readonly keyid: string;
  /** Base64. */
  readonly sig: string;
}

/** What DSSE v1 signs: the type and the payload, each with its length, so that neither can be taken for the other. */
export function preAuthEncoding(payload: Uint8Array, type = payloadType): Buffer {
  const head = `DSSEv1 ${String(Buffer.byteLength(type))} ${type} ${String(payload.length)} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The envelope as it is written: there is one way to write it. */
export function encodeEnvelope(payload: Buffer, signatures: readonly EnvelopeSignature[]): Buffer {
  const envelope = {
    payload: payload.toString('base64'),
    payloadType,
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })),
  };
  return Buffer.from(`${JSON.stringify(envelope)}\n`);
}

export interface Envelope {
  readonly payload: Buffer;
  readonly signatures: readonly EnvelopeSignature[];
}

/** Reads an envelope; a text says why it is none, or not the one way to write it. */
export function decodeEnvelope(bytes: Buffer): Envelope | string {
  const parsed = parsedJson(bytes) as Readonly<Record<'payload' | 'payloadType' | 'signatures', unknown>> | null | undefined;
  if (typeof parsed !== 'object' || parsed === null) return 'it is not JSON';
  if (parsed.payloadType !== payloadType) return `its payload is not of type ${payloadType}`;
  const { payload, signatures } = parsed;
  if (typeof payload !== 'string' || !Array.isArray(signatures)) return 'it lacks a payload or signatures';
  if (signatures.length > 1) return 'it has more than one signature';
  const given = signatures as readonly (Partial<EnvelopeSignature> | null)[];
  const sound = given.every((each) => typeof each?.keyid === 'string' && typeof each.sig === 'string');
  if (!sound) return 'a signature lacks keyid or sig';
  const envelope = { payload: Buffer.from(payload, 'base64'), signatures: given as readonly EnvelopeSignature[] };
  const decodes = envelope.signatures.every(({ sig }) => Buffer.from(sig, 'base64').toString('base64') === sig);
  if (!decodes || !encodeEnvelope(envelope.payload, envelope.signatures).equals(bytes)) return 'it is not in canonical form';
  return envelope;
}

export function parsedJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** SHA-256 of a public key in its DER form, in hex: what a key is known by. */
export function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** The kinds of keys that sign a pack. */
export type Algorithm = 'Ed25519' | 'ECDSA P-256';

/** Null: no key that signs packs. */
export function algorithmOf(key: KeyObject): Algorithm | null {
  if (key.asymmetricKeyType === 'ed25519') return 'Ed25519';
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ECDSA P-256' : null;
}

/** Whether a key signed these bytes. */
export function isSignedBy(key: KeyObject, bytes: Buffer, signature: Buffer): boolean {
  return verify(algorithmOf(key) === 'Ed25519' ? null : 'sha256', bytes, key, signature);
}
