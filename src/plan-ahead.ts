import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, type ConnectionOptions } from '#aws/connection.js';
import { resolveBaselines } from '#config/baselines.js';
import type { Registry } from '#collect/registry.js';
import { cellPath } from '#inventory/cell-file.js';
import { exists, readRun, type RunCell, type RunDocument } from '#inventory/run-folder.js';
import type { Catalogue } from '#model/framework.js';
import type { Plan } from '#model/plan.js';
import type { Kind } from '#model/resources/index.js';
import { planDocument } from '#plan/document.js';
import { planCells, planFollowUps as countFollowUps } from '#plan/from-inventory.js';
import { resolveScope, type Scope } from '#scope/scope.js';
import { crawlProcesses } from './cell-runner.js';
import { crawlCells } from './crawl.js';
import { asksForKeys, planFollowUps } from './follow-up-jobs.js';
import { configuredRules, tagUseOf, type Judgement } from './judgement.js';
import { runDocument, type RunRequest } from './run-plan.js';
import { judge } from './scan.js';
import { scopeRequest } from './scope-request.js';
import { Progress, type ScanProgress } from './scan-progress.js';

export interface AheadOptions extends RunRequest {
  readonly catalogue: Catalogue;
  readonly connection: ConnectionOptions;
}

export interface PlanOptions extends AheadOptions {
  /** The folder of an earlier run; undefined: what a listing shows. */
  readonly from: string | undefined;
  readonly workers?: number | undefined;
  readonly onProgress: (progress: ScanProgress) => void;
}

/** A run that was not started: its document, and by what it would be judged. */
export interface Ahead {
  readonly run: RunDocument;
  readonly scope: Scope;
  readonly judgement: Judgement;
}

/** Finds the accounts and regions that a scan with these options would have. */
export async function lookAhead(options: AheadOptions, connection: Connection): Promise<Ahead> {
  resolveBaselines(options.catalogue, options.config);
  const scope = await resolveScope(scopeRequest(options), connection);
  const judgement = judge(options, scope);
  return { run: runDocument(options, scope, judgement, null), scope, judgement };
}

/** The calls that a scan would make, and the least that they take; nothing is written but to a folder that is removed. */
export async function plan(options: PlanOptions): Promise<Plan> {
  const earlier = options.from === undefined ? undefined : await readRun(options.from);
  const connection = await Connection.open(options.connection);
  try {
    const progress = new Progress(options.onProgress, connection);
    progress.phase('scope');
    const ahead = await lookAhead(options, connection);
    const describe = (inventory: string) =>
      planOf(ahead, inventory, options, () => ({
        kind: earlier === undefined ? 'listing' : 'run',
        run: earlier?.id ?? null,
        calls: connection.stats.calls,
      }));
    if (options.from !== undefined) return await describe(options.from);
    const folder = await mkdtemp(join(tmpdir(), 'atrest-plan-'));
    try {
      const listing = { ...ahead.run, cells: ahead.run.cells.map((cell) => onlyListed(cell, ahead.judgement.registry)) };
      const accounts = new Map(ahead.scope.accounts.map((account) => [account.id, account]));
      await crawlCells({ run: listing, judgement: ahead.judgement, out: folder, connection, progress, options }, accounts);
      return await describe(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    connection.close();
  }
}

/** What of a cell costs no call for each resource: lists, and what is asked once in a region. */
function onlyListed({ sample: _sample, ...cell }: RunCell, { kinds }: Registry): RunCell {
  const asked = Object.entries(cell.asked).map(([name, facets]) => {
    const kind = kinds.find((each) => each.kind === (name as Kind));
    return [name, facets.filter((facet) => kind?.sources.length === 0 || kind?.facets[facet]?.by !== 'call')] as const;
  });
  return { ...cell, asked: Object.fromEntries(asked) };
}

async function planOf(
  { run, judgement }: Ahead,
  inventory: string,
  { catalogue, connection: { maxRps }, workers }: PlanOptions,
  basis: () => Plan['basis'],
): Promise<Plan> {
  const { registry } = judgement;
  const planned = await planCells(inventory, run, registry);
  if (asksForKeys(judgement)) countFollowUps(planned, await planFollowUps(run, judgement, inventory), registry);
  return planDocument(planned, {
    run,
    rules: configuredRules(judgement),
    registry,
    tagUse: tagUseOf(judgement),
    basis: basis(),
    maxRps,
    processes: crawlProcesses({ registry, plugins: catalogue.plugins ?? [], workers, cells: run.cells.length }),
    inventoryBytes: await sizeOf(inventory, run.cells),
  });
}

/** Of the files that hold these cells. */
async function sizeOf(path: string, cells: readonly RunCell[]): Promise<number> {
  let bytes = 0;
  for (const cell of cells) {
    for (const suffix of ['', '.edges', '.followups']) {
      const file = cellPath(path, cell, suffix);
      if (await exists(file)) bytes += (await stat(file)).size;
    }
  }
  return bytes;
}
