import { gunzipSync } from 'node:zlib';
import type { ReportSource } from '#model/report.js';
import { html } from '#reports/html/render.js';
import { rendered } from './report-parts.js';

/** What the page of a report keeps for its script, by the place where the script puts it. */
export async function keptIn(source: ReportSource): Promise<ReadonlyMap<string, string>> {
  const [, data] = /<script type="text\/plain" id="later">([^<]*)</.exec(await rendered(html.render(source))) ?? [];
  if (data === undefined) return new Map();
  const lines = gunzipSync(Buffer.from(data, 'base64')).toString('utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => JSON.parse(line) as [string, string]));
}
