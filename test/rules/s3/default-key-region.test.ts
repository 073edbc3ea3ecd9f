import rule from '#rules/s3/default-key-region.js';
import { arnOfAlias, arnOfKey, bucket, keyId, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const under = (id: string | null, region = 'us-east-1'): TestResource =>
  bucket('b', { algorithm: 'aws:kms', keyId: id }, {}, { region });
const far = arnOfKey(1, { region: 'eu-west-1' });
const same = (key: string): string => `The default key ${key} is in the region of the bucket.`;
const other = (key: string, keyRegion: string, bucketRegion: string): string =>
  `The default key ${key} is in ${keyRegion}, the bucket in ${bucketRegion}: uploads that rely on the default fail.`;
const bare = (key: string): string => `the default key is not named by ARN but as ${key}: see s3/default-key-arn`;

testRule(rule, {
  pass: [
    {
      name: 'one region',
      resource: under(arnOfKey(1)),
      message: same(arnOfKey(1)),
      evidence: { KMSMasterKeyID: arnOfKey(1), bucketRegion: 'us-east-1' },
    },
    { name: 'one region that is not the first', resource: under(far, 'eu-west-1'), message: same(far) },
    { name: 'an alias ARN', resource: under(arnOfAlias('alias/a')), message: same(arnOfAlias('alias/a')) },
    {
      name: 'the key of another account',
      resource: under(arnOfKey(1, { account: '999999999999' })),
      message: same(arnOfKey(1, { account: '999999999999' })),
    },
  ],
  fail: [
    { name: 'two regions', resource: under(far), message: other(far, 'eu-west-1', 'us-east-1') },
    {
      name: 'two regions, the other way round',
      resource: under(arnOfKey(1), 'eu-west-1'),
      message: other(arnOfKey(1), 'us-east-1', 'eu-west-1'),
    },
    {
      name: 'an alias ARN of another region',
      resource: under(arnOfAlias('alias/a', { region: 'eu-west-1' })),
      message: other(arnOfAlias('alias/a', { region: 'eu-west-1' }), 'eu-west-1', 'us-east-1'),
    },
    {
      name: 'a multi-Region key by the ARN of its other half',
      resource: under('arn:aws:kms:eu-west-1:111111111111:key/mrk-1'),
      message: other('arn:aws:kms:eu-west-1:111111111111:key/mrk-1', 'eu-west-1', 'us-east-1'),
    },
  ],
  unknown: [
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'an ARN of something else',
      resource: under('arn:aws:s3:::b'),
      missing: [{ code: 'a key in KMSMasterKeyID (it says "arn:aws:s3:::b")', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    { name: 'no rule', resource: bucket('b', null), reason: 'no default encryption rule: see s3/default-encryption' },
    { name: 'SSE-S3', resource: bucket('b'), reason: 'the default (AES256) names no key' },
    { name: 'aws:kms without a key', resource: under(null), reason: 'the default (aws:kms) names no key' },
    { name: 'a bare key id', resource: under(keyId(1)), reason: bare(keyId(1)) },
    { name: 'an alias without an account', resource: under('alias/app'), reason: bare('alias/app') },
  ],
});
