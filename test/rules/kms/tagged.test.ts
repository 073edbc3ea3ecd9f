import { expect, test } from 'vitest';
import rule from '#rules/kms/tagged.js';
import { awsManagedKey, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const options = { keys: ['Owner', 'CostCenter'] };

testRule(rule, {
  pass: [
    {
      name: 'all there, in any case, one without a value',
      resource: key(1, { tags: { owner: 'hr', COSTCENTER: '', other: 'x' } }),
      options,
      message: 'The key has the required tags Owner, CostCenter.',
      evidence: { tags: ['owner', 'COSTCENTER', 'other'] },
    },
  ],
  fail: [
    {
      name: 'one is missing',
      resource: key(1, { tags: { Owner: 'hr', CostCentre: '1' } }),
      options,
      message: 'The key lacks the required tags CostCenter.',
    },
    { name: 'none at all', resource: key(1), options, message: 'The key lacks the required tags Owner, CostCenter.' },
    {
      name: 'on its way out',
      resource: key(1, { metadata: metadata({ state: 'PendingDeletion' }) }),
      options,
      message: 'The key lacks the required tags Owner, CostCenter.',
    },
  ],
  unknown: [
    { name: 'ListResourceTags denied', resource: key(1, { tags: unread() }), options, missing: [{ facet: 'kms.key/tags' }] },
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), options, missing: [{ facet: 'kms.key/metadata' }] },
  ],
  notApplicable: [
    { name: 'none required', resource: key(1, { tags: unread() }), reason: 'no tags are required' },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), options, reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }) }),
      options,
      reason: 'AWS managed keys cannot be tagged',
    },
  ],
});

test('reads nothing until tags are required', () => {
  expect([rule.configured({ keys: [] } as never), rule.configured(options as never)]).toEqual([false, true]);
});
