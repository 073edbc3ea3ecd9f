import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, GetKeyRotationStatusCommand, ListKeysCommand, paginateListKeys } from '@aws-sdk/client-kms';
import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { GetBucketEncryptionCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, test } from 'vitest';
import type { Estate, FaultKind } from '#estate/index.js';
import { A, B, R, R2, clients, errorOf, running, smallWorld } from './support.js';

/** One call of each service. */
function calls(estate: Estate, account = A, region = R) {
  const { kms, s3, ec2, rds, sts } = clients(estate, account, region);
  return [
    () => kms.send(new ListKeysCommand({})),
    () => s3.send(new ListBucketsCommand({})),
    () => ec2.send(new DescribeVolumesCommand({})),
    () => rds.send(new DescribeDBInstancesCommand({})),
    () => sts.send(new GetCallerIdentityCommand({})),
  ];
}

test.each<[FaultKind, readonly (readonly [string, number])[]]>([
  [
    'deny',
    [
      ['AccessDeniedException', 400],
      ['AccessDenied', 403],
      ['UnauthorizedOperation', 403],
      ['AccessDenied', 403],
      ['AccessDenied', 403],
    ],
  ],
  [
    'throttle',
    [
      ['ThrottlingException', 400],
      ['SlowDown', 503],
      ['RequestLimitExceeded', 503],
      ['Throttling', 400],
      ['Throttling', 400],
    ],
  ],
  [
    'http500',
    [
      ['KMSInternalException', 500],
      ['InternalError', 500],
      ['InternalError', 500],
      ['InternalFailure', 500],
      ['InternalFailure', 500],
    ],
  ],
  [
    'http503',
    [
      ['ServiceUnavailableException', 503],
      ['ServiceUnavailable', 503],
      ['Unavailable', 503],
      ['ServiceUnavailable', 503],
      ['ServiceUnavailable', 503],
    ],
  ],
  [
    'notEnabled',
    [
      ['UnrecognizedClientException', 400],
      ['InvalidAccessKeyId', 403],
      ['AuthFailure', 401],
      ['InvalidClientTokenId', 403],
      ['RegionDisabledException', 403],
    ],
  ],
  [
    'expiredToken',
    [
      ['ExpiredTokenException', 400],
      ['ExpiredToken', 400],
      ['RequestExpired', 400],
      ['ExpiredToken', 403],
      // The SDK models it, under its shape's name.
      ['ExpiredTokenException', 403],
    ],
  ],
])('%s: the name and status of each service, until the rule is removed', async (kind, expected) => {
  const estate = await running(smallWorld());
  const handle = estate.faults.add({ kind });
  for (const [i, call] of calls(estate).entries()) {
    const error = await errorOf(call());
    expect([
      error.name === 'ExpiredToken' && i === 4 ? 'ExpiredTokenException' : error.name,
      error.$metadata?.httpStatusCode,
    ]).toEqual(expected[i]);
  }
  expect(handle.hits).toBe(5);
  expect(estate.log.every((call) => call.fault === kind)).toBe(true);
  handle.remove();
  for (const call of calls(estate)) await expect(call()).resolves.toBeDefined();
});

describe('refusals name the policy that refused', () => {
  test.each([
    ['identity-policy', 'because no identity-based policy allows the kms:DescribeKey action'],
    ['service-control-policy', 'with an explicit deny in a service control policy'],
    ['resource-policy', 'because no resource-based policy allows the kms:DescribeKey action'],
    ['resource-deny', 'with an explicit deny in a resource-based policy'],
  ] as const)('%s', async (reason, words) => {
    const world = smallWorld();
    const key = world.put(A, R, 'kms.key', { aliases: ['alias/k'] });
    const estate = await running(world);
    estate.faults.add({ kind: 'deny', operation: 'kms:DescribeKey', resource: key.Arn, reason });
    const { kms } = clients(estate);
    for (const KeyId of [key.KeyId, key.Arn, 'alias/k']) {
      const { message } = await errorOf(kms.send(new DescribeKeyCommand({ KeyId })));
      expect(message).toBe(
        `User: arn:aws:iam::${A}:user/estate is not authorized to perform: kms:DescribeKey on resource: ${key.Arn} ${words}`,
      );
    }
  });

  test('S3 by its IAM action, EC2 with its preamble', async () => {
    const world = smallWorld();
    world.put(A, R, 's3.bucket', { Name: 'b' });
    const estate = await running(world);
    estate.faults.add({ kind: 'deny' });
    const { s3, ec2 } = clients(estate);
    const refused = await errorOf(s3.send(new GetBucketEncryptionCommand({ Bucket: 'b' })));
    expect(refused.message).toContain(
      'not authorized to perform: s3:GetEncryptionConfiguration on resource: "arn:aws:s3:::b" because',
    );
    expect((await errorOf(ec2.send(new DescribeVolumesCommand({})))).message).toMatch(
      /^You are not authorized to perform this operation\. User: /,
    );
  });
});

test('a rule hits only what it names: account, region, operation, resource', async () => {
  const world = smallWorld();
  const [one, two] = [world.put(A, R, 'kms.key'), world.put(A, R, 'kms.key')];
  const estate = await running(world);
  estate.faults.add({ kind: 'deny', account: A, region: R, operation: ['kms:Get*', 'kms:DescribeKey'], resource: one.KeyId });
  const { kms } = clients(estate);
  await errorOf(kms.send(new DescribeKeyCommand({ KeyId: one.Arn })));
  await errorOf(kms.send(new GetKeyRotationStatusCommand({ KeyId: one.KeyId })));
  await kms.send(new DescribeKeyCommand({ KeyId: two.KeyId }));
  estate.faults.add({ kind: 'deny', account: A, region: R });
  for (const call of [...calls(estate, A, R2), ...calls(estate, B, R)]) await call();
  expect(estate.log.filter((call) => call.fault === 'deny').map((call) => call.resource)).toEqual([one.KeyId, one.KeyId]);
});

test('times limits hits; probability hits a share, and the same calls again under the same seed', async () => {
  const world = smallWorld().generate(A, R, { 'kms.key': 300 });
  const estate = await running(world);
  const { kms } = clients(estate);
  estate.faults.add({ kind: 'throttle', operation: 'kms:ListKeys', times: 2 });
  await errorOf(kms.send(new ListKeysCommand({})));
  await errorOf(kms.send(new ListKeysCommand({})));
  await kms.send(new ListKeysCommand({}));

  const keys = [...world.items(A, R, 'kms.key')].map((key) => key.KeyId);
  const hit = async (order: readonly string[]) => {
    const rule = estate.faults.add({ kind: 'throttle', operation: 'kms:DescribeKey', probability: 0.3, seed: 5 });
    const outcomes = order.map((KeyId) =>
      kms.send(new DescribeKeyCommand({ KeyId })).then(
        () => [],
        () => [KeyId],
      ),
    );
    const failed = (await Promise.all(outcomes)).flat();
    rule.remove();
    return failed.sort();
  };
  const failed = await hit(keys);
  expect(failed.length).toBeGreaterThan(60);
  expect(failed.length).toBeLessThan(120);
  expect(await hit([...keys].reverse())).toEqual(failed);
});

test('a fault can wait for a page', async () => {
  const world = smallWorld().generate(A, R, { 'kms.key': 350 });
  const estate = await running(world);
  const { kms } = clients(estate);
  const count = async () => {
    let pages = 0;
    const error = await errorOf(
      (async () => {
        for await (const page of paginateListKeys({ client: kms }, {})) pages += page.Keys ? 1 : 0;
      })(),
    );
    return [pages, error.name];
  };
  const rule = estate.faults.add({ kind: 'deny', operation: 'kms:ListKeys', page: 2 });
  expect(await count()).toEqual([1, 'AccessDeniedException']);
  rule.remove();
  estate.faults.add({ kind: 'http500', operation: 'kms:ListKeys', afterPage: 2 });
  expect(await count()).toEqual([2, 'KMSInternalException']);
});

test('repeatedToken: the same token for ever, also where the list has one page', async () => {
  const world = smallWorld().generate(A, R, { 'kms.key': 250 });
  const estate = await running(world);
  estate.faults.add({ kind: 'repeatedToken' });
  const { kms, rds } = clients(estate);
  const first = await kms.send(new ListKeysCommand({}));
  const second = await kms.send(new ListKeysCommand({ Marker: first.NextMarker }));
  const third = await kms.send(new ListKeysCommand({ Marker: second.NextMarker }));
  expect(second.Keys?.[0]?.KeyId).not.toBe(first.Keys?.[0]?.KeyId);
  expect([second.NextMarker, third.NextMarker]).toEqual([first.NextMarker, first.NextMarker]);
  expect(third.Keys).toEqual(second.Keys);
  const only = await rds.send(new DescribeDBInstancesCommand({}));
  expect((await rds.send(new DescribeDBInstancesCommand({ Marker: only.Marker }))).Marker).toBe(only.Marker);
});

test('emptyAnswer, htmlError and dropField', async () => {
  const world = smallWorld();
  world.put(A, R, 'ebs.volume', { KmsKeyId: 'arn:k' });
  world.put(A, R, 'rds.instance', { KmsKeyId: 'arn:k' });
  const estate = await running(world);
  const { kms, ec2, rds, s3 } = clients(estate);
  const empty = estate.faults.add({ kind: 'emptyAnswer' });
  expect(Object.keys(await kms.send(new ListKeysCommand({})))).toEqual(['$metadata']);
  expect((await ec2.send(new DescribeVolumesCommand({}))).Volumes).toBeUndefined();
  expect((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances).toBeUndefined();
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toBeUndefined();
  empty.remove();

  const html = estate.faults.add({ kind: 'htmlError' });
  for (const call of calls(estate)) expect((await errorOf(call())).$metadata?.httpStatusCode ?? 500).toBe(500);
  expect(estate.log.at(-1)).toMatchObject({ status: 500, fault: 'htmlError' });
  html.remove();

  estate.faults.add({ kind: 'dropField', field: 'Encrypted', operation: 'ec2:DescribeVolumes' });
  estate.faults.add({ kind: 'dropField', field: 'StorageEncrypted' });
  const [volume] = (await ec2.send(new DescribeVolumesCommand({}))).Volumes ?? [];
  expect([volume?.Encrypted, volume?.KmsKeyId]).toEqual([undefined, 'arn:k']);
  expect((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances?.[0]).not.toHaveProperty('StorageEncrypted');
});

test('slow, hang and reset; closing ends what hangs', async () => {
  const estate = await running(smallWorld());
  const { kms } = clients(estate);
  const slow = estate.faults.add({ kind: 'slow', delayMs: 120 });
  const started = performance.now();
  await kms.send(new ListKeysCommand({}));
  expect(performance.now() - started).toBeGreaterThan(110);
  slow.remove();

  const reset = estate.faults.add({ kind: 'reset' });
  expect((await errorOf(kms.send(new ListKeysCommand({})))).message).toMatch(/ECONNRESET|socket hang up/);
  reset.remove();

  estate.faults.add({ kind: 'hang' });
  const requestHandler = new NodeHttpHandler({ requestTimeout: 150, throwOnRequestTimeout: true });
  const impatient = new EC2Client({
    endpoint: estate.url,
    region: R,
    credentials: estate.credentialsFor(A),
    maxAttempts: 1,
    requestHandler,
  });
  expect((await errorOf(impatient.send(new DescribeVolumesCommand({})))).name).toBe('TimeoutError');
  const waiting = errorOf(kms.send(new ListKeysCommand({})));
  while (estate.counts.get('kms:ListKeys') !== 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await estate.close();
  expect((await waiting).message).toMatch(/ECONNRESET|socket hang up/);
});
