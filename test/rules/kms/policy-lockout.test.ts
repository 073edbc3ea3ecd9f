import rule from '#rules/kms/policy-lockout.js';
import { allow, deny, OTHER, OWN, when, type Part } from '../../policy/support.js';
import { awsManagedPolicies, keyWith, unknownPolicies } from '../../support/key-policies.js';
import { key } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const ROLE = `arn:aws:iam::${OWN}:role/admin`;
const to = (AWS: string, ...parts: readonly Part[]): Part => allow({ Principal: { AWS }, Action: 'kms:*' }, ...parts);
const held = (holders: string): string => `The key policy lets ${holders} change it.`;
const lockedOut = `The key policy lets nobody in account ${OWN} change it: no Allow of kms:PutKeyPolicy is left.`;

testRule(rule, {
  pass: [
    { name: 'the own root', resource: key(1), message: held(OWN) },
    {
      name: 'a role under a condition',
      resource: keyWith(to(ROLE, when('Bool', 'aws:MultiFactorAuthPresent', true))),
      message: held(ROLE),
    },
    { name: 'root and role', resource: keyWith(to(OWN), to(ROLE)), message: held(`${OWN} and ${ROLE}`) },
    { name: 'everyone', resource: keyWith(allow({ Action: 'kms:PutKeyPolicy' })), message: held('*') },
    {
      name: 'root, refused now and then',
      resource: keyWith(to(OWN), deny(when('Bool', 'aws:MultiFactorAuthPresent', false))),
      message: held(OWN),
    },
    {
      name: 'root, refused on another key',
      resource: keyWith(to(OWN), deny({ Resource: 'arn:aws:kms:us-east-1:111111111111:key/another' })),
      message: held(OWN),
    },
  ],
  fail: [
    { name: 'use only', resource: keyWith(to(OWN, { Action: 'kms:Decrypt' })), message: lockedOut },
    { name: 'another account only', resource: keyWith(to(OTHER)), message: lockedOut },
    { name: 'a deleted role only', resource: keyWith(to('AROAEXAMPLEROLEID1234')), message: lockedOut },
    {
      name: 'everyone of another account',
      resource: keyWith(allow({ Action: 'kms:*' }, when('StringEquals', 'kms:CallerAccount', OTHER))),
      message: lockedOut,
    },
    { name: 'root refused', resource: keyWith(to(OWN), deny({ Action: 'kms:Put*' })), message: lockedOut },
    {
      name: 'a role on another key only',
      resource: keyWith(to(ROLE, { Resource: 'arn:aws:kms:us-east-1:111111111111:key/another' })),
      message: lockedOut,
    },
  ],
  unknown: [...unknownPolicies],
  notApplicable: awsManagedPolicies,
});
