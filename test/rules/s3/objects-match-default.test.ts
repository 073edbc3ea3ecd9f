import { expect, test } from 'vitest';
import { encryptionOf } from '#model/encryption.js';
import type { BucketEncryption, SampledObject } from '#model/resources/index.js';
import rule from '#rules/s3/objects-match-default.js';
import { arnOfKey, awsManagedKey, bucket, home, key, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const own = arnOfKey(1);
const cmk: Partial<BucketEncryption> = { algorithm: 'aws:kms', keyId: own };
const options = { sample: 5 };
const read = (name: string, algorithm: string | null, keyId: string | null = null): SampledObject => ({
  key: name,
  is: 'read',
  algorithm,
  keyId,
});
const good = read('good', 'aws:kms', own);
const sseS3 = read('old', 'AES256');
const plain = read('older', null);
const sseC: SampledObject = { key: 'theirs', is: 'bad-request' };
const denial = {
  facet: 's3.bucket/objectEncryption',
  operation: 's3:HeadObject',
  action: 's3:GetObject',
  code: 'HTTP 403',
  cause: 'denied',
} as const;
const denied = (name: string): SampledObject => ({ key: name, is: 'unread', missing: denial });
const sampled = (encryption: Partial<BucketEncryption> | null, ...objectEncryption: readonly SampledObject[]): TestResource =>
  bucket('b', encryption, {
    objects: objectEncryption.map((object) => object.key),
    objectEncryption,
    objectsListedAgain: true,
  });
const later = (resource: TestResource): TestResource => ({ ...resource, ...unlistedAgain(resource) });
const unlistedAgain = ({ record }: TestResource): Partial<TestResource> => {
  const { objectsListedAgain: _, ...facets } = record.facets;
  const missing = { facet: 's3.bucket/objectsListedAgain', operation: 's3:ListObjectsV2', action: 's3:ListBucket' };
  return {
    record: { ...record, facets, unread: { objectsListedAgain: { ...missing, code: 'ExpiredToken', cause: 'denied' } } },
  };
};

const older = 'Objects that are older than the default cannot be told apart from newer ones.';
const byCustomer = 'under a customer managed key';
const byAws = 'under an AWS managed key';
const byOwned = 'under a key that AWS owns';
const kept = (count: number, level: string): string =>
  `None of ${String(count)} sampled objects is encrypted lower than the default of the bucket, which is ${level}. Other objects may be.`;
const below = (level: string, counts: string, objects: string): string =>
  `The default of the bucket is ${level}. Encrypted lower are ${counts} sampled objects: ${objects}. ${older}`;
const underSseC = (counts: string, objects: string): string =>
  `Under SSE-C, whose keys AWS does not keep, are ${counts} sampled objects: ${objects}. ${older}`;

testRule(rule, {
  pass: [
    { name: 'the same key', resource: sampled(cmk, good), others: [key(1)], options, message: kept(1, byCustomer) },
    {
      name: 'another customer managed key',
      resource: sampled(cmk, good, read('o', 'aws:kms:dsse', arnOfKey(2))),
      others: [key(1), key(2)],
      options,
      message: kept(2, byCustomer),
    },
    { name: 'SSE-S3 on both', resource: sampled({}, sseS3), options, message: kept(1, byOwned) },
    { name: 'higher than the default', resource: sampled({}, good), others: [key(1)], options, message: kept(1, byOwned) },
    { name: 'nothing where the default is nothing', resource: sampled(null, plain), options, message: kept(1, 'not encrypted') },
    {
      name: 'a key of another account over SSE-S3',
      resource: sampled({}, read('o', 'aws:kms', arnOfKey(2, { account: '999999999999' }))),
      options,
      message: kept(1, byOwned),
    },
    {
      name: 'a key that is gone was a customer managed one',
      resource: sampled(cmk, read('o', 'aws:kms', arnOfKey(2))),
      others: [key(1)],
      options,
      message: kept(1, byCustomer),
    },
    {
      name: 'the AWS managed key on both',
      resource: sampled({ algorithm: 'aws:kms' }, read('o', 'aws:kms', arnOfKey(2))),
      others: [awsManagedKey(2, 's3')],
      options,
      message: kept(1, byAws),
    },
    {
      name: 'an object of a file system over no default',
      resource: sampled(null, read('o', 'aws:fsx')),
      options,
      message: kept(1, 'not encrypted'),
    },
  ],
  fail: [
    {
      name: 'SSE-S3 below a customer managed key',
      resource: sampled(cmk, good, sseS3),
      others: [key(1)],
      options,
      message: below(byCustomer, '1 of 2', `"old" ${byOwned}`),
      evidence: { sampled: 2, below: [`"old" ${byOwned}`], sseC: [] },
    },
    {
      name: 'the AWS managed key below a customer managed one',
      resource: sampled(cmk, read('o', 'aws:kms', arnOfKey(2))),
      others: [key(1), awsManagedKey(2, 's3')],
      options,
      message: below(byCustomer, '1 of 1', `"o" ${byAws}`),
    },
    {
      name: 'not encrypted, below SSE-S3',
      resource: sampled({}, plain),
      options,
      message: below(byOwned, '1 of 1', '"older" not encrypted'),
    },
    {
      name: 'more than are named, and a name that others chose',
      resource: sampled({}, read('a "b"\n{level}', null), plain, plain, plain, plain),
      options,
      message: below(
        byOwned,
        '5 of 5',
        '"a \\"b\\"\\n{level}" not encrypted, "older" not encrypted, "older" not encrypted and 2 more',
      ),
    },
    {
      name: 'as many as are named',
      resource: sampled({}, plain, plain, plain, sseC, sseC, sseC, sseC),
      options,
      message: `The default of the bucket is ${byOwned}. Encrypted lower are 3 of 7 sampled objects: "older" not encrypted, "older" not encrypted, "older" not encrypted. Under SSE-C, whose keys AWS does not keep, are 4: "theirs", "theirs", "theirs" and 1 more. ${older}`,
    },
    {
      name: 'SSE-S3, below a key that could not be read, whatever else could not be read',
      resource: sampled(cmk, denied('x'), sseS3),
      unreadLists: [{ kind: 'kms.key' }],
      options,
      message: below('under a KMS key', '1 of 2', `"old" ${byOwned}`),
    },
    { name: 'SSE-C', resource: sampled({}, sseC, sseS3), options, message: underSseC('1 of 2', '"theirs"') },
    {
      name: 'SSE-C where the default is nothing',
      resource: sampled(null, sseC),
      options,
      message: underSseC('1 of 1', '"theirs"'),
    },
    {
      name: 'SSE-C beside what could not be read',
      resource: sampled({}, sseC, denied('x')),
      options,
      message: underSseC('1 of 2', '"theirs"'),
    },
    {
      name: 'SSE-C and a lower one',
      resource: sampled({}, sseC, plain),
      options,
      message: `The default of the bucket is ${byOwned}. Encrypted lower are 1 of 2 sampled objects: "older" not encrypted. Under SSE-C, whose keys AWS does not keep, are 1: "theirs". ${older}`,
    },
    {
      name: 'a lower one, beside a 400 that proves nothing',
      resource: later(sampled({}, sseC, plain)),
      options,
      message: below(byOwned, '1 of 2', '"older" not encrypted'),
    },
  ],
  unknown: [
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread(), objects: ['old'], objectEncryption: [sseS3] }),
      options,
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'ListObjectsV2 denied',
      resource: bucket('b', {}, { objects: unread(), objectEncryption: unread() }),
      options,
      missing: [{ facet: 's3.bucket/objects', code: 'AccessDenied' }, { facet: 's3.bucket/objectEncryption' }],
    },
    {
      name: 'HeadObject denied',
      resource: bucket('b', {}, { objects: ['old'], objectEncryption: unread() }),
      options,
      missing: [{ facet: 's3.bucket/objectEncryption' }],
    },
    {
      name: 'HeadObject denied for two of three, said once',
      resource: sampled({}, denied('x'), sseS3, denied('y')),
      options,
      missing: [denial],
    },
    {
      name: 'a 400, after which nothing is answered any more',
      resource: later(sampled({}, sseC, sseS3)),
      options,
      missing: [{ facet: 's3.bucket/objectsListedAgain', code: 'ExpiredToken' }],
    },
    {
      name: 'the key of the bucket could not be read, the object is under another KMS key',
      resource: sampled(cmk, read('o', 'aws:kms', arnOfKey(2))),
      unreadLists: [{ kind: 'kms.key' }],
      options,
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'a key of another account, which may be the AWS managed one there',
      resource: sampled(cmk, read('o', 'aws:kms', arnOfKey(2, { account: '999999999999' }))),
      others: [key(1)],
      options,
      missing: [{ cause: 'uncollected' }],
    },
    {
      name: 'a KMS key that S3 did not name',
      resource: sampled(cmk, read('o', 'aws:kms')),
      others: [key(1)],
      options,
      missing: [{ ...denial, code: 'SSEKMSKeyId', cause: 'absent-field' }],
    },
    {
      name: 'an object of a file system',
      resource: sampled(cmk, read('o', 'aws:fsx')),
      others: [key(1)],
      options,
      missing: [{ ...denial, code: 'the key behind aws:fsx', cause: 'absent-field' }],
    },
    {
      name: 'an algorithm that we do not know',
      resource: sampled({}, read('o', 'aws:next')),
      options,
      missing: [{ ...denial, code: 'a known ServerSideEncryption (it says aws:next)', cause: 'absent-field' }],
    },
    {
      name: 'a default that we do not know',
      resource: sampled({ algorithm: 'aws:next' }, sseS3),
      options,
      missing: [{ code: 'a known SSEAlgorithm (it says aws:next)' }],
    },
  ],
  notApplicable: [
    { name: 'sampling is off', resource: sampled({}, plain), reason: 'no objects are sampled' },
    { name: 'an empty bucket', resource: sampled({}), options, reason: 'no object was found' },
    {
      name: 'aws:backup',
      resource: sampled({ algorithm: 'aws:backup' }, sseC),
      options,
      reason: "aws:backup: the key is the file system's or vault's",
    },
  ],
});

test.each<[string, Partial<BucketEncryption>, string]>([
  ['SSE-S3', {}, '--sse AES256'],
  ['SSE-KMS', cmk, '--sse aws:kms --sse-kms-key-id "$KEY"'],
  ['DSSE-KMS', { ...cmk, algorithm: 'aws:kms:dsse' }, '--sse aws:kms:dsse --sse-kms-key-id "$KEY"'],
])('objects are written again under a default of %s', (_name, given, end) => {
  const defaultEncryption = { algorithm: 'AES256', keyId: null, bucketKey: false, blocked: null, ...given };
  const identity = { ...home, kind: 's3.bucket', arn: 'arn:aws:s3:::logs', name: 'logs' } as const;
  const { cli } = rule.remediation(identity, { encryption: encryptionOf({ kind: 's3.bucket', defaultEncryption }) });
  expect(cli?.split('\n').at(-1)).toBe(`aws s3 cp --region us-east-1 s3://logs/ s3://logs/ --recursive ${end}`);
  expect(cli?.startsWith('KEY=')).toBe(given.keyId !== undefined);
});

test('objects are written again under SSE-S3 where there is no default', () => {
  const identity = { ...home, kind: 's3.bucket', arn: 'arn:aws:s3:::logs', name: 'logs' } as const;
  expect(rule.remediation(identity, { encryption: { by: 'none' } }).cli).toMatch(/ --sse AES256$/);
});
