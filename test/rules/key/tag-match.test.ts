import { expect, test } from 'vitest';
import rule from '#rules/key/tag-match.js';
import { arnOfKey, awsManagedKey, bucket, key, unread, volume } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const own = arnOfKey(1);
const options = { keys: ['Owner', 'Class'] };
const foreign = { account: '999999999999' };
const withTags = (tags: Readonly<Record<string, string>>) => volume('vol-1', {}, { tags });
const keyWith = (tags: Readonly<Record<string, string>>) => [key(1, { tags })];
const agree = `The resource and its key ${own} agree on Owner, Class.`;
const differ = (what: string): string => `The resource and its key ${own} differ: ${what}.`;

testRule(rule, {
  pass: [
    {
      name: 'the same, in any case',
      resource: withTags({ owner: 'HR', CLASS: 'a', else: 'x' }),
      others: keyWith({ Owner: 'hr', class: 'A', else: 'y' }),
      options,
      message: agree,
      evidence: { key: own },
    },
    { name: 'on neither side', resource: withTags({}), others: keyWith({}), options, message: agree },
    {
      name: 'a bucket without tags',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: own }, { tags: null }),
      others: keyWith({}),
      options,
      message: agree,
    },
  ],
  fail: [
    {
      name: 'another value',
      resource: withTags({ owner: 'hr', class: 'a' }),
      others: keyWith({ owner: 'it', class: 'a' }),
      options,
      message: differ('Owner is "hr" here and "it" at the key'),
    },
    {
      name: 'on one side only',
      resource: withTags({ owner: 'hr' }),
      others: keyWith({ class: 'a' }),
      options,
      message: differ('Owner is "hr" here and not set at the key; Class is not set here and "a" at the key'),
    },
  ],
  unknown: [
    {
      name: "the resource's tags denied",
      resource: volume('vol-1', {}, { tags: unread() }),
      others: keyWith({}),
      options,
      missing: [{ facet: 'ebs.volume/tags' }],
    },
    {
      name: "the key's tags denied",
      resource: withTags({}),
      others: [key(1, { tags: unread() })],
      options,
      missing: [{ facet: 'kms.key/tags' }],
    },
    {
      name: 'both denied',
      resource: volume('vol-1', {}, { tags: unread() }),
      others: [key(1, { tags: unread() })],
      options,
      missing: [{ facet: 'ebs.volume/tags' }, { facet: 'kms.key/tags' }],
    },
    {
      name: 'a foreign key',
      resource: volume('vol-1', { kmsKeyId: arnOfKey(7, foreign) }),
      followUps: [key(7, { place: foreign, metadata: unread() })],
      options,
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      options,
      missing: [{ facet: 's3.bucket/defaultEncryption' }],
    },
  ],
  notApplicable: [
    { name: 'no tag keys', resource: withTags({}), reason: 'no tag keys are configured' },
    {
      name: 'AWS managed',
      resource: volume('vol-1', {}, { tags: unread() }),
      others: [awsManagedKey(1, 'ebs')],
      options,
      reason: 'AWS managed keys cannot be tagged',
    },
    { name: 'gone', resource: withTags({}), others: [key(2)], options, reason: 'the key is gone: see key/exists' },
    {
      name: 'unencrypted',
      resource: volume('vol-1', { encrypted: false, kmsKeyId: null }),
      options,
      reason: 'not encrypted: there is no key',
    },
  ],
});

test('reads nothing until tag keys are configured', () => {
  expect([rule.configured({ keys: [] } as never), rule.configured(options as never)]).toEqual([false, true]);
});
