import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { demoWorld, startEstate, type CallRecord, type World } from '#estate/index.js';
import { plan, type Plan } from '#index.js';
import { scan } from '#scan.js';
import { account, other, regions, smallWorld } from '../support/small-world.js';
import { atrest, estateEnv, inFolder, program } from '../support/cli.js';
import { scanEstate, scanOptions, useEstate, type ScanOverrides } from '../support/scan-estate.js';

const scope = { config: { version: 1 as const, scope: { accounts: [account, other], role: 'AtrestAudit' } } };

/** Two accounts; in the second a list and a key's description are denied. */
function twoAccounts(): World {
  const world = smallWorld().addAccount(other, { regions, roles: [{ name: 'AtrestAudit' }] });
  const some = { 'kms.key': 4, 's3.bucket': 12, 'ebs.volume': 520, 'rds.instance': 5, 'rds.snapshot': 110 };
  world.generate(other, 'us-east-1', some);
  world.put(other, 'eu-west-1', 'kms.key', {});
  world.deny({ account: other, region: 'us-east-1', operation: 'rds:DescribeDBInstances', reason: 'service-control-policy' });
  world.deny({ account: other, region: 'eu-west-1', operation: 'kms:DescribeKey' });
  return world;
}

const planOf = (overrides: ScanOverrides, from?: string) => plan({ ...scanOptions('unused', overrides), from });

function counted(log: readonly Pick<CallRecord, 'account' | 'region' | 'operation'>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { account: id, region, operation } of log) {
    const name = `${id}/${region}/${operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function planned({ calls }: Plan): Record<string, number> {
  const some = calls.filter((row) => row.calls > 0);
  return Object.fromEntries(
    some.map(({ account: id, region, operation, calls: count }) => [`${id}/${region}/${operation}`, count]),
  );
}

/** What a scan of the world asks, beside what was planned for it beforehand. */
async function nextScan(world: World, overrides: ScanOverrides, from: string | undefined, out: string) {
  const estate = await startEstate(world);
  try {
    useEstate(estate);
    const document = await planOf(overrides, from);
    const asked = estate.log.length;
    await scan(scanOptions(out, overrides));
    return { document, asked, made: counted(estate.log.slice(asked)) };
  } finally {
    await estate.close();
  }
}

test('a plan from a finished run is what the next scan asks, operation by operation', async () => {
  await inFolder(async (folder) => {
    await scanEstate(twoAccounts(), scope, async ({ path }) => {
      const { document, asked, made } = await nextScan(twoAccounts(), scope, path, join(folder, 'next'));
      expect(planned(document)).toEqual(made);
      expect(made[`${other}/us-east-1/ec2:DescribeVolumes`]).toBe(2);
      // What hangs on what was denied is not known.
      const estimates = new Map(document.calls.map((row) => [`${row.account}/${row.region}/${row.operation}`, row.estimate]));
      expect(new Set(estimates.values())).toEqual(new Set([null, 'incomplete']));
      expect(estimates.get(`${other}/us-east-1/rds:DescribeDBInstances`)).toBe('incomplete');
      expect(estimates.get(`${other}/us-east-1/rds:DescribeDBClusters`)).toBeNull();
      expect(estimates.get(`${other}/eu-west-1/kms:GetKeyRotationStatus`)).toBe('incomplete');
      expect(estimates.get(`${account}/eu-west-1/kms:GetKeyRotationStatus`)).toBeNull();
      expect(document).toMatchObject({ complete: false, basis: { kind: 'run', calls: asked } });
      // Who we are, a role in the other account and who it is, and the regions of both.
      expect(asked).toBe(5);
    });
  });
}, 60_000);

test('where everything was read, no count is an estimate', async () => {
  await scanEstate(smallWorld(), {}, async ({ path, estate }) => {
    const before = counted(estate.log);
    const document = await planOf({}, path);
    expect(planned(document)).toEqual(before);
    expect(document.calls.filter(({ estimate }) => estimate !== null)).toEqual([]);
    expect(document.complete).toBe(true);
  });
});

test('a plan from a run of other rules marks as estimates what that run did not read', async () => {
  await inFolder(async (folder) => {
    await scanEstate(
      smallWorld(),
      { ruleGlobs: ['kms/alias-target-usable', 'ebs/volume-encrypted', 's3/default-encryption'] },
      async ({ path }) => {
        const next = { ruleGlobs: ['kms/rotation-enabled', 'ebs/volume-encrypted', 'rds/instance-encrypted'] };
        const { document, made } = await nextScan(smallWorld(), next, path, `${folder}/next`);
        expect(Object.keys(planned(document)).sort()).toEqual(Object.keys(made).sort());
        const rows = new Map(document.calls.map((row) => [`${row.region} ${row.operation}`, row]));
        // The earlier run knew the keys' metadata, and so which of them can rotate: no need to have asked whether they do.
        expect(rows.get('us-east-1 kms:GetKeyRotationStatus')).toMatchObject({
          calls: made[`${account}/us-east-1/kms:GetKeyRotationStatus`],
          estimate: null,
        });
        expect(rows.get('us-east-1 rds:DescribeDBInstances')).toMatchObject({ calls: 1, estimate: 'not-listed' });
        expect(rows.get('us-east-1 ec2:DescribeVolumes')).toMatchObject({ calls: 1, estimate: null });
        expect(rows.has('us-east-1 s3:GetBucketEncryption')).toBe(false);
      },
    );
  });
});

test('without an earlier run the lists are read, and what costs a call for each resource is estimated from them', async () => {
  const world = smallWorld();
  world.generate(account, 'us-east-1', { 'ebs.volume': 700 });
  await inFolder(async (folder) => {
    const narrowed = { regions: ['us-east-1'], services: ['ec2', 'kms'] as const, ruleGlobs: ['ebs/*', 'kms/*'] };
    const { document, asked, made } = await nextScan(world, narrowed, undefined, `${folder}/next`);
    expect(document.basis).toEqual({ kind: 'listing', run: null, calls: asked });
    const rows = new Map(document.calls.map((row) => [row.operation, row]));
    const exact = document.calls.filter(({ estimate }) => estimate === null);
    for (const { region, operation, calls } of exact)
      expect([operation, calls]).toEqual([operation, made[`${account}/${region}/${operation}`]]);
    expect(rows.get('ec2:DescribeVolumes')).toMatchObject({ calls: 2, estimate: null });
    expect(rows.get('ec2:DescribeSnapshots')?.estimate).toBeNull();
    expect(rows.get('ec2:GetEbsEncryptionByDefault')).toMatchObject({ calls: 1, estimate: null });
    // What nothing unread decides about is exact; AWS managed keys are told by their aliases.
    for (const operation of ['ec2:DescribeSnapshotAttribute', 'kms:GetKeyLastUsage', 'kms:GetKeyPolicy', 'kms:ListGrants']) {
      const row = rows.get(operation);
      expect([operation, row?.estimate]).toEqual([operation, 'not-read']);
      expect(row?.calls, operation).toBeGreaterThanOrEqual(made[`${account}/us-east-1/${operation}`] ?? 0);
    }
    expect(rows.get('kms:GetKeyPolicy')?.calls).toBe(made[`${account}/us-east-1/kms:GetKeyPolicy`]);
  });
}, 60_000);

test('buckets are counted exactly before any of them is asked, but for those of regions that are left out', async () => {
  const world = smallWorld();
  world.generate(account, 'us-east-1', { 's3.bucket': 30 });
  await inFolder(async (folder) => {
    const buckets = { regions: ['us-east-1'], ruleGlobs: ['s3/default-encryption', 's3/log-target-deliverable'] };
    const { document, made } = await nextScan(world, buckets, undefined, `${folder}/next`);
    const of = (operation: string) => document.calls.find((row) => row.operation === operation);
    expect(of('s3:GetBucketLogging')).toMatchObject({ calls: 33, estimate: null });
    expect(made[`${account}/us-east-1/s3:GetBucketLogging`]).toBe(33);
    const lines = new Map(document.cost.lines.map(({ what, calls }) => [what, calls]));
    expect(lines.get('S3 GET and all other requests')).toBe(
      Object.entries(made).reduce((sum, [id, count]) => (id.includes('/s3:Get') ? sum + count : sum), 0),
    );
  });
});

test('every facet and operation of a plan has the rules because of which it is read', async () => {
  await scanEstate(smallWorld(), {}, async ({ path }) => {
    const document = await planOf({}, path);
    const facets = new Map(document.facets.map((facet) => [facet.facet, facet]));
    expect(facets.get('kms.key/rotation')).toMatchObject({ asked: 'resource', operations: ['kms:GetKeyRotationStatus'] });
    expect(facets.get('kms.key/rotation')?.rules).toContain('kms/rotation-enabled');
    expect(facets.get('kms.key/lastUsage')).toMatchObject({ asked: 'follow-up', rules: ['kms/unused'] });
    expect(facets.get('ebs.defaults/defaultKey')).toMatchObject({ asked: 'region' });
    for (const { facet, rules } of document.facets) expect(rules.length, facet).toBeGreaterThan(0);
    const free = document.operations.filter(({ rules }) => rules.length === 0).map(({ operation }) => operation);
    expect(free).toEqual(['ec2:DescribeRegions', 'sts:GetCallerIdentity']);
  });
});

test('the longest wait bounds the time: here a quota of five calls a second, of which a scan takes half', async () => {
  const world = smallWorld();
  world.generate(account, 'us-east-1', { 'kms.key': 400 });
  const estate = await startEstate(world);
  try {
    useEstate(estate);
    const document = await planOf({ ruleGlobs: ['kms/unused'], services: ['kms'] });
    const calls = document.calls.find(
      ({ region, operation }) => region === 'us-east-1' && operation === 'kms:GetKeyLastUsage',
    )?.calls;
    expect(calls).toBeGreaterThan(100);
    expect(document.time.boundBy).toBe('quota');
    expect(document.time.seconds).toBeCloseTo(((calls ?? 0) - 2.5) / 2.5, 5);
    const slowed = await planOf({ ruleGlobs: ['kms/unused'], services: ['kms'], connection: { maxRps: 1 } }).catch(String);
    expect(slowed).toMatchObject({ time: { boundBy: 'max-rps' } });
  } finally {
    await estate.close();
  }
}, 60_000);

test('the command prints text in 80 columns and JSON that its schema describes', async () => {
  const estate = await startEstate(demoWorld());
  try {
    await inFolder(async (folder) => {
      const env = estateEnv(estate);
      await writeFile(
        join(folder, 'atrest.yaml'),
        'version: 1\nscope: { accounts: ["111111111111", "222222222222"], role: AtrestAudit }\n',
      );
      const text = await atrest(['plan', '--region', 'us-east-1,eu-west-1', '--quiet'], { cwd: folder, env });
      expect(text).toMatchObject({ code: 0, stderr: '' });
      expect(text.stdout).toMatch(/^\d+ calls in 2 accounts and 2 regions, for \d+ rules$/m);
      expect(text.stdout).toMatch(/^Time: at least [\d.]+ s, bound by (quota|paging|CPU)$/m);
      expect(text.stdout).toContain('Counts marked ~ are estimates');
      for (const line of text.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
      expect(await readdir(folder)).toEqual(['atrest.yaml']);
      const json = await atrest(['plan', '--region', 'us-east-1', '--format', 'json'], { cwd: folder, env });
      const schema = JSON.parse(await readFile(join(dirname(program), 'schema/plan.schema.json'), 'utf8')) as object;
      const validate = new Ajv2020({ allErrors: true }).compile(schema);
      expect(validate(JSON.parse(json.stdout)), JSON.stringify(validate.errors)).toBe(true);
    });
  } finally {
    await estate.close();
  }
}, 60_000);

test('what cannot be planned is said, and is an exit code', async () => {
  const estate = await startEstate(smallWorld());
  try {
    const env = estateEnv(estate);
    const codes = async (...args: string[]) => (await atrest(['plan', ...args], { env })).code;
    const nowhere = await atrest(['plan', '--from', '/nonexistent/run'], { env });
    expect(nowhere).toMatchObject({ code: 2, stdout: '' });
    expect(nowhere.stderr).toMatch(/\/nonexistent\/run is not a run folder/);
    expect(estate.log).toEqual([]);
    expect(await codes('--all-regions')).toBe(2);
    expect(await codes('--from', 'run', '--preflight')).toBe(2);
    expect(await codes('--format', 'html')).toBe(2);
    estate.faults.add({ kind: 'deny', operation: 'kms:ListKeys' });
    const partial = await atrest(['plan', '--rules', 'kms/rotation-enabled'], { env });
    expect(partial.code).toBe(3);
    expect(partial.stdout).toMatch(/~2 {2}kms:ListKeys/);
    expect(partial.stdout).toContain('Something could not be read');
  } finally {
    await estate.close();
  }
}, 60_000);
