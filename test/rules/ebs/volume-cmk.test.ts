import rule from '#rules/ebs/volume-cmk.js';
import { arnOfAlias, arnOfKey, awsManagedKey, key, metadata, unread, volume } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const elsewhere = { account: '222222222222' };
const confidential = { tags: { dataclass: 'Confidential' } };
const recommended = 'recommended';
const customerManaged = `The volume is encrypted under the customer managed key ${arnOfKey(1)}.`;

testRule(rule, {
  pass: [
    {
      name: 'under a customer managed key',
      resource: volume('vol-1'),
      others: [key(1)],
      message: customerManaged,
      evidence: { KmsKeyId: arnOfKey(1), inferred: false },
    },
    {
      name: 'a key that is disabled is customer managed too',
      resource: volume('vol-1'),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      message: customerManaged,
    },
    {
      name: 'a key in an external store',
      resource: volume('vol-1'),
      others: [key(1, { metadata: metadata({ origin: 'EXTERNAL_KEY_STORE' }) })],
      message: customerManaged,
    },
    {
      name: 'a key shared by another account of the run',
      resource: volume('vol-1', { kmsKeyId: arnOfKey(2, elsewhere) }),
      others: [key(2, { place: elsewhere })],
      message: `The volume is encrypted under the customer managed key ${arnOfKey(2, elsewhere)}.`,
    },
    {
      name: 'a foreign key that cannot be described',
      resource: volume('vol-1', { kmsKeyId: arnOfKey(2, elsewhere) }),
      followUps: [key(2, { place: elsewhere, metadata: unread() })],
      accounts: [],
      message: `The volume is encrypted under ${arnOfKey(2, elsewhere)} of account 222222222222, which is outside the scope. AWS managed keys cannot be used across accounts, so it is taken to be customer managed.`,
      evidence: { inferred: true },
    },
    {
      name: 'required by a tag, whatever its case',
      resource: volume('vol-1', {}, confidential),
      others: [key(1)],
      baseline: recommended,
      message: customerManaged,
    },
  ],
  fail: [
    {
      name: 'under aws/ebs by ARN',
      resource: volume('vol-1'),
      others: [awsManagedKey(1, 'ebs')],
      message: 'The volume is encrypted under the AWS managed key alias/aws/ebs; a customer managed key is required.',
    },
    {
      name: 'under aws/ebs by alias',
      resource: volume('vol-1', { kmsKeyId: arnOfAlias('alias/aws/ebs') }),
      message: 'The volume is encrypted under the AWS managed key alias/aws/ebs; a customer managed key is required.',
    },
    {
      name: 'an AWS managed key whose aliases could not be read',
      resource: volume('vol-1'),
      others: [key(1, { aliases: unread(), metadata: metadata({ manager: 'AWS' }) })],
      message: `The volume is encrypted under the AWS managed key ${arnOfKey(1)}; a customer managed key is required.`,
    },
    {
      name: 'sse-ebs',
      resource: volume('vol-1', { encrypted: false, kmsKeyId: null, sseType: 'sse-ebs' }),
      message: 'The volume is encrypted under a key that AWS owns; a customer managed key is required.',
    },
    {
      name: 'required by a tag and unattached',
      resource: volume('vol-1', { state: 'available', attachedTo: [] }, confidential),
      others: [awsManagedKey(1, 'ebs')],
      baseline: recommended,
      message: 'The volume is encrypted under the AWS managed key alias/aws/ebs; a customer managed key is required.',
    },
  ],
  unknown: [
    { name: 'not described', resource: volume('vol-1', {}, { details: unread() }), missing: [{ facet: 'ebs.volume/details' }] },
    {
      name: 'encrypted, its key left out',
      resource: volume('vol-1', { kmsKeyId: null }),
      missing: [{ facet: 'ebs.volume/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'Encrypted left out',
      resource: volume('vol-1', { encrypted: null }),
      missing: [{ code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'the key could not be described',
      resource: volume('vol-1'),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'keys could not be listed',
      resource: volume('vol-1'),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'tags unread where a tag decides',
      resource: volume('vol-1', {}, { tags: unread() }),
      others: [key(1)],
      baseline: recommended,
      missing: [{ facet: 'ebs.volume/tags', cause: 'denied' }],
    },
  ],
  notApplicable: [
    {
      name: 'not required by its tags',
      resource: volume('vol-1', {}, { tags: { DataClass: 'public' } }),
      baseline: recommended,
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'not required, though under one',
      resource: volume('vol-1'),
      others: [key(1)],
      baseline: recommended,
      reason: 'a customer managed key is not required here',
    },
    {
      name: 'unencrypted',
      resource: volume('vol-1', { encrypted: false, kmsKeyId: null }),
      reason: 'not encrypted: see ebs/volume-encrypted',
    },
    {
      name: 'unencrypted, tags unread: what was read comes first',
      resource: volume('vol-1', { encrypted: false, kmsKeyId: null }, { tags: unread() }),
      baseline: recommended,
      reason: 'not encrypted: see ebs/volume-encrypted',
    },
    { name: 'the key is gone', resource: volume('vol-1'), reason: 'the key is gone: see key/exists' },
    { name: 'deleting', resource: volume('vol-1', { state: 'deleting' }), reason: 'the volume is deleting' },
  ],
});
