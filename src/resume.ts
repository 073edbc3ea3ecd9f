import { join } from 'node:path';
import type { Connection } from '#aws/connection.js';
import type { Config } from '#config/schema.js';
import { readFollowUpPlan } from '#inventory/follow-up-plan.js';
import {
  exists,
  manifestFile,
  readRun,
  removeLeftovers,
  removeVerdicts,
  type RunAccount,
  type RunDocument,
  type RunOptions,
} from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import type { Catalogue } from '#model/framework.js';
import { formatNames } from '#reports/index.js';
import { resolveScope } from '#scope/scope.js';
import { carryOut, workIn } from './carry-out.js';
import type { CrawlOptions } from './crawl.js';
import { openFollowUps, presentCells, type Accounts } from './crawl.js';
import type { FinishOptions, RunResult } from './finish-run.js';
import { judgementOf, type JudgingConfig } from './judgement.js';
import { scopeRequest } from './scope-request.js';
import { refuseWithoutPlugins } from './stored.js';
import { toolVersion } from './version.js';

/** What may be asked anew of a run that goes on; everything else is as it was when the run began. */
export interface ResumeOptions extends CrawlOptions {
  /** The run folder. */
  readonly run: string;
  readonly now: Date | undefined;
  readonly formats?: FinishOptions['formats'] | undefined;
  readonly failOn?: FinishOptions['failOn'] | undefined;
  readonly allowIncomplete?: boolean | undefined;
  readonly includePass?: boolean | undefined;
  readonly explain?: boolean | undefined;
  readonly language?: FinishOptions['language'];
  readonly before?: FinishOptions['before'];
}

/** Finishes a run that was stopped or killed, to the same findings: what it has read is not asked again. */
export async function resume(options: ResumeOptions): Promise<RunResult> {
  const { run: out } = options;
  // Before the lock, so that nothing is left in a folder that is none of ours.
  const run = await readRun(out);
  const asked = optionsOf(options.catalogue, out, run);
  const { rates } = run.config as Config;
  const connection = {
    ...options.connection,
    maxRps: options.connection.maxRps ?? asked.maxRps ?? undefined,
    rates,
    now: options.now?.toISOString(),
  };
  const how = { ...options, ...finishOptions(asked, options), connection };
  return workIn(out, how, async (connection, progress) => {
    const rest = await restOf(out, run);
    if (rest === undefined) {
      throw new AtrestError('usage', `${out} holds a run that is finished: there is nothing to resume.`, {
        hint: 'Render it again with `atrest report`, or judge it again with `atrest evaluate`.',
      });
    }
    await removeLeftovers(out);
    progress.begun(run.id);
    const judgement = judgementOf(options.catalogue, {
      accounts: run.accounts,
      ruleGlobs: run.rules,
      frameworks: run.frameworks,
      config: run.config as JudgingConfig,
      organization: run.organization,
      waivers: run.waivers,
    });
    let accounts: Accounts = new Map();
    const result = await carryOut({ run, judgement, out }, how, { connection, progress }, async () => {
      progress.phase('scope');
      if (rest.size > 0) accounts = await enter(run, rest, connection);
      await removeVerdicts(out);
      return accounts;
    });
    const shut = [...accounts.values()].filter(({ credentials }) => credentials === null);
    return { ...result, shut: shut.map(({ id, reason }) => ({ id, reason })) };
  });
}

/** How the run was asked to report. Rejects what this process cannot finish: the rules must be those that began. */
function optionsOf(catalogue: Catalogue, out: string, run: RunDocument): RunOptions {
  if (run.options === null)
    throw new AtrestError('run-folder', `${out} was judged from a run that is in another folder: there is nothing to resume.`);
  if (run.tool.version !== toolVersion) {
    throw new AtrestError('run-folder', `${out} was begun by atrest ${run.tool.version}, and this is ${toolVersion}.`, {
      hint: 'Finish it with the version that began it, or scan anew.',
    });
  }
  refuseWithoutPlugins(catalogue, out, run, { crawls: true });
  const known = [...formatNames, ...(catalogue.formats ?? []).map(({ name }) => name)];
  const lost = run.options.formats.find((name) => !known.includes(name));
  if (lost !== undefined) {
    throw new AtrestError('run-folder', `${out} is to be reported as ${lost}, which no plugin brings that is loaded.`, {
      hint: 'Name the plugin again with `--plugin`.',
    });
  }
  return run.options;
}

/** The accounts that a run has still to ask; undefined when it is finished. */
async function restOf(out: string, run: RunDocument): Promise<ReadonlySet<string> | undefined> {
  const there = new Set(await presentCells(out, run.cells));
  const cells = run.cells.filter((cell) => !there.has(cell));
  const plan = await readFollowUpPlan(out);
  // What follows up is not known before all cells are there, and may concern every account.
  if (plan === undefined) return new Set(run.accounts.flatMap(({ id, state }) => (state === 'scanned' ? [id] : [])));
  const open = await openFollowUps(out, plan);
  if (cells.length + open.length === 0 && (await exists(join(out, manifestFile)))) return undefined;
  return new Set([...cells, ...open].map(({ account }) => account));
}

/** Credentials for accounts of the run. One that cannot be entered any more keeps its cells unread. */
async function enter(run: RunDocument, ids: ReadonlySet<string>, connection: Connection): Promise<Accounts> {
  const accounts = run.accounts.filter(({ id }) => ids.has(id));
  const request = scopeRequest({
    config: run.config as Config,
    accounts: accounts.map(({ id }) => id),
    // Named, so that nobody has to be asked for them again.
    regions: [...new Set(accounts.flatMap(({ regions }) => regions))],
    excludeRegions: [],
    stsRegion: run.stsRegion ?? undefined,
  });
  // The accounts were chosen when the run began. What the organisation has done since is no reason to leave the others.
  const organization = request.organization && { ...request.organization, include: [], exclude: [], chosenBefore: true };
  const scope = await resolveScope({ ...request, organization, excludeRegions: [] }, connection);
  const [began, now] = [run.caller, scope.caller.arn].map((arn) => arn.split(':')[4]);
  if (began !== now) {
    throw new AtrestError('usage', `The run was begun with credentials of account ${began ?? ''}; these are of ${now ?? ''}.`, {
      hint: 'Use credentials of the same account.',
    });
  }
  const regionsOf = (account: RunAccount) => ({ regions: account.regions, disabledRegions: account.disabledRegions });
  const remembered = new Map(accounts.map((account) => [account.id, regionsOf(account)]));
  return new Map(scope.accounts.map((account) => [account.id, { ...account, ...remembered.get(account.id) }]));
}

function finishOptions(asked: RunOptions, options: ResumeOptions): FinishOptions {
  return {
    formats: options.formats ?? asked.formats,
    failOn: options.failOn ?? asked.failOn ?? undefined,
    allowIncomplete: options.allowIncomplete ?? asked.allowIncomplete,
    includePass: options.includePass ?? asked.includePass,
    explain: options.explain ?? asked.explain,
    language: options.language ?? asked.language,
    now: options.now,
  };
}
