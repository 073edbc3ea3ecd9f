import type { BucketEncryption } from '#model/resources/index.js';
import rule from '#rules/s3/policy-default-conflict.js';
import { arnOfAlias, arnOfKey, bucket, key, keyId, resource, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const sse = 's3:x-amz-server-side-encryption';
const keyHeader = `${sse}-aws-kms-key-id`;
const own = arnOfKey(1);
const deny = (operator: string, header: string, value: string, more: object = {}): object => ({
  Sid: 'Sse',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::b/*',
  Condition: { [operator]: { [header]: value } },
  ...more,
});
const under = (encryption: Partial<BucketEncryption> | null, ...Statement: readonly object[]): TestResource =>
  bucket('b', encryption, { policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
const kms = (id: string | null): Partial<BucketEncryption> => ({ algorithm: 'aws:kms', keyId: id });
const agrees = (stated: string): string => `No Deny of the bucket policy refuses an upload that states the default: ${stated}.`;
const conflicts = (stated: string, statements = 'statement "Sse"'): string =>
  `The bucket policy refuses uploads that state the default (${stated}), by ${statements}.`;
const onlyKms = deny('StringNotEquals', sse, 'aws:kms');
const onlyOwn = deny('StringNotEquals', keyHeader, own);
const nothing = 'no statement of a bucket policy looks at the encryption of uploads';

testRule(rule, {
  pass: [
    {
      name: 'the algorithm that is demanded',
      resource: under(kms(null), onlyKms),
      message: agrees('aws:kms'),
      evidence: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: null },
    },
    {
      name: 'beside a statement that does not look at it',
      resource: under(kms(null), onlyKms, { ...deny('Bool', 'aws:SecureTransport', 'false'), Sid: 'Tls' }),
      message: agrees('aws:kms'),
    },
    { name: 'the key that is demanded', resource: under(kms(own), onlyOwn), message: agrees(`aws:kms with ${own}`) },
    {
      name: 'by a bare id, which the ARN states as well',
      resource: under(kms(keyId(1)), onlyOwn),
      message: agrees(`aws:kms with ${keyId(1)}`),
    },
    {
      name: 'by an alias, which the ARN states as well',
      resource: under(kms('alias/key-1'), onlyOwn),
      others: [key(1)],
      message: agrees('aws:kms with alias/key-1'),
    },
    {
      name: 'by an alias as it is demanded, the keys not listed',
      resource: under(kms('alias/key-1'), deny('StringNotEquals', keyHeader, 'alias/key-1')),
      unreadLists: [{ kind: 'kms.key' }],
      message: agrees('aws:kms with alias/key-1'),
    },
    { name: 'uploads that state nothing are refused', resource: under({}, deny('Null', sse, 'true')), message: agrees('AES256') },
    {
      name: 'an Allow looks at it',
      resource: under({}, deny('StringEquals', sse, 'aws:kms', { Effect: 'Allow' })),
      message: agrees('AES256'),
    },
    {
      name: 'SSE-C is refused',
      resource: under({}, deny('Null', `${sse}-customer-algorithm`, 'false')),
      message: agrees('AES256'),
    },
    {
      name: 'another bucket',
      resource: under({}, deny('StringNotEquals', sse, 'aws:kms', { Resource: 'arn:aws:s3:::c/*' })),
      message: agrees('AES256'),
    },
  ],
  fail: [
    {
      name: 'another algorithm is demanded',
      resource: under({}, onlyKms),
      message: conflicts('AES256'),
      evidence: { SSEAlgorithm: 'AES256', KMSMasterKeyID: null, statements: [{ index: 0, sid: 'Sse' }] },
    },
    {
      name: 'SSE-S3 is demanded',
      resource: under(kms(own), deny('StringNotEquals', sse, 'AES256')),
      message: conflicts(`aws:kms with ${own}`),
    },
    { name: 'DSSE is not SSE-KMS', resource: under({ algorithm: 'aws:kms:dsse' }, onlyKms), message: conflicts('aws:kms:dsse') },
    {
      name: 'another key is demanded',
      resource: under(kms(arnOfKey(2)), onlyOwn),
      message: conflicts(`aws:kms with ${arnOfKey(2)}`),
    },
    { name: 'a key is demanded, and the default names none', resource: under(kms(null), onlyOwn), message: conflicts('aws:kms') },
    { name: 'another key by a bare id', resource: under(kms(keyId(2)), onlyOwn), message: conflicts(`aws:kms with ${keyId(2)}`) },
    {
      name: 'another key by an alias',
      resource: under(kms('alias/key-2'), onlyOwn),
      others: [key(1), key(2)],
      message: conflicts('aws:kms with alias/key-2'),
    },
    {
      name: 'an alias that is gone',
      resource: under(kms('alias/gone'), onlyOwn),
      others: [key(1)],
      message: conflicts('aws:kms with alias/gone'),
    },
    {
      name: 'an alias that is gone, refused by its name',
      resource: under(kms('alias/gone'), deny('StringEquals', keyHeader, 'alias/gone')),
      others: [key(1)],
      message: conflicts('aws:kms with alias/gone'),
    },
    {
      name: 'a default that is no key',
      resource: under(kms('arn:aws:iam::111111111111:role/r'), onlyOwn),
      message: conflicts('aws:kms with arn:aws:iam::111111111111:role/r'),
    },
    {
      name: 'aws/s3 by its alias',
      resource: under(kms('alias/aws/s3'), onlyOwn),
      message: conflicts('aws:kms with alias/aws/s3'),
    },
    {
      name: 'for some callers and objects',
      resource: under(
        {},
        deny('StringNotEquals', sse, 'aws:kms', { Principal: { AWS: '222222222222' }, Resource: 'arn:aws:s3:::b/a/*' }),
      ),
      message: conflicts('AES256'),
    },
    {
      name: 'two statements',
      resource: under({}, onlyKms, deny('Null', keyHeader, 'true', { Sid: undefined })),
      message: conflicts('AES256', 'statement "Sse" and statement 2'),
    },
  ],
  unknown: [
    { name: 'GetBucketPolicy denied', resource: bucket('b', {}, { policy: unread() }), missing: [{ facet: 's3.bucket/policy' }] },
    {
      name: 'a policy that is none',
      resource: bucket('b', {}, { policy: '{' }),
      missing: [{ facet: 's3.bucket/policy', cause: 'absent-field' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { policy: JSON.stringify({ Statement: onlyKms }), defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'a rule without an algorithm',
      resource: under({ algorithm: null }, onlyKms),
      missing: [{ code: 'SSEAlgorithm', cause: 'absent-field' }],
    },
    {
      name: 'an alias that could not be resolved',
      resource: under(kms('alias/key-1'), onlyOwn),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'an alias of an account outside the scope',
      resource: under(kms(arnOfAlias('alias/a', { account: '999999999999' })), onlyOwn),
      followUps: [resource('kms.key', arnOfAlias('alias/a', { account: '999999999999' }), { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'foreign', account: '999999999999' }],
    },
  ],
  notApplicable: [
    { name: 'no policy', resource: bucket('b'), reason: nothing },
    {
      name: 'no policy, GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      reason: nothing,
    },
    { name: 'no statement looks at it', resource: under({}, deny('Bool', 'aws:SecureTransport', 'false')), reason: nothing },
    { name: 'no rule', resource: under(null, onlyKms), reason: 'no default encryption rule: see s3/default-encryption' },
  ],
});
