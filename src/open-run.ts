import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { followUpFacets, type TagUse } from '#collect/asked.js';
import { facetOperations, lookedUp, registryOf, type Registry } from '#collect/registry.js';
import { frameworksOf, resolveBaselines, type BaselineConfig } from '#config/baselines.js';
import { cellPath, readCell, type CellFooter } from '#inventory/cell-file.js';
import {
  copySources,
  copySourcesIn,
  deriveEdges,
  lookedUpPart,
  readCopied,
  readEdges,
  type CellEdges,
  type CopySources,
  type LookedUp,
} from '#inventory/edges-file.js';
import { readFollowUpPlan } from '#inventory/follow-up-plan.js';
import { exists, type RunAccount, type RunCell, type RunDocument, type RunOrganization } from '#inventory/run-folder.js';
import type { GraphScope } from '#inventory/listings.js';
import { RunGraph } from '#inventory/run-graph.js';
import { pathsOf } from '#model/account-selector.js';
import { known, type Missing } from '#model/attempt.js';
import { AtrestError } from '#model/errors.js';
import { looksAtTags, noWaivers, type Waivers } from '#model/waiver.js';
import { usesTags, type Baseline } from '#model/baseline.js';
import type { Language } from '#model/language.js';
import type { ReportFormat } from '#model/report.js';
import { controlsOf, type Catalogue, type Framework, type PluginSource } from '#model/framework.js';
import type { GateConfig } from '#model/gate.js';
import { matchesGlob } from '#model/glob.js';
import { compareCells, compareText, type CellId, type Place } from '#model/place.js';
import type { ResourceRecord } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { TrustBase } from '#model/trust.js';
import { unfinishedCell, unfinishedFollowUp } from './unfinished.js';

/** What a run is judged by: the rules that are on for any account, and each account's baseline. */
export interface Judgement {
  readonly rules: readonly Rule[];
  /** What can be collected for them. */
  readonly registry: Registry;
  readonly baselines: ReadonlyMap<string, Baseline>;
  readonly trust: TrustBase;
  readonly waivers: Waivers;
  /** OU paths by account, where the scope knows them: by ids, by names. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** Frameworks to count: those asked for, and those that are a baseline. */
  readonly frameworks: readonly Framework[];
  /** Control ids by framework, of each rule. */
  readonly controls: ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>;
  /** Where the rules that are not built in were loaded from, for a thread that has to load them again. */
  readonly plugins: readonly PluginSource[];
  /** Report formats of plugins. */
  readonly formats: readonly ReportFormat[];
}

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

/** Rules that any of the globs names; all of them when there is none. */
export function selectRules(rules: readonly Rule[], globs: readonly string[]): readonly Rule[] {
  return globs.length === 0 ? rules : rules.filter(({ id }) => globs.some((glob) => matchesGlob(glob, id)));
}

/** What a config says of judging. `run.json` keeps the config as it was. */
export interface JudgingConfig extends BaselineConfig {
  readonly trustedAccounts?: readonly string[] | undefined;
  readonly gate?: GateConfig | undefined;
  readonly lang?: Language | undefined;
}

/** The language that a run was asked for; undefined: none was. What was judged again has it from the config alone. */
export function languageOfRun({ options, config }: Pick<RunDocument, 'options' | 'config'>): Language | undefined {
  return options?.language ?? (config as JudgingConfig).lang;
}

/** The baselines of accounts by name; `--rules` selects among all rules and switches them on. */
export function judgementOf(
  catalogue: Catalogue,
  {
    accounts: all,
    ruleGlobs,
    frameworks,
    config,
    organization,
    waivers = noWaivers,
  }: {
    accounts: readonly (Pick<RunAccount, 'id' | 'path' | 'namePath' | 'baseline'> & { state?: RunAccount['state'] })[];
    ruleGlobs: readonly string[];
    frameworks: readonly string[];
    config: JudgingConfig;
    organization?: RunOrganization | null | undefined;
    waivers?: Waivers | undefined;
  },
): Judgement {
  const { rules } = catalogue;
  const baselines = resolveBaselines(catalogue, config);
  const selected = ruleGlobs.length === 0 ? undefined : selectRules(rules, ruleGlobs);
  // The baseline of an account that is closed asks for nothing.
  const accounts = all.filter(({ state }) => state !== 'skipped');
  const byAccount = new Map<string, Baseline>();
  for (const { id, baseline: name } of accounts) {
    const baseline = baselines.get(name);
    if (baseline === undefined)
      throw new AtrestError('run-folder', `Account ${id} was judged by the baseline ${name}, which is not known here`);
    const settings = selected?.map((rule) => [rule.id, baseline.rules.get(rule.id) ?? { severity: null }] as const);
    // What is switched on by name is on whatever the baseline gives as a reason.
    const reasons = baseline.reasons?.filter(({ state }) => state !== 'off') ?? [];
    byAccount.set(id, settings === undefined ? baseline : { ...baseline, rules: new Map(settings), reasons });
  }
  const on = new Set([...byAccount.values()].flatMap((baseline) => [...baseline.rules.keys()]));
  const judging = rules.filter(({ id }) => on.has(id)).sort((a, b) => compareText(a.id, b.id));
  const asked = new Set([
    ...frameworks,
    ...accounts.flatMap(({ baseline }) => frameworksOf(baseline, config, catalogue.frameworks)),
  ]);
  const counted = catalogue.frameworks.filter(({ id }) => asked.has(id));
  return {
    rules: judging,
    registry: registryOf(catalogue.facets),
    baselines: byAccount,
    waivers,
    frameworks: counted,
    controls: new Map(judging.map(({ id }) => [id, controlsOf(id, counted)])),
    trust: {
      accounts: new Set([...all.map(({ id }) => id), ...(organization?.accounts ?? []), ...(config.trustedAccounts ?? [])]),
      organisation: organization === undefined || organization === null ? null : ownOrganisation(organization),
    },
    paths: new Map(accounts.map((account) => [account.id, pathsOf(account)])),
    plugins: catalogue.plugins ?? [],
    formats: catalogue.formats ?? [],
  };
}

/** All its accounts were listed, or there would be no run. */
function ownOrganisation({ id }: RunOrganization): NonNullable<TrustBase['organisation']> {
  const facet = 'organization/id';
  const operation = 'organizations:ListAccounts';
  const missing: Missing = { facet, operation, action: operation, code: 'Arn', cause: 'absent-field' };
  return { id: id === null ? { known: false, missing: [missing] } : known(id), unlisted: null };
}

/** The options of a rule as a baseline sets them. */
export function optionsOf(rule: Rule, baseline: Baseline): unknown {
  return baseline.rules.get(rule.id)?.options ?? rule.options?.parse({}) ?? {};
}

/** Rules that have something to judge under the options of some account: nothing is read for the others. */
export function configuredRules({ rules, baselines: byAccount }: Judgement): readonly Rule[] {
  const settings = [...byAccount.values()];
  return rules.filter((rule) =>
    settings.some((baseline) => baseline.rules.has(rule.id) && rule.configured(optionsOf(rule, baseline) as never)),
  );
}

/** What looks at tags beside the facets that rules name. */
export function tagUseOf({ baselines: byAccount, waivers: { waivers, attestations }, rules }: Judgement): TagUse {
  const globs = [...waivers, ...attestations].filter(looksAtTags).map(({ rule }) => rule);
  const waived = rules.filter(({ id }) => globs.some((glob) => matchesGlob(glob, id)));
  return { tags: [...byAccount.values()].some(usesTags), waived: new Set(waived.map(({ id }) => id)) };
}

/** What the rules of a run look up, whatever account they judge. */
export function runLookups(judgement: Judgement): LookedUp {
  return lookedUp(configuredRules(judgement), tagUseOf(judgement));
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
