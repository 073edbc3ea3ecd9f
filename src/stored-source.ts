import type { ReportSource } from '#model/report.js';
import { seenFacets } from './finding-calls.js';
import { storedFindings, storedLines } from './finish-run.js';

/** What is reported of a finished run, from the findings in its folder. What it was judged from may be in another. */
export function storedSource(as: Pick<ReportSource, 'header' | 'language'>, run: string, judgedFrom = run): ReportSource {
  return {
    ...as,
    findings: () => storedFindings(run),
    lines: () => storedLines(run),
    seen: (some) => seenFacets(judgedFrom, some),
  };
}
