import type { ReportFormat, ReportSource } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { asffOf } from './finding.js';

/** `report.asff.json`: the findings as `atrest push` sends them to Security Hub, in one array. */
export const asff: ReportFormat = {
  name: 'asff',
  file: 'report.asff.json',
  render: (source) => inChunks(pieces(source)),
};

async function* pieces({ header, findings }: ReportSource): AsyncGenerator<string> {
  const asffFinding = asffOf(header);
  let separator = '[\n';
  for await (const finding of findings()) {
    yield separator + JSON.stringify(asffFinding(finding));
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}
