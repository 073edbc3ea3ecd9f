import type { ReportFormat, ReportSource } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { inOrder } from '../json/render.js';

/** A finding a line on stdout, each as `report.json` has it: for `jq` and whatever else reads a stream. */
export const ndjson: ReportFormat = {
  name: 'ndjson',
  file: null,
  render: (source) => inChunks(lines(source)),
};

async function* lines({ findings }: ReportSource): AsyncGenerator<string> {
  for await (const finding of findings()) yield `${JSON.stringify(inOrder(finding))}\n`;
}
