import rule from '#rules/ebs/default-key-cmk.js';
import { arnOfAlias, arnOfKey, awsManagedKey, defaults, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const elsewhere = { account: '222222222222' };
const under = (defaultKey: string) => defaults({ defaultKey });
const customerManaged = `New volumes in us-east-1 are by default encrypted under the customer managed key ${arnOfKey(1)}.`;
const awsManaged = (name: string) =>
  `New volumes in us-east-1 are by default encrypted under the AWS managed key ${name}; a customer managed key is required.`;

testRule(rule, {
  pass: [
    {
      name: 'a customer managed key',
      resource: under(arnOfKey(1)),
      others: [key(1)],
      message: customerManaged,
      evidence: { KmsKeyId: arnOfKey(1), inferred: false },
    },
    {
      name: 'by an alias, disabled: that is another rule',
      resource: under('alias/key-1'),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: customerManaged,
    },
    {
      name: 'a foreign key that cannot be described',
      resource: under(arnOfKey(2, elsewhere)),
      followUps: [key(2, { place: elsewhere, metadata: unread() })],
      message: `New volumes in us-east-1 are by default encrypted under ${arnOfKey(2, elsewhere)} of account 222222222222, which is outside the scope. AWS managed keys cannot be used across accounts, so it is taken to be customer managed.`,
      evidence: { inferred: true },
    },
    {
      name: 'required by a selector on kind and region',
      resource: under(arnOfKey(1)),
      others: [key(1)],
      baseline: { name: 'own', rules: new Map(), cmkRequired: [{ kinds: ['ebs.defaults'], regions: ['us-*'] }] },
      message: customerManaged,
    },
  ],
  fail: [
    {
      name: 'aws/ebs by its alias',
      resource: defaults(),
      message: awsManaged('alias/aws/ebs'),
      evidence: { KmsKeyId: 'alias/aws/ebs', inferred: false },
    },
    { name: 'aws/ebs by alias ARN', resource: under(arnOfAlias('alias/aws/ebs')), message: awsManaged('alias/aws/ebs') },
    {
      name: 'aws/ebs by key ARN',
      resource: under(arnOfKey(1)),
      others: [awsManagedKey(1, 'ebs')],
      message: awsManaged('alias/aws/ebs'),
    },
    {
      name: 'an AWS managed key whose aliases could not be read',
      resource: under(arnOfKey(1)),
      others: [key(1, { aliases: unread(), metadata: metadata({ manager: 'AWS' }) })],
      message: awsManaged(arnOfKey(1)),
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
      name: 'the key could not be described',
      resource: under(arnOfKey(1)),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
  ],
  notApplicable: [
    {
      name: 'off',
      resource: defaults({ encryptionByDefault: false, defaultKey: unread() }),
      reason: 'encryption by default is off: see ebs/default-encryption',
    },
    {
      name: 'not required: the selectors go by tags, and it bears none',
      resource: defaults(),
      baseline: 'recommended',
      reason: 'a customer managed key is not required here',
    },
    { name: 'the key is gone', resource: under(arnOfKey(1)), reason: 'the key is gone: see key/exists' },
  ],
});
