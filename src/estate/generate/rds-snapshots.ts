import { daysBefore } from '../world/key.js';
import { mix } from '../world/hash.js';
import type { DbClusterSnapshotRecord, DbSnapshotRecord } from '../world/records.js';
import type { Generated } from '../world/shelf.js';
import type { Keys } from './keys.js';
import { baseOf, indexOfNumbered, neighbour, numbered, otherAccount, percent } from './place.js';
import type { Place } from './place.js';
import { withKey } from './rds.js';
import type { Clusters, DbEncryption, Instances } from './rds.js';

const types = ['automated', 'manual', 'manual', 'awsbackup'] as const;

/** Of the instances that are no cluster members, and copies from the neighbour region. */
export class DbSnapshots implements Generated<DbSnapshotRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #keys: Keys;
  readonly #instances: Instances;
  readonly #base: number;
  readonly #source: string | undefined;

  constructor(place: Place, keys: Keys, instances: Instances) {
    this.#place = place;
    this.#keys = keys;
    this.#instances = instances;
    this.#base = baseOf(place, 'rds.snapshot');
    this.count = place.count('rds.snapshot');
    this.#source = neighbour(place, 'rds.snapshot', 1);
  }

  at(index: number): DbSnapshotRecord {
    const { account, region } = this.#place;
    const instance = this.#instanceAt(index);
    const { encrypted, ...key } = this.#encryptionAt(index);
    const id = this.#idAt(index);
    return {
      DBSnapshotIdentifier: id,
      DBSnapshotArn: `arn:aws:rds:${region}:${account}:snapshot:${id}`,
      DBInstanceIdentifier: instance === undefined ? 'gen-db-gone' : this.#instances.idAt(instance),
      Engine: instance === undefined ? 'postgres' : this.#instances.engineAt(instance),
      EngineVersion: '17.4',
      Status: 'available',
      SnapshotType: types[index % 4] ?? 'manual',
      SnapshotCreateTime: daysBefore(index % 200),
      OriginalSnapshotCreateTime: daysBefore(index % 200),
      AllocatedStorage: 100,
      PercentProgress: 100,
      Encrypted: encrypted,
      ...key,
      ...this.#copy(index),
      TagList: [],
      sharedWith: this.#sharedWith(index, encrypted, key.KmsKeyId),
    };
  }

  indexOf(id: string): number | undefined {
    const index = indexOfNumbered(id);
    return index !== undefined && this.#idAt(index) === id ? index : undefined;
  }

  #idAt(index: number): string {
    return numbered(prefixOf('gen-dbsnap-', index), index);
  }

  #isCopy(index: number): boolean {
    return index % 16 === 5 && this.#source !== undefined;
  }

  #copy(index: number): Record<string, unknown> {
    const from = this.#source;
    if (from === undefined || !this.#isCopy(index)) return {};
    const source = numbered(prefixOf('gen-dbsnap-', index), index % this.#place.count('rds.snapshot', from));
    return {
      SourceRegion: from,
      SourceDBSnapshotIdentifier: `arn:aws:rds:${from}:${this.#place.account}:snapshot:${source}`,
    };
  }

  #encryptionAt(index: number): DbEncryption {
    if (this.#isCopy(index)) return withKey(index % 32 === 5 ? this.#keys.managed('rds') : this.#keys.customer(index));
    const instance = this.#instanceAt(index);
    if (instance !== undefined) return this.#instances.encryptionAt(instance);
    return withKey(percent(this.#base, index) < 30 ? undefined : this.#keys.customer(mix(this.#base, index)));
  }

  #instanceAt(index: number): number | undefined {
    if (this.#instances.count === 0) return undefined;
    const instance = index % this.#instances.count;
    return this.#instances.clusterAt(instance) === undefined ? instance : undefined;
  }

  /** Manual ones only; public only where not encrypted; never under AWS's own key. */
  #sharedWith(index: number, encrypted: boolean, key: string | undefined): readonly string[] {
    if (types[index % 4] !== 'manual') return [];
    if (!encrypted) return index % 12 === 1 ? ['all'] : [];
    const other = otherAccount(this.#place, index);
    return index % 10 === 2 && other !== undefined && key !== this.#keys.managed('rds') ? [other] : [];
  }
}

export class DbClusterSnapshots implements Generated<DbClusterSnapshotRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #keys: Keys;
  readonly #clusters: Clusters;

  constructor(place: Place, keys: Keys, clusters: Clusters) {
    this.#place = place;
    this.#keys = keys;
    this.#clusters = clusters;
    this.count = place.count('rds.cluster-snapshot');
  }

  at(index: number): DbClusterSnapshotRecord {
    const { account, region } = this.#place;
    const cluster = this.#clusters.count > 0 ? index % this.#clusters.count : undefined;
    const { encrypted, ...key } =
      cluster === undefined ? withKey(this.#keys.customer(index)) : this.#clusters.encryptionAt(cluster);
    const id = this.#idAt(index);
    const unprotected = key.StorageEncryptionType === 'none';
    return {
      DBClusterSnapshotIdentifier: id,
      DBClusterSnapshotArn: `arn:aws:rds:${region}:${account}:cluster-snapshot:${id}`,
      DBClusterIdentifier: cluster === undefined ? 'gen-cluster-gone' : this.#clusters.idAt(cluster),
      Engine: cluster === undefined ? 'aurora-mysql' : this.#clusters.engineAt(cluster),
      EngineVersion: '16.6',
      Status: 'available',
      SnapshotType: types[index % 4] ?? 'manual',
      SnapshotCreateTime: daysBefore(index % 200),
      PercentProgress: 100,
      StorageEncrypted: encrypted,
      ...key,
      TagList: [],
      sharedWith: unprotected && types[index % 4] === 'manual' ? ['all'] : [],
    };
  }

  indexOf(id: string): number | undefined {
    const index = indexOfNumbered(id);
    return index !== undefined && this.#idAt(index) === id ? index : undefined;
  }

  #idAt(index: number): string {
    return numbered(prefixOf('gen-clustersnap-', index), index);
  }
}

function prefixOf(name: string, index: number): string {
  const type = types[index % 4];
  if (type === 'automated') return `rds:${name}`;
  return type === 'awsbackup' ? `awsbackup:job-${name}` : name;
}
