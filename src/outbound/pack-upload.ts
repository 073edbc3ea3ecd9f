import { open, type FileHandle } from 'node:fs/promises';
import type { CallMeta } from '#aws/ask.js';
import { AtrestError } from '#model/errors.js';
import { isKms, type LockMode, type Retention } from './pack-lock.js';
import type { S3Calls } from './s3-calls.js';
import type { OpenedS3 } from './s3-open.js';
import { composite, digestsOf, piece, usualPartBytes, type LocalPart } from './s3-parts.js';

/** A pack as it lies on the disk. */
export interface LocalPack {
  readonly path: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly parts: readonly LocalPart[];
}

/** A stored version, as S3 tells of it. */
export interface Held {
  readonly versionId: string | null;
  readonly bytes: number | null;
  readonly etag: string | null;
  /** Base64; of what came in parts it is the SHA-256 of theirs, with their number. */
  readonly checksumSha256: string | null;
  /** What the upload wrote beside it, in hex. */
  readonly sha256: string | null;
  /** Null: there is none, or it is not told. */
  readonly retention: { readonly mode: LockMode; readonly until: string } | null;
  readonly encryption: { readonly algorithm: string | null; readonly kmsKey: string | null };
  readonly storedAt: string | null;
  readonly meta: CallMeta;
}

/** An upload that came to no end, and what is on S3 of it. */
export class NotUploaded extends Error {
  override readonly name = 'NotUploaded';
  readonly onS3: string;

  constructor(cause: unknown, onS3: string) {
    super('the pack was not uploaded', { cause });
    this.onS3 = onS3;
  }
}

/** Reads the digests of a file. */
export async function localPack(path: string): Promise<LocalPack> {
  const handle = await open(path);
  try {
    const { size: bytes } = await handle.stat();
    return { path, bytes, ...(await digestsOf(handle, bytes)) };
  } finally {
    await handle.close();
  }
}

/** What S3 has under a key, or a version of it; undefined: nothing. */
export async function heldAt(calls: S3Calls, Key: string, VersionId?: string): Promise<Held | undefined> {
  const request = { Bucket: calls.place.bucket, Key, ChecksumMode: 'ENABLED' as const };
  const { output, meta } = await calls.attempt('HeadObject', ['NotFound'], (client, { HeadObjectCommand }) =>
    client.send(new HeadObjectCommand({ ...request, VersionId })),
  );
  if (output === undefined) return undefined;
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = output;
  return {
    versionId: output.VersionId ?? null,
    bytes: output.ContentLength ?? null,
    etag: output.ETag ?? null,
    checksumSha256: output.ChecksumSHA256 ?? null,
    sha256: output.Metadata?.['sha256'] ?? null,
    retention: mode === undefined || until === undefined ? null : { mode, until: until.toISOString() },
    encryption: { algorithm: output.ServerSideEncryption ?? null, kmsKey: output.SSEKMSKeyId ?? null },
    storedAt: output.LastModified?.toISOString() ?? null,
    meta,
  };
}

/** Whether S3 holds these very bytes, as this program sends them. */
export function isSame({ bytes, checksumSha256 }: Held, pack: LocalPack): boolean {
  return bytes === pack.bytes && isChecksumOf(checksumSha256, pack);
}

function checksumOf({ bytes, sha256, parts }: LocalPack): string {
  return bytes <= usualPartBytes ? Buffer.from(sha256, 'hex').toString('base64') : composite(parts);
}

/** The number of the parts is not told everywhere. */
function isChecksumOf(told: string | null, pack: LocalPack): boolean {
  const own = checksumOf(pack);
  return told === own || told === own.replace(/-\d+$/, '');
}

interface Stored {
  readonly versionId: string | undefined;
  readonly meta: CallMeta;
}

/** Sends a pack under a key that is free. Null: it was there already, the same. Rejects with NotUploaded. */
export async function sendPack(s3: OpenedS3, Key: string, pack: LocalPack, retention: Retention): Promise<Stored | null> {
  const handle = await open(pack.path);
  const lock = retention.by === 'bucket' ? {} : { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: retention.until };
  const request = {
    Bucket: s3.calls.place.bucket,
    Key,
    ContentType: 'application/x-tar',
    Metadata: { sha256: pack.sha256 },
    ...s3.calls.encryption,
    ...lock,
  };
  try {
    const stored =
      pack.bytes <= usualPartBytes
        ? await sendWhole(s3.calls, request, pack, handle)
        : await sendInParts(s3, request, pack, handle);
    if (stored !== undefined) return stored;
    const there = await heldAt(s3.calls, Key);
    // The answer to an attempt before got lost, or somebody sent the same.
    if (there !== undefined && isSame(there, pack)) return null;
    if (there !== undefined) throw taken(s3.calls, Key);
    throw new AtrestError('output', `Another upload to ${Key} got in the way`, { hint: 'Upload it again.' });
  } catch (error) {
    if (error instanceof NotUploaded) throw error;
    throw new NotUploaded(error, await leftOf(s3.unstopped, Key, pack));
  } finally {
    await handle.close();
  }
}

type Put = Readonly<Record<'Bucket' | 'Key' | 'ContentType', string>> & {
  readonly Metadata: Record<string, string>;
  readonly ObjectLockMode?: LockMode;
  readonly ObjectLockRetainUntilDate?: Date;
};

/** What S3 answers when the key is not free, or when two write at the same moment. */
const notFree = ['PreconditionFailed', 'ConditionalRequestConflict'] as const;

export function taken({ place }: S3Calls, key: string): AtrestError {
  return new AtrestError('output', `There is another object already: s3://${place.bucket}/${key}`, {
    hint: 'Nothing is written over. Name the pack otherwise, for example after its run.',
  });
}

async function sendWhole(calls: S3Calls, request: Put, pack: LocalPack, handle: FileHandle): Promise<Stored | undefined> {
  const Body = await piece(handle, 0, pack.bytes);
  const checked = { ChecksumAlgorithm: 'SHA256' as const, ChecksumSHA256: checksumOf(pack), IfNoneMatch: '*' };
  const { output, meta } = await calls.attempt('PutObject', notFree, (client, { PutObjectCommand }) =>
    client.send(new PutObjectCommand({ ...request, ...checked, Body })),
  );
  return output && { versionId: output.VersionId, meta };
}

async function sendInParts(
  { calls, unstopped }: OpenedS3,
  request: Put,
  pack: LocalPack,
  handle: FileHandle,
): Promise<Stored | undefined> {
  const { Bucket, Key } = request;
  const { UploadId } = await calls.call('CreateMultipartUpload', (client, { CreateMultipartUploadCommand }) =>
    client.send(new CreateMultipartUploadCommand({ ...request, ChecksumAlgorithm: 'SHA256' })),
  );
  const upload = { Bucket, Key, UploadId };
  let stored: Stored | undefined;
  try {
    const Parts = [];
    for (const { PartNumber, start, bytes, checksum: ChecksumSHA256 } of pack.parts) {
      const Body = await piece(handle, start, bytes);
      const part = { ...upload, PartNumber, Body, ChecksumAlgorithm: 'SHA256' as const, ChecksumSHA256 };
      const { ETag } = await calls.call('UploadPart', (client, { UploadPartCommand }) =>
        client.send(new UploadPartCommand(part)),
      );
      Parts.push({ PartNumber, ETag, ChecksumSHA256 });
    }
    const whole = { ...upload, MultipartUpload: { Parts }, IfNoneMatch: '*' };
    const { output, meta } = await calls.attempt(
      'CompleteMultipartUpload',
      // No such upload any more: it is complete, and the answer that said so got lost.
      [...notFree, 'NoSuchUpload'],
      (client, { CompleteMultipartUploadCommand }) => client.send(new CompleteMultipartUploadCommand(whole)),
    );
    stored = output && { versionId: output.VersionId, meta };
  } catch (error) {
    const aborted = await abort(unstopped, upload);
    if (aborted) throw error;
    const remedy = `aws s3api abort-multipart-upload --bucket ${Bucket} --key ${Key} --upload-id ${UploadId ?? ''}`;
    throw new NotUploaded(error, `Parts of it may be on S3, and are paid for until they are removed: ${remedy}`);
  }
  if (stored === undefined) await abort(unstopped, upload);
  return stored;
}

/** Whether no part is left. */
async function abort(
  calls: S3Calls,
  upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined },
): Promise<boolean> {
  try {
    await calls.attempt('AbortMultipartUpload', ['NoSuchUpload'], (client, { AbortMultipartUploadCommand }) =>
      client.send(new AbortMultipartUploadCommand(upload)),
    );
    return true;
  } catch {
    return false;
  }
}

/** After a failure S3 may have the pack all the same. */
async function leftOf(calls: S3Calls, key: string, pack: LocalPack): Promise<string> {
  try {
    const there = await heldAt(calls, key);
    return there !== undefined && isSame(there, pack)
      ? `S3 has it all the same, as version ${there.versionId ?? '?'}.`
      : 'Nothing of it is on S3.';
  } catch {
    return 'Whether anything of it is on S3 could not be read.';
  }
}

/** What S3 holds otherwise than it was asked to, in sentences; none: everything is as it should be. */
export function whatIsWrong(held: Held, pack: LocalPack, retention: Retention, kmsKey: string | null): readonly string[] {
  const wrong: string[] = [];
  if (held.versionId === null || held.versionId === 'null') wrong.push('S3 gave it no version.');
  if (held.bytes !== pack.bytes) wrong.push(`It has ${String(held.bytes)} bytes on S3, and ${String(pack.bytes)} here.`);
  if (!isChecksumOf(held.checksumSha256, pack))
    wrong.push(`Its checksum on S3 is ${held.checksumSha256 ?? 'not told'}, and should be ${checksumOf(pack)}.`);
  if (held.sha256 !== pack.sha256) wrong.push(`Its metadata says sha256 ${held.sha256 ?? 'nothing'}, and it is ${pack.sha256}.`);
  if (held.retention === null) wrong.push('S3 tells no retention: it has none, or s3:GetObjectRetention is not allowed.');
  else {
    const { mode, until } = held.retention;
    if (mode !== retention.mode) wrong.push(`It is locked in ${mode} mode, and should be in ${retention.mode}.`);
    if (Date.parse(until) < retention.until.getTime())
      wrong.push(`It is locked until ${until}, and should be until ${retention.until.toISOString()}.`);
  }
  const { algorithm, kmsKey: used } = held.encryption;
  if (!isKms(algorithm ?? undefined)) wrong.push(`It is encrypted with ${algorithm ?? 'nothing'}, under no KMS key.`);
  else if (kmsKey?.includes(':key/') === true && used !== kmsKey)
    wrong.push(`It is encrypted under ${used ?? 'a key that is not told'}, and should be under ${kmsKey}.`);
  return wrong;
}
