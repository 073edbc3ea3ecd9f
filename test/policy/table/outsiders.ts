import { allow, deny, OTHER, OWN, when, whenAll } from '../support.js';
import {
  ORG,
  FOREIGN_ORG,
  UNREAD_ORG,
  THIRD,
  ROLE,
  OTHER_ROLE,
  GONE_ROLE,
  GONE_USER,
  root,
  to,
  service,
  equals,
  act,
  type Row,
} from './row.js';

/** Other accounts and organisations. */
export const outsiders: readonly Row[] = [
  {
    name: 'an account by its root ARN',
    from: 'CHECKS A kms/policy-no-untrusted-accounts',
    policy: [root, to(`arn:aws:iam::${OTHER}:root`)],
    answers: { parties: [OTHER], public: null },
  },
  { name: 'an account by its id', policy: [root, to(OTHER)], answers: { parties: [OTHER] } },
  { name: 'a role of another account', policy: [root, to(OTHER_ROLE)], answers: { parties: [OTHER] } },
  {
    name: 'a session of another account',
    policy: [root, to(`arn:aws:sts::${OTHER}:assumed-role/app/session`)],
    answers: { parties: [OTHER] },
  },
  {
    name: 'an account whose id is part of a name',
    from: 'CHECKS A kms/policy-no-untrusted-accounts: substring match on the account id',
    policy: [root, to(`arn:aws:iam::${OWN}:role/for-${OTHER}`)],
    answers: { parties: [] },
  },
  {
    name: 'the own account whose role is named after another',
    from: 'CHECKS A kms/policy-no-untrusted-accounts: substring match on the account id',
    policy: [root, to(`arn:aws:iam::${OTHER}:role/for-${OWN}`)],
    answers: { parties: [OTHER] },
  },
  {
    name: 'a SAML provider of another account',
    policy: [root, allow({ Principal: { Federated: `arn:aws:iam::${OTHER}:saml-provider/idp` } })],
    answers: { parties: [OTHER] },
  },
  {
    name: 'a web identity provider, which has no account',
    policy: [root, allow({ Principal: { Federated: 'accounts.google.com' } })],
    answers: { parties: [], public: null },
  },
  {
    name: 'a deleted role is no other account',
    from: 'FIELD A11 (ScoutSuite#1665): unique ids read as cross-account',
    policy: [root, to(GONE_ROLE)],
    answers: { parties: [], public: null, orphans: [GONE_ROLE] },
  },
  {
    name: 'a deleted user is no other account',
    from: 'FIELD A11 (ScoutSuite#1665)',
    policy: [root, to([GONE_USER, ROLE])],
    answers: { parties: [], orphans: [GONE_USER] },
  },
  {
    name: 'a service is no other account',
    from: 'FIELD A11: service principals; CHECKS A kms/policy-no-untrusted-accounts: ignored',
    policy: [root, service('rds.amazonaws.com')],
    answers: { parties: [], public: null },
  },
  {
    name: 'a service for another account',
    from: 'CHECKS A kms/policy-no-untrusted-accounts: service principals ignored',
    policy: [root, service('sns.amazonaws.com', equals('aws:SourceAccount', OTHER))],
    answers: { parties: [OTHER], deputies: [] },
  },
  {
    name: 'a service for a topic of another account',
    policy: [root, service('sns.amazonaws.com', when('ArnLike', 'aws:SourceArn', `arn:aws:sns:*:${OTHER}:*`))],
    answers: { parties: [OTHER], deputies: [] },
  },
  {
    name: 'reading only',
    policy: [root, to(OTHER, act('kms:DescribeKey', 'kms:List*'))],
    answers: { parties: [`${OTHER} reads`] },
  },
  {
    name: 'reading, and using in another statement',
    policy: [root, to(OTHER, act('kms:DescribeKey')), to(OTHER)],
    answers: { parties: [`${OTHER} reads`, OTHER] },
  },
  { name: 'two accounts in a list', policy: [root, to([OTHER, THIRD])], answers: { parties: [OTHER, THIRD] } },
  {
    name: 'everyone of another account',
    policy: [root, allow(equals('kms:CallerAccount', OTHER))],
    answers: { parties: [OTHER], public: null },
  },
  {
    name: 'everyone of two accounts, one of them the own',
    policy: [root, allow(equals('aws:PrincipalAccount', [OWN, OTHER]))],
    answers: { parties: [OTHER] },
  },
  {
    name: 'an organisation that could not be read',
    policy: [root, allow(equals('aws:PrincipalOrgID', UNREAD_ORG))],
    answers: { parties: [`${UNREAD_ORG}?`] },
  },
  {
    name: 'another account within the own organisation',
    policy: [root, allow(whenAll(equals('aws:PrincipalOrgID', ORG), equals('aws:PrincipalAccount', OTHER)))],
    answers: { parties: [] },
  },
  {
    name: 'a foreign organisation from one endpoint',
    policy: [root, allow(whenAll(equals('aws:PrincipalOrgID', FOREIGN_ORG), equals('aws:SourceVpce', 'vpce-1')))],
    answers: { parties: [FOREIGN_ORG] },
  },
  {
    name: 'the own organisation by variable',
    policy: [root, allow(equals('aws:PrincipalOrgID', '${aws:ResourceOrgID}'))],
    answers: { parties: [] },
  },
  {
    name: 'an outsider taken back by name',
    policy: [root, to(OTHER), deny({ Principal: { AWS: `arn:aws:iam::${OTHER}:root` } })],
    answers: { parties: [] },
  },
  {
    name: 'an outsider refused now and then',
    policy: [root, to(OTHER), deny({ Principal: { AWS: OTHER } }, when('Bool', 'aws:SecureTransport', false))],
    answers: { parties: [OTHER] },
  },
  {
    name: 'an outsider refused all but reading',
    policy: [root, to(OTHER, act('kms:Decrypt', 'kms:DescribeKey')), deny(act('kms:Decrypt'), { Principal: { AWS: OTHER } })],
    answers: { parties: [`${OTHER} reads`] },
  },
  {
    name: 'a role with a wildcard keeps its account',
    policy: [root, to(`arn:aws:iam::${OTHER}:role/app-*`)],
    answers: { parties: [OTHER], public: null },
  },
];
