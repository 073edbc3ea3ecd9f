import { daysBefore } from '../world/key.js';
import { hex8, mix } from '../world/hash.js';
import type { DbClusterRecord, DbInstanceRecord } from '../world/records.js';
import type { Generated } from '../world/shelf.js';
import type { Keys } from './keys.js';
import { baseOf, indexOfNumbered, neighbour, numbered, percent } from './place.js';
import type { Place } from './place.js';

/** How a store is encrypted, in the fields RDS gives; the flag has two names. */
export interface DbEncryption {
  encrypted: boolean;
  StorageEncryptionType: 'none' | 'sse-rds' | 'sse-kms';
  KmsKeyId?: string;
}

const ownEngines = ['postgres', 'mysql', 'mariadb', 'sqlserver-ee', 'oracle-ee'] as const;
const clusterEngines = ['aurora-postgresql', 'aurora-mysql', 'aurora-postgresql', 'neptune', 'docdb', 'mysql'] as const;

export class Clusters implements Generated<DbClusterRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #keys: Keys;
  readonly #base: number;

  constructor(place: Place, keys: Keys) {
    this.#place = place;
    this.#keys = keys;
    this.#base = baseOf(place, 'rds.cluster');
    this.count = place.count('rds.cluster');
  }

  at(index: number): DbClusterRecord {
    const { encrypted, ...key } = this.encryptionAt(index);
    const DBClusterIdentifier = this.idAt(index);
    return {
      DBClusterIdentifier,
      DBClusterArn: this.arnAt(index),
      DbClusterResourceId: this.resourceIdAt(index),
      Engine: this.engineAt(index),
      EngineMode: 'provisioned',
      EngineVersion: '16.6',
      Status: 'available',
      ClusterCreateTime: daysBefore(index % 600),
      BackupRetentionPeriod: 7,
      StorageEncrypted: encrypted,
      ...key,
      ...this.#extras(index),
      DBClusterMembers: [],
      TagList: [{ Key: 'index', Value: String(index) }],
    };
  }

  /** Activity streams are Aurora's; Neptune has no master user. */
  #extras(index: number): Record<string, unknown> {
    const engine = this.engineAt(index);
    const stream = engine.startsWith('aurora') && index % 9 === 4 ? this.#keys.customer(index) : undefined;
    const secret = engine !== 'neptune' && index % 5 === 1;
    return {
      ActivityStreamStatus: stream === undefined ? 'stopped' : 'started',
      ...(stream !== undefined && { ActivityStreamKmsKeyId: stream, ActivityStreamMode: 'async' }),
      ...(secret && { MasterUserSecret: masterSecret(this.#keys, this.#place, index) }),
    };
  }

  resourceIdAt(index: number): string {
    return `cluster-${token(this.#base, index)}`;
  }

  /** Whether the cluster at this index of a region is under a KMS key, as `encryptionAt` has it there. */
  isUnderKmsIn(region: string, index: number): boolean {
    return percent(baseOf(this.#place, 'rds.cluster', region), index) >= 15;
  }

  /** An AWS owned key (sse-rds) goes with StorageEncrypted false, as AWS documents. */
  encryptionAt(index: number): DbEncryption {
    const roll = percent(this.#base, index);
    const aurora = this.engineAt(index).startsWith('aurora');
    if (roll < 15) return { encrypted: false, StorageEncryptionType: aurora && roll < 9 ? 'sse-rds' : 'none' };
    return withKey(roll < 40 ? this.#keys.managed('rds') : this.#keys.customer(mix(this.#base, index)));
  }

  engineAt(index: number): string {
    return clusterEngines[index % clusterEngines.length] ?? 'aurora-mysql';
  }

  idAt(index: number): string {
    return numbered('gen-cluster-', index);
  }

  arnAt(index: number): string {
    return `arn:aws:rds:${this.#place.region}:${this.#place.account}:cluster:${this.idAt(index)}`;
  }

  indexOf(id: string): number | undefined {
    const index = indexOfNumbered(id);
    return index !== undefined && this.idAt(index) === id ? index : undefined;
  }
}

/** Three of eight belong to a cluster, where the region has any, and share its engine and key. */
export class Instances implements Generated<DbInstanceRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #keys: Keys;
  readonly #clusters: Clusters;
  readonly #base: number;

  constructor(place: Place, keys: Keys, clusters: Clusters) {
    this.#place = place;
    this.#keys = keys;
    this.#clusters = clusters;
    this.#base = baseOf(place, 'rds.instance');
    this.count = place.count('rds.instance');
  }

  at(index: number): DbInstanceRecord {
    const cluster = this.clusterAt(index);
    const { encrypted, ...key } = this.encryptionAt(index);
    const engine = this.engineAt(index);
    const insights = index % 6 === 0 && engine !== 'neptune' ? this.#keys.customer(index) : undefined;
    const secret = cluster === undefined && index % 7 === 3;
    const source = this.#sourceAt(index);
    return {
      DBInstanceIdentifier: this.idAt(index),
      DBInstanceArn: `arn:aws:rds:${this.#place.region}:${this.#place.account}:db:${this.idAt(index)}`,
      DbiResourceId: this.resourceIdAt(index),
      DBInstanceClass: 'db.r7g.large',
      Engine: engine,
      EngineVersion: '17.4',
      DBInstanceStatus: this.#lacksItsKey(index) ? 'inaccessible-encryption-credentials-recoverable' : 'available',
      AllocatedStorage: cluster === undefined ? 100 : 1,
      InstanceCreateTime: daysBefore(index % 600),
      AvailabilityZone: `${this.#place.region}${'abc'[index % 3]}`,
      BackupRetentionPeriod: 7,
      ...(cluster !== undefined && { DBClusterIdentifier: this.#clusters.idAt(cluster) }),
      StorageEncrypted: encrypted,
      ...key,
      PerformanceInsightsEnabled: insights !== undefined,
      ...(insights !== undefined && { PerformanceInsightsKMSKeyId: insights }),
      ...(secret && { MasterUserSecret: masterSecret(this.#keys, this.#place, index) }),
      ...(source !== undefined && { ReadReplicaSourceDBInstanceIdentifier: source }),
      TagList: [{ Key: 'index', Value: String(index) }],
    };
  }

  resourceIdAt(index: number): string {
    return `db-${token(this.#base, index)}`;
  }

  /** RDS stops an instance whose key is gone. */
  #lacksItsKey(index: number): boolean {
    return this.clusterAt(index) === undefined && this.#sourceAt(index) === undefined && percent(this.#base, index) >= 96;
  }

  /** What an instance is a read replica of: an encrypted one of the neighbour region, since the replica is encrypted. */
  #sourceAt(index: number): string | undefined {
    if (index % 16 !== 12 || this.clusterAt(index) !== undefined) return undefined;
    const region = neighbour(this.#place, 'rds.instance', 1);
    if (region === undefined) return undefined;
    const base = baseOf(this.#place, 'rds.instance', region);
    for (let at = 3; at < this.#place.count('rds.instance', region); at++) {
      const roll = percent(base, at);
      // Members of clusters have no replicas of their own.
      if (at % 8 >= 3 && roll >= 22 && roll < 96) return `arn:aws:rds:${region}:${this.#place.account}:db:${this.idAt(at)}`;
    }
    return undefined;
  }

  encryptionAt(index: number): DbEncryption {
    const cluster = this.clusterAt(index);
    if (cluster !== undefined) return this.#clusters.encryptionAt(cluster);
    if (this.#sourceAt(index) !== undefined)
      return withKey(index % 32 === 12 ? this.#keys.managed('rds') : this.#keys.customer(index));
    const roll = percent(this.#base, index);
    if (roll < 22) return { encrypted: false, StorageEncryptionType: 'none' };
    if (roll < 45) return withKey(this.#keys.managed('rds'));
    const choice = mix(this.#base, index);
    return withKey(roll < 96 ? this.#keys.customer(choice) : this.#keys.missing(choice));
  }

  engineAt(index: number): string {
    const cluster = this.clusterAt(index);
    return cluster === undefined ? (ownEngines[index % ownEngines.length] ?? 'mysql') : this.#clusters.engineAt(cluster);
  }

  clusterAt(index: number): number | undefined {
    return index % 8 < 3 && this.#clusters.count > 0 ? index % this.#clusters.count : undefined;
  }

  idAt(index: number): string {
    return numbered('gen-db-', index);
  }

  indexOf(id: string): number | undefined {
    const index = indexOfNumbered(id);
    return index !== undefined && this.idAt(index) === id ? index : undefined;
  }
}

/** Under aws/secretsmanager, which RDS names by its ARN, or a customer's key. */
function masterSecret(keys: Keys, { account, region }: Place, index: number): Record<string, unknown> {
  const key = index % 2 === 0 ? keys.customer(index) : keys.managed('secretsmanager');
  return {
    SecretArn: `arn:aws:secretsmanager:${region}:${account}:secret:rds!${numbered('db-', index)}`,
    SecretStatus: 'active',
    ...(key !== undefined && { KmsKeyId: key }),
  };
}

export function withKey(KmsKeyId: string | undefined): DbEncryption {
  return KmsKeyId === undefined
    ? { encrypted: false, StorageEncryptionType: 'none' }
    : { encrypted: true, StorageEncryptionType: 'sse-kms', KmsKeyId };
}

/** The resource id that outlives a rename. */
export function token(base: number, index: number): string {
  return (hex8(mix(base, index)) + hex8(mix(base + 1, index)) + hex8(mix(base + 2, index)) + 'xy').toUpperCase();
}
