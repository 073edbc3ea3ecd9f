import { followUpFacets } from '#collect/asked.js';
import type { Registry } from '#collect/registry.js';
import { cellPath, readCell } from '#inventory/cell-file.js';
import type { CellEdges } from '#inventory/edges-file.js';
import type { FollowUpCell, FollowUpKey } from '#inventory/follow-up-plan.js';
import { exists, type RunDocument } from '#inventory/run-folder.js';
import { RunGraph } from '#inventory/run-graph.js';
import { facetState, type ResourceRecord } from '#model/resources/index.js';
import { wouldAsk } from '#plan/record-calls.js';
import type { EdgeName, Rule } from '#model/rule.js';
import { configuredRules, optionsOf, runLookups, type Judgement } from './judgement.js';
import { cellEdges, graphScope } from './open-run.js';

/** Whether a run of these rules asks for keys once its cells are read. */
export function asksForKeys(judgement: Judgement): boolean {
  return configuredRules(judgement).some(({ lookups }) => lookups['kms.key'] !== undefined);
}

/** What only the whole run shows: keys that it refers to and did not list, and when idle keys were last used. */
export async function planFollowUps(run: RunDocument, judgement: Judgement, out: string): Promise<readonly FollowUpCell[]> {
  const rules = configuredRules(judgement);
  const lookups = runLookups(judgement);
  const cells = (await Promise.all(run.cells.map((cell) => cellEdges(out, cell, lookups)))).filter((cell) => cell !== undefined);
  const graph = new RunGraph(cells, [], graphScope(run));
  const entered = new Set(run.accounts.flatMap(({ id, state }) => (state === 'scanned' ? [id] : [])));
  const jobs = new Jobs(entered);
  addUnlisted(jobs, graph, cells, { rules, registry: judgement.registry }, entered);
  await addIdle(jobs, graph, run, judgement, rules, out);
  return jobs.all();
}

class Jobs {
  readonly #entered: ReadonlySet<string>;
  readonly #jobs = new Map<string, { account: string; region: string; keys: Map<string, FollowUpKey> }>();

  constructor(entered: ReadonlySet<string>) {
    this.#entered = entered;
  }

  add(askedBy: string, region: string, wish: FollowUpKey): void {
    if (!this.#entered.has(askedBy)) return;
    const id = `${askedBy}/${region}`;
    const job = this.#jobs.get(id) ?? { account: askedBy, region, keys: new Map<string, FollowUpKey>() };
    const facets = new Set([...(job.keys.get(wish.arn)?.facets ?? []), ...wish.facets]);
    job.keys.set(wish.arn, { ...wish, facets: [...facets] });
    this.#jobs.set(id, job);
  }

  all(): readonly FollowUpCell[] {
    return [...this.#jobs.values()].map(({ keys, ...job }) => ({ ...job, keys: [...keys.values()] }));
  }
}

function addUnlisted(
  jobs: Jobs,
  graph: RunGraph,
  cells: readonly CellEdges[],
  following: Pick<Judgement, 'rules' | 'registry'>,
  entered: ReadonlySet<string>,
): void {
  const follow = new Set<EdgeName>(['key', ...following.rules.flatMap(({ follows }) => follows)]);
  for (const { arn, place, askedBy, edges } of graph.unlistedKeys(cells, entered, follow))
    jobs.add(askedBy, place.region, { arn, owner: place.account, facets: facetsAlong(edges, following) });
}

/** Whether the key is there and in what state; of keys that a rule follows, all that it looks up of them. */
function facetsAlong(edges: readonly EdgeName[], { rules, registry }: Pick<Judgement, 'rules' | 'registry'>): readonly string[] {
  const specs = registry.kinds.find(({ kind }) => kind === 'kms.key')?.facets ?? {};
  const followed = rules.filter(({ follows }) => follows.some((edge) => edges.includes(edge)));
  const looked = followed.flatMap(({ lookups }) => lookups['kms.key'] ?? []);
  const inOneCall = (facet: string) => {
    const spec = specs[facet];
    return spec?.by === 'call' && spec.pages === undefined;
  };
  return ['metadata', ...looked.filter((facet) => facet !== 'metadata' && inOneCall(facet))];
}

/** Keys that nothing in the run depends on, where a rule that wants to know more of them speaks of them. */
async function addIdle(
  jobs: Jobs,
  graph: RunGraph,
  run: RunDocument,
  judgement: Judgement,
  rules: readonly Rule[],
  out: string,
): Promise<void> {
  const facets = followUpFacets(rules, judgement.registry.kinds);
  if (facets.length === 0) return;
  for (const cell of run.cells) {
    const path = cellPath(out, cell);
    if (cell.service !== 'kms' || !(await exists(path))) continue;
    for await (const { records } of readCell(path)) {
      for (const record of records) {
        if (record.kind !== 'kms.key' || record.gone === true || graph.dependants(record.arn).total > 0) continue;
        const wanting = { run, account: cell.account, judgement, rules, open: await openPremises(record, judgement.registry) };
        const wanted = facets.filter((facet) => isWanted(facet, record, wanting));
        if (wanted.length > 0) jobs.add(cell.account, record.region, { arn: record.arn, owner: cell.account, facets: wanted });
      }
    }
  }
}

interface Wanting {
  readonly run: RunDocument;
  readonly account: string;
  readonly judgement: Judgement;
  readonly rules: readonly Rule[];
  /** Facets that were not read yet, and may still say that a rule speaks of the key. */
  readonly open: ReadonlySet<string>;
}

/** A scan has asked for all that its rules need by now; a plan is made from less. */
async function openPremises(record: ResourceRecord, { kinds }: Registry): Promise<ReadonlySet<string>> {
  const open = new Set<string>();
  const kind = kinds.find((each) => each.kind === record.kind);
  for (const facet of Object.keys(kind?.facets ?? {}))
    if (kind !== undefined && facetState(record, facet) === undefined && (await wouldAsk(record, kind, facet))) open.add(facet);
  return open;
}

function isWanted(facet: string, record: ResourceRecord, { run, account, judgement, rules, open }: Wanting): boolean {
  const baseline = judgement.baselines.get(account);
  return rules.some((rule) => {
    if (baseline?.rules.has(rule.id) !== true || !rule.kinds.includes('kms.key')) return false;
    if (!rule.needs.includes(facet) && !rule.wants.includes(facet)) return false;
    if (!rule.premises.every((premise) => premise in record.facets || open.has(premise))) return false;
    if (rule.premises.some((premise) => open.has(premise))) return true;
    const { arn, name, region, kind, facets } = record;
    const view = { partition: run.partition, account, arn, name, region, kind, ...facets };
    return rule.appliesTo(view as never, { now: new Date(run.now), options: optionsOf(rule, baseline) as never }) === true;
  });
}
