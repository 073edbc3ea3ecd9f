import rule from '#rules/kms/alias-present.js';
import { awsManagedKey, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

testRule(rule, {
  pass: [
    { name: 'one alias', resource: key(1), message: 'The key has the alias alias/key-1.' },
    {
      name: 'two, of a disabled key',
      resource: key(1, { metadata: metadata({ state: 'Disabled' }), aliases: ['alias/a', 'alias/b'] }),
      message: 'The key has the alias alias/a.',
      evidence: { aliases: ['alias/a', 'alias/b'] },
    },
  ],
  fail: [{ name: 'none', resource: key(1, { aliases: [] }), message: 'The key has no alias.' }],
  unknown: [
    {
      name: 'ListAliases denied',
      resource: key(1, { aliases: unread() }),
      missing: [{ facet: 'kms.key/aliases', cause: 'denied' }],
    },
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
  ],
  notApplicable: [
    {
      name: 'waits for deletion',
      resource: key(1, { metadata: metadata({ state: 'PendingDeletion' }), aliases: [] }),
      reason: 'the key is in state PendingDeletion',
    },
    {
      name: 'waits for its replicas',
      resource: key(1, { metadata: metadata({ state: 'PendingReplicaDeletion' }), aliases: [] }),
      reason: 'the key is in state PendingReplicaDeletion',
    },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }), aliases: [] }),
      reason: 'AWS names the keys that it manages',
    },
  ],
});
