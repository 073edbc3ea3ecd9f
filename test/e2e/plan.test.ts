import { expect, test } from 'vitest';
import { demoWorld, startEstate, type CallRecord, type World } from '#estate/index.js';
import { plan, type Plan } from '#index.js';
import { scan } from '#scan.js';
import { account, smallWorld } from '../support/small-world.js';
import { inFolder } from '../support/cli.js';
import { scanEstate, scanOptions, useEstate, type ScanOverrides } from '../support/scan-estate.js';

const demo = {
  config: { version: 1 as const, scope: { accounts: ['111111111111', '222222222222', '333333333333'], role: 'AtrestAudit' } },
};

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
    await scanEstate(demoWorld(), demo, async ({ path }) => {
      const { document, asked, made } = await nextScan(demoWorld(), demo, path, `${folder}/next`);
      expect(planned(document)).toEqual(made);
      // A list of databases and a key are denied to the role: what hangs on them is not known.
      const estimates = new Map(document.calls.map((row) => [`${row.account}/${row.region}/${row.operation}`, row.estimate]));
      expect(new Set(estimates.values())).toEqual(new Set([null, 'incomplete']));
      expect(estimates.get('333333333333/us-east-2/rds:DescribeDBInstances')).toBe('incomplete');
      expect(estimates.get('333333333333/us-east-2/rds:DescribeDBClusters')).toBeNull();
      expect(estimates.get('222222222222/eu-west-1/kms:GetKeyRotationStatus')).toBe('incomplete');
      expect(document).toMatchObject({ complete: false, basis: { kind: 'run', calls: asked } });
      // Who we are, a role in each of two accounts, and the regions of all three.
      expect(asked).toBe(8);
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
        // The earlier run knew the keys' metadata, and so which of them can rotate, but did not ask whether they do.
        expect(rows.get('us-east-1 kms:GetKeyRotationStatus')).toMatchObject({
          calls: made[`${account}/us-east-1/kms:GetKeyRotationStatus`],
          estimate: 'not-read',
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
    for (const operation of ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyLastUsage', 'ec2:DescribeSnapshotAttribute']) {
      const row = rows.get(operation);
      expect([operation, row?.estimate]).toEqual([operation, 'not-read']);
      expect(row?.calls).toBeGreaterThanOrEqual(made[`${account}/us-east-1/${operation}`] ?? 0);
    }
  });
}, 60_000);
