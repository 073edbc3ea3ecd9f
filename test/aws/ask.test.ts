import { setTimeout as sleep } from 'node:timers/promises';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test, vi } from 'vitest';
import { ask } from '#aws/ask.js';
import { createWorld } from '#estate/index.js';
import { account, anyone, connect, describer, failureOf, oneKey, place, region, running, serving } from './support.js';

const elapsed = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const start = performance.now();
  const result = await work;
  return [result, performance.now() - start];
};

describe('an answer', () => {
  test('comes with its request id, AWS’s own date and the number of tries', async () => {
    const { world, key } = oneKey();
    await running(world);
    const { output, meta } = await describer(connect())(key);
    expect(output.KeyMetadata?.Arn).toBe(key);
    expect(meta).toEqual({
      operation: 'kms:DescribeKey',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      date: expect.stringMatching(/GMT$/) as string,
      attempts: 1,
      throttles: 0,
      status: 200,
      code: null,
    });
    expect(Math.abs(Date.parse(meta.date ?? '') - Date.now())).toBeLessThan(10_000);
  });

  test('after two throttles says so, and so do the connection’s counters', async () => {
    const { world, key } = oneKey();
    const { faults } = await running(world);
    faults.add({ kind: 'throttle', times: 2 });
    const connection = connect();
    const { meta } = await describer(connection)(key);
    expect(meta).toMatchObject({ attempts: 3, throttles: 2, code: null });
    expect(connection.stats).toEqual({ calls: 3, throttles: 2 });
  });

  test('that is a refusal keeps its code, status, request id and date', async () => {
    const { world, key } = oneKey();
    const { faults } = await running(world);
    faults.add({ kind: 'deny', reason: 'service-control-policy' });
    const { meta, failure, message } = await failureOf(describer(connect())(key));
    expect(meta).toMatchObject({ code: 'AccessDeniedException', status: 400, attempts: 1 });
    expect(meta.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(meta.date).toMatch(/GMT$/);
    expect(failure).toMatchObject({ class: 'denied', deniedBy: 'service-control-policy' });
    expect(message).toContain('kms:DescribeKey: AccessDeniedException');
  });
});

describe('a call that goes wrong', () => {
  test.each([
    ['deny', 1, 'denied', 'AccessDeniedException'],
    ['expiredToken', 1, 'expired', 'ExpiredTokenException'],
    ['notEnabled', 1, 'not-enabled', 'UnrecognizedClientException'],
    ['http500', 3, 'transient', 'KMSInternalException'],
    ['http503', 3, 'transient', 'ServiceUnavailableException'],
    ['reset', 3, 'transient', 'ECONNRESET'],
    ['htmlError', 2, 'unparseable', 'HTTP 500'],
  ] as const)('%s for good: %i tries, then %s', async (kind, tries, expected, code) => {
    const { world, key } = oneKey();
    const { faults, log } = await running(world);
    faults.add({ kind });
    const { meta, failure } = await failureOf(describer(connect())(key));
    expect(failure).toMatchObject({ class: expected, code });
    expect(meta.attempts).toBe(tries);
    expect(log).toHaveLength(tries);
  });

  test.each([
    ['http500', 2],
    ['reset', 2],
    ['htmlError', 1],
  ] as const)('%s %i times: the next try succeeds', async (kind, times) => {
    const { world, key } = oneKey();
    const { faults } = await running(world);
    faults.add({ kind, times });
    expect((await describer(connect())(key)).meta.attempts).toBe(times + 1);
  });

  test('a refused port is unreachable, soon', async () => {
    const { url } = await serving(() => undefined);
    vi.stubEnv('AWS_ENDPOINT_URL', url.replace(/\d+$/, '9'));
    const [{ failure, meta }, ms] = await elapsed(failureOf(describer(connect())('k')));
    expect(failure).toMatchObject({ class: 'unreachable', code: 'ECONNREFUSED', status: null });
    expect(meta).toMatchObject({ attempts: 3, requestId: null, date: null });
    expect(ms).toBeLessThan(2_000);
  });

  test('a host that does not exist is unreachable', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://nowhere.invalid');
    const { failure } = await failureOf(describer(connect())('k'));
    expect(failure.class).toBe('unreachable');
    expect(failure.code).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  test('200 calls at once, all throttled for three seconds: all succeed', async () => {
    const { world, key } = oneKey();
    const { faults, log } = await running(world);
    const fault = faults.add({ kind: 'throttle' });
    const describe = describer(connect());
    const calls = Array.from({ length: 200 }, () => describe(key));
    await sleep(3_000);
    fault.remove();
    const [answers, ms] = await elapsed(Promise.all(calls));
    expect(answers.map(({ output }) => output.KeyMetadata?.Arn)).toEqual(Array.from({ length: 200 }, () => key));
    expect(answers.every(({ meta }) => meta.attempts === meta.throttles + 1 && meta.throttles > 0)).toBe(true);
    expect(ms).toBeLessThan(12_000);
    // The bucket slowed down: without it each call would have been refused a dozen times.
    expect(log.filter(({ code }) => code === 'ThrottlingException').length).toBeLessThan(200 * 6);
  }, 30_000);

  // The wait for the limiter is ours, not AWS's: a call at the end of a long line has as many tries as the first.
  test.each([
    ['reset', 30_000, 'ECONNRESET'],
    ['throttle', 90_000, 'ThrottlingException'],
  ] as const)('%s after %i ms in line is still tried again', async (_, waited, name) => {
    const connection = connect();
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    vi.spyOn(connection.limiter, 'acquire').mockImplementation(async () => {
      now += waited;
      await Promise.resolve();
    });
    let tries = 0;
    const send = () => {
      tries += 1;
      return tries < 3 ? Promise.reject(Object.assign(new Error(''), { name })) : Promise.resolve({ fine: true });
    };
    const { output } = await ask(connection, place, 'kms:DescribeKey', send).finally(() => vi.restoreAllMocks());
    expect(output).toEqual({ fine: true });
  });
});

describe('a call that waits its turn', () => {
  test('does so before the limiter: no more go out than the rate allows', async () => {
    const connection = connect();
    const calls = Array.from({ length: 56 }, () =>
      ask(connection, place, 'ec2:DescribeSnapshotAttribute', () => Promise.resolve({})),
    );
    // 50 at once, then ten a second.
    const [, ms] = await elapsed(Promise.all(calls));
    expect(ms).toBeGreaterThan(500);
  });

  test('for a connection has its whole timeout when it goes out', async () => {
    await serving((_request, response) => {
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"KeyMetadata":{"KeyId":"k"}}');
      }, 40);
    });
    const describe = describer(connect({ inFlightMax: 4, requestTimeoutMs: 400 }));
    const answers = await Promise.all(Array.from({ length: 60 }, () => describe('k')));
    expect(answers.map(({ meta }) => meta.attempts)).toEqual(answers.map(() => 1));
  });

  test('for a connection has all its tries when it goes out', async () => {
    const connection = connect({ inFlightMax: 1 });
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    let release: (answer: object) => void = () => undefined;
    const first = ask(connection, place, 'kms:DescribeKey', () => new Promise<object>((resolve) => (release = resolve)));
    let tries = 0;
    const second = ask(connection, place, 'kms:DescribeKey', () => {
      tries += 1;
      return tries === 1 ? Promise.reject(Object.assign(new Error(''), { name: 'ECONNRESET' })) : Promise.resolve({ fine: true });
    });
    await sleep(20);
    now += 30_000;
    release({});
    await Promise.all([first, second]).finally(() => vi.restoreAllMocks());
    expect(tries).toBe(2);
  });
});

describe('an answer that does not come', () => {
  test('ends at the request timeout, is tried again, and holds no connection afterwards', async () => {
    const server = await serving(() => undefined);
    const [{ failure, meta }, ms] = await elapsed(failureOf(describer(connect({ requestTimeoutMs: 300 }))('k')));
    expect(failure).toMatchObject({ class: 'transient', code: 'ETIMEDOUT' });
    expect(meta.attempts).toBe(3);
    expect(ms).toBeGreaterThanOrEqual(890);
    expect(ms).toBeLessThan(2_500);
    await vi.waitFor(() => {
      expect(server.sockets.size).toBe(0);
    });
  });

  test('ends also when it stops half way', async () => {
    await serving((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': '1000' });
      response.write('{"KeyMetadata":');
    });
    const call = failureOf(describer(connect({ requestTimeoutMs: 300 }))('k'));
    const ended = await Promise.race([call, sleep(4_000, 'still waiting')]);
    expect(ended).toMatchObject({ failure: { class: 'transient' } });
  });

  test('delays nobody else', async () => {
    const { world, key } = oneKey();
    const { faults } = await running(world);
    faults.add({ kind: 'hang', times: 1 });
    const describe = describer(connect({ requestTimeoutMs: 600 }));
    const hung = describe(key);
    const [, ms] = await elapsed(Promise.all(Array.from({ length: 20 }, () => describe(key))));
    expect(ms).toBeLessThan(550);
    expect((await hung).meta.attempts).toBe(2);
  });
});

describe('a stopped run', () => {
  test('ends calls in flight at once', async () => {
    const { world, key } = oneKey();
    const { faults } = await running(world);
    faults.add({ kind: 'hang' });
    const stop = new AbortController();
    const describe = describer(connect({ signal: stop.signal, inFlightMax: 4 }));
    const calls = Array.from({ length: 30 }, () => describe(key));
    const settled = Promise.allSettled(calls);
    await sleep(200);
    stop.abort(new Error('stopped by the user'));
    const [results, ms] = await elapsed(settled);
    expect(ms).toBeLessThan(300);
    expect(new Set(results.map((result) => result.status === 'rejected' && (result.reason as Error).message))).toEqual(
      new Set(['stopped by the user']),
    );
  });

  test('ends the wait for another try at once', async () => {
    const { world, key } = oneKey();
    const { faults } = await running(world);
    faults.add({ kind: 'throttle' });
    const stop = new AbortController();
    const call = Promise.allSettled([describer(connect({ signal: stop.signal }))(key)]);
    await sleep(500);
    stop.abort(new Error('stopped by the user'));
    const [, ms] = await elapsed(call);
    expect(ms).toBeLessThan(200);
  });
});

describe('connections', () => {
  test('are never more than the calls allowed in flight, and are used again', async () => {
    const server = await serving((_request, response) => {
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"KeyMetadata":{"KeyId":"k"}}');
      }, 15);
    });
    const connection = connect({ inFlightMax: 7 });
    // One client per region, as a scan has them: they share the pool.
    const clients = ['us-east-1', 'eu-west-1', 'us-west-2'].map((name) => connection.client(KMSClient, name, anyone));
    const calls = Array.from({ length: 90 }, (_, n) =>
      ask(connection, { account, region: `r${String(n % 3)}` }, 'kms:DescribeKey', () =>
        clients[n % 3]!.send(new DescribeKeyCommand({ KeyId: 'k' })),
      ),
    );
    await Promise.all(calls);
    expect(server.requests()).toBe(90);
    expect(server.mostSockets()).toBeGreaterThan(1);
    expect(server.mostSockets()).toBeLessThanOrEqual(7);
  });

  test('carry to each of many calls at once the answer to its own question', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `bucket-${String(n)}`);
    const world = createWorld({ seed: 4 }).addAccount(account, { regions: [region] });
    const keys = names.map(() => world.put(account, region, 'kms.key', {}).Arn);
    for (const Name of names) world.put(account, region, 's3.bucket', { Name, tags: [{ Key: 'name', Value: Name }] });
    await running(world);
    const connection = connect();
    // All wait for the credentials, when each has said already whom it asks.
    const late = () => sleep(50).then(anyone);
    const s3 = connection.client(S3Client, region, late);
    const kms = connection.client(KMSClient, region, late);
    const tags = await Promise.all(names.map((Bucket) => s3.send(new GetBucketTaggingCommand({ Bucket }))));
    expect(tags.map(({ TagSet = [] }) => TagSet[0]?.Value)).toEqual(names);
    const described = await Promise.all(keys.map((KeyId) => kms.send(new DescribeKeyCommand({ KeyId }))));
    expect(described.map(({ KeyMetadata }) => KeyMetadata?.Arn)).toEqual(keys);
  });

  test('are all closed by close, and by nothing else', async () => {
    const server = await serving((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(
          '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
        );
    });
    const connection = connect();
    const sts = connection.client(STSClient, region, anyone);
    await ask(connection, place, 'sts:GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({})));
    expect(server.sockets.size).toBe(1);
    connection.close();
    await vi.waitFor(() => {
      expect(server.sockets.size).toBe(0);
    });
  });
});
