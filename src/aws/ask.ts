import { setTimeout as sleep } from 'node:timers/promises';
import { EndpointDown } from './breaker.js';
import type { Connection } from './connection.js';
import { classify, type Failure } from './failure.js';

/** Bounds on one call's retries: by time, and for what is not a throttle by number too. */
const throttleBudgetMs = 60_000;
const transientBudgetMs = 20_000;
const transientTries = 3;
const backoffCapMs = 8_000;

/** What is kept of a call as evidence. */
export interface CallMeta {
  readonly operation: string;
  readonly requestId: string | null;
  /** AWS's own clock, from the Date header. */
  readonly date: string | null;
  readonly attempts: number;
  readonly throttles: number;
  readonly status: number | null;
  /** The error code of a call that ended without an answer. */
  readonly code: string | null;
}

export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly failure: Failure;
  readonly meta: CallMeta;

  constructor(meta: CallMeta, failure: Failure, cause: unknown) {
    super(`${meta.operation}: ${failure.code} ${failure.message}`.trim(), { cause });
    this.failure = failure;
    this.meta = meta;
  }
}

/** What a call goes out through. */
export interface Lane extends Pick<Connection, 'limiter' | 'signal' | 'stats'> {
  readonly inFlight: <Output>(call: () => Promise<Output>) => Promise<Output>;
}

interface WithMetadata {
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number; readonly date?: string };
}

/**
 * Makes one call of `service:Operation` through the limiter of its account and region, with our own retries.
 * Throttles are retried for up to 60 s, 5xx, resets and timeouts three times within 20 s, an answer that cannot be
 * parsed once; connections until the endpoint is given up, for 20 s at most. Rejects with CallFailed.
 */
export async function ask<Output extends object>(
  connection: Lane,
  place: { readonly account: string; readonly region: string },
  operation: string,
  send: () => Promise<Output>,
): Promise<{ readonly output: Output; readonly meta: CallMeta }> {
  const { limiter, inFlight, signal } = connection;
  let throttles = 0;
  // Only what the call itself takes: the line before the limiter is ours, and may be longer than any budget.
  let spentMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    await limiter.acquire(place.account, place.region, operation, signal);
    connection.stats.calls += 1;
    let sentAt = performance.now();
    try {
      const output = await inFlight(() => {
        sentAt = performance.now();
        return send();
      });
      return { output, meta: metaOf(operation, output, attempt, throttles, null) };
    } catch (error) {
      signal.throwIfAborted();
      const failure = classify(error);
      if (error instanceof EndpointDown) {
        throw new CallFailed(metaOf(operation, {}, attempt - 1, throttles, failure), failure, error);
      }
      if (failure.class === 'throttled') {
        throttles += 1;
        connection.stats.throttles += 1;
        limiter.throttled(place.account, place.region, operation);
      }
      spentMs += performance.now() - sentAt;
      // What failed to fetch the credentials was a call of its own, with its own tries.
      const wait = error instanceof CallFailed ? null : retryAfterMs(failure, attempt, spentMs);
      if (wait === null) {
        throw new CallFailed(metaOf(operation, error as WithMetadata, attempt, throttles, failure), failure, error);
      }
      spentMs += wait;
      await sleep(wait, undefined, { signal });
    }
  }
}

/** Null: give up. Full jitter under an exponential cap. */
function retryAfterMs(failure: Failure, attempt: number, elapsedMs: number): number | null {
  const jittered = (baseMs: number, capMs = backoffCapMs) => Math.random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
  switch (failure.class) {
    case 'throttled':
      return elapsedMs < throttleBudgetMs ? 50 + jittered(200) : null;
    case 'unreachable':
      // The breaker says when it is enough, and wants to see often how it goes.
      return elapsedMs < transientBudgetMs ? jittered(100, 1_000) : null;
    case 'transient':
      return attempt < transientTries && elapsedMs < transientBudgetMs ? jittered(100) : null;
    case 'unparseable':
      return attempt < 2 ? jittered(100) : null;
    case 'denied':
    case 'not-found':
    case 'not-enabled':
    case 'expired':
    case 'no-credentials':
    case 'other':
      return null;
  }
}

function metaOf(operation: string, answer: WithMetadata, attempts: number, throttles: number, failure: Failure | null): CallMeta {
  const response = (answer as { $response?: { headers?: Record<string, string> } }).$response;
  return {
    operation,
    requestId: answer.$metadata?.requestId ?? null,
    date: answer.$metadata?.date ?? response?.headers?.['date'] ?? null,
    attempts,
    throttles,
    status: answer.$metadata?.httpStatusCode ?? failure?.status ?? null,
    code: failure?.code ?? null,
  };
}

/** An answer without what was asked for is none. */
export function emptyAnswer(meta: CallMeta, message: string): CallFailed {
  const failure = { class: 'unparseable', code: 'EmptyAnswer', message, status: meta.status, deniedBy: null } as const;
  return new CallFailed({ ...meta, code: failure.code }, failure, undefined);
}
