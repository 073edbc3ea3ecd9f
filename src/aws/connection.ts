import { setMaxListeners } from 'node:events';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import pLimit, { type LimitFunction } from 'p-limit';
import { agentsOf, type Agents } from './agents.js';
import { Breaker } from './breaker.js';
import { DirectReads, type SdkClient, type Step } from './direct-reads.js';
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
  /** The clock that answers are dated by, where it stands still; undefined: the machine's. */
  readonly now?: string | undefined;
}

const defaults = { connectTimeoutMs: 5_000, inFlightMax: 96 };

/** What the factory gives every client. */
export interface ClientConfig {
  readonly region: string;
  readonly credentials: CredentialProvider;
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: 1;
  readonly forcePathStyle: true;
  readonly disableS3ExpressSessionAuth: true;
}

/** What of a client is changed after it was made. */
interface Client extends SdkClient {
  readonly middlewareStack: MiddlewareStack;
  readonly config: EndpointConfig;
}
interface EndpointConfig {
  readonly serviceId: string;
  cacheMiddleware?: boolean;
  endpointProvider: (
    parameters: { readonly Endpoint?: string; readonly Bucket?: string },
    ...rest: unknown[]
  ) => { readonly url: URL };
}
interface MiddlewareStack {
  remove(name: string): boolean;
  add(step: Step, options: object): void;
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
  /** Also for clients that the SDK makes by itself, for profiles with a role and for SSO. */
  readonly requestHandler: NodeHttpHandler;
  /** When an answer came, by our clock. */
  readonly time: () => string;
  readonly #stopped = new AbortController();
  readonly breaker: Breaker;
  readonly #reads: DirectReads;

  /** Reads proxies and authorities from the environment. Rejects settings that cannot hold. */
  static async open(options: ConnectionOptions = {}): Promise<Connection> {
    const { inFlightMax = defaults.inFlightMax, connectTimeoutMs = defaults.connectTimeoutMs } = options;
    return new Connection(options, await agentsOf(inFlightMax, connectTimeoutMs));
  }

  constructor(options: ConnectionOptions, agents: Agents) {
    this.limiter = new Limiter(options);
    this.inFlight = pLimit(options.inFlightMax ?? defaults.inFlightMax);
    const { now } = options;
    this.time = now === undefined ? () => new Date().toISOString() : () => now;
    this.signal = this.#stopped.signal;
    // Every call in flight and every wait listens to it.
    setMaxListeners(0, this.signal);
    const { signal } = options;
    const stop = () => {
      this.stop(signal?.reason);
    };
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
    const requestTimeout = options.requestTimeoutMs ?? 20_000;
    this.breaker = new Breaker(requestTimeout, (reason) => {
      this.stop(reason);
    });
    this.#reads = new DirectReads({ sent: (service, region) => this.breaker.watch(service, region), read: keepAnswerDate });
    this.requestHandler = new StoppableHandler(this.signal, {
      ...agents,
      connectionTimeout: options.connectTimeoutMs ?? defaults.connectTimeoutMs,
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
      requestHandler: this.requestHandler,
      maxAttempts: 1,
      forcePathStyle: true,
      disableS3ExpressSessionAuth: true,
    });
    const { middlewareStack, config } = client as unknown as Client;
    middlewareStack.add(keepAnswerDate, { step: 'deserialize', name: 'keepAnswerDate', priority: 'high' });
    // It makes a copy of every answer without what is secret, for a log that nobody keeps.
    middlewareStack.remove('loggerMiddleware');
    // A fifth of what a call costs is to put its handler together. Calls that share one share its context too, and with it
    // the endpoint: at S3 that of another bucket.
    config.cacheMiddleware = config.serviceId !== 'S3';
    keepPathStyle(config);
    const watch = this.breaker.watch(config.serviceId, region);
    middlewareStack.add(watch, { step: 'deserialize', name: 'breaker', priority: 'low' });
    this.#reads.give(client as unknown as SdkClient, Client, region);
    return client;
  }

  /** Ends what is in flight and lets nothing more out. The first reason stays. */
  stop(reason: unknown): void {
    this.#stopped.abort(reason);
  }

  /** Closes all sockets: once, at the end of the process's work. */
  close(): void {
    this.requestHandler.destroy();
  }
}

/** Ends what is in flight when a signal says so: given to each call by itself, it would cost the SDK's cache of handlers. */
class StoppableHandler extends NodeHttpHandler {
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal, options: NodeHttpHandlerOptions) {
    super(options);
    this.#signal = signal;
  }

  override handle(...[request, options]: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    return super.handle(request, { ...options, abortSignal: this.#signal });
  }
}

/** AWS's Date header is evidence; the SDK drops it, so it is put beside the request id. */
const keepAnswerDate: Step = (next) => async (args) => {
  const answer = await next(args);
  const date = answer.response?.headers?.['date'];
  if (date !== undefined && answer.output?.$metadata !== undefined) answer.output.$metadata['date'] = date;
  return answer;
};

/**
 * At an endpoint of the user's the SDK asks for directory buckets by the name BUCKET.ENDPOINT, path style or not, and
 * nobody but AWS has such names.
 */
function keepPathStyle(config: EndpointConfig): void {
  const provide = config.endpointProvider.bind(config);
  config.endpointProvider = (parameters, ...rest) => {
    const endpoint = provide(parameters, ...rest);
    const { Endpoint, Bucket } = parameters;
    if (Endpoint === undefined || Bucket === undefined) return endpoint;
    return { ...endpoint, url: new URL(Bucket, Endpoint.replace(/\/*$/, '/')) };
  };
}
