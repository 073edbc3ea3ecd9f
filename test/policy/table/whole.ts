import { allow, deny, OTHER, OWN, when, whenAll } from '../support.js';
import { ORG, ROLE, ADMIN, root, to, service, equals, like, act, viaS3, USE, ADMINISTER, forResources, type Row } from './row.js';

/** Whole policies as AWS writes or documents them: every question has its answer. */
export const whole: readonly Row[] = [
  {
    name: 'the default policy of a key made by the API',
    policy: [root],
    answers: {
      public: null,
      parties: [],
      deputies: [],
      duties: [],
      delegated: true,
      holders: [OWN],
      orphans: [],
      creators: [],
      admitted: 'no',
    },
  },
  {
    name: 'the policy that the console writes, administrators and users apart',
    policy: [
      root,
      to(ADMIN, { Sid: 'Allow access for Key Administrators', Action: ADMINISTER }),
      to(ROLE, { Sid: 'Allow use of the key', Action: USE }),
      to(ROLE, { Sid: 'Allow attachment of persistent resources' }, act('kms:CreateGrant', 'kms:ListGrants'), forResources),
    ],
    answers: {
      public: null,
      parties: [],
      duties: [],
      delegated: false,
      holders: [OWN, ADMIN],
      // kms:Create* holds CreateGrant, which the console's own wording overlooks.
      creators: [ADMIN],
      admitted: 'no',
    },
  },
  {
    name: 'the same with one role for both',
    policy: [root, to(ROLE, { Action: ADMINISTER }), to(ROLE, { Action: USE })],
    answers: { duties: [ROLE], delegated: false, holders: [OWN, ROLE], creators: [ROLE] },
  },
  {
    name: 'the console policy shared with another account',
    policy: [root, to(`arn:aws:iam::${OTHER}:root`, { Action: USE }), to(OTHER, act('kms:CreateGrant'), forResources)],
    answers: { public: null, parties: [OTHER], duties: [], holders: [OWN], creators: [], admitted: 'yes' },
  },
  {
    name: 'an AWS managed key (aws/s3)',
    from: 'CHECKS A kms/policy-not-public: kms:CallerAccount and kms:ViaService accepted by one tool, an alarm in another',
    policy: [
      allow({ Action: USE }, whenAll(equals('kms:CallerAccount', OWN), viaS3)),
      to(OWN, act('kms:Describe*', 'kms:Get*', 'kms:List*')),
    ],
    answers: { public: null, parties: [], duties: [], delegated: true, orphans: [], creators: [], admitted: 'no' },
  },
  {
    name: 'CloudTrail as documented, with the trail in condition and context',
    policy: [
      root,
      service(
        'cloudtrail.amazonaws.com',
        act('kms:GenerateDataKey*'),
        whenAll(
          equals('aws:SourceArn', `arn:aws:cloudtrail:eu-west-1:${OWN}:trail/main`),
          like('kms:EncryptionContext:aws:cloudtrail:arn', `arn:aws:cloudtrail:*:${OWN}:trail/*`),
        ),
      ),
      service('cloudtrail.amazonaws.com', act('kms:DescribeKey')),
    ],
    answers: { public: null, parties: [], deputies: [], duties: [], delegated: false },
  },
  {
    name: 'CloudWatch Logs as documented, with the log group in the context',
    policy: [
      root,
      service(
        'logs.eu-west-1.amazonaws.com',
        { Action: USE },
        when('ArnEquals', 'kms:EncryptionContext:aws:logs:arn', `arn:aws:logs:eu-west-1:${OWN}:log-group:app`),
      ),
    ],
    answers: { public: null, parties: [], deputies: [], creators: [] },
  },
  {
    name: 'SNS to an encrypted queue, as often pasted',
    from: 'CHECKS D.63',
    policy: [root, service('sns.amazonaws.com', act('kms:Decrypt', 'kms:GenerateDataKey*'))],
    answers: { public: null, parties: [], deputies: ['sns.amazonaws.com'], duties: [], creators: [] },
  },
  {
    name: 'Auto Scaling with a key of another account, as documented',
    policy: [
      root,
      to(`arn:aws:iam::${OTHER}:root`, { Action: USE }),
      to(
        `arn:aws:iam::${OTHER}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
        act('kms:CreateGrant'),
        forResources,
      ),
    ],
    answers: { parties: [OTHER], creators: [], duties: [], admitted: 'yes' },
  },
  {
    name: 'a data perimeter: everyone in the organisation, and a Deny of all others but AWS services',
    policy: [
      root,
      allow({ Action: USE }, equals('aws:PrincipalOrgID', ORG)),
      deny(
        whenAll(
          when('StringNotEqualsIfExists', 'aws:PrincipalOrgID', ORG),
          when('BoolIfExists', 'aws:PrincipalIsAWSService', false),
          when('BoolIfExists', 'aws:ViaAWSService', false),
        ),
      ),
    ],
    answers: { public: null, parties: [], delegated: false, holders: [OWN], admitted: 'conditional' },
  },
];
