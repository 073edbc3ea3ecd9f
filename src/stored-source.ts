import type { ReportSource } from '#model/report.js';
import { seenFacets } from './finding-calls.js';
import { withSince } from './first-seen.js';
import { storedFindings, storedLines } from './finish-run.js';

/** What is reported of a finished run, from the findings in its folder. What it was judged from may be in another. */
export async function storedSource(
  as: Pick<ReportSource, 'header' | 'language' | 'against' | 'manifestSha256'>,
  run: string,
  judgedFrom = run,
): Promise<ReportSource> {
  return withSince(
    {
      ...as,
      findings: () => storedFindings(run),
      lines: () => storedLines(run),
      seen: (some) => seenFacets(judgedFrom, some),
    },
    run,
  );
}
