import { describe, expect, it } from 'vitest';
import { confusedDeputies, serviceAccess } from '#policy/deputy.js';
import { untrustedParties, type Trust } from '#policy/parties.js';
import { allow, deny, OTHER, OWN, policy, when, whenAll, type Part } from './support.js';

const ORG = 'o-a1b2c3d4e5';
const trust: Trust = ({ id }) => (id === 'o-unread' ? 'unknown' : id === OWN || id === ORG ? 'trusted' : 'untrusted');
const parties = (...statements: readonly Part[]): string[] =>
  untrustedParties(policy(...statements), trust).map(
    ({ party, readOnly, trust: verdict }) => `${party.id}${readOnly ? ' reads' : ''}${verdict === 'unknown' ? '?' : ''}`,
  );

describe('untrustedParties', () => {
  const s3 = { Principal: { Service: 's3.amazonaws.com' } };
  it.each<[string, readonly Part[], string[]]>([
    ['the own root', [allow({ Principal: { AWS: OWN } })], []],
    ['another account', [allow({ Principal: { AWS: OTHER } })], [OTHER]],
    ['a role of another account', [allow({ Principal: { AWS: `arn:aws:iam::${OTHER}:role/x` } })], [OTHER]],
    [
      'a federated principal of another account',
      [allow({ Principal: { Federated: `arn:aws:iam::${OTHER}:saml-provider/x` } })],
      [OTHER],
    ],
    ['another account that reads', [allow({ Principal: { AWS: OTHER }, Action: 'kms:Describe*' })], [`${OTHER} reads`]],
    ['a unique id', [allow({ Principal: { AWS: 'AIDAEXAMPLEUSERID1234' } })], []],
    ['everyone unbound is another rule', [allow()], []],
    ['everyone bound to another account', [allow(when('StringEquals', 'kms:CallerAccount', OTHER))], [OTHER]],
    ['everyone bound to both', [allow(when('StringEquals', 'kms:CallerAccount', [OWN, OTHER]))], [OTHER]],
    ['everyone bound to a foreign organisation', [allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-foreign'))], ['o-foreign']],
    [
      'a foreign organisation by path',
      [allow(when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-foreign/*'))],
      ['o-foreign'],
    ],
    ['an organisation that could not be read', [allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-unread'))], ['o-unread?']],
    ['everyone bound to a foreign ARN', [allow(when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OTHER}:*`))], [OTHER]],
    ['the own organisation by variable', [allow(when('StringEquals', 'aws:PrincipalOrgID', '${aws:ResourceOrgID}'))], []],
    [
      'own organisation and foreign account at once',
      [allow(whenAll(when('StringEquals', 'aws:PrincipalOrgID', ORG), when('StringEquals', 'aws:PrincipalAccount', OTHER)))],
      [],
    ],
    [
      'a network beside a foreign account',
      [allow(whenAll(when('StringEquals', 'aws:SourceVpce', 'vpce-1'), when('StringEquals', 'aws:PrincipalAccount', OTHER)))],
      [OTHER],
    ],
    ['a service for a foreign source', [allow(s3, when('StringEquals', 'aws:SourceAccount', OTHER))], [OTHER]],
    ['a service for the own source', [allow(s3, when('StringEquals', 'aws:SourceAccount', OWN))], []],
    ['a service for any source is another rule', [allow(s3)], []],
    ['everyone held in check by a Deny', [allow(), deny(when('StringNotEquals', 'aws:PrincipalOrgID', ORG))], []],
    [
      'everyone held in check, a foreigner let through',
      [allow(), deny(when('StringNotEquals', 'kms:CallerAccount', [OWN, OTHER]))],
      [OTHER],
    ],
    ['taken back by a Deny', [allow({ Principal: { AWS: OTHER } }), deny({ Principal: { AWS: OTHER } })], []],
    [
      'NotPrincipal bound to a foreign account',
      [
        {
          Effect: 'Allow',
          NotPrincipal: { AWS: OWN },
          Action: 'kms:*',
          Resource: '*',
          ...when('StringEquals', 'kms:CallerAccount', OTHER),
        },
      ],
      [OTHER],
    ],
  ])('%s', (_, statements, expected) => expect(parties(...statements)).toEqual(expected));
});

describe('confusedDeputies', () => {
  const trail = { Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'kms:GenerateDataKey*' };
  const context = 'kms:EncryptionContext:aws:cloudtrail:arn';
  it.each<[string, readonly Part[], boolean]>([
    ['no source', [allow(trail)], true],
    ['kms:*', [allow(trail, { Action: 'kms:*' })], true],
    ['CreateGrant', [allow(trail, { Action: 'kms:CreateGrant' })], true],
    ['only Describe', [allow(trail, { Action: 'kms:DescribeKey' })], false],
    ['aws:SourceAccount', [allow(trail, when('StringEquals', 'aws:SourceAccount', OWN))], false],
    ['aws:SourceArn', [allow(trail, when('ArnLike', 'aws:SourceArn', `arn:aws:cloudtrail:*:${OWN}:trail/*`))], false],
    ['aws:SourceArn of any account', [allow(trail, when('ArnLike', 'aws:SourceArn', 'arn:aws:cloudtrail:*:*:trail/*'))], true],
    ['aws:SourceOrgID', [allow(trail, when('StringEquals', 'aws:SourceOrgID', ORG))], false],
    ['aws:SourceOrgPaths', [allow(trail, when('ForAnyValue:StringLike', 'aws:SourceOrgPaths', `${ORG}/*`))], false],
    ['IfExists', [allow(trail, when('StringEqualsIfExists', 'aws:SourceAccount', OWN))], true],
    ['aws:PrincipalOrgID, which services lack', [allow(trail, when('StringEquals', 'aws:PrincipalOrgID', ORG))], true],
    ['kms:ViaService', [allow(trail, when('StringEquals', 'kms:ViaService', 's3.eu-west-1.amazonaws.com'))], true],
    ['encryption context with an ARN', [allow(trail, when('StringLike', context, `arn:aws:cloudtrail:*:${OWN}:trail/*`))], false],
    ['encryption context, account open', [allow(trail, when('StringLike', context, 'arn:aws:cloudtrail:*:*:trail/*'))], true],
    ['encryption context, no ARN', [allow(trail, when('StringEquals', context, 'prod'))], true],
    [
      'encryption context, negated',
      [allow(trail, when('StringNotLike', context, `arn:aws:cloudtrail:*:${OTHER}:trail/*`))],
      true,
    ],
    ['a Deny of other sources', [allow(trail), deny(when('StringNotEquals', 'aws:SourceAccount', OWN))], false],
    [
      'a Deny of other sources, services only',
      [
        allow(trail),
        deny(whenAll(when('StringNotEqualsIfExists', 'aws:SourceOrgID', ORG), when('Bool', 'aws:PrincipalIsAWSService', 'true'))),
      ],
      false,
    ],
    ['a Deny of all services', [allow(trail), deny(when('Bool', 'aws:PrincipalIsAWSService', 'true'))], false],
    [
      'a Deny that exempts services',
      [
        allow(trail),
        deny(whenAll(when('StringNotEquals', 'aws:SourceAccount', OWN), when('Bool', 'aws:PrincipalIsAWSService', 'false'))),
      ],
      true,
    ],
    ['a Deny on the principal', [allow(trail), deny(when('StringNotEquals', 'aws:PrincipalOrgID', ORG))], true],
    ['no service', [allow({ Principal: { AWS: OTHER } })], false],
  ])('%s', (_, statements, expected) => expect(confusedDeputies(policy(...statements)).length > 0).toBe(expected));

  it('spares the exempt and names what is open', () => {
    expect(confusedDeputies(policy(allow(trail)), ['CloudTrail.amazonaws.com'])).toEqual([]);
    expect(
      confusedDeputies(policy(allow({ Principal: trail.Principal, Sid: 'T', Action: ['kms:Decrypt', 'kms:DescribeKey'] }))),
    ).toEqual([{ index: 0, sid: 'T', service: 'cloudtrail.amazonaws.com', actions: ['kms:Decrypt'] }]);
  });

  it('tells no service from services that only read', () => {
    expect(serviceAccess(policy(allow()))).toBe('none');
    expect(serviceAccess(policy(allow(trail), deny()))).toBe('none');
    expect(serviceAccess(policy(allow(trail, { Action: ['kms:Describe*', 'kms:ListGrants'] })))).toBe('read');
    expect(serviceAccess(policy(allow(trail, { Action: 'kms:Describe*' }), allow(trail)))).toBe('more');
  });
});
