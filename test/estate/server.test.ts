import { DescribeVolumesCommand, paginateDescribeVolumes } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { operations } from '#estate/index.js';
import { A, R, R2, clients, errorOf, running, send, smallWorld, walk } from './support.js';

test('latency is added to every answer', async () => {
  const estate = await running(smallWorld(), { latencyMs: () => 60 });
  const started = performance.now();
  await send(estate, 'kms', { headers: { 'x-amz-target': 'TrentService.ListKeys' }, body: '{}' });
  expect(performance.now() - started).toBeGreaterThan(55);
});

test('quotas: the sixth GetKeyLastUsage of a second is throttled, other operations and regions are not', async () => {
  const world = smallWorld();
  const estate = await running(world, { quotas: true });
  const call = async (operation: string, region = R) => {
    const { text } = await send(estate, 'kms', { headers: { 'x-amz-target': `TrentService.${operation}` }, body: '{}', region });
    return text.includes('ThrottlingException');
  };
  const burst = [];
  for (let i = 0; i < 7; i++) burst.push(await call('DescribeCustomKeyStores'));
  expect(burst.slice(0, 5)).toEqual([false, false, false, false, false]);
  expect(burst.includes(true)).toBe(true);
  expect([await call('ListKeys'), await call('DescribeCustomKeyStores', R2)]).toEqual([false, false]);

  const volumes = (query: string) => send(estate, 'ec2', { body: `Action=DescribeVolumes&Version=2016-11-15${query}` });
  const unpaged = await Promise.all(Array.from({ length: 70 }, () => volumes('')));
  expect(unpaged.some(({ status }) => status === 503)).toBe(true);
  const paged = await Promise.all(Array.from({ length: 70 }, () => volumes('&MaxResults=500')));
  expect(paged.every(({ status }) => status === 200)).toBe(true);
});

test('the log has parameters by the SDK’s names, and is bounded', async () => {
  const world = smallWorld().generate(A, R, { 'ebs.volume': 12 });
  const estate = await running(world, { logLimit: 8 });
  const { ec2 } = clients(estate);
  const filters = [{ Name: 'encrypted', Values: ['true', 'false'] }];
  await walk(paginateDescribeVolumes({ client: ec2, pageSize: 5 }, { Filters: filters }), (page) => page.Volumes);
  expect(estate.log[0]).toMatchObject({
    operation: 'ec2:DescribeVolumes',
    params: { MaxResults: 5, Filters: filters },
    status: 200,
  });
  for (let i = 0; i < 20; i++) await ec2.send(new DescribeVolumesCommand({ MaxResults: 500 }));
  expect(estate.log.length).toBeLessThanOrEqual(10);
  expect(estate.counts.get('ec2:DescribeVolumes')).toBe(23);
});

test('a permission that the world lacks is refused without any fault', async () => {
  const world = smallWorld();
  const key = world.put(A, R, 'kms.key');
  world.deny({ operation: 'kms:DescribeKey', resource: key.Arn, reason: 'resource-deny' });
  const estate = await running(world);
  const error = await errorOf(clients(estate).kms.send(new DescribeKeyCommand({ KeyId: key.KeyId })));
  expect(error.name).toBe('AccessDeniedException');
  expect(estate.log.at(-1)).toMatchObject({ code: 'AccessDeniedException', resource: key.KeyId });
  expect(estate.log.at(-1)).not.toHaveProperty('fault');
});

test('every operation can be denied', async () => {
  const world = smallWorld();
  world.put(A, R, 's3.bucket', { Name: 'b' });
  const estate = await running(world);
  estate.faults.add({ kind: 'deny' });
  const subresources: Record<string, string> = {
    ListBuckets: '/',
    ListDirectoryBuckets: '/?x-id=ListDirectoryBuckets',
    CreateSession: '/b?session',
    HeadBucket: '/b',
    GetBucketEncryption: '/b?encryption',
    GetBucketPolicy: '/b?policy',
    GetBucketTagging: '/b?tagging',
    GetBucketLogging: '/b?logging',
    GetBucketReplication: '/b?replication',
    ListBucketInventoryConfigurations: '/b?inventory',
    GetObjectLockConfiguration: '/b?object-lock',
    GetObjectRetention: '/b/k?retention',
    ListObjectsV2: '/b?list-type=2',
    DeleteObjects: '/b?delete',
    ListMultipartUploads: '/b?uploads',
    HeadObject: '/b/k',
    GetObject: '/b/k',
    PutObject: '/b/k',
    DeleteObject: '/b/k',
    CreateMultipartUpload: '/b/k?uploads',
    ListParts: '/b/k?uploadId=u',
    UploadPart: '/b/k?uploadId=u&partNumber=1',
    CompleteMultipartUpload: '/b/k?uploadId=u',
    AbortMultipartUpload: '/b/k?uploadId=u',
    GetFindings: '/findings',
    BatchImportFindings: '/findings/import',
  };
  const methods: Record<string, string> = {
    HeadBucket: 'HEAD',
    HeadObject: 'HEAD',
    PutObject: 'PUT',
    UploadPart: 'PUT',
    DeleteObject: 'DELETE',
    AbortMultipartUpload: 'DELETE',
    DeleteObjects: 'POST',
    CreateMultipartUpload: 'POST',
    CompleteMultipartUpload: 'POST',
  };
  expect(operations.length).toBe(70);
  for (const name of operations) {
    const [service = '', operation = ''] = name.split(':');
    const path = service === 'account' ? '/listRegions' : subresources[operation];
    const form = ['ec2', 'rds', 'sts'].includes(service);
    const answer = await send(estate, service, {
      method: service !== 's3' ? 'POST' : (methods[operation] ?? 'GET'),
      ...(path !== undefined && { path }),
      headers: { 'x-amz-target': `Any.${operation}` },
      ...(service !== 's3' && { body: form ? `Action=${operation}` : '{}' }),
    });
    expect([name, answer.status === 403 || answer.status === 400]).toEqual([name, true]);
    expect(estate.log.at(-1)).toMatchObject({
      operation: name,
      fault: 'deny',
      code: expect.stringMatching(/Denied|Unauthorized/) as unknown,
    });
  }
});
