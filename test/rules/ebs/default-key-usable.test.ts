import { expect, test } from 'vitest';
import rule from '#rules/ebs/default-key-usable.js';
import type { KeyMetadata } from '#model/resources/index.js';
import { arnOfAlias, arnOfKey, awsManagedKey, defaults, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const own = arnOfKey(1);
const elsewhere = { account: '222222222222' };
const under = (defaultKey: string) => defaults({ defaultKey });
const inState = (state: string, more: Partial<KeyMetadata> = {}) => [key(1, { metadata: metadata({ state, ...more }) })];
const usable = `The default key of EBS in us-east-1, ${own}, can be used.`;
const awsManaged =
  'The default key of EBS in us-east-1, alias/aws/ebs, is an AWS managed key: it can be neither disabled nor deleted.';
const cannot = (why: string) =>
  `The default key of EBS in us-east-1, ${own}, cannot be used: ${why}. Every launch that names no other key fails.`;

testRule(rule, {
  pass: [
    { name: 'aws/ebs by alias', resource: defaults(), message: awsManaged, evidence: { KmsKeyId: 'alias/aws/ebs' } },
    {
      name: 'aws/ebs by alias, no keys listed',
      resource: under(arnOfAlias('alias/aws/ebs')),
      unreadLists: [{ kind: 'kms.key' }],
      message: awsManaged,
    },
    { name: 'aws/ebs by key ARN', resource: under(own), others: [awsManagedKey(1, 'ebs')], message: awsManaged },
    {
      name: 'enabled',
      resource: under(own),
      others: [key(1)],
      message: usable,
      evidence: { KmsKeyId: own, KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT' },
    },
    { name: 'updating', resource: under(own), others: inState('Updating'), message: usable },
    { name: 'by an alias', resource: under('alias/key-1'), others: [key(1)], message: usable },
    {
      name: 'of an account outside the scope that shows it',
      resource: under(arnOfKey(2, elsewhere)),
      followUps: [key(2, { place: elsewhere })],
      message: `The default key of EBS in us-east-1, ${arnOfKey(2, elsewhere)}, can be used.`,
    },
  ],
  fail: [
    {
      name: 'disabled',
      resource: under(own),
      others: inState('Disabled'),
      message: cannot('Disabled'),
      evidence: { KmsKeyId: own, KeyState: 'Disabled', KeySpec: 'SYMMETRIC_DEFAULT' },
    },
    {
      name: 'pending deletion',
      resource: under(own),
      others: inState('PendingDeletion', { deletionAt: '2026-12-01T00:00:00.000Z' }),
      message: cannot('PendingDeletion, to be deleted on 2026-12-01'),
    },
    {
      name: 'asymmetric',
      resource: under(own),
      others: inState('Enabled', { spec: 'RSA_2048' }),
      message: cannot('KeySpec RSA_2048'),
    },
    {
      name: 'gone',
      resource: under(own),
      message: `The default key of EBS in us-east-1, ${own}, does not exist. Every launch that names no other key fails.`,
      evidence: { KmsKeyId: own },
    },
  ],
  unknown: [
    {
      name: 'the default key was denied',
      resource: defaults({ defaultKey: unread() }),
      missing: [{ facet: 'ebs.defaults/defaultKey', cause: 'denied' }],
    },
    {
      name: 'whether it is on was denied',
      resource: defaults({ encryptionByDefault: unread() }),
      missing: [{ facet: 'ebs.defaults/encryptionByDefault', cause: 'denied' }],
    },
    {
      name: 'keys could not be listed',
      resource: under(own),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'the state of the key has not settled',
      resource: under(own),
      others: inState('Creating'),
      missing: [{ cause: 'absent-field' }],
    },
    {
      name: 'of an account outside the scope that refuses',
      resource: under(arnOfKey(2, elsewhere)),
      followUps: [key(2, { place: elsewhere, metadata: unread() })],
      missing: [{ cause: 'foreign', account: '222222222222' }],
    },
  ],
  notApplicable: [
    {
      name: 'off, whatever the key',
      resource: defaults({ encryptionByDefault: false, defaultKey: unread() }),
      reason: 'encryption by default is off',
    },
  ],
});

test('the remediation sets another default key, with words of its own', () => {
  const { record, account } = defaults();
  const { cli, text } = rule.remediation({ ...record, account, partition: 'aws' });
  expect(cli?.split('\n')[1]).toBe('aws ec2 modify-ebs-default-kms-key-id --region us-east-1 --kms-key-id "${KEY:?}"');
  expect(text).toContain('cancel its deletion');
});
