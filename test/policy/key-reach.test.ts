import { expect, test } from 'vitest';
import { keyReach } from '#policy/key-reach.js';
import { allow, deny, KEY_ARN, OTHER, OWN, policy, when, whenAll, type Part } from './support.js';

const of = (...statements: readonly Part[]) => keyReach(policy(...statements), KEY_ARN, OWN);
const nobody = { everyone: 'no', ownAccount: false, ownPrincipals: 0, others: [], othersTotal: 0 };
const account = (name: string) => ({ as: 'account', name });
const aws = (...names: string[]) => ({ Principal: { AWS: names } });

test.each<[string, readonly Part[], object]>([
  ['the root of its account', [allow(aws(`arn:aws:iam::${OWN}:root`), { Action: 'kms:*' })], { ownAccount: true }],
  [
    'roles of its account, each once',
    [allow(aws(`arn:aws:iam::${OWN}:role/a`, `arn:aws:iam::${OWN}:role/b`)), allow(aws(`arn:aws:iam::${OWN}:role/a`))],
    { ownPrincipals: 2 },
  ],
  ['another account', [allow(aws(OTHER))], { others: [account(OTHER)], othersTotal: 1 }],
  ['one that may only look at it', [allow(aws(OTHER), { Action: 'kms:DescribeKey' })], {}],
  ['one that is refused again', [allow(aws(OTHER)), deny(aws(OTHER))], {}],
  ['everyone', [allow({})], { everyone: 'public' }],
  ['everyone of its account', [allow(when('StringEquals', 'kms:CallerAccount', OWN))], { ownAccount: true }],
  [
    'everyone of an organisation',
    [allow(when('StringEquals', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'))],
    { others: [{ as: 'organisation', name: 'o-a1b2c3d4e5' }], othersTotal: 1 },
  ],
  [
    'everyone of its account, in an organisation: its account says more',
    [
      allow(
        whenAll(
          when('StringEquals', 'aws:PrincipalOrgID', ['o-a1b2c3d4e5', 'o-b1b2c3d4e5']),
          when('StringEquals', 'kms:CallerAccount', OWN),
        ),
      ),
    ],
    { ownAccount: true },
  ],
  ['everyone from a network', [allow(when('StringEquals', 'aws:SourceVpce', 'vpce-1a2b3c4d'))], { everyone: 'bound' }],
  [
    'a service',
    [allow({ Principal: { Service: 'logs.amazonaws.com' } })],
    { others: [{ as: 'service', name: 'logs.amazonaws.com' }], othersTotal: 1 },
  ],
])('a policy that lets in %s', (_, statements, reach) => {
  expect(of(...statements)).toEqual({ ...nobody, ...reach });
});

test('of many, the first are named and all are counted', () => {
  const ids = Array.from({ length: 40 }, (_, index) => String(999999999900 + index));
  const { others, othersTotal } = of(allow(aws(...ids)));
  expect(others).toEqual(ids.slice(0, 10).map(account));
  expect(othersTotal).toBe(40);
});
