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

export interface S3Kinds {
  's3.bucket': {
    listing: BucketListing;
    /** Null: ServerSideEncryptionConfigurationNotFoundError. */
    defaultEncryption: BucketEncryption | null;
    policy: string | null;
    logging: BucketLogging | null;
    /** Null: NoSuchTagSet. */
    tags: Tags | null;
  };
}
