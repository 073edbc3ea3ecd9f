import rule from '#rules/kms/policy-not-public.js';
import { awsManagedKey, key, metadata, skipped, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const allow = (more: object) => ({ Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*', ...more });
const policy = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const closed = 'No statement of the key policy lets everyone in.';
const openBy = (statement: string): string => `The key policy lets everyone call kms:Decrypt, by ${statement}.`;
const denyOthers = (condition: object) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  Condition: condition,
});

testRule(rule, {
  pass: [
    { name: 'the default policy', resource: key(1), message: closed },
    {
      name: 'bound to an account',
      resource: key(1, { policy: policy(allow({ Condition: { StringEquals: { 'kms:CallerAccount': '111111111111' } } })) }),
      message: closed,
    },
    {
      name: 'a condition key in another letter case',
      resource: key(1, { policy: policy(allow({ Condition: { StringEquals: { 'AWS:PrincipalOrgId': 'o-1234567890' } } })) }),
      message: closed,
    },
    {
      name: 'taken back by a Deny that exempts the organisation',
      resource: key(1, { policy: policy(allow({}), denyOthers({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } })) }),
      message: closed,
    },
    {
      name: 'a Deny alone',
      resource: key(1, { policy: policy({ Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' }) }),
      message: closed,
    },
  ],
  fail: [
    {
      name: 'Principal *',
      resource: key(1, { policy: policy(allow({})) }),
      message: openBy('statement 1'),
      evidence: { statements: [{ index: 0, sid: null, actions: 'kms:Decrypt', conditions: [] }] },
    },
    {
      name: '{AWS: *}, with a Sid',
      resource: key(1, { policy: policy(allow({ Sid: 'Everyone', Principal: { AWS: '*' } })) }),
      message: openBy('statement "Everyone"'),
    },
    {
      name: 'a list that holds *',
      resource: key(1, { policy: policy(allow({ Principal: { AWS: ['arn:aws:iam::111111111111:root', '*'] } })) }),
      message: openBy('statement 1'),
    },
    {
      name: 'NotPrincipal',
      resource: key(1, {
        policy: policy({
          Effect: 'Allow',
          NotPrincipal: { AWS: 'arn:aws:iam::111111111111:user/x' },
          Action: 'kms:Decrypt',
          Resource: '*',
        }),
      }),
      message: openBy('statement 1'),
    },
    {
      name: 'kms:ViaService does not bind',
      resource: key(1, {
        policy: policy(allow({ Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } })),
      }),
      message: openBy('statement 1'),
    },
    {
      name: 'a wildcard does not bind',
      resource: key(1, { policy: policy(allow({ Condition: { StringLike: { 'aws:PrincipalAccount': '1*' } } })) }),
      message: openBy('statement 1'),
    },
    {
      name: 'a Deny with a condition that lets strangers through',
      resource: key(1, { policy: policy(allow({}), denyOthers({ Bool: { 'aws:SecureTransport': 'false' } })) }),
      message: openBy('statement 1'),
    },
    {
      name: 'disabled',
      resource: key(1, { metadata: metadata({ state: 'Disabled' }), policy: policy(allow({})) }),
      message: openBy('statement 1'),
    },
    {
      name: 'two statements',
      resource: key(1, { policy: policy(allow({ Sid: 'A' }), allow({ Sid: 'B' })) }),
      message: openBy('statement "A" and statement "B"'),
    },
    {
      name: 'reading only',
      resource: key(1, { policy: policy(allow({ Action: ['kms:DescribeKey', 'kms:ListAliases'] })) }),
      message: 'The key policy lets everyone read about the key (kms:DescribeKey, kms:ListAliases), by statement 1.',
      severity: 'medium',
    },
    {
      name: 'reading in one statement, more in another',
      resource: key(1, { policy: policy(allow({ Action: 'kms:DescribeKey' }), allow({})) }),
      message: 'The key policy lets everyone call kms:Decrypt, kms:DescribeKey, by statement 1 and statement 2.',
    },
    {
      name: 'many actions',
      resource: key(1, {
        policy: policy(allow({ Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:Sign', 'kms:Verify', 'kms:CreateGrant'] })),
      }),
      message: 'The key policy lets everyone call kms:CreateGrant, kms:Decrypt, kms:Encrypt and 2 more actions, by statement 1.',
    },
  ],
  unknown: [
    {
      name: 'GetKeyPolicy denied',
      resource: key(1, { policy: unread() }),
      missing: [{ facet: 'kms.key/policy', cause: 'denied' }],
    },
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
    {
      name: 'not JSON',
      resource: key(1, { policy: '{' }),
      missing: [
        {
          facet: 'kms.key/policy',
          operation: 'kms:GetKeyPolicy',
          action: 'kms:GetKeyPolicy',
          code: 'a readable policy (the text is not JSON)',
          cause: 'absent-field',
        },
      ],
    },
    {
      name: 'not a policy',
      resource: key(1, { policy: policy(allow({ Effect: 'Maybe' })) }),
      missing: [{ code: 'a readable policy (Statement[0].Effect: Effect is Allow or Deny)' }],
    },
  ],
  notApplicable: [
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }), policy: skipped('AWS manages this key') }),
      reason: 'AWS manages this key and its policy',
    },
  ],
});
