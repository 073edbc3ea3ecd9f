import { DescribeSnapshotAttributeCommand, DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createWorld, demoWorld, kinds } from '#estate/index.js';
import type { Kind, World } from '#estate/index.js';
import { A, B, R, R2, clients, running, smallWorld } from './support.js';

const counts = {
  'kms.key': 120,
  's3.bucket': 60,
  'ebs.volume': 200,
  'ebs.snapshot': 300,
  'ec2.image': 40,
  'ec2.launch-template': 20,
  'rds.instance': 80,
  'rds.cluster': 30,
  'rds.snapshot': 100,
  'rds.cluster-snapshot': 60,
  'rds.automated-backup': 20,
  'rds.cluster-automated-backup': 10,
  'rds.export-task': 10,
  'rds.global-cluster': 5,
  'rds.integration': 5,
};

function full(): World {
  return smallWorld().generate(A, R, counts).generate(A, R2, counts);
}

function idField(kind: Kind, record: object): string {
  const fields = record as Record<string, unknown>;
  const names = [
    'KeyId',
    'AliasName',
    'Name',
    'SnapshotId',
    'VolumeId',
    'ImageId',
    'DBSnapshotIdentifier',
    'DBClusterSnapshotIdentifier',
  ];
  const more = ['DBInstanceAutomatedBackupsArn', 'DBClusterAutomatedBackupsArn', 'DBInstanceIdentifier', 'DBClusterIdentifier'];
  const last = ['ExportTaskIdentifier', 'GlobalClusterIdentifier', 'IntegrationArn'];
  if (kind === 'ec2.launch-template') return `${String(fields['LaunchTemplateId'])}:1`;
  if (kind === 'ec2.image') return String(fields['ImageId']);
  if (kind === 'ebs.volume') return String(fields['VolumeId']);
  const name = [...names, ...more, ...last].find((candidate) => fields[candidate] !== undefined);
  return String(fields[name ?? '']);
}

describe('generated resources', () => {
  test('are found again by their id, which is theirs alone', () => {
    const world = full();
    for (const region of [R, R2]) {
      for (const kind of kinds) {
        const items = [...world.items(A, region, kind)];
        expect(items.length).toBe(world.count(A, region, kind));
        const ids = items.map((item) => idField(kind, item));
        expect(new Set(ids).size).toBe(ids.length);
        for (const [i, id] of ids.entries()) expect(world.find(A, region, kind, id)).toEqual(items[i]);
      }
    }
    const [volume] = world.items(A, R, 'ebs.volume');
    expect(world.find(A, R2, 'ebs.volume', volume?.VolumeId ?? '')).toBeUndefined();
  });

  test('are the same for the same seed, whatever the order of generating; others for another', () => {
    const turned = smallWorld().generate(A, R2, counts).generate(A, R, counts);
    const one = full();
    for (const kind of kinds) expect([...turned.items(A, R, kind)]).toEqual([...one.items(A, R, kind)]);
    const other = createWorld({ seed: 8 })
      .addAccount(A, { regions: [R] })
      .generate(A, R, { 'ebs.volume': 5 });
    const ids = (world: World) => [...world.items(A, R, 'ebs.volume')].slice(0, 5).map((volume) => volume.VolumeId);
    expect(ids(other)).not.toEqual(ids(one));
  });

  test('refer to each other: keys exist, are foreign, or are gone; volumes, clusters and primaries exist', () => {
    const world = full();
    const fate = { own: 0, foreign: 0, gone: 0, none: 0 };
    for (const { KmsKeyId } of world.items(A, R, 'ebs.volume')) {
      const [, , , , account, resource = ''] = KmsKeyId?.split(':') ?? [];
      if (KmsKeyId === undefined) fate.none++;
      else if (account !== A) fate.foreign++;
      else if (world.find(A, R, 'kms.key', resource.slice('key/'.length))) fate.own++;
      else fate.gone++;
    }
    expect(fate.own).toBeGreaterThan(100);
    expect(Math.min(fate.foreign, fate.gone, fate.none)).toBeGreaterThan(0);
    for (const snapshot of world.items(A, R, 'ebs.snapshot')) {
      const [, source = '', from = ''] = /^\[Copied (\S+) from (\S+)\]/.exec(String(snapshot['Description'])) ?? [];
      if (source === '') expect(world.find(A, R, 'ebs.volume', snapshot.VolumeId)?.KmsKeyId).toBe(snapshot.KmsKeyId);
      else
        expect([from, world.find(A, from, 'ebs.snapshot', source) !== undefined, snapshot['TransferType']]).toEqual([
          R2,
          true,
          'standard',
        ]);
    }
    for (const instance of world.items(A, R, 'rds.instance')) {
      const cluster = instance['DBClusterIdentifier'] as string | undefined;
      if (cluster !== undefined) expect(world.find(A, R, 'rds.cluster', cluster)?.KmsKeyId).toBe(instance.KmsKeyId);
    }
    const replicas = [...world.items(A, R, 'kms.key')].filter((key) => key.KeyId.startsWith('mrk-'));
    expect(replicas.length).toBe(6);
    for (const key of replicas) expect(world.find(A, R2, 'kms.key', key.KeyId)?.MultiRegion).toBe(true);
  });

  test('are a mix: every case a rule looks for is among them', () => {
    const world = full();
    const values = (kind: Kind, field: string) =>
      new Set([...world.items(A, R, kind)].map((record) => (record as Record<string, unknown>)[field]));
    expect(values('kms.key', 'KeyState')).toEqual(new Set(['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport']));
    expect(values('kms.key', 'KeyManager')).toEqual(new Set(['AWS', 'CUSTOMER']));
    expect(values('kms.key', 'Origin')).toEqual(new Set(['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM']));
    expect(values('kms.key', 'KeySpec')).toEqual(new Set(['SYMMETRIC_DEFAULT', 'RSA_4096', 'ECC_NIST_P256', 'HMAC_256']));
    expect(values('rds.cluster', 'StorageEncryptionType')).toEqual(new Set(['none', 'sse-rds', 'sse-kms']));
    expect(values('rds.instance', 'Engine').size).toBeGreaterThan(6);
    expect(values('rds.snapshot', 'SnapshotType')).toEqual(new Set(['automated', 'manual', 'awsbackup']));
    expect([...world.items(A, R, 'ebs.snapshot')].some((snapshot) => snapshot.sharedWith.includes('all'))).toBe(true);
    expect([...world.items(A, R, 'rds.snapshot')].some((snapshot) => snapshot.sharedWith.includes('all'))).toBe(true);
    const sse = [...world.items(A, R, 's3.bucket')].map((bucket) => JSON.stringify(bucket.encryption));
    for (const sign of ['"AES256"', '"aws:kms"}', 'aws:kms:dsse', 'alias/', '"SSE-C"', '"NONE"']) {
      expect(sse.some((rule) => rule.includes(sign))).toBe(true);
    }
  });
});

test('a million snapshots are paged without being held', async () => {
  const world = smallWorld().generate(A, R, { 'ebs.snapshot': 1_000_000, 'ebs.volume': 100_000 });
  const { ec2 } = clients(await running(world));
  const before = process.memoryUsage().heapUsed;
  const page = (NextToken?: string) =>
    ec2.send(
      new DescribeSnapshotsCommand({ OwnerIds: ['self'], MaxResults: 1000, ...(NextToken !== undefined && { NextToken }) }),
    );
  const first = await page();
  const second = await page(first.NextToken);
  expect([first.Snapshots?.length, second.Snapshots?.length]).toEqual([1000, 1000]);
  // A token is stamp, page and position: this one is made to stand before the last five hundred.
  const [stamp = ''] = Buffer.from(first.NextToken ?? '', 'base64url')
    .toString()
    .split('.');
  const last = await page(Buffer.from(`${stamp}.1000.999500`).toString('base64url'));
  expect([last.Snapshots?.length, last.NextToken]).toEqual([500, undefined]);
  const SnapshotId = last.Snapshots?.at(-1)?.SnapshotId ?? '';
  const attribute = await ec2.send(new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }));
  expect(attribute.SnapshotId).toBe(SnapshotId);
  const shared = await ec2.send(
    new DescribeSnapshotsCommand({ OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: 1000 }),
  );
  expect(shared.Snapshots?.length).toBeGreaterThan(100);
  expect(shared.NextToken).toBeUndefined();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000);
});

describe('hand-written records', () => {
  test('need an account and region that exist', () => {
    expect(() => smallWorld().put('444444444444', R, 'kms.key')).toThrow('no account 444444444444');
    expect(() => smallWorld().put(A, 'ap-south-1', 'kms.key')).toThrow('has not enabled ap-south-1');
    expect(() => createWorld().addAccount('12')).toThrow('not an account id');
  });

  test('can be replaced, and removed between two calls; so can generated ones', async () => {
    const world = smallWorld().generate(A, R, { 'kms.key': 6 });
    const key = world.put(A, R, 'kms.key', { KeyState: 'Enabled' });
    world.put(A, R, 'kms.key', { KeyId: key.KeyId, KeyState: 'Disabled' });
    expect(world.count(A, R, 'kms.key')).toBe(7);
    const { kms } = clients(await running(world));
    expect((await kms.send(new DescribeKeyCommand({ KeyId: key.KeyId }))).KeyMetadata?.KeyState).toBe('Disabled');
    const made = [...world.items(A, R, 'kms.key')].at(-1)?.KeyId ?? '';
    for (const id of [key.KeyId, made]) expect(world.remove(A, R, 'kms.key', id)).toBe(true);
    expect(world.remove(A, R, 'kms.key', made)).toBe(false);
    expect([...world.items(A, R, 'kms.key')].length).toBe(5);
    expect(world.count(A, R, 'kms.key')).toBe(5);
    await expect(kms.send(new DescribeKeyCommand({ KeyId: made }))).rejects.toThrow('does not exist');
  });
});

test('the demo world has every case it promises', () => {
  const world = demoWorld();
  expect(world.accounts()).toEqual([A, B, '333333333333']);
  expect(world.accounts({ all: true })).toContain('999999999999');
  const every = <K extends Kind>(kind: K) =>
    world.accounts().flatMap((account) => world.regions(account).flatMap((region) => [...world.items(account, region, kind)]));
  expect(new Set(world.accounts().flatMap((account) => world.regions(account)))).toEqual(
    new Set(['ap-northeast-2', 'eu-west-1', 'us-east-1', 'us-east-2']),
  );
  expect(kinds.reduce((sum, kind) => sum + every(kind).length, 0)).toBeGreaterThanOrEqual(300);
  expect(world.denials.length).toBeGreaterThan(0);
  for (const account of world.accounts()) expect(world.account(account).roles.has('AtrestAudit')).toBe(true);

  const users = [...every('ebs.volume'), ...every('rds.instance'), ...every('ebs.snapshot')].map((record) => record.KmsKeyId);
  const keys = every('kms.key');
  const used = (test: (key: (typeof keys)[number]) => boolean) => keys.some((key) => test(key) && users.includes(key.Arn));
  expect(used((key) => key.KeyState === 'PendingDeletion')).toBe(true);
  expect(used((key) => key.KeyState === 'Disabled')).toBe(true);
  expect(users.some((arn) => arn?.includes(':999999999999:'))).toBe(true);
  const known = new Set(keys.map((key) => key.Arn));
  expect(users.some((arn) => arn !== undefined && !arn.includes(':999999999999:') && !known.has(arn))).toBe(true);
  expect(keys.some((key) => key.policy.includes('"Everybody"'))).toBe(true);
  const snapshots = every('ebs.snapshot');
  expect(snapshots.some((snapshot) => snapshot.sharedWith.includes('all') && !snapshot.Encrypted)).toBe(true);
  for (const records of [every('ebs.volume'), snapshots]) expect(records.some((record) => !record.Encrypted)).toBe(true);
  expect(every('rds.instance').some((instance) => instance['StorageEncryptionType'] === 'none')).toBe(true);
});
