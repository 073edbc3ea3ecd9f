/** The public API: scan an account, evaluate and render stored runs, define rules. */
export { resolveBaselines } from '#config/baselines.js';
export { parseConfig, type LoadedConfig } from '#config/load.js';
export type { ConfigFile } from '#config/governing-line.js';
export type { Config } from '#config/schema.js';
export { parseWaivers, type WaiverText } from '#config/waivers.js';
export { facetOperations, registryOf } from '#collect/registry.js';
export { AtrestError, type ErrorCode } from '#model/errors.js';
export { nearest } from '#model/nearest.js';
export { services, type Service } from '#model/place.js';
export type {
  Change,
  ComparedFinding,
  Comparison,
  ControlRow,
  Finding,
  Report,
  ReportHeader,
  StatementRow,
} from '#model/report.js';
export { languages, type Language } from '#model/language.js';
export { redactions, type Redaction } from '#model/redaction.js';
export type { Waivers } from '#model/waiver.js';
export { defineRule, type Rule, type RuleContext } from '#model/rule.js';
export { severities, type Severity } from '#model/severity.js';
export { usageText } from '#model/key-usage.js';
export { missingText } from '#model/verdict.js';
export { formatNames, isFormatName, stdoutFormats, type FormatName } from '#reports/index.js';
export type { PluginFacet } from '#model/facet.js';
export type { Catalogue, Framework } from '#model/framework.js';
export type { RunResult } from './finish-run.js';
export { selectRules } from './judgement.js';
import type { Language } from '#model/language.js';
import type { Catalogue } from '#model/framework.js';
import type { BeforeOf } from '#evidence/chain.js';
import type { Plan, Preflight } from '#model/plan.js';
import { readRun, type RunHistory } from '#inventory/run-folder.js';
import { frameworks } from '#rules/frameworks/index.js';
import { rules } from '#rules/index.js';
import type { RunResult } from './finish-run.js';
import type { ConnectionOptions } from '#aws/connection.js';
import type { History, Published } from '#outbound/history.js';
import type { Diagnosis, DoctorOptions } from './doctor.js';
import type { HistoryOptions } from './history.js';
import type { Packed } from '#evidence/pack.js';
import type { PackOptions } from './pack-run.js';
import type { UploadOptions, UploadOutcome } from './upload-pack.js';
import type { VerifyOptions, VerifyResult } from './verify-pack.js';
import type { PlanOptions } from './plan-ahead.js';
import type { PreflightOptions } from './preflight.js';
import type { PushOptions, PushResult } from './push.js';
import type { ResumeOptions } from './resume.js';
import type { ScanOptions } from './scan.js';
export type { ResumeOptions } from './resume.js';
export type { HistoryOptions } from './history.js';
export type { History, Published } from '#outbound/history.js';
export { parseTarget } from '#outbound/target.js';
export type { ScanOptions } from './scan.js';
export type { ScanProgress } from './scan-progress.js';
export { evaluate, render, renderPieces, type EvaluateOptions, type RenderOptions } from './stored.js';
export { splitReport } from './split-report.js';
export { loadPlugin, withPlugins, type Plugin } from '#plugins/load.js';
export { testRules, type CaseResult } from '#plugins/cases.js';
export { writeNewRule } from '#plugins/new-rule.js';
export { checkRates } from './rates.js';
export { impact, type Impact } from './impact.js';
export { checkWaivers, explainWaivers, type WaiverExplanation } from './check-waivers.js';
export { showBaseline, type ShownBaseline } from './show-baseline.js';
export { countControls } from '#model/framework.js';
export { readSummary } from './finish-run.js';
export { compareRuns } from './compare-runs.js';
export { checkGate, gateRun, githubAnnotations, type GateResult, type GatingFinding } from './gate-run.js';
export { pruneKnown, writeKnownOf, type KnownOutcome } from './known-run.js';
export type { UnknownMode } from '#model/gate.js';
export { shorten, type Changes } from '#gate/changes.js';
export { describeRule, type RuleDescription } from './describe-rule.js';
export { auditRole, listRole, writeRole, type RoleRequest } from './role-policy.js';
export { policiesPerRole, type RoleSpec } from '#plan/iam-policy.js';
export { policyFormats, renderRole, type PolicyFormat } from '#plan/render-role.js';
export { readChain } from './read-chain.js';
export type { Chain } from '#evidence/chain.js';
export { openListed, type PopulationFacts } from '#evidence/population.js';
export { sample } from '#evidence/sample.js';
export { kinds, type Kind } from '#model/resources/index.js';
export { populationPieces } from './population-pieces.js';
export { toolVersion } from './version.js';

/** The rules and frameworks that come with atrest. */
export const catalogue: Catalogue = { rules, frameworks, facets: [] };

export type { Plan, Preflight } from '#model/plan.js';
export type { PlanOptions } from './plan-ahead.js';
export type { PreflightOptions } from './preflight.js';
export type { PushOptions, PushResult } from './push.js';
export type { VerifyResult } from './verify-pack.js';
export type { UploadOptions, UploadOutcome } from './upload-pack.js';

/** A history to store the run in; undefined: none. */
interface WithHistory {
  readonly history?: HistoryOptions | undefined;
}

/** Crawls, evaluates, reports, and stores the run in its history if it has one. The AWS SDK is loaded only here and below. */
export async function scan({ history, ...options }: ScanOptions & WithHistory): Promise<RunResult> {
  const work = async (before?: BeforeOf) => (await import('./scan.js')).scan({ ...options, keptIn: history, before });
  return history === undefined ? work() : (await import('./history.js')).intoHistory(history, options, work);
}

/** Finishes a run that was stopped or killed. */
export async function resume({ history, ...options }: ResumeOptions & WithHistory): Promise<RunResult> {
  const work = async (before?: BeforeOf) => (await import('./resume.js')).resume({ ...options, before });
  if (history === undefined) return work();
  return (await import('./history.js')).intoHistory(history, { ...options, out: options.run }, work);
}

/** Where a run was to be kept when it began; undefined: nowhere, or there is no such run. */
export async function historyOfRun(run: string): Promise<RunHistory | undefined> {
  const document = await readRun(run).catch(() => undefined);
  return document?.options?.history;
}

/** The runs of a history and their figures. */
export async function readHistory(history: HistoryOptions, connection: ConnectionOptions): Promise<History> {
  return (await import('./history.js')).openHistory(history, connection);
}

/** The page over the runs of a history, in pieces: one HTML file that loads nothing. */
export async function historyPage(history: History, now: Date, language?: Language): Promise<AsyncIterable<string>> {
  return (await import('./history.js')).pageOf(history, now, language);
}

/** Stores a finished run in a history; goes on where an earlier attempt ended. */
export async function addToHistory(
  run: string,
  history: HistoryOptions,
  connection: ConnectionOptions,
  now: Date,
): Promise<Published> {
  return (await import('./history.js')).addToHistory(run, history, connection, now);
}

/** The calls that a scan would make, and the least that they take. */
export async function plan(options: PlanOptions): Promise<Plan> {
  return (await import('./plan-ahead.js')).plan(options);
}

/** Which permissions a scan would lack. */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  return (await import('./preflight.js')).preflight(options);
}

/** What stands in the way of a scan: credentials, clock, network, disk. */
export async function doctor(options: DoctorOptions): Promise<Diagnosis> {
  return (await import('./doctor.js')).doctor(options);
}

/** Sends the findings of a finished run into Security Hub. */
export async function push(options: PushOptions): Promise<PushResult> {
  return (await import('./push.js')).push(options);
}

/** Packs a finished run for an auditor; with `upload`, into a bucket from which nobody can delete it. */
export async function packRun({
  upload,
  ...options
}: PackOptions & { readonly upload?: UploadOptions | undefined }): Promise<Packed & { readonly upload?: UploadOutcome }> {
  const pack = async () => (await import('./pack-run.js')).packRun(options);
  if (upload === undefined) return pack();
  return (await import('./upload-pack.js')).intoLockedBucket(options.out, upload, options.connection, pack);
}

/** Uploads a pack into a bucket from which nobody can delete it. */
export async function uploadPack(pack: string, options: UploadOptions, connection: ConnectionOptions): Promise<UploadOutcome> {
  return (await import('./upload-pack.js')).uploadPack(pack, options, connection);
}

/** Verifies an evidence pack, offline. */
export async function verifyEvidence(options: VerifyOptions): Promise<VerifyResult> {
  return (await import('./verify-pack.js')).verify(options);
}
