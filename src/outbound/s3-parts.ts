import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const mebi = 1024 * 1024;
/** More than the 5 MiB that S3 wants of a part at least, and small enough to be in memory several times. */
export const usualPartBytes = 8 * mebi;
const partsMax = 10_000;

/** A piece of a file as S3 takes it. */
export interface LocalPart {
  readonly PartNumber: number;
  readonly start: number;
  readonly bytes: number;
  /** SHA-256, base64. */
  readonly checksum: string;
}

/** The same for the same size, so that a later upload finds the parts of an earlier one. */
function partBytesOf(bytes: number): number {
  return Math.max(usualPartBytes, Math.ceil(bytes / partsMax / mebi) * mebi);
}

/** Reads a file once, part by part, for the digests of its parts and of all of it. */
export async function digestsOf(
  handle: FileHandle,
  bytes: number,
): Promise<{ readonly parts: readonly LocalPart[]; readonly sha256: string }> {
  const size = partBytesOf(bytes);
  const whole = createHash('sha256');
  const parts: LocalPart[] = [];
  for (let start = 0; start < bytes; start += size) {
    const body = await piece(handle, start, Math.min(size, bytes - start));
    whole.update(body);
    parts.push({ PartNumber: parts.length + 1, start, bytes: body.length, checksum: digestOf(body).toString('base64') });
  }
  return { parts, sha256: whole.digest('hex') };
}

/** What S3 keeps of an object that came in parts: a checksum over their checksums. */
export function composite(parts: readonly LocalPart[]): string {
  const all = Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum, 'base64')));
  return `${digestOf(all).toString('base64')}-${String(parts.length)}`;
}

export async function piece(handle: FileHandle, start: number, bytes: number): Promise<Buffer> {
  const body = Buffer.alloc(bytes);
  let read = 0;
  while (read < bytes) {
    const { bytesRead } = await handle.read(body, read, bytes - read, start + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return body.subarray(0, read);
}

export function digestOf(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest();
}
