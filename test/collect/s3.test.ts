import { expect, test } from 'vitest';
import { planFromInventory } from '#plan/from-inventory.js';
import { createWorld, type Estate, type World } from '#estate/index.js';
import { scanEstate } from '../support/scan-estate.js';
import { inventoryOf } from './support.js';

const account = '111111111111';
const region = 'us-east-1';
const key = `arn:aws:kms:${region}:${account}:key/1`;
const empty = (): World => createWorld({ seed: 4 }).addAccount(account, { regions: [region] });
const to = (Encryption?: object) => ({
  Destination: { S3BucketDestination: { Bucket: 'arn:aws:s3:::reports', Format: 'CSV', Encryption } },
});

async function facetOf(world: World, facet: string, rule: string, prepare?: (estate: Estate) => void) {
  return scanEstate(
    world,
    { services: ['s3'], ruleGlobs: [rule], ...(prepare === undefined ? {} : { prepare }) },
    async ({ path, estate, result }) => {
      const { records } = await inventoryOf(path);
      const calls = estate.log.filter(({ operation }) => /Inventory|Replication/.test(operation)).length;
      const planned = [...(await planFromInventory(path))]
        .filter(([id]) => /Inventory|Replication/.test(id))
        .reduce((sum, [, count]) => sum + count, 0);
      const bucket = records.find(({ name }) => name === 'b');
      return { value: bucket?.facets[facet], unread: bucket?.unread?.[facet], calls, planned, result };
    },
  );
}

const inventory = (world: World, prepare?: (estate: Estate) => void) =>
  facetOf(world, 'inventory', 's3/inventory-encrypted', prepare);

test('inventory configurations as they are put', async () => {
  const world = empty();
  world.put(account, region, 's3.bucket', {
    Name: 'b',
    inventory: [
      { Id: 'plain', IsEnabled: true, ...to() },
      { Id: 'off', IsEnabled: false, ...to({ SSES3: {} }) },
      { Id: 'kms', IsEnabled: true, ...to({ SSEKMS: { KeyId: key } }) },
    ],
  });
  const { value, calls, planned } = await inventory(world);
  const destination = 'arn:aws:s3:::reports';
  expect(value).toEqual([
    { id: 'plain', enabled: true, destination, encryption: null, keyId: null },
    { id: 'off', enabled: false, destination, encryption: 'SSES3', keyId: null },
    { id: 'kms', enabled: true, destination, encryption: 'SSEKMS', keyId: key },
  ]);
  expect([calls, planned]).toEqual([1, 1]);
});

test.each([
  [0, 1],
  [100, 1],
  [101, 2],
  [230, 3],
])('%i configurations come in %i pages', async (count, pages) => {
  const world = empty();
  const made = Array.from({ length: count }, (_, index) => ({ Id: `i${String(index)}`, IsEnabled: false, ...to() }));
  world.put(account, region, 's3.bucket', { Name: 'b', inventory: made });
  const { value, calls, planned } = await inventory(world);
  expect((value as { id: string }[]).map(({ id }) => id)).toEqual(made.map(({ Id }) => Id));
  expect([calls, planned]).toEqual([pages, pages]);
});

test('a page that is refused leaves the whole facet unread', async () => {
  const world = empty();
  const made = Array.from({ length: 150 }, (_, index) => ({ Id: `i${String(index)}`, IsEnabled: true, ...to() }));
  world.put(account, region, 's3.bucket', { Name: 'b', inventory: made });
  const { value, unread, result } = await inventory(world, ({ faults }) => {
    faults.add({ kind: 'deny', operation: 's3:ListBucketInventoryConfigurations', page: 2 });
  });
  expect(value).toBeUndefined();
  expect(unread).toEqual({
    facet: 's3.bucket/inventory',
    operation: 's3:ListBucketInventoryConfigurations',
    action: 's3:GetInventoryConfiguration',
    code: 'AccessDenied',
    cause: 'denied',
  });
  expect(result.exitCode).toBe(3);
});

test('an answer without a list is none, unless it says that there is no more', async () => {
  const world = empty();
  world.put(account, region, 's3.bucket', { Name: 'b' });
  expect((await inventory(world)).value).toEqual([]);
  const { unread } = await inventory(world, ({ faults }) => {
    faults.add({ kind: 'emptyAnswer', operation: 's3:ListBucketInventoryConfigurations' });
  });
  expect(unread).toMatchObject({ code: 'EmptyAnswer', cause: 'unreachable' });
});

test('replication rules as they are put, and none', async () => {
  const world = empty();
  const Destination = { Bucket: 'arn:aws:s3:::replica' };
  world.put(account, region, 's3.bucket', {
    Name: 'b',
    replication: {
      Role: `arn:aws:iam::${account}:role/r`,
      Rules: [
        { ID: 'plain', Status: 'Enabled', Filter: { Prefix: '' }, Destination },
        {
          ID: 'kms',
          Status: 'Disabled',
          Filter: { Prefix: '' },
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
          Destination: { ...Destination, Account: '222222222222', EncryptionConfiguration: { ReplicaKmsKeyID: key } },
        },
        {
          Status: 'Enabled',
          Filter: { Prefix: 'a' },
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Disabled' } },
          Destination,
        },
      ],
    },
  });
  const replication = (from: World) => facetOf(from, 'replication', 's3/replication-key');
  const destination = Destination.Bucket;
  expect((await replication(world)).value).toEqual([
    { id: 'plain', enabled: true, destination, account: null, kmsObjects: false, keyId: null },
    { id: 'kms', enabled: false, destination, account: '222222222222', kmsObjects: true, keyId: key },
    { id: null, enabled: true, destination, account: null, kmsObjects: false, keyId: null },
  ]);
  const bare = empty();
  bare.put(account, region, 's3.bucket', { Name: 'b' });
  expect((await replication(bare)).value).toBeNull();
});

test('the key of replicas in a region that the run does not list is asked for by its ARN', async () => {
  const world = empty().addRegion(account, 'eu-west-1');
  const own = world.put(account, region, 'kms.key', {}).Arn;
  const far = world.put(account, 'eu-west-1', 'kms.key', { KeyState: 'Disabled' }).Arn;
  const SourceSelectionCriteria = { SseKmsEncryptedObjects: { Status: 'Enabled' } };
  const Destination = { Bucket: 'arn:aws:s3:::far', EncryptionConfiguration: { ReplicaKmsKeyID: far } };
  world.put(account, region, 's3.bucket', {
    Name: 'b',
    encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: own } }] },
    replication: {
      Role: `arn:aws:iam::${account}:role/r`,
      Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, SourceSelectionCriteria, Destination }],
    },
  });
  await scanEstate(world, { regions: [region], ruleGlobs: ['s3/replication-key'] }, async ({ verdict, estate, path }) => {
    expect(verdict('s3/replication-key', 'arn:aws:s3:::b')).toMatchObject({
      verdict: 'fail',
      message: `Replication of objects under a KMS key is broken or weakened: ${far} cannot be used (Disabled).`,
    });
    const described = estate.log.filter(({ operation }) => operation === 'kms:DescribeKey').map((call) => call.params['KeyId']);
    expect(described).toContain(far);
    const made: Record<string, number> = {};
    for (const call of estate.log) {
      const name = `${call.account}/${call.region}/${call.operation}`;
      made[name] = (made[name] ?? 0) + 1;
    }
    expect(made).toEqual(Object.fromEntries(await planFromInventory(path)));
  });
});
