import rule from '#rules/s3/policy-no-external-encryption-change.js';
import { bucket, home, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const other = '222222222222';
const third = '333333333333';
const allow = {
  Sid: 'Partner',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${other}:root` },
  Action: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  Resource: 'arn:aws:s3:::b',
};
const under = (...Statement: readonly object[]): TestResource =>
  bucket('b', {}, { policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
const bound = (key: string, value: unknown) => ({ Principal: '*', Condition: { StringEquals: { [key]: value } } });
const closed = "The bucket policy lets no other account change the bucket's encryption, policy or ACLs.";
const open = (principals: string, statements = 'statement "Partner"'): string =>
  `The bucket policy lets ${principals} call s3:PutBucketPolicy and s3:DeleteBucketPolicy, by ${statements}.`;
const untrusted = (principals: string): string =>
  `The bucket policy lets ${principals}, not among the accounts of this run and those configured, call s3:PutBucketPolicy and s3:DeleteBucketPolicy, by statement "Partner".`;
const ofOrganisation = (principals: string): string =>
  `The bucket policy lets ${principals}, not among the accounts of the organisation and those configured, call s3:PutBucketPolicy and s3:DeleteBucketPolicy, by statement "Partner".`;
const allowTrusted = { allowTrusted: true };
const organisation = { id: { known: true as const, value: 'o-own' }, unlisted: null };
const unlisted = {
  facet: 'organization/accounts',
  operation: 'organizations:ListAccounts',
  action: 'organizations:ListAccounts',
  code: 'AccessDeniedException',
  cause: 'denied' as const,
};

testRule(rule, {
  pass: [
    { name: 'the owner', resource: under({ ...allow, Principal: { AWS: home.account } }), message: closed },
    {
      name: 'everyone of the owner',
      resource: under({ ...allow, ...bound('aws:PrincipalAccount', home.account) }),
      message: closed,
    },
    { name: 'another account reads', resource: under({ ...allow, Action: ['s3:Get*', 's3:PutObject'] }), message: closed },
    {
      name: 'taken back by a Deny that leaves over the owner',
      resource: under(allow, {
        ...allow,
        Effect: 'Deny',
        Principal: '*',
        Condition: { StringNotEquals: { 'aws:PrincipalAccount': home.account } },
      }),
      message: closed,
    },
    {
      name: 'a trusted account, allowed',
      resource: under(allow),
      options: allowTrusted,
      trustedAccounts: [other],
      message: closed,
    },
    {
      name: 'everyone of the own organisation, allowed',
      resource: under({ ...allow, ...bound('aws:PrincipalOrgID', 'o-own') }),
      options: allowTrusted,
      organisation,
      message: closed,
    },
    {
      name: 'everyone of the own organisation by a variable, allowed',
      resource: under({ ...allow, ...bound('aws:PrincipalOrgID', '${aws:ResourceOrgID}') }),
      options: allowTrusted,
      message: closed,
    },
    {
      name: 'everyone of a foreign organisation who is of a trusted account, allowed',
      resource: under({
        ...allow,
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-foreign', 'aws:PrincipalAccount': [other, home.account] } },
      }),
      options: allowTrusted,
      organisation,
      trustedAccounts: [other],
      message: closed,
    },
  ],
  fail: [
    {
      name: 'another account',
      resource: under({ ...allow, Principal: { AWS: home.account } }, allow),
      message: open(other),
      evidence: {
        statements: [{ index: 1, sid: 'Partner', principal: other, actions: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'] }],
      },
    },
    {
      name: 'a trusted account, which counts only when allowed',
      resource: under(allow),
      trustedAccounts: [other],
      message: open(other),
    },
    { name: 'everyone', resource: under({ ...allow, Principal: '*' }), message: open('everyone') },
    {
      name: 'everyone of the own organisation',
      resource: under({ ...allow, ...bound('aws:PrincipalOrgID', 'o-own') }),
      organisation,
      message: open('everyone of o-own'),
    },
    {
      name: 'everyone of two accounts',
      resource: under({ ...allow, ...bound('aws:PrincipalAccount', [other, third]) }),
      message: open(`everyone of ${other} or ${third}`),
    },
    {
      name: 'two principals of two statements',
      resource: under(allow, { ...allow, Sid: undefined, Principal: { AWS: [third, other] } }),
      message: open(`${other} and ${third}`, 'statement "Partner" and statement 2'),
    },
    {
      name: 'beside a principal whose account is not known',
      resource: under({ ...allow, Principal: { AWS: other, CanonicalUser: 'abc' } }),
      message: open(other),
    },
    { name: 'an account that is not trusted', resource: under(allow), options: allowTrusted, message: untrusted(other) },
    {
      name: 'an account that is not trusted beside one that is',
      resource: under({ ...allow, Principal: { AWS: [other, third] } }),
      options: allowTrusted,
      trustedAccounts: [other],
      message: untrusted(third),
    },
    {
      name: 'everyone, trusted or not',
      resource: under({ ...allow, Principal: '*' }),
      options: allowTrusted,
      message: untrusted('everyone'),
    },
    {
      name: 'one of two accounts is not trusted',
      resource: under({ ...allow, ...bound('aws:PrincipalAccount', [other, third]) }),
      options: allowTrusted,
      trustedAccounts: [other],
      message: untrusted(`everyone of ${other} or ${third}`),
    },
    {
      name: 'a foreign organisation',
      resource: under({ ...allow, ...bound('aws:PrincipalOrgID', 'o-foreign') }),
      options: allowTrusted,
      organisation,
      message: ofOrganisation('everyone of o-foreign'),
    },
  ],
  unknown: [
    { name: 'GetBucketPolicy denied', resource: bucket('b', {}, { policy: unread() }), missing: [{ facet: 's3.bucket/policy' }] },
    {
      name: 'a policy that is none',
      resource: bucket('b', {}, { policy: '[]' }),
      missing: [{ facet: 's3.bucket/policy', cause: 'absent-field' }],
    },
    {
      name: 'a canonical user',
      resource: under({ ...allow, Principal: { CanonicalUser: 'abc' } }),
      missing: [
        {
          facet: 's3.bucket/policy',
          operation: 's3:GetBucketPolicy',
          action: 's3:GetBucketPolicy',
          code: 'the account of the principal abc',
          cause: 'absent-field',
        },
      ],
    },
    {
      name: 'a canonical user, trusted accounts allowed',
      resource: under({ ...allow, Principal: { CanonicalUser: 'abc' } }),
      options: allowTrusted,
      missing: [{ code: 'the account of the principal abc' }],
    },
    {
      name: 'the accounts of the organisation were not listed',
      resource: under(allow),
      options: allowTrusted,
      organisation: { ...organisation, unlisted },
      missing: [unlisted],
    },
    {
      name: 'one account is trusted, of the other it is not known',
      resource: under({ ...allow, ...bound('aws:PrincipalAccount', [other, third]) }),
      options: allowTrusted,
      organisation: { ...organisation, unlisted },
      trustedAccounts: [other],
      missing: [unlisted],
    },
  ],
  notApplicable: [{ name: 'no policy', resource: bucket('b'), reason: 'the bucket has no policy' }],
});
