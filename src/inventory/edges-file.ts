import { edgesOf } from '#model/edges.js';
import { AtrestError } from '#model/errors.js';
import { compareText, type CellId, type Place } from '#model/place.js';
import type { Kind, ResourceRecord } from '#model/resources/index.js';
import type { EdgeName } from '#model/rule.js';
import { readCell, type CellFooter, type CellHeader } from './cell-file.js';
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
  readonly count: number;
  /** The first sources by ARN. */
  readonly first: readonly string[];
}

export interface EdgesHeader extends CellId {
  readonly edges: '1.0';
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

/** Gathers the edges and looked-up values of one cell, while it is crawled or when it is read again. */
export class EdgeCollector {
  readonly #place: Place;
  readonly #lookups: LookedUp;
  readonly #edges = new Map<string, { edge: EdgeName; from: Kind; to: string; count: number; first: string[] }>();
  readonly values: ResourceRecord[] = [];

  constructor(place: Place, lookups: LookedUp) {
    this.#place = place;
    this.#lookups = lookups;
  }

  add(record: ResourceRecord): void {
    if (record.gone === true) return;
    for (const { spec, target } of edgesOf(record, { ...this.#place, region: record.region })) this.#count(spec.name, record, target);
    const facets = this.#lookups[record.kind];
    if (facets === undefined) return;
    const { kind, arn, name, region } = record;
    const kept = Object.fromEntries(facets.flatMap((facet) => (record.facets[facet] === undefined ? [] : [[facet, record.facets[facet]]])));
    this.values.push({ kind, arn, name, region, facets: kept });
  }

  #count(edge: EdgeName, { kind, arn }: ResourceRecord, to: string): void {
    const id = `${edge} ${kind} ${to}`;
    const found = this.#edges.get(id);
    if (found === undefined) {
      this.#edges.set(id, { edge, from: kind, to, count: 1, first: [arn] });
      return;
    }
    found.count += 1;
    const { first } = found;
    if (first.length === firstMax && compareText(arn, first[firstMax - 1] ?? '') > 0) return;
    first.push(arn);
    first.sort(compareText);
    first.length = Math.min(first.length, firstMax);
  }

  edges(): readonly EdgeLine[] {
    return [...this.#edges].sort(([a], [b]) => compareText(a, b)).map(([, line]) => line);
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
  const file = await LineWriter.create(path);
  try {
    file.write(JSON.stringify(header));
    for (const edge of collector.edges()) file.write(JSON.stringify(edge));
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
      const parsed = JSON.parse(line) as EdgesHeader | EdgeLine | ResourceRecord | CellFooter;
      if ('edges' in parsed) {
        header = parsed;
        if (header.lookups !== lookupsSignature(lookups)) return undefined;
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
  if (header === undefined || footer === undefined || collector === undefined) throw new AtrestError('run-folder', `${path} is not whole`);
  return { header, edges: collector.edges(), values: collector.values, footer };
}
