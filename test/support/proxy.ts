import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';

/** A certificate that signs itself, for AWS's names in two regions. */
export interface Certificate {
  /** Its file, to be named in AWS_CA_BUNDLE. */
  readonly file: string;
  readonly cert: string;
  readonly key: string;
  remove(): Promise<void>;
}

/** Ends the title of a group of tests that wants a certificate: says why it is left out. */
export function wanting(certificate: Certificate | undefined): string {
  return certificate === undefined ? ' (left out: there is no openssl to make a certificate with)' : '';
}

/** Undefined where there is no `openssl` to make it with. */
export async function makeCertificate(): Promise<Certificate | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-tls-'));
  const file = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  const regional = ['us-east-1', 'eu-west-1'].flatMap((region) =>
    ['', 'dualstack.'].map((stack) => `*.${stack}${region}.amazonaws.com`).concat(`*.${region}.api.aws`),
  );
  const names = [...regional, '*.atrest.test'].map((name) => `DNS:${name}`);
  const remove = () => rm(folder, { recursive: true });
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=atrest test', '-addext', `subjectAltName=${names.join(',')},IP:127.0.0.1`];
  try {
    await promisify(execFile)('openssl', [...request, ...subject, '-keyout', keyFile, '-out', file]);
  } catch (error) {
    await remove();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return { file, cert: await readFile(file, 'utf8'), key: await readFile(keyFile, 'utf8'), remove };
}

export interface ProxyOptions {
  readonly certificate: Certificate;
  /** Where everything ends up, whatever host was asked for. */
  readonly to: string;
  /** NAME:PASSWORD that it asks for. */
  readonly login?: string;
  /** The answer to CONNECT for a host, in place of a tunnel; `hang` is none at all. */
  readonly refuse?: (host: string) => string | undefined;
  /** Spoken to over TLS. */
  readonly tls?: boolean;
}

export interface MockProxy {
  readonly url: string;
  readonly port: number;
  /** HOST:PORT of each tunnel asked for, and each URL asked for without one. */
  readonly tunnels: readonly string[];
  readonly urls: readonly string[];
  /** Connections open now, and the most there were at once. */
  readonly sockets: ReadonlySet<Socket>;
  readonly mostSockets: () => number;
  close(): Promise<void>;
}

/** A proxy that ends TLS itself and hands all requests to one server. */
export async function startProxy({ certificate, to, login, refuse, tls = false }: ProxyOptions): Promise<MockProxy> {
  const { hostname, port: toPort } = new URL(to);
  const tunnels: string[] = [];
  const urls: string[] = [];
  const admits = (headers: http.IncomingHttpHeaders) =>
    login === undefined || headers['proxy-authorization'] === `Basic ${Buffer.from(login).toString('base64')}`;
  const inside = createTlsServer(certificate, (plain) => {
    pipe(plain, connect(Number(toPort), hostname));
  });
  const server = http.createServer((request, response) => {
    urls.push(request.url ?? '');
    if (!admits(request.headers)) return void response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
    const { pathname, search } = new URL(request.url ?? '');
    const { headers, method } = request;
    const onward = http.request({ hostname, port: toPort, path: pathname + search, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request: http.IncomingMessage, socket: Socket) => {
    const target = request.url ?? '';
    tunnels.push(target);
    socket.on('error', () => undefined);
    const refused = admits(request.headers) ? refuse?.(target.replace(/:\d+$/, '')) : '407 Proxy Authentication Required';
    // Read on, to notice when the other end gives up.
    if (refused === 'hang') return void socket.resume().on('end', () => socket.destroy());
    if (refused !== undefined) return void socket.end(`HTTP/1.1 ${refused}\r\ncontent-length: 0\r\n\r\n`);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    inside.emit('connection', socket);
  });
  const sockets = new Set<Socket>();
  let most = 0;
  const outside: Server = tls ? createTlsServer(certificate, (socket) => server.emit('connection', socket)) : server;
  outside.on('connection', (socket: Socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const { port } = outside.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${String(port)}`,
    port,
    tunnels,
    urls,
    sockets,
    mostSockets: () => most,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return stopped(outside);
    },
  };
}

/** A server that speaks TLS and hands everything on. */
export async function startTls(
  certificate: Certificate,
  to: string,
): Promise<{ port: number; sockets: ReadonlySet<Socket>; close(): Promise<void> }> {
  const { hostname, port } = new URL(to);
  const sockets = new Set<Socket>();
  const server = createTlsServer(certificate, (plain) => {
    sockets.add(plain);
    plain.on('close', () => sockets.delete(plain));
    pipe(plain, connect(Number(port), hostname));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return stopped(server);
    },
  };
}

function pipe(one: Socket, other: Socket): void {
  for (const [from, into] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(into);
    from.on('error', () => into.destroy());
    from.on('close', () => into.destroy());
  }
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
