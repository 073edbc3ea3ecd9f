import type { BucketEncryption } from '#model/resources/index.js';
import rule from '#rules/s3/policy-enforces-encryption.js';
import { arnOfKey, awsManagedKey, bucket, key, keyId, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const sse = 's3:x-amz-server-side-encryption';
const keyHeader = `${sse}-aws-kms-key-id`;
const own = arnOfKey(1);
const cmk = { algorithm: 'aws:kms', keyId: own };
const deny = (Condition: object, more: object = {}): object => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::b/*',
  Condition,
  ...more,
});
const under = (...Statement: readonly object[]): TestResource =>
  bucket('b', cmk, { policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
const onlyOwn = (operator: string, value: unknown = own): object => deny({ [operator]: { [keyHeader]: value } });
const enforced = `The bucket policy refuses uploads that state SSE-S3, aws:kms without a key, or another key than ${own}.`;
const open = (uploads: string): string => `The bucket policy lets uploads through that state ${uploads}.`;
const others = [key(1), key(2)];
const below = 'the default is below a customer managed key: see s3/default-encryption-cmk';
const of = (encryption: Partial<BucketEncryption> | null): TestResource => bucket('b', encryption);

testRule(rule, {
  pass: [
    { name: 'every key but the own is refused', resource: under(onlyOwn('StringNotEquals')), others, message: enforced },
    { name: 'with IfExists', resource: under(onlyOwn('StringNotEqualsIfExists')), others, message: enforced },
    { name: 'by ARN', resource: under(onlyOwn('ArnNotEquals')), others, message: enforced },
    {
      name: 'only where the header is there: uploads that state nothing get the default',
      resource: under(deny({ Null: { [sse]: 'false' }, StringNotEquals: { [keyHeader]: own } })),
      others,
      message: enforced,
    },
    {
      name: 'by three statements',
      resource: under(
        deny({ StringNotEquals: { [sse]: 'aws:kms' } }),
        deny({ StringEquals: { [sse]: 'aws:kms' }, Null: { [keyHeader]: 'true' } }),
        deny({ StringNotEqualsIfExists: { [keyHeader]: own }, Null: { [keyHeader]: 'false' } }),
      ),
      others,
      message: enforced,
    },
    {
      name: 'the default key by an alias',
      resource: bucket(
        'b',
        { algorithm: 'aws:kms:dsse', keyId: 'alias/key-1' },
        { policy: JSON.stringify({ Statement: onlyOwn('StringNotEquals') }) },
      ),
      others,
      message: enforced,
    },
    {
      name: 'the policy names the own key twice',
      resource: under(onlyOwn('StringNotEquals', [own, own])),
      others,
      message: enforced,
    },
    {
      name: 'other texts that the policy names are no ARNs of keys',
      resource: under(onlyOwn('StringNotEquals', [own, keyId(2), 'alias/a', 'arn:aws:s3:::b'])),
      others,
      message: enforced,
    },
  ],
  fail: [
    {
      name: 'no policy',
      resource: of(cmk),
      others,
      message: 'The bucket has no policy: an upload may state any other encryption than the default.',
    },
    {
      name: 'a policy about something else',
      resource: under(deny({ Bool: { 'aws:SecureTransport': 'false' } })),
      others,
      message: open('SSE-S3 or aws:kms without a key or another key'),
      evidence: {
        key: own,
        uploads: [
          { algorithm: 'AES256', key: null },
          { algorithm: 'aws:kms', key: null },
          { algorithm: 'aws:kms', key: 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000000' },
        ],
      },
    },
    {
      name: 'only SSE-S3 is refused',
      resource: under(deny({ StringNotEquals: { [sse]: 'aws:kms' } })),
      others,
      message: open('aws:kms without a key or another key'),
    },
    {
      name: 'SSE-S3 is let through',
      resource: under(deny({ StringEquals: { [sse]: 'aws:kms' }, StringNotEquals: { [keyHeader]: own } })),
      others,
      message: open('SSE-S3'),
    },
    {
      name: 'aws:kms without a key is let through',
      resource: under(
        deny({ StringNotEquals: { [sse]: 'aws:kms' } }),
        deny({ StringNotEquals: { [keyHeader]: own }, Null: { [keyHeader]: 'false' } }),
      ),
      others,
      message: open('aws:kms without a key'),
    },
    {
      name: 'every key of the account is let through',
      resource: under(onlyOwn('StringNotLike', 'arn:aws:kms:*:111111111111:key/*')),
      others,
      message: open('another key'),
    },
    {
      name: 'a second key is let through by name',
      resource: under(onlyOwn('StringNotEquals', [own, arnOfKey(2)])),
      others,
      message: open('another key'),
      evidence: { uploads: [{ algorithm: 'aws:kms', key: arnOfKey(2) }] },
    },
    {
      name: 'every key of another account is let through',
      resource: under(onlyOwn('StringNotLike', [own, 'arn:aws:kms:*:222222222222:key/*'])),
      others,
      message: open('another key'),
    },
    {
      name: 'some callers',
      resource: under(deny({ StringNotEquals: { [keyHeader]: own } }, { Principal: { AWS: '111111111111' } })),
      others,
      message: open('SSE-S3 or aws:kms without a key or another key'),
    },
    {
      name: 'some objects',
      resource: under(deny({ StringNotEquals: { [keyHeader]: own } }, { Resource: 'arn:aws:s3:::b/a/*' })),
      others,
      message: open('SSE-S3 or aws:kms without a key or another key'),
    },
  ],
  unknown: [
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'GetBucketPolicy denied',
      resource: bucket('b', cmk, { policy: unread() }),
      others,
      missing: [{ facet: 's3.bucket/policy', code: 'AccessDenied' }],
    },
    {
      name: 'a policy that is none',
      resource: bucket('b', cmk, { policy: '{' }),
      others,
      missing: [{ facet: 's3.bucket/policy', cause: 'absent-field' }],
    },
    {
      name: 'the key could not be read, no policy',
      resource: of(cmk),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*' }],
    },
    { name: 'a rule without an algorithm', resource: of({ algorithm: null }), missing: [{ code: 'SSEAlgorithm' }] },
    {
      name: 'tags denied, which decide',
      resource: bucket('b', cmk, { tags: unread() }),
      others,
      baseline: 'recommended',
      missing: [{ facet: 's3.bucket/tags' }],
    },
  ],
  notApplicable: [
    {
      name: 'not required',
      resource: of(cmk),
      others,
      baseline: 'recommended',
      reason: 'a customer managed key is not required here',
    },
    { name: 'no rule', resource: of(null), reason: below },
    { name: 'SSE-S3', resource: of({}), reason: below },
    { name: 'aws:kms without a key', resource: of({ algorithm: 'aws:kms' }), reason: below },
    {
      name: 'the AWS managed key by its ARN, GetBucketPolicy denied',
      resource: bucket('b', cmk, { policy: unread() }),
      others: [awsManagedKey(1, 's3')],
      reason: below,
    },
    { name: 'the key is gone', resource: of(cmk), others: [key(2)], reason: 'the key is gone: see key/exists' },
    { name: 'aws:fsx', resource: of({ algorithm: 'aws:fsx' }), reason: "aws:fsx: the key is the file system's or vault's" },
  ],
});
