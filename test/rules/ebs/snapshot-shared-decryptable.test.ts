import { expect, test } from 'vitest';
import rule from '#rules/ebs/snapshot-shared-decryptable.js';
import { judgeResource } from '#plugins/judge.js';
import { allow, deny, when, whenAll, type Part } from '../../policy/support.js';
import { policyText } from '../../support/key-policies.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  grant,
  home,
  key,
  metadata,
  resource,
  skipped,
  snapshot,
  unread,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const own = home.account;
const partner = '222222222222';
const stranger = '999999999999';
const arn = arnOfKey(1);
const elsewhere = { account: partner };
const root = allow({ Principal: { AWS: `arn:aws:iam::${own}:root` }, Action: 'kms:*' });
const to = (account: string, Action = 'kms:Decrypt', ...more: readonly Part[]) =>
  allow({ Principal: { AWS: `arn:aws:iam::${account}:root` }, Action }, ...more);
const shared = (...accounts: string[]) => snapshot('snap-1', {}, { sharedWith: accounts });
/** The key of the snapshot, with these statements beside that of its own root. */
const under = (statements: readonly Part[], facets: Parameters<typeof key>[1] = {}): readonly TestResource[] => [
  key(1, { policy: policyText(root, ...statements), ...facets }),
];
const given = (account: string, more: Parameters<typeof grant>[0] = {}) =>
  grant({ granteePrincipal: `arn:aws:iam::${account}:role/restore`, ...more });
const ec2 = when('StringEquals', 'kms:ViaService', 'ec2.us-east-1.amazonaws.com');

const those = 'the accounts of this run and those configured';
const admitted = (accounts: string, trusted = those) =>
  `The snapshot is shared with ${accounts}, admitted by its key ${arn}. Trusted are ${trusted}.`;
const untrusted = (accounts: string, trusted = those) =>
  `The snapshot is shared with ${accounts}, not trusted and yet admitted by its key ${arn}. Trusted are only ${trusted}.`;
const broken = (accounts: string, name = arn) =>
  `The snapshot is shared with ${accounts}, not admitted by its key ${name}: neither its policy nor a grant gives kms:Decrypt, kms:ReEncryptFrom or kms:CreateGrant. This is a broken share.`;
const low = { severity: 'low' } as const;

const unlisted = {
  facet: 'organization/accounts',
  operation: 'organizations:ListAccounts',
  action: 'organizations:ListAccounts',
  code: 'AccessDeniedException',
  cause: 'denied' as const,
};
const organisation = { id: { known: true as const, value: 'o-own' }, unlisted: null };
const halfListed = { ...organisation, unlisted };
const grantsDenied = { facet: 'kms.key/grants', cause: 'denied' } as const;

testRule(rule, {
  pass: [
    {
      name: 'a trusted account that may decrypt',
      resource: shared(partner),
      others: under([to(partner)]),
      accounts: [partner],
      message: admitted(partner),
      evidence: {
        key: arn,
        createVolumePermission: [partner],
        decidedBy: [partner],
        statements: [{ index: 1, sid: null }],
        grants: [],
      },
    },
    {
      name: 'a configured account by a role, through EC2 alone, another by ReEncrypt*',
      resource: shared(partner, stranger),
      trustedAccounts: [partner, stranger],
      others: under([allow({ Principal: { AWS: `arn:aws:iam::${partner}:role/restore` } }, ec2), to(stranger, 'kms:ReEncrypt*')]),
      message: admitted(`${partner} and ${stranger}`),
    },
    {
      name: 'CreateGrant for AWS resources',
      resource: shared(partner),
      accounts: [partner],
      others: under([to(partner, 'kms:CreateGrant', when('Bool', 'kms:GrantIsForAWSResource', true))]),
      message: admitted(partner),
    },
    {
      name: 'everyone, bound by CallerAccount and ViaService',
      resource: shared(partner),
      accounts: [partner],
      others: under([allow(whenAll(when('StringEquals', 'kms:CallerAccount', [own, partner]), ec2))]),
      message: admitted(partner),
    },
    {
      name: 'under a condition that depends on the caller',
      resource: shared(partner),
      accounts: [partner],
      others: under([to(partner, 'kms:Decrypt', when('StringEquals', 'aws:PrincipalTag/team', 'x'))]),
      message: admitted(`${partner} (under conditions, by statement 2)`),
    },
    {
      name: 'under such a condition, the grants unread',
      resource: shared(partner),
      accounts: [partner],
      others: under([to(partner, 'kms:Decrypt', when('StringEquals', 'aws:PrincipalTag/team', 'x'))], { grants: unread() }),
      message: admitted(`${partner} (under conditions, by statement 2)`),
    },
    {
      name: 'by a grant alone, whatever its encryption context',
      resource: shared(partner),
      accounts: [partner],
      others: under([], { grants: [given(partner, { id: 'g-7', constraints: ['EncryptionContextSubset'] })] }),
      message: admitted(partner),
      evidence: { statements: [], grants: ['g-7'] },
    },
    {
      name: 'ListGrants denied, which could only add',
      resource: shared(partner),
      accounts: [partner],
      others: under([to(partner)], { grants: unread() }),
      message: admitted(partner),
    },
    {
      name: 'with the account whose key it is, by the delegation to its own IAM',
      resource: snapshot('snap-1', { kmsKeyId: arnOfKey(1, elsewhere) }, { sharedWith: [partner] }),
      accounts: [partner],
      others: [key(1, { place: elsewhere })],
      message: admitted(partner).replace(arn, arnOfKey(1, elsewhere)),
    },
    {
      name: 'a key that waits for deletion is judged by who it admits',
      resource: shared(partner),
      accounts: [partner],
      others: under([to(partner)], { metadata: metadata({ state: 'PendingDeletion' }) }),
      message: admitted(partner),
    },
    {
      name: 'many grants, of which twenty are shown',
      resource: shared(partner),
      accounts: [partner],
      others: under([], { grants: Array.from({ length: 25 }, (_, n) => given(partner, { id: `g-${String(n)}` })) }),
      message: admitted(partner),
      evidence: { grants: Array.from({ length: 20 }, (_, n) => `g-${String(n)}`) },
    },
  ],
  fail: [
    {
      name: 'a stranger that may decrypt, beside a trusted account that may not',
      resource: shared(partner, stranger),
      accounts: [partner],
      others: under([to(stranger)]),
      message: untrusted(stranger),
      evidence: { createVolumePermission: [partner, stranger], decidedBy: [stranger], statements: [{ index: 1, sid: null }] },
    },
    {
      name: 'a stranger by one role, with ListGrants denied',
      resource: shared(stranger),
      others: under([allow({ Principal: { AWS: `arn:aws:iam::${stranger}:role/restore` } })], { grants: unread() }),
      message: untrusted(stranger),
    },
    {
      name: 'a stranger by a grant',
      resource: shared(stranger),
      others: under([], { grants: [given(partner), given(stranger, { id: 'g-2', operations: ['CreateGrant'] })] }),
      message: untrusted(stranger),
      evidence: { statements: [], grants: ['g-2'] },
    },
    {
      name: 'a stranger, under conditions',
      resource: shared(stranger),
      others: under([to(stranger, 'kms:Decrypt', when('StringEquals', 'aws:PrincipalTag/team', 'x'))]),
      message: untrusted(`${stranger} (under conditions, by statement 2)`),
    },
    {
      name: 'a key open to everyone',
      resource: shared(stranger),
      others: under([allow()]),
      message: untrusted(stranger),
    },
    {
      name: 'a stranger, whatever is unread of another account',
      resource: shared(partner, stranger),
      organisation,
      others: under([to(stranger)], { grants: unread() }),
      message: untrusted(stranger, 'the accounts of the organisation and those configured'),
    },
    {
      name: 'a key of another account of the run',
      resource: snapshot('snap-1', { kmsKeyId: arnOfKey(1, elsewhere) }, { sharedWith: [stranger] }),
      others: [key(1, { place: elsewhere, policy: policyText(to(stranger)) })],
      message: untrusted(stranger).replace(arn, arnOfKey(1, elsewhere)),
    },
    {
      name: 'five strangers',
      resource: shared(...[1, 2, 3, 4, 5].map((n) => `30000000000${String(n)}`)),
      others: under([allow()]),
      message: untrusted('300000000001, 300000000002, 300000000003 and 2 more accounts'),
    },
    {
      name: 'the owner is all that the key admits',
      resource: shared(partner),
      accounts: [partner],
      others: under([]),
      message: broken(partner),
      evidence: { decidedBy: [partner], statements: [], grants: [] },
      ...low,
    },
    {
      name: 'a stranger that the key keeps out',
      resource: shared(stranger),
      others: under([]),
      message: broken(stranger),
      ...low,
    },
    {
      name: 'one of two trusted accounts kept out',
      resource: shared(partner, stranger),
      trustedAccounts: [partner, stranger],
      others: under([to(partner)]),
      message: broken(stranger),
      ...low,
    },
    {
      name: 'through another service alone',
      resource: shared(stranger),
      others: under([to(stranger, 'kms:*', when('StringEquals', 'kms:ViaService', 'rds.us-east-1.amazonaws.com'))]),
      message: broken(stranger),
      ...low,
    },
    {
      name: 'describing and encrypting alone',
      resource: shared(stranger),
      others: under([to(stranger, 'kms:DescribeKey'), to(stranger, 'kms:GenerateDataKey*'), to(stranger, 'kms:ReEncryptTo')]),
      message: broken(stranger),
      ...low,
    },
    {
      name: 'taken back by a Deny, from a grant as well',
      resource: shared(stranger),
      others: under([to(stranger, 'kms:*'), deny({ Principal: { AWS: stranger } })], { grants: [given(stranger)] }),
      message: broken(stranger),
      ...low,
    },
    {
      name: 'everyone, bound to another account',
      resource: shared(stranger),
      others: under([allow(when('StringEquals', 'kms:CallerAccount', partner))]),
      message: broken(stranger),
      ...low,
    },
    {
      name: 'everyone of an organisation to which it does not belong',
      resource: shared(stranger),
      organisation,
      others: under([allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-own'))]),
      message: broken(stranger),
      ...low,
    },
    {
      name: 'kept out as one of another organisation',
      resource: shared(stranger),
      organisation,
      others: under([allow(), deny(when('StringNotEquals', 'aws:PrincipalOrgID', 'o-own'))]),
      message: broken(stranger),
      ...low,
    },
    {
      name: 'kept out, its trust unread',
      resource: shared(stranger),
      organisation: halfListed,
      others: under([]),
      message: broken(stranger),
      ...low,
    },
    {
      name: 'the replica of a multi-Region key, whose primary lets the account in',
      resource: shared(partner),
      accounts: [partner],
      others: [key(1), key(1, { place: { region: 'eu-west-1' }, policy: policyText(to(partner)) })],
      regions: ['eu-west-1'],
      message: broken(partner),
      ...low,
    },
    {
      name: 'a grant that does not decrypt',
      resource: shared(partner),
      accounts: [partner],
      others: under([], { grants: [given(partner, { operations: ['Encrypt', 'DescribeKey'] })] }),
      message: broken(partner),
      ...low,
    },
  ],
  unknown: [
    {
      name: 'the permission was denied',
      resource: snapshot('snap-1', {}, { sharedWith: unread() }),
      others: under([]),
      missing: [{ facet: 'ebs.snapshot/sharedWith', cause: 'denied' }],
    },
    {
      name: 'GetKeyPolicy denied, whatever the grants',
      resource: shared(stranger),
      others: under([], { policy: unread(), grants: [given(stranger)] }),
      missing: [{ facet: 'kms.key/policy', cause: 'denied' }],
    },
    {
      name: 'the policy is none',
      resource: shared(stranger),
      others: under([], { policy: '{}' }),
      missing: [{ facet: 'kms.key/policy', code: 'a readable policy (Statement: the policy has no Statement)' }],
    },
    {
      name: 'ListGrants denied: a stranger that the policy does not admit',
      resource: shared(stranger),
      others: under([], { grants: unread() }),
      missing: [grantsDenied],
    },
    {
      name: 'ListGrants denied: a trusted account that the policy does not admit',
      resource: shared(partner),
      accounts: [partner],
      others: under([], { grants: unread() }),
      missing: [grantsDenied],
    },
    {
      name: 'admitted, but whether it is trusted was not read',
      resource: shared(partner, stranger),
      organisation: halfListed,
      others: under([to(stranger), to(partner)]),
      missing: [unlisted],
    },
    {
      name: 'admitted with its trust unread, beside one that is kept out',
      resource: shared(partner, stranger),
      organisation: halfListed,
      others: under([to(stranger)]),
      missing: [unlisted],
    },
    {
      name: 'neither its trust nor the grants were read',
      resource: shared(stranger),
      organisation: halfListed,
      others: under([], { grants: unread() }),
      missing: [unlisted, grantsDenied],
    },
    {
      name: 'a foreign key, naming its account',
      resource: snapshot('snap-1', { kmsKeyId: arnOfKey(7, elsewhere) }, { sharedWith: [stranger] }),
      followUps: [
        key(7, { place: elsewhere, metadata: unread({ operation: 'kms:DescribeKey', code: 'AccessDeniedException' }) }),
      ],
      missing: [{ facet: 'kms.key/metadata', code: 'AccessDeniedException', cause: 'foreign', account: partner }],
    },
    {
      name: 'a key outside the scope that DescribeKey shows',
      resource: snapshot('snap-1', { kmsKeyId: arnOfKey(7, elsewhere) }, { sharedWith: [stranger] }),
      followUps: [resource('kms.key', arnOfKey(7, elsewhere), { metadata: metadata() }, elsewhere)],
      missing: [{ facet: 'kms.key/policy', cause: 'uncollected' }],
    },
    {
      name: 'DescribeKey denied',
      resource: shared(stranger),
      others: under([], { metadata: unread() }),
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'keys not listed',
      resource: shared(stranger),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'AWS left out the key',
      resource: snapshot('snap-1', { kmsKeyId: null }, { sharedWith: [stranger] }),
      missing: [{ facet: 'ebs.snapshot/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out the key, and the permission was denied',
      resource: snapshot('snap-1', { kmsKeyId: null }, { sharedWith: unread() }),
      missing: [{ facet: 'ebs.snapshot/sharedWith' }],
    },
    {
      name: 'the listing was denied',
      resource: snapshot('snap-1', {}, { details: unread() }),
      missing: [{ facet: 'ebs.snapshot/details' }],
    },
  ],
  notApplicable: [
    { name: 'not shared', resource: snapshot('snap-1'), others: under([allow()]), reason: 'not shared with any account' },
    {
      name: 'not shared, whatever is unread of its key',
      resource: snapshot('snap-1'),
      others: under([], { policy: unread(), grants: unread(), metadata: unread() }),
      reason: 'not shared with any account',
    },
    {
      name: 'not shared, and AWS left out the key',
      resource: snapshot('snap-1', { kmsKeyId: null }),
      reason: 'not shared with any account',
    },
    {
      name: 'unencrypted, the permission denied',
      resource: snapshot('snap-1', { encrypted: false, kmsKeyId: null }, { sharedWith: unread() }),
      reason: 'not encrypted: there is no key',
    },
    {
      name: 'unencrypted and shared',
      resource: snapshot('snap-1', { encrypted: false, kmsKeyId: null }, { sharedWith: [stranger] }),
      reason: 'not encrypted: there is no key',
    },
    {
      name: 'under a key that AWS owns',
      resource: snapshot('snap-1', { encrypted: false, kmsKeyId: null, sseType: 'sse-ebs' }, { sharedWith: [stranger] }),
      reason: 'sse-ebs: the key is one that AWS owns and shows nobody',
    },
    {
      name: 'under aws/ebs by ARN, the permission denied',
      resource: snapshot('snap-1', {}, { sharedWith: unread() }),
      others: [awsManagedKey(1, 'ebs')],
      reason: 'under an AWS managed key: AWS does not let it be shared',
    },
    {
      name: 'under aws/ebs by alias',
      resource: snapshot('snap-1', { kmsKeyId: arnOfAlias('alias/aws/ebs') }, { sharedWith: [stranger] }),
      reason: 'under an AWS managed key: AWS does not let it be shared',
    },
    { name: 'the key is gone', resource: shared(stranger), others: [key(2)], reason: 'the key is gone: see key/exists' },
    {
      name: 'in error',
      resource: snapshot('snap-1', { state: 'error' }, { sharedWith: skipped('the snapshot failed: it is in state error') }),
      reason: 'the snapshot failed: it is in state error',
    },
  ],
});

test('what is missing for several accounts is named once', () => {
  const outcome = judgeResource(rule, shared(partner, stranger), {
    organisation: halfListed,
    others: under([allow()]),
  });
  expect(outcome).toEqual({ verdict: 'unknown', missing: [unlisted] });
});

test('is off in recommended: it takes a call for each snapshot', () => {
  expect(rule.recommended).toBe(false);
});

test('the remediation closes the share and the key', () => {
  const { record, account } = shared(stranger);
  const { cli } = rule.remediation({ ...record, account, partition: 'aws', name: '$(reboot)' });
  expect(cli).toContain('aws ec2 modify-snapshot-attribute --region us-east-1 --snapshot-id snap-1');
  expect(cli).toContain('KEY=$(aws ec2 describe-snapshots --snapshot-ids snap-1 --region us-east-1');
  expect(cli).toContain('aws kms put-key-policy --region us-east-1 --key-id "$KEY" --policy-name default');
  expect(cli).not.toContain('reboot');
});
