import rule from '#rules/s3/bucket-key.js';
import { arnOfAlias, arnOfKey, bucket, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const on = 'The default SSE-KMS encryption uses a bucket key.';
const off = 'The default SSE-KMS encryption does without a bucket key: every object costs calls to KMS.';

testRule(rule, {
  pass: [
    {
      name: 'on',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(1), bucketKey: true }),
      message: on,
      evidence: { BucketKeyEnabled: true },
    },
    { name: 'on, under aws/s3', resource: bucket('b', { algorithm: 'aws:kms', bucketKey: true }), message: on },
  ],
  fail: [
    {
      name: 'off, under a key of ours',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(1) }),
      message: off,
      evidence: { SSEAlgorithm: 'aws:kms', BucketKeyEnabled: false },
    },
    { name: 'off, aws:kms without a key', resource: bucket('b', { algorithm: 'aws:kms' }), message: off },
    {
      name: 'off, aws/s3 by alias ARN',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfAlias('alias/aws/s3') }),
      message: off,
    },
    {
      name: 'off, under a key of another account',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(1, { account: '999999999999' }) }),
      message: off,
    },
    {
      name: 'off, ListKeys denied',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(1) }),
      unreadLists: [{ kind: 'kms.key' }],
      message: off,
    },
  ],
  unknown: [
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption', cause: 'denied' }],
    },
    {
      name: 'a rule without an algorithm',
      resource: bucket('b', { algorithm: null, bucketKey: true }),
      missing: [{ code: 'SSEAlgorithm', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    { name: 'SSE-S3', resource: bucket('b'), reason: 'AES256 has no bucket key' },
    {
      name: 'DSSE',
      resource: bucket('b', { algorithm: 'aws:kms:dsse', keyId: arnOfKey(1) }),
      reason: 'aws:kms:dsse has no bucket key',
    },
    {
      name: 'aws:fsx',
      resource: bucket('b', { algorithm: 'aws:fsx' }),
      reason: "aws:fsx: the key is the file system's or vault's",
    },
    {
      name: 'aws:backup',
      resource: bucket('b', { algorithm: 'aws:backup' }),
      reason: "aws:backup: the key is the file system's or vault's",
    },
    { name: 'no rule', resource: bucket('b', null), reason: 'no default encryption rule: see s3/default-encryption' },
  ],
});
