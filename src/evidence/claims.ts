import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { coverageFile, findingsFile, runFile, summaryFile, type RunDocument } from '#inventory/run-folder.js';
import { coverageLines } from '#model/coverage-lines.js';
import { ReportHeader } from '#model/report.js';
import { layout } from './layout.js';
import { readAll, type PackFiles } from './pack-files.js';
import { parseManifest, type RunManifest } from './run-manifest.js';
import { manifestName, type Statement } from './statement.js';
import { parsedJson } from './dsse.js';
import { VerdictCount } from './verdict-count.js';

/** What is wrong with which file. */
export interface Problem {
  readonly file: string;
  readonly text: string;
}

/** What a run says of itself, once it agrees with itself. */
export interface RunClaims {
  readonly header: ReportHeader;
  readonly document: RunDocument;
  readonly manifest: RunManifest;
}

/** Cells that the run could not read whole, as the coverage ledger has them. */
export function gapsOf({ coverage }: ReportHeader): readonly ReportHeader['coverage'][number][] {
  return coverage.filter(({ state }) => state !== 'complete' && state !== 'skipped');
}

/**
 * Whether the documents of a run agree with one another: manifest, summary, coverage ledger, findings. Whether they
 * agree with the inventory is for a replay to say. `digests` are those of the files as they are, `counted` is what
 * `countFindings` said of them.
 */
export async function checkClaims(
  files: PackFiles,
  digests: ReadonlyMap<string, string>,
  { statement, counted }: { readonly statement: Statement | undefined; readonly counted: VerdictCount | string | undefined },
  problem: (problem: Problem) => void,
): Promise<RunClaims | undefined> {
  const documents = await readDocuments(files, problem);
  if (documents === undefined) return undefined;
  const { manifest, header, document } = documents;
  checkManifest(manifest, digests, problem);
  if (statement !== undefined) checkStatement(statement, documents, digests, problem);
  const say = (name: string, text: string) => {
    problem({ file: `${layout.run}${name}`, text });
  };
  if (!isSame(manifest.run, header.run) || !isSame(manifest.scope, header.scope))
    say(summaryFile, 'run and scope are not those of the manifest');
  if (sha256(JSON.stringify(document.config)) !== manifest.config)
    say(runFile, 'the config is not the one that the manifest names');
  const waivers = document.waivers === undefined ? null : sha256(JSON.stringify(document.waivers));
  if (waivers !== manifest.waivers) say(runFile, 'the waivers are not those that the manifest names');
  const ledger = (await readAll(files, `${layout.run}${coverageFile}`))?.toString('utf8');
  if (ledger !== [...coverageLines(header.coverage)].map((line) => `${line}\n`).join(''))
    say(coverageFile, `it is not the coverage that ${summaryFile} has, row by row`);
  checkComplete(documents, files, say);
  for (const text of differencesOf(counted, header)) say(findingsFile, text);
  return documents;
}

async function readDocuments(files: PackFiles, problem: (problem: Problem) => void): Promise<RunClaims | undefined> {
  const manifest = parseManifest((await readAll(files, manifestName))?.toString('utf8') ?? '');
  if (typeof manifest === 'string') problem({ file: manifestName, text: manifest });
  const summary = ReportHeader.safeParse(parsedJson((await readAll(files, `${layout.run}${summaryFile}`)) ?? Buffer.alloc(0)));
  if (!summary.success) problem({ file: `${layout.run}${summaryFile}`, text: 'it is no summary of a run' });
  const document = parsedJson((await readAll(files, `${layout.run}${runFile}`)) ?? Buffer.alloc(0)) as RunDocument | undefined;
  const isRun = Array.isArray(document?.cells) && Array.isArray(document.accounts);
  if (!isRun) problem({ file: `${layout.run}${runFile}`, text: 'it is no document of a run' });
  if (typeof manifest === 'string' || !summary.success || !isRun) return undefined;
  return { manifest, header: summary.data, document };
}

/** Every file of the run is in its manifest, and is what the manifest says. */
function checkManifest({ files }: RunManifest, digests: ReadonlyMap<string, string>, problem: (problem: Problem) => void): void {
  for (const [name, { sha256: digest }] of Object.entries(files)) {
    const file = `${layout.run}${name}`;
    if (digests.get(file) !== digest)
      problem({ file, text: digests.has(file) ? 'it is not what the manifest of the run says' : 'it is missing' });
  }
  for (const name of digests.keys())
    if (name.startsWith(layout.run) && name !== manifestName && files[name.slice(layout.run.length)] === undefined)
      problem({ file: name, text: 'the manifest of the run does not name it' });
}

function checkStatement(
  { predicate }: Statement,
  { manifest, header }: RunClaims,
  digests: ReadonlyMap<string, string>,
  problem: (problem: Problem) => void,
): void {
  const { id, startedAt, finishedAt, complete } = header.run;
  const same =
    isSame(predicate.run, { id, startedAt, finishedAt, complete, tool: header.tool }) &&
    predicate.manifest === digests.get(manifestName) &&
    predicate.ruleSet === manifest.ruleSet &&
    predicate.config === manifest.config &&
    predicate.waivers === manifest.waivers;
  if (!same) problem({ file: layout.envelope, text: 'what it says of the run is not what the run says' });
}

/** A run is complete when its ledger says so of every cell, and every cell has a row and its file. */
function checkComplete({ header, document }: RunClaims, files: PackFiles, say: (name: string, text: string) => void): void {
  const rows = new Map(header.coverage.map(({ account, region, service, state }) => [`${account}/${region}/${service}`, state]));
  for (const { account, region, service } of document.cells) {
    const cell = `inventory/${account}/${region}/${service}.ndjson.gz`;
    const state = rows.get(`${account}/${region}/${service}`) ?? rows.get(`${account}/${region}/*`);
    if (state === undefined) say(coverageFile, `it has no row for ${account}/${region}/${service}, which the run asked about`);
    else if ((state === 'complete' || header.run.complete) && !files.sizes.has(`${layout.run}${cell}`))
      say(cell, 'it is missing, and the ledger says that the cell was read');
  }
  if (!header.run.complete) return;
  const [gap] = gapsOf(header);
  if (gap !== undefined)
    say(
      summaryFile,
      `it says that the run is complete, and the ledger that ${gap.account}/${gap.region}/${gap.service} is ${gap.state}`,
    );
}

/** The verdicts in the findings of a run. A text says why they cannot be read; undefined: there is no such file. */
export async function countFindings(files: PackFiles): Promise<VerdictCount | string | undefined> {
  const name = `${layout.run}${findingsFile}`;
  if (!files.sizes.has(name)) return undefined;
  const count = new VerdictCount();
  try {
    await count.read(pipeline(files.open(name), createGunzip({ chunkSize: 1 << 18 }), () => undefined));
  } catch (error) {
    return `it cannot be read: ${(error as Error).message}`;
  }
  return count;
}

function differencesOf(counted: VerdictCount | string | undefined, { summary }: ReportHeader): Iterable<string> {
  if (counted === undefined) return [];
  return typeof counted === 'string' ? [counted] : counted.differences(summary);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** Fields in one order, whatever order they were written in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
