import rule from '#rules/s3/sse-c-blocked.js';
import { bucket, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const statement = {
  Sid: 'NoSseC',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::b/*',
  Condition: { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } },
};
const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const deny = policy(statement);
const under = (text: string): TestResource => bucket('b', {}, { policy: text });
const notRead = 'and no statement of the bucket policy denies it to everyone. Resource control policies are not read.';
const absent = `SSE-C is not blocked: BlockedEncryptionTypes is absent, ${notRead}`;
const denied = 'The bucket policy denies uploads under SSE-C, by statement "NoSseC".';

testRule(rule, {
  pass: [
    {
      name: 'blocked',
      resource: bucket('b', { blocked: ['SSE-C'] }),
      message: 'The default encryption rule blocks SSE-C.',
      evidence: { BlockedEncryptionTypes: ['SSE-C'] },
    },
    {
      name: 'blocked, the policy denied to us',
      resource: bucket('b', { blocked: ['SSE-C'] }, { policy: unread() }),
      message: 'The default encryption rule blocks SSE-C.',
    },
    {
      name: 'blocked, the policy unreadable',
      resource: bucket('b', { blocked: ['SSE-C'] }, { policy: '{' }),
      message: 'The default encryption rule blocks SSE-C.',
    },
    { name: 'denied by the policy', resource: under(deny), message: denied },
    {
      name: 'denied by the policy, explicitly NONE',
      resource: bucket('b', { blocked: ['NONE'] }, { policy: deny }),
      message: denied,
    },
    {
      name: 'denied by the policy, GetBucketEncryption denied to us',
      resource: bucket('b', {}, { policy: deny, defaultEncryption: unread() }),
      message: denied,
    },
    {
      name: 'denied by a statement without a Sid, on every action',
      resource: under(policy({ ...statement, Sid: undefined, Action: 's3:*', Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'] })),
      message: 'The bucket policy denies uploads under SSE-C, by statement 1.',
    },
  ],
  fail: [
    { name: 'absent, no policy', resource: bucket('b'), message: absent, evidence: { BlockedEncryptionTypes: null } },
    { name: 'no default encryption rule', resource: bucket('b', null), message: absent },
    {
      name: 'explicitly NONE',
      resource: bucket('b', { blocked: ['NONE'] }),
      message: `SSE-C is not blocked: BlockedEncryptionTypes says NONE, ${notRead}`,
      evidence: { BlockedEncryptionTypes: ['NONE'] },
    },
    {
      name: 'other types',
      resource: bucket('b', { blocked: ['NONE', 'SSE-KMS'] }),
      message: `SSE-C is not blocked: BlockedEncryptionTypes says NONE, SSE-KMS, ${notRead}`,
    },
    {
      name: 'an empty list',
      resource: bucket('b', { blocked: [] }),
      message: `SSE-C is not blocked: BlockedEncryptionTypes says an empty list, ${notRead}`,
    },
    {
      name: 'a Deny for some objects',
      resource: under(policy({ ...statement, Resource: 'arn:aws:s3:::b/secret/*' })),
      message: absent,
    },
    {
      name: 'a Deny for some callers',
      resource: under(policy({ ...statement, Principal: { AWS: '222222222222' } })),
      message: absent,
    },
    {
      name: 'a Deny with a second condition',
      resource: under(
        policy({ ...statement, Condition: { ...statement.Condition, StringEquals: { 'aws:PrincipalAccount': '1' } } }),
      ),
      message: absent,
    },
    {
      name: 'Null true denies all but SSE-C',
      resource: under(
        policy({ ...statement, Condition: { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'true' } } }),
      ),
      message: absent,
    },
    { name: 'a Deny of reading', resource: under(policy({ ...statement, Action: 's3:GetObject' })), message: absent },
    { name: 'an Allow', resource: under(policy({ ...statement, Effect: 'Allow' })), message: absent },
  ],
  unknown: [
    {
      name: 'GetBucketEncryption denied, no policy',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption', code: 'AccessDenied' }],
    },
    {
      name: 'GetBucketPolicy denied, absent',
      resource: bucket('b', {}, { policy: unread() }),
      missing: [{ facet: 's3.bucket/policy', cause: 'denied' }],
    },
    {
      name: 'GetBucketPolicy denied, explicitly NONE',
      resource: bucket('b', { blocked: ['NONE'] }, { policy: unread() }),
      missing: [{ facet: 's3.bucket/policy' }],
    },
    {
      name: 'both denied',
      resource: bucket('b', {}, { defaultEncryption: unread(), policy: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption' }, { facet: 's3.bucket/policy' }],
    },
    {
      name: 'a policy that is none',
      resource: under('[]'),
      missing: [
        {
          facet: 's3.bucket/policy',
          operation: 's3:GetBucketPolicy',
          code: 'a readable policy (a policy is an object)',
          cause: 'absent-field',
        },
      ],
    },
  ],
  notApplicable: 'It speaks of every general purpose bucket; directory buckets are another kind.',
});
