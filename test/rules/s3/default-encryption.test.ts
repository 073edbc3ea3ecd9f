import rule from '#rules/s3/default-encryption.js';
import { arnOfKey, bucket, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const by = (mode: string): string => `New objects are encrypted by default (${mode}). This proves nothing about older objects.`;

testRule(rule, {
  pass: [
    { name: 'AES256', resource: bucket('b'), message: by('SSE-S3'), evidence: { mode: 'SSE-S3' } },
    { name: 'aws:kms without a key', resource: bucket('b', { algorithm: 'aws:kms' }), message: by('SSE-KMS') },
    {
      name: 'aws:kms under a key that is gone',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(1) }),
      message: by('SSE-KMS'),
    },
    {
      name: 'aws:kms, ListKeys denied',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfKey(1) }),
      unreadLists: [{ kind: 'kms.key' }],
      message: by('SSE-KMS'),
    },
    { name: 'aws:kms:dsse', resource: bucket('b', { algorithm: 'aws:kms:dsse', keyId: arnOfKey(1) }), message: by('DSSE-KMS') },
    { name: 'aws:fsx', resource: bucket('b', { algorithm: 'aws:fsx' }), message: by('aws:fsx') },
    { name: 'an algorithm that we do not know', resource: bucket('b', { algorithm: 'aws:next' }), message: by('aws:next') },
    {
      name: 'policy, logging and tags denied',
      resource: bucket('b', {}, { policy: unread(), logging: unread(), tags: unread() }),
      message: by('SSE-S3'),
    },
  ],
  fail: [
    {
      name: 'ServerSideEncryptionConfigurationNotFoundError',
      resource: bucket('b', null),
      message: 'The bucket has no default encryption rule.',
    },
  ],
  unknown: [
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption', cause: 'denied', code: 'AccessDenied' }],
    },
    {
      name: 'a rule without an algorithm',
      resource: bucket('b', { algorithm: null }),
      missing: [{ facet: 's3.bucket/defaultEncryption', code: 'SSEAlgorithm', cause: 'absent-field' }],
    },
  ],
  notApplicable: 'It speaks of every bucket.',
});
