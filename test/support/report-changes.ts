import type { Change, ComparedFinding, Finding, ReportSource, SeenFacet } from '#model/report.js';
import { reportFixture } from './report-fixture.js';
import { finding, sourceOf } from './report-parts.js';

export const earlierRun = '20261101T040000Z-0a1b';

/** A report that is compared with an earlier run: some findings are new, some worse, the others as they were; five ended. */
export function comparedSource(count = 60): ReportSource {
  const report = reportFixture({ count });
  const after = report.findings.map((each, index) => comparedWith(each, index));
  const before = ended.map(([change, reason], index): ComparedFinding => ({
    change,
    ...(reason !== null && { reason }),
    before: finding({ id: `ended-${index}`, rule: 'ebs/volume-encrypted', name: `ended-volume-${index}`, severity: 'high' }),
    after: null,
  }));
  return {
    ...sourceOf(report),
    seen: (findings) => Promise.resolve(new Map(findings.map(({ resource }) => [resource, [seenFacet]]))),
    against: {
      run: earlierRun,
      async *findings() {
        await Promise.resolve();
        yield* [...before, ...after];
      },
    },
  };
}

const seenFacet: SeenFacet = {
  facet: 'details',
  value: '{"encrypted":false}',
  operation: 'ec2:DescribeVolumes',
  requestId: '4c1f2a9e-0b7d-4e51-9a33-5d2f6c8e7b10',
  date: '2026-11-22T04:01:00.000Z',
};

const ended: readonly (readonly [Change, string | null])[] = [
  ['fixed', null],
  ['fixed', null],
  ['gone', 'the resource is not there any more'],
  ['better', 'it could be read now, and passes'],
  ['not-evaluated', 'the rule was off'],
];

function comparedWith(after: Finding, index: number): ComparedFinding {
  if (after.verdict !== 'fail') return { change: 'unchanged', before: after, after };
  if (index % 5 === 0) return { change: 'new', reason: 'it passed before', before: null, after };
  return { change: index % 7 === 0 ? 'worse' : 'unchanged', before: after, after };
}
