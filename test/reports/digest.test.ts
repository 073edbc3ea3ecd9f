import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, rankOf } from '#reports/html/digest.js';
import type { Finding } from '#model/report.js';
import { severities } from '#model/severity.js';
import { finding, sourceOf, unknownFinding } from '../support/report-parts.js';
import { reportFixture } from '../support/report-fixture.js';

async function* stream(findings: readonly Finding[]): AsyncGenerator<Finding> {
  await Promise.resolve();
  yield* findings;
}

const anyFinding = fc
  .tuple(fc.constantFrom(...severities), fc.constantFrom('fail', 'unknown', 'pass', 'not-applicable' as const))
  .map(([severity, verdict]) => ({ severity, verdict }));

test('keeps the same as sorting everything would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFinding, { maxLength: 60 }), fc.nat(20), async (kinds, limit) => {
      const findings = kinds.map((kind, index) => finding({ ...kind, id: String(index), rule: 'a/b' }));
      const worst = new Set(findings.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, limit));
      const { shown, total } = await digestOf(stream(findings), limit);
      expect(shown).toEqual(findings.filter((one) => worst.has(one)));
      expect(total).toBe(findings.length);
    }),
  );
});

test('severity goes first, then fails before unknowns, and what passed comes last', () => {
  const rank = (severity: Finding['severity'], verdict: Finding['verdict']): number =>
    rankOf(finding({ id: '1', rule: 'a/b', severity, verdict }));
  const ranks = [
    rank('critical', 'fail'),
    rank('critical', 'unknown'),
    rank('high', 'fail'),
    rank('info', 'unknown'),
    rank('critical', 'pass'),
  ];
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  expect(new Set(ranks).size).toBe(ranks.length);
});

test('tallies every finding, shown or not', async () => {
  const report = reportFixture();
  const { places, shown } = await digestOf(sourceOf(report).findings(), 5);
  expect(shown).toHaveLength(5);
  const counted = places.reduce((sum, place) => sum + place.unknown + Object.values(place.fail).reduce((a, b) => a + b, 0), 0);
  expect(counted).toBe(200);
});

test('counts an unknown once for each cause', async () => {
  const twice = unknownFinding({ id: '1', rule: 'a/b' });
  const missing = twice.missing?.[0];
  if (missing === undefined) throw new Error('the fixture lost its cause');
  const other = { ...missing, operation: 'kms:DescribeKey', action: 'kms:DescribeKey' };
  const { causes } = await digestOf(
    stream([
      { ...twice, missing: [missing, missing, other] },
      { ...twice, id: '2' },
    ]),
    9,
  );
  expect(causes.map(({ operation, unknown }) => [operation, unknown])).toEqual([
    ['kms:GetKeyRotationStatus', 2],
    ['kms:DescribeKey', 1],
  ]);
});
