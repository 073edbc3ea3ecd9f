import pLimit from 'p-limit';
import type { Connection, ConnectionOptions } from '#aws/connection.js';
import { crawlFollowUps } from '#collect/follow-ups.js';
import { serviceSpec } from '#collect/registry.js';
import { cellPath } from '#inventory/cell-file.js';
import { readFollowUpPlan, writeFollowUpPlan, type FollowUpCell } from '#inventory/follow-up-plan.js';
import { exists, type RunCell, type RunDocument } from '#inventory/run-folder.js';
import type { Catalogue } from '#model/framework.js';
import { cellName, compareCells, type Service } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import type { ScopeAccount } from '#scope/scope.js';
import { cellRunner, sentConnection, type CellRunner } from './cell-runner.js';
import { asksForKeys, planFollowUps } from './follow-up-jobs.js';
import { runLookups, type Judgement } from './judgement.js';
import { graphScope } from './open-run.js';
import type { Progress, ScanProgress } from './scan-progress.js';

/** How a crawl is carried out, whether it begins or goes on. */
export interface CrawlOptions {
  /** Its signal ends the run at once, without a report. */
  readonly connection: ConnectionOptions;
  /** With where its plugins were loaded from, for processes that crawl. */
  readonly catalogue: Catalogue;
  /** Processes that crawl; undefined: as the cores and the number of cells suggest. */
  readonly workers?: number | undefined;
  /** Accounts that are read at the same time; undefined: all. */
  readonly accountConcurrency?: number | undefined;
  /** Milliseconds after which the crawl ends and what was read by then is reported. */
  readonly deadlineMs?: number | undefined;
  /** Ends the crawl as the deadline does. */
  readonly terminated?: AbortSignal | undefined;
  readonly onProgress: (progress: ScanProgress) => void;
}

/** The run that is crawled, and with what. */
export interface Crawl {
  readonly run: RunDocument;
  readonly judgement: Judgement;
  /** The run folder. */
  readonly out: string;
  readonly connection: Connection;
  readonly progress: Progress;
  readonly options: Pick<CrawlOptions, 'catalogue' | 'connection' | 'workers' | 'accountConcurrency'>;
}

export type Accounts = ReadonlyMap<string, ScopeAccount>;

/**
 * Reads the cells that the folder does not hold yet, then what only all of them show to be worth asking. Cells of
 * accounts without credentials stay away. Rejects when it is stopped or a cell cannot be written.
 */
export async function crawl(work: Crawl, accounts: Accounts): Promise<void> {
  await crawlCells(work, accounts);
  const { out, run } = work;
  if ((await presentCells(out, run.cells)).length === run.cells.length) await followUp(work, accounts);
}

/** Reads the cells that the folder does not hold yet. */
export async function crawlCells(work: Crawl, accounts: Accounts): Promise<void> {
  const { run, judgement, out, progress, connection, options } = work;
  const there = new Set(await presentCells(out, run.cells));
  progress.start(run.cells.length, there.size);
  // The longest chains of pages first: snapshots and volumes, then keys, then what costs a call each.
  const order: readonly Service[] = ['ec2', 'kms', 's3', 'rds'];
  const cells = run.cells
    .filter((cell) => !there.has(cell))
    .sort((a, b) => order.indexOf(a.service) - order.indexOf(b.service) || compareCells(a, b));
  const lookups = runLookups(judgement);
  const runner = cellRunner(
    {
      run: out,
      connection: sentConnection(options.connection),
      plugins: options.catalogue.plugins ?? [],
      registry: judgement.registry,
      workers: options.workers,
      cells: cells.length,
    },
    connection,
  );
  try {
    const read = (cell: RunCell) => readCell(work, runner, cell, accounts.get(cell.account), lookups);
    if (options.accountConcurrency === undefined) await allOrNone(connection, cells, read);
    else {
      const limit = pLimit(options.accountConcurrency);
      await allOrNone(connection, byAccount(cells), (own) => limit(() => allOrNone(connection, own, read)));
    }
  } finally {
    runner.close();
  }
}

function byAccount(cells: readonly RunCell[]): readonly (readonly RunCell[])[] {
  const accounts = new Map<string, RunCell[]>();
  for (const cell of cells) accounts.set(cell.account, [...(accounts.get(cell.account) ?? []), cell]);
  return [...accounts.values()];
}

export async function presentCells(out: string, cells: readonly RunCell[]): Promise<readonly RunCell[]> {
  const present = await Promise.all(cells.map((cell) => exists(cellPath(out, cell))));
  return cells.filter((_, index) => present[index]);
}

async function readCell(
  { run, progress }: Crawl,
  runner: CellRunner,
  cell: RunCell,
  account: ScopeAccount | undefined,
  lookups: ReturnType<typeof runLookups>,
): Promise<void> {
  if (account?.credentials === undefined || account.credentials === null) {
    progress.cell(cellName(cell), { state: 'partial', reason: account?.reason ?? 'not entered', operations: [] });
    return;
  }
  const coverage = await runner.crawl({
    ...cell,
    partition: run.partition,
    homeRegion: run.homeRegion,
    regions: new Set([...account.regions, ...(cell.region === 'global' ? [] : [cell.region])]),
    asked: new Map((Object.entries(cell.asked) as [Kind, readonly string[]][]).map(([kind, facets]) => [kind, new Set(facets)])),
    credentials: account.credentials,
    ownCredentials: isCallers(run, account),
    lookups,
  });
  progress.cell(cellName(cell), coverage);
}

/** Whether an account is read with the caller's own credentials: what ends with them ends the run. */
function isCallers({ caller }: RunDocument, account: ScopeAccount): boolean {
  return account.caller?.arn === caller;
}

/** Asks what only the whole run shows to be worth asking. */
async function followUp({ run, judgement, out, connection, progress }: Crawl, accounts: Accounts): Promise<void> {
  const wanted = asksForKeys(judgement);
  if (wanted) progress.phase('follow-ups');
  const plan = (await readFollowUpPlan(out)) ?? (wanted ? await planFollowUps(run, judgement, out) : []);
  await writeFollowUpPlan(out, plan);
  const { accounts: scope } = graphScope(run);
  await allOrNone(connection, await openFollowUps(out, plan), async ({ account: id, region, keys }) => {
    const account = accounts.get(id);
    if (account?.credentials === undefined || account.credentials === null) return;
    await crawlFollowUps(
      {
        account: id,
        region,
        partition: run.partition,
        credentials: account.credentials,
        ownCredentials: isCallers(run, account),
        keys,
        scope,
      },
      serviceSpec(judgement.registry, 'kms'),
      connection,
      out,
    );
  });
}

/** Those of a plan that have not been asked yet. */
export async function openFollowUps(out: string, plan: readonly FollowUpCell[]): Promise<readonly FollowUpCell[]> {
  const done = await Promise.all(plan.map(({ account, region }) => exists(followUpPath(out, { account, region }))));
  return plan.filter((_, index) => !done[index]);
}

function followUpPath(out: string, place: Pick<FollowUpCell, 'account' | 'region'>): string {
  return cellPath(out, { ...place, service: 'kms' }, '.followups');
}

/**
 * What fails stops the rest: it could not be reported without it. Waits for everything to end before it rejects, with
 * what stopped it, so that nothing is still writing when the caller cleans up.
 */
async function allOrNone<T>(connection: Connection, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  await Promise.all(
    items.map(async (item) => {
      try {
        await work(item);
      } catch (error) {
        connection.stop(error);
      }
    }),
  );
  connection.signal.throwIfAborted();
}
