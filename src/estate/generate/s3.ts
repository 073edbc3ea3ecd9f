import { daysBefore } from '../world/key.js';
import { mix } from '../world/hash.js';
import type { BucketRecord } from '../world/records.js';
import type { Generated } from '../world/shelf.js';
import type { Keys } from './keys.js';
import { baseOf, indexOfNumbered, numbered, percent } from './place.js';
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
      policy: index % 4 === 1 ? tlsOnly(this.#nameAt(index)) : undefined,
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

  /** Every tenth bucket takes the access logs of the nine after it; every twentieth replicates. */
  #links(index: number): Partial<BucketRecord> {
    const target = this.#nameAt(index - (index % 10));
    return {
      logging: index % 10 === 0 ? undefined : { TargetBucket: target, TargetPrefix: `${index}/` },
      replication: index % 20 === 9 ? this.#replication(index, target) : undefined,
      inventory: index % 25 === 3 ? [inventory(this.#place.account, target)] : undefined,
    };
  }

  #replication(index: number, target: string): Record<string, unknown> {
    const ReplicaKmsKeyID = this.#keys.customer(index);
    return {
      Role: `arn:aws:iam::${this.#place.account}:role/replicate`,
      Rules: [
        {
          ID: 'all',
          Priority: 1,
          Filter: { Prefix: '' },
          Status: 'Enabled',
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: ReplicaKmsKeyID ? 'Enabled' : 'Disabled' } },
          Destination: {
            Bucket: `arn:aws:s3:::${target}`,
            ...(ReplicaKmsKeyID !== undefined && { EncryptionConfiguration: { ReplicaKmsKeyID } }),
          },
          DeleteMarkerReplication: { Status: 'Disabled' },
        },
      ],
    };
  }
}

function inventory(account: string, target: string): Record<string, unknown> {
  return {
    Id: 'daily',
    IsEnabled: true,
    IncludedObjectVersions: 'Current',
    OptionalFields: ['EncryptionStatus', 'BucketKeyStatus'],
    Schedule: { Frequency: 'Daily' },
    Destination: {
      S3BucketDestination: { AccountId: account, Bucket: `arn:aws:s3:::${target}`, Format: 'CSV', Encryption: { SSES3: {} } },
    },
  };
}

function tlsOnly(name: string): string {
  const deny = {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [deny] });
}
