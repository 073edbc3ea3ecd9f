import type { ReportFormat } from '#model/report.js';
import { markdownSummary } from './summary.js';

/** `report.md`: a summary for people, short enough for a comment on a pull request, which takes 65,536 characters. */
export const md: ReportFormat = {
  name: 'md',
  file: 'report.md',
  async *render(source) {
    yield await markdownSummary(source, { rows: 25, bytes: 60_000 });
  },
};
