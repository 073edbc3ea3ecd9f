import { join } from 'node:path';
import pLimit from 'p-limit';
import { Connection, type ConnectionOptions } from '#aws/connection.js';
import { resolveBaselines } from '#config/baselines.js';
import { crawlCell } from '#collect/crawl-cell.js';
import { crawlFollowUps } from '#collect/follow-ups.js';
import { serviceSpec } from '#collect/registry.js';
import { cellPath } from '#inventory/cell-file.js';
import { createRunFolder, exists, reasonOf, runFile, writeRun, type RunDocument } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import { cellName, compareCells, type Service } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import type { Catalogue } from '#model/framework.js';
import { resolveScope, type Scope, type ScopeAccount } from '#scope/scope.js';
import { finishRun, type FinishOptions, type RunResult } from './finish-run.js';
import { followUpJobs } from './follow-up-jobs.js';
import { configuredRules, judgementOf, openRun, runLookups, type Judgement } from './open-run.js';
import { baselineOf, frameworksAsked, runDocument, type RunRequest } from './run-plan.js';
import { Progress, type ScanProgress } from './scan-progress.js';

/** Cells at work at once: enough that no cell waits for another's slowest chain. */
const cellsAtOnce = 48;

export interface ScanOptions extends RunRequest, FinishOptions {
  readonly catalogue: Catalogue;
  readonly out: string;
  readonly connection: ConnectionOptions;
  readonly onProgress: (progress: ScanProgress) => void;
}

/** Crawls, evaluates and reports. Leaves a folder without manifest when it is stopped on the way. */
export async function scan(options: ScanOptions): Promise<RunResult> {
  const takeBack = await createRunFolder(options.out);
  const connection = new Connection(options.connection);
  try {
    return await scanInto(options, connection);
  } catch (error) {
    if (!(await exists(join(options.out, runFile)))) await takeBack();
    throw explain(error, options);
  } finally {
    connection.close();
  }
}

async function scanInto(options: ScanOptions, connection: Connection): Promise<RunResult> {
  const progress = new Progress(options.onProgress, connection);
  progress.phase('scope');
  resolveBaselines(options.catalogue, options.config);
  const scope = await resolveScope(scopeRequest(options), connection);
  const judgement = judge(options, scope);
  const run = runDocument(options, scope, judgement);
  await writeRun(options.out, run);
  progress.begun(run.id);
  await crawl(run, scope, judgement, options.out, connection, progress);
  progress.phase('evaluate');
  const open = await openRun(options.out, run, judgement);
  return finishRun(open, options.out, options);
}

function scopeRequest({ config, accounts, regions, excludeRegions }: ScanOptions) {
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

function judge(options: ScanOptions, { accounts }: Scope): Judgement {
  return judgementOf(options.catalogue, {
    accounts: accounts.map((account) => ({ ...account, baseline: baselineOf(account, options) })),
    ruleGlobs: options.ruleGlobs,
    frameworks: frameworksAsked(options),
    config: options.config,
  });
}

async function crawl(
  run: RunDocument,
  scope: Scope,
  judgement: Judgement,
  out: string,
  connection: Connection,
  progress: Progress,
): Promise<void> {
  const accounts = new Map(scope.accounts.map((account) => [account.id, account]));
  const limit = pLimit(cellsAtOnce);
  const lookups = runLookups(judgement);
  progress.start(run.cells.length);
  // The longest chains of pages first: snapshots and volumes, then keys, then what costs a call each.
  const order: readonly Service[] = ['ec2', 'kms', 's3', 'rds'];
  const cells = [...run.cells].sort((a, b) => order.indexOf(a.service) - order.indexOf(b.service) || compareCells(a, b));
  await allOrFirstError(
    cells.map((cell) =>
      limit(async () => {
        const account = accounts.get(cell.account);
        if (account?.credentials === undefined || account.credentials === null)
          throw new Error(`There are no credentials for ${cell.account}`);
        const coverage = await crawlCell(
          {
            ...cell,
            partition: run.partition,
            homeRegion: run.homeRegion,
            regions: new Set([...account.regions, ...(cell.region === 'global' ? [] : [cell.region])]),
            asked: new Map(
              (Object.entries(cell.asked) as [Kind, readonly string[]][]).map(([kind, facets]) => [kind, new Set(facets)]),
            ),
            credentials: account.credentials,
            lookups,
          },
          serviceSpec(judgement.registry, cell.service),
          connection,
          out,
        );
        progress.cell(cellName(cell), coverage);
      }),
    ),
  );
  if (configuredRules(judgement).some(({ lookups: wanted }) => wanted['kms.key'] !== undefined)) {
    progress.phase('follow-ups');
    await followUp(run, accounts, judgement, out, connection);
  }
}

/** Asks what only the whole run shows to be worth asking. */
async function followUp(
  run: RunDocument,
  accounts: ReadonlyMap<string, ScopeAccount>,
  judgement: Judgement,
  out: string,
  connection: Connection,
): Promise<void> {
  const jobs = await followUpJobs(run, accounts, judgement, out);
  await allOrFirstError(
    jobs.map(async (job) => {
      const cell = { account: job.account, region: job.region, service: 'kms' as const };
      if (await exists(cellPath(out, cell, '.followups'))) return;
      await crawlFollowUps(job, serviceSpec(judgement.registry, 'kms'), connection, out);
    }),
  );
}

/** Waits for everything to stop before it rejects, so that nothing is still writing when the caller cleans up. */
async function allOrFirstError(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** What a person can act on in place of what the platform threw. */
function explain(error: unknown, { out, connection }: ScanOptions): unknown {
  if (connection.signal?.aborted === true) {
    return new AtrestError('interrupted', 'Stopped.', {
      hint: `${out} holds the cells that were finished; it has no report.`,
      cause: error,
    });
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EACCES' || code === 'EROFS' || code === 'EMFILE' || code === 'EDQUOT') {
    return new AtrestError('disk', `Cannot write the run to ${out}: ${reasonOf(error)}`, {
      hint: `What was written stays in ${join(out, 'inventory')}.`,
      cause: error,
    });
  }
  return error;
}
