import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Limiter, TokenBucket } from '#aws/limiter.js';
import { defaultShare, quotaOf } from '#aws/quotas.js';

/** Times at which `count` calls that all ask at `now`, one after the other, may go out. */
function released(bucket: TokenBucket, count: number, now: number): number[] {
  let at = now;
  return Array.from({ length: count }, () => {
    for (let wait = bucket.take(at); wait > 0; wait = bucket.take(at)) at += wait;
    return at;
  });
}

/** The most calls in any second. */
function mostInASecond(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  sorted.forEach((time, last) => {
    while (time - (sorted[first] ?? time) >= 1000) first += 1;
    most = Math.max(most, last - first + 1);
  });
  return most;
}

describe('a token bucket', () => {
  test('lets the burst out at once and the rest at its rate, in order', () => {
    expect(released(new TokenBucket(10, 3, 0), 6, 0)).toEqual([0, 0, 0, 100, 200, 300]);
  });

  test('fills up again, to its burst and no further', () => {
    const bucket = new TokenBucket(10, 3, 0);
    released(bucket, 3, 0);
    expect(released(bucket, 2, 200)).toEqual([200, 200]);
    expect(released(bucket, 4, 60_000)).toEqual([60_000, 60_000, 60_000, 60_100]);
  });

  test('a burst below one still lets single calls out', () => {
    expect(released(new TokenBucket(5, 0.5, 0), 2, 0)).toEqual([0, 200]);
  });

  test('a throttle halves the rate after a short pause', () => {
    const bucket = new TokenBucket(100, 100, 0);
    bucket.throttled(0);
    const times = released(bucket, 60, 0);
    expect(Math.min(...times)).toBe(250);
    // Between all at half the rate and all at the whole: it recovers meanwhile.
    expect(times.at(-1)).toBeGreaterThan(1_000);
    expect(times.at(-1)).toBeLessThan(1_200);
  });

  test('throttles of calls in flight together are one event', () => {
    const once = new TokenBucket(100, 1, 0);
    once.throttled(0);
    const often = new TokenBucket(100, 1, 0);
    for (let at = 0; at < 500; at += 10) often.throttled(at);
    const single = released(once, 200, 500).at(-1) ?? 0;
    expect(released(often, 200, 500).at(-1)).toBeCloseTo(single, 3);
    const again = new TokenBucket(100, 1, 0);
    again.throttled(0);
    again.throttled(500);
    expect(released(again, 200, 500).at(-1)).toBeGreaterThan(1.3 * single);
  });

  test('recovers to its rate within ten seconds, and not above it', () => {
    const bucket = new TokenBucket(100, 1, 0);
    bucket.throttled(0);
    const early = new TokenBucket(100, 1, 0);
    early.throttled(0);
    early.take(1000);
    const fresh = released(new TokenBucket(100, 1, 0), 100, 0).at(-1) ?? 0;
    bucket.take(9_999);
    expect((released(bucket, 100, 10_000).at(-1) ?? 0) - 10_000).toBeCloseTo(fresh, -2);
    expect((released(early, 100, 1000).at(-1) ?? 0) - 1000).toBeGreaterThan(1.4 * fresh);
  });

  test('never falls below a sixteenth of its rate', () => {
    const bucket = new TokenBucket(160, 1, 0);
    for (let at = 0; at < 5_000; at += 500) bucket.throttled(at);
    const times = released(bucket, 20, 4_500);
    const gap = (times[1] ?? 0) - (times[0] ?? 0);
    expect(gap).toBeLessThanOrEqual(100);
    // Ten throttles did slow it down.
    expect(gap).toBeGreaterThan(50);
  });

  test('recovering, it lets nobody overtake and never exceeds its rate', () => {
    const bucket = new TokenBucket(100, 1, 0);
    bucket.throttled(0);
    const times = [...released(bucket, 1000, 0), ...released(bucket, 1000, 5000)];
    expect(times[1000]).toBeGreaterThanOrEqual(times[999] ?? 0);
    expect(mostInASecond(times)).toBeLessThanOrEqual(101);
  });

  test('never lets out more than its burst and rate in any second, whoever asks when', () => {
    const steps = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 60 }), steps, (rate, burst, asked) => {
        const bucket = new TokenBucket(rate, burst, 0);
        const times: number[] = [];
        let now = 0;
        for (const [wait, calls] of asked) {
          now += wait;
          times.push(...released(bucket, calls, now));
        }
        expect(mostInASecond(times)).toBeLessThanOrEqual(burst + rate);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the limiter', () => {
  const elapsed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  test('takes half of what AWS publishes, per account, region and operation', async () => {
    expect(quotaOf('kms:GetKeyPolicy')).toEqual({ rate: 1000, burst: 1000, published: true });
    expect(quotaOf('ec2:DescribeVolumes')).toEqual({ rate: 20, burst: 100, published: true });
    expect(quotaOf('rds:DescribeDBInstances').published).toBe(false);
    expect(defaultShare).toBe(0.5);
    const limiter = new Limiter();
    const calls = (count: number, account: string, region: string, operation: string) => () =>
      Promise.all(Array.from({ length: count }, () => limiter.acquire(account, region, operation)));
    expect(await elapsed(calls(50, '1', 'a', 'ec2:DescribeVolumes'))).toBeLessThan(95);
    // The burst is used up here; neighbours have their own.
    expect(await elapsed(calls(2, '1', 'a', 'ec2:DescribeVolumes'))).toBeGreaterThan(90);
    for (const [account, region, operation] of [
      ['1', 'b', 'ec2:DescribeVolumes'],
      ['2', 'a', 'ec2:DescribeVolumes'],
      ['1', 'a', 'ec2:DescribeImages'],
    ] as const) {
      expect(await elapsed(calls(50, account, region, operation))).toBeLessThan(95);
    }
  });

  test('a throttle slows its own operation and no neighbour', async () => {
    const limiter = new Limiter();
    limiter.throttled('1', 'a', 'kms:DescribeKey');
    expect(await elapsed(() => limiter.acquire('1', 'a', 'kms:DescribeKey'))).toBeGreaterThan(200);
    expect(await elapsed(() => limiter.acquire('1', 'a', 'kms:GetKeyPolicy'))).toBeLessThan(50);
    expect(await elapsed(() => limiter.acquire('1', 'b', 'kms:DescribeKey'))).toBeLessThan(50);
  });

  test('keeps what is in use of a hundred thousand operations, and forgets no call', async () => {
    const limiter = new Limiter({ rates: { '*': 2 } });
    const asked = (account: number) => limiter.acquire(`account-${String(account)}`, 'us-east-1', 'kms:ListKeys');
    const startedAt = performance.now();
    await asked(0);
    await asked(0);
    for (let account = 1; account < 20_000; account += 1) await asked(account % 5_000 === 0 ? 0 : account);
    // Two at once, and then two a second, whatever came and went between them.
    expect(performance.now() - startedAt).toBeGreaterThan(1_400);
    expect(limiter.size).toBeGreaterThan(4_000);
    await new Promise((resolve) => setTimeout(resolve, 600));
    for (let account = 20_000; account < 45_000; account += 1) await asked(account);
    expect(limiter.size).toBeLessThan(35_000);
  });

  test('--max-rps bounds an account over all its operations and regions', async () => {
    const limiter = new Limiter({ maxRps: 50 });
    const calls = (account: string, count: number) => () =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          limiter.acquire(account, `r${String(n % 3)}`, n % 2 === 0 ? 'kms:DescribeKey' : 'kms:GetKeyPolicy'),
        ),
      );
    expect(await elapsed(calls('1', 75))).toBeGreaterThan(450);
    expect(await elapsed(calls('2', 40))).toBeLessThan(100);
  });

  test('calls that were waiting when AWS throttled slow down too', async () => {
    const bucket = new TokenBucket(40, 1);
    const times: number[] = [];
    const start = performance.now();
    const calls = Array.from({ length: 24 }, async () => {
      await bucket.acquire();
      times.push(performance.now() - start);
    });
    bucket.throttled();
    await Promise.all(calls);
    expect(times).toHaveLength(24);
    // Half a rate: 24 calls take more than a second in place of half of one.
    expect(times.at(-1)).toBeGreaterThan(900);
  });

  test('who waits is let go at once when the run is stopped', async () => {
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const bucket = new TokenBucket(0.1, 1);
    const waits = Array.from({ length: 20 }, () => bucket.acquire(stop.signal));
    await waits[0];
    const start = performance.now();
    stop.abort(new Error('stopped'));
    const rest = await Promise.allSettled(waits.slice(1));
    expect(performance.now() - start).toBeLessThan(200);
    expect(rest.every(({ status }) => status === 'rejected')).toBe(true);
  });
});

test('a rate that somebody set stands as it is, for the first pattern that fits; a throttle still slows it', async () => {
  const timed = async (limiter: Limiter, operation: string, count: number): Promise<number> => {
    const startedAt = performance.now();
    for (let call = 0; call < count; call += 1) await limiter.acquire('111111111111', 'eu-west-1', operation);
    return performance.now() - startedAt;
  };
  const limiter = new Limiter({ rates: { 'kms:GetKeyPolicy': 1000, 'kms:*': 10 } });
  // Ten at once, two more at ten a second.
  expect(await timed(limiter, 'kms:ListKeys', 12)).toBeGreaterThan(150);
  expect(await timed(limiter, 'kms:GetKeyPolicy', 12)).toBeLessThan(100);
  expect(await timed(limiter, 'rds:DescribeDBInstances', 12), 'the share of the quota').toBeLessThan(100);
  limiter.throttled('111111111111', 'eu-west-1', 'kms:GetKeyPolicy');
  expect(await timed(limiter, 'kms:GetKeyPolicy', 1)).toBeGreaterThan(200);
});
