import { describe, expect, it } from 'vitest';
import { dualRoles, grantCreators, isDelegatedToIam, orphanPrincipals, policyHolders } from '#policy/duties.js';
import { allow, deny, OTHER, OWN, policy, when, whenAll, type Part } from './support.js';

const ROOT = `arn:aws:iam::${OWN}:root`;
const ROLE = `arn:aws:iam::${OWN}:role/app`;
const to = (AWS: string, ...parts: readonly Part[]): Part => allow({ Principal: { AWS } }, ...parts);
const admin = { Action: ['kms:PutKeyPolicy', 'kms:CreateGrant'] };

describe('dualRoles', () => {
  it.each<[string, readonly Part[], string[]]>([
    ['the own root', [to(ROOT, { Action: 'kms:*' })], []],
    ['a role with everything', [to(ROLE, { Action: 'kms:*' })], [ROLE]],
    ['over two statements', [to(ROLE, admin), to(ROLE)], [ROLE]],
    ['conditions do not count', [to(ROLE, admin, when('Bool', 'aws:SecureTransport', true)), to(ROLE)], [ROLE]],
    ['administration only', [to(ROLE, admin)], []],
    ['CreateGrant is neither', [to(ROLE, { Action: ['kms:CreateGrant', 'kms:Decrypt'] })], []],
    ['encrypting is no use of data', [to(ROLE, { Action: ['kms:PutKeyPolicy', 'kms:Encrypt', 'kms:Verify'] })], []],
    [
      'less an unconditional Deny',
      [
        to(ROLE, { Action: 'kms:*' }),
        deny({ Principal: { AWS: ROLE }, Action: 'kms:Dec*' }),
        deny({ Action: ['kms:ReEncrypt*', 'kms:Generate*', 'kms:Sign', 'kms:De*'] }),
      ],
      [],
    ],
    [
      'a conditional Deny takes nothing',
      [to(ROLE, { Action: 'kms:*' }), deny(when('Bool', 'aws:SecureTransport', false))],
      [ROLE],
    ],
    ['a service', [allow({ Principal: { Service: 'rds.amazonaws.com' }, Action: 'kms:*' })], []],
    ['a service-linked role', [to(`arn:aws:iam::${OWN}:role/aws-service-role/x.amazonaws.com/R`, { Action: 'kms:*' })], []],
    ['two roles, apart', [to(ROLE, admin), to(`${ROLE}2`)], []],
  ])('%s', (_, statements, expected) => {
    expect(dualRoles(policy(...statements), OWN).map(({ principal }) => principal)).toEqual(expected);
  });

  it.each<[string, readonly Part[], boolean]>([
    ['only the root', [to(ROOT, { Action: 'kms:*' })], true],
    [
      'root and everyone of the account',
      [to(ROOT), allow(whenAll(when('StringEquals', 'kms:CallerAccount', OWN), when('StringEquals', 'kms:ViaService', 'ec2.*')))],
      true,
    ],
    ['root and everyone of an organisation', [to(ROOT), allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-a1'))], false],
    ['root and a role', [to(ROOT), to(ROLE)], false],
    ['another root', [to(OTHER)], false],
  ])('delegated to IAM: %s', (_, statements, expected) => expect(isDelegatedToIam(policy(...statements), OWN)).toBe(expected));
});

describe('policyHolders', () => {
  it.each<[string, readonly Part[], boolean]>([
    ['the own root', [to(ROOT, { Action: 'kms:*' })], true],
    ['a role of the account', [to(ROLE, admin)], true],
    ['under a condition', [to(ROLE, admin, when('Bool', 'aws:MultiFactorAuthPresent', true))], true],
    ['everyone', [allow(admin)], true],
    ['everyone of the account', [allow(admin, when('StringEquals', 'kms:CallerAccount', OWN))], true],
    ['everyone of another account', [allow(admin, when('StringEquals', 'kms:CallerAccount', OTHER))], false],
    ['another account', [to(OTHER, { Action: 'kms:*' })], false],
    ['a deleted role', [to('AROAEXAMPLEROLEID1234', { Action: 'kms:*' })], false],
    ['use only', [to(ROOT)], false],
    ['no statement', [], false],
    ['root denied, role allowed', [to(ROOT, { Action: 'kms:*' }), to(ROLE, admin), deny({ Principal: { AWS: ROOT } })], false],
    [
      'everyone but one denied',
      [
        to(ROOT, { Action: 'kms:*' }),
        to(ROLE, admin),
        { Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: 'kms:Put*', Resource: '*' },
      ],
      true,
    ],
    ['everyone allowed, account denied', [allow(admin), deny({ Principal: { AWS: OWN } })], false],
    ['denied now and then', [to(ROOT, { Action: 'kms:*' }), deny(when('Bool', 'aws:MultiFactorAuthPresent', false))], true],
  ])('%s: %s', (_, statements, expected) => expect(policyHolders(policy(...statements), OWN).length > 0).toBe(expected));
});

describe('orphanPrincipals', () => {
  it('finds unique ids among the principals of an Allow only', () => {
    const document = policy(
      allow({ Sid: 'Gone', Principal: { AWS: [ROLE, 'AROAEXAMPLEROLEID1234', 'AIDAEXAMPLEUSERID1234'] } }),
      allow(when('StringLike', 'aws:userid', 'AROAEXAMPLEROLEID1234:*')),
      deny({ Principal: { AWS: 'AIDAEXAMPLEUSERID9999' } }),
    );
    expect(orphanPrincipals(document)).toEqual([
      { index: 0, sid: 'Gone', id: 'AROAEXAMPLEROLEID1234' },
      { index: 0, sid: 'Gone', id: 'AIDAEXAMPLEUSERID1234' },
    ]);
  });
});

describe('grantCreators', () => {
  const create = { Action: 'kms:Create*' };
  it.each<[string, Part, boolean[]]>([
    ['the own root', to(ROOT, create), []],
    ['a service', allow(create, { Principal: { Service: 'rds.amazonaws.com' } }), []],
    ['no CreateGrant', to(ROLE), []],
    ['a role', to(ROLE, create), [false]],
    ['everyone', allow(create), [false]],
    ['another account', to(OTHER, create), [false]],
    ['for AWS resources', to(ROLE, create, when('Bool', 'kms:GrantIsForAWSResource', 'true')), [true]],
    ['not for AWS resources', to(ROLE, create, when('Bool', 'kms:GrantIsForAWSResource', 'false')), [false]],
    ['to one grantee', to(ROLE, create, when('StringEquals', 'kms:GranteePrincipal', ROLE)), [true]],
    ['to any grantee', to(ROLE, create, when('StringLike', 'kms:GranteePrincipal', '*')), [false]],
    ['to any but one', to(ROLE, create, when('StringNotEquals', 'kms:GranteePrincipal', ROLE)), [false]],
    [
      'for some operations',
      to(ROLE, create, when('ForAllValues:StringEquals', 'kms:GrantOperations', ['Decrypt', 'Encrypt'])),
      [true],
    ],
    ['with a constraint', to(ROLE, create, when('StringEquals', 'kms:GrantConstraintType', 'EncryptionContextEquals')), [true]],
    [
      'with a constraint, if any',
      to(ROLE, create, when('StringEqualsIfExists', 'kms:GrantConstraintType', 'EncryptionContextEquals')),
      [false],
    ],
    ['under another condition', to(ROLE, create, when('StringEquals', 'kms:ViaService', 'ec2.eu-west-1.amazonaws.com')), [false]],
  ])('%s', (_, statement, expected) => {
    expect(grantCreators(policy(statement), OWN).map(({ scoped }) => scoped)).toEqual(expected);
  });
});
