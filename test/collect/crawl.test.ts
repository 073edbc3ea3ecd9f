import { describe, expect, test } from 'vitest';
import { planFromInventory } from '#plan/from-inventory.js';
import { createWorld, type Estate, type World } from '#estate/index.js';
import { facetState } from '#model/resources/index.js';
import { scanEstate } from '../support/scan-estate.js';
import { after, callsOn, inventoryOf } from './support.js';

const account = '111111111111';
const region = 'us-east-1';
const at = [account, region] as const;
const empty = (): World => createWorld({ seed: 4 }).addAccount(account, { regions: [region] });

function countsOf(log: readonly { account: string; region: string; operation: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of log) {
    const name = `${call.account}/${call.region}/${call.operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('a resource deleted between list and read', () => {
  const cases = {
    's3.bucket': {
      put: (world: World) => world.put(...at, 's3.bucket', { Name: 'doomed' }).Name,
      keep: (world: World) => world.put(...at, 's3.bucket', { Name: 'stays' }).Name,
      list: 's3:ListBuckets',
    },
    'kms.key': {
      put: (world: World) => world.put(...at, 'kms.key', {}).KeyId,
      keep: (world: World) => world.put(...at, 'kms.key', {}).KeyId,
      list: 'kms:ListKeys',
    },
    'ebs.snapshot': {
      put: (world: World) => world.put(...at, 'ebs.snapshot', { Encrypted: false }).SnapshotId,
      keep: (world: World) => world.put(...at, 'ebs.snapshot', { Encrypted: false }).SnapshotId,
      list: 'ec2:DescribeSnapshots',
    },
    'rds.snapshot': {
      put: (world: World) =>
        world.put(...at, 'rds.snapshot', { DBSnapshotIdentifier: 'doomed', SnapshotType: 'manual', StorageEncrypted: false })
          .DBSnapshotIdentifier,
      keep: (world: World) =>
        world.put(...at, 'rds.snapshot', { DBSnapshotIdentifier: 'stays', SnapshotType: 'manual', StorageEncrypted: false })
          .DBSnapshotIdentifier,
      list: 'rds:DescribeDBSnapshots',
    },
  } as const;

  test.each(Object.entries(cases))('%s is kept as gone, with no verdict and no gap', async (kind, { put, keep, list }) => {
    const world = empty();
    // So that snapshots are asked one by one.
    world.set(...at, { snapshotBlockPublicAccess: 'block-all-sharing' });
    const doomed = put(world);
    const kept = keep(world);
    const overrides = after(list, (changed) => changed.remove(...at, kind as 'kms.key', doomed));
    const services = [kind === 'ebs.snapshot' ? 'ec2' : (kind.split('.')[0] as 's3' | 'kms' | 'rds')] as const;
    const ruleGlobs = [kind === 'kms.key' ? 'kms/*' : `${kind.split('.')[0] ?? ''}/*`];
    await scanEstate(world, { ...overrides, services, ruleGlobs }, async ({ report, path, result }) => {
      const { records } = await inventoryOf(path);
      expect(
        records.filter((record) => record.kind === kind).map(({ arn, gone }) => [arn.endsWith(doomed), arn.endsWith(kept), gone]),
      ).toEqual(
        expect.arrayContaining([
          [true, false, true],
          [false, true, undefined],
        ]),
      );
      expect(report.findings.filter(({ resource }) => resource.endsWith(doomed))).toEqual([]);
      expect(report.findings.filter(({ resource }) => resource.endsWith(kept))).not.toEqual([]);
      expect(report.coverage.filter(({ state }) => state !== 'complete')).toEqual([]);
      expect(report.run.complete).toBe(true);
      expect(result.exitCode).toBe(0);
    });
  });

  test('is asked no more than once for anything', async () => {
    const world = empty();
    world.put(...at, 's3.bucket', { Name: 'doomed' });
    const overrides = after('s3:ListBuckets', (changed) => changed.remove(...at, 's3.bucket', 'doomed'));
    await scanEstate(world, { ...overrides, ruleGlobs: ['s3/*'], services: ['s3'] }, async ({ estate, path }) => {
      const calls = callsOn(estate, 'doomed');
      expect(Object.keys(calls).length).toBeGreaterThan(0);
      expect(Object.values(calls).every((count) => count === 1)).toBe(true);
      expect(countsOf(estate.log)).toEqual(Object.fromEntries(await planFromInventory(path)));
    });
  });

  test('whose refusal is no proof of it is not gone', async () => {
    const world = empty();
    const { Name } = world.put(...at, 's3.bucket', { Name: 'closed' });
    world.deny({ operation: 's3:*', resource: Name });
    await scanEstate(world, { ruleGlobs: ['s3/default-encryption'] }, ({ verdict, result }) => {
      expect(verdict('s3/default-encryption', 'arn:aws:s3:::closed')).toMatchObject({
        verdict: 'unknown',
        missing: [{ cause: 'denied' }],
      });
      expect(result.exitCode).toBe(3);
    });
  });
});

describe('pages', () => {
  test('that shift while they are read: what is listed twice is counted and judged once', async () => {
    const world = empty();
    world.generate(...at, { 'kms.key': 0, 'ebs.volume': 1_200 });
    // A volume made meanwhile pushes the last of each page to the front of the next.
    const overrides = after('ec2:DescribeVolumes', (changed) => changed.put(...at, 'ebs.volume', { Encrypted: false }));
    await scanEstate(world, { ...overrides, ruleGlobs: ['ebs/volume-encrypted'] }, async ({ report, path, estate }) => {
      const { records, footers } = await inventoryOf(path);
      expect(new Set(records.map(({ arn }) => arn)).size).toBe(records.length);
      expect(records).toHaveLength(1_200);
      const listed = footers[0]?.sources.find(({ source }) => source === 'volumes')?.items ?? 0;
      expect(listed, 'AWS listed one twice').toBe(1_201);
      expect(footers[0]?.lists).toEqual([{ kind: 'ebs.volume', complete: true, count: 1_200, missing: null }]);
      expect(report.summary.resources).toBe(1_200);
      expect(report.findings).toHaveLength(1_200);
      expect(estate.log.filter(({ operation }) => operation === 'ec2:DescribeVolumes')).toHaveLength(3);
    });
  });

  test('the edges of such a cell count each resource once too', async () => {
    const world = empty();
    world.generate(...at, { 'kms.key': 2, 'ebs.volume': 600 });
    const overrides = after('ec2:DescribeVolumes', (changed) => {
      for (let n = 0; n < 40; n += 1) changed.put(...at, 'ebs.volume', { Encrypted: false });
    });
    await scanEstate(
      world,
      { ...overrides, services: ['ec2', 'kms'], ruleGlobs: ['kms/*', 'key/*', 'ebs/volume-*'] },
      async ({ report, path }) => {
        const keys = new Set(report.keys.map(({ arn }) => arn));
        const used = (await inventoryOf(path)).records.filter((record) => {
          const details = facetState(record, 'details');
          return (
            record.kind === 'ebs.volume' &&
            details?.state === 'read' &&
            keys.has((details.value as { kmsKeyId: string | null }).kmsKeyId ?? '')
          );
        });
        const counted = report.keys.reduce((sum, { dependants }) => sum + (dependants['ebs.volume'] ?? 0), 0);
        expect(used.length).toBeGreaterThan(100);
        expect(counted).toBe(used.length);
      },
    );
  });

  test.each(['deny', 'http500'] as const)(
    'of which a later one ends in %s leave those before it judged, and the rest unknown',
    async (kind) => {
      const world = empty();
      world.generate(...at, { 'kms.key': 0, 'ebs.volume': 1_200 });
      await scanEstate(
        world,
        {
          ruleGlobs: ['ebs/volume-encrypted'],
          prepare: ({ faults }) => faults.add({ kind, operation: 'ec2:DescribeVolumes', afterPage: 1 }),
        },
        ({ report, result }) => {
          expect(report.summary.resources).toBe(500);
          expect(report.coverage.find(({ service }) => service === 'ec2')?.state).toBe('partial');
          expect(report.findings.filter(({ verdict }) => verdict === 'unknown').map(({ resource }) => resource)).toEqual([
            `arn:aws:ec2:${region}:${account}:ebs.volume/*`,
          ]);
          expect(result.exitCode).toBe(3);
        },
      );
    },
  );
});

describe('a list', () => {
  test('that met server errors is asked once more before it is given up', async () => {
    const world = empty();
    world.put(...at, 'ebs.volume', { Encrypted: false });
    const options = (times: number) => ({
      ruleGlobs: ['ebs/volume-encrypted'],
      prepare: ({ faults }: Estate) => faults.add({ kind: 'http500' as const, times, operation: 'ec2:DescribeVolumes' }),
    });
    await scanEstate(world, options(5), ({ report }) => {
      expect(report.findings.map(({ verdict }) => verdict)).toEqual(['fail']);
      expect(report.run.complete).toBe(true);
    });
    await scanEstate(world, options(6), ({ report, estate }) => {
      expect(report.findings.map(({ verdict }) => verdict)).toEqual(['unknown']);
      expect(estate.counts.get('ec2:DescribeVolumes')).toBe(6);
    });
  });

  test('that was denied is not asked again', async () => {
    await scanEstate(
      empty(),
      {
        ruleGlobs: ['ebs/volume-encrypted'],
        prepare: ({ faults }) => faults.add({ kind: 'deny', operation: 'ec2:DescribeVolumes' }),
      },
      ({ estate }) => {
        expect(estate.counts.get('ec2:DescribeVolumes')).toBe(1);
      },
    );
  });
});

describe('a facet', () => {
  test('whose prerequisite was denied is not called, and is unread with that cause', async () => {
    const world = empty();
    const { Arn, KeyId } = world.put(...at, 'kms.key', { rotation: { enabled: true } });
    await scanEstate(
      world,
      {
        ruleGlobs: ['kms/*'],
        prepare: ({ faults }) => faults.add({ kind: 'deny', operation: 'kms:DescribeKey', resource: Arn }),
      },
      async ({ estate, path, verdict }) => {
        expect(estate.counts.get('kms:DescribeKey')).toBe(1);
        expect(estate.counts.get('kms:GetKeyRotationStatus')).toBeUndefined();
        expect(estate.counts.get('kms:GetKeyPolicy')).toBeUndefined();
        const cause = {
          facet: 'kms.key/metadata',
          operation: 'kms:DescribeKey',
          action: 'kms:DescribeKey',
          code: 'AccessDeniedException',
          cause: 'denied',
        };
        const record = (await inventoryOf(path)).records.find(({ name }) => name === KeyId);
        expect(record && facetState(record, 'rotation')).toMatchObject({ state: 'unread', missing: cause });
        expect(record && facetState(record, 'policy')).toMatchObject({ state: 'unread', missing: cause });
        expect(verdict('kms/rotation-enabled', Arn)).toMatchObject({ verdict: 'unknown', missing: [cause] });
      },
    );
  });

  test('that does not apply is not called, and says why', async () => {
    const world = empty();
    const rsa = world.put(...at, 'kms.key', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    await scanEstate(world, { ruleGlobs: ['kms/rotation-enabled'] }, async ({ estate, path, result }) => {
      expect(estate.counts.get('kms:GetKeyRotationStatus')).toBeUndefined();
      const record = (await inventoryOf(path)).records.find(({ arn }) => arn === rsa.Arn);
      expect(record && facetState(record, 'rotation')).toEqual({
        state: 'skipped',
        reason: 'a key of spec RSA_2048 cannot rotate by itself',
      });
      expect(result.exitCode).toBe(0);
    });
  });

  test('denied is never asked again', async () => {
    const world = empty();
    world.put(...at, 's3.bucket', { Name: 'b' });
    await scanEstate(
      world,
      {
        ruleGlobs: ['s3/default-encryption'],
        prepare: ({ faults }) => faults.add({ kind: 'deny', operation: 's3:GetBucketEncryption' }),
      },
      ({ estate }) => {
        expect(estate.counts.get('s3:GetBucketEncryption')).toBe(1);
      },
    );
  });

  test('answered without its field is not asked again: AWS will not change its mind', async () => {
    const world = empty();
    world.put(...at, 's3.bucket', { Name: 'b' });
    await scanEstate(
      world,
      {
        ruleGlobs: ['s3/default-encryption'],
        prepare: ({ faults }) => faults.add({ kind: 'emptyAnswer', operation: 's3:GetBucketEncryption' }),
      },
      ({ estate, verdict, result }) => {
        expect(estate.counts.get('s3:GetBucketEncryption')).toBe(1);
        expect(verdict('s3/default-encryption', 'arn:aws:s3:::b')).toMatchObject({
          verdict: 'unknown',
          missing: [{ cause: 'absent-field' }],
        });
        // A fact about AWS, not a gap of the run.
        expect(result.exitCode).toBe(0);
      },
    );
  });

  // Three tries are one look; the second look comes when the rest of the cell was read.
  test.each([
    ['http500', 3, 'pass', 4],
    ['http500', 5, 'pass', 6],
    ['http500', 6, 'unknown', 6],
    ['reset', 4, 'pass', 5],
    ['htmlError', 3, 'pass', 4],
  ] as const)('that met %s %i times: %s after %i calls', async (kind, times, expected, calls) => {
    const world = empty();
    world.put(...at, 's3.bucket', { Name: 'b' });
    await scanEstate(
      world,
      {
        ruleGlobs: ['s3/default-encryption'],
        prepare: ({ faults }) => faults.add({ kind, times, operation: 's3:GetBucketEncryption' }),
      },
      ({ estate, verdict, report, result }) => {
        expect(verdict('s3/default-encryption', 'arn:aws:s3:::b')?.verdict).toBe(expected);
        expect(estate.counts.get('s3:GetBucketEncryption')).toBe(calls);
        expect(report.run.complete).toBe(expected === 'pass');
        expect(result.exitCode).toBe(expected === 'pass' ? 0 : 3);
      },
    );
  });

  test('of the cell’s one resource is asked once more too', async () => {
    await scanEstate(
      empty(),
      {
        ruleGlobs: ['ebs/default-encryption'],
        prepare: ({ faults }) => faults.add({ kind: 'http500', times: 4, operation: 'ec2:GetEbsEncryptionByDefault' }),
      },
      ({ report, result }) => {
        expect(report.findings.map(({ rule, verdict }) => `${rule} ${verdict}`)).toEqual(['ebs/default-encryption fail']);
        expect(result.exitCode).toBe(0);
      },
    );
  });

  test('read on the first look is not asked on the second', async () => {
    const world = empty();
    const { KeyId } = world.put(...at, 'kms.key', { rotation: { enabled: true } });
    await scanEstate(
      world,
      { ruleGlobs: ['kms/*'], prepare: ({ faults }) => faults.add({ kind: 'http500', times: 3, operation: 'kms:GetKeyPolicy' }) },
      ({ estate, result }) => {
        expect(callsOn(estate, KeyId)).toMatchObject({
          'kms:DescribeKey': 1,
          'kms:GetKeyPolicy': 4,
          'kms:GetKeyRotationStatus': 1,
        });
        expect(result.exitCode).toBe(0);
      },
    );
  });
});

describe('what a cell says of itself', () => {
  const volumes = (world: World) => world.put(...at, 'ebs.volume', { Encrypted: false });

  test.each([
    ['deny', 'denied', 'UnauthorizedOperation'],
    ['notEnabled', 'denied', 'the region does not accept the credentials, as if the account had not enabled it'],
    ['reset', 'unreachable', 'ECONNRESET'],
  ] as const)('%s of its only list: %s', async (kind, state, reason) => {
    const world = empty();
    volumes(world);
    await scanEstate(
      world,
      { ruleGlobs: ['ebs/volume-encrypted'], prepare: ({ faults }) => faults.add({ kind, operation: 'ec2:DescribeVolumes' }) },
      ({ report, result }) => {
        expect(report.coverage).toEqual([expect.objectContaining({ service: 'ec2', state, reason }) as object]);
        expect(report.findings).toEqual([
          expect.objectContaining({ verdict: 'unknown', resource: `arn:aws:ec2:${region}:${account}:ebs.volume/*` }) as object,
        ]);
        expect(result.exitCode).toBe(3);
      },
    );
  });

  test('calls are written with their request id, date and tries, and facets point at them', async () => {
    const world = empty();
    world.put(...at, 's3.bucket', { Name: 'b' });
    await scanEstate(
      world,
      {
        ruleGlobs: ['s3/default-encryption'],
        prepare: ({ faults }) => faults.add({ kind: 'throttle', times: 1, operation: 's3:GetBucketEncryption' }),
      },
      async ({ path }) => {
        const { readCell, cellPath } = await import('#inventory/cell-file.js');
        const calls: object[] = [];
        const facets: unknown[] = [];
        for await (const { records } of readCell(cellPath(path, { account, region: 'global', service: 's3' }), (line) =>
          calls.push(line),
        ))
          for (const record of records) facets.push(facetState(record, 'defaultEncryption'));
        expect(calls).toEqual([
          {
            call: 1,
            operation: 's3:ListBuckets',
            region,
            requestId: expect.any(String) as string,
            date: expect.stringMatching(/GMT$/) as string,
            at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
            attempts: 1,
            code: null,
          },
          {
            call: 2,
            operation: 's3:GetBucketEncryption',
            region,
            requestId: expect.any(String) as string,
            date: expect.stringMatching(/GMT$/) as string,
            at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
            attempts: 2,
            code: null,
          },
        ]);
        expect(facets).toEqual([expect.objectContaining({ state: 'read', call: 2 }) as object]);
      },
    );
  });
});
