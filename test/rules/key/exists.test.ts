import rule from '#rules/key/exists.js';
import {
  arnOfAlias,
  arnOfKey,
  bucket,
  cluster,
  defaults,
  instance,
  key,
  metadata,
  snapshot,
  unread,
  volume,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const own = arnOfKey(1);
const elsewhere = { region: 'eu-west-1' };
const farArn = arnOfKey(5, elsewhere);
const foreign = { account: '999999999999' };
const notListed = 'not in the complete kms:ListKeys';
const kms = (keyId: string) => ({ algorithm: 'aws:kms', keyId });

testRule(rule, {
  pass: [
    { name: 'enabled', resource: volume('vol-1'), others: [key(1)], message: `The key ${own} exists.` },
    {
      name: 'waiting for deletion is not gone yet',
      resource: snapshot('snap-1'),
      others: [key(1, { metadata: metadata({ state: 'PendingDeletion' }) })],
      message: `The key ${own} exists.`,
      evidence: { KeyState: 'PendingDeletion' },
    },
    {
      name: 'AWS managed, without a call',
      resource: defaults(),
      unreadLists: [{ kind: 'kms.key' }],
      message: 'The AWS managed key alias/aws/ebs cannot be deleted.',
    },
    {
      name: 'AWS managed, by an alias ARN of another account',
      resource: bucket('b', kms(arnOfAlias('alias/aws/s3', foreign))),
      message: 'The AWS managed key alias/aws/s3 cannot be deleted.',
    },
  ],
  fail: [
    {
      name: 'not among the keys of its region',
      resource: volume('vol-1'),
      others: [key(2)],
      message: `The key ${own} does not exist: ${notListed}.`,
      evidence: { key: own },
    },
    { name: 'no key in the region at all', resource: instance('db'), message: `The key ${own} does not exist: ${notListed}.` },
    {
      name: 'a default key that is gone',
      resource: defaults({ defaultKey: own }),
      message: `The key ${own} does not exist: ${notListed}.`,
    },
    {
      name: 'an alias without a key, in the region of the bucket',
      resource: bucket('b', kms('alias/gone/app'), {}, elsewhere),
      others: [key(1, { aliases: ['alias/gone/app'] })],
      message: `The key ${arnOfAlias('alias/gone/app', elsewhere)} does not exist: not in the complete kms:ListAliases.`,
    },
    {
      name: 'NotFoundException to its own account, in a region outside the run',
      resource: cluster('db', { kmsKeyId: farArn }),
      followUps: [key(5, { place: elsewhere, metadata: unread({ code: 'NotFoundException' }) })],
      message: `The key ${farArn} does not exist: kms:DescribeKey answered NotFoundException.`,
    },
  ],
  unknown: [
    {
      name: 'NotFoundException to a stranger proves nothing',
      resource: volume('vol-1', { kmsKeyId: arnOfKey(7, foreign) }),
      followUps: [key(7, { place: foreign, metadata: unread({ operation: 'kms:DescribeKey', code: 'NotFoundException' }) })],
      missing: [{ cause: 'foreign', account: '999999999999', operation: 'kms:DescribeKey' }],
    },
    { name: 'ListKeys denied', resource: volume('vol-1'), unreadLists: [{ kind: 'kms.key' }], missing: [{ facet: 'kms.key/*' }] },
    {
      name: 'aliases denied',
      resource: bucket('b', kms('alias/app')),
      others: [key(1, { aliases: unread() })],
      missing: [{ facet: 'kms.key/aliases' }],
    },
    {
      name: 'GetEbsDefaultKmsKeyId denied',
      resource: defaults({ defaultKey: unread() }),
      missing: [{ facet: 'ebs.defaults/defaultKey' }],
    },
  ],
  notApplicable: [
    { name: 'SSE-S3', resource: bucket('b'), reason: 'SSE-S3: the key is one that AWS owns and shows nobody' },
    {
      name: 'unencrypted',
      resource: snapshot('snap-1', { encrypted: false, kmsKeyId: null }),
      reason: 'not encrypted: there is no key',
    },
    { name: 'no default encryption', resource: bucket('b', null), reason: 'not encrypted: there is no key' },
    {
      name: 'a member of a cluster',
      resource: instance('db', { clusterId: 'c-1' }),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
  ],
});
