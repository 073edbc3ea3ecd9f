import { join } from 'node:path';
import { copyFile, readFile } from 'node:fs/promises';
import { formatOf, stdoutFormats } from '#reports/index.js';
import { coverageFile, exists, findingsFile, resumeCommand, sinceFile, summaryFile } from '#inventory/run-folder.js';
import { LineWriter, readLines, writePieces, writeWhole } from '#inventory/lines.js';
import type { BeforeOf } from '#evidence/chain.js';
import { gateSettings, type GateSettings } from '#gate/settings.js';
import type { RunFacts } from '#gate/verdict.js';
import { coverageLines } from '#model/coverage-lines.js';
import { AtrestError } from '#model/errors.js';
import { type Finding, type ReportFormat, type EarlierRun, type ReportHeader, type ReportSource } from '#model/report.js';
import type { Language } from '#model/language.js';
import type { Severity } from '#model/severity.js';
import { allFindings } from './evaluate.js';
import { evaluateRun, type Evaluation } from './evaluate-run.js';
import { seenFacets } from './finding-calls.js';
import { parseSince, withSince, writeSince } from './first-seen.js';
import { startThreads, type JudgingThread } from './judging-threads.js';
import type { JudgingConfig } from './judgement.js';
import { isUnfinished, joinRun, readJoins, type OpenRun, type StoredRun } from './open-run.js';
import { manifestOf, writeManifest, type RunOrigin } from './manifest.js';
import { headerOf } from './report-header.js';

export interface FinishOptions {
  /** Names of formats. */
  readonly formats: readonly string[];
  /** Undefined: as the config says. */
  readonly failOn: Severity | 'never' | undefined;
  readonly allowIncomplete: boolean;
  readonly includePass: boolean;
  readonly explain: boolean;
  /** Of pages for people; undefined: English. */
  readonly language?: Language | undefined;
  /** The machine's clock at the end; undefined under a fixed clock. */
  readonly now: Date | undefined;
  /** Threads that judge and render; undefined: as cores and size suggest. */
  readonly workers?: number | undefined;
  /** Gives up what is not written yet. */
  readonly signal?: AbortSignal | undefined;
  /** The runs before one of a scope, as the history knows them; left out: there is no history. */
  readonly before?: BeforeOf | undefined;
}

/** How a run ended. `exitCode` is the contract's. */
export interface RunResult {
  readonly header: ReportHeader;
  readonly exitCode: number;
  /** Format name to the file written. */
  readonly files: Readonly<Record<string, string>>;
  /** The command that finishes a run of which not everything was asked; null: it was. */
  readonly resume: string | null;
  /** Accounts of a resumed run that could not be entered any more, and why. */
  readonly shut?: readonly { readonly id: string; readonly reason: string | null }[];
  /** What became of the run in its history; left out: it has none. */
  readonly history?: HistoryOutcome;
}

/** Where a run was stored, or what kept it from being stored. */
export interface HistoryOutcome {
  readonly target: string;
  readonly stored: string | null;
  /** Ids of runs that were removed because they are kept no longer. */
  readonly removed: readonly string[];
  readonly problem: { readonly message: string; readonly hint: string | null } | null;
}

/** Evaluates a stored run, writes findings, coverage, manifest and reports into `out`, and decides the exit code. */
export async function finishRun(
  stored: StoredRun,
  out: string,
  options: FinishOptions,
  evaluatedFrom: RunOrigin | null = null,
): Promise<RunResult> {
  const { gate: configured } = stored.run.config as JudgingConfig;
  const settings = gateSettings(configured, { ...options, against: false });
  const threads = await startThreads(stored, settings, options);
  try {
    return await finishOpen(await openFor(threads, stored), out, { ...options, threads, settings }, evaluatedFrom);
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
}

/** Opens a run here and in threads. What was read for that is not kept. */
async function openFor(threads: readonly JudgingThread[], stored: StoredRun): Promise<OpenRun> {
  const joins = await readJoins(stored);
  for (const thread of threads) thread.open(joins);
  return joinRun(stored, joins);
}

async function finishOpen(
  open: OpenRun,
  out: string,
  options: FinishOptions & { readonly threads: readonly JudgingThread[]; readonly settings: GateSettings },
  evaluatedFrom: RunOrigin | null,
): Promise<RunResult> {
  const evaluation = await evaluateRun(open, out, options);
  await writeCoverage(join(out, coverageFile), evaluation);
  const finishedAt = options.now === undefined ? new Date().toISOString() : open.run.now;
  const { scopeAsked, id } = open.run;
  const before = scopeAsked === undefined ? undefined : await options.before?.(scopeAsked, id);
  const earlier = before?.earlier ?? (evaluatedFrom === null ? [] : await earlierIn(open.path));
  const header = headerOf(open, evaluation, { finishedAt: evaluatedFrom?.finishedAt ?? finishedAt, earlier });
  await writeWhole(join(out, summaryFile), `${JSON.stringify(header, null, 2)}\n`);
  if (before !== undefined)
    await writeSince(out, open.run, before.since === null ? undefined : parseSince(before.since), storedFindings(out));
  else await keepSince(open.path, out);
  const findings = () => findingsOf(open, out, options);
  // What is judged again, for passes and reasons, is judged here.
  const again = options.includePass || options.explain;
  const seen = (some: readonly Finding[]) => seenFacets(open.path, some);
  const { language } = options;
  const source = {
    header,
    findings,
    seen,
    ...(language && { language }),
    ...(!again && { lines: () => storedLines(out, options.signal) }),
  };
  const threads = again ? [] : options.threads;
  const manifest = await manifestOf(open, out, header, { evaluatedFrom, before });
  const files = await renderReports(await withSince({ ...source, manifestSha256: manifest.named }, out), out, options.formats, {
    own: open.judgement.formats,
    threads,
  });
  await writeManifest(out, manifest);
  const resume = evaluatedFrom === null && isUnfinished(open) ? resumeCommand(out) : null;
  return { header, exitCode: evaluation.gate.judge(factsOf(header)).exitCode, files, resume };
}

/** What a run that is judged again was told of those before it; nothing of one that was not finished. */
async function earlierIn(run: string): Promise<readonly EarlierRun[]> {
  return (await exists(join(run, summaryFile))) ? ((await readSummary(run)).earlier ?? []) : [];
}

/** A run that is judged again remembers what the run did. */
async function keepSince(from: string, out: string): Promise<void> {
  const file = join(from, sinceFile);
  if (from !== out && (await exists(file))) await copyFile(file, join(out, sinceFile));
}

async function* findingsOf(open: OpenRun, out: string, { includePass, explain, signal }: FinishOptions): AsyncGenerator<Finding> {
  const findings = includePass || explain ? allFindings(open, { pass: includePass, explain }) : storedFindings(out);
  for await (const finding of findings) {
    signal?.throwIfAborted();
    yield finding;
  }
}

/** Fails and unknowns as `findings.ndjson.gz` holds them, in order. */
export async function* storedFindings(run: string): AsyncGenerator<Finding> {
  for await (const lines of storedLines(run)) for (const line of lines) yield JSON.parse(line) as Finding;
}

/** The same as text. */
export async function* storedLines(run: string, signal?: AbortSignal): AsyncGenerator<readonly string[]> {
  for await (const lines of readLines(join(run, findingsFile))) {
    signal?.throwIfAborted();
    yield lines.filter((line) => line.startsWith('{"id"'));
  }
}

export async function readSummary(run: string): Promise<ReportHeader> {
  try {
    return JSON.parse(await readFile(join(run, summaryFile), 'utf8')) as ReportHeader;
  } catch (cause) {
    throw new AtrestError('run-folder', `${run} holds no finished run: ${summaryFile} cannot be read`, { cause });
  }
}

/** Renders each format that has a file into `out` as `report.*`. Threads may do it that read the findings from there themselves. */
export async function renderReports(
  source: ReportSource,
  out: string,
  formats: readonly string[],
  { own, threads = [] }: { readonly own: readonly ReportFormat[]; readonly threads?: readonly Pick<JudgingThread, 'render'>[] },
): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  const waiting = formats.filter((name) => !stdoutFormats.includes(name));
  const renderHere = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      files[name] = await renderReport(source, out, name, own);
  };
  const renderThere = async (thread: Pick<JudgingThread, 'render'>) => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const file = await thread.render(name, source, out);
      if (file === undefined) return void waiting.unshift(name);
      files[name] = file;
    }
  };
  await Promise.all([renderHere(), ...threads.map(renderThere)]);
  await renderHere();
  return Object.fromEntries(formats.flatMap((name) => (files[name] === undefined ? [] : [[name, files[name]]])));
}

/** Renders one format and answers the file. */
export async function renderReport(
  source: ReportSource,
  out: string,
  name: string,
  own: readonly ReportFormat[],
): Promise<string> {
  const format = await formatOf(name, own);
  if (format === undefined) throw new AtrestError('usage', `There is no format ${name}`);
  if (format.file === null) throw new Error(`${name} goes to stdout`);
  const file = join(out, format.file);
  await writePieces(file, format.render(source));
  return file;
}

async function writeCoverage(path: string, { coverage }: Evaluation): Promise<void> {
  const file = new LineWriter(path);
  for (const line of coverageLines(coverage)) file.write(line);
  await file.close();
}

/** What a report says of its run beside the findings. */
export function factsOf({ errors, run, coverage }: ReportHeader): RunFacts {
  return { errors: errors.length, complete: run.complete, coverage };
}
