import { edgesOf, edgeSpecs } from '#model/edges.js';
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

/** Which looked-up values to keep: all, none, or those that an edge of the run points at. */
export type KeptValues = 'all' | 'none' | ReadonlySet<string>;

/** Kinds that are many and looked up in one way only: as the source of a copy. Of all others every value is kept. */
const copied: ReadonlySet<string> = new Set(edgeSpecs.flatMap(({ name, to }) => (name === 'source' ? [to] : [])));

/** What edges point at, as `readEdges` takes it to keep the values there. */
export function targetsOf(cells: readonly CellEdges[]): ReadonlySet<string> {
  return new Set(cells.flatMap(({ edges }) => edges.map(({ to }) => to)));
}

/** Edges name a snapshot of EBS by its id, all else by its ARN. */
function isKept(kind: string, arn: string, values: KeptValues): boolean {
  if (typeof values === 'string') return values === 'all';
  return !copied.has(kind) || values.has(arn) || values.has(arn.slice(arn.lastIndexOf('/') + 1));
}

/** Gathers the edges and looked-up values of one cell, while it is crawled or when it is read again. */
export class EdgeCollector {
  readonly #place: Place;
  readonly #lookups: LookedUp;
  readonly #kept: KeptValues;
  readonly #edges = new Map<string, { edge: EdgeName; from: Kind; to: string; count: number; first: string[] }>();
  readonly values: ResourceRecord[] = [];

  constructor(place: Place, lookups: LookedUp, kept: KeptValues = 'all') {
    this.#place = place;
    this.#lookups = lookups;
    this.#kept = kept;
  }

  add(record: ResourceRecord): void {
    if (record.gone === true) return;
    for (const { spec, target } of edgesOf(record, { ...this.#place, region: record.region }))
      this.#count(spec.name, record, target);
    const facets = this.#lookups[record.kind];
    if (facets === undefined || !isKept(record.kind, record.arn, this.#kept)) return;
    const { kind, arn, name, region } = record;
    const kept = Object.fromEntries(
      facets.flatMap((facet) => (record.facets[facet] === undefined ? [] : [[facet, record.facets[facet]]])),
    );
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
    // Before the values: whoever wants edges and coverage need not read on.
    file.write(JSON.stringify(footer));
    for (const value of collector.values.sort((a, b) => compareText(`${a.kind} ${a.arn}`, `${b.kind} ${b.arn}`))) {
      file.write(JSON.stringify(value));
      if (file.full) await file.drained();
    }
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Undefined when the file was made for other look-ups; rejects when it is not whole. */
export async function readEdges(path: string, lookups: LookedUp, kept: KeptValues = 'all'): Promise<CellEdges | undefined> {
  let header: EdgesHeader | undefined;
  let footer: CellFooter | undefined;
  const edges: EdgeLine[] = [];
  const values: ResourceRecord[] = [];
  for await (const lines of readLines(path)) {
    for (const line of lines) {
      if (line.startsWith('{"kind"')) {
        if (isKept(textOf(line, 'kind'), textOf(line, 'arn'), kept)) values.push(JSON.parse(line) as ResourceRecord);
        continue;
      }
      const parsed = JSON.parse(line) as EdgesHeader | EdgeLine | CellFooter;
      if ('edges' in parsed) {
        header = parsed;
        if (header.lookups !== lookupsSignature(lookups)) return undefined;
      } else if ('footer' in parsed) footer = parsed;
      else edges.push(parsed);
    }
    if (kept === 'none' && footer !== undefined) break;
  }
  if (header === undefined || footer === undefined) throw new AtrestError('run-folder', `${path} is not whole`);
  return { header, edges, values, footer };
}

/** A field of a record's line, without parsing the rest: kinds and ARNs hold nothing that JSON escapes. */
function textOf(line: string, field: 'kind' | 'arn'): string {
  const start = line.indexOf(`"${field}":"`) + field.length + 4;
  return line.slice(start, line.indexOf('"', start));
}

/** The same from the cell's own file, which they are derivable from. */
export async function deriveEdges(path: string, lookups: LookedUp, kept: KeptValues = 'all'): Promise<CellEdges> {
  let collector: EdgeCollector | undefined;
  let header: CellHeader | undefined;
  let footer: CellFooter | undefined;
  for await (const part of readCell(path)) {
    if (part.header !== undefined) {
      header = part.header;
      collector = new EdgeCollector(part.header, lookups, kept);
    }
    for (const record of part.records) collector?.add(record);
    footer = part.footer ?? footer;
  }
  if (header === undefined || footer === undefined || collector === undefined)
    throw new AtrestError('run-folder', `${path} is not whole`);
  return { header, edges: collector.edges(), values: collector.values, footer };
}
