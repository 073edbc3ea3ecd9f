import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { A, R, clients, errorOf, running, send, smallWorld } from './support.js';

const Bucket = 'store';
const sha256 = (body: string | Buffer) => createHash('sha256').update(body).digest('base64');
const mebi = 1024 * 1024;

function world() {
  const made = smallWorld();
  const key = made.put(A, R, 'kms.key', { aliases: ['alias/store'] });
  made.put(A, R, 's3.bucket', { Name: Bucket });
  return { made, key };
}

async function refused(call: Promise<unknown>): Promise<[string, number | undefined]> {
  const { name, $metadata } = await errorOf(call);
  return [name, $metadata?.httpStatusCode];
}

describe('PutObject, GetObject, HeadObject, DeleteObject', () => {
  test('what was put is read as it was, with its tag, length, metadata and checksum', async () => {
    const { s3 } = clients(await running(world().made));
    const Body = Buffer.from([0, 255, 10, 13, 128, 60]);
    const put = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a b/ä+&.bin',
        Body,
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: sha256(Body),
        Metadata: { run: 'one' },
      }),
    );
    expect(put).toMatchObject({ ServerSideEncryption: 'AES256', ChecksumSHA256: sha256(Body) });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a b/ä+&.bin' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(Body);
    expect(got).toMatchObject({ ETag: put.ETag, ContentLength: 6, Metadata: { run: 'one' } });
    expect(got.LastModified).toBeInstanceOf(Date);
    const asked = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a b/ä+&.bin', ChecksumMode: 'ENABLED' }));
    expect(asked).toMatchObject({ ChecksumSHA256: sha256(Body), ContentLength: 6 });
    const unasked = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a b/ä+&.bin' }));
    expect(unasked.ChecksumSHA256).toBeUndefined();
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a b/ä+&.bin' }));
    // Deleting what is not there is no error.
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a b/ä+&.bin' }));
    expect(await refused(s3.send(new GetObjectCommand({ Bucket, Key: 'a b/ä+&.bin' })))).toEqual(['NoSuchKey', 404]);
  });

  test('a body that does not fit its checksum is not taken', async () => {
    const { s3 } = clients(await running(world().made));
    const put = (checksum: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'text', ...checksum }));
    expect(await refused(put({ ChecksumSHA256: sha256('other') }))).toEqual(['BadDigest', 400]);
    expect(await refused(put({ ChecksumSHA256: 'AAAA' }))).toEqual(['InvalidRequest', 400]);
    expect(await refused(put({ ContentMD5: createHash('md5').update('other').digest('base64') }))).toEqual(['BadDigest', 400]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    // The SDK's own CRC32 is looked at too.
    await expect(put({})).resolves.toMatchObject({ ChecksumCRC32: expect.any(String) as string });
  });

  test('conditions: only if it is not there, only if it is the same', async () => {
    const { s3 } = clients(await running(world().made));
    const put = (Body: string, condition: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'lock', Body, ...condition }));
    expect(await refused(put('0', { IfMatch: '"none"' }))).toEqual(['NoSuchKey', 404]);
    const { ETag } = await put('1', { IfNoneMatch: '*' });
    expect(await refused(put('2', { IfNoneMatch: '*' }))).toEqual(['PreconditionFailed', 412]);
    expect(await refused(put('2', { IfNoneMatch: '"tag"' }))).toEqual(['NotImplemented', 501]);
    const second = await put('2', { IfMatch: ETag });
    expect(await refused(put('3', { IfMatch: ETag }))).toEqual(['PreconditionFailed', 412]);
    expect(await refused(s3.send(new DeleteObjectCommand({ Bucket, Key: 'lock', IfMatch: ETag })))).toEqual([
      'PreconditionFailed',
      412,
    ]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'lock', IfMatch: second.ETag }));
    expect(await refused(s3.send(new DeleteObjectCommand({ Bucket, Key: 'lock', IfMatch: second.ETag })))).toEqual([
      'NoSuchKey',
      404,
    ]);
    const ends = await Promise.allSettled(['a', 'b', 'c', 'd'].map((each) => put(each, { IfNoneMatch: '*' })));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('encryption: as asked, else as the bucket says; the key has to be there, to work and to admit the caller', async () => {
    const { made, key } = world();
    const off = made.put(A, R, 'kms.key', { KeyState: 'Disabled' });
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/store' } };
    made.put(A, R, 's3.bucket', { Name: 'by-default', encryption: { Rules: [{ ...rule, BucketKeyEnabled: true }] } });
    const estate = await running(made);
    const { s3 } = clients(estate);
    const put = (request: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'text', ...request }));
    const under = (SSEKMSKeyId: string) => put({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId });
    expect(await under(key.Arn)).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key.Arn });
    expect(await put({ Bucket: 'by-default' })).toMatchObject({ SSEKMSKeyId: key.Arn, BucketKeyEnabled: true });
    expect(await refused(under(off.Arn))).toEqual(['KMS.DisabledException', 400]);
    expect(await refused(under(`${key.Arn}0`))).toEqual(['KMS.NotFoundException', 400]);
    made.deny({ operation: 'kms:GenerateDataKey' });
    const denied = await errorOf(under(key.Arn));
    expect(denied.message).toContain(`not authorized to perform: kms:GenerateDataKey on resource: "${key.Arn}"`);
    made.deny({ operation: 'kms:Decrypt' });
    expect(await refused(s3.send(new GetObjectCommand({ Bucket, Key: 'k' })))).toEqual(['AccessDenied', 403]);
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).resolves.toMatchObject({ SSEKMSKeyId: key.Arn });
    expect((await refused(s3.send(new HeadObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }))))[1]).toBe(403);
  });

  test('who may not list is not told that an object is not there', async () => {
    const { made } = world();
    const { s3 } = clients(await running(made));
    made.deny({ operation: 's3:ListObjectsV2' });
    expect(await refused(s3.send(new GetObjectCommand({ Bucket, Key: 'none' })))).toEqual(['AccessDenied', 403]);
  });

  test('a copy and a chunked upload are not simulated, and say so', async () => {
    const estate = await running(world().made);
    const kinds: Record<string, string>[] = [{ 'x-amz-copy-source': '/store/k' }, { 'content-encoding': 'aws-chunked' }];
    for (const headers of kinds) {
      const { status } = await send(estate, 's3', { path: '/store/k', method: 'PUT', headers, body: 'x' });
      expect(status).toBe(501);
    }
  });
});

test('ListObjectsV2: in the order of bytes, by prefix, by delimiter, page by page', async () => {
  const { s3 } = clients(await running(world().made));
  const keys = ['b/2', 'B', 'a', 'b/1', 'b/c/3', 'é', 'd/9'];
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  const list = (request: object) => s3.send(new ListObjectsV2Command({ Bucket, ...request }));
  const all = await list({});
  expect(all.Contents?.map(({ Key }) => Key)).toEqual(['B', 'a', 'b/1', 'b/2', 'b/c/3', 'd/9', 'é']);
  expect(all.Contents?.[2]).toMatchObject({ Size: 3, ChecksumAlgorithm: ['CRC32'], LastModified: expect.any(Date) as Date });
  const folders = await list({ Delimiter: '/' });
  expect(folders.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['b/', 'd/']);
  expect(folders.Contents?.map(({ Key }) => Key)).toEqual(['B', 'a', 'é']);
  const below = await list({ Delimiter: '/', Prefix: 'b/' });
  expect([below.CommonPrefixes, below.Contents?.length]).toEqual([[{ Prefix: 'b/c/' }], 2]);
  const first = await list({ MaxKeys: 4 });
  const second = await list({ MaxKeys: 4, ContinuationToken: first.NextContinuationToken });
  expect([first.IsTruncated, second.IsTruncated, second.KeyCount]).toEqual([true, false, 3]);
});

test('DeleteObjects: each object for itself', async () => {
  const { made } = world();
  const { s3 } = clients(await running(made));
  for (const Key of ['a', 'b&<', 'c']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  made.deny({ operation: 's3:DeleteObject', resource: 'store/c' });
  const Objects = ['a', 'b&<', 'c', 'none'].map((Key) => ({ Key }));
  const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['a', 'b&<', 'none']);
  expect(Errors).toEqual([{ Key: 'c', Code: 'AccessDenied', Message: 'Access Denied' }]);
  const quiet = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  expect([quiet.Deleted, quiet.Errors?.length]).toEqual([undefined, 1]);
});

describe('multipart uploads', () => {
  const parts = [randomBytes(5 * mebi), randomBytes(5 * mebi), Buffer.from('end')];

  async function begun(s3: S3Client) {
    const created = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'large', ChecksumAlgorithm: 'SHA256' }));
    const upload = { Bucket, Key: 'large', UploadId: created.UploadId };
    const sent = [];
    for (const [index, Body] of parts.entries()) {
      const PartNumber = index + 1;
      const checksum = { ChecksumAlgorithm: 'SHA256' as const, ChecksumSHA256: sha256(Body) };
      const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body, ...checksum }));
      sent.push({ PartNumber, ETag, ChecksumSHA256 });
    }
    return { upload, sent };
  }

  test('parts are listed with their checksums, and become one object with a checksum of checksums', async () => {
    const { s3 } = clients(await running(world().made));
    const { upload, sent } = await begun(s3);
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'lar' }));
    expect(Uploads).toMatchObject([{ Key: 'large', UploadId: upload.UploadId, ChecksumAlgorithm: 'SHA256' }]);
    const first = await s3.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, Parts: sent.slice(0, 2), NextPartNumberMarker: '2' });
    const rest = await s3.send(new ListPartsCommand({ ...upload, PartNumberMarker: '2' }));
    expect(rest).toMatchObject({ IsTruncated: false, Parts: sent.slice(2) });
    const whole = sha256(Buffer.concat(parts.map((part) => createHash('sha256').update(part).digest())));
    const done = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: sent } }));
    expect(done).toMatchObject({ ChecksumSHA256: `${whole}-3`, ChecksumType: 'COMPOSITE' });
    expect(done.ETag).toMatch(/-3"$/);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'large', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ChecksumSHA256: `${whole}-3`, ContentLength: 10 * mebi + 3 });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat(parts))).toBe(true);
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  });

  test('what does not fit is refused as S3 refuses it', async () => {
    const { s3 } = clients(await running(world().made));
    const { upload, sent } = await begun(s3);
    const complete = (Parts: object[]) =>
      refused(s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })));
    expect(await complete([...sent].reverse())).toEqual(['InvalidPartOrder', 400]);
    expect(await complete([{ ...sent[0], ETag: '"0"' }])).toEqual(['InvalidPart', 400]);
    expect(await complete([{ ...sent[0], ChecksumSHA256: sent[1]?.ChecksumSHA256 }])).toEqual(['InvalidPart', 400]);
    expect(await complete(sent.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })))).toEqual(['InvalidRequest', 400]);
    const small = await s3.send(
      new UploadPartCommand({
        ...upload,
        PartNumber: 1,
        Body: 'small',
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: sha256('small'),
      }),
    );
    expect(await complete([{ ...sent[0], ETag: small.ETag, ChecksumSHA256: sha256('small') }, ...sent.slice(1)])).toEqual([
      'EntityTooSmall',
      400,
    ]);
    expect(await refused(s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'crc' })))).toEqual([
      'InvalidRequest',
      400,
    ]);
    await s3.send(new AbortMultipartUploadCommand(upload));
    expect(await refused(s3.send(new ListPartsCommand(upload)))).toEqual(['NoSuchUpload', 404]);
  });
});
