import type { BucketEncryption, ReplicationRule } from '#model/resources/index.js';
import rule from '#rules/s3/replication-key.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  bucket,
  key,
  keyId,
  metadata,
  unread,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const eu = { region: 'eu-west-1' };
const own = arnOfKey(1);
const replicaKey = arnOfKey(2, eu);
const cmk: Partial<BucketEncryption> = { algorithm: 'aws:kms', keyId: own };
const to = 'arn:aws:s3:::replica';
const copy = (more: Partial<ReplicationRule> = {}): ReplicationRule => ({
  id: 'all',
  enabled: true,
  destination: to,
  account: null,
  kmsObjects: true,
  keyId: replicaKey,
  ...more,
});
const plain = (more: Partial<ReplicationRule> = {}): ReplicationRule => copy({ kmsObjects: false, keyId: null, ...more });
const from = (encryption: Partial<BucketEncryption> | null, ...replication: readonly ReplicationRule[]): TestResource =>
  bucket('b', encryption, { replication });
const replica = bucket('replica', {}, {}, eu);
const others = [replica, key(1), key(2, { place: eu })];
const kept = (keys: string): string =>
  `Objects under a KMS key are replicated under keys that can be used and are not below the default: ${keys}.`;
const notCopied = (destinations: string): string =>
  `Objects under a KMS key are silently not replicated to ${destinations}: no rule for it enables SseKmsEncryptedObjects.`;
const wrong = (problems: string): string => `Replication of objects under a KMS key is broken or weakened: ${problems}.`;
const foreign = arnOfKey(2, { ...eu, account: '999999999999' });
const awsS3 = arnOfAlias('alias/aws/s3', eu);
const lower = (name: string): string => `${name} is AWS managed, the default key of the source customer managed`;

testRule(rule, {
  pass: [
    {
      name: 'a customer managed key of the destination',
      resource: from(cmk, copy(), plain({ id: 'off', enabled: false, destination: 'arn:aws:s3:::off' })),
      others,
      message: kept(replicaKey),
      evidence: { rules: [copy()] },
    },
    {
      name: 'by an alias ARN',
      resource: from(cmk, copy({ keyId: arnOfAlias('alias/key-2', eu) })),
      others,
      message: kept(replicaKey),
    },
    {
      name: 'a rule without, beside one with, for one destination',
      resource: from(cmk, plain({ id: 'tagged' }), copy()),
      others,
      message: kept(replicaKey),
    },
    {
      name: 'AWS managed keys on both',
      resource: from({ algorithm: 'aws:kms' }, copy({ keyId: awsS3 })),
      others,
      message: kept('alias/aws/s3'),
    },
    {
      name: 'a customer managed key over one that could not be read',
      resource: from(cmk, copy()),
      others: [replica, key(2, { place: eu })],
      unreadLists: [{ kind: 'kms.key', region: 'us-east-1' }],
      message: kept(replicaKey),
    },
    {
      name: 'within one region, by a bare id',
      resource: from(cmk, copy({ keyId: keyId(1) })),
      others: [bucket('replica'), key(1)],
      message: kept(own),
    },
    {
      name: 'a key that is being updated',
      resource: from(cmk, copy()),
      others: [replica, key(1), key(2, { place: eu, metadata: metadata({ state: 'Updating' }) })],
      message: kept(replicaKey),
    },
    {
      name: 'two destinations, two keys',
      resource: from(cmk, copy(), copy({ id: 'near', destination: 'arn:aws:s3:::near', keyId: own }), copy({ id: 'again' })),
      others: [...others, bucket('near')],
      message: kept(`${replicaKey}, ${own}`),
    },
  ],
  fail: [
    {
      name: 'objects under a KMS key are left out',
      resource: from(cmk, plain()),
      others,
      severity: 'medium',
      message: notCopied(to),
      evidence: { rules: [plain()] },
    },
    {
      name: 'left out under the AWS managed key',
      resource: from({ algorithm: 'aws:kms' }, plain()),
      others,
      severity: 'medium',
      message: notCopied(to),
    },
    {
      name: 'left out, the key of the source not read, the destination outside the run',
      resource: from(cmk, plain()),
      unreadLists: [{ kind: 'kms.key' }],
      severity: 'medium',
      message: notCopied(to),
    },
    {
      name: 'left out of two of three destinations',
      resource: from(
        cmk,
        copy(),
        plain({ destination: 'arn:aws:s3:::x' }),
        plain({ destination: 'arn:aws:s3:::x' }),
        plain({ destination: null }),
      ),
      others,
      severity: 'medium',
      message: notCopied('arn:aws:s3:::x and a bucket that AWS did not name'),
    },
    {
      name: 'the rule with the key is off',
      resource: from(cmk, plain(), copy({ enabled: false })),
      others,
      severity: 'medium',
      message: notCopied(to),
    },
    {
      name: 'the key does not exist',
      resource: from(cmk, copy({ keyId: arnOfKey(3, eu) })),
      others,
      message: wrong(`${arnOfKey(3, eu)} does not exist (not in the complete kms:ListKeys)`),
      evidence: { rules: [copy({ keyId: arnOfKey(3, eu) })] },
    },
    {
      name: 'the key is disabled',
      resource: from(cmk, copy()),
      others: [replica, key(1), key(2, { place: eu, metadata: metadata({ state: 'Disabled' }) })],
      message: wrong(`${replicaKey} cannot be used (Disabled)`),
    },
    {
      name: 'the key is disabled, the destination outside the run',
      resource: from(cmk, copy()),
      others: [key(1), key(2, { place: eu, metadata: metadata({ state: 'Disabled' }) })],
      message: wrong(`${replicaKey} cannot be used (Disabled)`),
    },
    {
      name: 'the AWS managed key below a customer managed one',
      resource: from(cmk, copy({ keyId: awsS3 })),
      others,
      message: wrong(lower('alias/aws/s3')),
    },
    {
      name: 'the AWS managed key by its ARN',
      resource: from(cmk, copy()),
      others: [replica, key(1), awsManagedKey(2, 's3', eu)],
      message: wrong(lower('alias/aws/s3')),
    },
    {
      name: 'below a key that is gone',
      resource: from(cmk, copy({ keyId: awsS3 })),
      others: [replica, key(2, { place: eu })],
      message: wrong(lower('alias/aws/s3')),
    },
    {
      name: 'the region of the source, not of the destination',
      resource: from(cmk, copy({ keyId: own })),
      others,
      message: wrong(`${own} is in us-east-1, ${to} in eu-west-1`),
    },
    {
      name: 'all of it at once, and a destination left out',
      resource: from(
        cmk,
        copy({ keyId: arnOfAlias('alias/aws/s3') }),
        copy({ keyId: arnOfKey(3) }),
        plain({ destination: 'arn:aws:s3:::x' }),
      ),
      others,
      message: wrong(
        [
          `alias/aws/s3 is in us-east-1, ${to} in eu-west-1`,
          lower('alias/aws/s3'),
          `${arnOfKey(3)} is in us-east-1, ${to} in eu-west-1`,
          `${arnOfKey(3)} does not exist (not in the complete kms:ListKeys)`,
          'arn:aws:s3:::x gets no objects under a KMS key',
        ].join('; '),
      ),
    },
  ],
  unknown: [
    {
      name: 'GetBucketReplication denied',
      resource: bucket('b', cmk, { replication: unread() }),
      missing: [{ facet: 's3.bucket/replication', code: 'AccessDenied' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { replication: [copy()], defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'an algorithm that we do not know',
      resource: from({ algorithm: 'aws:next' }, copy()),
      missing: [{ code: 'a known SSEAlgorithm (it says aws:next)' }],
    },
    {
      name: 'a destination outside the run',
      resource: from(cmk, copy()),
      others: [key(1), key(2, { place: eu })],
      missing: [{ facet: 's3.bucket/defaultEncryption', operation: null, action: null, code: to, cause: 'uncollected' }],
    },
    {
      name: 'a destination that may be in a list that was not read',
      resource: from(cmk, copy()),
      others: [key(1), key(2, { place: eu })],
      unreadLists: [{ kind: 's3.bucket' }],
      missing: [{ facet: 's3.bucket/*', cause: 'denied' }],
    },
    {
      name: 'no destination',
      resource: from(cmk, copy({ destination: null })),
      others,
      missing: [{ code: 'a bucket that AWS did not name', cause: 'uncollected' }],
    },
    {
      name: 'the key of the replicas could not be read',
      resource: from(cmk, copy()),
      others: [replica, key(1)],
      unreadLists: [{ kind: 'kms.key', region: 'eu-west-1' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'the key of the replicas is of an account outside the scope',
      resource: from(cmk, copy({ keyId: foreign })),
      others,
      followUps: [{ ...key(2, { place: { ...eu, account: '999999999999' }, metadata: unread() }), account: '111111111111' }],
      missing: [{ facet: 'kms.key/metadata', cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'the key of the source could not be read, replicas are under the AWS managed one',
      resource: from(cmk, copy({ keyId: awsS3 })),
      others: [replica, key(2, { place: eu })],
      unreadLists: [{ kind: 'kms.key', region: 'us-east-1' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'a key in a state that we do not know',
      resource: from(cmk, copy()),
      others: [replica, key(1), key(2, { place: eu, metadata: metadata({ state: 'Creating' }) })],
      missing: [{ code: 'a settled KeyState (it says Creating)' }],
    },
    {
      name: 'a rule without a key',
      resource: from(cmk, copy({ keyId: null })),
      others,
      missing: [
        {
          facet: 's3.bucket/replication',
          operation: 's3:GetBucketReplication',
          action: 's3:GetReplicationConfiguration',
          code: 'ReplicaKmsKeyID',
          cause: 'absent-field',
        },
      ],
    },
    {
      name: 'a key that is none',
      resource: from(cmk, copy({ keyId: 'arn:aws:s3:::b' })),
      others,
      missing: [{ code: 'a key in ReplicaKmsKeyID (it says "arn:aws:s3:::b")' }],
    },
    {
      name: 'a bare id into another region',
      resource: from(cmk, copy({ keyId: keyId(2) })),
      others,
      missing: [{ code: `the account and region of ${keyId(2)}` }],
    },
    {
      name: 'a bare id into another account',
      resource: from(cmk, copy({ keyId: keyId(1) })),
      others: [bucket('replica', {}, {}, { account: '222222222222' }), key(1)],
      missing: [{ code: `the account and region of ${keyId(1)}` }],
    },
    {
      name: 'a bare id outside the run',
      resource: from(cmk, copy({ keyId: 'alias/key-1' })),
      others: [key(1)],
      missing: [{ code: 'the account and region of alias/key-1' }],
    },
  ],
  notApplicable: [
    { name: 'no replication', resource: bucket('b', cmk), reason: 'the bucket is not replicated' },
    {
      name: 'no replication, GetBucketEncryption denied',
      resource: bucket('b', cmk, { defaultEncryption: unread() }),
      reason: 'the bucket is not replicated',
    },
    { name: 'no rule is on', resource: from(cmk, copy({ enabled: false })), reason: 'no replication rule is enabled' },
    { name: 'SSE-S3', resource: from({}, plain()), reason: 'new objects are not under a KMS key by default' },
    { name: 'no default', resource: from(null, plain()), reason: 'new objects are not under a KMS key by default' },
    {
      name: 'aws:backup',
      resource: from({ algorithm: 'aws:backup' }, plain()),
      reason: "aws:backup: the key is the file system's or vault's",
    },
  ],
});
