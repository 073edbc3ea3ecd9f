import type { ReportFormat } from '#model/report.js';
import { markdownSummary } from '../md/summary.js';

/**
 * `report.github.md`: the summary of a step in GitHub Actions. GitHub takes 1 MiB from all that a step writes, and above
 * that drops the whole of it while the step stays green: so this keeps to a quarter.
 */
export const github: ReportFormat = {
  name: 'github',
  file: 'report.github.md',
  async *render(source) {
    yield await markdownSummary(source, { rows: 100, bytes: 256 * 1024 });
  },
};
