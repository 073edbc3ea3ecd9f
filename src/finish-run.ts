import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { formatOf, stdoutFormats } from '#reports/index.js';
import { coverageFile, findingsFile, resumeCommand, summaryFile, type RunDocument } from '#inventory/run-folder.js';
import { LineWriter, readLines, writePieces, writeWhole } from '#inventory/lines.js';
import type { BeforeOf } from '#evidence/chain.js';
import { gateSettings, type GateSettings } from '#gate/settings.js';
import type { RunFacts } from '#gate/verdict.js';
import { coverageLines } from '#model/coverage-lines.js';
import { countControls } from '#model/framework.js';
import { AtrestError } from '#model/errors.js';
import {
  reportSchemaVersion,
  type Finding,
  type ReportFormat,
  type EarlierRun,
  type ReportHeader,
  type ReportSource,
  type RuleRow,
} from '#model/report.js';
import type { Language } from '#model/language.js';
import type { Rule } from '#model/rule.js';
import type { Severity } from '#model/severity.js';
import { allFindings } from './evaluate.js';
import { evaluateRun, type Evaluation } from './evaluate-run.js';
import { seenFacets } from './finding-calls.js';
import { startThreads, type JudgingThread } from './judging-threads.js';
import {
  isUnfinished,
  joinRun,
  readJoins,
  type Judgement,
  type JudgingConfig,
  type OpenRun,
  type StoredRun,
} from './open-run.js';
import { writeManifest, type RunOrigin } from './manifest.js';
import { useIn } from './waiver-use.js';

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
  const before = scopeAsked === undefined ? undefined : options.before?.(scopeAsked, id);
  const earlier = before?.earlier ?? [];
  const header = headerOf(open, evaluation, { finishedAt: evaluatedFrom?.finishedAt ?? finishedAt, earlier });
  await writeWhole(join(out, summaryFile), `${JSON.stringify(header, null, 2)}\n`);
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
  const files = await renderReports(source, out, options.formats, { own: open.judgement.formats, threads });
  await writeManifest(open, out, header, { evaluatedFrom, before });
  const resume = evaluatedFrom === null && isUnfinished(open) ? resumeCommand(out) : null;
  return { header, exitCode: evaluation.gate.judge(factsOf(header)).exitCode, files, resume };
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

function headerOf(
  open: OpenRun,
  { tally, coverage, keys, lineage, errors, complete, waiving }: Evaluation,
  { finishedAt, earlier }: { readonly finishedAt: string; readonly earlier: readonly EarlierRun[] },
): ReportHeader {
  const { run, judgement } = open;
  const waivers = waiving.rows(useIn(open, coverage));
  const summary = tally.summary();
  const rules = judgement.rules.map((rule) => ruleRow(rule, run, judgement));
  return {
    schemaVersion: reportSchemaVersion,
    tool: run.tool,
    run: {
      id: run.id,
      startedAt: run.startedAt,
      finishedAt,
      complete,
      baseline: Object.fromEntries(run.accounts.map(({ id, baseline }) => [id, baseline])),
      ...reasonsOf(judgement),
      callers: Object.fromEntries(run.accounts.map(({ id, caller }) => [id, caller])),
      homeRegion: run.homeRegion,
    },
    scope: {
      accounts: run.accounts.map(({ id, name, path, state, reason, governedBy = null }) => ({
        ...{ id, name, path, state, reason },
        governedBy,
      })),
      regions: [...new Set(run.accounts.flatMap(({ regions }) => regions))].sort(),
    },
    coverage: [...coverage],
    summary,
    ...(earlier.length > 0 && { earlier: [...earlier] }),
    ...(waivers.length > 0 && { waivers: [...waivers] }),
    errors: [...errors],
    rules,
    keys: [...keys],
    ...(lineage !== undefined && { lineage }),
    frameworks: judgement.frameworks.map((framework) => countControls(framework, { run: { complete }, summary, rules })),
  };
}

/** Left out where nobody gave any. */
function reasonsOf({ baselines }: Judgement): Pick<ReportHeader['run'], 'reasons'> {
  const byName = new Map([...baselines.values()].map((each) => [each.name, each.reasons ?? []]));
  const reasons = [...byName].flatMap(([baseline, said]) => said.map((each) => ({ baseline, ...each })));
  return reasons.length === 0 ? {} : { reasons };
}

function ruleRow(
  { id, title, severity, kinds, docs }: Rule,
  { accounts }: RunDocument,
  { controls, baselines }: Judgement,
): RuleRow {
  const judged = accounts.filter(({ state }) => state !== 'skipped');
  return {
    id,
    title,
    severity,
    kinds: [...kinds],
    why: docs.why,
    source: docs.source,
    controls: copyOf(controls.get(id) ?? {}),
    offIn: judged.flatMap((account) => (baselines.get(account.id)?.rules.has(id) === true ? [] : [account.id])),
  };
}

function copyOf(controls: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(controls).map(([framework, ids]) => [framework, [...ids]]));
}

async function writeCoverage(path: string, { coverage }: Evaluation): Promise<void> {
  const file = await LineWriter.create(path);
  for (const line of coverageLines(coverage)) file.write(line);
  await file.close();
}

/** What a report says of its run beside the findings. */
export function factsOf({ errors, run, coverage }: ReportHeader): RunFacts {
  return { errors: errors.length, complete: run.complete, coverage };
}
