/** Bucket policies as people write them. */

export function tlsOnlyPolicy(bucket: string): string {
  return policy(tlsOnly(bucket));
}

/** TLS, and uploads that state any encryption state the one key. */
export function soundBucketPolicy(bucket: string, key: string): string {
  return policy(tlsOnly(bucket), {
    Sid: 'OneKey',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `${arnOf(bucket)}/*`,
    Condition: {
      Null: { 's3:x-amz-server-side-encryption': 'false' },
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': key },
    },
  });
}

/** What many a bucket still says from before it had another default. */
export function sseS3Policy(bucket: string): string {
  return policy({
    Sid: 'SseS3Only',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `${arnOf(bucket)}/*`,
    Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
  });
}

/** Lets another account do as it likes, where reading was meant. */
export function openBucketPolicy(bucket: string, other: string): string {
  return policy({
    Sid: 'Partner',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${other}:root` },
    Action: 's3:*',
    Resource: [arnOf(bucket), `${arnOf(bucket)}/*`],
  });
}

function tlsOnly(bucket: string): object {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arnOf(bucket), `${arnOf(bucket)}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

function arnOf(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

function policy(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
