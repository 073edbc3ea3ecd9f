import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cellPath, readCell, type CallLine } from '#inventory/cell-file.js';
import { readLines } from '#inventory/lines.js';
import { exists, findingsFile, type RunCell } from '#inventory/run-folder.js';
import { compareText } from '#model/place.js';
import type { Finding } from '#model/report.js';
import { facetState, type FacetState, type ResourceRecord } from '#model/resources/index.js';
import { population, type Listed, type Member, type PopulationFacts } from './population.js';

/** A fact as the run holds it, and the call that it came from; null: none was made for it. */
export type SampledFact = FacetState & { readonly from: CallLine | null };

/** What the run says of a resource by a rule. Rules that do not apply say nothing. */
export type SampledVerdict =
  | { readonly rule: string; readonly verdict: 'pass' }
  | (Pick<Finding, 'rule' | 'id' | 'severity' | 'message' | 'waiver' | 'attestation'> & { readonly verdict: 'fail' | 'unknown' })
  | { readonly rule: string; readonly verdict: 'error'; readonly message: string };

/** A resource of a sample with all that the run knows of it. */
export interface SampledItem {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** SHA-256 of the seed, a space and the ARN: those with the smallest are the sample. */
  readonly order: string;
  readonly facts: Readonly<Record<string, SampledFact>>;
  readonly verdicts: readonly SampledVerdict[];
}

interface Drawn extends Member {
  readonly order: string;
}

/** Draws a sample: of the whole population those whose digest with the seed is smallest, so that anybody can draw it again. */
export async function sample(
  listed: Listed,
  { size, seed }: { readonly size: number; readonly seed: string },
): Promise<{ readonly items: readonly SampledItem[]; readonly population: PopulationFacts }> {
  const drawn: Drawn[] = [];
  const members = population(listed);
  for (;;) {
    const next = await members.next();
    if (next.done === true) return { items: await described(listed, drawn), population: next.value };
    const { arn } = next.value.record;
    const order = createHash('sha256').update(`${seed} ${arn}`).digest('hex');
    insert(drawn, { ...next.value, order }, size);
  }
}

function insert(drawn: Drawn[], one: Drawn, size: number): void {
  const last = drawn[size - 1];
  if (last !== undefined && compareDrawn(one, last) >= 0) return;
  let [from, to] = [0, drawn.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compareDrawn(drawn[middle] as Drawn, one) < 0) from = middle + 1;
    else to = middle;
  }
  drawn.splice(from, 0, one);
  if (drawn.length > size) drawn.pop();
}

function compareDrawn(a: Drawn, b: Drawn): number {
  return compareText(a.order, b.order) || compareText(a.record.arn, b.record.arn);
}

async function described({ path, run }: Listed, drawn: readonly Drawn[]): Promise<readonly SampledItem[]> {
  const facts = new Map<Drawn, Record<string, SampledFact>>(drawn.map((each) => [each, {}]));
  const byFile = new Map<string, Drawn[]>();
  for (const each of drawn) {
    const file = cellPath(path, each.cell);
    byFile.set(file, [...(byFile.get(file) ?? []), each]);
  }
  for (const [file, here] of byFile) {
    const calls = await callsIn(
      file,
      here.map(({ record }) => record),
    );
    for (const each of here) Object.assign(facts.get(each) ?? {}, factsOf(each.record, calls));
  }
  await addFollowUps(path, run.cells, drawn, facts);
  const verdicts = await verdictsOf(path, drawn);
  return drawn.map((each) => {
    const { record, cell, order } = each;
    const { arn, name, region } = record;
    const place = { arn, name, account: cell.account, region };
    return { ...place, order, facts: facts.get(each) ?? {}, verdicts: verdicts.get(keyOf(each)) ?? [] };
  });
}

/** The calls that these records point to. They stand before the records, so the file is read once more. */
async function callsIn(file: string, records: readonly ResourceRecord[]): Promise<ReadonlyMap<number, CallLine>> {
  const wanted = new Set(records.flatMap(({ calls = {} }) => Object.values(calls)));
  const found = new Map<number, CallLine>();
  const take = (line: CallLine): void => {
    if (wanted.has(line.call)) found.set(line.call, line);
  };
  // No further than the last of them.
  for await (const part of readCell(file, take)) if (found.size === wanted.size || part.footer !== undefined) break;
  return found;
}

function factsOf(record: ResourceRecord, calls: ReadonlyMap<number, CallLine>): Record<string, SampledFact> {
  const names = new Set([record.facets, record.unread ?? {}, record.skipped ?? {}].flatMap((states) => Object.keys(states)));
  return Object.fromEntries(
    [...names].sort().flatMap((name) => {
      const state = facetState(record, name);
      const call = record.calls?.[name];
      return state === undefined ? [] : [[name, { ...state, from: call === undefined ? null : (calls.get(call) ?? null) }]];
    }),
  );
}

/** What was asked of keys once the whole run was known stands in files of its own. */
async function addFollowUps(
  path: string,
  cells: readonly RunCell[],
  drawn: readonly Drawn[],
  facts: ReadonlyMap<Drawn, Record<string, SampledFact>>,
): Promise<void> {
  const byArn = new Map(drawn.filter(({ record }) => record.kind === 'kms.key').map((each) => [each.record.arn, each]));
  if (byArn.size === 0) return;
  for (const cell of cells.filter(({ service }) => service === 'kms')) {
    const file = cellPath(path, cell, '.followups');
    if (!(await exists(file))) continue;
    const records: ResourceRecord[] = [];
    for await (const part of readCell(file)) for (const record of part.records) if (byArn.has(record.arn)) records.push(record);
    if (records.length === 0) continue;
    const calls = await callsIn(file, records);
    for (const record of records) {
      const item = byArn.get(record.arn);
      if (item === undefined) continue;
      // What a follow-up did not ask, the listing did.
      const asked = Object.entries(factsOf(record, calls)).filter(([, { state }]) => state !== 'skipped');
      Object.assign(facts.get(item) ?? {}, Object.fromEntries(asked));
    }
  }
}

function keyOf({ record, cell }: Member): string {
  return `${cell.account} ${record.region} ${record.arn}`;
}

interface Passes {
  readonly pass: readonly string[];
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
}

/** What the findings of the run say of each of these: as they are stored, not judged anew. */
async function verdictsOf(path: string, drawn: readonly Drawn[]): Promise<ReadonlyMap<string, readonly SampledVerdict[]>> {
  const found = new Map<string, SampledVerdict[]>(drawn.map((each) => [keyOf(each), []]));
  const arns = new Map(drawn.map((each) => [each.record.arn, keyOf(each)]));
  if (drawn.length === 0) return found;
  for await (const lines of readLines(join(path, findingsFile))) {
    for (const line of lines) {
      if (line.startsWith('{"pass"')) {
        const { pass, account, region, resources } = JSON.parse(line) as Passes;
        for (const resource of resources)
          found.get(`${account} ${region} ${resource}`)?.push(...pass.map((rule) => ({ rule, verdict: 'pass' as const })));
      } else if (line.startsWith('{"verdict":"error"')) {
        const { rule, resource, message } = JSON.parse(line) as { rule: string; resource: string; message: string };
        found.get(arns.get(resource) ?? '')?.push({ rule, verdict: 'error', message });
      } else if (line.startsWith('{"id"')) {
        const { id, rule, verdict, severity, message, waiver, attestation, ...at } = JSON.parse(line) as Finding;
        if (verdict !== 'fail' && verdict !== 'unknown') continue;
        const said = { rule, verdict, id, severity, message, waiver, attestation };
        found.get(`${at.account} ${at.region} ${at.resource}`)?.push(said);
      }
    }
  }
  for (const verdicts of found.values()) verdicts.sort((a, b) => compareText(a.rule, b.rule));
  return found;
}
