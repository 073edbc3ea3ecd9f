import { allow, deny, OTHER, OWN, when } from '../support.js';
import {
  ROLE,
  ADMIN,
  OTHER_ROLE,
  GONE_ROLE,
  GONE_USER,
  root,
  to,
  service,
  equals,
  like,
  act,
  butFor,
  USE,
  type Row,
} from './row.js';

/** Administration against use, and who is left to administer. */
export const duties: readonly Row[] = [
  {
    name: 'a role with everything',
    from: 'CHECKS D.65',
    policy: [root, to(ROLE, act('kms:*'))],
    answers: { duties: [ROLE], delegated: false },
  },
  { name: 'a role with *', policy: [root, to(ROLE, act('*'))], answers: { duties: [ROLE] } },
  {
    name: 'a role that may delete and decrypt, in two statements',
    from: 'CHECKS D.65',
    policy: [root, to(ROLE, act('kms:ScheduleKeyDeletion')), to(ROLE)],
    answers: { duties: [ROLE] },
  },
  {
    name: 'the same account written in two ways',
    policy: [to(OTHER, act('kms:Put*')), to(`arn:aws:iam::${OTHER}:root`)],
    answers: { duties: [OTHER], holders: [] },
  },
  {
    name: 'administration without use',
    policy: [root, to(ADMIN, act('kms:Put*', 'kms:Disable*', 'kms:Delete*'))],
    answers: { duties: [] },
  },
  {
    name: 'use without administration',
    policy: [root, to(ROLE, act('kms:Decrypt', 'kms:GenerateDataKeyPair'))],
    answers: { duties: [] },
  },
  {
    name: 'CreateGrant belongs to neither',
    policy: [root, to(ROLE, act('kms:CreateGrant', 'kms:Decrypt'))],
    answers: { duties: [], creators: [ROLE] },
  },
  {
    name: 'encrypting is no use that reveals',
    policy: [root, to(ROLE, act('kms:PutKeyPolicy', 'kms:Encrypt', 'kms:ReEncryptTo'))],
    answers: { duties: [] },
  },
  {
    name: 'every GenerateDataKey counts, without plaintext too',
    policy: [root, to(ROLE, act('kms:PutKeyPolicy', 'kms:GenerateDataKeyWithoutPlaintext'))],
    answers: { duties: [ROLE] },
  },
  { name: 'a signing key', policy: [root, to(ROLE, act('kms:DisableKey', 'kms:Sign'))], answers: { duties: [ROLE] } },
  { name: 'a MAC key', policy: [root, to(ROLE, act('kms:DisableKeyRotation', 'kms:GenerateMac'))], answers: { duties: [ROLE] } },
  {
    name: 'verifying only',
    policy: [root, to(ROLE, act('kms:DisableKey', 'kms:Verify', 'kms:VerifyMac'))],
    answers: { duties: [] },
  },
  {
    name: 'NotAction that leaves both',
    policy: [root, { Effect: 'Allow', Principal: { AWS: ROLE }, NotAction: 'kms:CreateGrant', Resource: '*' }],
    answers: { duties: [ROLE], creators: [] },
  },
  {
    name: 'use taken back from the role',
    policy: [
      root,
      to(ROLE, act('kms:*')),
      deny({ Principal: { AWS: ROLE } }, act('kms:De*', 'kms:Generate*', 'kms:ReEncrypt*', 'kms:Sign')),
    ],
    answers: { duties: [] },
  },
  {
    name: 'use taken back from another role',
    policy: [root, to(ROLE, act('kms:*')), deny({ Principal: { AWS: `${ROLE}-2` } })],
    answers: { duties: [ROLE] },
  },
  {
    name: 'everything of the role taken back by its account',
    policy: [to(ROLE, act('kms:*')), deny({ Principal: { AWS: OWN } })],
    answers: { duties: [], holders: [] },
  },
  {
    name: 'a service-linked role',
    policy: [root, to(`arn:aws:iam::${OWN}:role/aws-service-role/backup.amazonaws.com/R`, act('kms:*'))],
    answers: { duties: [] },
  },
  {
    name: 'a role whose path only looks like it',
    policy: [root, to(`arn:aws:iam::${OWN}:role/x/aws-service-role/R`, act('kms:*'))],
    answers: { duties: [`arn:aws:iam::${OWN}:role/x/aws-service-role/R`] },
  },
  {
    name: 'nothing at all',
    from: 'CHECKS D.64',
    policy: [],
    answers: { holders: [], duties: [], delegated: false, public: null, parties: [] },
  },
  {
    name: 'the root is absent, a role is there',
    from: 'CHECKS D.64',
    policy: [to(ADMIN, act('kms:*'))],
    answers: { holders: [ADMIN] },
  },
  {
    name: 'the root may use only',
    from: 'CHECKS D.64',
    policy: [to(OWN, { Action: USE })],
    answers: { holders: [], delegated: true },
  },
  {
    name: 'only a deleted administrator is left',
    from: 'CHECKS D.60, D.64',
    policy: [to(GONE_ROLE, act('kms:*'))],
    answers: { holders: [], orphans: [GONE_ROLE] },
  },
  {
    name: 'only another account administers',
    from: 'CHECKS D.64',
    policy: [to(OWN, { Action: USE }), to(OTHER, act('kms:*'))],
    answers: { holders: [], duties: [OTHER] },
  },
  { name: 'only a service administers', policy: [service('backup.amazonaws.com', act('kms:*'))], answers: { holders: [] } },
  {
    name: 'the root, if it has MFA',
    policy: [to(OWN, act('kms:*'), when('Bool', 'aws:MultiFactorAuthPresent', true))],
    answers: { holders: [OWN] },
  },
  {
    name: 'the root refused the change of the policy',
    from: 'CHECKS D.64',
    policy: [root, deny(act('kms:PutKeyPolicy'))],
    answers: { holders: [] },
  },
  {
    name: 'the root refused the change outside a break-glass role',
    from: 'CHECKS D.68',
    policy: [root, deny(act('kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'), when('ArnNotLike', 'aws:PrincipalArn', ADMIN))],
    answers: { holders: [OWN] },
  },
  {
    name: 'everyone of the own account',
    policy: [allow(act('kms:*'), equals('aws:PrincipalAccount', OWN))],
    answers: { holders: ['*'], delegated: true },
  },
  {
    name: 'everyone of another account, administering',
    policy: [allow(act('kms:*'), equals('kms:CallerAccount', OTHER))],
    answers: { holders: [], delegated: false },
  },
  {
    name: 'everyone, the own account refused',
    policy: [allow(act('kms:*')), deny({ Principal: { AWS: OWN } })],
    answers: { holders: [], public: 'critical' },
  },
  {
    name: 'refused to all but the administrator and his account',
    policy: [to(ADMIN, act('kms:*')), butFor([ADMIN, OWN], 'Deny')],
    answers: { holders: [ADMIN] },
  },
  {
    name: 'the root, all refused but one role of the account',
    policy: [root, butFor(ADMIN, 'Deny')],
    answers: { holders: [OWN] },
  },
  {
    name: 'the root, all refused but a role elsewhere',
    policy: [root, butFor(OTHER_ROLE, 'Deny')],
    answers: { holders: [] },
  },
  {
    name: 'a deleted user in a condition is meant',
    from: 'CHECKS D.60',
    policy: [root, allow(like('aws:userid', `${GONE_ROLE}:*`))],
    answers: { orphans: [], public: null },
  },
  {
    name: 'a deleted user in a Deny gives nothing',
    policy: [root, deny({ Principal: { AWS: GONE_USER } })],
    answers: { orphans: [] },
  },
  {
    name: 'a name that only looks like an id',
    policy: [root, to(`arn:aws:iam::${OWN}:role/${GONE_ROLE}`)],
    answers: { orphans: [] },
  },
];
