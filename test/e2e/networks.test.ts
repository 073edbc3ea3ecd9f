import { createServer } from 'node:http';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import type { Report } from '#model/report.js';
import { atrest, bareEnv, estateEnv, inFolder } from '../support/cli.js';
import { namesLookedUp, recordingLookups } from '../support/lookups.js';
import { makeCertificate, startProxy, startTls, type MockProxy, type ProxyOptions, wanting } from '../support/proxy.js';
import { account, smallWorld } from '../support/small-world.js';

const certificate = await makeCertificate();
const services = ['ec2', 'kms', 'rds', 's3', 'sts'];

let estate: Estate;
let direct: { env: Record<string, string>; report: Report };
beforeAll(async () => {
  const world = smallWorld();
  world.addAccount(audited, { regions: ['us-east-1'], roles: [{ name: 'Audit' }] });
  estate = await startEstate(world);
  const env = estateEnv(estate, account);
  direct = { env, report: await inFolder((folder) => reportOf(folder, [], env)) };
});
afterAll(() => estate.close());

const audited = '333333333333';
const few = ['--rules', 'kms/rotation-enabled,ebs/volume-encrypted,s3/default-encryption-cmk,rds/instance-encrypted'];
const scanned = ['scan', '--out', 'run', '--format', 'json', '--fail-on', 'never', '--include-pass', '--quiet'];

/** What a scan reports; fails the test when the program says otherwise than that it ended. */
async function reportOf(folder: string, args: readonly string[], env: Record<string, string>, code = 0): Promise<Report> {
  const result = await atrest([...scanned, ...args], { cwd: folder, env });
  expect(result.stderr).toBe('');
  expect(result.code).toBe(code);
  return JSON.parse(await readFile(join(folder, 'run', 'report.json'), 'utf8')) as Report;
}

/** Credentials and nothing else: what AWS is called by its own names. */
function awsEnv(folder: string): Record<string, string> {
  const { AWS_ENDPOINT_URL: _, ...env } = direct.env;
  return { ...env, ...recordingLookups(folder) };
}

const verdicts = ({ findings }: Report) => findings.map(({ id, verdict, message }) => ({ id, verdict, message }));
const hostsOf = (proxy: MockProxy) => [...new Set(proxy.tunnels.map((target) => target.replace(/:443$/, '')))].sort();

describe.skipIf(certificate === undefined)(`a scan behind a proxy${wanting(certificate)}`, () => {
  afterAll(() => certificate?.remove());

  async function behind(
    options: Partial<ProxyOptions>,
    use: (where: { folder: string; proxy: MockProxy; env: Record<string, string> }) => Promise<void>,
  ): Promise<void> {
    if (certificate === undefined) return;
    const proxy = await startProxy({ certificate, to: estate.url, ...options });
    try {
      await inFolder((folder) =>
        use({ folder, proxy, env: { ...awsEnv(folder), HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: certificate.file } }),
      );
    } finally {
      await proxy.close();
    }
  }

  test('reaches every host through it, looks up none, and finds the same', async () => {
    await behind({ login: 'me:right' }, async ({ folder, proxy, env }) => {
      const through = { ...env, HTTPS_PROXY: `http://me:right@127.0.0.1:${String(proxy.port)}` };
      const report = await reportOf(folder, [], through);
      const regional = ['us-east-1', 'eu-west-1'].flatMap((region) =>
        ['ec2', 'kms', 'rds', 's3', 's3express-control'].map((service) => `${service}.${region}.amazonaws.com`),
      );
      expect(hostsOf(proxy)).toEqual([...regional, 'sts.us-east-1.amazonaws.com'].sort());
      expect(await namesLookedUp(folder)).toEqual([]);
      expect(verdicts(report)).toEqual(verdicts(direct.report));
      expect(report.run.complete).toBe(true);
      for (const name of await readdir(join(folder, 'run'), { recursive: true, withFileTypes: true }))
        if (name.isFile()) expect(await readFile(join(name.parentPath, name.name), 'latin1')).not.toContain('me:right');
    });
  });

  test('says that the proxy wants a password, and writes nothing', async () => {
    await behind({ login: 'me:right' }, async ({ folder, env }) => {
      const { code, stderr } = await atrest([...scanned, ...few], { cwd: folder, env });
      expect(stderr).toMatch(/ProxyAuthenticationRequired: the proxy asks for a name and a password: put them into its URL/);
      expect(code).toBe(4);
      expect(await readdir(folder)).toEqual([]);
    });
  });

  test('shows a host that the proxy refuses as a gap, with the proxy as its reason', async () => {
    const refuse = (host: string) => (host.startsWith('kms.eu-west-1.') ? '403 Forbidden' : undefined);
    await behind({ refuse }, async ({ folder, env }) => {
      const { coverage } = await reportOf(folder, few, env, 3);
      const gaps = coverage.filter(({ state }) => state !== 'complete');
      expect(gaps).toMatchObject([{ region: 'eu-west-1', service: 'kms', state: 'unreachable', reason: 'Proxy403' }]);
    });
  });

  test('takes no gap from S3 Express, where neither AWS nor the proxy knows its endpoint', async () => {
    const world = smallWorld();
    world.addAccount(audited, { regions: ['us-east-1', 'eu-west-3'] });
    const elsewhere = await startEstate(world);
    try {
      const refuse = (host: string) => (host.startsWith('s3express-control.eu-west-3.') ? '502 Bad Gateway' : undefined);
      await behind({ refuse, to: elsewhere.url }, async ({ folder, proxy, env }) => {
        const { accessKeyId, secretAccessKey } = elsewhere.credentialsFor(audited);
        const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
        const { coverage, run } = await reportOf(folder, ['--service', 's3'], { ...env, ...keys });
        expect(proxy.tunnels).toContain('s3express-control.eu-west-3.amazonaws.com:443');
        expect(coverage.find(({ region }) => region === 'eu-west-3')?.state).toBe('skipped');
        expect(run.complete).toBe(true);
      });
    } finally {
      await elsewhere.close();
    }
  });

  test('leaves out what NO_PROXY names', async () => {
    if (certificate === undefined) return;
    const tls = await startTls(certificate, estate.url);
    try {
      await behind({}, async ({ folder, proxy, env }) => {
        const near = { AWS_ENDPOINT_URL_KMS: `https://kms.atrest.test:${String(tls.port)}`, NO_PROXY: '.atrest.test' };
        await reportOf(folder, few, { ...env, ...near });
        expect(hostsOf(proxy).filter((host) => /kms|atrest/.test(host))).toEqual([]);
        expect(hostsOf(proxy)).toContain('ec2.eu-west-1.amazonaws.com');
        expect(await namesLookedUp(folder)).toEqual(['kms.atrest.test']);
      });
    } finally {
      await tls.close();
    }
  });

  test("takes the role of a profile, and the profile's ca_bundle, through it", async () => {
    await behind({}, async ({ folder, proxy, env }) => {
      const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_CA_BUNDLE, ...rest } = env;
      const keys = `aws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`;
      const role = `role_arn = arn:aws:iam::${audited}:role/Audit\nsource_profile = base\nregion = us-east-1\n`;
      const profile = `[profile audit]\n${role}ca_bundle = ${AWS_CA_BUNDLE ?? ''}\n[profile base]\n${keys}`;
      await writeFile(join(folder, 'config'), profile);
      const report = await reportOf(folder, few, { ...rest, AWS_CONFIG_FILE: join(folder, 'config'), AWS_PROFILE: 'audit' });
      expect(report.scope.accounts).toMatchObject([{ id: audited, state: 'scanned' }]);
      expect(hostsOf(proxy)).toContain('sts.us-east-1.amazonaws.com');
      expect(await namesLookedUp(folder)).toEqual([]);
    });
  });

  test('asks the instance for its credentials without it', async () => {
    const keys = estate.credentialsFor(account);
    const answer = { Code: 'Success', AccessKeyId: keys.accessKeyId, SecretAccessKey: keys.secretAccessKey, Token: '' };
    const metadata = createServer(({ method, url }, response) => {
      const role = url === '/latest/meta-data/iam/security-credentials/';
      response.end(
        method === 'PUT' ? 'token' : role ? 'audit' : JSON.stringify({ ...answer, Expiration: '2099-01-01T00:00:00Z' }),
      );
    });
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://metadata.atrest.test:${String((metadata.address() as AddressInfo).port)}`;
    try {
      await behind({}, async ({ folder, proxy, env }) => {
        const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, AWS_EC2_METADATA_DISABLED: _off, ...rest } = env;
        const all = { ...rest, HTTP_PROXY: proxy.url, AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint };
        await reportOf(folder, few, all);
        expect(proxy.urls).toEqual([]);
        expect(await namesLookedUp(folder)).toEqual(['metadata.atrest.test']);
      });
    } finally {
      metadata.close();
    }
  });

  test('trusts what NODE_EXTRA_CA_CERTS adds', async () => {
    await behind({}, async ({ folder, proxy, env }) => {
      const { AWS_CA_BUNDLE = '', ...rest } = env;
      await reportOf(folder, few, { ...rest, NODE_EXTRA_CA_CERTS: AWS_CA_BUNDLE });
      expect(hostsOf(proxy)).toHaveLength(11);
    });
  });

  test.each([
    [
      'FIPS, by the environment',
      { AWS_USE_FIPS_ENDPOINT: 'true' },
      '',
      /^(s3express-control|s3|ec2|kms|rds|sts)-fips\.[a-z0-9-]+\.amazonaws\.com$/,
    ],
    ['FIPS, by the profile', {}, 'use_fips_endpoint = true\n', /-fips\./],
    [
      'dual-stack, by the environment',
      { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      '',
      /^((ec2|kms|rds|sts)\.[a-z0-9-]+\.api\.aws|(s3|s3express-control)\.dualstack\.[a-z0-9-]+\.amazonaws\.com)$/,
    ],
    ['dual-stack, by the profile', {}, 'use_dualstack_endpoint = true\n', /\.api\.aws$|\.dualstack\./],
  ])('uses endpoints of the kind that is set: %s', async (_name, variables, profile, host) => {
    await behind({}, async ({ folder, proxy, env }) => {
      await writeFile(join(folder, 'config'), `[default]\n${profile}`);
      await reportOf(folder, few, { ...env, ...variables, AWS_CONFIG_FILE: join(folder, 'config') });
      expect(hostsOf(proxy)).toHaveLength(11);
      for (const each of hostsOf(proxy)) expect(each).toMatch(host);
    });
  });

  test('shows a region without a FIPS endpoint as a gap that says so', async () => {
    const unknown = '503 Service Unavailable\r\nx-squid-error: ERR_DNS_FAIL 0';
    const refuse = (host: string) => (host === 'kms-fips.eu-west-1.amazonaws.com' ? unknown : undefined);
    await behind({ refuse }, async ({ folder, env }) => {
      const { coverage } = await reportOf(folder, few, { ...env, AWS_USE_FIPS_ENDPOINT: 'true' }, 3);
      const gaps = coverage.filter(({ state }) => state !== 'complete');
      expect(gaps).toMatchObject([{ region: 'eu-west-1', service: 'kms', state: 'unreachable', reason: 'NoFipsEndpoint' }]);
    });
  });
});

describe('a name that does not exist', () => {
  test.each([
    [{ AWS_USE_FIPS_ENDPOINT: 'true' }, /sts-fips\.us-east-1\.amazonaws\.com does not exist: AWS has no FIPS endpoint/],
    [{ AWS_USE_DUALSTACK_ENDPOINT: 'true' }, /sts\.us-east-1\.api\.aws does not exist: AWS has no dual-stack endpoint/],
    [
      { AWS_USE_FIPS_ENDPOINT: 'true', AWS_ENDPOINT_URL: 'http://localhost:9' },
      /FIPS and custom endpoint[\s\S]*AWS_ENDPOINT_URL/,
    ],
  ])('%j', async (variables, message) => {
    await inFolder(async (folder) => {
      const { code, stderr } = await atrest([...scanned, ...few], { cwd: folder, env: { ...awsEnv(folder), ...variables } });
      expect(stderr).toMatch(message);
      expect(code).toBe(4);
    });
  });
});

describe('with an endpoint set, no name of AWS is looked up', () => {
  const local = () => estate.url.replace('127.0.0.1', 'localhost');
  const profiled = (text: string) => async (folder: string) => {
    await writeFile(join(folder, 'config'), text);
    return { AWS_CONFIG_FILE: join(folder, 'config') };
  };
  test.each([
    ['AWS_ENDPOINT_URL', () => Promise.resolve({ AWS_ENDPOINT_URL: local() })],
    [
      'AWS_ENDPOINT_URL_SERVICE for each',
      () => Promise.resolve(Object.fromEntries(services.map((name) => [`AWS_ENDPOINT_URL_${name.toUpperCase()}`, local()]))),
    ],
    ["a profile's endpoint_url", (folder: string) => profiled(`[default]\nendpoint_url = ${local()}\n`)(folder)],
    [
      "a profile's services section",
      (folder: string) =>
        profiled(
          `[default]\nservices = here\n[services here]\n${services.map((name) => `${name} =\n  endpoint_url = ${local()}\n`).join('')}`,
        )(folder),
    ],
  ])('%s', async (_name, set) => {
    await inFolder(async (folder) => {
      const report = await reportOf(folder, [], { ...awsEnv(folder), ...(await set(folder)) });
      expect(await namesLookedUp(folder)).toEqual(['localhost']);
      expect(verdicts(report)).toEqual(verdicts(direct.report));
    });
  });
});

describe('settings that cannot hold are refused before anything is asked or written', () => {
  const bundle = (setting: string) => `It is named by ${setting}, which takes a file of PEM certificates.`;
  test.each([
    ['AWS_CA_BUNDLE', { AWS_CA_BUNDLE: 'none.pem' }, 'none.pem does not exist', bundle('AWS_CA_BUNDLE')],
    ['NODE_EXTRA_CA_CERTS', { NODE_EXTRA_CA_CERTS: 'none.pem' }, 'none.pem does not exist', bundle('NODE_EXTRA_CA_CERTS')],
    ['a folder', { AWS_CA_BUNDLE: '.' }, '. cannot be read: EISDIR', bundle('AWS_CA_BUNDLE')],
    ['a file without a certificate', { AWS_CA_BUNDLE: 'empty.pem' }, 'empty.pem holds no certificate', bundle('AWS_CA_BUNDLE')],
    [
      'a certificate that is none',
      { AWS_CA_BUNDLE: 'broken.pem' },
      'broken.pem is damaged: its certificate 1 cannot be read',
      bundle('AWS_CA_BUNDLE'),
    ],
    [
      'the ca_bundle of a profile',
      { AWS_CONFIG_FILE: 'config' },
      'none.pem does not exist',
      bundle("ca_bundle in the profile of AWS's config file"),
    ],
    ['a proxy that is no URL', { HTTPS_PROXY: 'http://me:secret@' }, 'HTTPS_PROXY is not the URL of a proxy', 'http://HOST:PORT'],
    [
      'a SOCKS proxy',
      { all_proxy: 'socks5://proxy:1080' },
      'all_proxy names a proxy of the kind socks5://',
      'http:// or https://',
    ],
  ])('%s', async (_name, variables, message, hint) => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'empty.pem'), 'nothing\n');
      await writeFile(join(folder, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
      await writeFile(join(folder, 'config'), '[default]\nca_bundle = none.pem\n');
      const before = await readdir(folder);
      const calls = estate.log.length;
      const { code, stderr } = await atrest([...scanned], { cwd: folder, env: { ...direct.env, ...variables } });
      expect(stderr).toContain(`atrest: ${message}\n`);
      expect(stderr).toContain(hint);
      expect(stderr).not.toContain('secret');
      expect(code).toBe(2);
      expect(await readdir(folder)).toEqual(before);
      expect(estate.log).toHaveLength(calls);
    });
  });

  test.each([
    ['rules list', ['rules', 'list']],
    ['demo', ['demo', '--quiet']],
  ])(
    'what works without AWS does not care for them: %s',
    async (_name, args) => {
      await inFolder(async (folder) => {
        const settings = { HTTPS_PROXY: 'nonsense://', AWS_CA_BUNDLE: 'none.pem', NODE_EXTRA_CA_CERTS: 'none.pem' };
        const { code } = await atrest(args, { cwd: folder, env: { ...bareEnv, ...settings } });
        expect(code).toBe(0);
      });
    },
    120_000,
  );
});
