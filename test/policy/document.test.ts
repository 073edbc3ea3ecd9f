import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as kms from '@aws-sdk/client-kms';
import { classOf, expandKmsActions, KMS_ACTIONS } from '#policy/actions.js';
import { logDelivery } from '#policy/bucket.js';
import { parsePolicy, parsePolicyValue, type Statement } from '#policy/document.js';
import { publicStatements } from '#policy/exposure.js';
import { OTHER, OWN, policy, when } from './support.js';

function first(statement: object): Statement {
  const [parsed] = policy({ Effect: 'Allow', ...statement }).statements;
  if (parsed === undefined) throw new Error('no statement');
  return parsed;
}

describe('parsePolicy', () => {
  it('brings every spelling into one shape', () => {
    const parsed = parsePolicy(
      JSON.stringify({
        version: '2012-10-17',
        STATEMENT: {
          sid: 'One',
          effect: 'Allow',
          principal: { aws: OWN },
          ACTION: 'KMS:Decrypt',
          resource: '*',
          condition: {
            'foranyvalue:stringnotlikeifexists': { 'AWS:PrincipalOrgPaths': 'o-a/*' },
            bool: { 'aws:SecureTransport': true },
          },
        },
      }),
    );
    expect(parsed).toEqual({
      ok: true,
      value: {
        version: '2012-10-17',
        statements: [
          {
            index: 0,
            sid: 'One',
            effect: 'Allow',
            principals: { negated: false, members: [{ kind: 'account', account: OWN }] },
            actions: { negated: false, patterns: ['kms:decrypt'] },
            resources: { negated: false, patterns: ['*'] },
            conditions: [
              {
                operator: 'StringLike',
                negated: true,
                ifExists: true,
                quantifier: 'forAny',
                key: 'aws:principalorgpaths',
                values: ['o-a/*'],
              },
              {
                operator: 'Bool',
                negated: false,
                ifExists: false,
                quantifier: 'none',
                key: 'aws:securetransport',
                values: ['true'],
              },
            ],
          },
        ],
      },
    });
  });

  it.each([
    ['*', { kind: 'everyone' }],
    [OWN, { kind: 'account', account: OWN }],
    [`arn:aws-cn:iam::${OWN}:root`, { kind: 'account', account: OWN }],
    [`arn:aws:iam::${OWN}:role/a/b`, { kind: 'arn', arn: `arn:aws:iam::${OWN}:role/a/b`, account: OWN, entity: 'role' }],
    [`arn:aws:iam::${OWN}:user/u`, { kind: 'arn', arn: `arn:aws:iam::${OWN}:user/u`, account: OWN, entity: 'user' }],
    [
      `arn:aws:sts::${OWN}:assumed-role/r/s`,
      { kind: 'arn', arn: `arn:aws:sts::${OWN}:assumed-role/r/s`, account: OWN, entity: 'assumed-role' },
    ],
    [
      `arn:aws:sts::${OWN}:federated-user/f`,
      { kind: 'arn', arn: `arn:aws:sts::${OWN}:federated-user/f`, account: OWN, entity: 'federated-user' },
    ],
    ['AIDAEXAMPLEUSERID1234', { kind: 'unique-id', id: 'AIDAEXAMPLEUSERID1234' }],
    ['AROAEXAMPLEROLEID1234', { kind: 'unique-id', id: 'AROAEXAMPLEROLEID1234' }],
    ['arn:aws:iam::*:root', { kind: 'other', text: 'arn:aws:iam::*:root', account: null }],
    [`arn:aws:iam::${OWN}:role/*`, { kind: 'other', text: `arn:aws:iam::${OWN}:role/*`, account: OWN }],
  ])('principal %s', (name, expected) => {
    expect(first({ Principal: { AWS: name } }).principals?.members).toEqual([expected]);
  });

  it('reads the other principal types', () => {
    const saml = `arn:aws:iam::${OTHER}:saml-provider/idp`;
    const { principals } = first({
      Principal: { Service: ['S3.amazonaws.com'], Federated: [saml, 'www.amazon.com'], CanonicalUser: 'ab12' },
    });
    expect(principals?.members).toEqual([
      { kind: 'service', name: 's3.amazonaws.com' },
      { kind: 'federated', name: saml, account: OTHER },
      { kind: 'federated', name: 'www.amazon.com', account: null },
      { kind: 'canonical-user', id: 'ab12' },
    ]);
  });

  it.each([
    ['', 'not-json', ''],
    ['{', 'not-json', ''],
    ['[]', 'not-a-policy', ''],
    ['null', 'not-a-policy', ''],
    ['{}', 'not-a-policy', 'Statement'],
    ['{"Statement":"x"}', 'not-a-policy', 'Statement[0]'],
    ['{"Statement":[{}]}', 'not-a-policy', 'Statement[0].Effect'],
    ['{"Statement":{"Effect":"Maybe"}}', 'not-a-policy', 'Statement[0].Effect'],
    ['{"Statement":{"Effect":"Allow","Action":5}}', 'not-a-policy', 'Statement[0].Action'],
    ['{"Statement":{"Effect":"Allow","Principal":{"AWS":[null]}}}', 'not-a-policy', 'Statement[0].Principal'],
    ['{"Statement":{"Effect":"Allow","Action":"a","NotAction":"b"}}', 'not-a-policy', 'Statement[0]'],
    ['{"Statement":{"Effect":"Allow","Action":"a","action":"b"}}', 'not-a-policy', 'Statement[0]'],
    ['{"Statement":{"Effect":"Allow","Condition":[]}}', 'not-a-policy', 'Statement[0].Condition'],
    ['{"Statement":{"Effect":"Allow","Condition":{"Bool":1}}}', 'not-a-policy', 'Statement[0].Condition.Bool'],
    ['{"Statement":{"Effect":"Allow","Condition":{"Bool":{"k":{}}}}}', 'not-a-policy', 'Statement[0].Condition.Bool.k'],
  ])('%s is an error, not an exception', (text, reason, path) => {
    const parsed = parsePolicy(text);
    expect(parsed.ok ? null : { reason: parsed.error.reason, path: parsed.error.path }).toEqual({ reason, path });
  });

  it('survives depth and strange names', () => {
    expect(parsePolicy('['.repeat(200_000)).ok).toBe(false);
    expect(parsePolicy('{"Statement":{"Effect":"Allow","Condition":{"__proto__":{"constructor":"x"}}}}').ok).toBe(true);
  });

  it('never throws, whatever the text or JSON', () => {
    const names = fc.constantFrom(
      'Statement',
      'Effect',
      'Principal',
      'NotPrincipal',
      'Action',
      'Resource',
      'Condition',
      'Bool',
      'AWS',
      'x',
    );
    const values = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom('Allow', 'Deny', '*', null, true, 1, ''),
        fc.string(),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(names, tie('any'), { maxKeys: 5 }),
      ),
    })).any;
    const check = (parsed: ReturnType<typeof parsePolicy>): void => {
      if (!parsed.ok) return;
      publicStatements(parsed.value);
      logDelivery(parsed.value, 'arn:aws:s3:::b');
    };
    fc.assert(
      fc.property(fc.string(), (text) => {
        check(parsePolicy(text));
      }),
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        check(parsePolicy(text));
      }),
    );
    fc.assert(
      fc.property(values, (value) => {
        check(parsePolicyValue({ Statement: value }));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('KMS actions', () => {
  it('knows every operation of the SDK', () => {
    const operations = Object.keys(kms).flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? []);
    const missing = operations.filter((name) => name !== 'ReEncrypt' && !KMS_ACTIONS.includes(`kms:${name}`));
    expect(operations.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it('classes Describe, Get and List as reading, and nothing else', () => {
    for (const action of KMS_ACTIONS) {
      expect(classOf(action) === 'read', action).toBe(/^kms:(Describe|Get|List)/.test(action));
    }
  });

  it.each([
    [
      { Action: 'kms:GenerateDataKey*' },
      [
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyPair',
        'kms:GenerateDataKeyPairWithoutPlaintext',
        'kms:GenerateDataKeyWithoutPlaintext',
      ],
    ],
    [{ Action: 'kms:ReEncrypt*' }, ['kms:ReEncryptFrom', 'kms:ReEncryptTo']],
    [{ Action: ['kms:Sign', 'KMS:SIGN', 's3:*'] }, ['kms:Sign']],
    [{ NotAction: ['kms:[!x]*', 'kms:*'] }, []],
    [{ Action: ['kms:Brandnew', 'kms:brandnew'] }, ['kms:brandnew']],
    [{}, []],
  ])('expands %j', (statement, expected) => expect(expandKmsActions(first(statement).actions)).toEqual(expected));

  it('keeps condition blocks apart', () => {
    expect(first(when('StringEquals', 'aws:PrincipalTag/A', ['x', 'y'])).conditions).toHaveLength(1);
  });
});
