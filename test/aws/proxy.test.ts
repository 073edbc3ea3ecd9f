import dns from 'node:dns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Connection, type ConnectionOptions } from '#aws/connection.js';
import { proxiesOf } from '#aws/proxy.js';
import { startEstate, type Estate } from '#estate/index.js';
import { makeCertificate, startProxy, startTls, type MockProxy, type ProxyOptions, wanting } from '../support/proxy.js';
import { account, anyone, describer, failureOf, oneKey, region } from './support.js';

const certificate = await makeCertificate();
const closing: (() => Promise<void> | void)[] = [];
const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];

beforeEach(() => {
  for (const name of proxyVariables.flatMap((each) => [each, each.toLowerCase()])) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_ENDPOINT_URL', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  vi.unstubAllEnvs();
});

afterAll(() => certificate?.remove());

describe('which hosts are reached through which proxy', () => {
  const kms = 'kms.us-east-1.amazonaws.com';
  test.each([
    ['HTTPS_PROXY takes https', { HTTPS_PROXY: 'http://proxy:3128' }, kms, 'http://proxy:3128'],
    ['HTTP_PROXY does not', { HTTP_PROXY: 'http://proxy:3128' }, kms, undefined],
    ['ALL_PROXY takes both', { ALL_PROXY: 'http://proxy:3128' }, kms, 'http://proxy:3128'],
    ['the lower case comes first', { HTTPS_PROXY: 'http://upper', https_proxy: 'http://lower' }, kms, 'http://lower'],
    ['without a scheme it is http', { HTTPS_PROXY: 'proxy:3128' }, kms, 'http://proxy:3128'],
    ['a proxy may be spoken to over TLS', { HTTPS_PROXY: 'https://proxy:3129' }, kms, 'https://proxy:3129'],
    ['an empty one is none', { HTTPS_PROXY: '', ALL_PROXY: ' ' }, kms, undefined],
  ])('%s', (_name, environment, host, proxy) => {
    expect(proxiesOf(environment)?.('https:', host, 443)?.origin).toBe(proxy);
  });

  test.each([
    ['*', kms, true],
    ['amazonaws.com', kms, true],
    ['.amazonaws.com', kms, true],
    ['*.amazonaws.com', kms, true],
    ['AMAZONAWS.COM', kms, true],
    [`one.example, ${kms}`, kms, true],
    ['one.example kms.us-east-1.amazonaws.com', kms, true],
    ['aws.com', kms, false],
    ['us-east-1', kms, false],
    [`${kms}:443`, kms, true],
    [`${kms}:8443`, kms, false],
    ['.amazonaws.com:443', kms, true],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.0.0.0/8', '10.example', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['fd12::/16', 'fd12::7', true],
    ['[fd12::7]:443', 'fd12::7', true],
    ['10.0.0.0/99', '10.1.2.3', false],
    ['', kms, false],
    ['', 'localhost', true],
    ['', '127.0.0.1', true],
    ['', '::1', true],
    ['', '169.254.169.254', true],
    ['', '169.254.170.2', true],
    ['', 'fd00:ec2::254', true],
  ])('NO_PROXY=%s, %s: %s', (NO_PROXY, host, spared) => {
    for (const name of ['NO_PROXY', 'no_proxy'])
      expect(proxiesOf({ HTTPS_PROXY: 'http://proxy', [name]: NO_PROXY })?.('https:', host, 443) === undefined).toBe(spared);
  });

  test.each([
    [{ HTTPS_PROXY: 'http://' }, 'HTTPS_PROXY is not the URL of a proxy'],
    [{ http_proxy: 'http://me:secret@proxy:port' }, 'http_proxy is not the URL of a proxy'],
    [{ ALL_PROXY: 'socks5://proxy:1080' }, 'ALL_PROXY names a proxy of the kind socks5://'],
  ])('%j is refused, and its password is not shown', (environment, message) => {
    expect(() => proxiesOf(environment)).toThrow(expect.objectContaining({ name: 'AtrestError', code: 'config', message }));
  });
});

/** A proxy before an estate with one key, and calls that go through it. */
async function behind(
  proxyOptions: Partial<ProxyOptions>,
  options: ConnectionOptions = {},
  environment: (proxy: MockProxy) => Record<string, string> = ({ url }) => ({ HTTPS_PROXY: url }),
) {
  if (certificate === undefined) throw new Error('There is no openssl to make a certificate with');
  const { world, key } = oneKey();
  const estate: Estate = await startEstate(world);
  closing.push(() => estate.close());
  const proxy = await startProxy({ certificate, to: estate.url, ...proxyOptions });
  closing.push(() => proxy.close());
  vi.stubEnv('AWS_CA_BUNDLE', certificate.file);
  for (const [name, value] of Object.entries(environment(proxy))) vi.stubEnv(name, value);
  const connection = await Connection.open(options);
  closing.push(() => {
    connection.close();
  });
  return { describe: describer(connection), key, estate, proxy, connection };
}

describe.skipIf(certificate === undefined)(`calls through a proxy${wanting(certificate)}`, () => {
  test.each([
    ['spoken to plainly', false],
    ['spoken to over TLS', true],
  ])('%s', async (_name, tls) => {
    const { describe: call, key, estate, proxy } = await behind({ tls });
    expect((await call(key)).output.KeyMetadata?.Arn).toBe(key);
    expect(proxy.tunnels).toEqual(['kms.us-east-1.amazonaws.com:443']);
    expect(estate.log).toHaveLength(1);
  });

  test('share its connections, and never have more than the cap', async () => {
    const { describe: call, key, proxy } = await behind({}, { inFlightMax: 4 });
    await Promise.all(Array.from({ length: 60 }, () => call(key)));
    expect(proxy.mostSockets()).toBe(4);
    expect(proxy.tunnels).toHaveLength(4);
  });

  test.each([
    ['through it', ''],
    ['without it', '.atrest.test'],
  ])('close the idle ones of other hosts before there are too many, %s', async (_name, NO_PROXY) => {
    const { connection, estate, proxy } = await behind({}, { inFlightMax: 2 }, ({ url }) => ({
      HTTPS_PROXY: url,
      NO_PROXY,
    }));
    const near = certificate && (await startTls(certificate, estate.url));
    closing.push(() => near?.close());
    const names = vi.spyOn(dns, 'lookup').mockImplementation(((
      _host: string,
      _options: object,
      done: (...all: unknown[]) => void,
    ) => {
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    }) as never);
    for (let host = 0; host < 12; host += 1) {
      vi.stubEnv('AWS_ENDPOINT_URL', `https://h${String(host)}.atrest.test:${String(near?.port)}`);
      // Of a service that is asked once, where it is looked up for each client.
      const sts = connection.client(STSClient, region, anyone);
      expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(account);
    }
    names.mockRestore();
    const { sockets } = NO_PROXY === '' ? proxy : { sockets: near?.sockets };
    await vi.waitFor(() => {
      expect(sockets?.size).toBe(8);
    });
  });

  test('give its name and password, escaped characters too', async () => {
    const login = 'me:p@ss:word';
    const { describe: call, key } = await behind({ login }, {}, ({ port }) => ({
      HTTPS_PROXY: `http://me:p%40ss%3Aword@127.0.0.1:${String(port)}`,
    }));
    expect((await call(key)).meta.status).toBe(200);
  });

  test.each([
    ['without', '', /asks for a name and a password/],
    ['with a wrong', 'me:wrong@', /refuses the name and password of its URL/],
  ])('end clearly %s password', async (_name, given, message) => {
    const {
      describe: call,
      key,
      estate,
    } = await behind({ login: 'me:right' }, {}, ({ port }) => ({
      HTTPS_PROXY: `http://${given}127.0.0.1:${String(port)}`,
    }));
    const { failure } = await failureOf(call(key));
    expect(failure).toMatchObject({ class: 'unreachable', code: 'ProxyAuthenticationRequired' });
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toContain('wrong');
    expect(estate.log).toEqual([]);
  });

  test.each([
    ['403 Forbidden', 'Proxy403', /the proxy answered 403 Forbidden/],
    ['503 Service Unavailable', 'Proxy503', /the proxy answered 503/],
    ['503 Service Unavailable\r\nx-squid-error: ERR_DNS_FAIL 0', 'ENOTFOUND', /finds no such host/],
    ['502 Bad Gateway\r\nproxy-status: corp; error=dns_error', 'ENOTFOUND', /finds no such host/],
  ])('are not taken for denied by AWS when the proxy says %j', async (answer, code, message) => {
    const { describe: call, key } = await behind({ refuse: () => answer });
    const { failure } = await failureOf(call(key));
    expect(failure).toMatchObject({ class: 'unreachable', code, message: expect.stringMatching(message) as string });
    expect(failure.message).toMatch(/proxy http:\/\/127\.0\.0\.1:\d+, for kms\.us-east-1\.amazonaws\.com:443/);
  });

  test('end in time when it opens no connection, and leave none open', async () => {
    const { describe: call, key, proxy } = await behind({ refuse: () => 'hang' }, { connectTimeoutMs: 300 });
    const start = performance.now();
    const { failure } = await failureOf(call(key));
    expect(failure.class).toBe('unreachable');
    expect(performance.now() - start).toBeLessThan(3 * 300 + 1500);
    await vi.waitFor(() => {
      expect(proxy.sockets.size).toBe(0);
    });
  });

  test('are dropped when the connection is closed before the proxy answers', async () => {
    const { describe: call, key, proxy, connection } = await behind({ refuse: () => 'hang' });
    const called = failureOf(call(key));
    await vi.waitFor(() => {
      expect(proxy.tunnels).toHaveLength(1);
    });
    connection.close();
    await vi.waitFor(() => {
      expect(proxy.sockets.size).toBe(0);
    });
    expect((await called).failure.class).toBe('unreachable');
  });

  test('say so when there is no proxy', async () => {
    const { describe: call, key } = await behind({}, {}, () => ({ HTTPS_PROXY: 'http://me:secret@127.0.0.1:9' }));
    const { failure } = await failureOf(call(key));
    expect(failure).toMatchObject({ class: 'unreachable', code: 'ProxyUnreachable' });
    expect(failure.message).toContain('no connection to the proxy: connect ECONNREFUSED 127.0.0.1:9');
    expect(failure.message).not.toContain('secret');
  });

  test('name the remedy when the certificate is not trusted', async () => {
    const { describe: call, key } = await behind({}, {}, ({ url }) => ({ HTTPS_PROXY: url, AWS_CA_BUNDLE: '' }));
    const { failure } = await failureOf(call(key));
    expect(failure).toMatchObject({ class: 'unreachable', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(failure.message).toContain('AWS_CA_BUNDLE');
  });

  test('ask it for the whole URL where the endpoint is plain http', async () => {
    const plain = ({ port }: MockProxy) => ({
      HTTP_PROXY: `http://me:right@127.0.0.1:${String(port)}`,
      AWS_ENDPOINT_URL: 'http://emulator.atrest.test:4566',
    });
    const { describe: call, key, proxy } = await behind({ login: 'me:right' }, {}, plain);
    await Promise.all(Array.from({ length: 20 }, () => call(key)));
    expect(new Set(proxy.urls)).toEqual(new Set(['http://emulator.atrest.test:4566/']));
    expect(proxy.mostSockets()).toBeLessThanOrEqual(20);
    await call(key);
    expect(proxy.tunnels).toEqual([]);
  });

  test('end clearly where a plain http endpoint needs the password', async () => {
    const plain = ({ url }: MockProxy) => ({ HTTP_PROXY: url, AWS_ENDPOINT_URL: 'http://emulator.atrest.test:4566' });
    const { describe: call, key } = await behind({ login: 'me:right' }, {}, plain);
    const { failure } = await failureOf(call(key));
    expect(failure).toMatchObject({ class: 'unreachable', code: 'ProxyAuthenticationRequired' });
  });
});
