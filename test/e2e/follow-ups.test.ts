import { describe, expect, test } from 'vitest';
import { planFromInventory } from '#plan/from-inventory.js';
import { createWorld, type CallRecord, type World } from '#estate/index.js';
import { account } from '../support/small-world.js';
import { scanEstate } from '../support/scan-estate.js';

const regions = ['eu-west-1', 'us-east-1'];
const world = (): World => createWorld({ seed: 5 }).addAccount(account, { regions });
const old = new Date('2024-01-01T00:00:00Z');
const now = new Date('2026-11-23T00:00:00Z');

const called = (log: readonly CallRecord[], operation: string) =>
  log.filter((call) => call.operation === operation).map(({ region, params }) => `${region} ${String(params['KeyId'])}`);

describe('the last use of keys', () => {
  const scanned = { ruleGlobs: ['kms/unused'], regions: ['us-east-1'], now };

  test('is asked only of those that nothing depends on and that the rule speaks of', async () => {
    const estate = world();
    const put = (given: object) => estate.put(account, 'us-east-1', 'kms.key', { CreationDate: old, ...given });
    const used = put({});
    estate.put(account, 'us-east-1', 'ebs.volume', { KmsKeyId: used.Arn });
    const named = put({ aliases: ['alias/app'] });
    estate.put(account, 'us-east-1', 's3.bucket', {
      Name: 'by-alias',
      encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/app' } }] },
    });
    const idle = put({});
    const lately = put({ lastUsage: { Operation: 'Decrypt', Timestamp: new Date('2026-11-20T00:00:00Z') } });
    const young = put({ CreationDate: new Date('2026-11-01T00:00:00Z') });
    const leaving = put({ KeyState: 'PendingDeletion' });
    put({ KeyManager: 'AWS', aliases: ['alias/aws/ebs'] });
    await scanEstate(estate, scanned, async ({ estate: { log }, path, verdict, report }) => {
      expect(called(log, 'kms:GetKeyLastUsage').sort()).toEqual([idle, lately].map(({ Arn }) => `us-east-1 ${Arn}`).sort());
      const of = ({ Arn }: { Arn: string }) => verdict('kms/unused', Arn)?.verdict;
      expect([used, named, idle, lately, young, leaving].map(of)).toEqual([
        'pass',
        'pass',
        'fail',
        'pass',
        'not-applicable',
        'not-applicable',
      ]);
      expect(report.run.complete).toBe(true);
      expect((await planFromInventory(path)).get(`${account}/us-east-1/kms:GetKeyLastUsage`)).toBe(2);
    });
  });

  test('denied is unknown, and the run is not complete', async () => {
    const estate = world();
    const { Arn } = estate.put(account, 'us-east-1', 'kms.key', { CreationDate: old });
    const prepare = ({ faults }: { faults: { add(rule: object): unknown } }) =>
      faults.add({ kind: 'deny', operation: 'kms:GetKeyLastUsage' });
    await scanEstate(estate, { ...scanned, prepare }, ({ verdict, report, result }) => {
      expect(verdict('kms/unused', Arn)).toMatchObject({
        verdict: 'unknown',
        missing: [{ facet: 'kms.key/lastUsage', operation: 'kms:GetKeyLastUsage', cause: 'denied' }],
      });
      expect(report.run.complete).toBe(false);
      expect(result.exitCode).toBe(3);
    });
  });

  test('is not asked where no rule wants it', async () => {
    const estate = world();
    estate.put(account, 'us-east-1', 'kms.key', { CreationDate: old });
    await scanEstate(estate, { ...scanned, ruleGlobs: [], baseline: 'recommended' }, ({ estate: { log } }) => {
      expect(called(log, 'kms:GetKeyLastUsage')).toEqual([]);
    });
  });
});

describe('a primary in a region that the run does not list', () => {
  const KeyId = `mrk-${'1'.repeat(32)}`;
  const at = (region: string) => `arn:aws:kms:${region}:${account}:key/${KeyId}`;
  const scanned = { services: ['kms' as const], regions: ['eu-west-1'] };

  function replicated(primary: object | null): World {
    const estate = world();
    const configuration = {
      PrimaryKey: { Arn: at('us-east-1'), Region: 'us-east-1' },
      ReplicaKeys: [{ Arn: at('eu-west-1'), Region: 'eu-west-1' }],
    };
    const key = (MultiRegionKeyType: string) => ({
      KeyId,
      MultiRegion: true,
      MultiRegionConfiguration: { MultiRegionKeyType, ...configuration },
      rotation: { enabled: true },
    });
    estate.put(account, 'eu-west-1', 'kms.key', key('REPLICA'));
    if (primary !== null) estate.put(account, 'us-east-1', 'kms.key', { ...key('PRIMARY'), ...primary });
    return estate;
  }

  test('is described there, and its policy read, once', async () => {
    await scanEstate(replicated({}), scanned, async ({ estate: { log }, verdict, report, path }) => {
      expect(called(log, 'kms:DescribeKey')).toContain(`us-east-1 ${at('us-east-1')}`);
      for (const operation of ['kms:DescribeKey', 'kms:GetKeyPolicy'])
        expect(called(log, operation).filter((call) => call.startsWith('us-east-1'))).toHaveLength(1);
      expect(verdict('kms/mrk-primary-reachable', at('eu-west-1'))).toMatchObject({ verdict: 'pass' });
      expect(verdict('kms/mrk-consistent', at('eu-west-1'))).toMatchObject({ verdict: 'pass' });
      // It is not in the run for that: rotation is judged at the replica.
      expect(verdict('kms/rotation-enabled', at('eu-west-1'))?.message).toContain('which is not in the run');
      expect(report.run.complete).toBe(true);
      expect((await planFromInventory(path)).get(`${account}/us-east-1/kms:GetKeyPolicy`)).toBe(1);
    });
  });

  test('that is on its way out fails, and so does one that is gone', async () => {
    await scanEstate(replicated({ KeyState: 'PendingReplicaDeletion' }), scanned, ({ verdict }) => {
      expect(verdict('kms/mrk-primary-reachable', at('eu-west-1'))).toMatchObject({ verdict: 'fail', severity: 'high' });
    });
    await scanEstate(replicated(null), scanned, ({ verdict }) => {
      expect(verdict('kms/mrk-primary-reachable', at('eu-west-1'))?.message).toBe(
        `The primary key ${at('us-east-1')} does not exist: kms:DescribeKey answered NotFoundException.`,
      );
    });
  });

  test('is described without its policy where only its state counts, and not at all where nothing does', async () => {
    await scanEstate(replicated({}), { ...scanned, ruleGlobs: ['kms/mrk-primary-reachable'] }, ({ estate: { log } }) => {
      expect(called(log, 'kms:DescribeKey').filter((call) => call.startsWith('us-east-1'))).toHaveLength(1);
      expect(called(log, 'kms:GetKeyPolicy')).toEqual([]);
    });
    await scanEstate(replicated({}), { ...scanned, ruleGlobs: ['kms/rotation-*'] }, ({ estate: { log } }) => {
      expect(log.filter(({ region, operation }) => region === 'us-east-1' && operation.startsWith('kms:'))).toEqual([]);
    });
  });
});

describe('a key that replicas or reports of a bucket go under, in a region that the run does not list', () => {
  const scanned = { regions: ['eu-west-1'] };
  const report = (keyId: string) => ({
    Id: 'all',
    IsEnabled: true,
    Destination: { S3BucketDestination: { Bucket: 'arn:aws:s3:::copies', Encryption: { SSEKMS: { KeyId: keyId } } } },
  });
  const replicate = (keyId: string) => ({
    Status: 'Enabled',
    SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
    Destination: { Bucket: 'arn:aws:s3:::copies', EncryptionConfiguration: { ReplicaKmsKeyID: keyId } },
  });

  test.each([
    ['s3/replication-key', (keyId: string) => ({ replication: { Role: 'r', Rules: [replicate(keyId)] } })],
    ['s3/inventory-encrypted', (keyId: string) => ({ inventory: [report(keyId)] })],
  ])('is described there for %s, and for no rule that does not look at it', async (rule, naming) => {
    const estate = world();
    const { Arn } = estate.put(account, 'us-east-1', 'kms.key', { KeyState: 'Disabled' });
    const { Arn: own } = estate.put(account, 'eu-west-1', 'kms.key');
    const encryption = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: own } }] };
    estate.put(account, 'eu-west-1', 's3.bucket', { Name: 'b', encryption, ...naming(Arn) });
    const there = (log: readonly CallRecord[]) => called(log, 'kms:DescribeKey').filter((call) => call.startsWith('us-east-1'));
    await scanEstate(estate, { ...scanned, ruleGlobs: [rule] }, ({ estate: { log } }) => {
      expect(there(log)).toEqual([`us-east-1 ${Arn}`]);
    });
    await scanEstate(estate, { ...scanned, ruleGlobs: ['s3/default-encryption-cmk', 's3/bucket-key'] }, ({ estate: { log } }) => {
      expect(there(log)).toEqual([]);
    });
  });
});

describe('the rotations of a key', () => {
  const scanned = { ruleGlobs: ['kms/last-rotation'], regions: ['us-east-1'], now };

  function rotatedOften(): { estate: World; arn: string } {
    const estate = world();
    const rotations = Array.from({ length: 1001 }, (_, index) => ({
      RotationDate: new Date(Date.UTC(2020, 0, 1) + index * 3_600_000),
      RotationType: 'ON_DEMAND',
      KeyMaterialState: 'NON_CURRENT',
    }));
    rotations.push({ RotationDate: new Date('2026-11-01T00:00:00Z'), RotationType: 'ON_DEMAND', KeyMaterialState: 'CURRENT' });
    return { estate, arn: estate.put(account, 'us-east-1', 'kms.key', { CreationDate: old, rotations }).Arn };
  }

  test('are read page by page: the newest may be on the last', async () => {
    const { estate, arn } = rotatedOften();
    await scanEstate(estate, scanned, async ({ estate: { log }, verdict, path }) => {
      expect(called(log, 'kms:ListKeyRotations')).toHaveLength(2);
      expect(verdict('kms/last-rotation', arn)?.message).toBe('The key was last rotated on demand on 2026-11-01, 22 days ago.');
      expect((await planFromInventory(path)).get(`${account}/us-east-1/kms:ListKeyRotations`)).toBe(2);
    });
  });

  test('are unknown when a later page is refused, or its token comes back', async () => {
    for (const fault of [{ kind: 'deny', page: 2 }, { kind: 'repeatedToken' }]) {
      const { estate, arn } = rotatedOften();
      const prepare = ({ faults }: { faults: { add(rule: object): unknown } }) =>
        faults.add({ ...fault, operation: 'kms:ListKeyRotations' });
      await scanEstate(estate, { ...scanned, prepare }, ({ verdict, report }) => {
        expect(verdict('kms/last-rotation', arn)).toMatchObject({
          verdict: 'unknown',
          missing: [{ facet: 'kms.key/rotations', operation: 'kms:ListKeyRotations' }],
        });
        expect(report.run.complete).toBe(false);
      });
    }
  });
});

test('rules that wait for options read nothing', async () => {
  const estate = world();
  const { Arn } = estate.put(account, 'us-east-1', 'kms.key');
  estate.put(account, 'us-east-1', 'ebs.volume', { KmsKeyId: Arn });
  const ruleGlobs = ['kms/tagged', 'key/tag-match', 'key/approved', 'kms/mrk-regions-approved'];
  await scanEstate(estate, { ruleGlobs, regions: ['us-east-1'] }, ({ estate: { log }, report }) => {
    expect(log.filter(({ operation }) => !/^(sts|ec2:DescribeRegions)/.test(operation))).toEqual([]);
    expect(report.findings).toEqual([]);
  });
});
