import type { BucketEncryption } from '#model/resources/index.js';
import rule from '#rules/s3/log-target-deliverable.js';
import { arnOfAlias, arnOfKey, awsManagedKey, bucket, home, key, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const source = bucket('source', {}, { logging: { targetBucket: 'b', targetPrefix: null } });
const delivered = 'arn:aws:s3:::source delivers its access logs here (GetBucketLogging)';
const kms = (keyId: string): Partial<BucketEncryption> => ({ algorithm: 'aws:kms', keyId });
const own = arnOfKey(1);
const allowPut = (Service: string): string =>
  JSON.stringify({ Statement: { Sid: 'Logs', Effect: 'Allow', Principal: { Service }, Action: 's3:PutObject', Resource: '*' } });
const logs = allowPut('logging.s3.amazonaws.com');
const admitted = 'statement "Logs" of its policy allows s3:PutObject to logging.s3.amazonaws.com';

const keyPolicy = (statement: object): string =>
  JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${home.account}:root` }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Allow', Principal: { Service: 'logging.s3.amazonaws.com' }, Resource: '*', ...statement },
    ],
  });
const keyFor = (statement: object): TestResource => key(1, { policy: keyPolicy(statement) });
const logKey = keyFor({ Action: 'kms:GenerateDataKey*' });
const not = (setting: string, shownBy = delivered): string =>
  `Logs are delivered here, which S3 does under SSE-S3 only, and the bucket ${setting}: ${shownBy}.`;
const low = (shownBy: string): string =>
  `Logs are delivered here, which AWS documents for SSE-S3 only; the bucket defaults to ${own}, whose policy admits the log service: ${shownBy}.`;
const noTarget = 'nothing shows that logs are delivered here';

testRule(rule, {
  pass: [
    {
      name: 'SSE-S3, access logs of another bucket',
      resource: bucket('b'),
      others: [source],
      message: `Logs are delivered here, and the default is SSE-S3: ${delivered}.`,
      evidence: { SSEAlgorithm: 'AES256', KMSMasterKeyID: null, shownBy: delivered },
    },
    {
      name: 'SSE-S3, by the policy',
      resource: bucket('b', {}, { policy: logs }),
      message: `Logs are delivered here, and the default is SSE-S3: ${admitted}.`,
    },
  ],
  fail: [
    {
      name: 'a customer managed key',
      resource: bucket('b', kms(own)),
      others: [source, key(1)],
      message: not(`defaults to ${own}`),
      evidence: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: own, shownBy: delivered },
    },
    {
      name: 'a customer managed key, by the policy',
      resource: bucket('b', kms(own), { policy: logs }),
      others: [key(1)],
      message: not(`defaults to ${own}`, admitted),
    },
    {
      name: 'load balancers deliver',
      resource: bucket('b', kms(own), { policy: allowPut('logdelivery.elasticloadbalancing.amazonaws.com') }),
      others: [key(1)],
      message: not(
        `defaults to ${own}`,
        'statement "Logs" of its policy allows s3:PutObject to logdelivery.elasticloadbalancing.amazonaws.com',
      ),
    },
    {
      name: "the key's policy admits the log service",
      resource: bucket('b', kms(own)),
      others: [source, logKey],
      severity: 'low',
      message: low(delivered),
    },
    {
      name: "the key's policy admits the log service, the key by an alias",
      resource: bucket('b', kms('alias/key-1'), { policy: logs }),
      others: [logKey],
      severity: 'low',
      message: low(admitted),
    },
    {
      name: "the key's policy admits the log service to something else",
      resource: bucket('b', kms(own)),
      others: [source, keyFor({ Action: 'kms:Decrypt' })],
      message: not(`defaults to ${own}`),
    },
    {
      name: "the key's policy admits another service",
      resource: bucket('b', kms(own)),
      others: [source, keyFor({ Action: 'kms:*', Principal: { Service: 'delivery.logs.amazonaws.com' } })],
      message: not(`defaults to ${own}`),
    },
    {
      name: "the key's policy admits an account that is named like nothing",
      resource: bucket('b', kms(own)),
      others: [source, keyFor({ Action: 'kms:*', Principal: { AWS: 'logging.s3.amazonaws.com' } })],
      message: not(`defaults to ${own}`),
    },
    {
      name: "the key's policy could not be read",
      resource: bucket('b', kms(own)),
      others: [source, key(1, { policy: unread() })],
      message: not(`defaults to ${own}`),
    },
    {
      name: "the key's policy is none",
      resource: bucket('b', kms(own)),
      others: [source, key(1, { policy: '[]' })],
      message: not(`defaults to ${own}`),
    },
    {
      name: 'the key is gone',
      resource: bucket('b', kms(own)),
      others: [source, key(2)],
      message: not(`defaults to ${own}`),
    },
    {
      name: 'aws:kms without a key',
      resource: bucket('b', { algorithm: 'aws:kms' }),
      others: [source],
      message: not('defaults to alias/aws/s3'),
    },
    {
      name: 'the AWS managed key by its ARN',
      resource: bucket('b', kms(own)),
      others: [source, awsManagedKey(1, 's3')],
      message: not('defaults to alias/aws/s3'),
    },
    {
      name: 'a key by an alias ARN that is gone',
      resource: bucket('b', kms(arnOfAlias('alias/gone'))),
      others: [source, key(1)],
      message: not(`defaults to ${arnOfAlias('alias/gone')}`),
    },
    { name: 'aws:fsx', resource: bucket('b', { algorithm: 'aws:fsx' }), others: [source], message: not('defaults to aws:fsx') },
    {
      name: 'an algorithm that we do not know',
      resource: bucket('b', { algorithm: 'aws:next' }),
      others: [source],
      message: not('defaults to aws:next'),
    },
    {
      name: 'no rule',
      resource: bucket('b', null),
      others: [source],
      message: not('has no default encryption rule'),
      evidence: { SSEAlgorithm: null },
    },
  ],
  unknown: [
    {
      name: "the policy denied, no bucket's logs",
      resource: bucket('b', {}, { policy: unread() }),
      missing: [{ facet: 's3.bucket/policy' }],
    },
    {
      name: "another bucket's logging denied",
      resource: bucket('b'),
      others: [bucket('x', {}, { logging: unread() })],
      missing: [{ facet: 's3.bucket/logging' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      others: [source],
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'a rule without an algorithm',
      resource: bucket('b', { algorithm: null }),
      others: [source],
      missing: [{ code: 'SSEAlgorithm', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    { name: 'no logs', resource: bucket('b', kms(own)), reason: noTarget },
    { name: 'no logs, GetBucketEncryption denied', resource: bucket('b', {}, { defaultEncryption: unread() }), reason: noTarget },
    {
      name: 'delivery.logs takes a customer managed key',
      resource: bucket('b', kms(own), { policy: allowPut('delivery.logs.amazonaws.com') }),
      reason: noTarget,
    },
    {
      name: 'a bucket of another region names it: S3 does not deliver there',
      resource: bucket('b', kms(own)),
      others: [bucket('far', {}, { logging: { targetBucket: 'b', targetPrefix: null } }, { region: 'eu-west-1' })],
      reason: noTarget,
    },
  ],
});
