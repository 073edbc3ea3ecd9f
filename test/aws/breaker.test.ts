import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ask } from '#aws/ask.js';
import type { Connection } from '#aws/connection.js';
import { AtrestError } from '#model/errors.js';
import { account, anyone, connect, describer, failureOf, oneKey, place, region, running, serving } from './support.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const dead = 'http://127.0.0.1:9';

/** Calls to an endpoint of one's own, as each service has one in each region. */
function describerAt(connection: Connection, endpoint: string, region: string) {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  const kms = connection.client(KMSClient, region, anyone);
  return () => ask(connection, { account, region }, 'kms:DescribeKey', () => kms.send(new DescribeKeyCommand({ KeyId: 'k' })));
}

/** The clock of calls and breaker, to be moved by hand. */
function clock(): { pass(ms: number): void } {
  let ahead = 0;
  const real = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => real() + ahead);
  return { pass: (ms) => (ahead += ms) };
}

const answering = () =>
  serving((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{"KeyMetadata":{"KeyId":"k"}}');
  });

describe('an endpoint that refuses connections', () => {
  test('is tried for two seconds, then left alone; other regions are asked as ever', async () => {
    const { url } = await answering();
    const connection = connect();
    const there = describerAt(connection, url, 'us-east-1');
    // A client reads the environment when it is first used.
    await there();
    const gone = describerAt(connection, dead, 'eu-west-1');
    const started = performance.now();
    expect((await failureOf(gone())).meta.attempts).toBeGreaterThanOrEqual(3);
    expect(performance.now() - started).toBeLessThan(8_000);
    const calls = await Promise.all(Array.from({ length: 50 }, () => failureOf(gone())));
    expect(new Set(calls.map(({ meta }) => meta.attempts))).toEqual(new Set([0]));
    expect(calls[0]?.failure).toMatchObject({ class: 'unreachable', code: 'ECONNREFUSED' });
    expect((await there()).meta.attempts).toBe(1);
  });

  test('is tried again after half a minute, by one call, then after a minute', async () => {
    const { url } = await answering();
    const connection = connect();
    await describerAt(connection, url, 'us-east-1')();
    const gone = describerAt(connection, dead, 'eu-west-1');
    await failureOf(gone());
    const time = clock();
    const attempts = async () =>
      (await Promise.all([1, 2, 3].map(() => failureOf(gone())))).map(({ meta }) => meta.attempts).sort();
    time.pass(27_000);
    expect(await attempts()).toEqual([0, 0, 0]);
    time.pass(4_000);
    expect(await attempts()).toEqual([0, 0, 1]);
    time.pass(31_000);
    expect(await attempts()).toEqual([0, 0, 0]);
    time.pass(30_000);
    expect(await attempts()).toEqual([0, 0, 1]);
  });

  test('and answers again is used again', async () => {
    const { world, key } = oneKey();
    const estate = await running(world);
    const connection = connect();
    const { port } = new URL(estate.url);
    await estate.close();
    const describe = describer(connection);
    await failureOf(describe(key));
    expect((await failureOf(describe(key))).meta.attempts).toBe(0);
    const { startEstate } = await import('#estate/index.js');
    const again = await startEstate(world, { port: Number(port) });
    const time = clock();
    time.pass(31_000);
    expect((await describe(key)).output.KeyMetadata?.Arn).toBe(key);
    expect((await describe(key)).meta.attempts).toBe(1);
    await again.close();
  });
});

describe('an endpoint that has answered before', () => {
  test('is tried on while a short outage lasts', async () => {
    const { world, key } = oneKey();
    const { startEstate } = await import('#estate/index.js');
    const estate = await running(world);
    const describe = describer(connect());
    await describe(key);
    const { port } = new URL(estate.url);
    await estate.close();
    const call = describe(key);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const again = await startEstate(world, { port: Number(port) });
    expect((await call).meta.attempts).toBeGreaterThan(3);
    await again.close();
  });

  test('with nothing else answering stops the run: the network is gone', async () => {
    const { world, key } = oneKey();
    const estate = await running(world);
    const connection = connect();
    const describe = describer(connection);
    await describe(key);
    await estate.close();
    const time = clock();
    const calls = Array.from({ length: 5 }, () => describe(key));
    const settled = Promise.allSettled(calls);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    time.pass(16_000);
    const results = await settled;
    expect(connection.signal.reason).toBeInstanceOf(AtrestError);
    expect(connection.signal.reason).toMatchObject({
      code: 'stopped',
      message: expect.stringMatching(/Nothing answers any more/) as string,
    });
    expect(results.map(({ status }) => status)).toEqual(calls.map(() => 'rejected'));
  });
});

test('a region of which three calls run into their timeout is left alone', async () => {
  const { world, key } = oneKey();
  const { faults } = await running(world);
  const connection = connect({ requestTimeoutMs: 300 });
  const describe = describer(connection);
  faults.add({ kind: 'hang' });
  const first = await failureOf(describe(key));
  expect(first.failure).toMatchObject({ class: 'transient', code: 'ETIMEDOUT' });
  const started = performance.now();
  expect((await failureOf(describe(key))).failure).toMatchObject({ class: 'unreachable', code: 'ETIMEDOUT' });
  expect(performance.now() - started).toBeLessThan(150);
});

describe('a service that takes calls and answers none, while the others of its region answer', () => {
  test('has less time for the second call, and is then left alone', async () => {
    const { world, key } = oneKey();
    const { faults } = await running(world);
    const connection = connect({ requestTimeoutMs: 1_500 });
    const describe = describer(connection);
    const rds = connection.client(RDSClient, region, anyone);
    const other = () => ask(connection, place, 'rds:DescribeDBInstances', () => rds.send(new DescribeDBInstancesCommand({})));
    faults.add({ kind: 'hang', operation: 'kms:*' });
    const over = new AbortController();
    const others = (async () => {
      while (!over.signal.aborted) await other();
    })();
    await failureOf(describe(key));
    const time = clock();
    time.pass(16_000);
    const started = performance.now();
    expect((await failureOf(describe(key))).failure).toMatchObject({ class: 'unreachable', code: 'TimeoutError' });
    expect(performance.now() - started).toBeLessThan(1_400);
    expect((await failureOf(describe(key))).meta.attempts).toBe(0);
    over.abort();
    await others;
    const elsewhere = connect({ requestTimeoutMs: 1_500 });
    elsewhere.breaker.addSilent(connection.breaker.silent);
    const startedElsewhere = performance.now();
    await failureOf(describer(elsewhere)(key));
    expect(performance.now() - startedElsewhere).toBeLessThan(1_400);
  });

  test('has all the time again once it has answered', async () => {
    const { world, key } = oneKey();
    const { faults } = await running(world);
    const connection = connect({ requestTimeoutMs: 1_500 });
    const describe = describer(connection);
    const hung = faults.add({ kind: 'hang', times: 1 });
    await describe(key);
    expect(hung.hits).toBe(1);
    expect(connection.breaker.silent).toEqual([]);
    faults.add({ kind: 'slow', delayMs: 900, times: 1 });
    expect((await describe(key)).meta.attempts).toBe(1);
  });
});

test('a call that hangs among others that are answered closes nothing', async () => {
  const { world, key } = oneKey();
  const { faults } = await running(world);
  const describe = describer(connect({ requestTimeoutMs: 300 }));
  faults.add({ kind: 'hang', times: 3 });
  const hung = [describe(key), describe(key), describe(key)];
  await new Promise((resolve) => setTimeout(resolve, 100));
  await describe(key);
  const answers = await Promise.all(hung);
  expect(answers.map(({ meta }) => meta.attempts)).toEqual([2, 2, 2]);
});
