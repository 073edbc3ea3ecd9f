import { csvOf } from '../../csv/render.js';
import { download } from './dom.js';
import type { Table } from './table.js';

/** Hands out the findings of these rows as `report.csv` has them. */
export async function exportCsv(table: Table, rows: Int32Array): Promise<void> {
  const { rules, accounts, run } = table.head;
  const header = { rules, scope: { accounts }, run };
  const parts: string[] = [];
  for await (const part of csvOf({ header, findings: () => findingsOf(table, rows) })) parts.push(part);
  download(`findings-${run.id}.csv`, 'text/csv;charset=utf-8', parts);
}

/**
 * Hands out the findings of these rows as `report.json` has them, as evidence: with the run and the query they come from,
 * the digest of the run's manifest, who signs its evidence pack and what verifies it. The pack's own digest cannot stand in
 * a page that is part of the pack.
 */
export function exportJson(table: Table, rows: Int32Array, query: string): void {
  const { run, tool, manifestSha256, signedBy, total } = table.head;
  const verify = `atrest evidence verify PACK${signedBy === null ? '' : ' --key PUBLIC_KEY'}`;
  const evidence = { manifestSha256, signedBy, verify };
  const from = { run: run.id, startedAt: run.startedAt, tool, ...evidence, query, count: rows.length, total };
  const parts = [`${JSON.stringify(from).slice(0, -1)},"findings":[\n`];
  for (const [index, row] of rows.entries()) parts.push(`${index === 0 ? '' : ',\n'}${JSON.stringify(table.finding(row))}`);
  parts.push('\n]}\n');
  download(`findings-${run.id}.json`, 'application/json', parts);
}

async function* findingsOf(table: Table, rows: Int32Array) {
  for (const row of rows) yield table.finding(row);
}
