import rule from '#rules/kms/policy-confused-deputy.js';
import { allow, deny, OWN, when, type Part } from '../../policy/support.js';
import { awsManagedPolicies, keyWith, unknownPolicies } from '../../support/key-policies.js';
import { key } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const bound = 'Every service that the key policy lets use the key is bound to the accounts it acts for.';
const open = (services: string, statements: string, actions = 'kms:Decrypt'): string =>
  `The key policy lets ${services} call ${actions} for any account, by ${statements}.`;
const to = (Service: string | readonly string[], ...parts: readonly Part[]): Part => allow({ Principal: { Service } }, ...parts);
const sns = 'sns.amazonaws.com';

testRule(rule, {
  pass: [
    {
      name: 'aws:SourceAccount',
      resource: keyWith(to(sns, when('StringEquals', 'aws:SourceAccount', OWN))),
      message: bound,
    },
    {
      name: 'an ARN in the encryption context',
      resource: keyWith(
        to(sns, when('StringLike', 'kms:EncryptionContext:aws:cloudtrail:arn', `arn:aws:cloudtrail:*:${OWN}:trail/*`)),
      ),
      message: bound,
    },
    {
      name: 'a Deny of other sources',
      resource: keyWith(to(sns), deny(when('StringNotEquals', 'aws:SourceAccount', OWN))),
      message: bound,
    },
    { name: 'exempt', resource: keyWith(to(sns)), options: { exempt: ['SNS.amazonaws.com'] }, message: bound },
    {
      name: 'reading, beside a bound use',
      resource: keyWith(to(sns, { Action: 'kms:DescribeKey' }), to(sns, when('StringEquals', 'aws:SourceAccount', OWN))),
      message: bound,
    },
    { name: 'neither use nor reading', resource: keyWith(to(sns, { Action: 'kms:RevokeGrant' })), message: bound },
  ],
  fail: [
    {
      name: 'no source',
      resource: keyWith(allow({ Principal: { AWS: OWN } }), to(sns, { Sid: 'Topic' })),
      message: open(sns, 'statement "Topic"'),
      evidence: { statements: [{ index: 1, sid: 'Topic', service: sns, actions: 'kms:Decrypt' }] },
    },
    {
      name: 'kms:*',
      resource: keyWith(to(sns, { Action: 'kms:*' })),
      message: open(sns, 'statement 1', 'kms:CreateGrant, kms:Decapsulate, kms:Decrypt and 13 more actions'),
    },
    {
      name: 'two services, one of them exempt',
      resource: keyWith(to([sns, 's3.amazonaws.com'])),
      options: { exempt: [sns] },
      message: open('s3.amazonaws.com', 'statement 1'),
    },
    {
      name: 'two services',
      resource: keyWith(to([sns, 's3.amazonaws.com']), to(sns, { Action: 'kms:CreateGrant' })),
      message: open(`${sns} and s3.amazonaws.com`, 'statement 1 and statement 2', 'kms:CreateGrant, kms:Decrypt'),
    },
    {
      name: 'a source bound in one statement only',
      resource: keyWith(to(sns, when('StringEquals', 'aws:SourceAccount', OWN)), to(sns)),
      message: open(sns, 'statement 2'),
    },
    {
      name: 'a Deny on this very key',
      resource: keyWith(to(sns), deny({ Resource: 'arn:aws:kms:us-east-1:111111111111:key/another' })),
      message: open(sns, 'statement 1'),
    },
  ],
  unknown: [...unknownPolicies],
  notApplicable: [
    ...awsManagedPolicies,
    { name: 'no service', resource: key(1), reason: 'the key policy allows no service principal' },
    {
      name: 'only on another key',
      resource: keyWith(to(sns, { Resource: 'arn:aws:kms:us-east-1:111111111111:key/another' })),
      reason: 'the key policy allows no service principal',
    },
    {
      name: 'services that read only',
      resource: keyWith(to(sns, { Action: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:ListGrants'] })),
      reason: 'services may only read about the key',
    },
  ],
});
