import rule from '#rules/kms/policy-orphan-principal.js';
import { allow, deny, OWN, when } from '../../policy/support.js';
import { awsManagedPolicies, keyWith, unknownPolicies } from '../../support/key-policies.js';
import { key } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const ROLE_ID = 'AROAEXAMPLEROLEID1234';
const USER_ID = 'AIDAEXAMPLEUSERID1234';
const none = 'No statement of the key policy allows anything to a deleted user or role.';
const orphans = (ids: string, statements: string): string =>
  `The key policy allows actions to ${ids}, by ${statements}: the user or role behind it was deleted.`;

testRule(rule, {
  pass: [
    { name: 'the default policy', resource: key(1), message: none },
    { name: 'in a condition', resource: keyWith(allow(when('StringLike', 'aws:userid', `${ROLE_ID}:*`))), message: none },
    { name: 'in a Deny', resource: keyWith(deny({ Principal: { AWS: USER_ID } })), message: none },
    {
      name: 'in NotPrincipal',
      resource: keyWith({ Effect: 'Allow', NotPrincipal: { AWS: USER_ID }, Action: 'kms:*', Resource: '*' }),
      message: none,
    },
    {
      name: 'on another key',
      resource: keyWith(allow({ Principal: { AWS: ROLE_ID }, Resource: 'arn:aws:kms:us-east-1:111111111111:key/another' })),
      message: none,
    },
  ],
  fail: [
    {
      name: 'a role among others',
      resource: keyWith(allow({ Sid: 'App', Principal: { AWS: [OWN, ROLE_ID] } })),
      message: orphans(ROLE_ID, 'statement "App"'),
      evidence: { statements: [{ index: 0, sid: 'App', id: ROLE_ID }] },
    },
    {
      name: 'a role and a user',
      resource: keyWith(allow({ Principal: { AWS: ROLE_ID } }), allow({ Principal: { AWS: [USER_ID, ROLE_ID] } })),
      message: orphans(`${ROLE_ID} and ${USER_ID}`, 'statement 1 and statement 2'),
    },
  ],
  unknown: [...unknownPolicies],
  notApplicable: awsManagedPolicies,
});
