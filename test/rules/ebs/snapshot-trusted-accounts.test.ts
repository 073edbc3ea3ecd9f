import { expect, test } from 'vitest';
import rule from '#rules/ebs/snapshot-trusted-accounts.js';
import { judgeResource } from '#plugins/judge.js';
import { arnOfAlias, arnOfKey, awsManagedKey, key, skipped, snapshot, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const plain = { encrypted: false, kmsKeyId: null };
const stranger = '999999999999';
const partner = '222222222222';
const own = '111111111111';
const shared = (...accounts: string[]) => snapshot('snap-1', {}, { sharedWith: accounts });
const unlisted = {
  facet: 'organization/accounts',
  operation: 'organizations:ListAccounts',
  action: 'organizations:ListAccounts',
  code: 'AccessDeniedException',
  cause: 'denied' as const,
};
const organisation = { id: { known: true as const, value: 'o-own' }, unlisted: null };
const only = 'Trusted are only the accounts of this run and those configured.';

testRule(rule, {
  pass: [
    {
      name: 'with an account of the run',
      resource: shared(partner),
      others: [key(1)],
      accounts: [partner],
      message: `The snapshot is shared with ${partner}. Trusted are the accounts of this run and those configured.`,
      evidence: { createVolumePermission: [partner], Encrypted: true },
    },
    {
      name: 'with a configured account, from an organisation',
      resource: shared(stranger),
      trustedAccounts: [stranger],
      organisation,
      message: `The snapshot is shared with ${stranger}. Trusted are the accounts of the organisation and those configured.`,
    },
    {
      name: 'unencrypted, with itself and others of the run',
      resource: snapshot('snap-1', plain, { sharedWith: [own, partner] }),
      accounts: [partner],
      message: `The snapshot is shared with ${own}, ${partner}. Trusted are the accounts of this run and those configured.`,
      evidence: { Encrypted: false },
    },
  ],
  fail: [
    {
      name: 'with a stranger beside a trusted one',
      resource: shared(partner, stranger),
      others: [key(1)],
      accounts: [partner],
      message: `The snapshot is shared with ${stranger}. ${only}`,
      evidence: { createVolumePermission: [partner, stranger] },
    },
    {
      name: 'under a key of an account outside the scope',
      resource: snapshot('snap-1', { kmsKeyId: arnOfKey(2, { account: stranger }) }, { sharedWith: [stranger] }),
      followUps: [key(2, { place: { account: stranger }, metadata: unread() })],
      message: `The snapshot is shared with ${stranger}. ${only}`,
    },
    {
      name: 'under a key that is gone',
      resource: shared(stranger),
      message: `The snapshot is shared with ${stranger}. ${only}`,
    },
    {
      name: 'unencrypted',
      resource: snapshot('snap-1', plain, { sharedWith: [stranger] }),
      message: `The snapshot is shared with ${stranger}. ${only}`,
    },
    {
      name: 'under a key that AWS left out',
      resource: snapshot('snap-1', { kmsKeyId: null }, { sharedWith: [stranger] }),
      message: `The snapshot is shared with ${stranger}. ${only}`,
    },
    {
      name: 'with a stranger to the organisation, whose accounts were listed',
      resource: shared(stranger),
      organisation,
      message: `The snapshot is shared with ${stranger}. Trusted are only the accounts of the organisation and those configured.`,
    },
    {
      name: 'with five',
      resource: shared('300000000001', '300000000002', '300000000003', '300000000004', '300000000005'),
      message: `The snapshot is shared with 300000000001, 300000000002, 300000000003, 300000000004, 300000000005. ${only}`,
    },
    {
      name: 'with seven',
      resource: shared(...[1, 2, 3, 4, 5, 6, 7].map((n) => `30000000000${String(n)}`)),
      message: `The snapshot is shared with 300000000001, 300000000002, 300000000003, 300000000004, 300000000005 and 2 more. ${only}`,
    },
  ],
  unknown: [
    {
      name: 'the permission was denied',
      resource: snapshot('snap-1', {}, { sharedWith: unread() }),
      others: [key(1)],
      missing: [{ facet: 'ebs.snapshot/sharedWith', cause: 'denied' }],
    },
    {
      name: 'shared under a key that was not read',
      resource: shared(stranger),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'the permission was denied, unencrypted',
      resource: snapshot('snap-1', plain, { sharedWith: unread() }),
      missing: [{ facet: 'ebs.snapshot/sharedWith' }],
    },
    {
      name: 'the permission was denied, AWS left out the key',
      resource: snapshot('snap-1', { kmsKeyId: null }, { sharedWith: unread() }),
      missing: [{ facet: 'ebs.snapshot/sharedWith' }],
    },
    {
      name: 'the listing was denied',
      resource: snapshot('snap-1', {}, { details: unread() }),
      missing: [{ facet: 'ebs.snapshot/details' }],
    },
    {
      name: 'with two accounts, and those of the organisation could not be listed',
      resource: shared(partner, stranger),
      organisation: { ...organisation, unlisted },
      missing: [unlisted],
    },
  ],
  notApplicable: [
    {
      name: 'not shared, its key unread',
      resource: snapshot('snap-1'),
      unreadLists: [{ kind: 'kms.key' }],
      reason: 'not shared with any account',
    },
    { name: 'not shared', resource: snapshot('snap-1'), others: [key(1)], reason: 'not shared with any account' },
    { name: 'not shared, unencrypted', resource: snapshot('snap-1', plain), reason: 'not shared with any account' },
    {
      name: 'under aws/ebs by ARN, the permission denied',
      resource: snapshot('snap-1', {}, { sharedWith: unread() }),
      others: [awsManagedKey(1, 'ebs')],
      reason: 'under an AWS managed key: AWS does not let it be shared',
    },
    {
      name: 'under aws/ebs by alias',
      resource: snapshot('snap-1', { kmsKeyId: arnOfAlias('alias/aws/ebs') }, { sharedWith: unread() }),
      reason: 'under an AWS managed key: AWS does not let it be shared',
    },
    {
      name: 'in error',
      resource: snapshot('snap-1', { state: 'error' }, { sharedWith: skipped('the snapshot failed: it is in state error') }),
      reason: 'the snapshot failed: it is in state error',
    },
  ],
});

test('two accounts that could not be judged are missing one listing, once', () => {
  const outcome = judgeResource(rule, shared(partner, stranger), { organisation: { ...organisation, unlisted } });
  expect(outcome).toEqual({ verdict: 'unknown', missing: [unlisted] });
});

test('is off in recommended: it takes a call for each snapshot', () => {
  expect(rule.recommended).toBe(false);
});

test('the remediation takes the permission back by the id', () => {
  const { record, account } = shared(stranger);
  const { cli } = rule.remediation({ ...record, account, partition: 'aws', name: '$(reboot)' });
  expect(cli).toContain(
    'aws ec2 modify-snapshot-attribute --region us-east-1 --snapshot-id snap-1 --attribute createVolumePermission --operation-type remove --user-ids "${ACCOUNT:?}"',
  );
});
