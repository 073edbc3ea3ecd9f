import { readFile } from 'node:fs/promises';
import type { Certificate } from 'pkijs';
import { reasonOf } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';

const timestampContent = '1.2.840.113549.1.9.16.1.4';
const extendedKeyUsage = '2.5.29.37';
const timeStamping = '1.3.6.1.5.5.7.3.8';
const commonName = '2.5.4.3';

/** What a token of RFC 3161 says, once it is known to be over the bytes that it should be over. */
export interface Timestamp {
  /** By when these bytes were there. */
  readonly time: string;
  /** The name in the certificate that signed it. */
  readonly authority: string;
  /** In hex, without leading zeros; null: it has none. */
  readonly nonce: string | null;
}

/** The certificates of a PEM file: authorities whose word on the time is taken. */
export async function readAuthorities(path: string): Promise<readonly Certificate[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AtrestError('usage', `The certificates ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  const { Certificate } = await import('pkijs');
  const blocks = [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)];
  const refuse = (cause?: unknown) =>
    new AtrestError('usage', `${path} holds no certificate in PEM form`, {
      cause,
      hint: 'Name the file of the authority that the time-stamping service says its certificate leads to.',
    });
  if (blocks.length === 0) throw refuse();
  try {
    return blocks.map(([, base64 = '']) => Certificate.fromBER(arrayOf(Buffer.from(base64, 'base64'))));
  } catch (cause) {
    throw refuse(cause);
  }
}

/** The response in the one form that a pack has it in: granted, the token, and nothing else. A text: it is no response. */
export async function canonicalResponse(response: Buffer): Promise<Buffer | string> {
  const { fromBER, Sequence } = await import('asn1js');
  const { offset, result } = fromBER(response);
  if (offset !== response.length || !(result instanceof Sequence)) return 'it is no response of RFC 3161';
  const [status, token] = result.valueBlock.value;
  if (!(token instanceof Sequence)) return `it has no token${status instanceof Sequence ? '' : ', nor a status'}`;
  // PKIStatusInfo { granted }
  return sequence(Buffer.concat([Buffer.from('3003020100', 'hex'), token.valueBeforeDecodeView]));
}

/**
 * Checks a response in its one form over the bytes that it should be over. With authorities its certificate has to lead
 * to one of them, as of the time that it says. A text says what is wrong.
 */
export async function checkTimestamp(
  response: Buffer,
  stamped: Buffer,
  authorities: readonly Certificate[] | undefined,
): Promise<Timestamp | string> {
  const { SignedData, TimeStampResp, TSTInfo } = await import('pkijs');
  try {
    const canonical = await canonicalResponse(response);
    if (typeof canonical === 'string') return canonical;
    if (!canonical.equals(response)) return 'it is not in canonical form';
    const { timeStampToken } = TimeStampResp.fromBER(arrayOf(response));
    const signed = new SignedData({ schema: timeStampToken?.content as unknown });
    const { eContent, eContentType } = signed.encapContentInfo;
    if (eContentType !== timestampContent || eContent === undefined || signed.signerInfos.length !== 1)
      return 'its token is no timestamp';
    const { genTime, nonce } = TSTInfo.fromBER(eContent.getValue());
    const { signatureVerified, signerCertificate } = await signed.verify({
      signer: 0,
      data: arrayOf(stamped),
      extendedMode: true,
      checkChain: authorities !== undefined,
      trustedCerts: [...(authorities ?? [])],
      passedWhenNotRevValues: true,
    });
    if (signatureVerified !== true || !signerCertificate) return 'its signature is not valid';
    if (!stampsTime(signerCertificate)) return 'it is signed by a certificate that is not for timestamps';
    // Bytes of the frame that mean nothing can be others all the same: the digest beside it is for these.
    const hex = nonce && Buffer.from(nonce.valueBlock.valueHexView).toString('hex').replace(/^0+/, '');
    return { time: genTime.toISOString(), authority: nameOf(signerCertificate), nonce: hex ?? null };
  } catch (error) {
    return `it does not hold: ${(error as Error).message}`;
  }
}

/** RFC 3161 wants a certificate that is good for timestamps and for nothing else, and that says so where it has to be heeded. */
function stampsTime({ extensions = [] }: Certificate): boolean {
  const usage = extensions.find(({ extnID }) => extnID === extendedKeyUsage);
  const { keyPurposes } = (usage?.parsedValue ?? {}) as { readonly keyPurposes?: readonly string[] };
  return usage?.critical === true && keyPurposes?.length === 1 && keyPurposes[0] === timeStamping;
}

function nameOf({ subject, serialNumber }: Certificate): string {
  const name = subject.typesAndValues.find(({ type }) => type === commonName)?.value.valueBlock.value;
  return name ?? `a certificate with the serial number ${Buffer.from(serialNumber.valueBlock.valueHexView).toString('hex')}`;
}

/** A SEQUENCE in DER. */
export function sequence(content: Buffer): Buffer {
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const long = content.length < 0x80 ? [] : [0x80 + length.length];
  return Buffer.concat([Buffer.from([0x30, ...long]), length, content]);
}

/** Of its own: a Buffer can be a piece of a larger one. */
export function arrayOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
