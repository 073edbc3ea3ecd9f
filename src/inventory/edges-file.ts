import { edgesOf, edgeSpecs, lineage, type Edge } from '#model/edges.js';
import { AtrestError } from '#model/errors.js';
import { compareText, type CellId, type Place } from '#model/place.js';
import { facetState, recordOf, type Kind, type ResourceRecord } from '#model/resources/index.js';
import type { EdgeName } from '#model/rule.js';
import { parseLine, readCell, type CellFooter, type CellHeader } from './cell-file.js';
import { LineWriter, readLines } from './lines.js';

/** Sources of an edge that are named beside their count. */
const firstMax = 5;

/** Facets of each kind that some rule looks up from elsewhere. */
export type LookedUp = Readonly<Partial<Record<Kind, readonly string[]>>>;

/** Edges of one cell from one kind to one target, counted: a million snapshots under five keys are five lines. */
export interface EdgeLine {
  readonly edge: EdgeName;
  readonly from: Kind;
  readonly to: string;
  /** The region that holds it, where the target's form does not say it and the resource does. */
  readonly region: string | null;
  /** What the sources depend on the key for; null: they are counted as its dependants elsewhere, or it is no key. */
  readonly usage: string | null;
  /** The region of the sources, where it is not the cell's: buckets. */
  readonly at?: string;
  readonly count: number;
  /** The first sources by ARN; of a key none, for they are many and nothing names them. */
  readonly first: readonly string[];
}

/** Edges of another version are derived anew. */
export const edgesVersion = '1.2';

export interface EdgesHeader extends CellId {
  readonly edges: typeof edgesVersion;
  readonly partition: string;
  /** What the rule set looks up; edges made for another are made again. */
  readonly lookups: string;
}

export function lookupsSignature(lookups: LookedUp): string {
  const kinds = Object.entries(lookups) as [Kind, readonly string[]][];
  return kinds
    .map(([kind, facets]) => `${kind}:${[...facets].sort().join('+')}`)
    .sort()
    .join(' ');
}

/** Kinds whose looked-up values stay in the cell's own file until it is known which of them something was made from. */
export const copiedKinds: ReadonlySet<string> = new Set(edgeSpecs.flatMap(({ name, to }) => (lineage.has(name) ? [to] : [])));

/** Edges of one name, kind and usage, from one region. */
interface EdgeGroup extends Pick<EdgeLine, 'edge' | 'from' | 'usage' | 'at'> {
  readonly targets: Map<string, Target>;
}

/** Most have one source, of which there may be hundreds of thousands: no list is made for one. */
interface Target {
  readonly region: string | null;
  count: number;
  first: string | string[] | undefined;
}

/** Gathers the edges and looked-up values of one cell, while it is crawled or when it is read again. */
export class EdgeCollector {
  readonly #place: Place;
  readonly #lookups: LookedUp;
  readonly #groups = new Map<string, EdgeGroup>();
  readonly values: ResourceRecord[] = [];

  constructor(place: Place, lookups: LookedUp) {
    this.#place = place;
    this.#lookups = lookups;
  }

  add(record: ResourceRecord): void {
    if (record.gone === true) return;
    for (const edge of edgesOf(record, { ...this.#place, region: record.region })) this.#count(edge, record);
    const facets = this.#lookups[record.kind];
    if (facets !== undefined && !copiedKinds.has(record.kind)) this.values.push(lookedUpPart(record, facets));
  }

  #count({ spec: { name: edge }, target: to, region, usage }: Edge, { kind, arn, region: here }: ResourceRecord): void {
    // Where a key's dependants are is told; of other edges it would only make more lines.
    const elsewhere = usage !== null && here !== this.#place.region;
    const { targets } = this.#group(edge, kind, usage, elsewhere ? here : undefined);
    const found = targets.get(to);
    if (found === undefined) {
      targets.set(to, { region, count: 1, first: edge === 'key' ? undefined : arn });
      return;
    }
    found.count += 1;
    if (found.first === undefined) return;
    const first = typeof found.first === 'string' ? [found.first] : found.first;
    found.first = first;
    if (first.length === firstMax && compareText(arn, first[firstMax - 1] ?? '') > 0) return;
    first.push(arn);
    first.sort(compareText);
    first.length = Math.min(first.length, firstMax);
  }

  #group(edge: EdgeName, from: Kind, usage: string | null, at: string | undefined): EdgeGroup {
    const id = `${edge} ${from} ${usage ?? ''} ${at ?? ''}`;
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = { edge, from, usage, ...(at !== undefined && { at }), targets: new Map() };
      this.#groups.set(id, group);
    }
    return group;
  }

  edges(): readonly EdgeLine[] {
    return [...this.lines()];
  }

  /** In order of name, kind, target, usage and region. */
  *lines(): Generator<EdgeLine> {
    const alike = new Map<string, { readonly group: EdgeGroup; readonly to: string }[]>();
    for (const group of this.#groups.values()) {
      const id = `${group.edge} ${group.from} `;
      const all = alike.get(id) ?? [];
      for (const to of group.targets.keys()) all.push({ group, to });
      alike.set(id, all);
    }
    for (const [, targets] of [...alike].sort(([a], [b]) => compareText(a, b))) {
      targets.sort(
        (a, b) =>
          compareText(a.to, b.to) ||
          compareText(a.group.usage ?? '', b.group.usage ?? '') ||
          compareText(a.group.at ?? '', b.group.at ?? ''),
      );
      for (const { group, to } of targets) {
        const { edge, from, usage, at } = group;
        const { region = null, count = 0, first = [] } = group.targets.get(to) ?? {};
        yield {
          edge,
          from,
          to,
          region,
          usage,
          ...(at !== undefined && { at }),
          count,
          first: typeof first === 'string' ? [first] : first,
        };
      }
    }
  }
}

/** Edges, looked-up values and coverage of one cell: all that evaluation keeps of it while others stream past. */
export interface CellEdges {
  readonly header: CellHeader | EdgesHeader;
  readonly edges: readonly EdgeLine[];
  readonly values: readonly ResourceRecord[];
  readonly footer: CellFooter;
}

export async function writeEdges(path: string, header: EdgesHeader, collector: EdgeCollector, footer: CellFooter): Promise<void> {
  const file = new LineWriter(path);
  try {
    file.write(JSON.stringify(header));
    for (const edge of collector.lines()) {
      file.write(JSON.stringify(edge));
      if (file.full) await file.drained();
    }
    for (const value of collector.values.sort((a, b) => compareText(`${a.kind} ${a.arn}`, `${b.kind} ${b.arn}`))) {
      file.write(JSON.stringify(value));
      if (file.full) await file.drained();
    }
    file.write(JSON.stringify(footer));
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Undefined when the file was made for other look-ups; rejects when it is not whole. */
export async function readEdges(path: string, lookups: LookedUp): Promise<CellEdges | undefined> {
  let header: EdgesHeader | undefined;
  let footer: CellFooter | undefined;
  const edges: EdgeLine[] = [];
  const values: ResourceRecord[] = [];
  for await (const lines of readLines(path)) {
    for (const line of lines) {
      const parsed = parseLine<EdgesHeader | EdgeLine | ResourceRecord | CellFooter>(path, line);
      if ('edges' in parsed) {
        header = parsed;
        const { edges: version, lookups: made }: { edges: string; lookups: string } = parsed;
        if (version !== edgesVersion || made !== lookupsSignature(lookups)) return undefined;
      } else if ('footer' in parsed) footer = parsed;
      else if ('edge' in parsed) edges.push(parsed);
      else values.push(parsed);
    }
  }
  if (header === undefined || footer === undefined) throw new AtrestError('run-folder', `${path} is not whole`);
  return { header, edges, values, footer };
}

/** The same from the cell's own file, which they are derivable from. */
export async function deriveEdges(path: string, lookups: LookedUp): Promise<CellEdges> {
  let collector: EdgeCollector | undefined;
  let header: CellHeader | undefined;
  let footer: CellFooter | undefined;
  for await (const part of readCell(path)) {
    if (part.header !== undefined) {
      header = part.header;
      collector = new EdgeCollector(part.header, lookups);
    }
    for (const record of part.records) collector?.add(record);
    footer = part.footer ?? footer;
  }
  if (header === undefined || footer === undefined || collector === undefined)
    throw new AtrestError('run-folder', `${path} is not whole`);
  return { header, edges: collector.edges(), values: collector.values, footer };
}

/** Of a record what rules look up. */
export function lookedUpPart({ kind, arn, name, region, ...record }: ResourceRecord, facets: readonly string[]): ResourceRecord {
  const states = facets.flatMap((facet) => {
    const state = facetState({ kind, arn, name, region, ...record }, facet);
    return state === undefined ? [] : [[facet, state] as const];
  });
  return recordOf(kind, { arn, name, region }, Object.fromEntries(states));
}
