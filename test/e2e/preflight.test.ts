import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { createWorld, startEstate, type CallRecord, type Estate } from '#estate/index.js';
import { preflight, type Preflight } from '#index.js';
import { atrest, estateEnv } from '../support/cli.js';
import { account, other, smallWorld } from '../support/small-world.js';
import { scanOptions, useEstate, type ScanOverrides } from '../support/scan-estate.js';

async function preflightOf(
  estate: Estate,
  overrides: ScanOverrides & { allRegions?: boolean } = {},
): Promise<{ found: Preflight; log: readonly CallRecord[]; row: (id: string) => Preflight['accounts'][number] }> {
  useEstate(estate);
  const from = estate.log.length;
  const found = await preflight({ ...scanOptions('unused', overrides), allRegions: overrides.allRegions ?? false });
  const row = (id: string) => {
    const named = found.accounts.find((each) => each.id === id);
    if (named === undefined) throw new Error(`There is no row for ${id}`);
    return named;
  };
  return { found, log: estate.log.slice(from), row };
}

async function withEstate(world: ReturnType<typeof smallWorld>, use: (estate: Estate) => Promise<void>): Promise<void> {
  const estate = await startEstate(world);
  try {
    await use(estate);
  } finally {
    await estate.close();
  }
}

/** Every operation that a scan of the small world makes, and some that it would make for other resources. */
const operations = (log: readonly CallRecord[]) => [...new Set(log.map(({ operation }) => operation))].sort();

test('where all is allowed nothing is missing, and each operation is called once in one region', async () => {
  await withEstate(smallWorld(), async (estate) => {
    const { found, log, row } = await preflightOf(estate);
    expect(found).toMatchObject({ missing: false, complete: true });
    expect(row(account)).toMatchObject({ regions: ['us-east-1'], denied: [], unclear: [], statement: null });
    expect(new Set(log.map(({ region }) => region)).has('eu-west-1')).toBe(false);
    const counts = new Map<string, number>();
    for (const { operation, params } of log) {
      // Of buckets and directory buckets the same operation needs two actions.
      const name = `${operation} ${String(/--x-s3/.test(JSON.stringify(params)))}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    counts.delete('ec2:DescribeRegions false');
    expect([...counts].filter(([, count]) => count > 1)).toEqual([]);
    for (const { operation } of log) expect(operation).toMatch(/:(List|Get|Describe|Head)/);
  });
});

test('lists are asked for in the smallest pages, and no key is touched', async () => {
  await withEstate(smallWorld(), async (estate) => {
    const { log } = await preflightOf(estate);
    const of = (operation: string) => log.find((call) => call.operation === operation)?.params;
    expect(of('ec2:DescribeSnapshots')).toMatchObject({ MaxResults: 5, OwnerIds: ['self'] });
    expect(of('kms:ListKeys')).toMatchObject({ Limit: 1 });
    expect(of('rds:DescribeDBInstances')).toMatchObject({ MaxRecords: 20 });
    const keys = log.filter(({ params }) => params['KeyId'] !== undefined);
    expect(operations(keys)).toEqual(expect.arrayContaining(['kms:DescribeKey', 'kms:GetKeyLastUsage', 'kms:GetKeyPolicy']));
    expect(new Set(keys.map(({ params }) => params['KeyId']))).toEqual(new Set(['00000000-0000-4000-8000-000000000000']));
  });
});

test('it calls nothing that the rules do not need', async () => {
  await withEstate(smallWorld(), async (estate) => {
    const { log } = await preflightOf(estate, { ruleGlobs: ['ebs/volume-encrypted'] });
    expect(operations(log)).toEqual(['ec2:DescribeRegions', 'ec2:DescribeVolumes', 'sts:GetCallerIdentity']);
  });
});

/** Denied one by one: whatever a scan needs, a preflight finds out without it. */
test('each permission that a scan needs is found missing, with the action to allow', async () => {
  await withEstate(smallWorld(), async (estate) => {
    const { log } = await preflightOf(estate);
    const needed = operations(log).filter((operation) => !/^sts:|DescribeRegions$/.test(operation));
    expect(needed.length).toBeGreaterThan(35);
    for (const operation of needed) {
      const fault = estate.faults.add({ kind: 'deny', operation });
      const { found, row } = await preflightOf(estate);
      fault.remove();
      const { denied, statement } = row(account);
      expect(found.missing, operation).toBe(true);
      expect(new Set(denied.map((each) => each.operation)), operation).toEqual(new Set([operation]));
      for (const { rules, code } of denied) {
        expect(rules.length, operation).toBeGreaterThan(0);
        expect(code).toMatch(/AccessDenied|UnauthorizedOperation/);
      }
      expect(statement).toEqual({ Effect: 'Allow', Action: denied.map(({ action }) => action).sort(), Resource: '*' });
    }
  });
}, 60_000);

test('what an Allow does not help against is said, and is in no statement', async () => {
  await withEstate(smallWorld(), async (estate) => {
    estate.faults.add({ kind: 'deny', operation: 'kms:ListAliases', reason: 'service-control-policy' });
    estate.faults.add({ kind: 'deny', operation: 'ec2:DescribeImages', reason: 'identity-deny' });
    estate.faults.add({ kind: 'deny', operation: 's3:GetBucketLogging', reason: 'resource-policy' });
    const { found, row } = await preflightOf(estate);
    expect(found.missing).toBe(true);
    expect(row(account).statement).toBeNull();
    expect(row(account).denied).toMatchObject([
      { operation: 'ec2:DescribeImages', deniedBy: 'identity-policy', explicit: true },
      { operation: 'kms:ListAliases', deniedBy: 'service-control-policy', explicit: true },
      { operation: 's3:GetBucketLogging', deniedBy: 'resource-policy', explicit: false },
    ]);
  });
});

test('a bucket whose own policy refuses does not speak for its neighbours', async () => {
  await withEstate(smallWorld(), async (estate) => {
    estate.faults.add({ kind: 'deny', operation: 's3:GetBucketPolicy', reason: 'resource-policy', resource: 'alias-us-east-1' });
    estate.faults.add({ kind: 'deny', operation: 's3:GetBucketPolicy', reason: 'resource-policy', resource: 'alias-eu-west-1' });
    expect((await preflightOf(estate)).found.missing).toBe(false);
  });
});

test('a denial in one region is found in all regions, and buckets outside the scope are left alone', async () => {
  await withEstate(smallWorld(), async (estate) => {
    estate.faults.add({ kind: 'deny', operation: 'rds:*', region: 'eu-west-1', reason: 'service-control-policy' });
    expect((await preflightOf(estate)).found.missing).toBe(false);
    const { row } = await preflightOf(estate, { allRegions: true });
    expect(row(account).regions).toEqual(['eu-west-1', 'us-east-1']);
    expect(new Set(row(account).denied.flatMap(({ regions }) => regions))).toEqual(new Set(['eu-west-1']));
    const { log } = await preflightOf(estate, { regions: ['us-east-1'] });
    const buckets = log.flatMap(({ params }) => params['Bucket'] ?? []);
    expect(buckets.length).toBeGreaterThan(0);
    for (const bucket of buckets) expect(bucket).toMatch(/us-east-1/);
  });
});

test('what there is no resource for is not tried, and said so', async () => {
  await withEstate(createWorld().addAccount(account, { regions: ['us-east-1'] }), async (estate) => {
    estate.faults.add({ kind: 'deny', operation: ['kms:GetKeyPolicy', 'rds:DescribeDBSnapshotAttributes'] });
    const { found, row } = await preflightOf(estate);
    expect(row(account).denied.map(({ operation }) => operation)).toEqual([
      'kms:GetKeyPolicy',
      'rds:DescribeDBSnapshotAttributes',
    ]);
    const untried = new Map(row(account).notTried.map(({ operation, why }) => [operation, why]));
    expect(untried.get('s3:GetBucketPolicy')).toBe('there is no s3.bucket to try it on');
    expect(untried.get('ec2:DescribeSnapshotAttribute')).toBe('there is no ebs.snapshot to try it on');
    expect(found.complete).toBe(true);
  });
});

test('an answer that says neither is not clear, and the command exits 3', async () => {
  await withEstate(smallWorld(), async (estate) => {
    estate.faults.add({ kind: 'http500', operation: 'kms:ListGrants' });
    const { found, row } = await preflightOf(estate);
    expect(found).toMatchObject({ missing: false, complete: false });
    expect(row(account).unclear).toMatchObject([
      { operation: 'kms:ListGrants', region: 'us-east-1', code: 'KMSInternalException' },
    ]);
    expect((await atrest(['plan', '--preflight'], { env: estateEnv(estate) })).code).toBe(3);
  });
});

test('an account that cannot be entered, or does not list its regions, is missing a permission', async () => {
  const world = smallWorld();
  world.addAccount(other, { regions: ['us-east-1'], roles: [{ name: 'AtrestAudit' }] });
  world.addAccount('333333333333', { regions: ['us-east-1'] });
  const config = { version: 1 as const, scope: { accounts: [account, other, '333333333333'], role: 'AtrestAudit' } };
  await withEstate(world, async (estate) => {
    const denied = estate.faults.add({ kind: 'deny', operation: 'ec2:DescribeRegions', account: other });
    const alone = await preflightOf(estate, { config, accounts: [account, other] });
    expect(alone.row(other), 'Account Management lists them too').toMatchObject({ state: 'scanned', statement: null });
    denied.remove();
    estate.faults.add({ kind: 'deny', operation: ['ec2:DescribeRegions', 'account:ListRegions'], account: other });
    const { found, row } = await preflightOf(estate, { config });
    expect(found.missing).toBe(true);
    expect(row('333333333333')).toMatchObject({ state: 'failed', gap: { operation: 'sts:AssumeRole' }, statement: null });
    expect(row(other)).toMatchObject({ state: 'failed', statement: { Action: ['ec2:DescribeRegions'] } });
    expect(row(account).denied).toEqual([]);
    const named = await preflightOf(estate, { config, regions: ['us-east-1'] });
    expect(named.row(other)).toMatchObject({ state: 'scanned', statement: { Action: ['ec2:DescribeRegions'] } });
  });
});

const schemaOf = async (name: string) =>
  JSON.parse(await readFile(fileURLToPath(new URL(`../../dist/schema/${name}.schema.json`, import.meta.url)), 'utf8')) as object;

test('the command prints what the schema says, text in 80 columns, and exits by what is missing', async () => {
  await withEstate(smallWorld(), async (estate) => {
    const env = estateEnv(estate);
    const clean = await atrest(['plan', '--preflight'], { env });
    expect(clean.code).toBe(0);
    expect(clean.stdout).toContain('Nothing that was tried is denied.');
    estate.faults.add({ kind: 'deny', operation: ['kms:GetKeyPolicy', 's3:GetBucketEncryption'] });
    const text = await atrest(['plan', '--preflight', '--baseline', 'strict'], { env });
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(/denied: kms:GetKeyPolicy in us-east-1: AccessDeniedException,[\s\S]*would be\s+unknown/);
    expect(text.stdout).toContain('"s3express:GetEncryptionConfiguration"');
    for (const line of text.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    const json = await atrest(['plan', '--preflight', '--format', 'json'], { env });
    expect(json.code).toBe(1);
    const validate = new Ajv2020({ allErrors: true }).compile(await schemaOf('preflight'));
    expect(validate(JSON.parse(json.stdout)), JSON.stringify(validate.errors)).toBe(true);
  });
});
