import { describe, expect, test } from 'vitest';
import { parseConfig } from '#config/load.js';
import { createWorld, type CallRecord, type Estate, type World } from '#estate/index.js';
import type { ObjectRecord } from '#estate/world/records.js';
import { planFromInventory } from '#plan/from-inventory.js';
import { after } from '../collect/support.js';
import { scanEstate, type EstateScan, type ScanOverrides } from '../support/scan-estate.js';

const sampling = '111111111111';
const usual = '222222222222';
const stranger = '999999999999';
const region = 'us-east-1';
const rule = 's3/objects-match-default';
const roles = [{ name: 'AtrestAudit' }];

/** Says `sample` in the baseline of one account of two. */
const { config } = parseConfig(
  `version: 1
scope: { accounts: ["${sampling}", "${usual}"], role: AtrestAudit }
baselines:
  objects: { extends: recommended, rules: { ${rule}: [medium, { sample: 3 }] } }
assign:
  - { baseline: objects, accounts: ["${sampling}"] }
`,
  'atrest.yaml',
);
const asked: ScanOverrides = { config, baseline: undefined, services: ['s3', 'kms'] };

interface Keys {
  readonly own: string;
  readonly second: string;
  readonly managed: string;
  readonly foreign: string;
  readonly admitting: string;
}

/** A bucket under `own` by default, and whatever objects. */
function world(objects: (keys: Keys) => Readonly<Record<string, readonly ObjectRecord[]>>): World {
  const made = createWorld({ seed: 8 })
    .addAccount(sampling, { regions: [region], roles })
    .addAccount(usual, { regions: [region], roles })
    .addAccount(stranger, { regions: [region], member: false });
  const key = (account: string, given: object = {}) => made.put(account, region, 'kms.key', given).Arn;
  const keys: Keys = {
    own: key(sampling),
    second: key(sampling),
    managed: key(sampling, { KeyManager: 'AWS', aliases: ['alias/aws/s3'] }),
    foreign: key(stranger),
    admitting: key(stranger, { admits: [sampling] }),
  };
  const put = (account: string, Name: string, KMSMasterKeyID: string, held: readonly ObjectRecord[]) =>
    made.put(account, region, 's3.bucket', {
      Name,
      encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } }] },
      objects: held,
    });
  for (const [name, held] of Object.entries(objects(keys))) put(sampling, name, keys.own, held);
  put(usual, 'not-sampled', key(usual), [{ Key: 'plain' }]);
  return made;
}

const under = (Key: string, SSEKMSKeyId: string): ObjectRecord => ({ Key, ServerSideEncryption: 'aws:kms', SSEKMSKeyId });
const sseS3 = (Key: string): ObjectRecord => ({ Key, ServerSideEncryption: 'AES256' });

const said = ({ verdict }: EstateScan, bucket: string) => verdict(rule, `arn:aws:s3:::${bucket}`);
const called = (log: readonly CallRecord[], operation: string) =>
  log.filter((call) => call.operation === operation).map(({ account, resource }) => `${account} ${resource ?? ''}`);

async function callsArePlanned({ estate, path }: EstateScan): Promise<void> {
  const made: Record<string, number> = {};
  for (const { account, region: at, operation } of estate.log)
    made[`${account}/${at}/${operation}`] = (made[`${account}/${at}/${operation}`] ?? 0) + 1;
  expect(made).toEqual(Object.fromEntries(await planFromInventory(path)));
}

describe('where a baseline sets sample', () => {
  test('a bucket with lower objects fails, and one without passes', async () => {
    const made = world(({ own, second, managed }) => ({
      kept: [under('a b+c/ü%.txt', own), under('other', second)],
      mixed: [under('managed', managed), under('new', own), sseS3('old')],
      'beyond-the-sample': [under('1', own), under('2', own), under('3', own), sseS3('4')],
      theirs: [under('new', own), { Key: 'old', sseC: true }],
      empty: [],
    }));
    await scanEstate(made, asked, async (scan) => {
      const { report, result, estate } = scan;
      expect(said(scan, 'kept')).toMatchObject({ verdict: 'pass', severity: 'medium', baseline: 'objects' });
      expect(said(scan, 'mixed')).toMatchObject({
        verdict: 'fail',
        message:
          'The default of the bucket is under a customer managed key. Encrypted lower are 2 of 3 sampled objects: "managed" under an AWS managed key, "old" under a key that AWS owns. Objects that are older than the default cannot be told apart from newer ones.',
      });
      expect(said(scan, 'beyond-the-sample')?.message).toMatch(/^None of 3 sampled objects .* Other objects may be\.$/);
      expect(said(scan, 'theirs')).toMatchObject({ verdict: 'fail', actual: '1 of 2 under SSE-C' });
      expect(said(scan, 'empty')).toMatchObject({ verdict: 'not-applicable', message: 'no object was found' });
      expect({ complete: report.run.complete, code: result.exitCode }).toEqual({ complete: true, code: 0 });

      // Of the account whose baseline does not say so, nothing is asked about objects.
      const buckets = ['beyond-the-sample', 'empty', 'kept', 'mixed', 'theirs', 'theirs'];
      expect(called(estate.log, 's3:ListObjectsV2').sort()).toEqual(buckets.map((name) => `${sampling} ${name}`));
      expect(called(estate.log, 's3:HeadObject')).toHaveLength(2 + 3 + 3 + 2);
      expect(estate.log.some(({ resource }) => resource === 'not-sampled')).toBe(true);
      expect(said(scan, 'not-sampled')).toMatchObject({ verdict: 'not-applicable', message: 'no objects are sampled' });
      await callsArePlanned(scan);
    });
  });

  test('an object that may not be read is unknown, unless another decides', async () => {
    const made = world(({ own }) => ({
      kept: [under('closed', own), under('open', own)],
      mixed: [under('closed', own), sseS3('old')],
      shut: [under('closed', own)],
    }));
    const prepare = ({ faults }: Estate) => {
      for (const resource of ['kept/closed', 'mixed/closed', 'shut/closed'])
        faults.add({ kind: 'deny', operation: 's3:HeadObject', resource });
    };
    await scanEstate(made, { ...asked, prepare }, async (scan) => {
      const { report, result } = scan;
      for (const bucket of ['kept', 'shut'])
        expect(said(scan, bucket)).toMatchObject({
          verdict: 'unknown',
          message: 's3:HeadObject was denied (HTTP 403); it needs s3:GetObject.',
          missing: [
            {
              facet: 's3.bucket/objectEncryption',
              operation: 's3:HeadObject',
              action: 's3:GetObject',
              code: 'HTTP 403',
              cause: 'denied',
            },
          ],
        });
      expect(said(scan, 'mixed')).toMatchObject({ verdict: 'fail', actual: '1 of 2 lower' });
      const row = report.coverage.find(
        ({ account, service, region: at }) => `${account} ${at} ${service}` === `${sampling} global s3`,
      );
      expect(row?.state).toBe('partial');
      expect(row?.operations.find(({ operation }) => operation === 's3:HeadObject')).toMatchObject({ calls: 5, errors: 3 });
      expect({ complete: report.run.complete, code: result.exitCode }).toEqual({ complete: false, code: 3 });
      await callsArePlanned(scan);
    });
  });

  test('a bucket whose objects may not be listed is unknown', async () => {
    const made = world(({ own }) => ({ kept: [under('new', own)] }));
    made.deny({ operation: 's3:ListObjectsV2', resource: 'kept' });
    await scanEstate(made, asked, async (scan) => {
      expect(said(scan, 'kept')).toMatchObject({
        verdict: 'unknown',
        missing: [{ facet: 's3.bucket/objects', operation: 's3:ListObjectsV2', action: 's3:ListBucket', cause: 'denied' }],
      });
      expect(scan.result.exitCode).toBe(3);
      await callsArePlanned(scan);
    });
  });

  test('credentials that end while objects are looked at make no SSE-C of them', async () => {
    const made = world(({ own }) => ({ kept: [{ ...under('new', own), sseC: true }] }));
    const overrides = after('s3:HeadObject', (changed) => changed.deny({ operation: 's3:ListObjectsV2' }));
    await scanEstate(made, { ...asked, ...overrides }, (scan) => {
      expect(said(scan, 'kept')).toMatchObject({
        verdict: 'unknown',
        missing: [{ facet: 's3.bucket/objectsListedAgain', operation: 's3:ListObjectsV2', cause: 'denied' }],
      });
      expect(scan.result.exitCode).toBe(3);
    });
  });

  test.each([
    ['one object', (left: readonly ObjectRecord[]) => left.slice(1), 'None of 1 sampled objects is'],
    ['all objects', () => [], 'no object was found'],
  ])('%s deleted since they were listed: the others are judged', async (_name, change, message) => {
    const made = world(({ own }) => ({ kept: [sseS3('doomed'), under('stays', own)] }));
    const overrides = after('s3:ListObjectsV2', (changed) => {
      const { objects = [], ...kept } = changed.find(sampling, region, 's3.bucket', 'kept') ?? {};
      changed.put(sampling, region, 's3.bucket', { ...kept, objects: change(objects) });
    });
    await scanEstate(made, { ...asked, ...overrides }, async (scan) => {
      expect(said(scan, 'kept')?.message).toContain(message);
      expect({ complete: scan.report.run.complete, code: scan.result.exitCode }).toEqual({ complete: true, code: 0 });
      await callsArePlanned(scan);
    });
  });

  test('the bucket deleted since then is gone', async () => {
    const made = world(({ own }) => ({ doomed: [under('new', own)], stays: [under('new', own)] }));
    const overrides = after('s3:ListObjectsV2', (changed) => changed.remove(sampling, region, 's3.bucket', 'doomed'));
    await scanEstate(made, { ...asked, ...overrides }, (scan) => {
      expect(said(scan, 'doomed')?.verdict ?? 'none').toMatch(/^(none|not-applicable)$/);
      expect(said(scan, 'stays')?.verdict).toBe('pass');
      expect(scan.report.run.complete).toBe(true);
    });
  });

  test('a key of another account is asked for, and judged by what its owner lets us see', async () => {
    let foreign = '';
    let admitting = '';
    const made = world((keys) => {
      ({ foreign, admitting } = keys);
      return { kept: [under('new', keys.own), under('theirs', foreign)], told: [under('theirs', admitting)] };
    });
    await scanEstate(made, asked, async (scan) => {
      expect(called(scan.estate.log, 'kms:DescribeKey')).toEqual(
        expect.arrayContaining([foreign, admitting].map((arn) => `${sampling} ${arn.slice(arn.indexOf('/') + 1)}`)),
      );
      expect(said(scan, 'told')?.verdict).toBe('pass');
      expect(said(scan, 'kept')).toMatchObject({
        verdict: 'unknown',
        missing: [{ facet: 'kms.key/metadata', operation: 'kms:DescribeKey', cause: 'foreign', account: stranger }],
      });
      await callsArePlanned(scan);
    });
  });
});
