import { describe, expect, it } from 'vitest';
import { admits, type Visit } from '#policy/admits.js';
import { allow, deny, OTHER, OWN, policy, when, whenAll, type Part } from './support.js';

const ACTIONS = ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant'];
const visit: Visit = { account: OTHER, actions: ACTIONS, via: 'ec2', owner: OWN };
const to = (AWS: string, ...parts: readonly Part[]): Part => allow({ Principal: { AWS } }, ...parts);
const ec2 = 'ec2.eu-west-1.amazonaws.com';

describe('admits', () => {
  it.each<[string, readonly Part[], string]>([
    ['nobody', [], 'no'],
    ['the owner only', [to(OWN, { Action: 'kms:*' })], 'no'],
    ['the account', [to(OTHER)], 'yes'],
    ['a role of the account', [to(`arn:aws:iam::${OTHER}:role/x`)], 'yes'],
    ['everyone', [allow()], 'yes'],
    ['NotPrincipal', [{ Effect: 'Allow', NotPrincipal: { AWS: OWN }, Action: 'kms:*', Resource: '*' }], 'yes'],
    [
      'NotPrincipal that leaves it out',
      [{ Effect: 'Allow', NotPrincipal: { AWS: OTHER }, Action: 'kms:*', Resource: '*' }],
      'no',
    ],
    ['the account, other actions', [to(OTHER, { Action: ['kms:Encrypt', 'kms:DescribeKey'] })], 'no'],
    ['the account through EC2', [to(OTHER, when('StringEquals', 'kms:ViaService', ec2))], 'yes'],
    ['the account through EC2 anywhere', [to(OTHER, when('StringLike', 'kms:ViaService', 'ec2.*.amazonaws.com'))], 'yes'],
    ['the account through RDS', [to(OTHER, when('StringEquals', 'kms:ViaService', 'rds.eu-west-1.amazonaws.com'))], 'no'],
    [
      'grants for AWS resources',
      [to(OTHER, { Action: 'kms:CreateGrant' }, when('Bool', 'kms:GrantIsForAWSResource', true))],
      'yes',
    ],
    [
      'everyone with CallerAccount',
      [allow(whenAll(when('StringEquals', 'kms:CallerAccount', OTHER), when('StringEquals', 'kms:ViaService', ec2)))],
      'yes',
    ],
    ['everyone with another CallerAccount', [allow(when('StringEquals', 'kms:CallerAccount', OWN))], 'no'],
    [
      'everyone with CallerAccount of the owner, by variable',
      [allow(when('StringEquals', 'kms:CallerAccount', '${aws:ResourceAccount}'))],
      'no',
    ],
    ['everyone in an organisation', [allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-a1'))], 'conditional'],
    [
      'everyone with an ARN of the account',
      [allow(when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OTHER}:role/*`))],
      'conditional',
    ],
    ['everyone with an ARN of another', [allow(when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/*`))], 'no'],
    ['under a tag', [to(OTHER, when('StringEquals', 'aws:PrincipalTag/team', 'x'))], 'conditional'],
    ['denied', [to(OTHER), deny()], 'no'],
    ['denied to the account', [to(OTHER), deny({ Principal: { AWS: OTHER } })], 'no'],
    ['denied outside one account', [to(OTHER), deny(when('StringNotEquals', 'kms:CallerAccount', OWN))], 'no'],
    ['denied outside two accounts', [to(OTHER), deny(when('StringNotEquals', 'kms:CallerAccount', [OWN, OTHER]))], 'yes'],
    ['denied outside EC2', [to(OTHER), deny(when('StringNotEquals', 'kms:ViaService', ec2))], 'yes'],
    ['denied but for CreateGrant', [to(OTHER, { Action: 'kms:*' }), deny({ Action: ['kms:Decrypt', 'kms:ReEncrypt*'] })], 'yes'],
    ['denied now and then', [to(OTHER), deny(when('Bool', 'aws:SecureTransport', false))], 'yes'],
  ])('%s: %s', (_, statements, expected) => expect(admits(policy(...statements), [], visit).admitted).toBe(expected));

  it('judges the organisation where it is known', () => {
    const document = policy(allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-a1')));
    expect(admits(document, [], { ...visit, organisation: 'o-a1' }).admitted).toBe('yes');
    expect(admits(document, [], { ...visit, organisation: 'o-b2' }).admitted).toBe('no');
  });

  it.each<[string, readonly Part[], string]>([
    ['an Allow to the own organisation', [allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-own'))], 'no'],
    ['one to it or another', [allow(when('StringEquals', 'aws:PrincipalOrgID', ['o-own', 'o-other']))], 'conditional'],
    ['one to a unit of it', [allow(when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-own/r-1/ou-1/*'))], 'no'],
    ['one that holds without organisation', [allow(when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-own'))], 'conditional'],
    ['one that holds without path', [allow(when('ForAllValues:StringLike', 'aws:PrincipalOrgPaths', 'o-own/*'))], 'conditional'],
    ['an Allow to all others', [allow(when('StringNotEquals', 'aws:PrincipalOrgID', 'o-own'))], 'yes'],
    ['a Deny of all others', [allow(), deny(when('StringNotEqualsIfExists', 'aws:PrincipalOrgID', 'o-own'))], 'no'],
    [
      'a Deny of those with a path elsewhere',
      [allow(), deny(when('ForAnyValue:StringNotLike', 'aws:PrincipalOrgPaths', 'o-own/*'))],
      'yes',
    ],
    ['a Deny of the own organisation', [allow(), deny(when('StringEquals', 'aws:PrincipalOrgID', 'o-own'))], 'yes'],
    ['no value at all', [allow(when('StringEquals', 'aws:PrincipalOrgID', []))], 'conditional'],
  ])('judges somebody outside of the organisation: %s', (_, statements, expected) => {
    const outside = (id: string): boolean => id === 'o-own';
    expect(admits(policy(...statements), [], { ...visit, outside }).admitted).toBe(expected);
  });

  it('leaves the service open when none is asked about', () => {
    const document = policy(to(OTHER, when('StringEquals', 'kms:ViaService', ec2)));
    expect(admits(document, [], { account: OTHER, actions: ACTIONS }).admitted).toBe('conditional');
  });

  it('counts grants to the account', () => {
    const grants = [
      { id: 'a', operations: ['Decrypt'], granteePrincipal: `arn:aws:iam::${OTHER}:role/x` },
      { id: 'b', operations: ['Encrypt'], granteePrincipal: OTHER },
      { id: 'c', operations: ['CreateGrant'], granteePrincipal: `arn:aws:iam::${OWN}:root` },
      { id: 'd', operations: ['Decrypt'], granteePrincipal: 'rds.amazonaws.com' },
    ];
    expect(admits(policy(), grants, visit)).toEqual({ admitted: 'yes', statements: [], grants: ['a'] });
    expect(admits(policy(deny({ Principal: { AWS: OTHER } })), grants, visit).admitted).toBe('no');
  });
});
