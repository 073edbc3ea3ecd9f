import type { ReportFormat, ReportSource } from '#model/report.js';
import { inChunks } from '../chunks.js';
import { eventsOf, type OcsfVersion } from './event.js';

/** `report.ocsf.ndjson`: a Compliance Finding (class 2003) of OCSF a line. */
export const ocsf = formatOf('ocsf', '1.6.0');

/** The same by a later version of the schema, for who asks for it. */
export const ocsf18 = formatOf('ocsf-1.8', '1.8.0');

function formatOf(name: string, version: OcsfVersion): ReportFormat {
  return { name, file: `report.${name}.ndjson`, render: (source) => inChunks(lines(source, version)) };
}

async function* lines({ header, against, findings }: ReportSource, version: OcsfVersion): AsyncGenerator<string> {
  const eventOf = eventsOf(header, version);
  if (against === undefined) {
    for await (const finding of findings()) yield `${JSON.stringify(eventOf(finding, { change: null, here: true }))}\n`;
    return;
  }
  for await (const { change, before, after } of against.findings()) {
    const finding = after ?? before;
    if (finding !== null) yield `${JSON.stringify(eventOf(finding, { change, here: after !== null }))}\n`;
  }
}
