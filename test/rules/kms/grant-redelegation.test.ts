import rule from '#rules/kms/grant-redelegation.js';
import type { KeyGrant } from '#model/resources/index.js';
import { awsManagedKey, grant, key, metadata, skipped, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const role = 'arn:aws:iam::111111111111:role/app';
const both = ['CreateGrant', 'Decrypt'];
const keyWith = (...grants: readonly Partial<KeyGrant>[]) =>
  key(1, { grants: grants.map((each) => grant({ operations: both, ...each })) });
const none = 'No grant of the key can be passed on without a constraint.';
const open = (few: string, grantees = role): string =>
  `${few} grants of the key hold CreateGrant beside decryption and have no constraint. Grantees: ${grantees}.`;

testRule(rule, {
  pass: [
    { name: 'no CreateGrant', resource: keyWith({ operations: ['Decrypt', 'GenerateDataKey'] }), message: none },
    {
      name: 'nothing that reveals',
      resource: keyWith({ operations: ['CreateGrant', 'Encrypt', 'GenerateDataKeyWithoutPlaintext'] }),
      message: none,
    },
    ...['EncryptionContextEquals', 'EncryptionContextSubset', 'SourceArn'].map((name) => ({
      name: `constrained by ${name}`,
      resource: keyWith({ constraints: [name] }),
      message: none,
    })),
    { name: 'a service grant', resource: keyWith({ retiringPrincipal: 'rds.us-east-1.amazonaws.com' }), message: none },
  ],
  fail: [
    {
      name: 'a constraint that we do not know',
      resource: keyWith({ constraints: ['NextConstraint'] }),
      message: open('1 of 1'),
    },
    ...['Decrypt', 'ReEncryptFrom', 'GenerateDataKey', 'DeriveSharedSecret', 'Decapsulate'].map((name) => ({
      name: `CreateGrant and ${name}`,
      resource: keyWith({ operations: ['CreateGrant', name] }),
      message: open('1 of 1'),
      evidence: { grants: [{ grant: 'g-1', grantee: role, operations: ['CreateGrant', name] }], inAll: 1 },
    })),
    {
      name: 'two grantees, and a grant that names none',
      resource: keyWith({}, { granteePrincipal: `${role}-2` }, { granteePrincipal: null }, { operations: ['Decrypt'] }),
      message: open('3 of 4', `${role}, ${role}-2 and none`),
    },
    {
      name: 'many grants, of which twenty are shown',
      resource: keyWith(...Array.from({ length: 25 }, (_, n) => ({ id: `g-${String(n)}` }))),
      message: open('25 of 25'),
      evidence: {
        grants: Array.from({ length: 20 }, (_, n) => ({ grant: `g-${String(n)}`, grantee: role, operations: both })),
        inAll: 25,
      },
    },
  ],
  unknown: [
    {
      name: 'ListGrants denied',
      resource: key(1, { grants: unread() }),
      missing: [{ facet: 'kms.key/grants', cause: 'denied' }],
    },
    { name: 'DescribeKey denied', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
  ],
  notApplicable: [
    { name: 'no grants', resource: key(1), reason: 'the key has no grants' },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }), grants: skipped('AWS manages this key') }),
      reason: 'AWS manages this key and its grants',
    },
  ],
});
