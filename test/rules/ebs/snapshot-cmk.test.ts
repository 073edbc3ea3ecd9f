import rule from '#rules/ebs/snapshot-cmk.js';
import { arnOfAlias, arnOfKey, awsManagedKey, key, metadata, unread, snapshot } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const elsewhere = { account: '222222222222' };
const confidential = { tags: { dataclass: 'Confidential' } };
const recommended = 'recommended';
const customerManaged = `The snapshot is encrypted under the customer managed key ${arnOfKey(1)}.`;

testRule(rule, {
  pass: [
    {
      name: 'under a customer managed key',
      resource: snapshot('snap-1'),
      others: [key(1)],
      message: customerManaged,
      evidence: { KmsKeyId: arnOfKey(1), inferred: false },
    },
    {
      name: 'a key that is disabled is customer managed too',
      resource: snapshot('snap-1'),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: customerManaged,
    },
    {
      name: 'a key in an external store',
      resource: snapshot('snap-1'),
      others: [key(1, { metadata: metadata({ origin: 'EXTERNAL_KEY_STORE' }) })],
      message: customerManaged,
    },
    {
      name: 'a key shared by another account of the run',
      resource: snapshot('snap-1', { kmsKeyId: arnOfKey(2, elsewhere) }),
      others: [key(2, { place: elsewhere })],
      message: `The snapshot is encrypted under the customer managed key ${arnOfKey(2, elsewhere)}.`,
    },
    {
      name: 'a foreign key that cannot be described',
      resource: snapshot('snap-1', { kmsKeyId: arnOfKey(2, elsewhere) }),
      followUps: [key(2, { place: elsewhere, metadata: unread() })],
      accounts: [],
      message: `The snapshot is encrypted under ${arnOfKey(2, elsewhere)} of account 222222222222, which is outside the scope. AWS managed keys cannot be used across accounts, so it is taken to be customer managed.`,
      evidence: { inferred: true },
    },
    {
      name: 'required by a tag, whatever its case',
      resource: snapshot('snap-1', {}, confidential),
      others: [key(1)],
      baseline: recommended,
      message: customerManaged,
    },
  ],
  fail: [
    {
      name: 'under aws/ebs by ARN',
      resource: snapshot('snap-1'),
      others: [awsManagedKey(1, 'ebs')],
      message: 'The snapshot is encrypted under the AWS managed key alias/aws/ebs; a customer managed key is required.',
    },
    {
      name: 'under aws/ebs by alias',
      resource: snapshot('snap-1', { kmsKeyId: arnOfAlias('alias/aws/ebs') }),
      message: 'The snapshot is encrypted under the AWS managed key alias/aws/ebs; a customer managed key is required.',
    },
    {
      name: 'an AWS managed key whose aliases could not be read',
      resource: snapshot('snap-1'),
      others: [key(1, { aliases: unread(), metadata: metadata({ manager: 'AWS' }) })],
      message: `The snapshot is encrypted under the AWS managed key ${arnOfKey(1)}; a customer managed key is required.`,
    },
    {
      name: 'sse-ebs',
      resource: snapshot('snap-1', { encrypted: false, kmsKeyId: null, sseType: 'sse-ebs' }),
      message: 'The snapshot is encrypted under a key that AWS owns; a customer managed key is required.',
    },
    {
      name: 'required by the tags of the snapshot that it was copied from',
      resource: snapshot('snap-1', { description: '[Copied snap-src from eu-west-1] nightly', transferType: 'standard' }),
      others: [awsManagedKey(1, 'ebs'), snapshot('snap-src', {}, confidential, { region: 'eu-west-1' })],
      baseline: recommended,
      message: 'The snapshot is encrypted under the AWS managed key alias/aws/ebs; a customer managed key is required.',
    },
  ],
  unknown: [
    {
      name: 'not described',
      resource: snapshot('snap-1', {}, { details: unread() }),
      missing: [{ facet: 'ebs.snapshot/details' }],
    },
    {
      name: 'encrypted, its key left out',
      resource: snapshot('snap-1', { kmsKeyId: null }),
      missing: [{ facet: 'ebs.snapshot/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'Encrypted left out',
      resource: snapshot('snap-1', { encrypted: null }),
      missing: [{ code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'the key could not be described',
      resource: snapshot('snap-1'),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'keys could not be listed',
      resource: snapshot('snap-1'),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'tags unread where a tag decides',
      resource: snapshot('snap-1', {}, { tags: unread() }),
      others: [key(1)],
      baseline: recommended,
      missing: [{ facet: 'ebs.snapshot/tags', cause: 'denied' }],
    },
  ],
  notApplicable: [
    {
      name: 'not required by its tags',
      resource: snapshot('snap-1', {}, { tags: { DataClass: 'public' } }),
      baseline: recommended,
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'not required of what it was copied from either',
      resource: snapshot('snap-1', { description: '[Copied snap-src from eu-west-1] nightly', transferType: 'standard' }),
      others: [awsManagedKey(1, 'ebs'), snapshot('snap-src', {}, {}, { region: 'eu-west-1' })],
      baseline: recommended,
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'not required, though under one',
      resource: snapshot('snap-1'),
      others: [key(1)],
      baseline: recommended,
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'unencrypted',
      resource: snapshot('snap-1', { encrypted: false, kmsKeyId: null }),
      reason: 'not encrypted: see ebs/snapshot-encrypted',
    },
    {
      name: 'unencrypted, tags unread: what was read comes first',
      resource: snapshot('snap-1', { encrypted: false, kmsKeyId: null }, { tags: unread() }),
      baseline: recommended,
      reason: 'not encrypted: see ebs/snapshot-encrypted',
    },
    { name: 'the key is gone', resource: snapshot('snap-1'), reason: 'the key is gone: see key/exists' },
    {
      name: 'in error',
      resource: snapshot('snap-1', { state: 'error' }),
      reason: 'the snapshot failed: it is in state error',
    },
  ],
});
