import { expect, test } from 'vitest';
import rule from '#rules/key/approved.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  bucket,
  defaults,
  instance,
  key,
  metadata,
  unread,
  volume,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const own = arnOfKey(1);
const foreign = { account: '999999999999' };
const foreignArn = arnOfKey(7, foreign);
const refused = key(7, { place: foreign, metadata: unread({ operation: 'kms:DescribeKey', code: 'AccessDeniedException' }) });
const kms = (keyId: string | null) => ({ algorithm: 'aws:kms', keyId });
const allow = (...entries: object[]) => ({ options: { allow: entries } });
const approved = `The key ${own} is approved.`;
const notApproved = `The key ${own} is not among the approved keys.`;
const tagged = key(1, { tags: { Owner: 'Payroll' } });

testRule(rule, {
  pass: [
    {
      name: 'by its ARN',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ arns: [own] }),
      message: approved,
      evidence: { key: own },
    },
    {
      name: 'by a glob, of the second entry',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ arns: [arnOfKey(2)] }, { arns: ['arn:aws:kms:*:111111111111:key/*'] }),
      message: approved,
    },
    {
      name: 'by the second of everything that an entry lists',
      resource: volume('vol-1'),
      others: [tagged],
      ...allow({ kinds: ['s3.bucket', 'ebs.volume'], arns: [arnOfKey(2), own], tags: { owner: ['hr', 'pay*'] } }),
      message: approved,
    },
    {
      name: 'by its alias',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ aliases: ['alias/key-1'] }),
      message: approved,
    },
    {
      name: 'by the alias ARN that the bucket names',
      resource: bucket('b', kms(arnOfAlias('alias/key-1'))),
      others: [key(1)],
      ...allow({ arns: [arnOfAlias('alias/key-1')] }),
      message: approved,
    },
    {
      name: 'by the alias that the bucket names, its key is gone',
      resource: bucket('b', kms('alias/key-9')),
      others: [key(1)],
      ...allow({ aliases: ['alias/key-9'] }),
      message: `The key ${arnOfAlias('alias/key-9')} is approved.`,
    },
    {
      name: 'by its account',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ accounts: ['111111111111'] }),
      message: approved,
    },
    {
      name: 'by a tag, in any case',
      resource: volume('vol-1'),
      others: [tagged],
      ...allow({ tags: { owner: ['pay*'] } }),
      message: approved,
    },
    {
      name: 'by all conditions of an entry',
      resource: volume('vol-1'),
      others: [tagged],
      ...allow({ accounts: ['111111111111'], arns: [own], aliases: ['alias/key-*'], tags: { owner: ['payroll'] } }),
      message: approved,
    },
    {
      name: 'by an entry for its kind',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ kinds: ['ebs.volume'], arns: [own] }),
      message: approved,
    },
    {
      name: 'an AWS managed key by its alias',
      resource: defaults(),
      ...allow({ aliases: ['alias/aws/ebs'] }),
      message: 'The key alias/aws/ebs is approved.',
    },
    {
      name: 'an AWS managed key by its id',
      resource: volume('vol-1'),
      others: [awsManagedKey(1, 'ebs')],
      ...allow({ aliases: ['alias/aws/*'], accounts: ['111111111111'] }),
      message: 'The key alias/aws/ebs is approved.',
    },
    {
      name: 'a foreign key by its account',
      resource: volume('vol-1', { kmsKeyId: foreignArn }),
      followUps: [refused],
      ...allow({ accounts: ['999999999999'] }),
      message: `The key ${foreignArn} is approved.`,
    },
    {
      name: 'one entry decides, though aliases for another were denied',
      resource: volume('vol-1'),
      others: [key(1, { aliases: unread() })],
      ...allow({ aliases: ['alias/app'] }, { arns: [own] }),
      message: approved,
    },
  ],
  fail: [
    {
      name: 'another ARN',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ arns: [arnOfKey(2)] }),
      message: notApproved,
      evidence: { key: own },
    },
    {
      name: 'another alias',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ aliases: ['alias/app'] }),
      message: notApproved,
    },
    {
      name: 'another account',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ accounts: ['222222222222'] }),
      message: notApproved,
    },
    {
      name: 'another value of the tag',
      resource: volume('vol-1'),
      others: [tagged],
      ...allow({ tags: { owner: ['hr'] } }),
      message: notApproved,
    },
    ...(['accounts', 'arns', 'aliases'] as const).map((field) => ({
      name: `all conditions but ${field}`,
      resource: volume('vol-1'),
      others: [tagged],
      ...allow({
        accounts: ['111111111111'],
        arns: [own],
        aliases: ['alias/key-1'],
        tags: { owner: ['payroll'] },
        [field]: ['no'],
      }),
      message: notApproved,
    })),
    {
      name: 'all conditions but tags',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ arns: [own], aliases: ['alias/key-1'], tags: { owner: ['payroll'] } }),
      message: notApproved,
    },
    {
      name: 'an entry for another kind beside one for this',
      resource: volume('vol-1'),
      others: [key(1)],
      ...allow({ kinds: ['s3.bucket'], arns: [own] }, { kinds: ['ebs.volume'], arns: [arnOfKey(2)] }),
      message: notApproved,
    },
    {
      name: 'an AWS managed key under a glob for all aliases, its account and its ARN',
      resource: volume('vol-1'),
      others: [awsManagedKey(1, 'ebs')],
      ...allow({ aliases: ['alias/*'] }, { accounts: ['*'] }, { arns: [own] }),
      message: 'The AWS managed key alias/aws/ebs is not among the approved keys: it is only where its alias is named.',
    },
    {
      name: 'an AWS managed key, another is named, or this with tags',
      resource: defaults(),
      ...allow({ aliases: ['alias/aws/rds'] }, { aliases: ['alias/aws/ebs'], tags: { owner: ['*'] } }),
      message: 'The AWS managed key alias/aws/ebs is not among the approved keys: it is only where its alias is named.',
    },
    {
      name: 'an AWS managed key by DescribeKey alone',
      resource: instance('db'),
      others: [key(1, { metadata: metadata({ manager: 'AWS' }), aliases: [] })],
      ...allow({ arns: [own] }),
      message: `The AWS managed key ${own} is not among the approved keys: it is only where its alias is named.`,
    },
    {
      name: 'gone: no alias and no tag are left',
      resource: volume('vol-1'),
      others: [key(2)],
      ...allow({ aliases: ['*'] }, { tags: { owner: ['*'] } }),
      message: notApproved,
    },
    {
      name: 'a foreign key of another account',
      resource: volume('vol-1', { kmsKeyId: foreignArn }),
      followUps: [refused],
      ...allow({ accounts: ['222222222222'], tags: { owner: ['*'] } }),
      message: `The key ${foreignArn} is not among the approved keys.`,
    },
  ],
  unknown: [
    {
      name: 'aliases denied',
      resource: volume('vol-1'),
      others: [key(1, { aliases: unread() })],
      ...allow({ aliases: ['alias/app'] }),
      missing: [{ facet: 'kms.key/aliases', cause: 'denied' }],
    },
    {
      name: 'tags denied',
      resource: volume('vol-1'),
      others: [key(1, { tags: unread() })],
      ...allow({ tags: { owner: ['hr'] } }),
      missing: [{ facet: 'kms.key/tags', cause: 'denied' }],
    },
    {
      name: 'both denied',
      resource: volume('vol-1'),
      others: [key(1, { aliases: unread(), tags: unread() })],
      ...allow({ aliases: ['alias/app'], tags: { owner: ['hr'] } }, { tags: { owner: ['payroll'] } }),
      missing: [{ facet: 'kms.key/aliases' }, { facet: 'kms.key/tags' }],
    },
    {
      name: 'a foreign key, by its aliases',
      resource: volume('vol-1', { kmsKeyId: foreignArn }),
      followUps: [refused],
      ...allow({ aliases: ['alias/app'] }),
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'a foreign key, by its tags',
      resource: volume('vol-1', { kmsKeyId: foreignArn }),
      followUps: [refused],
      ...allow({ tags: { owner: ['hr'] } }),
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'a foreign key that was described, by its aliases',
      resource: volume('vol-1', { kmsKeyId: foreignArn }),
      followUps: [key(7, { place: foreign, aliases: unread({ cause: 'uncollected' }) })],
      ...allow({ aliases: ['alias/app'] }),
      missing: [{ cause: 'uncollected' }],
    },
    {
      name: 'DescribeKey denied, whatever its ARN',
      resource: volume('vol-1'),
      others: [key(1, { metadata: unread() })],
      ...allow({ arns: [own] }),
      missing: [{ facet: 'kms.key/metadata' }],
    },
    {
      name: 'an AWS managed key that nobody named',
      resource: instance('db'),
      others: [key(1, { metadata: metadata({ manager: 'AWS' }), aliases: [] })],
      ...allow({ aliases: ['alias/aws/rds'] }),
      missing: [{ facet: 'kms.key/aliases', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out the key',
      resource: volume('vol-1', { kmsKeyId: null }),
      ...allow({ arns: [own] }),
      missing: [{ code: 'KmsKeyId' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      ...allow({ arns: [own] }),
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
  ],
  notApplicable: [
    { name: 'no list', resource: volume('vol-1'), reason: 'no approved keys are configured' },
    {
      name: 'no list for this kind',
      resource: volume('vol-1'),
      ...allow({ kinds: ['s3.bucket'], arns: [own] }),
      reason: 'no approved keys are configured for ebs.volume',
    },
    {
      name: 'no list, and the key facet denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      reason: 'no approved keys are configured',
    },
    {
      name: 'unencrypted',
      resource: volume('vol-1', { encrypted: false, kmsKeyId: null }),
      ...allow({ arns: [own] }),
      reason: 'not encrypted: there is no key',
    },
  ],
});

test('is silent, and reads nothing, until a list is configured', () => {
  expect(rule.configured({ allow: [] } as never)).toBe(false);
  expect(rule.configured({ allow: [{ arns: [own] }] } as never)).toBe(true);
});

test('refuses an entry that would approve every key', () => {
  expect(rule.options?.safeParse({ allow: [{ kinds: ['s3.bucket'] }] }).error?.message).toContain('approve every key');
  expect(rule.options?.safeParse({ allow: [{ arns: [] }] }).success).toBe(false);
  expect(rule.options?.safeParse({ allow: [{ kinds: [], arns: ['*'] }] }).success).toBe(false);
  expect(rule.options?.safeParse({ allow: [{ tags: { owner: [] } }] }).success).toBe(false);
});
