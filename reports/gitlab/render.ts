import type { Finding, ReportFormat, ReportSource } from '#model/report.js';
import type { Severity } from '#model/severity.js';
import { inChunks } from '../chunks.js';
import { visible } from '../html/text.js';
import { waiverText } from '../notes.js';
import { repositoryPlaces, type PlaceOf } from '../repository-place.js';

/** `report.gitlab.json`: fails as GitLab's code quality report. It knows no unknown: JUnit shows those. */
export const gitlab: ReportFormat = {
  name: 'gitlab',
  file: 'report.gitlab.json',
  render: (source) => inChunks(pieces(source)),
};

/** GitLab's severities, the worst first, are blocker, critical, major, minor, info. */
const severities: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

async function* pieces({ header, findings }: ReportSource): AsyncGenerator<string> {
  const placeOf = repositoryPlaces(header);
  let separator = '[\n';
  for await (const finding of findings()) {
    if (finding.verdict !== 'fail') continue;
    yield separator + JSON.stringify(issueOf(finding, placeOf));
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** A waived fail is shown, as of no weight. */
function issueOf(finding: Finding, placeOf: PlaceOf): object {
  const { id, rule, severity, message, resource, waiver } = finding;
  const { path, line } = placeOf(finding);
  const parts = [message, ...(waiver === null ? [] : [waiverText(waiver)]), `Resource: ${resource}`];
  return {
    description: visible(parts.join(' ')),
    check_name: rule,
    fingerprint: id,
    severity: waiver?.state === 'valid' ? 'info' : severities[severity],
    location: { path: visible(path), lines: { begin: line } },
  };
}
