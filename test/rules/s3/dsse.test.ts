import rule from '#rules/s3/dsse.js';
import { bucket, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const byTag = { dsseRequired: [{ tags: { DataClass: ['top-secret'] } }] };
const byName = { dsseRequired: [...byTag.dsseRequired, { name: 'b*' }] };
const tags = { dataclass: 'Top-Secret' };
const other = (algorithm: string): string =>
  `Two layers of encryption are required here (aws:kms:dsse), and the default is ${algorithm}.`;
const dsse = 'Two layers of encryption are required here, and the default is aws:kms:dsse.';

testRule(rule, {
  pass: [
    {
      name: 'DSSE, by a tag',
      resource: bucket('b', { algorithm: 'aws:kms:dsse' }, { tags }),
      options: byTag,
      message: dsse,
      evidence: { SSEAlgorithm: 'aws:kms:dsse' },
    },
    {
      name: 'DSSE, by name, tags denied',
      resource: bucket('b', { algorithm: 'aws:kms:dsse' }, { tags: unread() }),
      options: byName,
      message: dsse,
    },
  ],
  fail: [
    { name: 'SSE-KMS', resource: bucket('b', { algorithm: 'aws:kms' }, { tags }), options: byTag, message: other('aws:kms') },
    { name: 'SSE-S3', resource: bucket('b'), options: byName, message: other('AES256') },
    { name: 'aws:fsx', resource: bucket('b', { algorithm: 'aws:fsx' }), options: byName, message: other('aws:fsx') },
    {
      name: 'an algorithm that we do not know',
      resource: bucket('b', { algorithm: 'aws:next' }),
      options: byName,
      message: other('aws:next'),
    },
    {
      name: 'no rule',
      resource: bucket('b', null),
      options: byName,
      message: 'Two layers of encryption are required here (aws:kms:dsse), and the bucket has no default encryption rule.',
    },
  ],
  unknown: [
    {
      name: 'tags denied, which decide',
      resource: bucket('b', { algorithm: 'aws:kms:dsse' }, { tags: unread() }),
      options: byTag,
      missing: [{ facet: 's3.bucket/tags', code: 'AccessDenied' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      options: byName,
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'a rule without an algorithm',
      resource: bucket('b', { algorithm: null }),
      options: byName,
      missing: [{ facet: 's3.bucket/defaultEncryption', code: 'SSEAlgorithm', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    {
      name: 'no selector, whatever was denied',
      resource: bucket('b', {}, { defaultEncryption: unread(), tags: unread() }),
      reason: 'two layers of encryption are not required here',
    },
    {
      name: 'no selector matches, GetBucketEncryption denied',
      resource: bucket('b', {}, { tags: { DataClass: 'public' }, defaultEncryption: unread() }),
      options: byTag,
      reason: 'two layers of encryption are not required here',
    },
  ],
});
