import rule from '#rules/rds/cluster-cmk.js';
import { arnOfAlias, arnOfKey, awsManagedKey, cluster, instance, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const elsewhere = { account: '222222222222' };
const abroad = { region: 'eu-west-1' };
const member = { replication: { by: 'global cluster', source: 'arn:aws:rds:eu-west-1:111111111111:cluster:writer' } } as const;
const replica = { replication: { by: 'read replica', source: 'arn:aws:rds:eu-west-1:111111111111:db:source' } } as const;
const pii = { tags: { dataclassification: 'PII' } };
const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };
const sseRds = { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null };
const customerManaged = `The aurora-postgresql cluster is encrypted under the customer managed key ${arnOfKey(1)}.`;
const awsManaged =
  'The aurora-postgresql cluster is encrypted under the AWS managed key alias/aws/rds; a customer managed key is required.';
const awsOwned = 'The aurora-postgresql cluster is encrypted under a key that AWS owns; a customer managed key is required.';

testRule(rule, {
  pass: [
    {
      name: 'customer managed',
      resource: cluster('db-1'),
      others: [key(1)],
      message: customerManaged,
      evidence: { Engine: 'aurora-postgresql', KmsKeyId: arnOfKey(1), inferred: false },
    },
    {
      name: 'customer managed without an alias, type absent',
      resource: cluster('db-1', { encryptionType: null }),
      others: [key(1, { aliases: [] })],
      message: customerManaged,
    },
    {
      name: 'customer managed and disabled',
      resource: cluster('db-1'),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: customerManaged,
    },
    {
      name: 'Neptune under a key of another account of the run',
      resource: cluster('db-1', { engine: 'neptune', kmsKeyId: arnOfKey(2, elsewhere) }),
      others: [key(2, { place: elsewhere })],
      message: `The Neptune cluster is encrypted under the customer managed key ${arnOfKey(2, elsewhere)}.`,
    },
    {
      name: 'a foreign key that cannot be described',
      resource: cluster('db-1', { kmsKeyId: arnOfKey(2, elsewhere) }),
      followUps: [key(2, { place: elsewhere, metadata: unread() })],
      message: `The aurora-postgresql cluster is encrypted under ${arnOfKey(2, elsewhere)} of account 222222222222, which is outside the scope. AWS managed keys cannot be used across accounts, so it is taken to be customer managed.`,
      evidence: { inferred: true },
    },
    {
      name: 'required by a tag',
      resource: cluster('db-1', {}, pii),
      others: [key(1)],
      baseline: 'recommended',
      message: customerManaged,
    },
  ],
  fail: [
    {
      name: 'a member of a global cluster, required by the tag of its writer',
      resource: cluster('db-1', {}, member),
      others: [awsManagedKey(1, 'rds'), cluster('writer', {}, pii, abroad)],
      baseline: 'recommended',
      message: awsManaged,
    },
    {
      name: 'a replica, required by the tag of the instance that it replicates',
      resource: cluster('db-1', {}, replica),
      others: [awsManagedKey(1, 'rds'), instance('source', {}, pii, abroad)],
      baseline: 'recommended',
      message: awsManaged,
    },
    { name: 'aws/rds by ARN', resource: cluster('db-1'), others: [awsManagedKey(1, 'rds')], message: awsManaged },
    {
      name: 'aws/rds by alias, required by a tag',
      resource: cluster('db-1', { kmsKeyId: arnOfAlias('alias/aws/rds') }, pii),
      baseline: 'recommended',
      message: awsManaged,
    },
    { name: 'sse-rds', resource: cluster('db-1', sseRds), message: awsOwned, evidence: { StorageEncryptionType: 'sse-rds' } },
    {
      name: 'DocumentDB under aws/rds',
      resource: cluster('db-1', { engine: 'docdb' }),
      others: [awsManagedKey(1, 'rds')],
      message: awsManaged.replace('aurora-postgresql', 'DocumentDB'),
      evidence: { Engine: 'docdb' },
    },
  ],
  unknown: [
    {
      name: 'global clusters denied, where the tag of a writer could decide',
      resource: cluster('db-1', {}, { replication: unread() }),
      others: [key(1)],
      baseline: 'recommended',
      missing: [{ facet: 'rds.cluster/replication', cause: 'denied' }],
    },
    {
      name: 'its key left out',
      resource: cluster('db-1', { kmsKeyId: null }),
      missing: [{ facet: 'rds.cluster/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'a type that this version does not know',
      resource: cluster('db-1', { encryptionType: 'sse-new' }),
      missing: [{ facet: 'rds.cluster/details', cause: 'absent-field' }],
    },
    {
      name: 'the key could not be described',
      resource: cluster('db-1'),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'keys could not be listed',
      resource: cluster('db-1'),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*' }],
    },
    {
      name: 'tags unread where a tag decides',
      resource: cluster('db-1', {}, { tags: unread() }),
      others: [key(1)],
      baseline: 'recommended',
      missing: [{ facet: 'rds.cluster/tags' }],
    },
  ],
  notApplicable: [
    {
      name: 'not required',
      resource: cluster('db-1', sseRds),
      baseline: 'recommended',
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'unencrypted, tags unread',
      resource: cluster('db-1', plain, { tags: unread() }),
      baseline: 'recommended',
      reason: 'not encrypted: see rds/cluster-encrypted',
    },
    { name: 'the key is gone', resource: cluster('db-1'), reason: 'the key is gone: see key/exists' },
    {
      name: 'unencrypted by its boolean',
      resource: cluster('db-1', { ...plain, encryptionType: null }),
      reason: 'not encrypted: see rds/cluster-encrypted',
    },
  ],
});
