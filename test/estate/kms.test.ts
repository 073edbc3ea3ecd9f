import {
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  paginateListAliases,
  paginateListGrants,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { A, B, R, R2, clients, errorOf, running, smallWorld, walk } from './support.js';

const date = new Date('2026-12-01T00:00:00Z');

test('ListKeys walks hand-written and generated keys once each, a hundred at a time', async () => {
  const world = smallWorld().generate(A, R, { 'kms.key': 230 });
  world.put(A, R, 'kms.key');
  const { kms } = clients(await running(world));
  const keys = await walk(paginateListKeys({ client: kms }, {}), (page) => page.Keys);
  expect(keys.pages).toBe(3);
  expect(keys.items.map((key) => key.KeyArn)).toEqual([...world.items(A, R, 'kms.key')].map((key) => key.Arn));
  expect(new Set(keys.items.map((key) => key.KeyId)).size).toBe(231);
  expect((await errorOf(kms.send(new ListKeysCommand({ Limit: 1001 })))).name).toBe('ValidationException');
  expect((await errorOf(kms.send(new ListKeysCommand({ Marker: 'mine' })))).name).toBe('InvalidMarkerException');
});

test('DescribeKey gives what was put, by id, ARN, alias and alias ARN', async () => {
  const world = smallWorld();
  const key = world.put(A, R, 'kms.key', {
    KeyState: 'PendingDeletion',
    DeletionDate: date,
    aliases: ['alias/app/db'],
    Description: 'x',
  });
  const { kms } = clients(await running(world));
  for (const KeyId of [key.KeyId, key.Arn, 'alias/app/db', `arn:aws:kms:${R}:${A}:alias/app/db`]) {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({
      KeyId: key.KeyId,
      Arn: key.Arn,
      AWSAccountId: A,
      KeyState: 'PendingDeletion',
      Enabled: false,
      DeletionDate: date,
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      MultiRegion: false,
    });
    expect(KeyMetadata).not.toHaveProperty('policy');
  }
});

test('DescribeKey of what does not exist says so as AWS does', async () => {
  const { kms } = clients(await running(smallWorld()));
  const id = '11111111-2222-4333-a444-555555555555';
  const missing = await errorOf(kms.send(new DescribeKeyCommand({ KeyId: id })));
  expect([missing.name, missing.message]).toEqual(['NotFoundException', `Key 'arn:aws:kms:${R}:${A}:key/${id}' does not exist`]);
  const elsewhere = await errorOf(kms.send(new DescribeKeyCommand({ KeyId: `arn:aws:kms:${R2}:${A}:key/${id}` })));
  expect([elsewhere.name, elsewhere.message]).toEqual(['NotFoundException', `Invalid arn ${R2}`]);
  const alias = await errorOf(kms.send(new DescribeKeyCommand({ KeyId: 'alias/none' })));
  expect([alias.name, alias.message]).toEqual(['NotFoundException', `Alias arn:aws:kms:${R}:${A}:alias/none is not found.`]);
  expect((await errorOf(kms.send(new DescribeKeyCommand({ KeyId: 'arn:aws:kms:what' })))).name).toBe('InvalidArnException');
});

test("another account's key is read only where it admits the caller; if it exists is not told", async () => {
  const world = smallWorld();
  const admitting = world.put(B, R, 'kms.key', { admits: [A], rotation: { enabled: true } });
  const closed = world.put(B, R, 'kms.key');
  const { kms } = clients(await running(world));
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: admitting.Arn }));
  expect(KeyMetadata?.AWSAccountId).toBe(B);
  expect((await kms.send(new GetKeyRotationStatusCommand({ KeyId: admitting.Arn }))).KeyRotationEnabled).toBe(true);
  const denied = await errorOf(kms.send(new DescribeKeyCommand({ KeyId: closed.Arn })));
  const missing = await errorOf(kms.send(new DescribeKeyCommand({ KeyId: closed.Arn.slice(0, -12) + '000000000000' })));
  expect([denied.name, denied.$metadata?.httpStatusCode]).toEqual(['AccessDeniedException', 400]);
  expect(missing.message).toBe(denied.message);
  expect((await errorOf(kms.send(new GetKeyPolicyCommand({ KeyId: admitting.Arn })))).name).toBe('AccessDeniedException');
});

test('ListAliases gives targets, and predefined names without one; describing such a name makes its key', async () => {
  const world = smallWorld();
  const key = world.put(A, R, 'kms.key', { aliases: ['alias/one', 'alias/two'] });
  const { kms } = clients(await running(world));
  const before = await walk(paginateListAliases({ client: kms, pageSize: 3 }, {}), (page) => page.Aliases);
  expect(before.items.filter((alias) => alias.TargetKeyId === key.KeyId).map((alias) => alias.AliasName)).toEqual([
    'alias/one',
    'alias/two',
  ]);
  expect(before.items.find((alias) => alias.AliasName === 'alias/aws/ebs')?.TargetKeyId).toBeUndefined();
  expect(before.pages).toBe(Math.ceil(before.items.length / 3));
  const ofKey = await kms.send(new ListAliasesCommand({ KeyId: key.KeyId }));
  expect(ofKey.Aliases?.length).toBe(2);

  const made = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/ebs' }));
  expect(made.KeyMetadata?.KeyManager).toBe('AWS');
  expect(world.count(A, R, 'kms.key')).toBe(2);
  expect((await errorOf(kms.send(new ListAliasesCommand({ Limit: 101 })))).name).toBe('ValidationException');
});

test('GetKeyRotationStatus: period, dates, false while deletion is pending, unsupported where a key cannot rotate', async () => {
  const world = smallWorld();
  const on = { enabled: true, periodInDays: 180, nextRotationDate: date, onDemandRotationStartDate: date };
  const { KeyId } = world.put(A, R, 'kms.key', { rotation: on });
  const { kms } = clients(await running(world));
  const status = (id: string) => kms.send(new GetKeyRotationStatusCommand({ KeyId: id }));
  expect(await status(KeyId)).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 180,
    NextRotationDate: date,
    OnDemandRotationStartDate: date,
  });
  const pending = world.put(A, R, 'kms.key', { KeyState: 'PendingDeletion', rotation: on });
  expect((await status(pending.KeyId)).KeyRotationEnabled).toBe(false);
  expect((await status(world.put(A, R, 'kms.key', { KeyManager: 'AWS' }).KeyId)).KeyRotationEnabled).toBe(true);
  expect((await status(world.put(A, R, 'kms.key', { Origin: 'EXTERNAL', rotation: on }).KeyId)).KeyRotationEnabled).toBe(false);
  for (const given of [
    { KeySpec: 'RSA_2048' },
    { KeySpec: 'HMAC_256' },
    { Origin: 'AWS_CLOUDHSM' },
    { Origin: 'EXTERNAL_KEY_STORE' },
  ]) {
    const error = await errorOf(status(world.put(A, R, 'kms.key', given).KeyId));
    expect(error.name).toBe('UnsupportedOperationException');
  }
  expect((await errorOf(status('alias/none'))).name).toBe('NotFoundException');
});

test('policy, tags, grants, rotations, last use and key stores come back as put', async () => {
  const world = smallWorld();
  const grants = Array.from({ length: 120 }, (_, i) => ({
    GrantId: `g${i}`,
    Operations: ['Decrypt'],
    GranteePrincipal: `arn:aws:iam::${A}:role/r`,
  }));
  const key = world.put(A, R, 'kms.key', {
    policy: '{"Statement":[]}',
    tags: [{ TagKey: 'env', TagValue: 'prod & "test" <1>' }],
    grants,
    rotations: [{ RotationDate: date, RotationType: 'AUTOMATIC' }],
    lastUsage: { Operation: 'Decrypt', Timestamp: date },
  });
  const external = world.put(A, R, 'kms.key', { Origin: 'EXTERNAL', ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: date });
  const store = world.put(A, R, 'kms.custom-key-store', { ConnectionState: 'FAILED', ConnectionErrorCode: 'USER_LOCKED_OUT' });
  const { kms } = clients(await running(world));
  const { KeyId } = key;
  expect((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toBe('{"Statement":[]}');
  expect((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual(key.tags);
  const granted = await walk(paginateListGrants({ client: kms, pageSize: 50 }, { KeyId }), (page) => page.Grants);
  expect([granted.pages, granted.items.length, granted.items[0]?.KeyId]).toEqual([3, 120, key.Arn]);
  expect((await kms.send(new ListKeyRotationsCommand({ KeyId }))).Rotations).toEqual([
    { KeyId, RotationDate: date, RotationType: 'AUTOMATIC' },
  ]);
  const material = await kms.send(new ListKeyRotationsCommand({ KeyId: external.KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }));
  expect(material.Rotations).toMatchObject([{ KeyMaterialState: 'CURRENT', ImportState: 'IMPORTED', ValidTo: date }]);
  const usage = await kms.send(new GetKeyLastUsageCommand({ KeyId }));
  expect([usage.KeyLastUsage?.Operation, usage.KeyLastUsage?.Timestamp]).toEqual(['Decrypt', date]);
  expect((await kms.send(new GetKeyLastUsageCommand({ KeyId: external.KeyId }))).KeyLastUsage).toEqual({});
  const stores = await kms.send(new DescribeCustomKeyStoresCommand({}));
  expect(stores.CustomKeyStores?.[0]).toMatchObject({ CustomKeyStoreId: store.CustomKeyStoreId, ConnectionState: 'FAILED' });
});
