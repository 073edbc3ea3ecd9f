import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, vi } from 'vitest';
import { directAgents } from '#aws/agents.js';
import { ask, CallFailed } from '#aws/ask.js';
import { Connection, type ConnectionOptions, type CredentialProvider } from '#aws/connection.js';
import { createWorld, startEstate, type Estate, type World } from '#estate/index.js';
import { useEstate } from '../support/scan-estate.js';

export const account = '111111111111';
export const region = 'us-east-1';
export const place = { account, region };

const closing: (() => Promise<void> | void)[] = [];

beforeEach(() => {
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  vi.unstubAllEnvs();
});

/** One account with one key. */
export function oneKey(): { world: World; key: string } {
  const world = createWorld({ seed: 3 }).addAccount(account, { regions: [region] });
  return { world, key: world.put(account, region, 'kms.key', {}).Arn };
}

/** An estate that the end of the test stops, with the environment pointing at it. */
export async function running(world: World): Promise<Estate> {
  const estate = await startEstate(world);
  closing.push(() => estate.close());
  useEstate(estate);
  return estate;
}

/** A connection that the end of the test closes. */
export function connect(options: ConnectionOptions = {}): Connection {
  const connection = new Connection(options, directAgents(options.inFlightMax ?? 96));
  closing.push(() => connection.close());
  return connection;
}

export const anyone: CredentialProvider = () => Promise.resolve({ accessKeyId: `AKIA${account}ATRS`, secretAccessKey: 'secret' });

/** Calls of kms:DescribeKey through the connection. */
export function describer(connection: Connection, credentials: CredentialProvider = anyone) {
  const kms = connection.client(KMSClient, region, credentials);
  return (key: string) => ask(connection, place, 'kms:DescribeKey', () => kms.send(new DescribeKeyCommand({ KeyId: key })));
}

/** The failure that a call ends with; fails the test when it succeeds or ends otherwise. */
export async function failureOf(call: Promise<unknown>): Promise<CallFailed> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CallFailed) return error;
    throw error;
  }
  throw new Error('the call was expected to fail');
}

export interface WireServer {
  readonly url: string;
  /** Requests taken. */
  readonly requests: () => number;
  /** Connections open now, and the most there were at once. */
  readonly sockets: ReadonlySet<Socket>;
  readonly mostSockets: () => number;
}

/** A bare HTTP server in place of AWS, stopped with all its connections at the end of the test. */
export async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<WireServer> {
  const sockets = new Set<Socket>();
  let most = 0;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    answer(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => stopped(server));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  return { url, requests: () => requests, sockets, mostSockets: () => most };
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
