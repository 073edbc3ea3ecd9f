import { describe, expect, test } from 'vitest';
import { resolveBaselines } from '#config/baselines.js';
import { builtIn, facetOperations } from '#collect/registry.js';
import { Evaluator } from '#engine/evaluator.js';
import { RunGraph } from '#inventory/run-graph.js';
import { encryptionOfFacet, isKeyBearing, keyFacets } from '#model/encryption.js';
import { kinds, type Kind } from '#model/resources/index.js';
import { rules } from '#rules/index.js';
import { home, now, unread, volume, type TestResource } from '../support/resources.js';
import type { Rule, RuleContext } from '#model/rule.js';
import { sampleOptions, sampleResource, samplesOf } from '../support/samples.js';

const decided = rules.filter(({ decidedBy }) => decidedBy === 'encryption');

/** Every sample of the facet that says how a kind is encrypted, under two names and with both samples of tags. */
function resourcesOf(kind: Kind): readonly TestResource[] {
  if (!isKeyBearing(kind)) return [];
  const facet = keyFacets[kind];
  return samplesOf(kind, facet).flatMap((value) =>
    [{}, { DataClass: 'confidential' }].flatMap((tags, index) => {
      const { record, account } = sampleResource(kind, {
        [facet]: value,
        ...('tags' in sampleResource(kind).record.facets ? { tags } : {}),
      });
      return [{ account, record: { ...record, arn: `${record.arn}-${String(index)}`, name: `name-${String(index)}` } }];
    }),
  );
}

function evaluator(name: 'recommended' | 'strict', passesInFull: boolean): Evaluator {
  const graph = new RunGraph([], [], { accounts: new Set([home.account]) });
  const baseline = resolveBaselines({ rules, frameworks: [], facets: [] }).get(name);
  if (baseline === undefined) throw new Error(name);
  const settings = [...baseline.rules].map(([id, setting]) => {
    const options = rules.find((rule) => rule.id === id)?.options?.parse(sampleOptions(id) ?? {});
    return [id, { ...setting, options }] as const;
  });
  return new Evaluator({
    rules,
    baseline: { ...baseline, rules: new Map(settings) },
    joins: graph,
    trust: { accounts: new Set([home.account]), organisation: null },
    now,
    operations: facetOperations(builtIn),
    paths: new Map(),
    passesInFull,
  });
}

function verdictsOf(judge: Evaluator, { record, account }: TestResource): readonly string[] {
  const found: string[] = [];
  judge.evaluate(record, { ...home, account }, ({ id }, { verdict }) => found.push(`${record.arn} ${id} ${verdict}`));
  return found;
}

test('a rule that its encryption decides needs nothing else', () => {
  expect(decided.length).toBeGreaterThan(5);
  for (const { id, kinds: on, needs, wants, reverse } of decided) {
    expect(wants, id).toEqual([]);
    expect(reverse, id).toEqual([]);
    for (const kind of on) for (const need of needs) expect(['encryption', keyFacets[kind as 'ebs.volume']], id).toContain(need);
  }
});

describe.each(['recommended', 'strict'] as const)('%s', (baseline) => {
  test.each(kinds.filter((kind) => isKeyBearing(kind)))('one verdict serves all %s that are encrypted alike', (kind) => {
    const resources = resourcesOf(kind);
    const apart = resources.flatMap((each) => verdictsOf(evaluator(baseline, true), each));
    const together = evaluator(baseline, false);
    expect(resources.flatMap((each) => verdictsOf(together, each))).toEqual(apart);
    const alike = new Set(resources.map(({ record }) => JSON.stringify(encryptionOfFacet(kind, record.facets[keyFacets[kind]]))));
    expect(alike.size).toBeLessThan(resources.length);
  });
});

test('a rule that looks at more than it says is asked for every resource', () => {
  const base = rules.find(({ id }) => id === 'ebs/volume-encrypted');
  if (base === undefined) throw new Error('the rule is gone');
  const careless: Rule = {
    ...base,
    wants: ['tags'],
    evaluate: (resource: { tags: { known: boolean } }, { pass, unknown }: RuleContext) =>
      resource.tags.known ? pass('underKey') : unknown([]),
  };
  const judge = new Evaluator({
    rules: [careless],
    baseline: { name: 'own', rules: new Map([[careless.id, { severity: null }]]), cmkRequired: [] },
    joins: new RunGraph([], [], { accounts: new Set([home.account]) }),
    trust: { accounts: new Set(), organisation: null },
    paths: new Map(),
    now,
    operations: new Map(),
    passesInFull: false,
  });
  const found = [volume('vol-1'), volume('vol-2', {}, { tags: unread() })].flatMap((each) => verdictsOf(judge, each));
  expect(found.map((each) => each.split(' ').at(-1))).toEqual(['pass', 'unknown']);
});

test('a rule without anything to judge by does not apply, whatever could not be read and whether passes are shown or not', () => {
  const base = rules.find(({ id }) => id === 'ebs/snapshot-encrypted');
  if (base === undefined) throw new Error('the rule is gone');
  const idle: Rule = { ...base, premises: ['details'], configured: () => false };
  const { record, account } = sampleResource('ebs.snapshot');
  const unreadable = { ...record, facets: {}, unread: { details: unreadDetails } };
  const verdicts = [true, false].map((passesInFull) => {
    const judge = new Evaluator({
      rules: [idle],
      baseline: { name: 'own', rules: new Map([[idle.id, { severity: null }]]), cmkRequired: [] },
      joins: new RunGraph([], [], { accounts: new Set([home.account]) }),
      trust: { accounts: new Set(), organisation: null },
      paths: new Map(),
      now,
      operations: new Map(),
      passesInFull,
    });
    return verdictsOf(judge, { account, record: unreadable })[0]?.split(' ').at(-1);
  });
  expect(verdicts).toEqual(['not-applicable', 'not-applicable']);
});

const unreadDetails = {
  facet: 'ebs.snapshot/details',
  operation: 'ec2:DescribeSnapshots',
  action: 'ec2:DescribeSnapshots',
  code: 'UnauthorizedOperation',
  cause: 'denied',
} as const;
