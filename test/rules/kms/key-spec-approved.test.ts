import { expect, test } from 'vitest';
import rule from '#rules/kms/key-spec-approved.js';
import { awsManagedKey, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const ofSpec = (spec: string | null) => key(1, { metadata: metadata({ spec }) });
const approved = (spec: string): string => `The key is of the approved type ${spec}.`;
const notApproved = (spec: string): string => `The key is of type ${spec}, which is not approved.`;

testRule(rule, {
  pass: [
    {
      name: 'disabled',
      resource: key(1, { metadata: metadata({ state: 'Disabled' }) }),
      message: approved('SYMMETRIC_DEFAULT'),
    },
    ...['SYMMETRIC_DEFAULT', 'RSA_3072', 'ECC_NIST_P256', 'HMAC_224', 'SM2', 'ML_KEM_768', 'NEXT_SPEC'].map((spec) => ({
      name: `${spec} by default`,
      resource: ofSpec(spec),
      message: approved(spec),
      evidence: { KeySpec: spec },
    })),
    {
      name: 'of a list',
      resource: ofSpec('RSA_2048'),
      options: { allow: ['SYMMETRIC_DEFAULT', 'RSA_*'] },
      message: approved('RSA_2048'),
    },
  ],
  fail: [
    {
      name: 'not in a list',
      resource: ofSpec('ML_DSA_44'),
      options: { allow: ['SYMMETRIC_DEFAULT', 'RSA_*'] },
      message: notApproved('ML_DSA_44'),
    },
    ...['RSA_2048', 'ECC_SECG_P256K1'].map((spec) => ({
      name: `${spec} by default`,
      resource: ofSpec(spec),
      message: notApproved(spec),
      evidence: { KeySpec: spec },
    })),
    {
      name: 'taken out of a list again, wherever that stands',
      resource: ofSpec('RSA_2048'),
      options: { allow: ['!RSA_20??', 'RSA_*'] },
      message: notApproved('RSA_2048'),
    },
  ],
  unknown: [
    {
      name: 'DescribeKey denied',
      resource: key(1, { metadata: unread() }),
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'KeySpec absent',
      resource: ofSpec(null),
      missing: [
        {
          facet: 'kms.key/metadata',
          operation: 'kms:DescribeKey',
          action: 'kms:DescribeKey',
          code: 'KeySpec',
          cause: 'absent-field',
        },
      ],
    },
  ],
  notApplicable: [
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }) }),
      reason: 'AWS chooses the type of the keys that it manages',
    },
  ],
});

test.each([
  [[], 'allows nothing: it needs an entry without !'],
  [['!RSA_2048'], 'allows nothing: it needs an entry without !'],
  [['rsa_2048'], 'is no KeySpec: capital letters, digits, _, and the wildcards * and ?'],
  [['RSA_2048 '], 'is no KeySpec: capital letters, digits, _, and the wildcards * and ?'],
  [['x!RSA_2048'], 'is no KeySpec: capital letters, digits, _, and the wildcards * and ?'],
])('a list such as %j is refused', (allow, message) => {
  expect(rule.options?.safeParse({ allow }).error?.issues[0]?.message).toBe(message);
});
