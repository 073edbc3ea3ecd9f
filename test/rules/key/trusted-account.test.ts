import rule from '#rules/key/trusted-account.js';
import { arnOfAlias, arnOfKey, bucket, cluster, defaults, instance, snapshot, unread, volume } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const own = arnOfKey(1);
const partner = { account: '222222222222' };
const stranger = { account: '999999999999' };
const kms = (keyId: string | null) => ({ algorithm: 'aws:kms', keyId });
const run = 'the accounts of this run and those configured';
const ofStranger = `The key ${arnOfKey(1, stranger)} belongs to account 999999999999, which is none of ${run}.`;

testRule(rule, {
  pass: [
    {
      name: 'the own account, whatever has become of the key',
      resource: volume('vol-1'),
      message: `The key ${own} belongs to the own account.`,
      evidence: { key: own },
    },
    {
      name: 'an AWS managed key',
      resource: defaults(),
      message: `The key ${arnOfAlias('alias/aws/ebs')} belongs to the own account.`,
    },
    {
      name: 'aws:kms without a key',
      resource: bucket('b', kms(null)),
      message: `The key ${arnOfAlias('alias/aws/s3')} belongs to the own account.`,
    },
    {
      name: 'another account of the scope',
      resource: snapshot('snap-1', { kmsKeyId: arnOfKey(1, partner) }),
      accounts: ['222222222222'],
      message: `The key ${arnOfKey(1, partner)} belongs to account 222222222222, one of ${run}.`,
    },
    {
      name: 'an account that is configured',
      resource: instance('db', { kmsKeyId: arnOfKey(1, partner) }),
      trustedAccounts: ['222222222222'],
      message: `The key ${arnOfKey(1, partner)} belongs to account 222222222222, one of ${run}.`,
    },
    {
      name: 'a trusted account, though the organisation could not be listed',
      resource: instance('db', { kmsKeyId: arnOfKey(1, partner) }),
      trustedAccounts: ['222222222222'],
      organisation: { id: { known: true, value: 'o-1' }, unlisted: { ...denied() } },
      message: `The key ${arnOfKey(1, partner)} belongs to account 222222222222, one of the accounts of the organisation and those configured.`,
    },
  ],
  fail: [
    {
      name: 'a stranger by key ARN',
      resource: volume('vol-1', { kmsKeyId: arnOfKey(1, stranger) }),
      message: ofStranger,
      evidence: { key: arnOfKey(1, stranger) },
    },
    { name: 'a stranger, of a cluster', resource: cluster('c', { kmsKeyId: arnOfKey(1, stranger) }), message: ofStranger },
    { name: 'a stranger, of the EBS default', resource: defaults({ defaultKey: arnOfKey(1, stranger) }), message: ofStranger },
    {
      name: 'an alias ARN of AWS in the account of a stranger: S3 took it unchecked',
      resource: bucket('b', kms(arnOfAlias('alias/aws/s3', stranger))),
      message: `The key ${arnOfAlias('alias/aws/s3', stranger)} belongs to account 999999999999, which is none of ${run}.`,
    },
  ],
  unknown: [
    {
      name: 'the organisation could not be listed',
      resource: volume('vol-1', { kmsKeyId: arnOfKey(1, stranger) }),
      organisation: { id: { known: true, value: 'o-1' }, unlisted: { ...denied() } },
      missing: [{ operation: 'organizations:ListAccounts' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
    {
      name: 'AWS left out the key',
      resource: volume('vol-1', { kmsKeyId: null }),
      missing: [{ facet: 'ebs.volume/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'a reference to no key',
      resource: bucket('b', kms('arn:aws:iam::999999999999:role/x')),
      missing: [{ cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    {
      name: 'unencrypted',
      resource: volume('vol-1', { encrypted: false, kmsKeyId: null }),
      reason: 'not encrypted: there is no key',
    },
    { name: 'SSE-S3', resource: bucket('b'), reason: 'SSE-S3: the key is one that AWS owns and shows nobody' },
    {
      name: 'aws:fsx',
      resource: bucket('b', { algorithm: 'aws:fsx' }),
      reason: "aws:fsx: the key is the file system's or vault's",
    },
    {
      name: 'a member of a cluster',
      resource: instance('db', { clusterId: 'c-1', kmsKeyId: arnOfKey(1, stranger) }),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
  ],
});

function denied() {
  return {
    facet: 'organization/accounts',
    operation: 'organizations:ListAccounts',
    action: 'organizations:ListAccounts',
    code: 'AccessDeniedException',
    cause: 'denied' as const,
  };
}
