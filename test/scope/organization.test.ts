import { describe, expect, test } from 'vitest';
import type { Config } from '#config/schema.js';
import { createWorld, type Role, type World } from '#estate/index.js';
import { planFromInventory } from '#plan/from-inventory.js';
import { crawlCalls, filesIn, refused, scanned } from './support.js';

const management = '111111111111';
const shop = '222222222222';
const web = '333333333333';
const lab = '444444444444';
const old = '555555555555';
const tooling = '666666666666';
const regions = ['us-east-1'];
const root = 'o-estate00000/r-ab12';
const prod = 'ou-ab12-prodprod';
const retail = 'ou-ab12-retailxx';
const sandbox = 'ou-ab12-sandboxx';

/**
 * Root: management, tooling. Prod: shop; below it Retail: web. Sandbox: lab, and old, which is suspended. Each has one
 * unencrypted volume.
 */
function acme(role: Partial<Role> = {}, { seed = 9 } = {}): World {
  const world = createWorld({ seed });
  const roles = [{ name: 'Audit', ...role }];
  world.addAccount(management, { name: 'management', regions, management: true, path: `${root}/` });
  world.addAccount(shop, { name: 'shop', regions, roles, path: `${root}/${prod}/`, tags: { Env: 'prod' } });
  // AWS may end a path with the account.
  world.addAccount(web, { name: 'web', regions, roles, path: `${root}/${prod}/${retail}/${web}/`, tags: { Env: 'prod' } });
  world.addAccount(lab, { name: 'lab', regions, roles, path: `${root}/${sandbox}/`, tags: { Env: 'test' } });
  world.addAccount(old, { name: 'old', regions, roles, path: `${root}/${sandbox}/`, state: 'SUSPENDED' });
  world.addAccount(tooling, { name: 'tooling', regions, roles, path: `${root}/` });
  world.nameUnit(prod, 'Prod').nameUnit(retail, 'Retail').nameUnit(sandbox, 'Sandbox');
  for (const id of world.accounts()) world.put(id, 'us-east-1', 'ebs.volume', { Encrypted: false });
  return world;
}

type Organization = NonNullable<NonNullable<Config['scope']>['organization']>;

const organization = (more: Partial<Organization> = {}, config: Partial<Config> = {}) => ({
  config: { version: 1 as const, scope: { organization: { role: 'Audit', ...more } }, ...config },
});

async function chosen(more: Partial<Organization>, config: Partial<Config> = {}, prepare?: Parameters<typeof scanned>[2]) {
  const { report, estate, exitCode } = await scanned(acme(), organization(more, config), prepare);
  const asked = estate.log.map(({ operation }) => operation).filter((operation) => operation.startsWith('organizations:'));
  return { ids: report.scope.accounts.map(({ id }) => id), asked, report, exitCode };
}

describe('the accounts of an organisation', () => {
  test('are all scanned, the management account with the caller’s own credentials, closed ones named with their state', async () => {
    const { report, exitCode, estate, path } = await scanned(acme(), organization());
    // The config is in no file.
    const governedBy = null;
    expect(report.scope.accounts).toEqual([
      { id: management, name: 'management', path: root, state: 'scanned', reason: null, governedBy },
      { id: shop, name: 'shop', path: `${root}/${prod}`, state: 'scanned', reason: null, governedBy },
      { id: web, name: 'web', path: `${root}/${prod}/${retail}`, state: 'scanned', reason: null, governedBy },
      { id: lab, name: 'lab', path: `${root}/${sandbox}`, state: 'scanned', reason: null, governedBy },
      { id: tooling, name: 'tooling', path: root, state: 'scanned', reason: null, governedBy },
      { id: old, name: 'old', path: `${root}/${sandbox}`, state: 'skipped', reason: 'SUSPENDED', governedBy },
    ]);
    expect(report.findings.map(({ account }) => account)).toEqual([management, shop, web, lab, tooling]);
    expect(report.coverage.filter(({ account }) => account === old)).toEqual([
      { account: old, region: '*', service: '*', state: 'skipped', reason: 'the account is SUSPENDED', operations: [] },
    ]);
    expect(report.run).toMatchObject({ complete: true });
    expect(report.run.callers[management]).toBe(`arn:aws:iam::${management}:user/estate`);
    expect(exitCode).toBe(0);
    expect(estate.log.some(({ params }) => String(params['RoleArn']).includes(old))).toBe(false);
    // Nothing is asked that nothing needs.
    const asked = estate.log.filter(({ operation }) => operation.startsWith('organizations:'));
    expect(asked.map(({ operation }) => operation)).toEqual(['organizations:ListAccounts']);
    expect(asked[0]?.params).toEqual({ MaxResults: 20 });
    expect([...(await planFromInventory(path)).values()].reduce((sum, count) => sum + count, 0)).toBe(estate.log.length);
  });

  test.each(['PENDING_ACTIVATION', 'PENDING_CLOSURE', 'CLOSED'] as const)('that are %s are skipped too', async (state) => {
    const world = acme();
    world.account(lab).state = state;
    const { report } = await scanned(world, organization({ include: [lab, shop] }));
    expect(report.scope.accounts.map(({ id, state: as, reason }) => [id, as, reason])).toEqual([
      [shop, 'scanned', null],
      [lab, 'skipped', state],
    ]);
  });

  test('whose state AWS leaves out are tried', async () => {
    const { report } = await scanned(acme(), organization(), ({ faults }) => {
      faults.add({ kind: 'dropField', field: 'State', operation: 'organizations:ListAccounts' });
    });
    expect(report.scope.accounts).toHaveLength(6);
    expect(report.scope.accounts.every(({ state }) => state === 'scanned')).toBe(true);
  });

  test('are found on every page, empty ones in between', async () => {
    const world = acme();
    for (let n = 0; n < 44; n += 1)
      world.addAccount(String(700_000_000_000 + n), { regions, roles: [{ name: 'Audit' }], path: `${root}/${sandbox}/` });
    const { report, estate } = await scanned(world, organization(), ({ faults }) => {
      faults.add({ kind: 'emptyPage', operation: 'organizations:ListAccounts', page: 1 });
      faults.add({ kind: 'emptyPage', operation: 'organizations:ListAccounts', page: 3 });
    });
    expect(report.scope.accounts).toHaveLength(50);
    expect(estate.log.filter(({ operation }) => operation === 'organizations:ListAccounts')).toHaveLength(5);
  });

  test('are assumed once each, however many cells read them', async () => {
    const { estate } = await scanned(acme(), { ...organization(), ruleGlobs: ['ebs/*', 'kms/*', 's3/*', 'rds/*'] });
    const assumed = estate.log.filter(({ operation }) => operation === 'sts:AssumeRole');
    expect(assumed.map(({ params }) => String(params['RoleArn']).split(':')[4]).sort()).toEqual([shop, web, lab, tooling]);
    expect(crawlCalls(estate).length).toBeGreaterThan(100);
  });

  test('of which one cannot be assumed fails alone', async () => {
    const world = acme();
    world.addRole(lab, { name: 'Audit', assumable: false });
    const { report, exitCode } = await scanned(world, organization());
    expect(report.scope.accounts.find(({ id }) => id === lab)).toMatchObject({
      state: 'failed',
      reason: `sts:AssumeRole of arn:aws:iam::${lab}:role/Audit: AccessDenied`,
    });
    expect(report.findings.map(({ account }) => account)).toEqual([management, shop, web, tooling]);
    expect(exitCode).toBe(3);
  });
});

describe('accounts are chosen', () => {
  test.each<[string, Partial<Organization>, readonly string[]]>([
    ['by id', { include: [shop, lab] }, [shop, lab]],
    ['by a glob over ids', { include: ['2*', '3*'] }, [shop, web]],
    ['all but some', { exclude: [management, tooling, old] }, [shop, web, lab]],
    ['by OU, with what is nested in it', { include: [prod] }, [shop, web]],
    ['by a glob over OU ids', { include: ['ou-ab12-prod*'] }, [shop, web]],
    ['by the OU inside', { include: [retail] }, [web]],
    ['by path as AWS writes it', { include: [`${root}/${prod}/*`] }, [shop, web]],
    ['by path, * crossing slashes', { include: [`o-*/${retail}`] }, [web]],
    ['by name', { include: ['Prod'] }, [shop, web]],
    ['by path of names', { include: ['Root/Prod/Retail'] }, [web]],
    ['by path of names without the root', { include: ['Prod/R*'] }, [web]],
    ['but not by a part of a name', { include: ['Prod'], exclude: ['Ret'] }, [shop, web]],
    ['by OU, but for one in it', { include: ['Prod'], exclude: ['Prod/Retail'] }, [shop]],
    ['by tag, whatever its case', { include: [{ tags: { env: 'PROD' } }] }, [shop, web]],
    ['by tag and path together', { include: [{ tags: { Env: 'prod' }, path: 'Retail' }] }, [web]],
    ['by name of the account', { include: [{ names: ['l*', 'w*'] }] }, [web, lab]],
    ['without those of a tag', { include: ['Prod', 'Sandbox'], exclude: [{ tags: { Env: 'prod' } }] }, [lab, old]],
  ])('%s', async (_, more, expected) => {
    const { ids, exitCode } = await chosen(more);
    expect(ids).toEqual(expected);
    expect(exitCode).toBe(0);
  });

  test('with the calls that the choice takes, and no other', async () => {
    expect((await chosen({ include: [shop], exclude: ['9*'] })).asked).toEqual(['organizations:ListAccounts']);
    expect((await chosen({ include: [prod] })).asked).toEqual(['organizations:ListAccounts']);
    const { asked } = await chosen({ include: ['Prod'] });
    expect(asked.filter((each) => !/ListAccounts|ListRoots|ListOrganizationalUnitsForParent/.test(each))).toEqual([]);
    expect(asked).toHaveLength(2 + 4);
    const tagged = await chosen({ exclude: [{ tags: { Env: 'test' } }] });
    expect(tagged.asked.filter((each) => each === 'organizations:ListTagsForResource')).toHaveLength(6);
  });

  test('by their paths where ListAccounts does not name them', async () => {
    const { ids, report, asked } = await chosen({ include: [prod] }, {}, ({ faults }) => {
      faults.add({ kind: 'dropField', field: 'Paths', operation: 'organizations:ListAccounts' });
    });
    expect(ids).toEqual([shop, web]);
    expect(report.scope.accounts[1]?.path).toBe(`${root}/${prod}/${retail}`);
    expect(asked.filter((each) => each === 'organizations:ListParents')).toHaveLength(6);
  });

  test('for baselines by path and tag', async () => {
    const { report, asked } = await chosen(
      {},
      {
        baselines: { strictest: { extends: 'strict' }, lenient: { extends: 'recommended' } },
        assign: [
          { baseline: 'strictest', accounts: { path: 'Root/Prod' } },
          { baseline: 'lenient', accounts: { tags: { env: 'test' } } },
        ],
      },
      () => undefined,
    );
    // A baseline by flag stands over what the config assigns: nothing is asked for it.
    expect(asked).toEqual(['organizations:ListAccounts']);
    expect(new Set(Object.values(report.run.baseline))).toEqual(new Set(['strict']));
    const assigned = await scanned(acme(), {
      ...organization(
        {},
        {
          baselines: { strictest: { extends: 'strict' }, lenient: { extends: 'recommended' } },
          assign: [
            { baseline: 'strictest', accounts: { path: 'Root/Prod' } },
            { baseline: 'lenient', accounts: { tags: { env: 'test' } } },
          ],
        },
      ),
      baseline: undefined,
    });
    expect(assigned.report.run.baseline).toEqual({
      [management]: 'recommended',
      [shop]: 'strictest',
      [web]: 'strictest',
      [lab]: 'lenient',
      [tooling]: 'recommended',
      [old]: 'recommended',
    });
  });

  test('by --account among those of the config', async () => {
    const { report } = await scanned(acme(), { ...organization({ include: ['Prod'] }), accounts: [web] });
    expect(report.scope.accounts.map(({ id, name }) => [id, name])).toEqual([[web, 'web']]);
  });

  test.each<[string, Partial<Organization>, readonly string[], string, string | undefined]>([
    [
      'an OU that is not there',
      { include: ['Prodd'] },
      [],
      'scope.organization.include: no account of the organisation fits Prodd',
      `Its accounts are in Root, Root/Prod, Root/Prod/Retail, Root/Sandbox, ${root}, ${root}/${prod}, ${root}/${prod}/${retail}, ${root}/${sandbox}.`,
    ],
    [
      'an account that is not there',
      { include: [shop, '999999999999'] },
      [],
      'scope.organization.include: no account of the organisation fits 999999999999',
      undefined,
    ],
    [
      'everything excluded',
      { include: ['Prod'], exclude: ['Root'] },
      [],
      'scope.organization.include and exclude leave no account of the organisation',
      'It has 6.',
    ],
    [
      '--account of another organisation',
      {},
      ['999999999999'],
      '--account 999999999999: the organisation has no such account',
      undefined,
    ],
    [
      '--account that is excluded',
      { exclude: [lab] },
      [lab],
      `--account ${lab}: scope.organization.include and exclude leave that account out`,
      undefined,
    ],
    [
      'nothing but closed accounts',
      { include: [old] },
      [],
      'None of the accounts that were chosen is open',
      `${old} is SUSPENDED.`,
    ],
  ])('and %s is a mistake', async (_, more, accounts, message, hint) => {
    const { error, estate, path } = await refused(acme(), { ...organization(more), accounts });
    expect(error).toMatchObject({ code: 'config', message });
    if (hint !== undefined) expect(error.hint).toBe(hint);
    expect(crawlCalls(estate)).toEqual([]);
    expect(estate.log.map(({ operation }) => operation)).not.toContain('sts:AssumeRole');
    expect(await filesIn(path)).toEqual([]);
  });
});

describe('an organisation that cannot be listed ends the run before anything is scanned', () => {
  test.each([
    ['ListAccounts denied', 'organizations:ListAccounts', {}],
    ['tags denied', 'organizations:ListTagsForResource', { include: [{ tags: { Env: 'prod' } }] }],
    ['the tree denied', 'organizations:ListRoots', { include: ['Prod'] }],
    ['a branch of the tree denied', 'organizations:ListOrganizationalUnitsForParent', { include: ['Prod'] }],
  ])('%s', async (_, operation, more) => {
    const { error, estate, path } = await refused(acme(), organization(more), ({ faults }) => {
      faults.add({ kind: 'deny', operation });
    });
    expect(error.code).toBe('identity');
    expect(error.message).toContain(`${operation} as arn:aws:iam::${management}:user/estate: AccessDeniedException`);
    expect(error.hint).toContain(`Allow the IAM action ${operation}`);
    expect(crawlCalls(estate)).toEqual([]);
    expect(await filesIn(path)).toEqual([]);
  });

  test.each(['emptyAnswer', 'repeatedToken', 'http500', 'htmlError'] as const)('%s', async (kind) => {
    const { error } = await refused(acme(), organization(), ({ faults }) => {
      faults.add({ kind, operation: 'organizations:ListAccounts' });
    });
    expect(error.code).toBe('identity');
    expect(error.message).toContain('organizations:ListAccounts');
  });

  test('a later page denied: a part of the accounts is not all of them', async () => {
    const world = acme();
    for (let n = 0; n < 20; n += 1) world.addAccount(String(700_000_000_000 + n), { regions });
    const { error } = await refused(world, organization(), ({ faults }) => {
      faults.add({ kind: 'deny', operation: 'organizations:ListAccounts', page: 2 });
    });
    expect(error.code).toBe('identity');
  });

  test('an account that belongs to none', async () => {
    const world = createWorld().addAccount(management, { regions, member: false });
    world.addAccount(shop, { regions });
    const { error } = await refused(world, organization(), () => {
      process.env['AWS_ACCESS_KEY_ID'] = `AKIA${management}ATRS`;
    });
    expect(error).toMatchObject({ code: 'config' });
    expect(error.message).toContain(`Account ${management} belongs to no organisation`);
  });
});

describe('from another account than the management account', () => {
  const asTooling = () => {
    process.env['AWS_ACCESS_KEY_ID'] = `AKIA${tooling}ATRS`;
  };

  test('a delegated administrator lists it, and enters the management account by its role', async () => {
    const world = createWorld({ seed: 9 });
    world.addAccount(management, { regions, management: true, roles: [{ name: 'Audit' }] });
    world.addAccount(tooling, { regions, delegatedAdministrator: true });
    const { report, exitCode } = await scanned(world, organization(), asTooling);
    expect(report.run.callers).toEqual({
      [management]: `arn:aws:sts::${management}:assumed-role/Audit/atrest`,
      [tooling]: `arn:aws:iam::${tooling}:user/estate`,
    });
    expect(exitCode).toBe(0);
  });

  test('a list role lists it, and reads the management account; members are entered from the caller’s', async () => {
    const world = acme({ trusts: [tooling] });
    world.addRole(management, { name: 'List', trusts: [tooling] });
    const listRole = `arn:aws:iam::${management}:role/List`;
    const { report, exitCode, estate } = await scanned(world, organization({ listRole }), asTooling);
    expect(report.run.callers).toEqual({
      [management]: `arn:aws:sts::${management}:assumed-role/List/atrest`,
      [shop]: `arn:aws:sts::${shop}:assumed-role/Audit/atrest`,
      [web]: `arn:aws:sts::${web}:assumed-role/Audit/atrest`,
      [lab]: `arn:aws:sts::${lab}:assumed-role/Audit/atrest`,
      [tooling]: `arn:aws:iam::${tooling}:user/estate`,
      [old]: null,
    });
    expect(exitCode).toBe(0);
    expect(estate.log.filter(({ operation }) => operation === 'sts:AssumeRole')).toHaveLength(4);
  });

  test('without one it is told so', async () => {
    const { error } = await refused(acme(), organization(), asTooling);
    expect(error.code).toBe('identity');
    expect(error.hint).toContain('scope.organization.listRole');
  });

  test('a list role that cannot be assumed is told so', async () => {
    const listRole = `arn:aws:iam::${management}:role/List`;
    const { error } = await refused(acme(), organization({ listRole }), asTooling);
    expect(error.code).toBe('identity');
    expect(error.message).toContain(
      `Cannot become scope.organization.listRole ${listRole}: sts:AssumeRole as arn:aws:iam::${tooling}`,
    );
    expect(error.hint).toContain('sts:AssumeRole');
  });
});

describe('the accounts of the organisation that are not scanned', () => {
  test('are trusted all the same', async () => {
    const world = acme();
    world.put(shop, 'us-east-1', 'ebs.snapshot', { Encrypted: false, sharedWith: [lab] });
    world.put(shop, 'us-east-1', 'ebs.snapshot', { Encrypted: false, sharedWith: ['999999999999'] });
    const { report } = await scanned(world, {
      ...organization({ include: [shop] }),
      ruleGlobs: ['ebs/snapshot-trusted-accounts'],
    });
    expect(report.findings.map(({ verdict }) => verdict).sort()).toEqual(['fail', 'pass']);
    expect(report.findings[0]?.message).toContain('the accounts of the organisation and those configured');
  });
});
