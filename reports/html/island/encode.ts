import type { Finding, ReportHeader, ReportSource, SeenFacet } from '#model/report.js';
import type { ChangesDigest } from '../changes.js';
import { rankOf, type Digest } from '../digest.js';
import { limits } from '../limits.js';
import { cellsOf, columns, type Column, type IslandHead } from './columns.js';
import { packed } from './pack.js';

/** The worst findings as the page's script reads them: lines of JSON, gzipped, in base64. */
export async function* islandOf(
  { header, findings, seen, manifestSha256 }: ReportSource,
  digest: Digest,
  { limit = limits.embedded, changes }: { readonly limit?: number; readonly changes?: ChangesDigest | undefined } = {},
): AsyncGenerator<string> {
  const writers = Object.fromEntries(columns.map((name) => [name, new ColumnWriter()])) as Record<Column, ColumnWriter>;
  const known = (await seen?.(digest.shown)) ?? new Map<string, readonly SeenFacet[]>();
  let rows = 0;
  for await (const finding of worst(findings(), digest.ranks, limit)) {
    const cells = cellsOf(finding, changes?.of(finding));
    for (const name of columns) writers[name].add(cells[name]);
    rows += 1;
  }
  const head = headOf(header, {
    rows,
    total: digest.total,
    manifestSha256: manifestSha256 ?? null,
    against: changes?.run ?? null,
    seen: Object.fromEntries(known),
  });
  // What the last per cent costs is seconds where there is much.
  yield* packed(lines(head, writers), rows > 10_000 ? 6 : 9);
}

/** Of findings counted by rank the worst, at most `limit`, in the order in which they come. */
async function* worst(
  findings: AsyncIterable<Finding>,
  ranks: ReadonlyMap<number, number>,
  limit: number,
): AsyncGenerator<Finding> {
  let room = limit;
  const roomOf = new Map<number, number>();
  for (const [rank, count] of [...ranks].toSorted(([a], [b]) => a - b)) {
    const taken = Math.min(room, count);
    roomOf.set(rank, taken);
    room -= taken;
  }
  for await (const finding of findings) {
    const rank = rankOf(finding);
    const left = roomOf.get(rank) ?? 0;
    if (left === 0) continue;
    roomOf.set(rank, left - 1);
    yield finding;
  }
}

function headOf(
  { run, tool, signedBy, rememberedFrom, rules, scope }: ReportHeader,
  counted: Pick<IslandHead, 'rows' | 'total' | 'manifestSha256' | 'against' | 'seen'>,
): IslandHead {
  return {
    run: { id: run.id, startedAt: run.startedAt },
    tool,
    signedBy: signedBy ?? null,
    rememberedFrom: rememberedFrom ?? null,
    ...counted,
    rules: rules.map(({ id, title, why, source, controls }) => ({ id, title, why, source, controls })),
    accounts: scope.accounts.map(({ id, name, path }) => ({ id, name, path })),
  };
}

class ColumnWriter {
  readonly #seen = new Map<string | null, number>();
  readonly #rows: number[] = [];

  add(value: string | null): void {
    const at = this.#seen.get(value);
    this.#rows.push(at === undefined ? 0 : this.#seen.size - at);
    if (at === undefined) this.#seen.set(value, this.#seen.size);
  }

  *line(): Generator<string> {
    yield '{"values":[';
    yield* joined(this.#seen.keys());
    yield '],"rows":[';
    if (this.#seen.size > 1) yield* joined(this.#rows);
    yield ']}\n';
  }
}

/** The values with commas between, some at a time: each piece is awaited on its way out. */
function* joined(values: Iterable<string | number | null>): Generator<string> {
  let text = '';
  let comma = '';
  for (const value of values) {
    text += comma + JSON.stringify(value);
    comma = ',';
    if (text.length < 16_384) continue;
    yield text;
    text = '';
  }
  yield text;
}

function* lines(head: IslandHead, writers: Readonly<Record<Column, ColumnWriter>>): Generator<string> {
  yield `${JSON.stringify(head)}\n`;
  for (const name of columns) yield* writers[name].line();
}
