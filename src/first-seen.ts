import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { exists, sinceFile, type RunDocument } from '#inventory/run-folder.js';
import { LineWriter } from '#inventory/lines.js';
import { compareText } from '#model/place.js';
import type { Finding, ReportSource } from '#model/report.js';

/** The first line of `since.ndjson`: when the first run began whose findings are remembered. */
const Head = z.object({ since: z.literal('1.0'), from: z.string() });
/** Findings of one kind and place that were first seen and last changed alike. */
const Group = z.object({
  account: z.string(),
  region: z.string(),
  kind: z.string(),
  first: z.string(),
  changed: z.string(),
  /** Verdict and severity since then. */
  is: z.string(),
  ids: z.array(z.string()),
});
type Known = Readonly<Omit<z.infer<typeof Group>, 'ids'>>;

/** Since when findings are known, by id. */
export interface Since {
  readonly from: string;
  readonly findings: ReadonlyMap<string, Known>;
}

/** Ids in a line: a reader never holds a long one. */
const idsTogether = 1000;

/** Undefined: the text is none that this version wrote. What it would say is then not known. */
export function parseSince(text: string): Since | undefined {
  const [head, ...groups] = text.trimEnd().split('\n');
  const findings = new Map<string, Known>();
  try {
    const { from } = Head.parse(JSON.parse(head ?? ''));
    for (const line of groups) {
      const { ids, ...known } = Group.parse(JSON.parse(line));
      for (const id of ids) findings.set(id, known);
    }
    return { from, findings };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** What a run folder says; undefined: nothing, as it was scanned without a history. */
export async function readSince(run: string): Promise<Since | undefined> {
  const path = join(run, sinceFile);
  return (await exists(path)) ? parseSince(await readFile(path, 'utf8')) : undefined;
}

/**
 * Writes since when the findings of a run are known, from what the run before it said. One that this run had no way to
 * see, because its account or the list of its kind could not be read, stays as it was; any other that it has not is over.
 */
export async function writeSince(
  out: string,
  { startedAt, accounts }: Pick<RunDocument, 'startedAt' | 'accounts'>,
  before: Since | undefined,
  findings: AsyncIterable<Finding>,
): Promise<void> {
  const closed = new Set(accounts.flatMap(({ id, state }) => (state === 'failed' ? [id] : [])));
  const unlisted = new Set<string>();
  const groups = new Map<string, string[]>();
  const seen = new Set<string>();
  const put = (id: string, { account, region, kind, first, changed, is }: Known) => {
    const key = JSON.stringify({ account, region, kind, first, changed, is });
    const ids = groups.get(key) ?? [];
    groups.set(key, ids);
    ids.push(id);
  };
  for await (const { id, verdict, severity, account, region, kind, resource } of findings) {
    const is = `${verdict} ${severity}`;
    const known = before?.findings.get(id);
    seen.add(id);
    if (resource.endsWith(`:${kind}/*`)) unlisted.add(`${account} ${region} ${kind}`);
    put(id, {
      ...{ account, region, kind, is },
      first: known?.first ?? startedAt,
      changed: known?.is === is ? known.changed : startedAt,
    });
  }
  const isHidden = ({ account, region, kind }: Known) =>
    closed.has(account) || [region, 'global'].some((where) => unlisted.has(`${account} ${where} ${kind}`));
  for (const [id, known] of before?.findings ?? []) if (!seen.has(id) && isHidden(known)) put(id, known);
  const file = new LineWriter(join(out, sinceFile));
  file.write(JSON.stringify({ since: '1.0', from: before?.from ?? startedAt } satisfies z.infer<typeof Head>));
  for (const [key, ids] of [...groups].toSorted(([a], [b]) => compareText(a, b)))
    for (let from = 0; from < ids.length; from += idsTogether)
      file.write(JSON.stringify({ ...(JSON.parse(key) as Known), ids: ids.slice(from, from + idsTogether) }));
  await file.close();
}

/** The same source, with when each finding was first seen and last changed, as far as the folder of its findings says so. */
export async function withSince(source: ReportSource, run: string): Promise<ReportSource> {
  return dated(source, await readSince(run));
}

/** The same source, with the times that are known; undefined: none are. */
export function dated(source: ReportSource, since: Since | undefined): ReportSource {
  if (since === undefined) return source;
  const timesOf = (id: string) => {
    const known = since.findings.get(id);
    return known && { firstSeen: known.first, lastChanged: known.changed };
  };
  const { lines } = source;
  return {
    ...source,
    header: { ...source.header, rememberedFrom: since.from },
    async *findings() {
      for await (const finding of source.findings()) yield { ...finding, ...timesOf(finding.id) };
    },
    ...(lines && {
      async *lines() {
        for await (const batch of lines()) yield batch.map((line) => appended(line, timesOf(idOf(line))));
      },
    }),
  };
}

/** Stored findings begin with their id. */
function idOf(line: string): string {
  const from = '{"id":"'.length;
  return line.slice(from, line.indexOf('"', from));
}

function appended(line: string, fields: object | undefined): string {
  return fields === undefined ? line : `${line.slice(0, -1)},${JSON.stringify(fields).slice(1)}`;
}
