import rule from '#rules/kms/alias-target-usable.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  key,
  keyId,
  metadata,
  resource,
  unread,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const own = arnOfKey(1);
const alias = (target: string | null, name = 'alias/app'): TestResource =>
  resource('kms.alias', arnOfAlias(name), { details: { target, updatedAt: null } }, { name });
const inState = (state: string, more = {}): readonly TestResource[] => [key(1, { metadata: metadata({ state, ...more }) })];
const usable = `The alias leads to the key ${own}, which can be used.`;

testRule(rule, {
  pass: [
    {
      name: 'enabled',
      resource: alias(keyId(1)),
      others: [key(1)],
      message: usable,
      evidence: { key: own, KeyState: 'Enabled' },
    },
    { name: 'updating', resource: alias(keyId(1)), others: inState('Updating'), message: usable },
    {
      name: 'a key that signs',
      resource: alias(keyId(1)),
      others: inState('Enabled', { spec: 'ECC_NIST_P256' }),
      message: usable,
    },
  ],
  fail: [
    {
      name: 'waits for deletion',
      resource: alias(keyId(1)),
      others: inState('PendingDeletion', { deletionAt: '2026-12-01T00:00:00.000Z' }),
      message: `The alias leads to the key ${own}, which cannot be used: PendingDeletion, to be deleted on 2026-12-01.`,
    },
    {
      name: 'gone',
      resource: alias(keyId(1)),
      others: [key(2)],
      message: `The alias leads to the key ${own}, which does not exist: not in the complete kms:ListKeys.`,
      evidence: { seenBy: 'not in the complete kms:ListKeys' },
    },
    ...['Disabled', 'PendingImport', 'Unavailable', 'PendingReplicaDeletion'].map((state) => ({
      name: state,
      resource: alias(keyId(1)),
      others: inState(state),
      message: `The alias leads to the key ${own}, which cannot be used: ${state}.`,
      evidence: { KeyState: state },
    })),
  ],
  unknown: [
    {
      name: 'ListAliases told nothing of it',
      resource: resource('kms.alias', arnOfAlias('alias/app'), { details: unread() }),
      missing: [{ facet: 'kms.alias/details' }],
    },
    {
      name: 'AWS left out the target',
      resource: alias(null),
      missing: [{ facet: 'kms.alias/details', operation: 'kms:ListAliases', code: 'TargetKeyId', cause: 'absent-field' }],
    },
    {
      name: 'DescribeKey denied',
      resource: alias(keyId(1)),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata' }],
    },
    {
      name: 'ListKeys denied',
      resource: alias(keyId(1)),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*' }],
    },
    {
      name: 'being made',
      resource: alias(keyId(1)),
      others: inState('Creating'),
      missing: [{ code: 'a settled KeyState (it says Creating)' }],
    },
    {
      name: 'a target in another account, which AWS does not allow',
      resource: alias(arnOfKey(1, { account: '999999999999' })),
      followUps: [key(1, { place: { account: '999999999999' }, metadata: unread() })],
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
  ],
  notApplicable: [
    {
      name: 'of AWS, without a key',
      resource: alias(null, 'alias/aws/ebs'),
      reason: 'an alias of AWS, for a key that AWS manages',
    },
    {
      name: 'leads to a key of AWS, which AWS does not allow',
      resource: alias(keyId(1)),
      others: [awsManagedKey(1, 'ebs')],
      reason: 'leads to a key that AWS manages',
    },
  ],
});
