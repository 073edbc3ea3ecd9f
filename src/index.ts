/** The public API: scan an account, evaluate and render stored runs, define rules. */
export { resolveBaselines } from '#config/baselines.js';
export { parseConfig, type LoadedConfig } from '#config/load.js';
export type { Config } from '#config/schema.js';
export { facetOperations, registryOf } from '#collect/registry.js';
export { AtrestError, type ErrorCode } from '#model/errors.js';
export { nearest } from '#model/nearest.js';
export { services, type Service } from '#model/place.js';
export type { ControlRow, Finding, Report, ReportHeader } from '#model/report.js';
export { defineRule, type Rule, type RuleContext } from '#model/rule.js';
export { severities, type Severity } from '#model/severity.js';
export { usageText } from '#model/key-usage.js';
export { missingText } from '#model/verdict.js';
export { formatNames, isFormatName, type FormatName } from '#reports/index.js';
export type { PluginFacet } from '#model/facet.js';
export type { Catalogue, Framework } from '#model/framework.js';
export type { RunResult } from './finish-run.js';
export { selectRules } from './open-run.js';
import type { Catalogue } from '#model/framework.js';
import { frameworks } from '#rules/frameworks/index.js';
import { rules } from '#rules/index.js';
import type { RunResult } from './finish-run.js';
import type { ResumeOptions } from './resume.js';
import type { ScanOptions } from './scan.js';
export type { ResumeOptions } from './resume.js';
export type { ScanOptions } from './scan.js';
export type { ScanProgress } from './scan-progress.js';
export { evaluate, render, type EvaluateOptions, type RenderOptions } from './stored.js';
export { loadPlugin, withPlugins, type Plugin } from '#plugins/load.js';
export { testRules, type CaseResult } from '#plugins/cases.js';
export { writeNewRule } from '#plugins/new-rule.js';
export { checkRates } from './rates.js';
export { impact, type Impact } from './impact.js';
export { countControls } from '#model/framework.js';
export { readSummary } from './finish-run.js';
export { describeRule, type RuleDescription } from './describe-rule.js';
export { auditRole, listRole, writeRole, type RoleRequest } from './role-policy.js';
export { policiesPerRole, type RoleSpec } from '#plan/iam-policy.js';
export { policyFormats, renderRole, type PolicyFormat } from '#plan/render-role.js';
export { toolVersion } from './version.js';

/** The rules and frameworks that come with atrest. */
export const catalogue: Catalogue = { rules, frameworks, facets: [] };

/** Crawls, evaluates and reports. The AWS SDK is loaded only here. */
export async function scan(options: ScanOptions): Promise<RunResult> {
  return (await import('./scan.js')).scan(options);
}

/** Finishes a run that was stopped or killed. */
export async function resume(options: ResumeOptions): Promise<RunResult> {
  return (await import('./resume.js')).resume(options);
}
