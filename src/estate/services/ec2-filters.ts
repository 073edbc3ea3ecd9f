import { fault } from '../errors.js';
import type { Context } from '../operation.js';
import { where } from '../paging.js';
import type { Pageable } from '../paging.js';

type Noun = 'region' | 'volume' | 'snapshot' | 'image';

/** The filters each list takes, and the field each compares. Others are refused, as AWS refuses what it does not know. */
const filters: Record<Noun, Record<string, string>> = {
  region: { 'region-name': 'RegionName', 'opt-in-status': 'OptInStatus', endpoint: 'Endpoint' },
  volume: {
    encrypted: 'Encrypted',
    status: 'State',
    'volume-id': 'VolumeId',
    'availability-zone': 'AvailabilityZone',
    'snapshot-id': 'SnapshotId',
    'volume-type': 'VolumeType',
    size: 'Size',
  },
  snapshot: {
    encrypted: 'Encrypted',
    status: 'State',
    'snapshot-id': 'SnapshotId',
    'volume-id': 'VolumeId',
    'owner-id': 'OwnerId',
    'storage-tier': 'StorageTier',
    'transfer-type': 'TransferType',
    description: 'Description',
    'volume-size': 'VolumeSize',
  },
  image: { 'image-id': 'ImageId', name: 'Name', state: 'State', 'is-public': 'Public', architecture: 'Architecture' },
};

interface Filter {
  Name: string;
  Values: readonly string[];
}

/** The source with the call's filters applied: all filters must hold, each by one of its values. */
export function filtered<T extends object>(context: Context, noun: Noun, source: Pageable<T>): Pageable<T> {
  const given = (context.params['Filters'] ?? []) as readonly Filter[];
  if (given.length === 0) return source;
  const tests = given.map((filter) => test(noun, filter));
  return where(source, (record) => tests.every((holds) => holds(record as Record<string, unknown>)));
}

function test(noun: Noun, { Name, Values }: Filter): (record: Record<string, unknown>) => boolean {
  const patterns = Values.map((value) => wildcard(value));
  const fits = (value: unknown) => patterns.some((pattern) => pattern.test(String(value)));
  if (Name.startsWith('tag:')) return (record) => tagsOf(record).some(({ Key, Value }) => Key === Name.slice(4) && fits(Value));
  if (Name === 'tag-key') return (record) => tagsOf(record).some(({ Key }) => fits(Key));
  const field = filters[noun][Name];
  if (field === undefined) throw fault('ec2', 'badParameter', `The filter '${Name}' is invalid`);
  return (record) => record[field] !== undefined && fits(record[field]);
}

function tagsOf(record: Record<string, unknown>): readonly { Key: string; Value: string }[] {
  return (record['Tags'] ?? []) as readonly { Key: string; Value: string }[];
}

function wildcard(value: string): RegExp {
  const literal = value.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
