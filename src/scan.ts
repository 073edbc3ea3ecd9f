import { resolveBaselines } from '#config/baselines.js';
import type { Config } from '#config/schema.js';
import type { Catalogue } from '#model/framework.js';
import { createRunFolder, exists, runFile, writeRun } from '#inventory/run-folder.js';
import { resolveScope, type Scope } from '#scope/scope.js';
import { join } from 'node:path';
import { carryOut, workIn } from './carry-out.js';
import type { CrawlOptions } from './crawl.js';
import type { FinishOptions, RunResult } from './finish-run.js';
import { judgementOf, type Judgement } from './open-run.js';
import { baselineOf, frameworksAsked, runDocument, type RunRequest } from './run-plan.js';

export interface ScanOptions extends RunRequest, FinishOptions, CrawlOptions {
  readonly out: string;
}

/** Crawls, evaluates and reports. Leaves a folder without manifest when it is stopped on the way. */
export async function scan(options: ScanOptions): Promise<RunResult> {
  const { out } = options;
  const how = { ...options, connection: { ...options.connection, rates: options.config.rates } };
  const takeBack = await createRunFolder(out);
  try {
    return await workIn(out, how, async (connection, progress) => {
      progress.phase('scope');
      resolveBaselines(options.catalogue, options.config);
      const scope = await resolveScope(scopeRequest(options), connection);
      const judgement = judge(options, scope);
      const run = runDocument(options, scope, judgement, options);
      await writeRun(out, run);
      const accounts = new Map(scope.accounts.map((account) => [account.id, account]));
      return carryOut({ run, judgement, out }, how, { connection, progress }, () => Promise.resolve(accounts));
    });
  } catch (error) {
    if (!(await exists(join(out, runFile)))) await takeBack();
    throw error;
  }
}

/** What the scope is resolved from: the config, and what was named beside it. */
export function scopeRequest({
  config,
  accounts,
  regions,
  excludeRegions,
}: {
  readonly config: Config;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly excludeRegions: readonly string[];
}) {
  const { scope } = config;
  const configured = (scope?.accounts ?? []).map((account) =>
    typeof account === 'string' ? { id: account, ...unnamed } : { ...unnamed, ...definedOf(account) },
  );
  // An account named twice would be two cells that write one file.
  const byId = new Map(configured.map((account) => [account.id, account]));
  const named = [...new Set(accounts)].map((id) => byId.get(id) ?? { id, ...unnamed });
  return {
    accounts: named.length > 0 ? named : [...byId.values()],
    role: scope?.role ?? null,
    externalId: scope?.externalId ?? null,
    regions: [...new Set(regions.length > 0 ? regions : (scope?.regions?.include ?? []))],
    excludeRegions: [...excludeRegions, ...(scope?.regions?.exclude ?? [])],
  };
}

const unnamed = { name: null, role: null, path: null, tags: {} };

/** Without the fields that the config leaves out, which must not hide what stands for them. */
function definedOf<T extends object>(given: T): { [F in keyof T]: Exclude<T[F], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}

/** What a run over these accounts is judged by. */
export function judge(options: RunRequest & { readonly catalogue: Catalogue }, { accounts }: Scope): Judgement {
  return judgementOf(options.catalogue, {
    accounts: accounts.map((account) => ({ ...account, baseline: baselineOf(account, options) })),
    ruleGlobs: options.ruleGlobs,
    frameworks: frameworksAsked(options),
    config: options.config,
  });
}
