import { expect, test } from 'vitest';
import { planFromInventory } from '#plan/from-inventory.js';
import { demoWorld, type CallRecord } from '#estate/index.js';
import { account, smallWorld } from '../support/small-world.js';
import { scanEstate } from '../support/scan-estate.js';

const demo = {
  config: { version: 1 as const, scope: { accounts: ['111111111111', '222222222222', '333333333333'], role: 'AtrestAudit' } },
};

/** Rules on every list, without those whose calls for each resource AWS lets through slowly. */
const swift = ['*/*-encrypted', 'kms/rotation-enabled', 'kms/policy-not-public', 'kms/alias-present'];

function counted(log: readonly CallRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { account: id, region, operation } of log) {
    const name = `${id}/${region}/${operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test.each(['recommended', 'strict'] as const)(
  'under %s the calls made are exactly those that facets and inventory imply',
  async (baseline) => {
    await scanEstate(demoWorld(), { ...demo, baseline }, async ({ estate, path }) => {
      const plan = await planFromInventory(path);
      const made = counted(estate.log);
      expect(made).toEqual(Object.fromEntries(plan));
      expect(Object.values(made).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(300);
    });
  },
);

test('lists of several pages are walked page by page, and no further', async () => {
  const world = smallWorld();
  world.generate(account, 'us-east-1', { 'ebs.volume': 1400, 'ebs.snapshot': 2300, 'kms.key': 1100, 'rds.snapshot': 250 });
  await scanEstate(
    world,
    { ruleGlobs: swift, regions: ['us-east-1'], services: ['ec2', 'rds', 'kms'] },
    async ({ estate, path, report }) => {
      const plan = await planFromInventory(path);
      expect(counted(estate.log)).toEqual(Object.fromEntries(plan));
      expect(plan.get(`${account}/us-east-1/ec2:DescribeVolumes`)).toBe(3);
      const volumes = [...estate.world.items(account, 'us-east-1', 'ebs.volume')].map(
        ({ VolumeId }) => `arn:aws:ec2:us-east-1:${account}:volume/${VolumeId}`,
      );
      const judged = report.findings.filter(({ rule }) => rule === 'ebs/volume-encrypted').map(({ resource }) => resource);
      expect(judged).toEqual(volumes.sort());
    },
  );
}, 60_000);

test('each rule alone makes only its own calls', async () => {
  await scanEstate(smallWorld(), { ruleGlobs: ['ebs/volume-encrypted'] }, ({ estate }) => {
    expect(new Set(estate.log.map(({ operation }) => operation))).toEqual(
      new Set(['sts:GetCallerIdentity', 'ec2:DescribeRegions', 'ec2:DescribeVolumes']),
    );
  });
});

test('a region or service that was not asked for gets no call', async () => {
  await scanEstate(smallWorld(), { regions: ['eu-west-1'], services: ['s3'] }, ({ estate }) => {
    const regional = estate.log.filter(({ operation }) => !/^(sts|ec2:DescribeRegions|s3:ListBuckets)/.test(operation));
    expect(new Set(regional.map(({ region }) => region))).toEqual(new Set(['eu-west-1']));
    expect(new Set(regional.map(({ operation }) => operation.split(':')[0]))).toEqual(new Set(['s3', 'kms']));
  });
});

test('a region filter that matches no bucket makes calls that list buckets only', async () => {
  const world = smallWorld();
  world.addAccount('444444444444', { regions: ['us-east-1', 'us-west-2'] });
  await scanEstate(
    world,
    { regions: ['us-west-2'], services: ['s3'], ruleGlobs: ['s3/default-encryption'] },
    () => undefined,
  ).catch(() => undefined);
  const { createWorld } = await import('#estate/index.js');
  const lone = createWorld().addAccount(account, { regions: ['us-east-1', 'us-west-2'] });
  for (let n = 0; n < 20; n += 1) lone.put(account, 'us-east-1', 's3.bucket', { Name: `bucket-${String(n)}` });
  await scanEstate(lone, { regions: ['us-west-2'], services: ['s3'], ruleGlobs: ['s3/*'] }, ({ estate }) => {
    expect(
      estate.log
        .filter(({ operation }) => operation.startsWith('s3:'))
        .map(({ operation }) => operation)
        .sort(),
    ).toEqual(['s3:ListBuckets', 's3:ListDirectoryBuckets']);
  });
});

test('the calls keep to what AWS asks of a considerate caller', async () => {
  await scanEstate(demoWorld(), demo, ({ estate }) => {
    const of = (operation: string) => estate.log.filter((call) => call.operation === operation);
    const awsManaged = new Set<string>();
    for (const id of estate.world.accounts()) {
      for (const region of estate.world.regions(id)) {
        for (const { KeyManager, KeyId, Arn } of estate.world.items(id, region, 'kms.key'))
          if (KeyManager === 'AWS') awsManaged.add(KeyId).add(Arn);
      }
    }
    expect(awsManaged.size).toBeGreaterThan(0);
    for (const operation of [
      'kms:DescribeKey',
      'kms:GetKeyRotationStatus',
      'kms:GetKeyPolicy',
      'kms:ListKeyRotations',
      'kms:GetKeyLastUsage',
    ]) {
      expect(of(operation).length).toBeGreaterThan(0);
      for (const { params } of of(operation)) {
        expect(String(params['KeyId'])).not.toMatch(/alias\/aws\//);
        expect(awsManaged.has(String(params['KeyId']))).toBe(false);
      }
    }
    for (const { params } of of('ec2:DescribeSnapshots')) expect(params).toMatchObject({ OwnerIds: ['self'], MaxResults: 1000 });
    for (const { params } of of('ec2:DescribeVolumes')) expect(params).toMatchObject({ MaxResults: 500 });
    for (const { params } of of('s3:ListBuckets')) expect(params).toMatchObject({ MaxBuckets: 10_000 });
    expect(of('s3:GetBucketLocation')).toEqual([]);
    expect(of('sts:AssumeRole')).toHaveLength(2);
  });
});
