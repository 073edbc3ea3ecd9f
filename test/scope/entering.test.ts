import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Config } from '#config/schema.js';
import { createWorld, type Estate, type Role, type World } from '#estate/index.js';
import { crawlCalls, refused, scanned } from './support.js';

const own = '111111111111';
const hub = '222222222222';
const shop = '333333333333';
const lab = '444444444444';
const regions = ['eu-west-1', 'us-east-1'];

type Scope = NonNullable<Config['scope']>;
const scope = (more: Scope) => ({ config: { version: 1 as const, scope: more } });

function world(role: Partial<Role> = {}, partition?: string): World {
  const made = createWorld({ seed: 4, ...(partition === undefined ? {} : { partition }) });
  made.addAccount(own, { regions });
  for (const id of [hub, shop, lab]) made.addAccount(id, { regions, roles: [{ name: 'Audit', ...role }] });
  for (const id of made.accounts()) made.put(id, 'us-east-1', 'ebs.volume', { Encrypted: false });
  return made;
}

const assumed = ({ log }: Estate) =>
  log
    .filter(({ operation }) => operation === 'sts:AssumeRole')
    .map(({ account, region, params }): Readonly<Record<string, unknown>> => ({ by: account, region, ...params }));

describe('a role that is reached through another', () => {
  const chained = () => world({ trusts: [hub] }).addRole(hub, { name: 'Hub', trusts: [own] });

  test('is assumed by it, once for each account, an hour at most', async () => {
    const { report, exitCode, estate } = await scanned(
      chained(),
      scope({
        accounts: [own, shop, lab],
        role: 'Audit',
        through: `arn:aws:iam::${hub}:role/Hub`,
        externalId: 'x-1',
        sessionName: 'nightly@audit',
        durationSeconds: 7200,
      }),
    );
    expect(report.run.callers).toEqual({
      [own]: `arn:aws:iam::${own}:user/estate`,
      [shop]: `arn:aws:sts::${shop}:assumed-role/Audit/nightly@audit`,
      [lab]: `arn:aws:sts::${lab}:assumed-role/Audit/nightly@audit`,
    });
    expect(exitCode).toBe(0);
    const named = { region: 'us-east-1', ExternalId: 'x-1', RoleSessionName: 'nightly@audit' };
    const [first, ...rest] = assumed(estate);
    expect(first).toEqual({ by: own, RoleArn: `arn:aws:iam::${hub}:role/Hub`, DurationSeconds: 7200, ...named });
    expect(rest.map(({ by }) => by)).toEqual([hub, hub]);
    for (const each of rest) expect(each).toMatchObject({ DurationSeconds: 3600, ...named });
  });

  test('keeps the run from beginning where the first one cannot be assumed', async () => {
    const through = `arn:aws:iam::${hub}:role/Elsewhere`;
    const { error, estate } = await refused(chained(), scope({ accounts: [shop], role: 'Audit', through }));
    expect(error.code).toBe('identity');
    expect(error.message).toContain(
      `Cannot become scope.through ${through}: sts:AssumeRole as arn:aws:iam::${own}:user/estate: AccessDenied`,
    );
    expect(crawlCalls(estate)).toEqual([]);
  });

  test('fails its account alone where the second one cannot be assumed', async () => {
    const made = chained().addRole(shop, { name: 'Audit', trusts: [own] });
    const { report, exitCode } = await scanned(
      made,
      scope({ accounts: [shop, lab], role: 'Audit', through: `arn:aws:iam::${hub}:role/Hub` }),
    );
    expect(report.scope.accounts.map(({ id, state }) => [id, state])).toEqual([
      [shop, 'failed'],
      [lab, 'scanned'],
    ]);
    expect(exitCode).toBe(3);
  });
});

describe('sessions', () => {
  test('of the caller’s own user last as long as is asked', async () => {
    const { estate } = await scanned(world(), scope({ accounts: [shop], role: 'Audit', durationSeconds: 7200 }));
    expect(assumed(estate).map(({ DurationSeconds }) => DurationSeconds)).toEqual([7200]);
  });

  /** What every cell reads, slowly: a scan of some seconds that hardly keeps the machine busy. */
  const slowly = (seconds: number) => (estate: Estate) => {
    estate.faults.add({ kind: 'slow', delayMs: seconds * 1000, operation: ['ec2:*', 'kms:*', 's3:*'] });
  };
  const rules = { ruleGlobs: ['kms/rotation-enabled', 's3/default-encryption', 'ebs/volume-encrypted'] };

  test('that end every five seconds last a whole scan, with no call under an ended one', async () => {
    // Loading the clients takes longer than a session has left, and nothing is sent meanwhile.
    await scanned(world(), rules);
    const made = world({ sessionSeconds: 5 });
    for (const id of [shop, lab]) made.generate(id, 'us-east-1', { 'kms.key': 90, 's3.bucket': 30 });
    const asked = { ...scope({ accounts: [shop, lab], role: 'Audit' }), ...rules };
    const { report, exitCode, estate } = await scanned(made, asked, slowly(1.5));
    expect(estate.log.filter(({ code }) => /Expired/.test(code ?? ''))).toEqual([]);
    expect(report.run.complete).toBe(true);
    expect(exitCode).toBe(0);
    const lasted = (estate.log.at(-1)?.at ?? 0) - (estate.log[0]?.at ?? 0);
    expect(lasted).toBeGreaterThan(5_000);
    // A session serves for half its life: no more are asked for than that takes, whatever asks at once.
    for (const id of [shop, lab]) {
      const count = assumed(estate).filter(({ RoleArn }) => String(RoleArn).includes(id)).length;
      expect(count).toBeGreaterThan(1);
      expect(count).toBeLessThanOrEqual(Math.ceil(lasted / 2400) + 1);
    }
  }, 60_000);

  test('are refreshed while the old one lasts: a refusal meanwhile does no harm', async () => {
    const made = world({ sessionSeconds: 6 });
    made.generate(shop, 'us-east-1', { 'kms.key': 40 });
    const asked = { ...scope({ accounts: [shop], role: 'Audit' }), ...rules, services: ['kms'] as const, regions: ['us-east-1'] };
    const { exitCode, estate } = await scanned(made, asked, (each) => {
      slowly(1.2)(each);
      const deny = setInterval(() => {
        if (!each.log.some(({ operation }) => operation === 'kms:ListKeys')) return;
        clearInterval(deny);
        each.faults.add({ kind: 'deny', operation: 'sts:AssumeRole', times: 1 });
      }, 5);
    });
    expect(assumed(estate).length).toBeGreaterThan(1);
    const refused = estate.log.filter(({ code }) => code !== undefined);
    expect(refused.map(({ operation }) => operation)).toEqual(['sts:AssumeRole']);
    expect(exitCode).toBe(0);
  }, 60_000);

  test('are asked for in the home region, whichever is read, or where --sts-region says', async () => {
    const made = world();
    made.addRegion(shop, 'me-south-1').addRegion(own, 'eu-central-1');
    const asked = { ...scope({ accounts: [shop], role: 'Audit' }), regions: ['me-south-1'] };
    const home = await scanned(made, asked);
    expect(assumed(home.estate).map(({ region }) => region)).toEqual(['us-east-1']);
    expect(home.exitCode).toBe(0);
    made.addRegion(shop, 'eu-central-1');
    const { estate, exitCode } = await scanned(made, { ...asked, stsRegion: 'eu-central-1' });
    expect(new Set(estate.log.filter(({ operation }) => operation.startsWith('sts:')).map(({ region }) => region))).toEqual(
      new Set(['eu-central-1']),
    );
    expect(exitCode).toBe(0);
  });
});

describe('a role that leads elsewhere', () => {
  test('is refused: what is there would be reported as if it were here', async () => {
    const { error, estate } = await refused(world(), scope({ accounts: [shop], role: `arn:aws:iam::${lab}:role/Audit` }));
    expect(error).toMatchObject({
      code: 'config',
      message: `The role arn:aws:iam::${lab}:role/Audit belongs to account ${lab}, and is named for ${shop}`,
    });
    expect(crawlCalls(estate)).toEqual([]);
  });
});

describe('profiles', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atrest-profiles-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The SDK reads the file once and remembers it by name. */
  async function withProfiles(estate: Estate, profiles: Readonly<Record<string, string>>): Promise<void> {
    const text = Object.entries(profiles).map(([name, id]) => {
      const { accessKeyId, secretAccessKey } = estate.credentialsFor(id);
      return `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    });
    const file = join(folder, 'credentials');
    await writeFile(file, text.join('\n'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  }

  test('stand in place of a role', async () => {
    const { report, exitCode, estate } = await scanned(
      world({ assumable: false }),
      scope({ accounts: [own, { id: shop, profile: 'shop' }] }),
      (each) => withProfiles(each, { shop }),
    );
    expect(report.run.callers[shop]).toBe(`arn:aws:iam::${shop}:user/estate`);
    expect(report.findings.map(({ account }) => account)).toEqual([own, shop]);
    expect(assumed(estate)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test('that are not there fail their account alone', async () => {
    const { report, exitCode } = await scanned(world(), scope({ accounts: [own, { id: shop, profile: 'nobody' }] }), (each) =>
      withProfiles(each, { shop }),
    );
    expect(report.scope.accounts[1]).toMatchObject({ state: 'failed' });
    expect(report.scope.accounts[1]?.reason).toMatch(/^sts:GetCallerIdentity with profile nobody: .*nobody/);
    expect(exitCode).toBe(3);
  });

  test('of another account than they are named for are refused', async () => {
    const { error } = await refused(world(), scope({ accounts: [{ id: shop, profile: 'shop' }] }), (each) =>
      withProfiles(each, { shop: lab }),
    );
    expect(error).toMatchObject({
      code: 'config',
      message: `The profile shop belongs to account ${lab}, and is named for ${shop}`,
    });
  });
});

describe('partitions', () => {
  test.each([
    ['aws-cn', 'cn-north-1', 'cn-northwest-1'],
    ['aws-us-gov', 'us-gov-west-1', 'us-gov-east-1'],
    ['aws-iso', 'us-iso-east-1', 'us-iso-west-1'],
  ])('%s is known by the caller’s ARN, and roles are in it', async (partition, home, away) => {
    const made = createWorld({ seed: 4, partition });
    made.addAccount(own, { regions: [home, away] }).addAccount(shop, { regions: [home, away], roles: [{ name: 'Audit' }] });
    const key = made.put(shop, away, 'kms.key', { rotation: { enabled: false } }).Arn;
    made.put(shop, away, 'ebs.volume', { Encrypted: true, KmsKeyId: key });
    const { report, exitCode, estate } = await scanned(
      made,
      {
        ...scope({ accounts: [own, shop], role: 'Audit' }),
        ruleGlobs: ['ebs/volume-encrypted', 'kms/rotation-enabled', 'key/*'],
      },
      () => {
        vi.stubEnv('AWS_REGION', home);
      },
    );
    expect(report.run.callers[shop]).toBe(`arn:${partition}:sts::${shop}:assumed-role/Audit/atrest`);
    expect(assumed(estate)).toMatchObject([{ region: home, RoleArn: `arn:aws:iam::${shop}:role/Audit` }]);
    expect(report.scope.regions).toEqual([home, away].sort());
    const arns = report.findings.map(({ resource }) => resource);
    expect(arns).toContain(key.replace('arn:aws:', `arn:${partition}:`));
    expect(arns.every((arn) => arn.startsWith(`arn:${partition}:`))).toBe(true);
    expect(exitCode).toBe(0);
  });

  test('without a region in the environment begin where the config says', async () => {
    const made = createWorld({ seed: 4, partition: 'aws-cn' }).addAccount(own, { regions: ['cn-north-1'] });
    const { report, exitCode } = await scanned(made, scope({ partition: 'aws-cn' }), () => {
      vi.stubEnv('AWS_REGION', undefined);
    });
    expect(report.scope.regions).toEqual(['cn-north-1']);
    expect(exitCode).toBe(0);
  });

  test('that are not the one of the config are refused', async () => {
    const { error, estate } = await refused(world(), scope({ partition: 'aws-us-gov' }));
    expect(error).toMatchObject({
      code: 'config',
      message: 'The credentials are of the partition aws, and scope.partition is aws-us-gov',
    });
    expect(estate.log.map(({ operation }) => operation)).toEqual(['sts:GetCallerIdentity']);
  });
});
