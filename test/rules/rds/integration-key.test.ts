import { expect, test } from 'vitest';
import rule from '#rules/rds/integration-key.js';
import { arnOfAlias, arnOfKey, integration, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const foreign = { account: '999999999999' };
const recommended = 'recommended' as const;

testRule(rule, {
  pass: [
    {
      name: 'customer managed and usable',
      resource: integration(arnOfKey(1)),
      others: [key(1)],
      message: 'The zero-ETL integration is under a customer managed key.',
      evidence: { KMSKeyId: arnOfKey(1) },
    },
    {
      name: 'customer managed, tags unread',
      resource: integration(arnOfKey(1), { tags: unread() }),
      others: [key(1)],
      baseline: recommended,
      message: 'The zero-ETL integration is under a customer managed key.',
    },
    {
      name: 'a key that AWS owns where none is required',
      resource: integration(null),
      baseline: recommended,
      message: 'The zero-ETL integration is under a key that AWS owns.',
    },
    {
      name: 'an AWS managed key where none is required',
      resource: integration(arnOfAlias('alias/aws/redshift')),
      baseline: recommended,
      message: 'The zero-ETL integration is under an AWS managed key.',
    },
  ],
  fail: [
    {
      name: 'a key that AWS owns where one is required',
      resource: integration(null),
      message: 'The zero-ETL integration is under a key that AWS owns; a customer managed key is required.',
      evidence: { KMSKeyId: null },
    },
    {
      name: 'an AWS managed key, required by a tag',
      resource: integration(arnOfAlias('alias/aws/redshift'), { tags: { DataClassification: 'secret' } }),
      baseline: recommended,
      message: 'The zero-ETL integration is under an AWS managed key; a customer managed key is required.',
    },
    {
      name: 'a disabled key where none is required',
      resource: integration(arnOfKey(1)),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      baseline: recommended,
      message: `The zero-ETL integration is under ${arnOfKey(1)}, which cannot be used: Disabled.`,
    },
    {
      name: 'a key that is gone',
      resource: integration(arnOfKey(1)),
      baseline: recommended,
      message: `The zero-ETL integration is under ${arnOfKey(1)}, which cannot be used: it does not exist.`,
    },
  ],
  unknown: [
    {
      name: 'the key could not be described',
      resource: integration(arnOfKey(1)),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'a foreign key',
      resource: integration(arnOfKey(1, foreign)),
      followUps: [key(1, { place: foreign, metadata: unread() })],
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'a key that AWS owns, and tags unread that could require more',
      resource: integration(null, { tags: unread() }),
      baseline: recommended,
      missing: [{ facet: 'rds.integration/tags' }],
    },
  ],
  notApplicable: 'every integration is under some key',
});

test('the remediation makes the integration again, between the same ends', () => {
  const { record, account } = integration(null);
  const { cli } = rule.remediation({ ...record, account, partition: 'aws' });
  expect(cli).toContain(
    'aws rds delete-integration --region us-east-1 --integration-identifier arn:aws:rds:us-east-1:111111111111:integration:1',
  );
  expect(cli).toContain('create-integration --region us-east-1 --integration-name to-warehouse --source-arn "$SOURCE"');
});
