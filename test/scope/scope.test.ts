import { describe, expect, test, vi } from 'vitest';
import { bucketRegion } from '#collect/services/s3/index.js';
import { createWorld, type Estate, type Role, type World } from '#estate/index.js';
import { crawlCalls, filesIn, refused, scanned } from './support.js';

const ids = Array.from({ length: 10 }, (_, n) =>
  String(n + 1)
    .repeat(12)
    .slice(0, 12),
);
const [own = '', shop = '', lab = ''] = ids;
const regions = ['eu-west-1', 'us-east-1'];

/** Accounts with a role and one unencrypted volume each. */
function organization(count = 3, role: (id: string) => Partial<Role> = () => ({})): World {
  const world = createWorld({ seed: 9 });
  for (const id of ids.slice(0, count)) {
    world.addAccount(id, { regions, roles: [{ name: 'Audit', ...role(id) }] });
    world.put(id, 'us-east-1', 'ebs.volume', { Encrypted: false });
  }
  return world;
}

const scope = (accounts: readonly (string | { id: string; name?: string; role?: string })[], more = {}) => ({
  config: { version: 1 as const, scope: { accounts: [...accounts], role: 'Audit', ...more } },
});

describe('accounts', () => {
  test('without any named it is the caller’s, in the regions it has enabled', async () => {
    const { report, exitCode, estate } = await scanned(organization());
    const caller = { id: own, name: null, path: null, state: 'scanned', reason: null, governedBy: null };
    expect(report.scope).toEqual({ accounts: [caller], regions });
    expect(report.findings.map(({ account, verdict }) => `${account} ${verdict}`)).toEqual([`${own} fail`]);
    expect(report.run.callers).toEqual({ [own]: `arn:aws:iam::${own}:user/estate` });
    expect(exitCode).toBe(0);
    expect(estate.log.map(({ operation }) => operation)).not.toContain('sts:AssumeRole');
  });

  test('that are named are entered by their role, the caller’s own without', async () => {
    const { report, exitCode, estate } = await scanned(organization(), scope([own, { id: shop, name: 'shop' }, lab]));
    expect(report.scope.accounts.map(({ id, name, state }) => [id, name, state])).toEqual([
      [own, null, 'scanned'],
      [shop, 'shop', 'scanned'],
      [lab, null, 'scanned'],
    ]);
    expect(report.run.callers[shop]).toBe(`arn:aws:sts::${shop}:assumed-role/Audit/atrest`);
    expect(report.findings.map(({ account }) => account)).toEqual([own, shop, lab]);
    expect(exitCode).toBe(0);
    expect(estate.log.filter(({ operation }) => operation === 'sts:AssumeRole').map(({ params }) => params['RoleArn'])).toEqual([
      `arn:aws:iam::${shop}:role/Audit`,
      `arn:aws:iam::${lab}:role/Audit`,
    ]);
  });

  test('may have a role of their own and an external id', async () => {
    const world = organization(2, () => ({ externalId: 'x-1' }));
    world.addRole(shop, { name: 'OwnRole', externalId: 'x-1' });
    const { report, exitCode } = await scanned(world, scope([{ id: shop, role: 'OwnRole' }], { externalId: 'x-1' }));
    expect(report.run.callers).toEqual({ [shop]: `arn:aws:sts::${shop}:assumed-role/OwnRole/atrest` });
    expect(exitCode).toBe(0);
  });

  test('named on the command line keep what the config says of them, and leave the others out', async () => {
    const { report } = await scanned(organization(), { ...scope([own, { id: shop, name: 'shop' }]), accounts: [shop] });
    expect(report.scope.accounts.map(({ id, name }) => [id, name])).toEqual([[shop, 'shop']]);
  });

  test('need a role where they are not the caller’s', async () => {
    const { error, estate, path } = await refused(organization(), { accounts: [shop] });
    expect(error).toMatchObject({ code: 'config', hint: 'Set scope.role in the config.' });
    expect(error.message).toContain(shop);
    expect(crawlCalls(estate)).toEqual([]);
    expect(await filesIn(path)).toEqual([]);
  });

  test('one that cannot be entered fails alone: the others are scanned, and the run says that it is not complete', async () => {
    const world = organization(10, (id) => ({ assumable: id !== lab }));
    const { report, exitCode } = await scanned(world, scope(ids));
    const reason = `sts:AssumeRole of arn:aws:iam::${lab}:role/Audit: AccessDenied`;
    expect(report.scope.accounts.filter(({ state }) => state === 'scanned')).toHaveLength(9);
    expect(report.scope.accounts.find(({ id }) => id === lab)).toMatchObject({ state: 'failed', reason });
    expect(report.coverage.filter(({ account }) => account === lab)).toEqual([
      expect.objectContaining({ state: 'denied', reason }) as object,
    ]);
    expect(report.findings.map(({ account }) => account)).toEqual(ids.filter((id) => id !== lab).sort());
    expect(report.run.complete).toBe(false);
    expect(exitCode).toBe(3);
  });

  test.each(['http500', 'emptyAnswer', 'throttle'] as const)('one whose AssumeRole ends in %s fails alone too', async (kind) => {
    const { report, exitCode } = await scanned(organization(), scope([own, shop]), ({ faults }) => {
      faults.add({ kind, operation: 'sts:AssumeRole', times: kind === 'throttle' ? 2 : 100 });
    });
    expect(report.findings.map(({ account }) => account)).toContain(own);
    expect(report.scope.accounts.find(({ id }) => id === shop)?.state).toBe(kind === 'throttle' ? 'scanned' : 'failed');
    expect(exitCode).toBe(kind === 'throttle' ? 0 : 3);
  });

  test('all of which cannot be entered leave a report that says so', async () => {
    const { report, exitCode } = await scanned(
      organization(3, () => ({ assumable: false })),
      scope([shop, lab]),
    );
    expect(report.scope.accounts.map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(report.findings).toEqual([]);
    expect(report.summary.score).toBeNull();
    expect(exitCode).toBe(3);
  });

  test('that lead nowhere cannot be allowed to be incomplete: nothing was read', async () => {
    const { exitCode } = await scanned(
      organization(3, () => ({ assumable: false })),
      { ...scope([shop]), allowIncomplete: true },
    );
    expect(exitCode).toBe(3);
  });

  test('named twice are scanned once', async () => {
    const { report, estate } = await scanned(organization(), { ...scope([shop, shop]), regions: ['us-east-1'] });
    expect(report.scope.accounts.map(({ id }) => id)).toEqual([shop]);
    expect(crawlCalls(estate)).toEqual([`${shop}/us-east-1/ec2:DescribeVolumes`]);
  });
});

describe('without an identity nothing is scanned and nothing written', () => {
  test.each([
    ['denied', { kind: 'deny' }, 'AccessDenied', undefined],
    ['expired', { kind: 'expiredToken' }, 'ExpiredToken', 'Log in again.'],
    [
      'unknown credentials',
      { kind: 'notEnabled' },
      'RegionDisabledException',
      'AWS does not know these credentials: check the access key and the session token.',
    ],
    [
      'no answer',
      { kind: 'reset' },
      'ECONNRESET',
      'No answer from STS in us-east-1: check the network, proxy and AWS_ENDPOINT_URL.',
    ],
    ['an answer that names nobody', { kind: 'emptyAnswer' }, 'EmptyAnswer', undefined],
  ] as const)('%s', async (_, fault, code, hint) => {
    const { error, estate, path } = await refused(organization(), {}, ({ faults }) => {
      faults.add({ ...fault, operation: 'sts:GetCallerIdentity' });
    });
    expect(error).toMatchObject({ code: 'identity', hint });
    expect(error.message).toContain(code);
    expect(crawlCalls(estate)).toEqual([]);
    expect(await filesIn(path)).toEqual([]);
  });

  test('no connection', async () => {
    const { error } = await refused(organization(), {}, () => {
      vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    });
    vi.unstubAllEnvs();
    expect(error).toMatchObject({
      code: 'identity',
      hint: 'No connection to STS in us-east-1: check the network, proxy and AWS_ENDPOINT_URL.',
    });
  });
});

describe('regions', () => {
  test('that are named are the only ones that are called', async () => {
    const { report, estate } = await scanned(organization(), { regions: ['eu-west-1'] });
    expect(report.scope.regions).toEqual(['eu-west-1']);
    expect(crawlCalls(estate)).toEqual([`${own}/eu-west-1/ec2:DescribeVolumes`]);
  });

  test.each([
    ['on the command line', { excludeRegions: ['us-east-1'] }],
    ['in the config', { config: { version: 1 as const, scope: { regions: { exclude: ['us-east-1'] } } } }],
    ['though they are named', { regions, excludeRegions: ['us-east-1'] }],
  ])('that are excluded %s are not called', async (_, overrides) => {
    const { report, estate, exitCode } = await scanned(organization(), overrides);
    expect(report.scope.regions).toEqual(['eu-west-1']);
    expect(crawlCalls(estate)).toEqual([`${own}/eu-west-1/ec2:DescribeVolumes`]);
    expect(exitCode).toBe(0);
  });

  test('of the command line stand in place of those of the config', async () => {
    const { report } = await scanned(organization(), {
      regions: ['us-east-1'],
      config: { version: 1, scope: { regions: { include: ['eu-west-1'] } } },
    });
    expect(report.scope.regions).toEqual(['us-east-1']);
  });

  test.each([
    ['named', { regions: ['eu-west-1', 'us-eats-1'] }],
    ['excluded', { excludeRegions: ['us-eats-1'] }],
    ['named in the config', { config: { version: 1 as const, scope: { regions: { include: ['us-eats-1'] } } } }],
  ])('that do not exist, %s, end the run before anything is scanned', async (_, overrides) => {
    const { error, estate, path } = await refused(organization(), overrides);
    expect(error).toMatchObject({ code: 'config', message: 'There is no region us-eats-1', hint: 'Did you mean us-east-1?' });
    expect(crawlCalls(estate)).toEqual([]);
    expect(await filesIn(path)).toEqual([]);
  });

  test('that exist but are not enabled are skipped by name, and the run is complete', async () => {
    const { report, exitCode, estate } = await scanned(organization(), { regions: ['eu-west-1', 'af-south-1'] });
    expect(report.coverage.map(({ region, state }) => [region, state])).toContainEqual(['af-south-1', 'skipped']);
    expect(report.scope.regions).toEqual(['eu-west-1']);
    expect(crawlCalls(estate)).toEqual([`${own}/eu-west-1/ec2:DescribeVolumes`]);
    expect(report.run.complete).toBe(true);
    expect(exitCode).toBe(0);
  });

  test('newer than this version are scanned like any other', async () => {
    const world = organization(1);
    world.addRegion(own, 'mars-north-1');
    const { report } = await scanned(world);
    expect(report.scope.regions).toEqual([...regions, 'mars-north-1'].sort());
  });

  test('may differ between accounts', async () => {
    const world = organization(2);
    world.addRegion(shop, 'ap-south-1');
    const { estate } = await scanned(world, scope([own, shop]));
    expect(crawlCalls(estate).filter((call) => call.includes('ap-south-1'))).toEqual([`${shop}/ap-south-1/ec2:DescribeVolumes`]);
  });

  const denyRegions = ({ faults }: Pick<Estate, 'faults'>) => {
    faults.add({ kind: 'deny', operation: ['ec2:DescribeRegions', 'account:ListRegions'] });
  };

  test('come from Account Management where DescribeRegions is denied, names that nobody knows yet too', async () => {
    const world = organization(1);
    world.addRegion(own, 'mars-north-1').addRegion(own, 'me-south-1');
    const { report, exitCode, estate } = await scanned(world, {}, ({ faults }) => {
      faults.add({ kind: 'deny', operation: 'ec2:DescribeRegions', reason: 'service-control-policy' });
    });
    expect(report.scope.regions).toEqual([...regions, 'mars-north-1', 'me-south-1'].sort());
    expect(exitCode).toBe(0);
    expect(estate.log.filter(({ operation }) => operation === 'account:ListRegions')).toHaveLength(1);
  });

  test('that Account Management knows are checked like others', async () => {
    const { error } = await refused(organization(), { regions: ['us-eats-1'] }, ({ faults }) => {
      faults.add({ kind: 'deny', operation: 'ec2:DescribeRegions' });
    });
    expect(error).toMatchObject({ code: 'config', message: 'There is no region us-eats-1', hint: 'Did you mean us-east-1?' });
  });

  test('that only one of the accounts sees may be named', async () => {
    const world = organization(2);
    world.addRegion(shop, 'mars-north-1');
    const { report, exitCode, estate } = await scanned(world, { ...scope([own, shop]), regions: ['mars-north-1'] });
    expect(crawlCalls(estate)).toEqual([`${shop}/mars-north-1/ec2:DescribeVolumes`]);
    expect(report.coverage.map(({ account, region, state }) => `${account}/${region} ${state}`)).toEqual([
      `${own}/mars-north-1 skipped`,
      `${shop}/mars-north-1 complete`,
    ]);
    expect(exitCode).toBe(0);
  });

  test('are taken at their word where both are denied', async () => {
    const { report, exitCode } = await scanned(organization(), { regions: ['us-east-1'] }, denyRegions);
    expect(report.scope.accounts).toEqual([expect.objectContaining({ id: own, state: 'scanned' }) as object]);
    expect(report.findings.map(({ verdict }) => verdict)).toEqual(['fail']);
    expect(exitCode).toBe(0);
  });

  test('that are not named leave an account where both are denied with nothing to go by', async () => {
    const { report, exitCode, estate } = await scanned(organization(), {}, denyRegions);
    expect(report.scope.accounts).toEqual([expect.objectContaining({ id: own, state: 'failed' }) as object]);
    expect(report.scope.accounts[0]?.reason).toMatch(
      /^ec2:DescribeRegions: UnauthorizedOperation; name the regions with --region/,
    );
    expect(report.coverage).toHaveLength(1);
    expect(crawlCalls(estate)).toEqual([]);
    expect(exitCode).toBe(3);
  });

  test('that DescribeRegions leaves out are not zero regions', async () => {
    const { report, exitCode } = await scanned(organization(), {}, ({ faults }) => {
      faults.add({ kind: 'emptyAnswer', operation: 'ec2:DescribeRegions' });
    });
    expect(report.run.complete).toBe(false);
    expect(exitCode).toBe(3);
  });

  test('named twice are scanned once', async () => {
    const { report, estate } = await scanned(organization(), { regions: ['us-east-1', 'us-east-1'] });
    expect(crawlCalls(estate)).toEqual([`${own}/us-east-1/ec2:DescribeVolumes`]);
    expect(report.coverage).toHaveLength(1);
  });
});

describe('buckets with a legacy location', () => {
  test.each([
    ['EU', 'eu-west-1'],
    ['', 'us-east-1'],
    ['us-west-2', 'us-west-2'],
    [undefined, 'home'],
  ])('%o is in %s', (written, expected) => {
    expect(bucketRegion(written, 'home')).toBe(expected);
  });

  test('are asked in the region that the name stands for, and no other', async () => {
    const world = organization(1);
    world.put(own, 'eu-west-1', 's3.bucket', { Name: 'from-2009', BucketRegion: 'EU' });
    world.put(own, 'eu-west-1', 's3.bucket', { Name: 'of-today' });
    const { estate, report } = await scanned(world, { ruleGlobs: ['s3/default-encryption'], regions: ['eu-west-1'] });
    const asked = estate.log.filter(({ operation }) => operation === 's3:GetBucketEncryption');
    expect(asked.map(({ region, params }) => [region, params['Bucket']])).toContainEqual(['eu-west-1', 'from-2009']);
    expect(new Set(asked.map(({ region }) => region))).toEqual(new Set(['eu-west-1']));
    expect(report.findings.map(({ name, region }) => [name, region])).toEqual([
      ['from-2009', 'eu-west-1'],
      ['of-today', 'eu-west-1'],
    ]);
  });
});
