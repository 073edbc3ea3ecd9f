import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { A, R, clients, errorOf, running, send, smallWorld } from './support.js';

const [Bucket, Key] = ['locked', 'k'];
const now = new Date('2026-11-23T00:00:00.000Z');
const later = new Date('2027-11-23T00:00:00.000Z');
const compliance = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: later } as const;

async function bench() {
  const world = smallWorld();
  world.put(A, R, 's3.bucket', { Name: 'plain' });
  world.put(A, R, 's3.bucket', { Name: Bucket, objectLock: { ObjectLockEnabled: 'Enabled' } });
  const DefaultRetention = { Mode: 'GOVERNANCE', Days: 30 } as const;
  world.put(A, R, 's3.bucket', { Name: 'by-default', objectLock: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } });
  let clock = now;
  const estate = await running(world, { now: () => clock });
  const { s3 } = clients(estate);
  const put = (more: Partial<PutObjectCommandInput> = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body: 'text', ...compliance, ...more }));
  const head = (more: object = {}) => s3.send(new HeadObjectCommand({ Bucket, Key, ...more }));
  return { world, estate, s3, put, head, at: (date: Date) => (clock = date) };
}

async function refused(call: Promise<unknown>): Promise<string> {
  const { name, message, $metadata } = await errorOf(call);
  return `${String($metadata?.httpStatusCode)} ${name}: ${message}`;
}

test('the configuration is told, and a bucket without one says so', async () => {
  const { s3 } = await bench();
  const ask = (name: string) => s3.send(new GetObjectLockConfigurationCommand({ Bucket: name }));
  expect((await ask(Bucket)).ObjectLockConfiguration).toEqual({ ObjectLockEnabled: 'Enabled' });
  expect((await ask('by-default')).ObjectLockConfiguration).toEqual({
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
  });
  expect(await refused(ask('plain'))).toMatch(/^404 ObjectLockConfigurationNotFoundError/);
});

test('a retention is the one that was asked for, else the bucket’s default', async () => {
  const { put, head, s3, world } = await bench();
  const { VersionId } = await put();
  expect(await head()).toMatchObject({ VersionId, ...compliance });
  expect((await s3.send(new GetObjectRetentionCommand({ Bucket, Key }))).Retention).toEqual({
    Mode: 'COMPLIANCE',
    RetainUntilDate: later,
  });
  await s3.send(new PutObjectCommand({ Bucket: 'by-default', Key, Body: 'text' }));
  const days30 = new Date('2026-12-23T00:00:00.000Z');
  expect(await head({ Bucket: 'by-default' })).toMatchObject({
    ObjectLockMode: 'GOVERNANCE',
    ObjectLockRetainUntilDate: days30,
  });
  world.deny({ operation: 's3:GetObjectRetention' });
  expect((await head()).ObjectLockMode).toBeUndefined();
});

test('what does not fit is refused as S3 refuses it', async () => {
  const { put, estate, world } = await bench();
  expect(await refused(put({ Bucket: 'plain' }))).toMatch(/^400 InvalidRequest: Bucket is missing Object Lock Configuration/);
  expect(await refused(put({ ObjectLockRetainUntilDate: now }))).toMatch(/^400 InvalidArgument: .* must be in the future!/);
  expect(await refused(put({ ObjectLockMode: undefined }))).toMatch(/^400 InvalidArgument: .* must both be supplied/);
  expect(await refused(put({ ObjectLockMode: 'WORM' as never }))).toMatch(/^400 InvalidArgument: Unknown wormMode/);
  expect(await refused(put({ ObjectLockLegalHoldStatus: 'ON' }))).toMatch(/^501 NotImplemented/);
  const bare = await send(estate, 's3', { method: 'PUT', path: '/by-default/k', body: 'x' });
  expect([bare.status, bare.text]).toEqual([400, expect.stringContaining('Content-MD5 OR x-amz-checksum-')]);
  world.deny({ operation: 's3:PutObjectRetention' });
  expect(await refused(put())).toMatch(/^403 AccessDenied: .*not authorized to perform: s3:PutObjectRetention/);
});

test('a version stays until its time is over; to delete its name hides it', async () => {
  const { put, head, s3, at } = await bench();
  const first = await put();
  const second = await put({ Body: 'other' });
  expect(first.VersionId).not.toBe(second.VersionId);
  const read = async (VersionId?: string) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
  expect([await read(), await read(first.VersionId)]).toEqual(['other', 'text']);
  const remove = (more: object = {}) => s3.send(new DeleteObjectCommand({ Bucket, Key, ...more }));
  const protectedText = /^403 AccessDenied: Access Denied because object protected by object lock/;
  expect(await refused(remove({ VersionId: second.VersionId }))).toMatch(protectedText);
  expect(await refused(remove({ VersionId: second.VersionId, BypassGovernanceRetention: true }))).toMatch(protectedText);
  const marker = await remove();
  expect(marker.DeleteMarker).toBe(true);
  expect(await refused(head())).toMatch(/^404/);
  expect(await refused(head({ VersionId: marker.VersionId }))).toMatch(/^405/);
  expect(await refused(head({ VersionId: 'none' }))).toMatch(/^404/);
  expect(await read(second.VersionId)).toBe('other');
  const Objects = [{ Key, VersionId: second.VersionId }, { Key, VersionId: marker.VersionId }, { Key: 'new' }];
  const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Errors).toMatchObject([{ Key, VersionId: second.VersionId, Code: 'AccessDenied' }]);
  expect(Deleted).toMatchObject([
    { Key, VersionId: marker.VersionId, DeleteMarker: true },
    { Key: 'new', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) as string },
  ]);
  expect(await read()).toBe('other');
  at(new Date(later.getTime() + 1));
  await remove({ VersionId: second.VersionId });
  expect(await read()).toBe('text');
});

test('governance is lifted by who may do so', async () => {
  const { put, s3, world } = await bench();
  const { VersionId } = await put({ ObjectLockMode: 'GOVERNANCE' });
  const remove = (BypassGovernanceRetention?: true) =>
    s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention }));
  expect(await refused(remove())).toMatch(/protected by object lock/);
  world.deny({ operation: 's3:BypassGovernanceRetention' });
  expect(await refused(remove(true))).toMatch(/not authorized to perform: s3:BypassGovernanceRetention/);
  world.denials.pop();
  await remove(true);
  expect(await refused(s3.send(new HeadObjectCommand({ Bucket, Key })))).toMatch(/^404/);
});

test('an upload in parts is locked when it is complete; each part has a digest of its own', async () => {
  const { s3, estate, head } = await bench();
  const { UploadId = '' } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256', ...compliance }),
  );
  const bare = await send(estate, 's3', {
    method: 'PUT',
    path: `/${Bucket}/${Key}?partNumber=1&uploadId=${UploadId}`,
    body: 'x',
  });
  expect([bare.status, bare.text]).toEqual([400, expect.stringContaining('Put Part requests with Object Lock parameters')]);
  const ChecksumSHA256 = createHash('sha256').update('text').digest('base64');
  const { ETag } = await s3.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'text', ChecksumAlgorithm: 'SHA256', ChecksumSHA256 }),
  );
  const Parts = [{ PartNumber: 1, ETag, ChecksumSHA256 }];
  const done = await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  expect(done.VersionId).toEqual(expect.any(String));
  expect(await head()).toMatchObject({ VersionId: done.VersionId, ...compliance });
});
