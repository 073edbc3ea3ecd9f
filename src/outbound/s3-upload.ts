import { open, type FileHandle } from 'node:fs/promises';
import { AtrestError } from '#model/errors.js';
import type { S3Calls } from './s3-calls.js';
import { composite, digestOf, digestsOf, piece, usualPartBytes } from './s3-parts.js';
import type { RunFile } from './store.js';

/** A browser shows a page only when S3 says that it is one. */
export function contentType(key: string): { readonly ContentType?: string } {
  return key.endsWith('.html') ? { ContentType: 'text/html; charset=utf-8' } : {};
}

/** Uploads a file unless S3 has it already, with the checksum that the manifest says. `thereBytes` is what was listed. */
export async function upload(calls: S3Calls, key: string, file: RunFile, thereBytes: number | undefined): Promise<void> {
  const handle = await open(file.path);
  try {
    if (file.bytes <= usualPartBytes) await uploadWhole(calls, key, file, handle, thereBytes);
    else await uploadInParts(calls, key, file, handle, thereBytes);
  } finally {
    await handle.close();
  }
}

async function uploadWhole(
  calls: S3Calls,
  Key: string,
  file: RunFile,
  handle: FileHandle,
  thereBytes: number | undefined,
): Promise<void> {
  const ChecksumSHA256 = Buffer.from(file.sha256, 'hex').toString('base64');
  if (thereBytes === file.bytes && (await storedChecksum(calls, Key)) === ChecksumSHA256) return;
  const Body = await piece(handle, 0, file.bytes);
  if (digestOf(Body).toString('hex') !== file.sha256) throw changed(file);
  const checked = { ChecksumAlgorithm: 'SHA256' as const, ChecksumSHA256 };
  const request = { Bucket: calls.place.bucket, Key, Body, ...checked, ...contentType(Key) };
  await calls.call('PutObject', (client, { PutObjectCommand }) =>
    client.send(new PutObjectCommand({ ...request, ...calls.encryption })),
  );
}

async function uploadInParts(
  calls: S3Calls,
  Key: string,
  file: RunFile,
  handle: FileHandle,
  thereBytes: number | undefined,
): Promise<void> {
  const { parts, sha256 } = await digestsOf(handle, file.bytes);
  if (sha256 !== file.sha256) throw changed(file);
  if (thereBytes === file.bytes && (await storedChecksum(calls, Key)) === composite(parts)) return;
  const UploadId = (await unfinishedUpload(calls, Key)) ?? (await createUpload(calls, Key));
  const upload = { Bucket: calls.place.bucket, Key, UploadId };
  const there = await sentParts(calls, upload);
  const Parts: { PartNumber: number; ETag: string | undefined; ChecksumSHA256: string }[] = [];
  for (const { PartNumber, start, bytes, checksum } of parts) {
    const sent = there.get(PartNumber);
    let ETag = sent?.checksum === checksum ? sent.ETag : undefined;
    if (ETag === undefined) {
      const Body = await piece(handle, start, bytes);
      const request = { ...upload, PartNumber, Body, ChecksumAlgorithm: 'SHA256' as const, ChecksumSHA256: checksum };
      ({ ETag } = await calls.call('UploadPart', (client, { UploadPartCommand }) => client.send(new UploadPartCommand(request))));
    }
    Parts.push({ PartNumber, ETag, ChecksumSHA256: checksum });
  }
  const { code } = await calls.attempt(
    'CompleteMultipartUpload',
    ['NoSuchUpload'],
    (client, { CompleteMultipartUploadCommand }) =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })),
  );
  // No such upload any more: it is complete, and the answer that said so got lost.
  if (code !== null && (await storedChecksum(calls, Key)) !== composite(parts))
    throw new AtrestError('output', `The upload of ${Key} was given up by another`, { hint: 'Store the run again.' });
}

async function storedChecksum(calls: S3Calls, Key: string): Promise<string | undefined> {
  const { output } = await calls.attempt('HeadObject', ['NotFound'], (client, { HeadObjectCommand }) =>
    client.send(new HeadObjectCommand({ Bucket: calls.place.bucket, Key, ChecksumMode: 'ENABLED' })),
  );
  return output?.ChecksumSHA256;
}

/** The upload of the same file that was begun last and came to no end. */
async function unfinishedUpload(calls: S3Calls, Key: string): Promise<string | undefined> {
  const { Uploads = [] } = await calls.call('ListMultipartUploads', (client, { ListMultipartUploadsCommand }) =>
    client.send(new ListMultipartUploadsCommand({ Bucket: calls.place.bucket, Prefix: Key })),
  );
  const same = Uploads.filter((each) => each.Key === Key && each.ChecksumAlgorithm === 'SHA256');
  const [last] = same.sort((a, b) => (b.Initiated?.getTime() ?? 0) - (a.Initiated?.getTime() ?? 0));
  return last?.UploadId;
}

async function createUpload(calls: S3Calls, Key: string): Promise<string | undefined> {
  const request = {
    Bucket: calls.place.bucket,
    Key,
    ChecksumAlgorithm: 'SHA256' as const,
    ...contentType(Key),
    ...calls.encryption,
  };
  const { UploadId } = await calls.call('CreateMultipartUpload', (client, { CreateMultipartUploadCommand }) =>
    client.send(new CreateMultipartUploadCommand(request)),
  );
  return UploadId;
}

async function sentParts(
  calls: S3Calls,
  upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined },
): Promise<ReadonlyMap<number, { readonly ETag: string | undefined; readonly checksum: string | undefined }>> {
  const sent = new Map<number, { ETag: string | undefined; checksum: string | undefined }>();
  let PartNumberMarker: string | undefined;
  do {
    const page = await calls.call('ListParts', (client, { ListPartsCommand }) =>
      client.send(new ListPartsCommand({ ...upload, PartNumberMarker })),
    );
    for (const { PartNumber, ETag, ChecksumSHA256 } of page.Parts ?? [])
      if (PartNumber !== undefined) sent.set(PartNumber, { ETag, checksum: ChecksumSHA256 });
    PartNumberMarker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
  } while (PartNumberMarker !== undefined);
  return sent;
}

function changed({ path }: RunFile): AtrestError {
  return new AtrestError('run-folder', `${path} is not what it was when the manifest was written`);
}
