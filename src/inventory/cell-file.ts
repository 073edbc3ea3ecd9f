import { join } from 'node:path';
import type { CellCoverage } from '#model/coverage.js';
import { AtrestError } from '#model/errors.js';
import type { CellId } from '#model/place.js';
import type { Kind, ResourceRecord } from '#model/resources/index.js';
import { LineWriter, readLines } from './lines.js';
import { SortedLines } from './sorted-lines.js';

export const inventorySchemaVersion = '1.0';

/** First line of a cell's file: what was asked of it. */
export interface CellHeader extends CellId {
  readonly cell: typeof inventorySchemaVersion;
  readonly partition: string;
  /** Facets asked for, by kind; a kind without facets was only listed. */
  readonly asked: Readonly<Partial<Record<Kind, readonly string[]>>>;
}

/** One call, as evidence: facets point at it by `call`. */
export interface CallLine {
  readonly call: number;
  readonly operation: string;
  /** Where it was asked; left out: in the region of the cell. */
  readonly region?: string;
  /** The first of several calls that gave a value together, such as the pages of a list; left out: this one. */
  readonly first?: number;
  readonly requestId: string | null;
  /** AWS's clock, from the Date header. */
  readonly date: string | null;
  /** Ours, when the answer had come; left out: by older runs. */
  readonly at?: string;
  readonly attempts: number;
  readonly code: string | null;
}

/** Items and pages of one list chain. */
export interface SourceCount {
  readonly source: string;
  readonly operation: string;
  readonly items: number;
  readonly complete: boolean;
}

/** Last line: the cell's coverage. A file without it is not there. */
export interface CellFooter extends CellCoverage {
  readonly footer: true;
  readonly sources: readonly SourceCount[];
}

export function cellPath(run: string, { account, region, service }: CellId, suffix = ''): string {
  return join(run, 'inventory', account, region, `${service}${suffix}.ndjson.gz`);
}

/** Writes one cell: calls and resources in any order, sorted when it is closed. */
export class CellWriter {
  readonly #path: string;
  readonly #header: CellHeader;
  readonly #calls: SortedLines;
  readonly #resources: SortedLines;
  #added = 0;

  constructor(path: string, header: CellHeader) {
    this.#path = path;
    this.#header = header;
    this.#calls = new SortedLines(`${path}.calls`);
    this.#resources = new SortedLines(`${path}.resources`);
  }

  call(line: CallLine): void {
    this.#calls.add(String(line.call).padStart(12, '0'), JSON.stringify(line));
  }

  resource(record: ResourceRecord): void {
    this.#added += 1;
    this.#resources.add(`${record.kind} ${record.arn}`, JSON.stringify(record));
  }

  settled(): Promise<unknown> {
    return Promise.all([this.#calls.settled(), this.#resources.settled()]);
  }

  /**
   * `footer` is asked once the resources are counted: AWS may list one twice when pages shift.
   * Answers whether every resource that was added is in the file.
   */
  async close(footer: (counts: ReadonlyMap<string, number>) => CellFooter): Promise<boolean> {
    const file = new LineWriter(this.#path);
    try {
      file.write(JSON.stringify(this.#header));
      for await (const { line } of this.#calls.inOrder()) {
        file.write(line);
        if (file.full) await file.drained();
      }
      const counts = new Map<string, number>();
      for await (const { key, line } of this.#resources.inOrder()) {
        const kind = key.slice(0, key.indexOf(' '));
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        file.write(line);
        if (file.full) await file.drained();
      }
      file.write(JSON.stringify(footer(counts)));
      await file.close();
      return [...counts.values()].reduce((sum, count) => sum + count, 0) === this.#added;
    } catch (error) {
      await file.discard();
      throw error;
    } finally {
      await this.discard();
    }
  }

  async discard(): Promise<void> {
    await Promise.all([this.#calls.discard(), this.#resources.discard()]);
  }
}

/** A piece of a cell's file, in the file's order. */
export interface CellPart {
  readonly header?: CellHeader;
  /** How many of the cell's records are before the first of these. */
  readonly at: number;
  /** Parsed one by one as they are asked for: a record that outlives its turn costs more to collect than to parse. */
  readonly records: Iterable<ResourceRecord>;
  readonly footer?: CellFooter;
}

/** Records by their number in the cell, up to `to`; the others are passed over. */
export interface CellRange {
  readonly from: number;
  readonly to: number;
}

const wholeCell: CellRange = { from: 0, to: Number.POSITIVE_INFINITY };

/** Streams a cell's file; calls are passed over unless `onCall` is given. Rejects when the file is not whole. */
export async function* readCell(
  path: string,
  onCall?: (call: CallLine) => void,
  range: CellRange = wholeCell,
): AsyncGenerator<CellPart> {
  let header: CellHeader | undefined;
  let footer: CellFooter | undefined;
  let before = 0;
  for await (const lines of readLines(path)) {
    let from = 0;
    let to = lines.length;
    const isFirst = header === undefined;
    header ??= parseLine<CellHeader>(path, lines[from++] ?? '');
    // Calls stand before the resources, the footer after them.
    for (; from < to && lines[from]?.startsWith('{"call"') === true; from += 1)
      onCall?.(parseLine<CallLine>(path, lines[from] ?? ''));
    const last = lines[to - 1];
    if (to > from && last?.startsWith('{"footer"') === true) {
      footer = parseLine<CellFooter>(path, last);
      to -= 1;
    }
    const passed = Math.min(Math.max(range.from - before, 0), to - from);
    const records = parseRecords(path, lines, from + passed, Math.min(to, from + range.to - before));
    yield { records, at: before + passed, ...(isFirst ? { header } : {}), ...(footer === undefined ? {} : { footer }) };
    before += to - from;
    if (before >= range.to) return;
  }
  if (footer === undefined) throw new AtrestError('run-folder', `${path} has no footer: the cell was not finished`);
}

function* parseRecords(path: string, lines: readonly string[], from: number, to: number): Generator<ResourceRecord> {
  for (let at = from; at < to; at += 1) yield parseLine<ResourceRecord>(path, lines[at] ?? '');
}

/** Rejects a line that is not JSON with the file it is in. */
export function parseLine<T>(path: string, line: string): T {
  try {
    return JSON.parse(line) as T;
  } catch (cause) {
    throw new AtrestError('run-folder', `${path} holds a line that is not JSON: ${line.slice(0, 60)}`, { cause });
  }
}
