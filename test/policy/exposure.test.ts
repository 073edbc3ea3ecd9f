import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyDocument } from '#policy/document.js';
import { publicStatements } from '#policy/exposure.js';
import { allow, deny, KEY_ARN, OTHER, OWN, policy, when, whenAll, type Json, type Part } from './support.js';

type Severity = 'critical' | 'medium' | null;
type Row = readonly [name: string, statements: Part | readonly Part[], expected: Severity];

const ROLE = `arn:aws:iam::${OWN}:role/app`;
const present = (key: string): Part => when('Null', key, false);

const principals: readonly Row[] = [
  ['Principal *', allow(), 'critical'],
  ['Principal {AWS: *}', allow({ Principal: { AWS: '*' } }), 'critical'],
  ['a list holding *', allow({ Principal: { AWS: [ROLE, '*'] } }), 'critical'],
  ['a bare list holding *', allow({ Principal: ['*'] }), 'critical'],
  ['{"*": "*"}', allow({ Principal: { '*': '*' } }), 'critical'],
  ['element names in another case', { effect: 'Allow', principal: '*', action: 'kms:Decrypt', resource: '*' }, 'critical'],
  ['NotPrincipal in an Allow', { Effect: 'Allow', NotPrincipal: { AWS: ROLE }, Action: 'kms:*', Resource: '*' }, 'critical'],
  ['a wildcard in place of the account', allow({ Principal: { AWS: 'arn:aws:iam::*:root' } }), 'critical'],
  ['the own root', allow({ Principal: { AWS: `arn:aws:iam::${OWN}:root` } }), null],
  ['another account', allow({ Principal: { AWS: OTHER } }), null],
  ['a unique id (ScoutSuite 1665)', allow({ Principal: { AWS: 'AROAEXAMPLEROLEID1234' } }), null],
  ['a service principal', allow({ Principal: { Service: 'logs.amazonaws.com' } }), null],
  ['a federated principal', allow({ Principal: { Federated: 'cognito-identity.amazonaws.com' } }), null],
  ['no statement', [], null],
  ['a Deny for everyone only', deny(), null],
];

const actions: readonly Row[] = [
  ['kms:*', allow({ Action: 'kms:*' }), 'critical'],
  ['*', allow({ Action: '*' }), 'critical'],
  ['KMS:decrypt in another case', allow({ Action: 'KMS:dEcRyPt' }), 'critical'],
  ['kms:De* is Decrypt too', allow({ Action: 'kms:De*' }), 'critical'],
  ['kms:Describe*', allow({ Action: 'kms:Describe*' }), 'medium'],
  ['kms:DescribeKey (prowler 10070)', allow({ Action: 'kms:DescribeKey' }), 'medium'],
  ['kms:Get*, kms:List*', allow({ Action: ['kms:Get*', 'kms:List*'] }), 'medium'],
  ['kms:GetPublicKey', allow({ Action: 'kms:GetPublicKey' }), 'medium'],
  ['DescribeKey and CreateGrant', allow({ Action: ['kms:DescribeKey', 'kms:CreateGrant'] }), 'critical'],
  ['kms:?ecrypt', allow({ Action: 'kms:?ecrypt' }), 'critical'],
  ['another service', allow({ Action: 's3:*' }), null],
  ['the name of an API that is no action', allow({ Action: 'kms:ReEncrypt' }), null],
  ['kms:ReEncrypt*', allow({ Action: 'kms:ReEncrypt*' }), 'critical'],
  ['an action newer than this tool', allow({ Action: 'kms:TeleportKey' }), 'critical'],
  ['a read action newer than this tool', allow({ Action: 'kms:GetTeleport' }), 'medium'],
  ['NotAction of another service', { Effect: 'Allow', Principal: '*', NotAction: 's3:*', Resource: '*' }, 'critical'],
  ['NotAction kms:*', { Effect: 'Allow', Principal: '*', NotAction: 'kms:*', Resource: '*' }, null],
  [
    'NotAction that leaves reading',
    {
      Effect: 'Allow',
      Principal: '*',
      NotAction: [
        'kms:*crypt*',
        'kms:[a-c]*',
        'kms:C*',
        'kms:E*',
        'kms:Delete*',
        'kms:Der*',
        'kms:Dec*',
        'kms:Dis*',
        'kms:Gen*',
        'kms:Im*',
        'kms:P*',
        'kms:R*',
        'kms:S*',
        'kms:T*',
        'kms:U*',
        'kms:V*',
      ],
      Resource: '*',
    },
    'medium',
  ],
  ['two statements, worst wins', [allow({ Action: 'kms:ListGrants' }), allow()], 'critical'],
  ['two statements that read', [allow({ Action: 'kms:ListGrants' }), allow({ Action: 'kms:GetKeyPolicy' })], 'medium'],
];

const binding: readonly Row[] = [
  ['kms:CallerAccount (c7n 7665)', allow(when('StringEquals', 'kms:CallerAccount', OWN)), null],
  [
    'kms:CallerAccount beside kms:ViaService (c7n 5201)',
    allow(
      whenAll(
        when('StringEquals', 'kms:CallerAccount', OWN),
        when('StringEquals', 'kms:ViaService', 's3.eu-west-1.amazonaws.com'),
      ),
    ),
    null,
  ],
  ['kms:ViaService alone', allow(when('StringEquals', 'kms:ViaService', 's3.eu-west-1.amazonaws.com')), 'critical'],
  ['the key of the condition in another case', allow(when('stringequals', 'KMS:callerACCOUNT', OWN)), null],
  ['aws:PrincipalAccount', allow(when('StringEquals', 'aws:PrincipalAccount', [OWN, OTHER])), null],
  ['a foreign account binds too', allow(when('StringEquals', 'kms:CallerAccount', OTHER)), null],
  ['one value with a wildcard', allow(when('StringLike', 'aws:PrincipalAccount', [OWN, '9*'])), 'critical'],
  ['account under StringLike, fixed', allow(when('StringLike', 'aws:PrincipalAccount', OWN)), null],
  ['account *', allow(when('StringLike', 'kms:CallerAccount', '*')), 'critical'],
  ['eleven digits', allow(when('StringEquals', 'kms:CallerAccount', '11111111111')), 'critical'],
  ['no value at all', allow(when('StringEquals', 'kms:CallerAccount', [])), 'critical'],
  ['aws:SourceAccount', allow(when('StringEqualsIgnoreCase', 'aws:SourceAccount', OWN)), null],
  ['aws:VpceAccount', allow(when('StringEquals', 'aws:VpceAccount', OWN)), null],
  ['${aws:ResourceAccount}', allow(when('StringEquals', 'aws:PrincipalAccount', '${aws:ResourceAccount}')), null],
  ['${aws:resourceaccount} in another case', allow(when('StringEquals', 'aws:PrincipalAccount', '${AWS:resourceaccount}')), null],
  ['another policy variable', allow(when('StringEquals', 'aws:PrincipalAccount', '${aws:PrincipalTag/account}')), 'critical'],
  ['aws:PrincipalOrgID', allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5')), null],
  ['aws:PrincipalOrgID of a foreign organisation binds', allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-foreign999')), null],
  ['aws:PrincipalOrgID o-*', allow(when('StringLike', 'aws:PrincipalOrgID', 'o-*')), 'critical'],
  ['aws:PrincipalOrgID *', allow(when('StringLike', 'aws:PrincipalOrgID', '*')), 'critical'],
  ['${aws:ResourceOrgID}', allow(when('StringEquals', 'aws:PrincipalOrgID', '${aws:ResourceOrgID}')), null],
  [
    'aws:PrincipalOrgPaths with ForAnyValue',
    allow(when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/r-ab12/ou-ab12-*/*')),
    null,
  ],
  [
    'aws:PrincipalOrgPaths, organisation open',
    allow(when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', '*/r-ab12/*')),
    'critical',
  ],
  [
    'aws:PrincipalOrgPaths, organisation cut short',
    allow(when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2*')),
    'critical',
  ],
  ['${aws:ResourceOrgPaths}', allow(when('ForAnyValue:StringEquals', 'aws:PrincipalOrgPaths', '${aws:ResourceOrgPaths}')), null],
  ['aws:SourceOrgID', allow(when('StringEquals', 'aws:SourceOrgID', 'o-a1b2c3d4e5')), null],
  ['aws:VpceOrgID', allow(when('StringEquals', 'aws:VpceOrgID', 'o-a1b2c3d4e5')), null],
  ['aws:SourceOrgPaths', allow(when('ForAnyValue:StringLike', 'aws:SourceOrgPaths', 'o-a1b2c3d4e5/*')), null],
  ['aws:VpceOrgPaths', allow(when('ForAnyValue:StringLike', 'aws:VpceOrgPaths', 'o-a1b2c3d4e5/*')), null],
  ['aws:PrincipalArn, account fixed', allow(when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/*`)), null],
  ['aws:PrincipalArn, account open', allow(when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/admin')), 'critical'],
  ['aws:PrincipalArn *', allow(when('StringLike', 'aws:PrincipalArn', '*')), 'critical'],
  [
    'aws:PrincipalArn with ${aws:ResourceAccount}',
    allow(when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::${aws:ResourceAccount}:role/*')),
    null,
  ],
  [
    'aws:PrincipalArn with ${aws:PrincipalAccount}',
    allow(when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::${aws:PrincipalAccount}:role/*')),
    'critical',
  ],
  ['aws:SourceArn, S3 bucket', allow(when('ArnEquals', 'aws:SourceArn', 'arn:aws:s3:::my-bucket')), null],
  ['aws:SourceArn, objects of an S3 bucket', allow(when('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::my-bucket/*')), null],
  ['aws:SourceArn, S3 bucket open', allow(when('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::my-*')), 'critical'],
  ['aws:SourceArn, SNS with open account', allow(when('ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:*:*')), 'critical'],
  ['aws:SourceArn, open region', allow(when('ArnLike', 'aws:SourceArn', `arn:aws:sns:*:${OWN}:*`)), null],
  [
    'aws:SourceArn without account, not S3',
    allow(when('ArnLike', 'aws:SourceArn', 'arn:aws:apigateway:eu-west-1::/restapis/x')),
    'critical',
  ],
  ['aws:SourceArn of a public image', allow(when('ArnLike', 'aws:SourceArn', 'arn:aws:ec2:eu-west-1::image/ami-1')), 'critical'],
  ['aws:SourceVpcArn', allow(when('ArnEquals', 'aws:SourceVpcArn', `arn:aws:ec2:eu-west-1:${OWN}:vpc/vpc-1`)), null],
  ['aws:userid, role', allow(when('StringLike', 'aws:userid', 'AROAEXAMPLEROLEID1234:*')), null],
  ['aws:userid, user', allow(when('StringEquals', 'aws:userId', 'AIDAEXAMPLEUSERID1234')), null],
  ['aws:userid, root', allow(when('StringEquals', 'aws:userid', OWN)), null],
  ['aws:userid, session name only', allow(when('StringLike', 'aws:userid', '*:admin')), 'critical'],
  ['aws:userid, open id', allow(when('StringLike', 'aws:userid', 'AROA*:admin')), 'critical'],
  ['aws:SourceVpce', allow(when('StringEquals', 'aws:SourceVpce', 'vpce-0123456789abcdef0')), null],
  ['aws:SourceVpce open', allow(when('StringLike', 'aws:SourceVpce', 'vpce-*')), 'critical'],
  ['aws:SourceVpc', allow(when('StringEquals', 'aws:SourceVpc', 'vpc-0123456789abcdef0')), null],
  ['aws:SourceIp', allow(when('IpAddress', 'aws:SourceIp', ['203.0.113.0/24', '2001:db8::/32'])), null],
  ['aws:SourceIp, one address', allow(when('IpAddress', 'aws:SourceIp', '203.0.113.7')), null],
  ['aws:SourceIp /8', allow(when('IpAddress', 'aws:SourceIp', '10.0.0.0/8')), null],
  ['aws:SourceIp /7', allow(when('IpAddress', 'aws:SourceIp', '10.0.0.0/7')), 'critical'],
  ['aws:SourceIp 0.0.0.0/0', allow(when('IpAddress', 'aws:SourceIp', '0.0.0.0/0')), 'critical'],
  ['aws:SourceIp in two halves', allow(when('IpAddress', 'aws:SourceIp', ['0.0.0.0/1', '128.0.0.0/1'])), 'critical'],
  ['aws:SourceIp ::/0', allow(when('IpAddress', 'aws:SourceIp', '::/0')), 'critical'],
  ['aws:SourceIp IPv6 /31', allow(when('IpAddress', 'aws:SourceIp', '2001:db8::/31')), 'critical'],
  ['aws:SourceIp all of IPv4, mapped', allow(when('IpAddress', 'aws:SourceIp', '::ffff:0:0/96')), 'critical'],
  ['aws:VpcSourceIp', allow(when('IpAddress', 'aws:VpcSourceIp', '10.0.0.0/16')), 'critical'],
  ['IfExists', allow(when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5')), 'critical'],
  [
    'IfExists beside Null false',
    allow(whenAll(when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), present('aws:principalorgid'))),
    null,
  ],
  [
    'IfExists beside Null of another key',
    allow(whenAll(when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), present('aws:PrincipalArn'))),
    'critical',
  ],
  [
    'IfExists beside Null true',
    allow(
      whenAll(when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), when('Null', 'aws:PrincipalOrgID', 'true')),
    ),
    'critical',
  ],
  [
    'IfExists beside Null true or false',
    allow(
      whenAll(
        when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'),
        when('Null', 'aws:PrincipalOrgID', [true, false]),
      ),
    ),
    'critical',
  ],
  ['ForAllValues', allow(when('ForAllValues:StringEquals', 'aws:PrincipalAccount', OWN)), 'critical'],
  [
    'ForAllValues beside Null false',
    allow(whenAll(when('ForAllValues:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*'), present('aws:PrincipalOrgPaths'))),
    null,
  ],
  ['ForAnyValue of a single-valued key', allow(when('ForAnyValue:StringEquals', 'aws:PrincipalAccount', OWN)), null],
  ['Null alone', allow(present('aws:PrincipalOrgID')), 'critical'],
  ['a negated operator', allow(when('StringNotEquals', 'aws:PrincipalAccount', OTHER)), 'critical'],
  ['NotIpAddress', allow(when('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24')), 'critical'],
  ['Bool', allow(when('Bool', 'aws:PrincipalIsAWSService', 'true')), 'critical'],
  ['aws:SecureTransport', allow(when('Bool', 'aws:SecureTransport', true)), 'critical'],
  ['encryption context', allow(when('StringEquals', 'kms:EncryptionContext:app', 'pay')), 'critical'],
  ['a principal tag', allow(when('StringEquals', 'aws:PrincipalTag/team', 'pay')), 'critical'],
  ['aws:username', allow(when('StringEquals', 'aws:username', 'anna')), 'critical'],
  ['aws:PrincipalType', allow(when('StringEquals', 'aws:PrincipalType', 'Account')), 'critical'],
  ['aws:PrincipalServiceName', allow(when('StringEquals', 'aws:PrincipalServiceName', 's3.amazonaws.com')), 'critical'],
  ['aws:CalledVia', allow(when('ForAnyValue:StringEquals', 'aws:CalledVia', 'athena.amazonaws.com')), 'critical'],
  ['aws:RequestedRegion', allow(when('StringEquals', 'aws:RequestedRegion', 'eu-west-1')), 'critical'],
  ['a date', allow(when('DateLessThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z')), 'critical'],
  ['a key we do not know', allow(when('StringEquals', 'aws:Whoever', OWN)), 'critical'],
  ['an operator we do not know', allow(when('StringMaybe', 'kms:CallerAccount', OWN)), 'critical'],
  [
    'a binding and an idle condition',
    allow(whenAll(when('StringEquals', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), when('Bool', 'aws:SecureTransport', true))),
    null,
  ],
  [
    'NotPrincipal with a binding condition',
    {
      Effect: 'Allow',
      NotPrincipal: { AWS: ROLE },
      Action: 'kms:*',
      Resource: '*',
      ...when('StringEquals', 'kms:CallerAccount', OWN),
    },
    null,
  ],
  ['reading under an idle condition', allow({ Action: 'kms:DescribeKey' }, when('Bool', 'aws:SecureTransport', true)), 'medium'],
];

const ORG = 'o-a1b2c3d4e5';
const exempt = (name: string, value: Json = 'false'): Part => when('Bool', name, value);
const notOrg = when('StringNotEquals', 'aws:PrincipalOrgID', ORG);
const rescue: readonly Row[] = [
  ['unconditional Deny', [allow(), deny()], null],
  ['Deny outside the organisation', [allow(), deny(notOrg)], null],
  ['with IfExists', [allow(), deny(when('StringNotEqualsIfExists', 'aws:PrincipalOrgID', ORG))], null],
  ['with exemption of services', [allow(), deny(whenAll(notOrg, exempt('aws:PrincipalIsAWSService')))], null],
  [
    'with both exemptions',
    [allow(), deny(whenAll(notOrg, when('BoolIfExists', 'aws:PrincipalIsAWSService', false), exempt('aws:ViaAWSService')))],
    null,
  ],
  ['two negated keys', [allow(), deny(whenAll(notOrg, when('StringNotEquals', 'kms:CallerAccount', OWN)))], null],
  ['NotIpAddress', [allow(), deny(when('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'))], null],
  ['ArnNotLike', [allow(), deny(when('ArnNotLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:*`))], null],
  [
    'ForAllValues, true when absent',
    [allow(), deny(when('ForAllValues:StringNotLike', 'aws:PrincipalOrgPaths', `${ORG}/*`))],
    null,
  ],
  [
    'ForAnyValue, false when absent',
    [allow(), deny(when('ForAnyValue:StringNotLike', 'aws:PrincipalOrgPaths', `${ORG}/*`))],
    'critical',
  ],
  ['exemption the wrong way round', [allow(), deny(whenAll(notOrg, exempt('aws:PrincipalIsAWSService', 'true')))], 'critical'],
  ['a further condition', [allow(), deny(whenAll(notOrg, when('Bool', 'aws:SecureTransport', 'false')))], 'critical'],
  ['negated with a wildcard', [allow(), deny(when('StringNotLike', 'aws:PrincipalOrgID', 'o-*'))], 'critical'],
  [
    'negated on a key that does not bind',
    [allow(), deny(when('StringNotEquals', 'kms:ViaService', 's3.eu-west-1.amazonaws.com'))],
    'critical',
  ],
  ['a positive operator', [allow(), deny(when('StringEquals', 'aws:PrincipalOrgID', ORG))], 'critical'],
  ['Deny of another action', [allow(), deny({ Action: 'kms:ScheduleKeyDeletion' })], 'critical'],
  [
    'Deny of some of the actions',
    [allow({ Action: ['kms:Decrypt', 'kms:DescribeKey'] }), deny(notOrg, { Action: 'kms:Decrypt' })],
    'medium',
  ],
  [
    'two Denies that cover together',
    [
      allow({ Action: ['kms:Decrypt', 'kms:DescribeKey'] }),
      deny(notOrg, { Action: 'kms:Decrypt' }),
      deny({ Action: 'kms:Describe*' }),
    ],
    null,
  ],
  [
    'Deny by NotAction',
    [allow(), { Effect: 'Deny', Principal: '*', NotAction: 'kms:DescribeKey', Resource: '*', ...notOrg }],
    null,
  ],
  [
    'Deny by NotAction that spares it',
    [allow(), { Effect: 'Deny', Principal: '*', NotAction: 'kms:Decrypt', Resource: '*', ...notOrg }],
    'critical',
  ],
  ['Deny for one role', [allow(), deny({ Principal: { AWS: ROLE } })], 'critical'],
  [
    'Deny by NotPrincipal',
    [allow(), { Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: 'kms:*', Resource: '*' }],
    'critical',
  ],
  ['Deny on another resource', [allow(), deny({ Resource: KEY_ARN.replace('1111-', '2222-') })], 'critical'],
  ['Deny before the Allow', [deny(notOrg), allow()], null],
];

const severityOf = (statements: Part | readonly Part[]): Severity =>
  publicStatements(policy(...((Array.isArray(statements) ? statements : [statements]) as readonly Part[]))).severity;

describe('publicStatements', () => {
  it.each(principals)('principal: %s', (_, statements, expected) => expect(severityOf(statements)).toBe(expected));
  it.each(actions)('action: %s', (_, statements, expected) => expect(severityOf(statements)).toBe(expected));
  it.each(binding)('condition: %s', (_, statements, expected) => expect(severityOf(statements)).toBe(expected));
  it.each(rescue)('Deny: %s', (_, statements, expected) => expect(severityOf(statements)).toBe(expected));

  it('names the statement, the open actions and the conditions', () => {
    const document = policy(
      allow({ Principal: { AWS: `arn:aws:iam::${OWN}:root` } }),
      allow({ Sid: 'Open', Action: ['kms:Decrypt', 'kms:DescribeKey'] }, when('StringLike', 'KMS:viaservice', ['s3.*', 'ec2.*'])),
      deny({ Action: 'kms:DescribeKey' }),
    );
    expect(publicStatements(document).statements).toEqual([
      {
        index: 1,
        sid: 'Open',
        actions: ['kms:Decrypt'],
        readOnly: false,
        conditions: ['StringLike kms:ViaService = ec2.*, s3.*'],
      },
    ]);
  });

  it('leaves out a statement on another key where the ARN is known', () => {
    const elsewhere = policy(allow({ Resource: `arn:aws:kms:eu-west-1:${OWN}:key/other` }));
    expect(publicStatements(elsewhere, KEY_ARN).severity).toBeNull();
    expect(publicStatements(elsewhere).severity).toBe('critical');
    expect(publicStatements(policy(allow({ Resource: KEY_ARN })), KEY_ARN).severity).toBe('critical');
    expect(publicStatements(policy(allow(), deny({ Resource: `${KEY_ARN.slice(0, 20)}*` })), KEY_ARN).severity).toBeNull();
  });
});

const rows = [...principals, ...actions, ...binding, ...rescue].map(([, statements]) => [statements].flat() as readonly Part[]);
const swapCase = (text: string): string =>
  text.replace(/[a-z]/gi, (char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()));

/** The same statement with lists reversed and condition keys in another case. */
function disguise(value: Json, inBlock = 0): Json {
  if (Array.isArray(value)) return [...(value as readonly Json[])].reverse();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Part).reverse();
  return Object.fromEntries(
    entries.map(([name, item]) => {
      const block = name === 'Condition' ? 1 : inBlock > 0 ? inBlock + 1 : 0;
      return [inBlock > 1 ? swapCase(name) : name, disguise(item, block)] as const;
    }),
  );
}

const content = (document: PolicyDocument): unknown => {
  const { severity, statements } = publicStatements(document);
  return { severity, statements: statements.map(({ index: _, ...rest }) => JSON.stringify(rest)).sort() };
};

describe('publicStatements, for any policy', () => {
  const some = fc.array(fc.constantFrom(...rows), { minLength: 1, maxLength: 4 }).map((lists) => lists.flat());

  it('does not depend on order or on the letter case of condition keys', () => {
    fc.assert(
      fc.property(some, (statements) => {
        const disguised = [...statements].reverse().map((item) => disguise(item) as Part);
        expect(content(policy(...disguised))).toEqual(content(policy(...statements)));
      }),
      { numRuns: 400 },
    );
  });

  it('a further Deny never opens a key', () => {
    const rank = { critical: 2, medium: 1, none: 0 };
    const denies = rows
      .flat()
      .filter((item) => 'Effect' in item)
      .map((item) => ({ ...item, Effect: 'Deny' }));
    fc.assert(
      fc.property(some, fc.constantFrom(...denies), (statements, extra) => {
        const before = publicStatements(policy(...statements)).severity ?? 'none';
        const after = publicStatements(policy(...statements, extra)).severity ?? 'none';
        expect(rank[after]).toBeLessThanOrEqual(rank[before]);
      }),
      { numRuns: 400 },
    );
  });

  it('a further condition on an Allow never opens a key', () => {
    const extra = whenAll(when('Bool', 'aws:SecureTransport', 'true'), when('NumericLessThan', 'aws:MultiFactorAuthAge', 300));
    for (const [first] of rows.filter((list) => list.length === 1)) {
      if (first === undefined) continue;
      const more = { ...first, Condition: { ...(first['Condition'] as Part | undefined), ...(extra['Condition'] as Part) } };
      if (severityOf(first) === null) expect(severityOf(more)).toBeNull();
    }
  });
});
