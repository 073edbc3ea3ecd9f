import rule from '#rules/s3/default-key-arn.js';
import { arnOfAlias, arnOfKey, bucket, keyId, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const under = (id: string | null, algorithm = 'aws:kms'): TestResource => bucket('b', { algorithm, keyId: id });
const byArn = (key: string): string => `The default key is named by ARN: ${key}.`;
const byAlias = (key: string): string =>
  `The default key is named by the alias ${key} without an account: it resolves in the account of whoever writes.`;
const byId = (key: string): string =>
  `The default key is named by the bare id ${key}: it resolves in the account of whoever writes.`;
const foreign = arnOfKey(1, { account: '999999999999' });

testRule(rule, {
  pass: [
    {
      name: 'a key ARN, whether the key exists or not',
      resource: under(arnOfKey(1)),
      message: byArn(arnOfKey(1)),
      evidence: { KMSMasterKeyID: arnOfKey(1) },
    },
    { name: 'a key ARN under DSSE', resource: under(arnOfKey(1), 'aws:kms:dsse'), message: byArn(arnOfKey(1)) },
    { name: 'a key ARN of another account', resource: under(foreign), message: byArn(foreign) },
    {
      name: 'a key ARN, ListKeys denied',
      resource: under(arnOfKey(1)),
      unreadLists: [{ kind: 'kms.key' }],
      message: byArn(arnOfKey(1)),
    },
    { name: 'an alias ARN', resource: under(arnOfAlias('alias/a/b')), message: byArn(arnOfAlias('alias/a/b')) },
    { name: 'an ARN with blanks around it', resource: under(` ${arnOfKey(1)} `), message: byArn(` ${arnOfKey(1)} `) },
  ],
  fail: [
    {
      name: 'an alias without an account',
      resource: under('alias/app'),
      message: byAlias('alias/app'),
      evidence: { KMSMasterKeyID: 'alias/app' },
    },
    { name: 'alias/aws/s3', resource: under('alias/aws/s3'), message: byAlias('alias/aws/s3') },
    { name: 'a bare key id', resource: under(keyId(1)), message: byId(keyId(1)) },
    { name: 'a bare multi-Region key id', resource: under('mrk-1234'), message: byId('mrk-1234') },
  ],
  unknown: [
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption', code: 'AccessDenied' }],
    },
    {
      name: 'an ARN of something else',
      resource: under('arn:aws:iam::111111111111:role/r'),
      missing: [
        {
          facet: 's3.bucket/defaultEncryption',
          operation: 's3:GetBucketEncryption',
          action: 's3:GetEncryptionConfiguration',
          code: 'a key in KMSMasterKeyID (it says "arn:aws:iam::111111111111:role/r")',
          cause: 'absent-field',
        },
      ],
    },
    { name: 'an empty text', resource: under(''), missing: [{ code: 'a key in KMSMasterKeyID (it says "")' }] },
  ],
  notApplicable: [
    { name: 'no rule', resource: bucket('b', null), reason: 'no default encryption rule: see s3/default-encryption' },
    { name: 'SSE-S3', resource: bucket('b'), reason: 'the default (AES256) names no key' },
    { name: 'aws:kms without a key', resource: under(null), reason: 'the default (aws:kms) names no key' },
    { name: 'aws:fsx', resource: under(null, 'aws:fsx'), reason: 'the default (aws:fsx) names no key' },
    {
      name: 'a rule without an algorithm',
      resource: bucket('b', { algorithm: null }),
      reason: 'the default (no algorithm) names no key',
    },
  ],
});
