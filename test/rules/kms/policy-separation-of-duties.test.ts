import rule from '#rules/kms/policy-separation-of-duties.js';
import { allow, deny, OTHER, OWN, when, type Part } from '../../policy/support.js';
import { awsManagedPolicies, keyWith, unknownPolicies } from '../../support/key-policies.js';
import { key } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const ROLE = `arn:aws:iam::${OWN}:role/app`;
const separate = 'By the key policy alone, no principal may both administer the key and use it.';
const delegated = "the key policy allows only the account's own root: who may do what is delegated to IAM";
const to = (AWS: string, Action: string | readonly string[], ...parts: readonly Part[]): Part =>
  allow({ Principal: { AWS }, Action }, ...parts);
const both = (principals: string, administer: string, use: string, statements: string): string =>
  `By the key policy alone, ${principals} may both administer the key (${administer}) and use it (${use}), by ${statements}.`;
const elsewhere = { Resource: 'arn:aws:kms:us-east-1:111111111111:key/another' };

testRule(rule, {
  pass: [
    {
      name: 'two roles',
      resource: keyWith(to(ROLE, 'kms:PutKeyPolicy'), to(`${ROLE}-2`, 'kms:Decrypt')),
      message: separate,
    },
    {
      name: 'the own root beside a role that only uses',
      resource: keyWith(to(OWN, 'kms:*'), to(ROLE, 'kms:Decrypt')),
      message: separate,
    },
    { name: 'CreateGrant is neither', resource: keyWith(to(ROLE, ['kms:CreateGrant', 'kms:Decrypt'])), message: separate },
    {
      name: 'use taken back by a Deny',
      resource: keyWith(to(ROLE, ['kms:DisableKey', 'kms:Decrypt']), deny({ Action: 'kms:Decrypt' })),
      message: separate,
    },
    {
      name: 'both, on another key',
      resource: keyWith(to(ROLE, 'kms:Decrypt'), to(ROLE, 'kms:*', elsewhere)),
      message: separate,
    },
    {
      name: 'a service-linked role',
      resource: keyWith(to(`arn:aws:iam::${OWN}:role/aws-service-role/rds.amazonaws.com/R`, 'kms:*')),
      message: separate,
    },
    { name: 'a policy that allows nothing', resource: keyWith(), message: separate },
  ],
  fail: [
    {
      name: 'one statement',
      resource: keyWith(to(OWN, 'kms:*'), to(ROLE, ['kms:DisableKey', 'kms:Decrypt'], { Sid: 'App' })),
      message: both(ROLE, 'kms:DisableKey', 'kms:Decrypt', 'statement "App"'),
      evidence: {
        principals: [
          { principal: ROLE, administer: ['kms:DisableKey'], use: ['kms:Decrypt'], statements: [{ index: 1, sid: 'App' }] },
        ],
      },
    },
    {
      name: 'two statements, one under a condition',
      resource: keyWith(
        to(ROLE, 'kms:PutKeyPolicy', when('Bool', 'aws:MultiFactorAuthPresent', true)),
        to(ROLE, 'kms:GenerateDataKey'),
      ),
      message: both(ROLE, 'kms:PutKeyPolicy', 'kms:GenerateDataKey', 'statement 1 and statement 2'),
    },
    {
      name: 'a conditional Deny takes nothing',
      resource: keyWith(to(ROLE, ['kms:DisableKey', 'kms:Sign']), deny(when('Bool', 'aws:SecureTransport', false))),
      message: both(ROLE, 'kms:DisableKey', 'kms:Sign', 'statement 1'),
    },
    {
      name: 'another account as a whole',
      resource: keyWith(to(OTHER, ['kms:ScheduleKeyDeletion', 'kms:ReEncryptFrom'])),
      message: both(OTHER, 'kms:ScheduleKeyDeletion', 'kms:ReEncryptFrom', 'statement 1'),
    },
    {
      name: 'kms:* for two roles',
      resource: keyWith(to(ROLE, 'kms:*'), to(`${ROLE}-2`, 'kms:*')),
      message: both(
        `${ROLE} and ${ROLE}-2`,
        'kms:DeleteImportedKeyMaterial, kms:DisableKey, kms:DisableKeyRotation and 2 more actions',
        'kms:Decapsulate, kms:Decrypt, kms:DeriveSharedSecret and 7 more actions',
        'statement 1 and statement 2',
      ),
    },
  ],
  unknown: [...unknownPolicies],
  notApplicable: [
    ...awsManagedPolicies,
    { name: 'the default policy', resource: key(1), reason: delegated },
    {
      name: 'everyone of the own account through a service',
      resource: keyWith(to(OWN, 'kms:*'), allow(when('StringEquals', 'kms:CallerAccount', OWN))),
      reason: delegated,
    },
    {
      name: 'a role on another key only',
      resource: keyWith(to(OWN, 'kms:*'), to(ROLE, 'kms:*', elsewhere)),
      reason: delegated,
    },
  ],
});
