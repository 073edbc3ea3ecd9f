import rule from '#rules/kms/grant-trusted.js';
import type { KeyGrant } from '#model/resources/index.js';
import { awsManagedKey, grant, key, metadata, skipped, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const OTHER = '999999999999';
const role = `arn:aws:iam::${OTHER}:role/app`;
const keyWith = (...grants: readonly Partial<KeyGrant>[]) => key(1, { grants: grants.map((each) => grant(each)) });
const trustedAre = 'the accounts of this run and those configured';
const trusted = `No grant of the key names another account than ${trustedAre}.`;
const untrusted = (few: string, accounts = OTHER): string =>
  `${few} grants of the key name accounts that are not trusted: ${accounts}. Trusted are ${trustedAre}.`;
const unlisted = {
  facet: 'organization/accounts',
  operation: 'organizations:ListAccounts',
  action: 'organizations:ListAccounts',
  code: 'AccessDeniedException',
  cause: 'denied',
} as const;
const inOrg = { id: { known: true, value: 'o-a1b2c3d4e5' }, unlisted } as const;

testRule(rule, {
  pass: [
    { name: 'the own account', resource: keyWith({}), message: trusted },
    { name: 'an account of the run', resource: keyWith({ granteePrincipal: role }), accounts: [OTHER], message: trusted },
    { name: 'a configured account', resource: keyWith({ granteePrincipal: role }), trustedAccounts: [OTHER], message: trusted },
    {
      name: 'a service grant that another account issued and may retire',
      resource: keyWith({
        granteePrincipal: null,
        granteeServicePrincipal: 'rds.amazonaws.com',
        retiringPrincipal: role,
        issuingAccount: OTHER,
      }),
      message: trusted,
    },
    {
      name: 'a bare unique id names no account',
      resource: keyWith({ granteePrincipal: 'AROAEXAMPLEROLEID1234' }),
      message: trusted,
    },
    { name: 'AWS gives no issuer', resource: keyWith({ issuingAccount: null }), message: trusted },
  ],
  fail: [
    {
      name: 'the grantee, among others',
      resource: keyWith({}, { id: 'g-2', granteePrincipal: role }),
      message: untrusted('1 of 2'),
      evidence: { grants: [{ grant: 'g-2', account: OTHER, as: 'grantee' }], inAll: 1 },
    },
    { name: 'the retiring principal', resource: keyWith({ retiringPrincipal: role }), message: untrusted('1 of 1') },
    { name: 'the issuer', resource: keyWith({ issuingAccount: `arn:aws:iam::${OTHER}:root` }), message: untrusted('1 of 1') },
    {
      name: 'the grantee of a service grant',
      resource: keyWith({ granteePrincipal: `arn:aws:sts::${OTHER}:assumed-role/aws:ec2-infrastructure/i-1` }),
      message: untrusted('1 of 1'),
    },
    {
      name: 'two accounts in one grant',
      resource: keyWith({ granteePrincipal: role, issuingAccount: '888888888888' }),
      message: untrusted('1 of 1', `888888888888 and ${OTHER}`),
    },
    {
      name: 'many grants, of which twenty are shown',
      resource: keyWith(...Array.from({ length: 25 }, (_, n) => ({ id: `g-${String(n)}`, granteePrincipal: role }))),
      message: untrusted('25 of 25'),
      evidence: {
        grants: Array.from({ length: 20 }, (_, n) => ({ grant: `g-${String(n)}`, account: OTHER, as: 'grantee' })),
        inAll: 25,
      },
    },
  ],
  unknown: [
    {
      name: 'ListGrants denied',
      resource: key(1, { grants: unread() }),
      missing: [{ facet: 'kms.key/grants', cause: 'denied' }],
    },
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
    {
      name: 'the accounts of the organisation could not be listed',
      resource: keyWith({ granteePrincipal: role, issuingAccount: '888888888888' }),
      organisation: inOrg,
      missing: [unlisted],
    },
  ],
  notApplicable: [
    { name: 'no grants', resource: key(1), reason: 'the key has no grants' },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }), grants: skipped('AWS manages this key') }),
      reason: 'AWS manages this key and its grants',
    },
  ],
});
