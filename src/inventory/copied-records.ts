import { parseArn } from '#model/arn.js';
import { lineage } from '#model/edges.js';
import { compareText, type CellId } from '#model/place.js';
import { serviceOfKind, type Kind, type ResourceRecord } from '#model/resources/index.js';
import { parseLine } from './cell-file.js';
import { lineFeed, readBlocks } from './lines.js';
import { copiedKinds, lookedUpPart, type CellEdges, type LookedUp } from './edges-file.js';

/** What copies were made from, as edges name it, by the service and region that hold it; `*` where the region is not known. */
export type CopySources = ReadonlyMap<string, ReadonlySet<string>>;

/** The sources of copies that the edges of a run name. */
export function copySources(cells: readonly CellEdges[]): CopySources {
  const sources = new Map<string, Set<string>>();
  for (const { edges } of cells) {
    for (const { edge, from, to, region } of edges) {
      if (!lineage.has(edge)) continue;
      const place = `${serviceOfKind[from]} ${(region ?? parseArn(to)?.region) || '*'}`;
      const ids = sources.get(place) ?? new Set<string>();
      sources.set(place, ids.add(to));
    }
  }
  return sources;
}

/** Those that a cell may hold. */
export function copySourcesIn(sources: CopySources, { service, region }: CellId): ReadonlySet<string> {
  const here = sources.get(`${service} ${region}`);
  const anywhere = sources.get(`${service} *`);
  return here !== undefined && anywhere !== undefined ? new Set([...here, ...anywhere]) : (here ?? anywhere ?? new Set());
}

/** The looked-up part of those records of a cell that a copy was made from; nothing is decoded but their names. */
export async function readCopied(path: string, lookups: LookedUp, ids: ReadonlySet<string>): Promise<readonly ResourceRecord[]> {
  const kinds = (Object.entries(lookups) as [Kind, readonly string[]][])
    .filter(([kind]) => copiedKinds.has(kind))
    .sort(([a], [b]) => compareText(a, b))
    .map(([kind, facets]) => ({ begins: Buffer.from(`{"kind":"${kind}","arn":"`), facets }));
  const found: ResourceRecord[] = [];
  for await (const block of readBlocks(path)) {
    const { lines, past } = linesOf(block, kinds, ids);
    for (const { line, facets } of lines) {
      const record = parseLine<ResourceRecord>(path, line);
      if (record.gone !== true) found.push(lookedUpPart(record, facets));
    }
    // Records are sorted by kind: past the last of these there is nothing more to find.
    if (past) return found;
  }
  return found;
}

interface CopiedKind {
  /** How a line of the kind begins, up to the ARN. */
  readonly begins: Buffer;
  readonly facets: readonly string[];
}

const quote = 0x22;
const recordBegins = Buffer.from('{"kind"');

/** The lines of a block that are wanted, and whether it goes beyond the last of the kinds. */
function linesOf(block: Buffer, kinds: readonly CopiedKind[], ids: ReadonlySet<string>) {
  const lines: { line: string; facets: readonly string[] }[] = [];
  const last = kinds.at(-1)?.begins;
  let kind = kinds[0];
  for (let start = 0, end = 0; start < block.length; start = end + 1) {
    end = block.indexOf(lineFeed, start);
    if (end < 0) end = block.length;
    if (kind === undefined || !begins(block, start, kind.begins)) {
      kind = kinds.find((each) => begins(block, start, each.begins));
      if (kind === undefined) {
        const past =
          last !== undefined && begins(block, start, recordBegins) && block.compare(last, 0, last.length, start, end) > 0;
        if (past) return { lines, past };
        continue;
      }
    }
    // Kinds and ARNs hold nothing that JSON escapes, and every record begins with them.
    const from = start + kind.begins.length;
    const arn = block.toString('latin1', from, block.indexOf(quote, from));
    if (ids.has(arn.slice(arn.lastIndexOf('/') + 1)) || ids.has(arn))
      lines.push({ line: block.toString('utf8', start, end), facets: kind.facets });
  }
  return { lines, past: false };
}

function begins(block: Buffer, at: number, text: Buffer): boolean {
  return block[at + text.length - 1] === quote && block.compare(text, 0, text.length, at, at + text.length) === 0;
}
