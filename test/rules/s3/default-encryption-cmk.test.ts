import { expect, test } from 'vitest';
import rule from '#rules/s3/default-encryption-cmk.js';
import type { BucketEncryption } from '#model/resources/index.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  bucket,
  directoryBucket,
  key,
  keyId,
  metadata,
  unread,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const kms = (keyId: string | null = null): Partial<BucketEncryption> => ({ algorithm: 'aws:kms', keyId });
const own = arnOfKey(1);
const elsewhere = { account: '222222222222' };
const foreign = { account: '999999999999' };
const foreignArn = arnOfKey(7, foreign);
const passes = (arn = own, mode = 'SSE-KMS'): string =>
  `New objects are encrypted under the customer managed key ${arn} by default (${mode}).`;
const fails = (setting: string): string => `A customer managed key is required here, and the bucket ${setting}.`;
const sseS3 = fails('defaults to SSE-S3, under a key that AWS owns');
const awsS3 = fails('defaults to an AWS managed key');
const allowPut = (Principal: object): string =>
  JSON.stringify({
    Statement: [{ Sid: 'Logs', Effect: 'Allow', Principal, Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*' }],
  });
const logs = allowPut({ Service: 'logging.s3.amazonaws.com' });
const source = (name: string, facets = {}): TestResource =>
  bucket(name, {}, { logging: { targetBucket: 'b', targetPrefix: null }, ...facets });
const admitted = (principal: string): string =>
  `a log target, for SSE-S3 only: statement "Logs" of its policy allows s3:PutObject to ${principal}`;
const delivered = 'a log target, for SSE-S3 only: arn:aws:s3:::src delivers its access logs here (GetBucketLogging)';

testRule(rule, {
  pass: [
    {
      name: 'aws:kms under a key of ours',
      resource: bucket('b', kms(own)),
      others: [key(1)],
      message: passes(),
      evidence: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: own },
    },
    {
      name: 'aws:kms:dsse under a key of ours',
      resource: bucket('b', { algorithm: 'aws:kms:dsse', keyId: own }),
      others: [key(1)],
      message: passes(own, 'DSSE-KMS'),
    },
    {
      name: 'a directory bucket under a key of ours',
      resource: directoryBucket('d--use1-az4--x-s3', kms(own)),
      others: [key(1)],
      message: passes(),
    },
    { name: 'by key id', resource: bucket('b', kms(keyId(1))), others: [key(1)], message: passes() },
    {
      name: 'by an alias with slashes',
      resource: bucket('b', kms('alias/team/app')),
      others: [key(1, { aliases: ['alias/team/app'] })],
      message: passes(),
    },
    {
      name: 'by the alias ARN of another account of the run',
      resource: bucket('b', kms(arnOfAlias('alias/app', elsewhere))),
      others: [key(1, { aliases: ['alias/app'], place: elsewhere })],
      message: passes(arnOfKey(1, elsewhere)),
    },
    {
      name: 'a disabled key is still ours',
      resource: bucket('b', kms(own)),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: passes(),
    },
    {
      name: 'a key outside the scope that DescribeKey shows',
      resource: bucket('b', kms(foreignArn)),
      followUps: [key(7, { place: foreign })],
      message: passes(foreignArn),
    },
    {
      name: 'whatever else was denied',
      resource: bucket('b', kms(own), { policy: unread(), logging: unread() }),
      others: [key(1)],
      message: passes(),
    },
    {
      name: 'a log target all the same',
      resource: bucket('b', kms(own), { policy: logs }),
      others: [key(1), source('src')],
      message: passes(),
    },
    {
      name: 'required by its tag, in another letter case',
      resource: bucket('b', kms(own), { tags: { dataclass: 'PII' } }),
      others: [key(1)],
      baseline: 'recommended',
      message: passes(),
    },
  ],
  fail: [
    {
      name: 'a directory bucket under SSE-S3, whatever of the logging of others was denied',
      resource: directoryBucket('d--use1-az4--x-s3'),
      others: [bucket('x', {}, { logging: unread() })],
      message: sseS3,
    },
    { name: 'AES256', resource: bucket('b'), message: sseS3, evidence: { SSEAlgorithm: 'AES256', KMSMasterKeyID: null } },
    { name: 'aws:kms without a key', resource: bucket('b', kms()), message: awsS3, evidence: { key: 'alias/aws/s3' } },
    { name: 'aws:kms:dsse without a key', resource: bucket('b', { algorithm: 'aws:kms:dsse' }), message: awsS3 },
    { name: 'aws/s3 by alias name', resource: bucket('b', kms('alias/aws/s3')), message: awsS3 },
    {
      name: 'aws/s3 by alias ARN, ListKeys denied',
      resource: bucket('b', kms(arnOfAlias('alias/aws/s3'))),
      unreadLists: [{ kind: 'kms.key' }],
      message: awsS3,
    },
    { name: 'aws/s3 by its key ARN', resource: bucket('b', kms(own)), others: [awsManagedKey(1, 's3')], message: awsS3 },
    {
      name: 'AWS managed by DescribeKey',
      resource: bucket('b', kms(own)),
      others: [key(1, { aliases: [], metadata: metadata({ manager: 'AWS' }) })],
      message: awsS3,
    },
    { name: 'no rule at all', resource: bucket('b', null), message: fails('has no default encryption rule') },
    {
      name: 'delivery.logs.amazonaws.com takes a customer managed key',
      resource: bucket('b', {}, { policy: allowPut({ Service: 'delivery.logs.amazonaws.com' }) }),
      message: sseS3,
    },
    {
      name: 'it logs elsewhere itself',
      resource: bucket('b', {}, { logging: { targetBucket: 'other', targetPrefix: null } }),
      message: sseS3,
    },
    {
      name: 'S3 delivers no logs from another region',
      resource: bucket('b'),
      others: [bucket('src', {}, { logging: { targetBucket: 'b', targetPrefix: null } }, { region: 'eu-west-1' })],
      message: sseS3,
    },
    {
      name: 'another bucket is the log target',
      resource: bucket('b'),
      others: [bucket('src', {}, { logging: { targetBucket: 'b2', targetPrefix: null } })],
      message: sseS3,
    },
    {
      name: "another account's logging unread",
      resource: bucket('b'),
      others: [bucket('src', {}, { logging: unread() }, elsewhere)],
      message: sseS3,
    },
    {
      name: 'required by its tag',
      resource: bucket('b', {}, { tags: { DataClassification: 'Confidential' } }),
      baseline: 'recommended',
      message: sseS3,
    },
  ],
  unknown: [
    {
      name: 'a directory bucket under aws:kms whose key AWS left out: the AWS managed one is not for it',
      resource: directoryBucket('d--use1-az4--x-s3', kms()),
      missing: [{ facet: 's3.directory-bucket/defaultEncryption', cause: 'absent-field' }],
    },
    {
      name: 'a directory bucket where tags decide: they are not collected',
      resource: directoryBucket('d--use1-az4--x-s3'),
      baseline: 'recommended',
      missing: [{ facet: 's3.directory-bucket/tags', cause: 'uncollected' }],
    },
    {
      name: 'a directory bucket whose encryption was denied',
      resource: directoryBucket('d--use1-az4--x-s3', {}, { defaultEncryption: unread() }),
      missing: [{ cause: 'denied' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption', cause: 'denied' }],
    },
    {
      name: 'a foreign key, naming its account',
      resource: bucket('b', kms(foreignArn)),
      followUps: [key(7, { place: foreign, metadata: unread({ operation: 'kms:DescribeKey' }) })],
      missing: [{ cause: 'foreign', account: '999999999999', operation: 'kms:DescribeKey' }],
    },
    {
      name: 'DescribeKey denied',
      resource: bucket('b', kms(own)),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'ListKeys denied',
      resource: bucket('b', kms(own)),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*' }],
    },
    {
      name: "another bucket's logging denied",
      resource: bucket('b'),
      others: [bucket('src', {}, { logging: unread() })],
      missing: [{ facet: 's3.bucket/logging', cause: 'denied' }],
    },
    { name: 'GetBucketPolicy denied', resource: bucket('b', {}, { policy: unread() }), missing: [{ facet: 's3.bucket/policy' }] },
    {
      name: 'a policy that is none',
      resource: bucket('b', {}, { policy: '""' }),
      missing: [{ facet: 's3.bucket/policy', cause: 'absent-field' }],
    },
    {
      name: 'tags that could require one denied',
      resource: bucket('b', {}, { tags: unread() }),
      baseline: 'recommended',
      missing: [{ facet: 's3.bucket/tags', cause: 'denied' }],
    },
    {
      name: 'an algorithm that we do not know',
      resource: bucket('b', { algorithm: 'aws:next' }),
      missing: [{ code: 'a known SSEAlgorithm (it says aws:next)' }],
    },
  ],
  notApplicable: [
    {
      name: 'not required',
      resource: bucket('b', kms(own)),
      others: [key(1)],
      baseline: 'recommended',
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'not required, GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      baseline: 'recommended',
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'aws:fsx',
      resource: bucket('b', { algorithm: 'aws:fsx' }),
      reason: "aws:fsx: the key is the file system's or vault's",
    },
    {
      name: 'aws:fsx, the tags that could require a key denied',
      resource: bucket('b', { algorithm: 'aws:fsx' }, { tags: unread() }),
      baseline: 'recommended',
      reason: "aws:fsx: the key is the file system's or vault's",
    },
    {
      name: 'aws:backup',
      resource: bucket('b', { algorithm: 'aws:backup' }),
      reason: "aws:backup: the key is the file system's or vault's",
    },
    { name: 'the key is gone', resource: bucket('b', kms(own)), others: [key(2)], reason: 'the key is gone: see key/exists' },
    { name: 'access logs are delivered here', resource: bucket('b'), others: [source('src')], reason: delivered },
    {
      name: 'access logs are delivered here, the policy denied to us',
      resource: bucket('b', {}, { policy: unread() }),
      others: [source('src')],
      reason: delivered,
    },
    {
      name: 'access logs are delivered here, the logging of a third bucket denied',
      resource: bucket('b'),
      others: [source('src'), bucket('x', {}, { logging: unread() })],
      reason: delivered,
    },
    {
      name: 'the policy admits S3 logging',
      resource: bucket('b', {}, { policy: logs }),
      reason: admitted('logging.s3.amazonaws.com'),
    },
    {
      name: 'the policy admits S3 logging, the logging of others denied',
      resource: bucket('b', {}, { policy: logs }),
      others: [bucket('x', {}, { logging: unread() })],
      reason: admitted('logging.s3.amazonaws.com'),
    },
    {
      name: 'the policy admits load balancers',
      resource: bucket('b', {}, { policy: allowPut({ Service: 'logdelivery.elasticloadbalancing.amazonaws.com' }) }),
      reason: admitted('logdelivery.elasticloadbalancing.amazonaws.com'),
    },
    {
      name: 'the policy admits a regional load balancer account',
      resource: bucket('b', {}, { policy: allowPut({ AWS: 'arn:aws:iam::127311923021:root' }) }),
      reason: admitted('127311923021'),
    },
  ],
});

function remedyOf({ record, account }: TestResource) {
  return rule.remediation({ ...record, account, partition: 'aws' });
}

test('a directory bucket is put under a key by its own commands, and in Terraform by the provider that can', () => {
  const { text, cli, terraform } = remedyOf(directoryBucket('d--use1-az4--x-s3'));
  expect(text).toContain('A directory bucket takes one such key in its life');
  expect(cli).toContain('aws s3api put-bucket-encryption --region us-east-1 --bucket d--use1-az4--x-s3 ');
  expect(terraform).toContain('resource "awscc_s3express_directory_bucket"');
});

test('a general purpose bucket takes another default at any time', () => {
  const { text, cli, terraform } = remedyOf(bucket('b'));
  expect(text).toContain('Copy older objects onto themselves');
  expect(cli).toContain('--bucket b ');
  expect(terraform).toContain('resource "aws_s3_bucket_server_side_encryption_configuration"');
});
