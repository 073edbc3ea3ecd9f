import { OTHER, OWN, when } from '../support.js';
import { ROLE, OTHER_ROLE, GONE_ROLE, root, to, equals, like, act, grant, forResources, type Row } from './row.js';

/** Grants, and who may make them. */
export const grants: readonly Row[] = [
  { name: 'CreateGrant without limits', policy: [root, to(ROLE, act('kms:CreateGrant'))], answers: { creators: [ROLE] } },
  {
    name: 'CreateGrant for AWS resources',
    policy: [root, to(ROLE, act('kms:CreateGrant'), forResources)],
    answers: { creators: [] },
  },
  {
    name: 'CreateGrant for all but AWS resources',
    policy: [root, to(ROLE, act('kms:CreateGrant'), when('Bool', 'kms:GrantIsForAWSResource', false))],
    answers: { creators: [ROLE] },
  },
  {
    name: 'CreateGrant through a service',
    from: 'CHECKS D.66',
    policy: [root, to(ROLE, act('kms:CreateGrant'), equals('kms:ViaService', 'ec2.eu-west-1.amazonaws.com'))],
    answers: { creators: [ROLE] },
  },
  {
    name: 'CreateGrant to any grantee',
    policy: [root, to(ROLE, act('kms:CreateGrant'), like('kms:GranteePrincipal', '*'))],
    answers: { creators: [ROLE] },
  },
  {
    name: 'a grant to another account',
    from: 'CHECKS D.62',
    policy: [root],
    grants: [grant({ granteePrincipal: OTHER_ROLE })],
    answers: { granted: [`${OTHER} as grantee`] },
  },
  {
    name: 'a grant that another account issued',
    from: 'CHECKS D.62',
    policy: [root],
    grants: [grant({ granteePrincipal: ROLE, issuingAccount: `arn:aws:iam::${OTHER}:root` })],
    answers: { granted: [`${OTHER} as issuing`, `${OWN} as grantee`] },
  },
  {
    name: 'a grant that another account may retire',
    from: 'CHECKS A kms/grant-least-privilege: RetiringPrincipal under a misspelled field',
    policy: [root],
    grants: [grant({ granteePrincipal: ROLE, retiringPrincipal: OTHER_ROLE })],
    answers: { granted: [`${OTHER} as retiring`, `${OWN} as grantee`] },
  },
  {
    name: 'a grant that RDS made for itself',
    from: 'CHECKS A kms/grant-not-duplicated: service-created grants flagged alike',
    policy: [root],
    grants: [
      grant({ granteeServicePrincipal: 'rds.amazonaws.com', operations: ['CreateGrant', 'Decrypt'], issuingAccount: OTHER }),
    ],
    answers: { granted: [], redelegable: [] },
  },
  {
    name: 'a grant that EBS made for an instance',
    from: 'CHECKS A kms/grant-not-duplicated: service-created grants flagged alike',
    policy: [root],
    grants: [
      grant({
        granteePrincipal: `arn:aws:sts::${OWN}:assumed-role/aws:ec2-infrastructure/i-0123`,
        operations: ['Decrypt', 'CreateGrant'],
      }),
    ],
    answers: { granted: [`${OWN} as grantee`], redelegable: [] },
  },
  {
    name: 'a grant of a deleted role',
    from: 'CHECKS D.60, D.61',
    policy: [root],
    grants: [grant({ granteePrincipal: GONE_ROLE })],
    answers: { granted: [] },
  },
  {
    name: 'CreateGrant beside Decrypt',
    from: 'CHECKS A kms/grant-least-privilege: passes; CHECKS D.62',
    policy: [root],
    grants: [grant({ granteePrincipal: ROLE, operations: ['CreateGrant', 'Decrypt'] })],
    answers: { redelegable: ['g'] },
  },
  {
    name: 'the same in another order',
    from: 'CHECKS A kms/grant-not-duplicated: order-sensitive compare',
    policy: [root],
    grants: [grant({ granteePrincipal: ROLE, operations: ['Decrypt', 'CreateGrant'] })],
    answers: { redelegable: ['g'] },
  },
  {
    name: 'CreateGrant beside Decrypt, constrained',
    from: 'CHECKS D.62',
    policy: [root],
    grants: [grant({ granteePrincipal: ROLE, operations: ['CreateGrant', 'Decrypt'], constraints: ['SourceArn'] })],
    answers: { redelegable: [] },
  },
  {
    name: 'every operation but CreateGrant',
    from: 'CHECKS A kms/grant-least-privilege: fails by count',
    policy: [root],
    grants: [
      grant({
        granteePrincipal: ROLE,
        operations: ['Decrypt', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo', 'DescribeKey', 'RetireGrant'],
      }),
    ],
    answers: { redelegable: [] },
  },
];
