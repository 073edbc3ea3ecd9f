import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { followUpFacets } from '#collect/asked.js';
import { facetOperations } from '#collect/registry.js';
import { cellPath, readCell, type CellFooter } from '#inventory/cell-file.js';
import { copySources, copySourcesIn, readCopied, type CopySources } from '#inventory/copied-records.js';
import { deriveEdges, lookedUpPart, readEdges, type CellEdges, type LookedUp } from '#inventory/edges-file.js';
import { readFollowUpPlan } from '#inventory/follow-up-plan.js';
import { exists, type RunCell, type RunDocument } from '#inventory/run-folder.js';
import type { GraphScope } from '#inventory/listings.js';
import { RunGraph } from '#inventory/run-graph.js';
import { compareCells, compareText, type CellId, type Place } from '#model/place.js';
import type { ResourceRecord } from '#model/resources/index.js';
import { runLookups, type Judgement } from './judgement.js';
import { unfinishedCell, unfinishedFollowUp } from './unfinished.js';

/** A run opened for evaluation: its cells in order, joined. */
export interface OpenRun {
  readonly path: string;
  readonly run: RunDocument;
  readonly judgement: Judgement;
  readonly cells: readonly OpenCell[];
  readonly followUps: readonly CellFooter[];
  /** False: the run ended before it had asked what the cells gave rise to. */
  readonly followUpsDone: boolean;
  readonly graph: RunGraph;
  /** What was asked of listed keys once the run was known, by ARN. */
  readonly followed: ReadonlyMap<string, ResourceRecord>;
}

export interface OpenCell {
  readonly cell: RunCell;
  readonly place: Place;
  readonly footer: CellFooter;
  /** False: the run ended before the cell was written. */
  readonly present: boolean;
}

/** Whether the run ended before everything was asked: that it can still be, apart from what was asked and refused. */
export function isUnfinished({ cells, followUpsDone }: OpenRun): boolean {
  return !followUpsDone || cells.some(({ present }) => !present);
}

/** A run as it is stored, and what it is judged by. */
export interface StoredRun {
  readonly path: string;
  readonly run: RunDocument;
  readonly judgement: Judgement;
}

/** What was read of a run to join its cells. Plain data, so that it can be handed to another thread. */
export interface RunJoins extends Pick<OpenRun, 'cells' | 'followUpsDone' | 'followed'> {
  readonly joined: readonly CellEdges[];
  readonly followUps: readonly CellEdges[];
}

export async function openRun(path: string, run: RunDocument, judgement: Judgement): Promise<OpenRun> {
  const stored = { path, run, judgement };
  return joinRun(stored, await readJoins(stored));
}

/** Joins the cells of a run by what was read of them. */
export function joinRun({ path, run, judgement }: StoredRun, { joined, followUps, ...read }: RunJoins): OpenRun {
  const reverse = new Set(judgement.rules.flatMap((rule) => rule.reverse));
  const graph = new RunGraph(joined, followUps, graphScope(run), reverse);
  for (const { asked } of run.cells) graph.addAsked(asked);
  return { path, run, judgement, ...read, followUps: followUps.map(({ footer }) => footer), graph };
}

/** Several at once: one is parsed while others wait for the disk and to be unzipped. */
const cellsAtOnce = 4;

/** Reads what joins the cells of a run: their edges, or the cells themselves where those were made for other rules. */
export async function readJoins({ path, run, judgement }: StoredRun): Promise<RunJoins> {
  const lookups = runLookups(judgement);
  const operations = facetOperations(judgement.registry);
  const limit = pLimit(cellsAtOnce);
  const read = await Promise.all(
    [...run.cells].sort(compareCells).map((cell) =>
      limit(async () => {
        const place = { partition: run.partition, account: cell.account, region: cell.region };
        const edges = await cellEdges(path, cell, lookups);
        const footer = edges?.footer ?? unfinishedCell(cell, operations);
        return {
          cell: { cell, place, footer, present: edges !== undefined },
          // A cell that is not there is no empty one: the joins must know what it leaves open.
          edges: edges ?? { header: { ...cell, cell: '1.0' as const, partition: run.partition }, edges: [], values: [], footer },
        };
      }),
    ),
  );
  const cells = read.map(({ cell }) => cell);
  // Only now is it known what copies were made from; all that could be would not fit into memory.
  const sources = copySources(read.map(({ edges }) => edges));
  const joined = await Promise.all(
    read.map(async ({ cell, edges }) => (cell.present ? limit(() => withCopied(path, edges, lookups, sources)) : edges)),
  );
  const followUpPaths = await followUpFiles(path);
  const asked = await Promise.all(followUpPaths.map((file) => deriveEdges(file, lookups)));
  const plan = await readFollowUpPlan(path);
  const done = new Set(asked.map(({ header }) => `${header.account}/${header.region}`));
  const open = (plan ?? [])
    .filter(({ account, region }) => !done.has(`${account}/${region}`))
    .map((cell) => unfinishedFollowUp(cell, run, operations));
  const followUps = [...asked, ...open];
  const followed = await followedKeys(followUpPaths, open, judgement);
  const followUpsDone = plan !== undefined && open.length === 0;
  return { cells, joined, followUps, followUpsDone, followed };
}

/** The accounts of a run, and those of them that it could not enter. One that AWS keeps closed is outside. */
export function graphScope({ accounts }: Pick<RunDocument, 'accounts'>): GraphScope {
  return {
    accounts: new Set(accounts.flatMap(({ id, state }) => (state === 'skipped' ? [] : [id]))),
    closed: new Map(accounts.flatMap(({ id, gap }) => (gap === null ? [] : [[id, gap] as const]))),
  };
}

/** Of a follow-up's keys those that their own cell lists too, with what it could not ask of them. */
async function followedKeys(
  files: readonly string[],
  open: readonly CellEdges[],
  { rules, registry }: Judgement,
): Promise<ReadonlyMap<string, ResourceRecord>> {
  const followed = new Map<string, ResourceRecord>();
  const facets = followUpFacets(rules, registry.kinds);
  if (facets.length === 0) return followed;
  const add = (record: ResourceRecord) => {
    const part = lookedUpPart(record, facets);
    if (part.unread !== undefined || facets.some((facet) => facet in part.facets)) followed.set(record.arn, part);
  };
  for (const file of files) for await (const { records } of readCell(file)) for (const record of records) add(record);
  for (const { values } of open) for (const record of values) add(record);
  return followed;
}

/** Adds what copies elsewhere were made from, where the cell can hold any of it. */
async function withCopied(run: string, edges: CellEdges, lookups: LookedUp, sources: CopySources): Promise<CellEdges> {
  const ids = copySourcesIn(sources, edges.header);
  if (ids.size === 0) return edges;
  return { ...edges, values: [...edges.values, ...(await readCopied(cellPath(run, edges.header), lookups, ids))] };
}

/** The edges of a cell that was written; undefined for one that was not. */
export async function cellEdges(run: string, cell: CellId, lookups: LookedUp): Promise<CellEdges | undefined> {
  const path = cellPath(run, cell);
  if (!(await exists(path))) return undefined;
  const edges = cellPath(run, cell, '.edges');
  return ((await exists(edges)) ? await readEdges(edges, lookups) : undefined) ?? deriveEdges(path, lookups);
}

async function followUpFiles(run: string): Promise<readonly string[]> {
  const inventory = join(run, 'inventory');
  if (!(await exists(inventory))) return [];
  const names = await readdir(inventory, { recursive: true });
  return names
    .filter((name) => name.endsWith('.followups.ndjson.gz'))
    .sort(compareText)
    .map((name) => join(inventory, name));
}
