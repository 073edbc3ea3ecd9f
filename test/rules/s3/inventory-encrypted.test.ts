import type { BucketEncryption, BucketInventory } from '#model/resources/index.js';
import rule from '#rules/s3/inventory-encrypted.js';
import { arnOfKey, awsManagedKey, bucket, key, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const own = arnOfKey(1);
const cmk: Partial<BucketEncryption> = { algorithm: 'aws:kms', keyId: own };
const to = 'arn:aws:s3:::reports';
const report = (more: Partial<BucketInventory> = {}): BucketInventory => ({
  id: 'daily',
  enabled: true,
  destination: to,
  encryption: null,
  keyId: null,
  ...more,
});
const sseS3 = report({ encryption: 'SSES3' });
const under = (keyId: string): BucketInventory => report({ encryption: 'SSEKMS', keyId });
const off = report({ id: 'off', enabled: false, encryption: 'SSES3' });
const listed = (encryption: Partial<BucketEncryption> | null, ...inventory: readonly BucketInventory[]): TestResource =>
  bucket('b', encryption, { inventory });
const reports = (encryption: Partial<BucketEncryption> | null = {}): TestResource => bucket('reports', encryption);
const kept = (texts: string): string => `The inventory reports are encrypted no lower than the bucket: ${texts}.`;
const below = (level: string, texts: string): string =>
  `The default of the bucket is ${level}, and inventory reports are encrypted lower: ${texts}.`;
const daily = (level: string): string => `"daily" to ${to} ${level}`;
const byCustomer = 'under a customer managed key';
const byAws = 'under an AWS managed key';
const byOwned = 'under a key that AWS owns';

testRule(rule, {
  pass: [
    {
      name: 'the same level',
      resource: listed(cmk, under(arnOfKey(2)), off),
      others: [key(1), key(2)],
      message: kept(daily(byCustomer)),
      evidence: { reports: [under(arnOfKey(2))] },
    },
    { name: 'SSE-S3 on both', resource: listed({}, sseS3), message: kept(daily(byOwned)) },
    { name: 'a higher level', resource: listed({}, under(own)), others: [key(1)], message: kept(daily(byCustomer)) },
    { name: 'SSE-S3 where the bucket has no default', resource: listed(null, sseS3), message: kept(daily(byOwned)) },
    {
      name: 'AWS managed keys on both',
      resource: listed({ algorithm: 'aws:kms' }, under('alias/aws/s3')),
      message: kept(daily(byAws)),
    },
    {
      name: 'a KMS key that could not be read, over SSE-S3',
      resource: listed({}, under(own)),
      unreadLists: [{ kind: 'kms.key' }],
      message: kept(daily('under a KMS key')),
    },
    {
      name: 'a key that is gone was a customer managed one',
      resource: listed(cmk, under(arnOfKey(2))),
      others: [key(1)],
      message: kept(daily(byCustomer)),
    },
    {
      name: 'by the default of the destination',
      resource: listed(cmk, report()),
      others: [key(1), reports(cmk)],
      message: kept(daily(byCustomer)),
    },
    {
      name: "by the default of the destination, an alias in the destination's region",
      resource: listed(cmk, report()),
      others: [
        key(1),
        bucket('reports', { algorithm: 'aws:kms', keyId: 'alias/key-3' }, {}, { region: 'eu-west-1' }),
        key(3, { place: { region: 'eu-west-1' } }),
      ],
      message: kept(daily(byCustomer)),
    },
    {
      name: 'two reports',
      resource: listed({}, sseS3, report({ id: null, destination: null, encryption: 'SSES3' })),
      message: kept(`${daily(byOwned)}, "" to a bucket that AWS did not name ${byOwned}`),
    },
  ],
  fail: [
    {
      name: 'SSE-S3 below a customer managed key',
      resource: listed(cmk, sseS3),
      others: [key(1)],
      message: below(byCustomer, daily(byOwned)),
      evidence: { reports: [sseS3] },
    },
    {
      name: 'two below a customer managed key',
      resource: listed(cmk, sseS3, report({ id: 'weekly', encryption: 'SSES3' })),
      others: [key(1)],
      message: below(byCustomer, `${daily(byOwned)}, "weekly" to ${to} ${byOwned}`),
    },
    {
      name: 'SSE-S3 below the AWS managed key',
      resource: listed({ algorithm: 'aws:kms' }, sseS3),
      message: below(byAws, daily(byOwned)),
    },
    {
      name: 'SSE-S3 below a key that could not be read',
      resource: listed(cmk, sseS3),
      unreadLists: [{ kind: 'kms.key' }],
      message: below('under a KMS key', daily(byOwned)),
    },
    {
      name: 'SSE-S3 below a key that is gone',
      resource: listed(cmk, sseS3),
      message: below(byCustomer, daily(byOwned)),
    },
    {
      name: 'the AWS managed key below a customer managed one',
      resource: listed(cmk, under('alias/aws/s3')),
      others: [key(1)],
      message: below(byCustomer, daily(byAws)),
    },
    {
      name: 'the AWS managed key by its ARN',
      resource: listed(cmk, under(arnOfKey(2))),
      others: [key(1), awsManagedKey(2, 's3')],
      message: below(byCustomer, daily(byAws)),
    },
    {
      name: 'by the lower default of the destination',
      resource: listed(cmk, report()),
      others: [key(1), reports()],
      message: below(byCustomer, daily(byOwned)),
    },
    {
      name: 'by the default of the destination, which has none',
      resource: listed({}, report()),
      others: [reports(null)],
      message: below(byOwned, daily('not encrypted')),
    },
    {
      name: 'one of two, beside one that could not be read',
      resource: listed(cmk, report({ id: 'far', destination: 'arn:aws:s3:::far' }), sseS3, under(arnOfKey(1))),
      others: [key(1)],
      message: below(byCustomer, daily(byOwned)),
    },
  ],
  unknown: [
    {
      name: 'ListBucketInventoryConfigurations denied',
      resource: bucket('b', {}, { inventory: unread() }),
      missing: [{ facet: 's3.bucket/inventory', code: 'AccessDenied' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { inventory: [sseS3], defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'the key of the report could not be read',
      resource: listed(cmk, under(arnOfKey(2, { region: 'eu-west-1' }))),
      others: [key(1)],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'kms.key', region: 'eu-west-1' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'the key of the bucket could not be read, the report is under the AWS managed one',
      resource: listed(cmk, under('alias/aws/s3')),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'the key of the report is of an account outside the scope',
      resource: listed(cmk, under(arnOfKey(2, { account: '999999999999' }))),
      others: [key(1)],
      followUps: [{ ...key(2, { place: { account: '999999999999' }, metadata: unread() }), account: '111111111111' }],
      missing: [{ facet: 'kms.key/metadata', cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'a destination that is not in the run',
      resource: listed(cmk, report()),
      others: [key(1)],
      missing: [{ facet: 's3.bucket/defaultEncryption', operation: null, action: null, code: to, cause: 'uncollected' }],
    },
    {
      name: 'a destination that may be in a list that was not read',
      resource: listed(cmk, report()),
      others: [key(1)],
      unreadLists: [{ kind: 's3.bucket' }],
      missing: [{ facet: 's3.bucket/*', cause: 'denied' }],
    },
    {
      name: 'GetBucketEncryption of the destination denied',
      resource: listed(cmk, report()),
      others: [key(1), bucket('reports', {}, { defaultEncryption: unread() })],
      missing: [{ facet: 's3.bucket/defaultEncryption', cause: 'denied' }],
    },
    {
      name: 'a destination that defaults to aws:fsx',
      resource: listed(cmk, report()),
      others: [key(1), reports({ algorithm: 'aws:fsx' })],
      missing: [
        {
          facet: 's3.bucket/defaultEncryption',
          operation: 's3:GetBucketEncryption',
          action: 's3:GetEncryptionConfiguration',
          code: 'the key behind aws:fsx',
          cause: 'absent-field',
        },
      ],
    },
    {
      name: 'a destination whose algorithm we do not know',
      resource: listed(cmk, report()),
      others: [key(1), reports({ algorithm: 'aws:next' })],
      missing: [{ code: 'a known SSEAlgorithm (it says aws:next)' }],
    },
    {
      name: 'a bucket whose algorithm we do not know',
      resource: listed({ algorithm: 'aws:next' }, sseS3),
      missing: [{ code: 'a known SSEAlgorithm (it says aws:next)' }],
    },
    {
      name: 'SSEKMS without a key',
      resource: listed(cmk, report({ encryption: 'SSEKMS' })),
      others: [key(1)],
      missing: [
        {
          facet: 's3.bucket/inventory',
          operation: 's3:ListBucketInventoryConfigurations',
          action: 's3:GetInventoryConfiguration',
          code: 'KeyId',
          cause: 'absent-field',
        },
      ],
    },
    {
      name: 'no setting and no destination',
      resource: listed(cmk, report({ destination: null })),
      others: [key(1)],
      missing: [{ facet: 's3.bucket/inventory', code: 'Bucket' }],
    },
    {
      name: 'a report under no key at all',
      resource: listed(cmk, under('arn:aws:s3:::b')),
      others: [key(1)],
      missing: [{ code: 'key reference "arn:aws:s3:::b"' }],
    },
  ],
  notApplicable: [
    { name: 'no inventory', resource: listed(cmk), reason: 'no inventory report is enabled' },
    {
      name: 'none that is on, GetBucketEncryption denied',
      resource: bucket('b', {}, { inventory: [off], defaultEncryption: unread() }),
      reason: 'no inventory report is enabled',
    },
    {
      name: 'aws:fsx',
      resource: listed({ algorithm: 'aws:fsx' }, sseS3),
      reason: "aws:fsx: the key is the file system's or vault's",
    },
  ],
});
