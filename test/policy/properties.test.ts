import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandKmsActions, KMS_ACTIONS } from '#policy/actions.js';
import { admits } from '#policy/admits.js';
import { confusedDeputies } from '#policy/deputy.js';
import type { PolicyDocument } from '#policy/document.js';
import { dualRoles, grantCreators, policyHolders } from '#policy/duties.js';
import { publicStatements } from '#policy/exposure.js';
import { untrustedParties } from '#policy/parties.js';
import { answersOn, trust } from './answers.js';
import { isAllowed, type Request } from './requests.js';
import { KEY_ARN, OTHER, OWN, policy, type Json, type Part } from './support.js';
import { ORG } from './table.js';

const ROLE = `arn:aws:iam::${OWN}:role/app`;
const OTHER_ROLE = `arn:aws:iam::${OTHER}:role/app`;
const STRANGER = '777777777777';
const FOREIGN_ORG = 'o-foreign999';
const SERVICE = 's3.amazonaws.com';
const runs = { numRuns: 700 };

const some = <T>(...items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);
const oneOrMore = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(item, fc.uniqueArray(item, { minLength: 1, maxLength: 3 }));

const principal = fc.oneof(
  fc.constant<Json>('*'),
  oneOrMore(some('*', OWN, `arn:aws:iam::${OWN}:root`, ROLE, OTHER, OTHER_ROLE, 'AROAEXAMPLEROLEID1234')).map((AWS) => ({ AWS })),
  oneOrMore(some(SERVICE, 'sns.amazonaws.com')).map((Service) => ({ Service })),
);
const named = oneOrMore(some(OWN, ROLE, OTHER, OTHER_ROLE)).map((AWS) => ({ AWS }));
const actions = oneOrMore(
  some(
    'kms:*',
    '*',
    'kms:De*',
    'kms:Decrypt',
    'kms:Describe*',
    'kms:CreateGrant',
    'kms:Put*',
    'kms:?ecrypt',
    'kms:GenerateDataKey*',
    's3:*',
  ),
);
const resources = oneOrMore(some('*', KEY_ARN, KEY_ARN.replace('11111111-', '99999999-'), `arn:aws:kms:*:${OWN}:*`));

const account = oneOrMore(some(OWN, OTHER, '9*', '*', '${aws:ResourceAccount}'));
const organisation = oneOrMore(some(ORG, FOREIGN_ORG, 'o-*'));
const negatable = some(
  'StringEquals',
  'StringLike',
  'StringNotEquals',
  'StringNotLike',
  'StringEqualsIfExists',
  'StringNotEqualsIfExists',
);
const flag = some('true', 'false');
const conditions: readonly fc.Arbitrary<readonly [operator: string, key: string, values: string | string[]]>[] = [
  fc.tuple(negatable, some('kms:CallerAccount', 'aws:PrincipalAccount'), account),
  fc.tuple(negatable, fc.constant('aws:PrincipalOrgID'), organisation),
  fc.tuple(negatable, fc.constant('aws:SourceAccount'), account),
  fc.tuple(
    some('ForAnyValue:StringLike', 'ForAllValues:StringLike', 'ForAnyValue:StringNotLike', 'ForAllValues:StringNotLike'),
    fc.constant('aws:PrincipalOrgPaths'),
    oneOrMore(some(`${ORG}/*`, `${FOREIGN_ORG}/*`, '*/prod/*')),
  ),
  fc.tuple(
    some('ArnLike', 'ArnNotLike'),
    fc.constant('aws:PrincipalArn'),
    oneOrMore(some(`arn:aws:iam::${OWN}:*`, 'arn:aws:iam::*:role/app', OTHER_ROLE)),
  ),
  fc.tuple(
    some('StringEquals', 'StringNotEquals'),
    fc.constant('kms:ViaService'),
    some('ec2.eu-west-1.amazonaws.com', 's3.eu-west-1.amazonaws.com'),
  ),
  fc.tuple(
    some('Bool', 'BoolIfExists'),
    some('aws:SecureTransport', 'aws:PrincipalIsAWSService', 'aws:ViaAWSService', 'kms:GrantIsForAWSResource'),
    flag,
  ),
  fc.tuple(fc.constant('Null'), some('aws:PrincipalOrgID', 'aws:SourceAccount', 'aws:PrincipalOrgPaths'), flag),
];
const condition = fc
  .uniqueArray(fc.oneof(...conditions), { maxLength: 3, selector: ([operator, key]) => `${operator} ${key}` })
  .map((parts) => {
    const block: Record<string, Record<string, Json>> = {};
    for (const [operator, key, values] of parts) block[operator] = { ...block[operator], [key]: values };
    return block;
  });

const statementOf = (effect: 'Allow' | 'Deny'): fc.Arbitrary<Part> =>
  fc
    .record({
      who: fc.oneof(
        { weight: 6, arbitrary: principal.map((value) => ['Principal', value] as const) },
        { weight: 1, arbitrary: named.map((value) => ['NotPrincipal', value] as const) },
      ),
      what: fc.tuple(
        fc.oneof({ weight: 6, arbitrary: fc.constant('Action') }, { weight: 1, arbitrary: fc.constant('NotAction') }),
        actions,
      ),
      where: fc.tuple(
        fc.oneof({ weight: 6, arbitrary: fc.constant('Resource') }, { weight: 1, arbitrary: fc.constant('NotResource') }),
        resources,
      ),
      condition: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: condition }),
    })
    .map(({ who, what, where, condition: Condition }) => ({
      Effect: effect,
      [who[0]]: who[1],
      [what[0]]: what[1],
      [where[0]]: where[1],
      ...(Condition === undefined ? {} : { Condition }),
    }));
const anAllow = statementOf('Allow');
const aDeny = statementOf('Deny');
const statements = fc.array(fc.oneof({ weight: 3, arbitrary: anAllow }, { weight: 1, arbitrary: aDeny }), { maxLength: 4 });

/** What a policy gives, as sets that can be compared: fewer entries is less access. */
function given(document: PolicyDocument): Readonly<Record<string, ReadonlySet<string>>> {
  const pairs = (entries: readonly { readonly who: string; readonly actions: readonly string[] }[]) =>
    new Set(entries.flatMap(({ who, actions: names }) => names.map((action) => `${who} ${action}`)));
  return {
    public: pairs(publicStatements(document, KEY_ARN).statements.map((each) => ({ who: '*', actions: each.actions }))),
    deputies: pairs(confusedDeputies(document, [], KEY_ARN).map((each) => ({ who: each.service, actions: each.actions }))),
    duties: pairs(
      dualRoles(document, OWN, KEY_ARN).map((each) => ({ who: each.principal, actions: [...each.administer, ...each.use] })),
    ),
    holders: new Set(policyHolders(document, OWN, KEY_ARN)),
    creators: new Set(grantCreators(document, OWN, KEY_ARN).flatMap((each) => (each.scoped ? [] : [each.principal]))),
  };
}

function expectNoMore(less: PolicyDocument, more: PolicyDocument): void {
  const [a, b] = [given(less), given(more)];
  for (const question of Object.keys(a)) {
    const added = [...(a[question] ?? [])].filter((entry) => b[question]?.has(entry) !== true);
    expect(added, question).toEqual([]);
  }
  const rank = { no: 0, conditional: 1, yes: 2 };
  expect(rank[answersOn(less, {}).admitted]).toBeLessThanOrEqual(rank[answersOn(more, {}).admitted]);
}

describe('the answers', () => {
  test('do not depend on the order of statements', () => {
    fc.assert(
      fc.property(
        statements.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(answersOn(policy(...shuffled), {})).toEqual(answersOn(policy(...list), {}));
        },
      ),
      runs,
    );
  });

  test('do not depend on letter case, on one value being a list, nor on how an account is written', () => {
    fc.assert(
      fc.property(statements, fc.infiniteStream(fc.boolean()), (list, coins) => {
        const flip = (): boolean => coins.next().value;
        expect(answersOn(policy(...list.map((each) => rewritten(each, flip))), {})).toEqual(answersOn(policy(...list), {}));
      }),
      runs,
    );
  });

  test('never widen by a further Deny', () => {
    fc.assert(
      fc.property(statements, aDeny, fc.nat(4), (list, further, at) => {
        expectNoMore(policy(...list.slice(0, at), further, ...list.slice(at)), policy(...list));
      }),
      runs,
    );
  });

  test('never narrow by a further Allow', () => {
    fc.assert(
      fc.property(statements, anAllow, (list, further) => {
        expectNoMore(policy(...list), policy(...list, further));
      }),
      runs,
    );
  });

  test('widen with the actions of an Allow, and narrow with those of a Deny', () => {
    fc.assert(
      fc.property(statements, anAllow, aDeny, some('kms:*', '*'), (list, allowing, denying, wide) => {
        const widened = (statement: Part): Part => ({ ...omit(statement, 'Action', 'NotAction'), Action: wide });
        expectNoMore(policy(...list, allowing), policy(...list, widened(allowing)));
        expectNoMore(policy(...list, widened(denying)), policy(...list, denying));
      }),
      runs,
    );
  });
});

test('an action pattern covers whatever it covered with a star in place of any part of it', () => {
  const cut = some(...KMS_ACTIONS).chain((name) =>
    fc.tuple(fc.constant(name.toLowerCase()), fc.nat(name.length), fc.nat(name.length)),
  );
  fc.assert(
    fc.property(cut, ([name, one, other]) => {
      const pattern = `${name.slice(0, Math.min(one, other))}*${name.slice(Math.max(one, other))}`;
      const expanded = (negated: boolean, text: string) => new Set(expandKmsActions({ negated, patterns: [text] }));
      expect([...expanded(false, name)].every((action) => expanded(false, pattern).has(action))).toBe(true);
      expect([...expanded(true, pattern)].every((action) => expanded(true, name).has(action))).toBe(true);
    }),
    runs,
  );
});

describe('no request gets in that the analysis does not know of', () => {
  const action = some('kms:Decrypt', 'kms:DescribeKey', 'kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:GenerateDataKey');
  const resolved = (list: readonly Part[]): readonly Part[] =>
    JSON.parse(JSON.stringify(list).replaceAll('${aws:ResourceAccount}', OWN)) as Part[];

  /** An identity outside, calling by itself or through a service; where a key may be absent, it sometimes is. */
  const caller = (account: string, organisations: readonly (string | null)[]): fc.Arbitrary<Request> =>
    fc
      .record({
        action,
        name: some('app', 'admin'),
        organisation: some(...organisations),
        via: some(null, 'ec2.eu-west-1.amazonaws.com', 's3.eu-west-1.amazonaws.com'),
        tls: flag,
        forResource: some(null, 'true', 'false'),
      })
      .map(({ action: wanted, name, organisation: org, via, tls, forResource }) => {
        const arn = `arn:aws:iam::${account}:role/${name}`;
        return {
          action: wanted,
          resource: KEY_ARN,
          account,
          arn,
          service: null,
          context: {
            'kms:calleraccount': account,
            'aws:principalaccount': account,
            'aws:principalarn': arn,
            'aws:principalisawsservice': 'false',
            'aws:viaawsservice': 'false',
            'aws:securetransport': tls,
            ...(org === null ? {} : { 'aws:principalorgid': org, 'aws:principalorgpaths': [`${org}/r-1/prod/`] }),
            ...(via === null ? {} : { 'kms:viaservice': via }),
            ...(wanted === 'kms:CreateGrant' && forResource !== null ? { 'kms:grantisforawsresource': forResource } : {}),
          },
        };
      });

  test('a stranger whom no policy names comes in only where it is public', () => {
    fc.assert(
      fc.property(statements, caller(STRANGER, [null, 'o-stranger0']), (list, request) => {
        if (!isAllowed(resolved(list), request)) return;
        const open = publicStatements(policy(...list), KEY_ARN).statements.flatMap((each) => each.actions);
        expect(open).toContain(request.action);
      }),
      { numRuns: 3000 },
    );
  });

  test('an outsider comes in only where it is public, or he or his organisation is named', () => {
    fc.assert(
      fc.property(statements, caller(OTHER, [null, FOREIGN_ORG]), (list, request) => {
        if (!isAllowed(resolved(list), request)) return;
        const document = policy(...list);
        const open = publicStatements(document, KEY_ARN).statements.flatMap((each) => each.actions);
        const parties = untrustedParties(document, trust, KEY_ARN)
          .filter(({ actions: names }) => names.includes(request.action))
          .map(({ party }) => party.id);
        const known = open.includes(request.action) || parties.includes(OTHER) || parties.includes(FOREIGN_ORG);
        expect({ list, known }).toEqual({ list, known: true });
      }),
      { numRuns: 3000 },
    );
  });

  test('nobody of an account comes in through EC2 that is said not to be admitted', () => {
    fc.assert(
      fc.property(statements, caller(OTHER, [null, FOREIGN_ORG]), (list, request) => {
        const through = { ...request, context: { ...request.context, 'kms:viaservice': 'ec2.eu-west-1.amazonaws.com' } };
        const visit = { account: OTHER, actions: [request.action], via: 'ec2', owner: OWN, keyArn: KEY_ARN };
        const { admitted } = admits(policy(...list), [], visit);
        const known = admits(policy(...list), [], { ...visit, outside: (id) => id === ORG });
        const forResource = request.context['kms:grantisforawsresource'] === 'true' || request.action !== 'kms:CreateGrant';
        if ((admitted === 'no' || known.admitted === 'no') && forResource)
          expect({ list, allowed: isAllowed(resolved(list), through) }).toEqual({ list, allowed: false });
      }),
      { numRuns: 3000 },
    );
  });

  test('a service acts for another account only where it is open, or that account is named', () => {
    const request = fc
      .record({ action: some('kms:Decrypt', 'kms:CreateGrant', 'kms:GenerateDataKey'), tls: flag })
      .map(({ action: wanted, tls }): Request => ({
        action: wanted,
        resource: KEY_ARN,
        account: null,
        arn: null,
        service: SERVICE,
        context: {
          'aws:principalisawsservice': 'true',
          'aws:viaawsservice': 'false',
          'aws:sourceaccount': STRANGER,
          'aws:securetransport': tls,
        },
      }));
    fc.assert(
      fc.property(statements, request, (all, each) => {
        // What is allowed to everyone is the matter of the strangers above.
        const list = all.filter(
          ({ Effect, Principal }) => Effect === 'Deny' || JSON.stringify(Principal ?? '*').includes('Service'),
        );
        if (!isAllowed(resolved(list), each)) return;
        const document = policy(...list);
        const open = confusedDeputies(document, [], KEY_ARN).flatMap(({ service, actions: names }) =>
          service === SERVICE ? names : [],
        );
        expect({ list, known: open.includes(each.action) }).toEqual({ list, known: true });
      }),
      { numRuns: 3000 },
    );
  });
});

/** The same statement in other letters: names and actions in another case, single values as lists, roots as ids. */
function rewritten(statement: Part, flip: () => boolean): Part {
  const cased = (text: string): string => (flip() ? text.toUpperCase() : flip() ? text.toLowerCase() : text);
  const listed = (value: Json): Json => {
    if (Array.isArray(value)) return value.length === 1 && flip() ? (value[0] ?? value) : value;
    return flip() ? [value] : value;
  };
  const each = (value: Json, change: (text: string) => string): Json =>
    Array.isArray(value) ? value.map((item) => change(item as string)) : change(value as string);
  const root = /^arn:aws:iam::(\d{12}):root$/;
  const accountOf = (text: string): string => {
    const id = root.exec(text)?.[1];
    if (id !== undefined) return flip() ? id : text;
    return /^\d{12}$/.test(text) && flip() ? `arn:aws:iam::${text}:root` : text;
  };
  const elements = Object.entries(statement).map(([name, value]): [string, Json] => {
    if (name.endsWith('Action')) return [cased(name), listed(each(value, cased))];
    if (name.endsWith('Principal')) return [cased(name), principalOf(value)];
    if (name === 'Condition') return [cased(name), conditionOf(value as Part)];
    return [cased(name), name === 'Effect' ? value : listed(value)];
  });
  function principalOf(value: Json): Json {
    if (value === '*') return flip() ? { AWS: '*' } : value;
    return Object.fromEntries(
      Object.entries(value as Part).map(([type, names]) => [cased(type), listed(each(names, accountOf))]),
    );
  }
  function conditionOf(value: Part): Json {
    return Object.fromEntries(
      Object.entries(value).map(([operator, block]) => [
        cased(operator),
        Object.fromEntries(Object.entries(block as Part).map(([key, values]) => [cased(key), listed(values)])),
      ]),
    );
  }
  return Object.fromEntries(elements);
}

function omit(statement: Part, ...names: readonly string[]): Part {
  return Object.fromEntries(Object.entries(statement).filter(([name]) => !names.includes(name)));
}
