import {
  GetBucketEncryptionCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketsCommand,
  paginateListBuckets,
  paginateListDirectoryBuckets,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { A, B, R, R2, clients, errorOf, running, send, smallWorld, walk } from './support.js';

test('ListBuckets: all regions in one list by name; BucketRegion only if something was asked', async () => {
  const world = smallWorld().generate(A, R, { 's3.bucket': 23 }).generate(A, R2, { 's3.bucket': 9 });
  world.put(A, R2, 's3.bucket', { Name: 'zebra' });
  world.put(B, R, 's3.bucket', { Name: 'not-yours' });
  const { s3 } = clients(await running(world));
  const plain = await s3.send(new ListBucketsCommand({}));
  expect(plain.Buckets?.length).toBe(33);
  expect(plain.Buckets?.[0]).not.toHaveProperty('BucketRegion');
  const paged = await walk(paginateListBuckets({ client: s3, pageSize: 10 }, {}), (page) => page.Buckets);
  expect(paged.pages).toBe(4);
  expect(paged.items.map((bucket) => bucket.Name)).toEqual(plain.Buckets?.map((bucket) => bucket.Name));
  expect(paged.items.at(-1)).toMatchObject({ Name: 'zebra', BucketRegion: R2 });
  const here = await s3.send(new ListBucketsCommand({ BucketRegion: R }));
  expect(here.Buckets?.map((bucket) => bucket.BucketRegion)).toEqual(Array(23).fill(R));
  expect((await s3.send(new ListBucketsCommand({ Prefix: 'zeb' }))).Buckets?.length).toBe(1);
  expect((await errorOf(s3.send(new ListBucketsCommand({ BucketRegion: R2 })))).name).toBe('InvalidArgument');
  expect((await errorOf(s3.send(new ListBucketsCommand({ MaxBuckets: 10, ContinuationToken: 'x' })))).name).toBe(
    'InvalidArgument',
  );
});

test('GetBucketEncryption: rules, blocked types, the SSE-S3 default, and none', async () => {
  const world = smallWorld();
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'alias/data' },
    BucketKeyEnabled: true,
    BlockedEncryptionTypes: { EncryptionType: ['SSE-C' as const] },
  };
  world.put(A, R, 's3.bucket', { Name: 'with-key', encryption: { Rules: [rule] } });
  world.put(A, R, 's3.bucket', { Name: 'usual' });
  world.put(A, R, 's3.bucket', { Name: 'legacy', encryption: null });
  const { s3 } = clients(await running(world));
  const rules = async (Bucket: string) =>
    (await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules;
  expect(await rules('with-key')).toEqual([rule]);
  expect(await rules('usual')).toEqual([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  ]);
  const none = await errorOf(rules('legacy'));
  expect([none.name, none.$metadata?.httpStatusCode]).toEqual(['ServerSideEncryptionConfigurationNotFoundError', 404]);
  expect((await errorOf(rules('nowhere'))).name).toBe('NoSuchBucket');
});

test('policy, tags, logging, replication and inventory: as put, or each its own way of not being there', async () => {
  const world = smallWorld();
  const replication = {
    Role: 'arn:aws:iam::111111111111:role/r',
    Rules: [
      {
        ID: 'one',
        Status: 'Enabled' as const,
        Filter: { And: { Prefix: 'p/', Tags: [{ Key: 'a', Value: 'b' }] } },
        SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' as const } },
        Destination: { Bucket: 'arn:aws:s3:::target', EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:x' } },
      },
    ],
  };
  const inventory = {
    Id: 'daily',
    IsEnabled: true,
    IncludedObjectVersions: 'All' as const,
    Schedule: { Frequency: 'Daily' as const },
    OptionalFields: ['EncryptionStatus' as const],
    Destination: {
      S3BucketDestination: { Bucket: 'arn:aws:s3:::t', Format: 'CSV' as const, Encryption: { SSEKMS: { KeyId: 'k' } } },
    },
  };
  world.put(A, R, 's3.bucket', {
    Name: 'full',
    policy: '{"Version":"2012-10-17"}',
    tags: [{ Key: 'data', Value: 'secret' }],
    logging: { TargetBucket: 'logs', TargetPrefix: 'full/' },
    replication,
    inventory: Array.from({ length: 130 }, (_, i) => ({ ...inventory, Id: `i${i}` })),
  });
  world.put(A, R, 's3.bucket', { Name: 'bare' });
  const { s3 } = clients(await running(world));
  const full = { Bucket: 'full' };
  const bare = { Bucket: 'bare' };
  expect((await s3.send(new GetBucketPolicyCommand(full))).Policy).toBe('{"Version":"2012-10-17"}');
  expect((await s3.send(new GetBucketTaggingCommand(full))).TagSet).toEqual([{ Key: 'data', Value: 'secret' }]);
  expect((await s3.send(new GetBucketLoggingCommand(full))).LoggingEnabled).toEqual({
    TargetBucket: 'logs',
    TargetPrefix: 'full/',
  });
  expect((await s3.send(new GetBucketReplicationCommand(full))).ReplicationConfiguration).toEqual(replication);
  const first = await s3.send(new ListBucketInventoryConfigurationsCommand(full));
  expect([first.IsTruncated, first.InventoryConfigurationList?.length]).toEqual([true, 100]);
  expect(first.InventoryConfigurationList?.[3]).toEqual({ ...inventory, Id: 'i3' });
  const second = await s3.send(
    new ListBucketInventoryConfigurationsCommand({ ...full, ContinuationToken: first.NextContinuationToken }),
  );
  expect([second.IsTruncated, second.InventoryConfigurationList?.length]).toEqual([false, 30]);

  expect((await errorOf(s3.send(new GetBucketPolicyCommand(bare)))).name).toBe('NoSuchBucketPolicy');
  expect((await errorOf(s3.send(new GetBucketTaggingCommand(bare)))).name).toBe('NoSuchTagSet');
  expect((await errorOf(s3.send(new GetBucketReplicationCommand(bare)))).name).toBe('ReplicationConfigurationNotFoundError');
  expect((await s3.send(new GetBucketLoggingCommand(bare))).LoggingEnabled).toBeUndefined();
  expect((await s3.send(new ListBucketInventoryConfigurationsCommand(bare))).IsTruncated).toBe(false);
});

test('a bucket asked for in the wrong region answers 301 with the right one', async () => {
  const world = smallWorld();
  world.put(A, R2, 's3.bucket', { Name: 'far' });
  const estate = await running(world);
  const { s3 } = clients(estate);
  const error = await errorOf(s3.send(new GetBucketEncryptionCommand({ Bucket: 'far' })));
  expect([error.name, error.$metadata?.httpStatusCode]).toEqual(['PermanentRedirect', 301]);
  expect((error as { Endpoint?: string }).Endpoint).toBe(`far.s3.${R2}.amazonaws.com`);
  const raw = await send(estate, 's3', { path: '/far', method: 'HEAD' });
  expect([raw.status, raw.headers.get('x-amz-bucket-region'), raw.text]).toEqual([301, R2, '']);
  const following = new S3Client({
    endpoint: estate.url,
    region: R,
    credentials: estate.credentialsFor(A),
    followRegionRedirects: true,
  });
  await expect(following.send(new GetBucketEncryptionCommand({ Bucket: 'far' }))).resolves.toBeDefined();
});

test('HeadBucket gives the region; buckets of another account are refused', async () => {
  const world = smallWorld().generate(B, R, { 's3.bucket': 2 });
  world.put(A, R, 's3.bucket', { Name: 'mine' });
  const { s3 } = clients(await running(world));
  expect((await s3.send(new HeadBucketCommand({ Bucket: 'mine' }))).BucketRegion).toBe(R);
  expect((await errorOf(s3.send(new HeadBucketCommand({ Bucket: 'none' })))).name).toBe('NotFound');
  const foreign = await errorOf(s3.send(new GetBucketEncryptionCommand({ Bucket: `gen-${B}-${R}-0000001` })));
  expect([foreign.name, foreign.$metadata?.httpStatusCode]).toEqual(['AccessDenied', 403]);
});

test('virtual-hosted addressing names the same bucket', async () => {
  const world = smallWorld();
  world.put(A, R, 's3.bucket', { Name: 'dotted.name' });
  const estate = await running(world);
  for (const host of ['dotted.name.localhost', `dotted.name.s3.${R}.amazonaws.com`]) {
    // fetch may not set Host, so this goes through node:http.
    const { request } = await import('node:http');
    const { port } = new URL(estate.url);
    const status = await new Promise((resolve, reject) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=${estate.credentialsFor(A).accessKeyId}/20261120/${R}/s3/aws4_request`;
      const call = request({ host: '127.0.0.1', port, path: '/?encryption', headers: { host, authorization } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on('error', reject).end();
    });
    expect(status).toBe(200);
  }
  expect(estate.log.map((call) => call.params['Bucket'])).toEqual(['dotted.name', 'dotted.name']);
});

test('directory buckets: listed per region, and their encryption is read through a session', async () => {
  const world = smallWorld();
  for (let i = 0; i < 5; i++) world.put(A, R, 's3.directory-bucket', { Name: `fast-${i}--euw1-az1--x-s3` });
  const { s3 } = clients(await running(world));
  const listed = await walk(paginateListDirectoryBuckets({ client: s3, pageSize: 2 }, {}), (page) => page.Buckets);
  expect([listed.pages, listed.items.length]).toEqual([3, 5]);
  const { ServerSideEncryptionConfiguration } = await s3.send(
    new GetBucketEncryptionCommand({ Bucket: 'fast-3--euw1-az1--x-s3' }),
  );
  expect(ServerSideEncryptionConfiguration?.Rules?.length).toBe(1);
});
