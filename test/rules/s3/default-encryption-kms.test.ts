import rule from '#rules/s3/default-encryption-kms.js';
import { arnOfKey, bucket, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const by = (mode: string): string =>
  `New objects are encrypted under a KMS key by default (${mode}). This proves nothing about older objects.`;

testRule(rule, {
  pass: [
    { name: 'aws:kms without a key', resource: bucket('b', { algorithm: 'aws:kms' }), message: by('SSE-KMS') },
    {
      name: 'aws:kms, the keys not listed',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(1) }),
      unreadLists: [{ kind: 'kms.key' }],
      message: by('SSE-KMS'),
    },
    {
      name: 'aws:kms under a key that is gone',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(1) }),
      message: by('SSE-KMS'),
    },
    { name: 'aws:kms:dsse', resource: bucket('b', { algorithm: 'aws:kms:dsse' }), message: by('DSSE-KMS') },
  ],
  fail: [
    { name: 'SSE-S3', resource: bucket('b'), message: 'The bucket defaults to SSE-S3, under a key that AWS owns.' },
    { name: 'no rule', resource: bucket('b', null), message: 'The bucket has no default encryption rule.' },
  ],
  unknown: [
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'a rule without an algorithm',
      resource: bucket('b', { algorithm: null }),
      missing: [{ facet: 's3.bucket/defaultEncryption', code: 'SSEAlgorithm', cause: 'absent-field' }],
    },
    {
      name: 'an algorithm that we do not know',
      resource: bucket('b', { algorithm: 'aws:next' }),
      missing: [{ code: 'a known SSEAlgorithm (it says aws:next)' }],
    },
  ],
  notApplicable: [
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
  ],
});
