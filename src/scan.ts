import { resolveBaselines } from '#config/baselines.js';
import type { Catalogue } from '#model/framework.js';
import { createRunFolder, exists, runFile, writeRun, type RunHistory } from '#inventory/run-folder.js';
import { resolveScope, type Scope } from '#scope/scope.js';
import { join } from 'node:path';
import { carryOut, workIn } from './carry-out.js';
import type { CrawlOptions } from './crawl.js';
import type { FinishOptions, RunResult } from './finish-run.js';
import { judgementOf, type Judgement } from './judgement.js';
import { baselineOf, frameworksAsked, organizationOf, runDocument, type RunRequest } from './run-plan.js';
import { scopeDigest } from './scope-digest.js';
import { scopeRequest } from './scope-request.js';

export interface ScanOptions extends RunRequest, FinishOptions, CrawlOptions {
  readonly out: string;
  /** Where the run is to be kept, for a resume; undefined: nowhere. */
  readonly keptIn?: RunHistory | undefined;
}

/** Crawls, evaluates and reports. Leaves a folder without manifest when it is stopped on the way. */
export async function scan(options: ScanOptions): Promise<RunResult> {
  const { out } = options;
  const how = { ...options, connection: { ...options.connection, rates: options.config.rates, now: options.now?.toISOString() } };
  const takeBack = await createRunFolder(out);
  try {
    return await workIn(out, how, async (connection, progress) => {
      progress.phase('scope');
      resolveBaselines(options.catalogue, options.config);
      const scope = await resolveScope(scopeRequest(options), connection);
      const judgement = judge(options, scope);
      const run = { ...runDocument(options, scope, judgement, options), scopeAsked: scopeDigest(options, scope) };
      await writeRun(out, run);
      progress.begun(run.id);
      const accounts = new Map(scope.accounts.map((account) => [account.id, account]));
      return carryOut({ run, judgement, out }, how, { connection, progress }, () => Promise.resolve(accounts));
    });
  } catch (error) {
    if (!(await exists(join(out, runFile)))) await takeBack();
    throw error;
  }
}

/** What a run over these accounts is judged by. */
export function judge(options: RunRequest & { readonly catalogue: Catalogue }, { accounts, organization }: Scope): Judgement {
  return judgementOf(options.catalogue, {
    accounts: accounts.map((account) => ({ ...account, baseline: baselineOf(account, options) })),
    ruleGlobs: options.ruleGlobs,
    frameworks: frameworksAsked(options),
    config: options.config,
    organization: organizationOf(organization),
    waivers: options.waivers,
  });
}
