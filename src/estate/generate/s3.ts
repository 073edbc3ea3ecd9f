import { daysBefore } from '../world/key.js';
import { mix } from '../world/hash.js';
import type { BucketRecord } from '../world/records.js';
import type { Generated } from '../world/shelf.js';
import type { Keys } from './keys.js';
import { openBucketPolicy, soundBucketPolicy, sseS3Policy, tlsOnlyPolicy } from '../world/bucket-policies.js';
import { baseOf, FOREIGN_ACCOUNT, indexOfNumbered, numbered, percent } from './place.js';
import type { Place } from './place.js';

type Sse = Record<string, unknown>;

export class Buckets implements Generated<BucketRecord> {
  readonly count: number;
  readonly #place: Place;
  readonly #keys: Keys;
  readonly #base: number;

  constructor(place: Place, keys: Keys) {
    this.#place = place;
    this.#keys = keys;
    this.#base = baseOf(place, 's3.bucket');
    this.count = place.count('s3.bucket');
  }

  at(index: number): BucketRecord {
    const roll = percent(this.#base, index);
    const byDefault = this.#sse(index, roll);
    const kms = byDefault['SSEAlgorithm'] !== 'AES256';
    const blocked = index % 5 === 0 ? undefined : { EncryptionType: [index % 7 === 6 ? 'NONE' : 'SSE-C'] };
    return {
      Name: this.#nameAt(index),
      CreationDate: daysBefore(index % 900),
      BucketRegion: this.#place.region,
      encryption: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: byDefault,
            BucketKeyEnabled: kms && index % 2 === 0,
            ...(blocked && { BlockedEncryptionTypes: blocked }),
          },
        ],
      },
      tags: index % 3 === 0 ? [{ Key: 'data', Value: index % 2 ? 'internal' : 'confidential' }] : undefined,
      policy: this.#policy(index, byDefault['KMSMasterKeyID']),
      ...this.#links(index),
    };
  }

  /** The name must be ours: others may end in seven digits too. */
  indexOf(name: string): number | undefined {
    const index = indexOfNumbered(name);
    return index !== undefined && this.#nameAt(index) === name ? index : undefined;
  }

  #nameAt(index: number): string {
    return numbered(`gen-${this.#place.account}-${this.#place.region}-`, index);
  }

  #sse(index: number, roll: number): Sse {
    const choice = mix(this.#base, index);
    const kms = (KMSMasterKeyID: string | undefined, SSEAlgorithm = 'aws:kms'): Sse => ({
      SSEAlgorithm,
      ...(KMSMasterKeyID !== undefined && { KMSMasterKeyID }),
    });
    if (roll < 40) return { SSEAlgorithm: 'AES256' };
    if (roll < 48) return kms(undefined);
    if (roll < 53) return kms(this.#keys.managed('s3'));
    if (roll < 80) return kms(this.#keys.customer(choice));
    if (roll < 87) return kms(this.#keys.customerAlias(choice));
    if (roll < 92) return kms(this.#keys.customer(choice), 'aws:kms:dsse');
    if (roll < 96) return kms(this.#keys.foreign(choice));
    return kms(this.#keys.missing(choice));
  }

  /** Of eight buckets two demand TLS, one its own key too, and one lets the partner do as he likes. */
  #policy(index: number, key: unknown): string | undefined {
    const name = this.#nameAt(index);
    if (index % 8 === 1) return tlsOnlyPolicy(name);
    if (index % 8 === 5) return typeof key === 'string' ? soundBucketPolicy(name, key) : sseS3Policy(name);
    return index % 8 === 7 ? openBucketPolicy(name, FOREIGN_ACCOUNT) : undefined;
  }

  #inventory(index: number, target: string): Record<string, unknown> {
    const KeyId = this.#keys.customer(index);
    const encryption = [{ SSES3: {} }, undefined, KeyId === undefined ? undefined : { SSEKMS: { KeyId } }];
    return inventory(this.#place.account, target, encryption[index % 3]);
  }

  /** Every tenth bucket takes the access logs of the nine after it; every twentieth replicates. */
  #links(index: number): Partial<BucketRecord> {
    const target = this.#nameAt(index - (index % 10));
    return {
      logging: index % 10 === 0 ? undefined : { TargetBucket: target, TargetPrefix: `${index}/` },
      replication: index % 20 === 9 ? replication(this.#place.account, target, this.#keys.customer(index)) : undefined,
      inventory: index % 25 === 3 ? [this.#inventory(index, target)] : undefined,
    };
  }
}

/** Of every object, those under a KMS key among them where a key for the replicas is given. */
export function replication(account: string, target: string, ReplicaKmsKeyID?: string): Record<string, unknown> {
  return {
    Role: `arn:aws:iam::${account}:role/replicate`,
    Rules: [
      {
        ID: 'all',
        Priority: 1,
        Filter: { Prefix: '' },
        Status: 'Enabled',
        SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: ReplicaKmsKeyID === undefined ? 'Disabled' : 'Enabled' } },
        Destination: {
          Bucket: `arn:aws:s3:::${target}`,
          ...(ReplicaKmsKeyID !== undefined && { EncryptionConfiguration: { ReplicaKmsKeyID } }),
        },
        DeleteMarkerReplication: { Status: 'Disabled' },
      },
    ],
  };
}

/** A daily report; without `Encryption` the default of its destination counts. */
export function inventory(account: string, target: string, Encryption?: Record<string, unknown>): Record<string, unknown> {
  return {
    Id: 'daily',
    IsEnabled: true,
    IncludedObjectVersions: 'Current',
    OptionalFields: ['EncryptionStatus', 'BucketKeyStatus'],
    Schedule: { Frequency: 'Daily' },
    Destination: {
      S3BucketDestination: {
        AccountId: account,
        Bucket: `arn:aws:s3:::${target}`,
        Format: 'CSV',
        ...(Encryption && { Encryption }),
      },
    },
  };
}
