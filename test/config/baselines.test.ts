import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ChoosableAccount } from '#model/account-selector.js';
import { assignedBaseline, resolveBaselines } from '#config/baselines.js';
import { parseConfig } from '#config/load.js';
import type { Baseline } from '#model/baseline.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { defineRule, type Rule } from '#model/rule.js';

const days = z.strictObject({
  days: z.int().min(1).default(90).meta({ description: 'Days' }),
  keys: z.array(z.string()).default([]).meta({ description: 'Keys' }),
});

function rule(id: string, options?: typeof days, recommended?: false): Rule {
  return defineRule({
    id,
    kind: 'ebs.volume',
    severity: 'medium',
    title: id,
    needs: [],
    ...(options === undefined ? {} : { options }),
    ...(recommended === undefined ? {} : { recommended }),
    docs: { why: 'W.', source: 'https://docs.aws.amazon.com/', waive: 'W.' },
    messages: { fine: 'Fine.' },
    states: [],
    remediation: () => ({ text: 'T.', cli: null, terraform: null }),
    evaluate: (_resource, { pass }) => pass('fine'),
  });
}

const catalogue: Catalogue = {
  facets: [],
  rules: [rule('ebs/a', days), rule('ebs/b'), rule('s3/c', undefined, false)],
  frameworks: [
    {
      id: 'cis-9',
      title: 'CIS',
      version: '9',
      controls: [
        { id: '1', title: null, rules: ['ebs/b', 's3/c'], notCovered: [] },
        { id: '2', title: null, rules: ['s3/c'], notCovered: ['more'] },
      ],
    },
  ],
};

function resolved(text: string): ReadonlyMap<string, Baseline> {
  const { config, locate } = parseConfig(`version: 1\n${text}`, 'atrest.yaml');
  return resolveBaselines(catalogue, config, locate);
}

function baseline(text: string, name = 'own'): Baseline {
  const found = resolved(text).get(name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
}

function refusal(text: string): string {
  try {
    resolved(text);
  } catch (error) {
    if (error instanceof AtrestError && error.code === 'config') return error.message;
    throw error;
  }
  throw new Error('the config was expected to be refused');
}

const on = ({ rules }: Baseline): readonly string[] => [...rules.keys()].sort();

describe('built-in baselines', () => {
  test('strict has every rule, and wants a customer managed key everywhere', () => {
    expect(on(baseline('', 'strict'))).toEqual(['ebs/a', 'ebs/b', 's3/c']);
    expect(baseline('', 'strict').cmkRequired).toEqual([{}]);
  });

  test('recommended leaves out what is marked so, and goes by tags', () => {
    expect(on(baseline('', 'recommended'))).toEqual(['ebs/a', 'ebs/b']);
    expect(baseline('', 'recommended').cmkRequired).toHaveLength(2);
  });

  test('a framework has the rules of its controls, those that recommended leaves out among them', () => {
    expect(on(baseline('', 'cis-9'))).toEqual(['ebs/b', 's3/c']);
  });
});

describe('a baseline of the config', () => {
  test('has what it extends, with its own changes', () => {
    const own = baseline(
      'baselines:\n  own: { extends: strict, rules: { ebs/a: [high, { days: 30 }], ebs/b: low, s3/c: off } }\n',
    );
    expect([...own.rules]).toEqual([
      ['ebs/a', { severity: 'high', options: { days: 30, keys: [] } }],
      ['ebs/b', { severity: 'low' }],
    ]);
    expect(own.cmkRequired).toEqual([{}]);
  });

  test('has only what it names when it extends nothing', () => {
    expect(on(baseline('baselines:\n  own: { rules: { s3/c: on } }\n'))).toEqual(['s3/c']);
    expect(on(baseline('baselines:\n  own: {}\n'))).toEqual([]);
  });

  test('may name many rules by a glob, later lines winning', () => {
    expect(on(baseline('baselines:\n  own: { extends: strict, rules: { "*": off, "ebs/*": on } }\n'))).toEqual([
      'ebs/a',
      'ebs/b',
    ]);
    expect(on(baseline('baselines:\n  own: { extends: strict, rules: { "ebs/*": on, "*": off } }\n'))).toEqual([]);
  });

  test('keeps what a line does not say', () => {
    const text = `baselines:
  base: { extends: strict, rules: { ebs/a: [high, { days: 30 }] } }
  own: { extends: base, rules: { ebs/a: [on, { keys: [x] }] } }
  lower: { extends: own, rules: { ebs/a: low } }
`;
    expect(baseline(text).rules.get('ebs/a')).toEqual({ severity: 'high', options: { days: 30, keys: ['x'] } });
    expect(baseline(text, 'lower').rules.get('ebs/a')).toEqual({ severity: 'low', options: { days: 30, keys: ['x'] } });
  });

  test('may extend several, the later winning', () => {
    const text = `baselines:
  one: { rules: { ebs/a: high } }
  two: { rules: { ebs/a: low, s3/c: on } }
  own: { extends: [one, two, cis-9] }
`;
    expect([...baseline(text).rules]).toEqual([
      ['ebs/a', { severity: 'low' }],
      ['s3/c', { severity: null }],
      ['ebs/b', { severity: null }],
    ]);
  });

  test.each([
    [
      'its own before the general one',
      'cmkRequired: [{ name: general }]\nbaselines: { own: { extends: strict, cmkRequired: [{ name: own }] } }\n',
      'own',
    ],
    [
      'an inherited one before the general one',
      'cmkRequired: [{ name: general }]\nbaselines: { base: { cmkRequired: [{ name: base }] }, own: { extends: base } }\n',
      'base',
    ],
    [
      'the general one before the built-in one',
      'cmkRequired: [{ name: general }]\nbaselines: { own: { extends: strict } }\n',
      'general',
    ],
  ])('requires a customer managed key by %s', (_name, text, expected) => {
    expect(baseline(text).cmkRequired).toEqual([{ name: expected }]);
  });
});

test.each([
  [
    'an unknown base',
    'baselines:\n  own: { extends: strct }\n',
    'atrest.yaml:3:19: there is no baseline strct; did you mean strict?',
  ],
  [
    'an unknown base in a list',
    'baselines:\n  own: { extends: [strict, nope-nope] }\n',
    'atrest.yaml:3:28: there is no baseline nope-nope',
  ],
  [
    'an unknown rule',
    'baselines:\n  own:\n    rules:\n      ebs/aa: off\n',
    'atrest.yaml:5:7: there is no rule ebs/aa; did you mean ebs/a?',
  ],
  ['a glob of no rule', 'baselines:\n  own: { rules: { "rds/*": off } }\n', 'atrest.yaml:3:19: there is no rule rds/*'],
  [
    'options of a rule without',
    'baselines:\n  own: { rules: { ebs/b: [low, { days: 1 }] } }\n',
    'atrest.yaml:3:32: ebs/b has no options',
  ],
  [
    'an unknown option',
    'baselines:\n  own: { rules: { ebs/a: [low, { dys: 1 }] } }\n',
    'atrest.yaml:3:34: ebs/a: unknown option "dys"; did you mean "days"?',
  ],
  ['a wrong option', 'baselines:\n  own: { rules: { ebs/a: [low, { days: 0 }] } }\n', /^atrest\.yaml:3:40: ebs\/a: days: .*1/],
  [
    'a circle',
    'baselines:\n  own: { extends: two }\n  two: { extends: own }\n',
    'atrest.yaml:4:19: baselines extend one another in a circle: own → two → own',
  ],
  [
    'a built-in name',
    'baselines:\n  strict: { extends: recommended }\n',
    /^atrest\.yaml:3:3: strict is a baseline that comes with atrest/,
  ],
  ['an unknown baseline assigned', 'assign:\n  - { baseline: prod }\n', 'atrest.yaml:3:17: there is no baseline prod'],
  ['an unknown framework', 'frameworks: [cis-8]\n', 'atrest.yaml:2:14: there is no framework cis-8; did you mean cis-9?'],
  ['a severity that is none', 'baselines:\n  own: { rules: { ebs/b: severe } }\n', /^atrest\.yaml:3:26: /],
])('%s is refused, with its place', (_name, text, expected) => {
  const message = refusal(text);
  if (typeof expected === 'string') expect(message).toBe(expected);
  else expect(message).toMatch(expected);
});

describe('an account has the first baseline that is assigned to it', () => {
  const account: ChoosableAccount = {
    id: '111111111111',
    name: 'shop-prod',
    path: 'o-1/r-1/ou-prod/ou-web',
    tags: { Env: 'Prod' },
  };
  const assigned = (text: string, of: ChoosableAccount = account): string =>
    assignedBaseline(parseConfig(`version: 1\nassign:\n${text}`, 'atrest.yaml').config.assign, of);

  test.each<[string, string, string]>([
    ['by id', '  - { baseline: a, accounts: ["1111*"] }\n', 'a'],
    ['by name', '  - { baseline: a, accounts: { names: ["shop-*"] } }\n', 'a'],
    ['by path, nested', '  - { baseline: a, accounts: { path: "o-*/r-*/ou-prod*" } }\n', 'a'],
    ['by tag, whatever its case', '  - { baseline: a, accounts: { tags: { env: prod } } }\n', 'a'],
    ['by all conditions', '  - { baseline: a, accounts: { ids: ["1*"], tags: { env: test } } }\n', 'recommended'],
    ['by nothing', '  - { baseline: a }\n', 'a'],
    ['the first of two', '  - { baseline: a, accounts: ["1*"] }\n  - { baseline: b }\n', 'a'],
    ['the second of two', '  - { baseline: a, accounts: ["2*"] }\n  - { baseline: b }\n', 'b'],
    ['none', '  - { baseline: a, accounts: ["2*"] }\n', 'recommended'],
  ])('%s', (_name, text, expected) => {
    expect(assigned(text)).toBe(expected);
  });

  test('a path that is not known fits no pattern', () => {
    expect(assigned('  - { baseline: a, accounts: { path: "*" } }\n', { ...account, path: null })).toBe('recommended');
  });
});

describe('a reason', () => {
  const strictly = (rules: string, bases = 'strict') =>
    `requireReason: true\nbaselines:\n  own:\n    extends: ${bases}\n    rules:\n${rules}\n`;

  test('is asked for where a rule is turned off or becomes less severe, at its line, all lines at once', () => {
    const text = strictly('      ebs/a: off\n      "ebs/b": low\n      s3/c: [info, {}]');
    expect(refusal(text)).toBe(
      [
        'atrest.yaml:7:7: ebs/a is turned off without a reason, which requireReason asks for; write { state: off, reason: … }',
        'atrest.yaml:8:7: the severity of ebs/b is lowered to low without a reason, which requireReason asks for; write { state: low, reason: … }',
        'atrest.yaml:9:7: the severity of s3/c is lowered to info without a reason, which requireReason asks for; write { state: info, reason: … }',
      ].join('\n'),
    );
  });

  test.each([
    ['one that is given', '      ebs/a: { state: off, reason: not ours }'],
    ['a rule that stays as severe', '      ebs/a: medium'],
    ['a rule that becomes more severe', '      ebs/a: high'],
    ['a rule that is turned on', '      ebs/a: on'],
    ['options', '      ebs/a: { state: on, options: { days: 5 } }'],
  ])('is not asked for: %s', (_, line) => {
    expect(baseline(strictly(line)).rules.size).toBeGreaterThan(1);
  });

  test('is asked for against what the baseline extends, and where a glob lowers one rule of many', () => {
    const text = `requireReason: true\nbaselines:\n  base: { extends: strict, rules: { ebs/a: critical } }\n  own: { extends: base, rules: { "*": high } }\n`;
    expect(refusal(text)).toMatch(/^atrest\.yaml:5:34: the severity of ebs\/a is lowered to high without a reason/);
    expect(refusal(strictly('      ebs/*: { state: low, reason: " " }'))).toContain('write the reason');
    expect(refusal(strictly('      ebs/a: { state: off, reson: x }'))).toContain('unknown key "reson"');
    expect(refusal(strictly('      ebs/a: { state: off, reason: x, options: { days: 3 } }'))).toContain(
      'a rule that is off has no options',
    );
  });

  test('a rule that is turned on afresh may be of any severity', () => {
    expect(baseline(strictly('      s3/c: info', 'recommended')).rules.get('s3/c')?.severity).toBe('info');
  });

  test('none is asked for unless the config says so', () => {
    expect(baseline('baselines:\n  own: { extends: strict, rules: { ebs/a: off } }\n').rules.has('ebs/a')).toBe(false);
  });
});

test('the long form sets state and options, and its wrong options are found', () => {
  const own = baseline('baselines:\n  own: { rules: { ebs/a: { state: high, options: { days: 5 }, reason: r } } }\n');
  expect(own.rules.get('ebs/a')).toEqual({ severity: 'high', options: { days: 5, keys: [] } });
  const wrong = 'baselines:\n  own:\n    rules:\n      ebs/a: { state: high, options: { dayz: 5 } }\n';
  expect(refusal(wrong)).toBe('atrest.yaml:5:40: ebs/a: unknown option "dayz"; did you mean "days"?');
});
