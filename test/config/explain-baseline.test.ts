import { describe, expect, test } from 'vitest';
import { catalogue } from '#index.js';
import { assignmentsOf, explainBaseline } from '#config/explain-baseline.js';
import { parseConfig } from '#config/load.js';
import { assignedBaseline } from '#config/baselines.js';

const id = '111111111111';
const nothing = { id, tags: {}, hasAllTags: false };

function candidates(assign: string, account: Partial<Parameters<typeof assignmentsOf>[1]> = {}) {
  const { config, locate } = parseConfig(`version: 1\nassign:\n${assign}\n`, 'atrest.yaml');
  return assignmentsOf(config.assign, { ...nothing, ...account }, locate).map(
    ({ baseline, at, unknown }) => `${baseline} ${at ?? 'default'}${unknown.map((each) => ` ? ${each}`).join('')}`,
  );
}

describe('which baseline an account has', () => {
  test.each([
    ['an id decides', '  - { baseline: strict, accounts: ["1111*"] }', {}, ['strict atrest.yaml:3:5']],
    ['another id too', '  - { baseline: strict, accounts: ["2222*"] }', {}, ['recommended default']],
    [
      'a tag is not known',
      '  - { baseline: strict, accounts: { tags: { env: prod } } }',
      {},
      ['strict atrest.yaml:3:5 ? tag env', 'recommended default'],
    ],
    [
      'a tag fits',
      '  - { baseline: strict, accounts: { tags: { env: prod } } }',
      { tags: { Env: 'prod' } },
      ['strict atrest.yaml:3:5'],
    ],
    [
      'a tag does not fit',
      '  - { baseline: strict, accounts: { tags: { env: prod } } }',
      { tags: { env: 'dev' } },
      ['recommended default'],
    ],
    [
      'all tags are known',
      '  - { baseline: strict, accounts: { tags: { env: prod } } }',
      { hasAllTags: true },
      ['recommended default'],
    ],
    [
      'a path by ids',
      '  - { baseline: strict, accounts: ["ou-prod*"] }',
      { path: 'o-1/r-1/ou-prod-1' },
      ['strict atrest.yaml:3:5'],
    ],
    [
      'a path by ids, elsewhere',
      '  - { baseline: strict, accounts: ["ou-prod*"] }',
      { path: 'o-1/r-1/ou-dev-1' },
      ['recommended default'],
    ],
    [
      'a path by names, of which only ids are known',
      '  - { baseline: strict, accounts: ["Root/Prod"] }',
      { path: 'o-1/r-1/ou-dev-1' },
      ['strict atrest.yaml:3:5 ? OU path by names', 'recommended default'],
    ],
    [
      'the others do not fit, whatever is not known',
      '  - { baseline: strict, accounts: { ids: ["2*"], tags: { env: prod } } }',
      {},
      ['recommended default'],
    ],
    [
      'what comes after one that fits does not matter',
      '  - { baseline: strict }\n  - { baseline: recommended, accounts: { tags: { a: b } } }',
      {},
      ['strict atrest.yaml:3:5'],
    ],
    [
      'every open question is named',
      '  - { baseline: strict, accounts: { names: ["*-prod"], tags: { a: x, b: y }, path: "Root/Prod" } }',
      { tags: { a: 'x' } },
      ['strict atrest.yaml:3:5 ? name ? OU path by names ? tag b', 'recommended default'],
    ],
  ])('%s', (_, assign, account, expected) => {
    expect(candidates(assign, account).map((each) => each)).toEqual(expected);
  });

  test('is what a scan would say, once all is known', () => {
    const assign = [
      { baseline: 'a', accounts: { tags: { env: 'prod' }, path: 'Root/Prod' } },
      { baseline: 'b', accounts: { names: ['*-prod'] } },
      { baseline: 'c', accounts: ['ou-1', '11*'] },
    ];
    for (const name of ['web-prod', 'web'])
      for (const path of ['o-1/r-1/ou-1', 'o-1/r-1/ou-2'])
        for (const env of ['prod', 'dev'])
          for (const account of [id, '222222222222']) {
            const known = { id: account, name, path, namePath: 'Root/Prod', tags: { env } };
            const [first] = assignmentsOf(assign, { ...known, hasAllTags: true }, () => '');
            expect(first).toMatchObject({ baseline: assignedBaseline(assign, known), unknown: [] });
          }
  });
});

test('each severity, option and state is laid to whoever said it', () => {
  const text = `version: 1
baselines:
  base:
    extends: recommended
    rules:
      kms/rotation-period: [low, { maxDays: 400 }]
      s3/bucket-key: { state: off, reason: too dear }
  own: { extends: [base], rules: { kms/rotation-period: critical } }
`;
  const { config, locate } = parseConfig(text, 'atrest.yaml');
  const own = explainBaseline(catalogue, config, locate, 'own');
  expect(own.chain).toEqual([
    { name: 'own', at: 'atrest.yaml:8:3', extends: ['base'] },
    { name: 'base', at: 'atrest.yaml:3:3', extends: ['recommended'] },
    { name: 'recommended', at: null, extends: [] },
  ]);
  const rule = (id: string) => own.rules.find((each) => each.id === id);
  const base = { baseline: 'base', at: 'atrest.yaml:6:7', reason: null };
  expect(rule('kms/rotation-period')).toMatchObject({
    on: true,
    from: { baseline: 'recommended', at: null, reason: null },
    severity: 'critical',
    severityFrom: { baseline: 'own', at: 'atrest.yaml:8:36', reason: null },
    options: { maxDays: { value: 400, from: base } },
  });
  expect(rule('s3/bucket-key')).toMatchObject({
    on: false,
    from: { baseline: 'base', at: 'atrest.yaml:7:7', reason: 'too dear' },
    options: {},
  });
  const strictOnly = catalogue.rules.find(({ recommended }) => !recommended);
  expect(rule(strictOnly?.id ?? '')).toMatchObject({ on: false, from: null });
  expect(own.rules).toHaveLength(catalogue.rules.length);
});
