import rule from '#rules/kms/policy-create-grant-scoped.js';
import { allow, deny, OTHER, OWN, when, type Part } from '../../policy/support.js';
import { awsManagedPolicies, keyWith, unknownPolicies } from '../../support/key-policies.js';
import { key } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const ROLE = `arn:aws:iam::${OWN}:role/app`;
const to = (AWS: string | readonly string[], ...parts: readonly Part[]): Part =>
  allow({ Principal: { AWS }, Action: 'kms:CreateGrant' }, ...parts);
const scoped = 'Whoever the key policy lets create grants is limited in which.';
const unscoped = (principals: string, statements: string): string =>
  `The key policy lets ${principals} create any grant, by ${statements}.`;
const nobody = "the key policy lets nobody but the account's own root and services create grants";
const elsewhere = { Resource: 'arn:aws:kms:us-east-1:111111111111:key/another' };

testRule(rule, {
  pass: [
    {
      name: 'for AWS resources only',
      resource: keyWith(to(ROLE, when('Bool', 'kms:GrantIsForAWSResource', true))),
      message: scoped,
    },
    {
      name: 'to one grantee only, beside the own root',
      resource: keyWith(to(OWN), to(ROLE, when('StringEquals', 'kms:GranteePrincipal', ROLE))),
      message: scoped,
    },
  ],
  fail: [
    {
      name: 'a role',
      resource: keyWith(to(OWN), to(ROLE, { Sid: 'App' })),
      message: unscoped(ROLE, 'statement "App"'),
      evidence: { statements: [{ index: 1, sid: 'App', principal: ROLE, scoped: false, conditions: [] }] },
    },
    {
      name: 'a role, limited in one of two statements',
      resource: keyWith(to(ROLE, when('Bool', 'kms:GrantIsForAWSResource', true)), to(ROLE, { Action: 'kms:*' })),
      message: unscoped(ROLE, 'statement 2'),
    },
    {
      name: 'several principals',
      resource: keyWith(to([ROLE, OTHER]), to('*')),
      message: unscoped(`${ROLE}, ${OTHER} and *`, 'statement 1 and statement 2'),
    },
  ],
  unknown: [...unknownPolicies],
  notApplicable: [
    ...awsManagedPolicies,
    { name: 'the own root', resource: key(1), reason: nobody },
    {
      name: 'a service',
      resource: keyWith(allow({ Principal: { Service: 'rds.amazonaws.com' }, Action: 'kms:*' })),
      reason: nobody,
    },
    { name: 'taken back', resource: keyWith(to(ROLE), deny({ Action: 'kms:CreateGrant' })), reason: nobody },
    { name: 'on another key', resource: keyWith(to(ROLE, elsewhere)), reason: nobody },
  ],
});
