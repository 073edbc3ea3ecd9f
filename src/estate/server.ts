import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError, fault } from './errors.js';
import { Faults } from './faults.js';
import type { FaultRule } from './faults.js';
import { handle } from './handle.js';
import type { Outcome } from './handle.js';
import { credentialsFor } from './identity.js';
import type { Credentials } from './identity.js';
import { CallLog } from './log.js';
import type { CallRecord } from './log.js';
import { Quotas } from './quotas.js';
import { protocolOf } from './wire/reply.js';
import type { Reply } from './wire/reply.js';
import { readRequest } from './wire/request.js';
import type { Request } from './wire/request.js';
import { hashText, uuid } from './world/hash.js';
import type { World } from './world/world.js';

export interface EstateOptions {
  port?: number;
  /** Added to every answer. */
  latencyMs?: number | (() => number);
  /** Enforce the published request quotas. */
  quotas?: boolean;
  now?: () => Date;
  /** How many calls the log keeps; the oldest go first. 0 switches it off. */
  logLimit?: number;
}

export interface Estate {
  readonly url: string;
  readonly world: World;
  readonly faults: Faults;
  readonly log: CallRecord[];
  /** Calls by operation since the start, the log's limit notwithstanding. */
  readonly counts: ReadonlyMap<string, number>;
  credentialsFor(accountId: string): Credentials;
  /** Ends all connections, those that hang included. */
  close(): Promise<void>;
}

/** More than any part that a test uploads. */
const MAX_BODY = 64_000_000;

export async function startEstate(world: World, options: EstateOptions = {}): Promise<Estate> {
  const desk = new Desk(world, options);
  const server = createServer((message, response) => {
    desk.serve(message, response).catch((error: unknown) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(`estate: ${String(error)}`);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    world,
    faults: desk.faults,
    log: desk.log.records,
    counts: desk.log.counts,
    credentialsFor,
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

/** Takes requests and answers them, wire faults included. */
class Desk {
  readonly faults = new Faults();
  readonly log: CallLog;
  readonly #world: World;
  readonly #now: () => Date;
  readonly #latency: () => number;
  readonly #quotas: Quotas | undefined;
  #number = 0;

  constructor(world: World, { latencyMs = 0, quotas = false, now = () => new Date(), logLimit = 50_000 }: EstateOptions) {
    this.#world = world;
    this.#now = now;
    this.#latency = typeof latencyMs === 'function' ? latencyMs : () => latencyMs;
    this.#quotas = quotas ? new Quotas() : undefined;
    this.log = new CallLog(logLimit);
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(message).catch(() => undefined);
    if (body === undefined) return;
    const at = Date.now();
    const requestId = uuid(hashText('request', this.#world.seed), this.#number++);
    const { partition } = this.#world;
    const request = readRequest(message, inside(body, partition));
    const outcome = this.#handle(request);
    const reply = replyTo(request, outcome, requestId);
    this.log.add(recordOf({ at, requestId }, request, outcome, reply));
    await pause(this.#latency() + delayOf(outcome.faults));
    if (outcome.faults.some((rule) => rule.kind === 'hang')) return;
    if (outcome.faults.some((rule) => rule.kind === 'reset')) return void message.socket.resetAndDestroy();
    const { status, headers } = reply;
    const content = outside(reply.body, partition);
    response.writeHead(status, {
      // The answer to HEAD says the length of what it does not send.
      'content-length': Buffer.byteLength(content),
      ...headers,
      date: this.#now().toUTCString(),
    });
    response.end(request.head ? undefined : content);
  }

  /** A bug in the estate shows as a 500 that names it, so that a test fails with a reason. */
  #handle(request: Request): Outcome {
    const surroundings = {
      world: this.#world,
      now: this.#now(),
      quotas: this.#quotas,
      strike: this.faults.strike.bind(this.faults),
    };
    try {
      return handle(request, surroundings);
    } catch (error) {
      const target = { account: '', region: '', operation: `${request.service}:${request.operation}`, page: 1 };
      return { target, faults: [], answer: fault(request.service, 'internal', `estate: ${String(error)}`) };
    }
  }
}

/** A body as if the world were of the partition aws; what an ARN of another partition names is nowhere. */
function inside(body: Buffer, partition: string): Buffer {
  if (partition === 'aws') return body;
  const text = body
    .toString()
    .replace(/\barn(:|%3A)(aws[a-z-]*)\1/gi, (_, colon: string, named: string) =>
      named === partition ? `arn${colon}aws${colon}` : `arn${colon}elsewhere${colon}`,
    );
  return Buffer.from(text);
}

/** What is stored in a bucket stays as it is. */
function outside(body: string | Buffer, partition: string): string | Buffer {
  return partition === 'aws' || typeof body !== 'string' ? body : body.replaceAll('arn:aws:', `arn:${partition}:`);
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('request too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function replyTo(request: Request, { answer, faults }: Outcome, requestId: string): Reply {
  const protocol = protocolOf(request.service);
  if (faults.some((rule) => rule.kind === 'htmlError')) {
    const body = '<!DOCTYPE html><html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>';
    return { status: 500, headers: { 'content-type': 'text/html' }, body };
  }
  if (answer instanceof AwsError) return protocol.failure(answer, requestId);
  const empty = faults.some((rule) => rule.kind === 'emptyAnswer');
  return protocol.success(request.operation, empty ? {} : answer, requestId);
}

function recordOf(
  came: Pick<CallRecord, 'at' | 'requestId'>,
  request: Request,
  { target, answer, faults }: Outcome,
  reply: Reply,
): CallRecord {
  const { account, region, operation, resource } = target;
  return {
    ...came,
    account,
    region,
    operation,
    ...(resource !== undefined && { resource }),
    params: request.params,
    status: reply.status,
    ...(answer instanceof AwsError && { code: answer.code }),
    ...(faults.length > 0 && { fault: faults.map((rule) => rule.kind).join('+') }),
  };
}

function delayOf(faults: readonly FaultRule[]): number {
  return faults.reduce((sum, rule) => sum + (rule.kind === 'slow' ? (rule.delayMs ?? 1000) : 0), 0);
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms);
}
