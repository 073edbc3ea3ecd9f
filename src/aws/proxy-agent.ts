import { setMaxListeners } from 'node:events';
import http from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { closeIdle } from './idle-sockets.js';
import { proxyName, type ProxyChoice } from './proxy.js';

export interface ProxyAgentOptions {
  readonly protocol: 'http:' | 'https:';
  readonly choose: ProxyChoice;
  /** Takes what needs no proxy. */
  readonly direct: http.Agent;
  readonly maxSockets: number;
  readonly connectTimeoutMs: number;
  readonly trusted: SecureContext | undefined;
}

/** Node calls it, its types leave it out. */
const base = Agent.prototype as unknown as { addRequest(request: http.ClientRequest, options: AgentConnectOpts): void };

/** The proxy, not AWS, is why there is no connection: what it answers must not be taken for AWS's answer. */
class ProxyFailed extends Error {
  override readonly name = 'ProxyFailed';
  readonly code: string;
  /** What the proxy was asked for. */
  readonly hostname: string;

  constructor(code: string, message: string, { proxy, target, cause }: { proxy: URL; target: string; cause?: unknown }) {
    super(`${message} (proxy ${proxyName(proxy)}, for ${target})`, { cause });
    this.code = code;
    this.hostname = target.replace(/:\d+$/, '');
  }
}

/**
 * Reaches https hosts by CONNECT through the proxy that is meant for each, and http hosts by asking the proxy for the
 * whole URL. agent-base keeps the sockets alive and under the cap. Its sibling https-proxy-agent gives the proxy no time
 * limit and hands on the proxy's refusals as if AWS had spoken.
 */
export class ProxyAgent extends Agent {
  readonly #options: ProxyAgentOptions;
  readonly #closing = new AbortController();

  constructor(options: ProxyAgentOptions) {
    super({ keepAlive: true, maxSockets: options.maxSockets });
    this.#options = options;
    // Every tunnel under way listens to it.
    setMaxListeners(0, this.#closing.signal);
    // Else agent-base looks at the call stack of each request.
    this.protocol = options.protocol;
    this.defaultPort = options.protocol === 'https:' ? 443 : 80;
  }

  override isSecureEndpoint(): boolean {
    return this.#options.protocol === 'https:';
  }

  /** Called by Node's client before it writes the request's head. */
  addRequest(request: http.ClientRequest, options: AgentConnectOpts): void {
    const proxy = this.#proxyFor(options);
    if (proxy !== undefined && !this.isSecureEndpoint()) {
      request.path = `http://${authority(options)}${request.path}`;
      for (const [name, value] of Object.entries(credentials(proxy))) request.setHeader(name, value);
    }
    base.addRequest.call(this, request, options);
  }

  override async connect(_request: http.ClientRequest, options: AgentConnectOpts): Promise<Socket | http.Agent> {
    const { direct, trusted } = this.#options;
    const proxy = this.#proxyFor(options);
    if (proxy === undefined) return direct;
    // agent-base has counted the socket that is to come.
    closeIdle(this, 0);
    if (!this.isSecureEndpoint()) return this.#open(proxy);
    const socket = await this.#tunnel(proxy, authority(options));
    const { host = '' } = options;
    return connectTls({
      socket,
      host,
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['http/1.1'],
      ...(trusted !== undefined && { secureContext: trusted }),
    });
  }

  override destroy(): void {
    this.#closing.abort();
    this.#options.direct.destroy();
    super.destroy();
  }

  #proxyFor({ host, port }: AgentConnectOpts): URL | undefined {
    return this.#options.choose(this.#options.protocol, host ?? '', port);
  }

  #open(proxy: URL): Socket {
    const { trusted } = this.#options;
    const to = addressOf(proxy);
    if (proxy.protocol === 'http:') return connectTcp(to);
    const servername = isIP(to.host) === 0 ? to.host : '';
    return connectTls({ ...to, servername, ...(trusted !== undefined && { secureContext: trusted }) });
  }

  /** A connection to the target that the proxy has agreed to. */
  #tunnel(proxy: URL, target: string): Promise<Socket> {
    const { connectTimeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const request = http.request({
        method: 'CONNECT',
        path: target,
        headers: { host: target, ...credentials(proxy) },
        createConnection: () => this.#open(proxy),
        signal: this.#closing.signal,
      });
      const fail = (code: string, message: string, cause?: unknown) => {
        clearTimeout(timer);
        request.destroy();
        reject(new ProxyFailed(code, message, { proxy, target, cause }));
      };
      const timer = setTimeout(() => {
        fail('ProxyTimeout', `the proxy opened no connection within ${String(connectTimeoutMs / 1000)} s`);
      }, connectTimeoutMs);
      request.once('connect', (answer, socket) => {
        const { statusCode = 0 } = answer;
        if (statusCode >= 200 && statusCode < 300) {
          clearTimeout(timer);
          resolve(socket);
          return;
        }
        socket.destroy();
        fail(...refusal(answer, proxy));
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        fail('ProxyUnreachable', `no connection to the proxy: ${error.message}`, error);
      });
      request.end();
    });
  }
}

/** Code and text for an answer that opened no tunnel. */
function refusal({ statusCode = 0, statusMessage = '', headers }: http.IncomingMessage, proxy: URL): [string, string] {
  if (statusCode === 407) {
    // The name stays out of the text, as the password does.
    return proxy.username === ''
      ? [
          'ProxyAuthenticationRequired',
          'the proxy asks for a name and a password: put them into its URL, http://NAME:PASSWORD@HOST:PORT',
        ]
      : ['ProxyAuthenticationRequired', 'the proxy refuses the name and password of its URL, or Basic as a way to give them'];
  }
  // Squid's header, and RFC 9209's.
  if (/\bERR_DNS_FAIL\b/.test(String(headers['x-squid-error'])) || /\berror=dns_error\b/.test(String(headers['proxy-status'])))
    return ['ENOTFOUND', 'the proxy finds no such host'];
  return [`Proxy${String(statusCode)}`, `the proxy answered ${String(statusCode)} ${statusMessage}`.trim()];
}

function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const both = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(both).toString('base64')}` };
}

function addressOf({ protocol, hostname, port }: URL): { host: string; port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

function authority({ host = '', port }: AgentConnectOpts): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${String(port)}`;
}
