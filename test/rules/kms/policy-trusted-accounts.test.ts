import rule from '#rules/kms/policy-trusted-accounts.js';
import { allow, OTHER, OWN, when, whenAll } from '../../policy/support.js';
import { awsManagedPolicies, keyWith, unknownPolicies } from '../../support/key-policies.js';
import { key } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const trustedAre = 'the accounts of this run and those configured';
const trusted = `The key policy lets no other account or organisation in than ${trustedAre}.`;
const untrusted = (parties: string, statements: string, actions = 'kms:Decrypt'): string =>
  `The key policy lets ${parties} call ${actions}, by ${statements}. Trusted are ${trustedAre}.`;
const toOther = { Principal: { AWS: `arn:aws:iam::${OTHER}:role/app` } };
const third = '888888888888';
const org = 'o-a1b2c3d4e5';
const inOrg = (unlisted: 'ListAccounts' | null = null, id: string | null = org) => ({
  id:
    id === null ? ({ known: false, missing: [unread('DescribeOrganization')] } as const) : ({ known: true, value: id } as const),
  unlisted: unlisted === null ? null : unread(unlisted),
});
const unread = (name: string) =>
  ({
    facet: 'organization/accounts',
    operation: `organizations:${name}`,
    action: `organizations:${name}`,
    code: 'AccessDeniedException',
    cause: 'denied',
  }) as const;
const orgTrusted =
  'The key policy lets no other account or organisation in than the accounts of the organisation and those configured.';

testRule(rule, {
  pass: [
    { name: 'the default policy', resource: key(1), message: trusted },
    { name: 'an account of the run', resource: keyWith(allow(toOther)), accounts: [OTHER], message: trusted },
    { name: 'a configured account', resource: keyWith(allow(toOther)), trustedAccounts: [OTHER], message: trusted },
    { name: 'the own account by its id', resource: keyWith(allow({ Principal: { AWS: OWN } })), message: trusted },
    {
      name: 'the own organisation',
      resource: keyWith(allow(when('StringEquals', 'aws:PrincipalOrgID', org))),
      organisation: inOrg(),
      message: orgTrusted,
    },
    {
      name: 'an unread listing does not matter where the account was scanned',
      resource: keyWith(allow({ Principal: { AWS: OWN } })),
      organisation: inOrg('ListAccounts'),
      message: orgTrusted,
    },
    {
      name: 'a foreign account beside the own organisation',
      resource: keyWith(
        allow(whenAll(when('StringEquals', 'aws:PrincipalOrgID', org), when('StringEquals', 'aws:PrincipalAccount', OTHER))),
      ),
      organisation: inOrg(),
      message: orgTrusted,
    },
    {
      name: 'an organisation that was not read beside the own account',
      resource: keyWith(
        allow(whenAll(when('StringEquals', 'aws:PrincipalOrgID', org), when('StringEquals', 'aws:PrincipalAccount', OWN))),
      ),
      organisation: inOrg(null, null),
      message: orgTrusted,
    },
    {
      name: 'a bare unique id names no account',
      resource: keyWith(allow({ Principal: { AWS: 'AROAEXAMPLEROLEID1234' } })),
      message: trusted,
    },
    { name: 'everyone is the matter of policy-not-public', resource: keyWith(allow()), message: trusted },
    {
      name: 'a statement on another key',
      resource: keyWith(allow(toOther, { Resource: 'arn:aws:kms:us-east-1:111111111111:key/another' })),
      message: trusted,
    },
  ],
  fail: [
    {
      name: 'a role of another account',
      resource: keyWith(allow({ Principal: { AWS: OWN } }), allow(toOther)),
      message: untrusted(`account ${OTHER}`, 'statement 2'),
      evidence: {
        statements: [{ index: 1, sid: null, party: OTHER, by: `arn:aws:iam::${OTHER}:role/app`, actions: 'kms:Decrypt' }],
      },
    },
    {
      name: 'everyone bound to another account, with a Sid',
      resource: keyWith(allow({ Sid: 'Partner' }, when('StringEquals', 'kms:CallerAccount', OTHER))),
      message: untrusted(`account ${OTHER}`, 'statement "Partner"'),
      evidence: { statements: [{ by: 'kms:calleraccount' }] },
    },
    {
      name: 'a service that acts for another account',
      resource: keyWith(allow({ Principal: { Service: 'sns.amazonaws.com' } }, when('StringEquals', 'aws:SourceAccount', OTHER))),
      message: untrusted(`account ${OTHER}`, 'statement 1'),
    },
    {
      name: 'a foreign organisation',
      resource: keyWith(allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-foreign1'))),
      organisation: inOrg(),
      message:
        'The key policy lets organisation o-foreign1 call kms:Decrypt, by statement 1. Trusted are the accounts of the organisation and those configured.',
    },
    {
      name: 'two accounts in two statements',
      resource: keyWith(allow(toOther), allow({ Principal: { AWS: [third, OTHER] }, Action: 'kms:Encrypt' })),
      message: untrusted(`account ${OTHER} and account ${third}`, 'statement 1 and statement 2', 'kms:Decrypt, kms:Encrypt'),
    },
    {
      name: 'reading only',
      resource: keyWith(allow(toOther, { Action: ['kms:DescribeKey', 'kms:ListGrants'] })),
      message: `The key policy lets account ${OTHER} read about the key (kms:DescribeKey, kms:ListGrants), by statement 1. Trusted are ${trustedAre}.`,
      severity: 'low',
    },
    {
      name: 'reading, and more in another statement',
      resource: keyWith(allow(toOther, { Action: 'kms:DescribeKey' }), allow(toOther)),
      message: untrusted(`account ${OTHER}`, 'statement 1 and statement 2', 'kms:Decrypt, kms:DescribeKey'),
    },
    {
      name: 'an untrusted account decides, though an organisation was not read',
      resource: keyWith(allow(when('StringEquals', 'aws:PrincipalOrgID', org)), allow(toOther)),
      organisation: inOrg(null, null),
      message: `The key policy lets account ${OTHER} call kms:Decrypt, by statement 2. Trusted are the accounts of the organisation and those configured.`,
    },
  ],
  unknown: [
    ...unknownPolicies,
    {
      name: 'the accounts of the organisation could not be listed',
      resource: keyWith(allow(toOther)),
      organisation: inOrg('ListAccounts'),
      missing: [unread('ListAccounts')],
    },
    {
      name: 'the own organisation could not be read',
      resource: keyWith(allow(when('StringEquals', 'aws:PrincipalOrgID', org))),
      organisation: inOrg(null, null),
      missing: [unread('DescribeOrganization')],
    },
    {
      name: 'no organisation in the scope',
      resource: keyWith(allow(when('StringEquals', 'aws:PrincipalOrgID', org))),
      missing: [{ operation: 'organizations:DescribeOrganization', cause: 'uncollected' }],
    },
  ],
  notApplicable: awsManagedPolicies,
});
