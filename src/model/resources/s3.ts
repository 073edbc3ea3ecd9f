import type { Missing } from '../attempt.js';
import type { Tags } from './tags.js';

export interface BucketListing {
  readonly createdAt: string | null;
}

/** The default encryption rule of a bucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html */
export interface BucketEncryption {
  readonly algorithm: string | null;
  /** As S3 returned it: key id, key ARN, alias name, alias ARN; null means `alias/aws/s3` under aws:kms. */
  readonly keyId: string | null;
  readonly bucketKey: boolean;
  /** BlockedEncryptionTypes; null when AWS left the field out, which differs from an explicit NONE. */
  readonly blocked: readonly string[] | null;
}

export interface BucketLogging {
  readonly targetBucket: string;
  readonly targetPrefix: string | null;
}

/** An inventory report. https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryConfiguration.html */
export interface BucketInventory {
  readonly id: string | null;
  readonly enabled: boolean;
  /** ARN of the bucket that the report goes to. */
  readonly destination: string | null;
  /** Null: the default of the destination counts. */
  readonly encryption: 'SSES3' | 'SSEKMS' | null;
  /** As S3 returned it, under SSEKMS. */
  readonly keyId: string | null;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html */
export interface ReplicationRule {
  readonly id: string | null;
  readonly enabled: boolean;
  /** ARN of the bucket that replicas go to. */
  readonly destination: string | null;
  /** The account that comes to own the replicas, where it is not the source's. */
  readonly account: string | null;
  /** SseKmsEncryptedObjects is Enabled: objects under a KMS key are replicated. */
  readonly kmsObjects: boolean;
  /** The key of the replicas as S3 returned it. */
  readonly keyId: string | null;
}

/** What HeadObject says of an object, whose content nobody reads. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export type SampledObject = { readonly key: string } & (
  | {
      readonly is: 'read';
      /** ServerSideEncryption; null: S3 states none, and the object is not encrypted. */
      readonly algorithm: string | null;
      readonly keyId: string | null;
    }
  /** A bare 400: S3 wants the key that the object was uploaded with, unless it refuses every request by now. */
  | { readonly is: 'bad-request' }
  | { readonly is: 'unread'; readonly missing: Missing }
);

export interface S3Kinds {
  /** S3 Express One Zone: a bucket in one zone, listed region by region. */
  's3.directory-bucket': {
    listing: BucketListing;
    /** Null: ServerSideEncryptionConfigurationNotFoundError. */
    defaultEncryption: BucketEncryption | null;
  };
  's3.bucket': {
    listing: BucketListing;
    /** Null: ServerSideEncryptionConfigurationNotFoundError. */
    defaultEncryption: BucketEncryption | null;
    policy: string | null;
    logging: BucketLogging | null;
    /** Null: ReplicationConfigurationNotFoundError. */
    replication: readonly ReplicationRule[] | null;
    inventory: readonly BucketInventory[];
    /** The first keys of the bucket, as many as the run samples. */
    objects: readonly string[];
    /** Of those that are still there. */
    objectEncryption: readonly SampledObject[];
    /** Asked where a request was answered by a bare 400: that S3 still takes our requests. */
    objectsListedAgain: true;
    /** Null: NoSuchTagSet. */
    tags: Tags | null;
  };
}
