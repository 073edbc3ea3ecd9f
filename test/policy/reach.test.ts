import { describe, expect, it } from 'vitest';
import { grantAccounts, granteeOf, isServiceGrant, type Grant } from '#policy/grants.js';
import { reachOf } from '#policy/reach.js';
import { describePrincipal } from '#policy/principals.js';
import { allow, deny, KEY_ARN, OTHER, OWN, policy, when, type Part } from './support.js';

const ROLE = `arn:aws:iam::${OWN}:role/team/app`;
const SESSION = `arn:aws:sts::${OWN}:assumed-role/app/s1`;
const grant = (parts: Partial<Grant>): Grant => ({ id: 'g', operations: ['Decrypt'], ...parts });

function given(statements: readonly Part[], grants: readonly Grant[] = []): Record<string, readonly string[]> {
  const entries = reachOf(policy(...statements), grants, KEY_ARN);
  return Object.fromEntries(entries.map(({ principal, actions }) => [describePrincipal(principal), actions]));
}

describe('reachOf', () => {
  const use = { Action: ['kms:Decrypt', 'kms:Encrypt'] };
  const to = (AWS: string | string[]): Part => allow(use, { Principal: { AWS } });

  it.each<[string, Part, Record<string, readonly string[]>]>([
    ['nothing', deny({ Action: 's3:*' }), { [ROLE]: ['kms:Decrypt', 'kms:Encrypt'] }],
    ['one action', deny({ Action: 'kms:Dec*' }), { [ROLE]: ['kms:Encrypt'] }],
    ['the role', deny({ Principal: { AWS: ROLE } }), {}],
    ['its account', deny({ Principal: { AWS: OWN } }), {}],
    ['another account', deny({ Principal: { AWS: OTHER } }), { [ROLE]: ['kms:Decrypt', 'kms:Encrypt'] }],
    ['all but others (NotPrincipal)', { Effect: 'Deny', NotPrincipal: { AWS: OTHER }, Action: 'kms:*', Resource: '*' }, {}],
    [
      'all but it (NotPrincipal)',
      { Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: 'kms:*', Resource: '*' },
      { [ROLE]: ['kms:Decrypt', 'kms:Encrypt'] },
    ],
    ['it, sometimes', deny(when('Bool', 'aws:SecureTransport', 'false')), { [ROLE]: ['kms:Decrypt', 'kms:Encrypt'] }],
    ['it, on another key', deny({ Resource: `${KEY_ARN}x` }), { [ROLE]: ['kms:Decrypt', 'kms:Encrypt'] }],
  ])('less a Deny of %s', (_, statement, expected) => expect(given([to(ROLE), statement])).toEqual(expected));

  it('leaves everyone in place where a Deny spares somebody', () => {
    const spare = { Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: 'kms:*', Resource: '*' };
    expect(given([allow(use), spare])).toEqual({ '*': ['kms:Decrypt', 'kms:Encrypt'] });
    expect(given([allow(use), deny()])).toEqual({});
  });

  it('hits the sessions of a denied role', () => {
    expect(given([to([SESSION]), deny({ Principal: { AWS: ROLE } })])).toEqual({});
    expect(given([to([SESSION]), deny({ Principal: { AWS: `${ROLE}2` } })])).toHaveProperty([SESSION]);
  });

  it('counts grants, which a Deny overrides too', () => {
    const grants = [grant({ granteePrincipal: ROLE }), grant({ granteeServicePrincipal: 'rds.amazonaws.com' }), grant({})];
    expect(given([], grants)).toEqual({ [ROLE]: ['kms:Decrypt'], 'rds.amazonaws.com': ['kms:Decrypt'] });
    expect(given([deny({ Principal: { AWS: OWN } })], grants)).toEqual({ 'rds.amazonaws.com': ['kms:Decrypt'] });
  });

  it('says what the conditions bind to', () => {
    const [access] = reachOf(policy(allow(when('ArnLike', 'aws:PrincipalArn', [ROLE, `arn:aws:iam::${OTHER}:*`]))));
    expect(access?.bindings).toEqual([
      {
        key: 'aws:principalarn',
        accounts: [OWN, OTHER],
        arns: [ROLE, `arn:aws:iam::${OTHER}:*`].sort(),
        organisations: [],
        uniqueIds: [],
        network: [],
      },
    ]);
  });
});

describe('grants', () => {
  it.each<[string, Partial<Grant>, boolean]>([
    ['GranteeServicePrincipal', { granteeServicePrincipal: 'rds.amazonaws.com' }, true],
    ['a service as grantee', { granteePrincipal: 'rds.eu-west-1.amazonaws.com' }, true],
    ['a service in China', { granteePrincipal: 'ec2.amazonaws.com.cn' }, true],
    [
      'a service-linked role',
      { granteePrincipal: `arn:aws:iam::${OWN}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS` },
      true,
    ],
    ['what EBS makes', { granteePrincipal: `arn:aws:sts::${OWN}:assumed-role/aws:ec2-infrastructure/i-0123` }, true],
    ['a service that retires', { granteePrincipal: ROLE, retiringPrincipal: 'rds.amazonaws.com' }, true],
    ['a role', { granteePrincipal: ROLE, retiringPrincipal: `arn:aws:iam::${OWN}:root` }, false],
    ['a role whose name only looks so', { granteePrincipal: `arn:aws:iam::${OWN}:role/my-aws-service-role` }, false],
    ['a look-alike domain', { granteePrincipal: 'amazonaws.com.evil.example' }, false],
    ['a unique id', { granteePrincipal: 'AROAEXAMPLEROLEID1234' }, false],
  ])('%s: service grant %s', (_, parts, expected) => expect(isServiceGrant(grant(parts))).toBe(expected));

  it('names the accounts it brings in', () => {
    const foreign = `arn:aws:iam::${OTHER}:role/x`;
    expect(
      grantAccounts(grant({ granteePrincipal: ROLE, retiringPrincipal: foreign, issuingAccount: `arn:aws:iam::${OTHER}:root` })),
    ).toEqual([
      { account: OWN, as: 'grantee' },
      { account: OTHER, as: 'retiring' },
      { account: OTHER, as: 'issuing' },
    ]);
    const service = grant({ granteePrincipal: foreign, retiringPrincipal: 'rds.amazonaws.com', issuingAccount: OWN });
    expect(grantAccounts(service)).toEqual([{ account: OTHER, as: 'grantee' }]);
    expect(grantAccounts(grant({ granteePrincipal: 'AROAEXAMPLEROLEID1234' }))).toEqual([]);
    expect(granteeOf(grant({ granteePrincipal: 'AROAEXAMPLEROLEID1234' }))?.kind).toBe('unique-id');
  });
});
