import { setTimeout as sleep } from 'node:timers/promises';
import { matchesGlob } from '#model/glob.js';
import { defaultShare, quotaOf, type Quota } from './quotas.js';

/** Calls a second in one account and region by operation glob; the first that fits counts. */
export type Rates = Readonly<Record<string, number>>;

interface LimiterOptions {
  readonly share?: number | undefined;
  readonly maxRps?: number | undefined;
  readonly rates?: Rates | undefined;
}

/** A throttled bucket climbs back by this part of its seed every second. */
const recoveryPerSecond = 0.1;
/** Throttles of calls that were in flight together are one event. */
const sameEventMs = 500;
/** Rates change while one sleeps. */
const longestSleepMs = 250;
/** A bucket never falls below this part of its seed. */
const floorShare = 1 / 16;

/** One token bucket. `acquire` resolves when the call may go out; callers are served in order. */
export class TokenBucket {
  readonly #seed: number;
  readonly #burst: number;
  #rate: number;
  #tokens: number;
  #at: number;
  #pausedUntil = 0;
  #slowedAt = Number.NEGATIVE_INFINITY;
  #line: Promise<void> = Promise.resolve();
  #inLine = 0;

  constructor(rate: number, burst: number, now = performance.now()) {
    this.#seed = rate;
    this.#rate = rate;
    this.#burst = Math.max(1, burst);
    this.#tokens = this.#burst;
    this.#at = now;
  }

  /** Takes a token and answers 0; without one, milliseconds until it is worth asking again. */
  take(now = performance.now()): number {
    this.#refill(now);
    const paused = this.#pausedUntil - now;
    if (paused > 0) return paused;
    // Rounding must not cost a turn.
    if (this.#tokens < 1 - 1e-9) return ((1 - this.#tokens) / this.#rate) * 1000;
    this.#tokens -= 1;
    return 0;
  }

  /** Resolves when the call may go out. Callers stand in line, so that a throttle slows those who already wait. */
  async acquire(signal?: AbortSignal): Promise<void> {
    const turn = this.#line.then(() => this.#turn(signal));
    // Who was stopped leaves the line to the next.
    this.#line = turn.catch(() => undefined);
    this.#inLine += 1;
    try {
      await turn;
    } finally {
      this.#inLine -= 1;
    }
  }

  /** Whether a new one would be the same. */
  isAsNew(now = performance.now()): boolean {
    this.#refill(now);
    return this.#inLine === 0 && this.#tokens >= this.#burst && this.#rate >= this.#seed && now >= this.#pausedUntil;
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const options = signal === undefined ? {} : { signal };
    for (let wait = this.take(); wait > 0; wait = this.take()) await sleep(Math.min(wait, longestSleepMs), undefined, options);
  }

  /** AWS throttled a call: half the rate, an empty bucket, a short pause for everyone behind it. */
  throttled(now = performance.now()): void {
    this.#refill(now);
    if (now - this.#slowedAt < sameEventMs) return;
    this.#slowedAt = now;
    this.#rate = Math.max(this.#rate / 2, this.#seed * floorShare);
    this.#tokens = Math.min(this.#tokens, 0);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + 250);
  }

  #refill(now: number): void {
    const seconds = Math.max(0, now - this.#at) / 1000;
    this.#at = Math.max(now, this.#at);
    this.#tokens = Math.min(this.#burst, this.#tokens + seconds * this.#rate);
    this.#rate = Math.min(this.#seed, this.#rate + seconds * this.#seed * recoveryPerSecond);
  }
}

/** Buckets from which on it is looked which of them nobody needs any more: a night has a hundred thousand. */
const manyBuckets = 2048;

/** One bucket per account, region and operation, seeded from the published quotas; optionally one over a whole account. */
export class Limiter {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #accounts = new Map<string, TokenBucket>();
  readonly #share: number;
  readonly #maxRps: number | undefined;
  readonly #rates: Rates;
  #sweepAt = manyBuckets;

  constructor({ share = defaultShare, maxRps, rates = {} }: LimiterOptions = {}) {
    this.#share = share;
    this.#maxRps = maxRps;
    this.#rates = rates;
  }

  async acquire(account: string, region: string, operation: string, signal?: AbortSignal): Promise<void> {
    // The account's line first: who waits there holds no token of the operation that could be let out in a burst.
    if (this.#maxRps !== undefined) await this.#account(account, this.#maxRps).acquire(signal);
    await this.#bucket(account, region, operation).acquire(signal);
  }

  throttled(account: string, region: string, operation: string): void {
    this.#bucket(account, region, operation).throttled();
  }

  #bucket(account: string, region: string, operation: string): TokenBucket {
    const id = `${account}/${region}/${operation}`;
    const found = this.#buckets.get(id);
    if (found !== undefined) return found;
    // Before there is one that nobody has asked yet.
    if (this.#buckets.size >= this.#sweepAt) this.#sweep();
    const { rate, burst } = this.#seedOf(operation);
    const bucket = new TokenBucket(rate, burst);
    this.#buckets.set(id, bucket);
    return bucket;
  }

  #sweep(): void {
    const now = performance.now();
    for (const [id, bucket] of this.#buckets) if (bucket.isAsNew(now)) this.#buckets.delete(id);
    this.#sweepAt = Math.max(manyBuckets, 2 * this.#buckets.size);
  }

  /** How many operations it remembers. */
  get size(): number {
    return this.#buckets.size;
  }

  /** What somebody set is meant as it stands; of a quota only a share is taken. */
  #seedOf(operation: string): Quota {
    for (const [pattern, rate] of Object.entries(this.#rates))
      if (matchesGlob(pattern, operation)) return { rate, burst: Math.max(1, rate) };
    const { rate, burst } = quotaOf(operation);
    return { rate: rate * this.#share, burst: burst * this.#share };
  }

  #account(account: string, maxRps: number): TokenBucket {
    const found = this.#accounts.get(account);
    if (found !== undefined) return found;
    const bucket = new TokenBucket(maxRps, Math.max(1, maxRps));
    this.#accounts.set(account, bucket);
    return bucket;
  }
}
