import http, { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readCall, type Call } from './call.js';

export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** moto, asked in the name of whoever made the call that is being mended. */
export interface Backend {
  /** What moto says to the call as it came. */
  pass(): Promise<Answer>;
  /** Another operation of a query service. */
  query(service: string, parameters: Readonly<Record<string, string>>): Promise<string>;
  /** Another operation of KMS. */
  kms(operation: string, input: object): Promise<string>;
  /** The region of a bucket. */
  bucketRegion(bucket: string): Promise<string>;
  account(): Promise<string>;
}

/** What is put right of one operation. It returns moto's own answer wherever there is nothing to put right. */
export interface Mend {
  readonly operation: string;
  /** What moto gets wrong or lacks. */
  readonly why: string;
  readonly answer: (call: Call, moto: Backend) => Promise<Answer>;
}

export interface Proxy {
  readonly url: string;
  /** Since `forget`. */
  readonly calls: readonly Call[];
  /** Operations whose answer was changed at least once since `forget`, sorted. */
  mended(): readonly string[];
  forget(): void;
  stop(): Promise<void>;
}

/** Passes every call on to moto, byte by byte, but for the operations that have a mend. */
export async function startProxy(moto: string, mends: readonly Mend[]): Promise<Proxy> {
  const byOperation = new Map(mends.map((mend) => [mend.operation, mend]));
  const calls: Call[] = [];
  const mended = new Set<string>();
  const accounts = new Map<string, Promise<string>>();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    const call = readCall(request.method ?? '', request.url ?? '', request.headers, body);
    calls.push(call);
    const mend = byOperation.get(call.operation);
    if (mend === undefined) {
      respond(response, await send(moto, call));
      return;
    }
    const backend = backendFor(moto, call, accounts);
    let passed: Answer | undefined;
    const answer = await mend.answer(call, { ...backend, pass: async () => (passed ??= await backend.pass()) });
    if (answer !== passed) mended.add(call.operation);
    respond(response, answer);
  };
  const server = http.createServer((request, response) => {
    // A mend that throws must be seen in the scan, not hang it.
    handle(request, response).catch((error: unknown) =>
      respond(response, { status: 502, headers: {}, body: Buffer.from(String(error)) }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    calls,
    mended: () => [...mended].sort(),
    forget: () => {
      calls.length = 0;
      mended.clear();
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function respond(response: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _hop, 'transfer-encoding': _coding, ...rest } = headers;
  response.writeHead(status, { ...rest, 'content-length': body.length });
  response.end(body);
}

type Sent = Pick<Call, 'method' | 'path' | 'headers' | 'body'>;

/** With the caller's own Host header: it is part of what was signed. */
async function send(moto: string, { method, path, headers, body }: Sent): Promise<Answer> {
  const request = http.request(new URL(path, moto), { method, headers: { ...headers, connection: 'close' } });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks = (await response.toArray()) as Buffer[];
  return { status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(chunks) };
}

function backendFor(moto: string, call: Call, accounts: Map<string, Promise<string>>): Backend {
  // moto tells accounts apart by the access key and checks no signature.
  const headers = (service: string) => ({
    host: call.headers.host,
    authorization: `AWS4-HMAC-SHA256 Credential=${call.accessKey}/20260101/${call.region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  });
  const ask = async (method: string, path: string, extra: http.IncomingHttpHeaders, body: string): Promise<Answer> => {
    const answer = await send(moto, {
      method,
      path,
      headers: { ...extra, 'content-length': String(Buffer.byteLength(body)) },
      body: Buffer.from(body),
    });
    if (answer.status >= 400) throw new Error(`moto answered ${String(answer.status)} to ${method} ${path} ${body}`);
    return answer;
  };
  const query: Backend['query'] = async (service, parameters) => {
    const form = { ...headers(service), 'content-type': 'application/x-www-form-urlencoded' };
    return (await ask('POST', '/', form, new URLSearchParams({ ...parameters }).toString())).body.toString();
  };
  return {
    pass: () => send(moto, call),
    query,
    kms: async (operation, input) => {
      const json = {
        ...headers('kms'),
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `TrentService.${operation}`,
      };
      return (await ask('POST', '/', json, JSON.stringify(input))).body.toString();
    },
    bucketRegion: async (bucket) => String((await ask('HEAD', `/${bucket}`, headers('s3'), '')).headers['x-amz-bucket-region']),
    account: () => {
      const found = accounts.get(call.accessKey);
      if (found !== undefined) return found;
      const asked = query('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' }).then(
        (xml) => /<Account>(\d+)</.exec(xml)?.[1] ?? '',
      );
      accounts.set(call.accessKey, asked);
      return asked;
    },
  };
}
