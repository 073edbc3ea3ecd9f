import rule from '#rules/rds/instance-cmk.js';
import { arnOfAlias, arnOfKey, awsManagedKey, cluster, instance, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const elsewhere = { account: '222222222222' };
const abroad = { region: 'eu-west-1' };
const replica = { replication: { by: 'read replica', source: 'arn:aws:rds:eu-west-1:111111111111:db:source' } } as const;
const replicaOfCluster = {
  replication: { by: 'read replica', source: 'arn:aws:rds:eu-west-1:111111111111:cluster:source' },
} as const;
const pii = { tags: { dataclassification: 'PII' } };
const plain = { encrypted: false, encryptionType: 'none', kmsKeyId: null };
const sseRds = { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null };
const customerManaged = `The postgres instance is encrypted under the customer managed key ${arnOfKey(1)}.`;
const awsManaged =
  'The postgres instance is encrypted under the AWS managed key alias/aws/rds; a customer managed key is required.';
const awsOwned = 'The postgres instance is encrypted under a key that AWS owns; a customer managed key is required.';

testRule(rule, {
  pass: [
    {
      name: 'customer managed',
      resource: instance('db-1'),
      others: [key(1)],
      message: customerManaged,
      evidence: { Engine: 'postgres', KmsKeyId: arnOfKey(1), inferred: false },
    },
    {
      name: 'customer managed without an alias, type absent',
      resource: instance('db-1', { encryptionType: null }),
      others: [key(1, { aliases: [] })],
      message: customerManaged,
    },
    {
      name: 'customer managed and disabled',
      resource: instance('db-1'),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: customerManaged,
    },
    {
      name: 'Neptune under a key of another account of the run',
      resource: instance('db-1', { engine: 'neptune', kmsKeyId: arnOfKey(2, elsewhere) }),
      others: [key(2, { place: elsewhere })],
      message: `The Neptune instance is encrypted under the customer managed key ${arnOfKey(2, elsewhere)}.`,
    },
    {
      name: 'a foreign key that cannot be described',
      resource: instance('db-1', { kmsKeyId: arnOfKey(2, elsewhere) }),
      followUps: [key(2, { place: elsewhere, metadata: unread() })],
      message: `The postgres instance is encrypted under ${arnOfKey(2, elsewhere)} of account 222222222222, which is outside the scope. AWS managed keys cannot be used across accounts, so it is taken to be customer managed.`,
      evidence: { inferred: true },
    },
    {
      name: 'required by a tag',
      resource: instance('db-1', {}, pii),
      others: [key(1)],
      baseline: 'recommended',
      message: customerManaged,
    },
  ],
  fail: [
    { name: 'aws/rds by ARN', resource: instance('db-1'), others: [awsManagedKey(1, 'rds')], message: awsManaged },
    {
      name: 'aws/rds by alias, required by a tag',
      resource: instance('db-1', { kmsKeyId: arnOfAlias('alias/aws/rds') }, pii),
      baseline: 'recommended',
      message: awsManaged,
    },
    {
      name: 'a replica, required by the tag of its source in another region',
      resource: instance('db-1', {}, replica),
      others: [awsManagedKey(1, 'rds'), instance('source', {}, pii, abroad)],
      baseline: 'recommended',
      message: awsManaged,
    },
    {
      name: 'a replica, required by the tag of the cluster that it replicates',
      resource: instance('db-1', {}, replicaOfCluster),
      others: [awsManagedKey(1, 'rds'), cluster('source', {}, pii, abroad)],
      baseline: 'recommended',
      message: awsManaged,
    },
    { name: 'sse-rds', resource: instance('db-1', sseRds), message: awsOwned, evidence: { StorageEncryptionType: 'sse-rds' } },
    {
      name: 'DocumentDB under aws/rds',
      resource: instance('db-1', { engine: 'docdb' }),
      others: [awsManagedKey(1, 'rds')],
      message: awsManaged.replace('postgres', 'DocumentDB'),
      evidence: { Engine: 'docdb' },
    },
  ],
  unknown: [
    {
      name: 'its key left out',
      resource: instance('db-1', { kmsKeyId: null }),
      missing: [{ facet: 'rds.instance/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'a type that this version does not know',
      resource: instance('db-1', { encryptionType: 'sse-new' }),
      missing: [{ facet: 'rds.instance/details', cause: 'absent-field' }],
    },
    {
      name: 'the key could not be described',
      resource: instance('db-1'),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'keys could not be listed',
      resource: instance('db-1'),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*' }],
    },
    {
      name: 'a replica whose source could not be listed',
      resource: instance('db-1', {}, replica),
      others: [key(1)],
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'rds.instance', region: 'eu-west-1' }],
      baseline: 'recommended',
      missing: [{ facet: 'rds.instance/*' }],
    },
    {
      name: 'whether it is a replica was not collected, where a tag of its source could decide',
      resource: instance('db-1', {}, { replication: unread({ cause: 'uncollected' }) }),
      others: [key(1)],
      baseline: 'recommended',
      missing: [{ facet: 'rds.instance/replication' }],
    },
    {
      name: 'tags unread where a tag decides',
      resource: instance('db-1', {}, { tags: unread() }),
      others: [key(1)],
      baseline: 'recommended',
      missing: [{ facet: 'rds.instance/tags' }],
    },
  ],
  notApplicable: [
    {
      name: 'not required',
      resource: instance('db-1', sseRds),
      baseline: 'recommended',
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'unencrypted, tags unread',
      resource: instance('db-1', plain, { tags: unread() }),
      baseline: 'recommended',
      reason: 'not encrypted: see rds/instance-encrypted',
    },
    {
      name: 'not required of a replica, nor of its source',
      resource: instance('db-1', sseRds, replica),
      others: [instance('source', {}, {}, abroad)],
      baseline: 'recommended',
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'whether it is a replica was not collected, and no selector asks for tags',
      resource: instance('db-1', sseRds, { replication: unread({ cause: 'uncollected' }) }),
      baseline: { name: 'own', rules: new Map(), cmkRequired: [{ name: 'other' }] },
      reason: 'a customer managed key is not required here',
    },
    { name: 'the key is gone', resource: instance('db-1'), reason: 'the key is gone: see key/exists' },
    {
      name: 'member of a cluster',
      resource: instance('db-1', { clusterId: 'c-1' }),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
    {
      name: 'member of a cluster, tags unread',
      resource: instance('db-1', { clusterId: 'c-1', engine: 'docdb' }, { tags: unread() }),
      baseline: 'recommended',
      reason: 'member of the cluster c-1: judged at the cluster',
    },
  ],
});
