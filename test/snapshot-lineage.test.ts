import { describe, expect, test } from 'vitest';
import { createWorld } from '#estate/index.js';
import { copiedSnapshots } from '#inventory/copy-links.js';
import type { CellEdges, EdgeLine } from '#inventory/edges-file.js';
import type { LineageHop } from '#model/report.js';
import { lineageOf, type LineageNode } from '#snapshot-lineage.js';
import { scanEstate } from './support/scan-estate.js';
import { account } from './support/small-world.js';

const regions = ['eu-west-1', 'us-east-1', 'us-west-2'];

test('copies that leave their region are a chain, with the key of each', async () => {
  const world = createWorld({ seed: 5 }).addAccount(account, { regions });
  const own = world.put(account, 'us-east-1', 'kms.key', { aliases: ['alias/copies'] });
  const going = world.put(account, 'us-west-2', 'kms.key', {
    KeyState: 'PendingDeletion',
    DeletionDate: new Date('2026-12-01T00:00:00Z'),
  });
  const first = world.put(account, 'eu-west-1', 'ebs.snapshot', { Encrypted: false });
  const copyOf = (id: string, from: string) => ({
    Description: `[Copied ${id} from ${from}] dr`,
    TransferType: 'standard' as const,
  });
  const second = world.put(account, 'us-east-1', 'ebs.snapshot', {
    ...{ Encrypted: true, KmsKeyId: own.Arn },
    ...copyOf(first.SnapshotId, 'eu-west-1'),
  });
  const third = world.put(account, 'us-west-2', 'ebs.snapshot', {
    ...{ Encrypted: true, KmsKeyId: going.Arn },
    ...copyOf(second.SnapshotId, 'us-east-1'),
  });
  // A copy within its region says nothing of where data went.
  const stays = world.put(account, 'eu-west-1', 'ebs.snapshot', { Encrypted: false });
  world.put(account, 'eu-west-1', 'ebs.snapshot', {
    Encrypted: true,
    KmsKeyId: own.Arn,
    ...copyOf(stays.SnapshotId, 'eu-west-1'),
  });
  world.put(account, 'us-west-2', 'ebs.snapshot', { Encrypted: false, ...copyOf('snap-0123456789abcdef0', 'eu-west-1') });
  const source = `arn:aws:rds:eu-west-1:${account}:snapshot:before`;
  world.put(account, 'us-east-1', 'rds.snapshot', { Encrypted: true, KmsKeyId: own.Arn, SourceDBSnapshotIdentifier: source });

  const lineage = await scanEstate(world, { services: ['ec2', 'kms', 'rds'] }, ({ report }) => report.lineage);
  const short = ({ resource, region, level, key, trouble, unread }: LineageHop) => [
    resource.split(/[/:]/).at(-1),
    region,
    level,
    key,
    trouble ?? unread,
  ];
  expect(lineage?.chains.map(({ hops }) => hops.map(short))).toEqual([
    [
      [first.SnapshotId, 'eu-west-1', 'none', null, null],
      [second.SnapshotId, 'us-east-1', 'customer-managed', own.Arn, null],
      [third.SnapshotId, 'us-west-2', 'customer-managed', going.Arn, 'PendingDeletion, to be deleted on 2026-12-01'],
    ],
    [
      ['snap-0123456789abcdef0', 'eu-west-1', null, null, 'not there any more'],
      [expect.stringMatching(/^snap-/), 'us-west-2', 'none', null, null],
    ],
    [
      ['before', 'eu-west-1', null, null, 'not there any more'],
      [expect.any(String), 'us-east-1', 'customer-managed', own.Arn, null],
    ],
  ]);
  expect(lineage).toMatchObject({ more: 0, unseen: 0 });
});

describe('many copies', () => {
  const edge = (to: string, region: string, first: readonly string[]): EdgeLine => ({
    ...{ edge: 'source', from: 'ebs.snapshot', to, region, usage: null, count: 7, first },
  });
  const cell = (...edges: EdgeLine[]) =>
    ({ header: { account, region: 'eu-west-1' }, edges, values: [] }) as unknown as CellEdges;

  test('are looked at up to a limit, those that left their region first, and the others counted', () => {
    const cells = [cell(edge('snap-a', 'eu-west-1', ['arn:a']), edge('snap-b', 'us-east-1', ['arn:b1', 'arn:b2']))];
    expect(copiedSnapshots(cells, 2)).toEqual({ names: new Set(['snap-b', 'arn:b1', 'arn:b2']), unseen: 5 + 7 });
  });

  const node = (id: string, region: string, source: string | null): LineageNode => ({
    hop: { resource: id, kind: 'ebs.snapshot', account, region, level: 'none', key: null, trouble: null, unread: null },
    source: source === null ? null : { name: source, region: null },
  });

  test('that name each other end the chain, and chains beyond those kept are counted', () => {
    const circle = [node('a', 'eu-west-1', 'b'), node('b', 'us-east-1', 'a'), node('c', 'us-west-2', 'a')];
    expect(lineageOf(circle, () => '', 0)?.chains.map(({ hops }) => hops.map(({ resource }) => resource))).toEqual([
      ['b', 'a', 'c'],
    ]);
    const copies = Array.from({ length: 60 }, (_, index) => node(`copy-${index}`, 'us-east-1', 'root'));
    const lineage = lineageOf([node('root', 'eu-west-1', null), ...copies], () => '', 0);
    expect(lineage?.chains).toHaveLength(50);
    expect(lineage?.more).toBe(10);
    expect(lineageOf([], () => '', 0)).toBeUndefined();
  });
});
