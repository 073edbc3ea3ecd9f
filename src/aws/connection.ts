import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import pLimit, { type LimitFunction } from 'p-limit';
import { Breaker } from './breaker.js';
import { Limiter, type Rates } from './limiter.js';

/** Temporary or long-lived credentials, as the SDK's own providers return them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
export type CredentialProvider = () => Promise<Credentials>;

export interface ConnectionOptions {
  /** Milliseconds until a connection attempt is given up; default 5 s. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds until an answer that does not come is given up; default 20 s. */
  readonly requestTimeoutMs?: number | undefined;
  /** Requests in flight at once in this process; default 96. */
  readonly inFlightMax?: number | undefined;
  /** Calls a second over all operations of one account. */
  readonly maxRps?: number | undefined;
  /** Calls a second in one account and region, by operation, in place of the share of its quota. */
  readonly rates?: Rates | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the factory gives every client. */
export interface ClientConfig {
  readonly region: string;
  readonly credentials: CredentialProvider;
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: 1;
  readonly forcePathStyle: true;
  readonly disableS3ExpressSessionAuth: true;
}

interface Answer {
  readonly response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly output?: { readonly $metadata?: Record<string, unknown> };
}
interface MiddlewareStack {
  add(middleware: (next: (args: never) => Promise<Answer>) => (args: never) => Promise<Answer>, options: object): void;
}

/**
 * The one place that makes SDK clients. All share one keep-alive agent, so clients are dropped after use and never
 * destroyed: `destroy()` would close the sockets of all of them.
 */
export class Connection {
  readonly limiter: Limiter;
  readonly inFlight: LimitFunction;
  /** Aborted when the run is to stop, whoever stops it; its reason says why. */
  readonly signal: AbortSignal;
  /** Counted over all accounts, for progress. */
  readonly stats = { calls: 0, throttles: 0 };
  readonly #handler: NodeHttpHandler;
  readonly #stopped = new AbortController();
  readonly #breaker = new Breaker((reason) => {
    this.stop(reason);
  });

  constructor(options: ConnectionOptions = {}) {
    const inFlightMax = options.inFlightMax ?? 96;
    this.limiter = new Limiter(options);
    this.inFlight = pLimit(inFlightMax);
    this.signal = this.#stopped.signal;
    // Every call in flight and every wait listens to it.
    setMaxListeners(0, this.signal);
    const { signal } = options;
    const stop = () => {
      this.stop(signal?.reason);
    };
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
    const agent = { keepAlive: true, maxSockets: inFlightMax };
    const requestTimeout = options.requestTimeoutMs ?? 20_000;
    this.#handler = new NodeHttpHandler({
      httpAgent: new http.Agent(agent),
      httpsAgent: new https.Agent(agent),
      connectionTimeout: options.connectTimeoutMs ?? 5_000,
      requestTimeout,
      // The request timeout ends with the first byte of the answer; this one covers an answer that stops half way.
      socketTimeout: requestTimeout,
      // Without this a request that outlives its timeout is only logged and stays pending.
      throwOnRequestTimeout: true,
    });
  }

  /**
   * A client of `Client` for one region. Retries are ours, hence one attempt. Path style: one TLS connection pool
   * for all buckets of a region in place of one handshake per bucket. No sessions: what is read of directory buckets
   * is read at their region's endpoint, which takes ordinary signatures.
   */
  client<C>(Client: new (config: ClientConfig) => C, region: string, credentials: CredentialProvider): C {
    const client = new Client({
      region,
      credentials,
      requestHandler: this.#handler,
      maxAttempts: 1,
      forcePathStyle: true,
      disableS3ExpressSessionAuth: true,
    });
    const { middlewareStack } = client as unknown as { middlewareStack: MiddlewareStack };
    keepAnswerDate(middlewareStack);
    this.#breaker.guard(middlewareStack, region);
    return client;
  }

  /** Ends what is in flight and lets nothing more out. The first reason stays. */
  stop(reason: unknown): void {
    this.#stopped.abort(reason);
  }

  /** Closes all sockets: once, at the end of the process's work. */
  close(): void {
    this.#handler.destroy();
  }
}

/** AWS's Date header is evidence; the SDK drops it, so it is put beside the request id. */
function keepAnswerDate(stack: MiddlewareStack): void {
  stack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const date = answer.response?.headers?.['date'];
      if (date !== undefined && answer.output?.$metadata !== undefined) answer.output.$metadata['date'] = date;
      return answer;
    },
    { step: 'deserialize', name: 'keepAnswerDate', priority: 'high' },
  );
}
