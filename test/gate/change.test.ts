import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeOf, levelOfFinding, type Standing } from '#gate/change.js';
import { cellRegion, compareFindings, inReportOrder, join, type Joined } from '#gate/order.js';
import { builtIn } from '#collect/registry.js';
import { kinds } from '#model/resources/index.js';
import type { Change, Finding } from '#model/report.js';
import { levels } from '#model/level.js';
import { severities } from '#model/severity.js';
import { finding, unknownFinding } from '../support/report-parts.js';

const from = <T>(...items: readonly T[]) => ({
  async *[Symbol.asyncIterator]() {
    await Promise.resolve();
    yield* items;
  },
});
const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const fail = (given: Partial<Finding> = {}): Standing => ({
  is: 'finding',
  finding: finding({ id: 'a', rule: 'ebs/volume-cmk', ...given }),
});
const unknown: Standing = { is: 'finding', finding: unknownFinding({ id: 'a', rule: 'ebs/volume-cmk' }) };
const under = (arn: string, level: 'aws-managed' | 'customer-managed') => fail({ actual: level, key: { arn, level } });

describe('the change between two standings', () => {
  test.each<[string, Standing, Standing, Change]>([
    ['a pass that fails now', { is: 'pass' }, fail(), 'new'],
    ['a resource that was not there', { is: 'gone' }, fail(), 'new'],
    ['a rule that was off', { is: 'not-evaluated', reason: 'the rule was off' }, fail(), 'new'],
    ['a rule that did not apply', { is: 'not-applicable' }, fail(), 'new'],
    ['an unknown that fails now', unknown, fail(), 'worse'],
    ['a higher severity', fail({ severity: 'low' }), fail({ severity: 'medium' }), 'worse'],
    ['a lower severity', fail({ severity: 'low' }), fail({ severity: 'info' }), 'better'],
    ['a lower level', under('k', 'aws-managed'), fail({ actual: 'aws-owned' }), 'worse'],
    ['no encryption any more', under('k', 'aws-managed'), fail({ actual: 'not encrypted' }), 'worse'],
    ['a higher level', fail({ actual: 'aws-owned' }), under('k', 'aws-managed'), 'better'],
    ['a lower level at a lower severity', under('k', 'aws-managed'), fail({ severity: 'info', actual: 'aws-owned' }), 'worse'],
    ['another key of the same level', under('k', 'aws-managed'), under('l', 'aws-managed'), 'changed-key'],
    ['the same in other words', fail({ message: 'One.' }), fail({ message: 'Two.' }), 'unchanged'],
    ['a fail that passes', fail(), { is: 'pass' }, 'fixed'],
    ['an unknown that passes', unknown, { is: 'pass' }, 'better'],
    ['a list that can be read again', unknown, { is: 'listed' }, 'better'],
    ['a fail that became unknown', fail(), unknown, 'not-evaluated'],
    ['a pass that became unknown', { is: 'pass' }, unknown, 'not-evaluated'],
    ['an unknown that stays one', unknown, unknown, 'unchanged'],
    ['a fail that was not looked at', fail(), { is: 'not-evaluated', reason: 'the rule was off' }, 'not-evaluated'],
    ['a rule that does not apply any more', fail(), { is: 'not-applicable' }, 'not-evaluated'],
    ['a resource that is not there any more', fail(), { is: 'gone' }, 'gone'],
  ])('%s', (_, before, after, change) => {
    expect(changeOf(before, after).change).toBe(change);
  });

  test('a missing alias is no level of encryption', () => {
    expect(levelOfFinding(finding({ id: 'a', rule: 'kms/alias', kind: 'kms.key', actual: 'none' }))).toBeNull();
    expect(levelOfFinding(finding({ id: 'a', rule: 's3/default-encryption', kind: 's3.bucket', actual: 'none' }))).toBe('none');
  });
});

const anyFail = fc
  .record({
    verdict: fc.constantFrom('fail', 'fail', 'unknown'),
    severity: fc.constantFrom(...severities),
    level: fc.constantFrom(null, ...levels),
    key: fc.constantFrom(null, 'arn:k', 'arn:l'),
  })
  .map(({ verdict, severity, level, key }): Standing => ({
    is: 'finding',
    finding: (verdict === 'fail' ? finding : unknownFinding)({
      id: 'a',
      rule: 'r/1',
      severity,
      ...(verdict === 'fail' ? { actual: level, key: key === null ? null : { arn: key, level } } : {}),
    }),
  }));
const anyOther = fc.constantFrom<Standing>(
  { is: 'pass' },
  { is: 'gone' },
  { is: 'not-applicable' },
  { is: 'not-evaluated', reason: 'the rule was off' },
);

/** What may be said of two runs the other way round. */
const inverses: Readonly<Record<Change, readonly Change[]>> = {
  unchanged: ['unchanged'],
  'changed-key': ['changed-key'],
  // Worse by severity and better by level is worse both ways; what became known and fails was unknown.
  worse: ['better', 'worse', 'not-evaluated'],
  better: ['worse', 'not-evaluated'],
  new: ['fixed', 'gone', 'better', 'not-evaluated'],
  fixed: ['new'],
  gone: ['new', 'not-evaluated'],
  'not-evaluated': ['new', 'worse', 'better', 'gone', 'not-evaluated'],
};

test('nothing changes from a run to itself', () => {
  fc.assert(
    fc.property(anyFail, (standing) => {
      expect(changeOf(standing, standing).change).toBe('unchanged');
    }),
  );
});

test('the other way round, every change is its inverse, and a fix is what was new', () => {
  const listing = fc.tuple(fc.constant(unknown), fc.constant<Standing>({ is: 'listed' }));
  const pair = fc.oneof(fc.tuple(anyFail, anyFail), fc.tuple(anyFail, anyOther), fc.tuple(anyOther, anyFail), listing);
  fc.assert(
    fc.property(pair, ([before, after]) => {
      const [there, back] = [changeOf(before, after).change, changeOf(after, before).change];
      expect(inverses[there]).toContain(back);
      expect(inverses[back]).toContain(there);
      if (there === 'fixed') expect([after.is, back]).toEqual(['pass', 'new']);
      const worse = before.is === 'finding' && after.is === 'finding' && there === 'worse' && back === 'worse';
      if (worse) expect(before.finding.severity).not.toBe(after.finding.severity);
    }),
  );
});

const anyPlaced = fc
  .record({
    account: fc.constantFrom('111111111111', '222222222222'),
    region: fc.constantFrom('eu-west-1', 'us-east-1'),
    kind: fc.constantFrom('s3.bucket', 'ebs.volume', 'ebs.snapshot', 'kms.key', 's3.directory-bucket'),
    name: fc.constantFrom('*', 'a', 'b', 'c'),
    rule: fc.constantFrom('r/1', 'r/2'),
  })
  .map(({ account, kind, name, rule, ...where }) => {
    const region = name === '*' && kind === 's3.bucket' ? 'global' : where.region;
    const resource = name === '*' ? `arn:aws:x:${region}:${account}:${kind}/*` : `arn:aws:x:::${name}`;
    return finding({ id: JSON.stringify([account, region, kind, resource, rule]), rule, account, region, kind, resource });
  });
const anyRun = fc.uniqueArray(anyPlaced, { selector: ({ id }) => id, maxLength: 40 });

test('the join has every finding of either run once, in report order', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, anyRun, async (a, b) => {
      const sorted = (run: readonly Finding[]) => inReportOrder(from(...[...run].sort(compareFindings)), 'run');
      const pairs = await collect(join(sorted(a), sorted(b)));
      const ids = (run: readonly Finding[]) => run.map(({ id }) => id).sort();
      const side = (which: keyof Joined) => pairs.flatMap((pair) => pair[which] ?? []);
      expect([ids(side('before')), ids(side('after'))]).toEqual([ids(a), ids(b)]);
      for (const { before, after } of pairs) if (before !== null && after !== null) expect(before.id).toBe(after.id);
      const shared = a.filter(({ id }) => b.some((each) => each.id === id));
      expect(pairs.filter(({ before, after }) => before !== null && after !== null)).toHaveLength(shared.length);
    }),
  );
});

test('findings in another order are refused, not joined wrongly', async () => {
  const [a, b] = ['vol-a', 'vol-b'].map((resource) => finding({ id: resource, rule: 'r/1', resource })) as [Finding, Finding];
  await expect(collect(inReportOrder(from(b, a), 'RUN'))).rejects.toThrow(/findings of RUN are not in report order, at vol-a/);
  await expect(collect(inReportOrder(from(a, a), 'RUN'))).rejects.toThrow(/not in report order/);
});

test('buckets are the one kind that is listed once per account', () => {
  for (const kind of kinds) {
    const global = builtIn.kinds.find((spec) => spec.kind === kind)?.global === true;
    expect([kind, cellRegion({ kind, region: 'eu-west-1' })]).toEqual([kind, global ? 'global' : 'eu-west-1']);
  }
});
