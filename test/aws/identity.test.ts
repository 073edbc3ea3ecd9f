import { afterEach, describe, expect, test, vi } from 'vitest';
import { assumedRole, callerIdentity, homeRegion, defaultCredentials, type Principal } from '#aws/identity.js';
import type { CredentialProvider } from '#aws/connection.js';
import { createWorld, type Role, type World } from '#estate/index.js';
import { account, anyone, connect, describer, failureOf, region, running, serving } from './support.js';

const other = '222222222222';
const user: Principal = {
  credentials: anyone,
  identity: {
    account,
    arn: `arn:aws:iam::${account}:user/estate`,
    partition: 'aws',
    requestId: null,
    date: null,
    at: '2026-11-23T00:00:00.000Z',
  },
};
const role = { arn: `arn:aws:iam::${other}:role/Audit`, externalId: undefined, sessionName: 'atrest' };

function twoAccounts(options: Partial<Role> = {}): { world: World; key: string } {
  const world = createWorld({ seed: 5 })
    .addAccount(account, { regions: [region] })
    .addAccount(other, { regions: [region], roles: [{ name: 'Audit', ...options }] });
  return { world, key: world.put(other, region, 'kms.key', {}).Arn };
}

async function assuming(world: World, options: { externalId?: string } = {}) {
  const estate = await running(world);
  const connection = connect();
  const provider = await assumedRole(connection, region, user, { ...role, ...options });
  const assumed = () => estate.log.filter(({ operation }) => operation === 'sts:AssumeRole');
  return { estate, connection, provider, assumed };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the credentials of a role', () => {
  test('are fetched once, however many calls ask for them at once', async () => {
    const { world, key } = twoAccounts();
    const { connection, provider, assumed } = await assuming(world);
    expect(assumed()).toHaveLength(0);
    // Several clients, as cells of several regions and services have them.
    const describes = Array.from({ length: 5 }, () => describer(connection, provider));
    await Promise.all(Array.from({ length: 40 }, (_, n) => describes[n % 5]!(key)));
    expect(assumed()).toHaveLength(1);
    expect(assumed()[0]?.params).toMatchObject({ RoleArn: role.arn, RoleSessionName: 'atrest', DurationSeconds: 3600 });
    expect(assumed()[0]?.params['ExternalId']).toBeUndefined();
    await describes[0]!(key);
    expect(assumed()).toHaveLength(1);
  });

  test('are those of the role’s account', async () => {
    const { world } = twoAccounts({ externalId: 'x-1' });
    const { connection, provider } = await assuming(world, { externalId: 'x-1' });
    const identity = await callerIdentity(connection, region, provider, other);
    expect(identity).toMatchObject({ account: other, arn: `arn:aws:sts::${other}:assumed-role/Audit/atrest`, partition: 'aws' });
    expect(identity.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(identity.date).toMatch(/GMT$/);
  });

  test('that were refused are asked for again by the next call', async () => {
    const { world, key } = twoAccounts();
    const { estate, connection, provider, assumed } = await assuming(world);
    const denied = estate.faults.add({ kind: 'deny', operation: 'sts:AssumeRole', reason: 'resource-policy' });
    const describe = describer(connection, provider);
    const failures = await Promise.all(Array.from({ length: 10 }, () => failureOf(describe(key))));
    // The call fails for what happened to its credentials.
    expect(new Set(failures.map(({ failure }) => `${failure.class} ${failure.code}`))).toEqual(new Set(['denied AccessDenied']));
    expect(estate.log.every(({ operation }) => operation === 'sts:AssumeRole')).toBe(true);
    const before = assumed().length;
    denied.remove();
    expect((await describe(key)).output.KeyMetadata?.Arn).toBe(key);
    expect(assumed()).toHaveLength(before + 1);
  });

  test('are fetched anew shortly before they end, and no call goes out with ended ones', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { world, key } = twoAccounts({ sessionSeconds: 900 });
    const { estate, connection, provider, assumed } = await assuming(world);
    const describe = describer(connection, provider);
    await describe(key);
    const pass = async (seconds: number) => {
      vi.setSystemTime(Date.now() + seconds * 1000);
      await Promise.all(Array.from({ length: 8 }, () => describe(key)));
      return assumed().length;
    };
    expect(await pass(600)).toBe(1);
    expect(await pass(280)).toBe(2);
    expect(await pass(860)).toBe(2);
    expect(await pass(3_600)).toBe(3);
    expect(estate.log.filter(({ code }) => code !== undefined)).toEqual([]);
  });

  test('that live a second last a crawl of some seconds without an expired token', async () => {
    const { world, key } = twoAccounts({ sessionSeconds: 1 });
    const { estate, connection, provider } = await assuming(world);
    const describe = describer(connection, provider);
    for (let n = 0; n < 6; n += 1) {
      await Promise.all(Array.from({ length: 5 }, () => describe(key)));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(estate.log.filter(({ code }) => code !== undefined)).toEqual([]);
  });

  test('are fetched anew while all that may be in flight waits for them, through a chain of roles too', async () => {
    const { world, key } = twoAccounts({ sessionSeconds: 1 });
    world.addRole(account, { name: 'Hub', sessionSeconds: 1 });
    const estate = await running(world);
    estate.faults.add({ kind: 'slow', delayMs: 50 });
    const connection = connect({ inFlightMax: 2 });
    const hub = await assumedRole(connection, region, user, { ...role, arn: `arn:aws:iam::${account}:role/Hub` });
    const opener = { credentials: hub, identity: await callerIdentity(connection, region, hub) };
    const provider = await assumedRole(connection, region, opener, role);
    const describes = Array.from({ length: 4 }, () => describer(connection, provider));
    const calls = await Promise.all(Array.from({ length: 80 }, (_, n) => describes[n % 4]!(key)));
    expect(calls).toHaveLength(80);
    expect(estate.log.filter(({ params }) => params['RoleArn'] === role.arn).length).toBeGreaterThan(2);
  });

  test('are asked for in the region given, wherever the call goes', async () => {
    const { world, key } = twoAccounts();
    world.addRegion(account, 'eu-west-1').addRegion(other, 'eu-west-1');
    const estate = await running(world);
    const connection = connect();
    const provider = await assumedRole(connection, 'eu-west-1', user, role);
    await describer(connection, provider)(key);
    expect(estate.log.map(({ operation, region: at, account: by }) => `${by} ${at} ${operation}`)).toEqual([
      `${account} eu-west-1 sts:AssumeRole`,
      `${other} us-east-1 kms:DescribeKey`,
    ]);
  });

  test('that AWS leaves out of its answer fail the account like a refusal', async () => {
    const { world } = twoAccounts();
    const { estate, provider } = await assuming(world);
    estate.faults.add({ kind: 'emptyAnswer', operation: 'sts:AssumeRole' });
    const { meta, failure } = await failureOf(provider());
    expect(meta).toMatchObject({ operation: 'sts:AssumeRole', code: 'EmptyAnswer' });
    expect(failure).toMatchObject({ class: 'unparseable', code: 'EmptyAnswer' });
  });
});

describe('the caller', () => {
  test('has its region from the environment, else us-east-1', async () => {
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    expect(await homeRegion()).toBe('eu-central-1');
    vi.stubEnv('AWS_REGION', undefined);
    expect(await homeRegion()).toBe('us-east-1');
  });

  test('of another partition is known by its ARN', async () => {
    await serving((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(
          '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws-us-gov:iam::123456789012:user/u</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
        );
    });
    expect(await callerIdentity(connect(), 'us-gov-west-1', anyone)).toMatchObject({
      account: '123456789012',
      partition: 'aws-us-gov',
    });
  });

  test('is not known from an answer that names nobody', async () => {
    const { world } = twoAccounts();
    const { faults } = await running(world);
    faults.add({ kind: 'emptyAnswer' });
    const { failure } = await failureOf(callerIdentity(connect(), region, anyone));
    expect(failure).toMatchObject({ class: 'unparseable', code: 'EmptyAnswer' });
  });

  test('without credentials is told so, not that it was denied', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    const server = await serving(() => undefined);
    const credentials: CredentialProvider = await defaultCredentials(connect());
    const { failure } = await failureOf(callerIdentity(connect(), region, credentials));
    expect(failure).toMatchObject({ class: 'no-credentials', code: 'CredentialsProviderError' });
    expect(server.requests()).toBe(0);
  });
});
