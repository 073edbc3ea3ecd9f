import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketInventoryConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  type InventoryConfiguration,
  type InventoryEncryption,
  type PutObjectCommandInput,
  type ServerSideEncryption,
} from '@aws-sdk/client-s3';
import { DE, EU, US, WEST, type Cloud } from './cloud.js';
import { idOf, neverMade } from './seed-ebs.js';
import type { KeyArns } from './seed-keys.js';

interface Wish {
  /** None: the bucket is left as it was made. */
  readonly sse?: ServerSideEncryption;
  readonly key?: string | undefined;
  readonly bucketKey?: boolean;
  readonly blocked?: boolean;
  readonly confidential?: boolean;
  readonly policy?: object;
}

export async function seedS3(a: Cloud, b: Cloud, keys: KeyArns): Promise<void> {
  const confidential = true;
  const kms = 'aws:kms';
  await bucket(a, US, 'never-configured');
  await bucket(a, US, 'sse-s3', { sse: 'AES256' });
  await bucket(a, US, 'sse-s3-confidential', { sse: 'AES256', confidential });
  await bucket(a, US, 'kms-without-key', { sse: kms });
  await bucket(a, US, 'kms-without-key-confidential', { sse: kms, confidential });
  await bucket(a, US, 'kms-cmk-bucket-key', { sse: kms, key: keys['app'], bucketKey: true, confidential });
  await bucket(a, US, 'kms-alias', { sse: kms, key: 'alias/app/data', confidential });
  await bucket(a, US, 'kms-key-id', { sse: kms, key: idOf(keys['app']), confidential });
  await bucket(a, US, 'dsse', { sse: 'aws:kms:dsse', key: keys['app'], confidential });
  await bucket(a, US, 'fsx', { sse: 'aws:fsx', confidential });
  await bucket(a, US, 'kms-key-gone', { sse: kms, key: neverMade(a.account, US), confidential });
  await bucket(a, US, 'kms-alias-gone', { sse: kms, key: 'alias/gone', confidential });
  await bucket(a, US, 'kms-key-disabled', { sse: kms, key: keys['disabled'], confidential });
  await bucket(a, US, 'kms-key-deleting', { sse: kms, key: keys['deleting-used'], confidential });
  await bucket(a, US, 'kms-key-asymmetric', { sse: kms, key: keys['rsa'] });
  await bucket(a, US, 'kms-key-of-b', { sse: kms, key: keys['b-shared'], confidential });
  await bucket(a, US, 'kms-key-in-west', { sse: kms, key: keys['west'], confidential });
  await bucket(a, US, 'kms-key-gone-in-west', { sse: kms, key: neverMade(a.account, WEST) });
  await bucket(a, EU, 'kms-alias-in-eu', { sse: kms, key: 'alias/app/data', bucketKey: true, confidential });
  await bucket(a, DE, 'kms-alias-not-in-de', { sse: kms, key: 'alias/app/data' });
  await bucket(a, WEST, 'in-west', { sse: 'AES256' });

  await bucket(a, US, 'sse-c-blocked', { sse: 'AES256', blocked: true });
  const denied = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::sse-c-denied/*',
    Condition: { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } },
  };
  await bucket(a, US, 'sse-c-denied', { sse: 'AES256', policy: denied });

  const delivery = {
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::log-target/*',
  };
  await bucket(a, US, 'log-target', { sse: 'AES256', confidential, policy: delivery });
  await bucket(a, US, 'log-source', { sse: 'AES256' });
  const logging = { LoggingEnabled: { TargetBucket: 'log-target', TargetPrefix: 'source/' } };
  await a.s3(US).send(new PutBucketLoggingCommand({ Bucket: 'log-source', BucketLoggingStatus: logging }));

  await bucket(a, US, 'tls-only', { sse: 'AES256', policy: { ...everything('tls-only'), ...withoutTls } });
  await bucket(a, US, 'tls-objects-only', {
    sse: 'AES256',
    policy: { ...everything('tls-objects-only'), ...withoutTls, Resource: 'arn:aws:s3:::tls-objects-only/*' },
  });
  const open = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${b.account}:root` }, Action: 's3:Put*' };
  await bucket(a, US, 'open-to-b', { sse: 'AES256', policy: { ...everything('open-to-b'), ...open } });
  const otherKeys = { StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': keys['app'] } };
  const enforcing = { ...everything('enforcing'), Action: 's3:PutObject', Condition: otherKeys };
  await bucket(a, US, 'enforcing', { sse: kms, key: keys['app'], confidential, policy: enforcing });
  const sseS3Only = { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } };
  const against = { ...everything('against-default'), Action: 's3:PutObject', Condition: sseS3Only };
  await bucket(a, US, 'against-default', { sse: kms, key: keys['app'], confidential, policy: against });

  await bucket(a, US, 'log-target-kms', {
    sse: kms,
    key: keys['app'],
    policy: { ...delivery, Resource: 'arn:aws:s3:::log-target-kms/*' },
  });
  await bucket(a, US, 'log-source-kms', { sse: 'AES256' });
  const loggingKms = { LoggingEnabled: { TargetBucket: 'log-target-kms', TargetPrefix: 'source/' } };
  await a.s3(US).send(new PutBucketLoggingCommand({ Bucket: 'log-source-kms', BucketLoggingStatus: loggingKms }));

  await bucket(a, US, 'reports-below', { sse: kms, key: keys['app'] });
  await bucket(a, US, 'reports-kept', { sse: kms, key: keys['app'] });
  await object(a, 'never-configured', 'plain');
  await object(a, 'sse-s3', 'by default');
  await object(a, 'sse-s3', 'higher', { ServerSideEncryption: kms, SSEKMSKeyId: keys['app'] });
  await object(a, 'kms-cmk-bucket-key', 'a/by+default.txt');
  await object(a, 'kms-cmk-bucket-key', 'b lower', { ServerSideEncryption: 'AES256' });
  await object(a, 'dsse', 'by-default');

  await report(a, 'reports-below', 'sse-s3');
  await report(a, 'reports-kept', 'sse-s3', { SSEKMS: { KeyId: keys['app'] ?? '' } });

  await bucket(b, DE, 'b-bucket', { sse: kms, key: keys['b-still'], bucketKey: true, confidential });
  await bucket(b, US, 'b-bucket-key-of-a', { sse: kms, key: keys['app'], bucketKey: true, confidential });
}

/** A Deny of everything on a bucket and its objects, for everyone. */
function everything(name: string) {
  const Resource: string | readonly string[] = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  return { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource };
}

const withoutTls = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

async function report(cloud: Cloud, Bucket: string, to: string, Encryption?: InventoryEncryption): Promise<void> {
  const InventoryConfiguration: InventoryConfiguration = {
    Id: 'daily',
    IsEnabled: true,
    IncludedObjectVersions: 'All',
    Schedule: { Frequency: 'Daily' },
    Destination: { S3BucketDestination: { Bucket: `arn:aws:s3:::${to}`, Format: 'CSV', Encryption } },
  };
  await cloud.s3(US).send(new PutBucketInventoryConfigurationCommand({ Bucket, Id: 'daily', InventoryConfiguration }));
}

async function object(cloud: Cloud, Bucket: string, Key: string, encryption: Partial<PutObjectCommandInput> = {}): Promise<void> {
  await cloud.s3(US).send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...encryption }));
}

async function bucket(cloud: Cloud, region: string, Bucket: string, wish: Wish = {}): Promise<void> {
  const { sse, key, bucketKey, blocked = false, confidential = false, policy } = wish;
  const s3 = cloud.s3(region);
  const where = region === US ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
  await s3.send(new CreateBucketCommand({ Bucket, ...where }));
  cloud.called(Bucket, `arn:aws:s3:::${Bucket}`);
  if (sse !== undefined) {
    const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: sse, KMSMasterKeyID: key };
    const rule = {
      ApplyServerSideEncryptionByDefault,
      BucketKeyEnabled: bucketKey,
      ...(blocked ? { BlockedEncryptionTypes: { EncryptionType: ['SSE-C' as const] } } : {}),
    };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
  }
  if (confidential)
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'DataClass', Value: 'confidential' }] } }));
  if (policy !== undefined)
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [policy] }) }));
}
