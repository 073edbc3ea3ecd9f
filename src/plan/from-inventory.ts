import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { builtIn, facetOperations, type Registry } from '#collect/registry.js';
import type { AnyKind, Source } from '#collect/service.js';
import { cellPath, readCell, type CellFooter, type CellHeader } from '#inventory/cell-file.js';
import { exists, readRun, type RunCell, type RunDocument } from '#inventory/run-folder.js';
import type { Estimate } from '#model/plan.js';
import type { Kind, ResourceRecord } from '#model/resources/index.js';
import { Planned, type CallPlan } from './planned.js';
import { callsFor } from './record-calls.js';

/** As many as ListAccounts gives at most. */
const accountsAPage = 20;

/**
 * The calls that a complete run must have made, from what its facets declare and what its inventory holds: nothing
 * is taken from the calls it did make. Equal to them, or one of the two is wrong. `registry`: with what plugins added.
 */
export async function planFromInventory(path: string, registry: Registry = builtIn): Promise<CallPlan> {
  const { calls } = await plannedRun(path, registry);
  return new Map([...calls].filter(([, count]) => count > 0));
}

/** The same with the chains of pages that the run read. */
export async function plannedRun(path: string, registry: Registry = builtIn): Promise<Planned> {
  const run = await readRun(path);
  const plan = await planCells(path, run, registry);
  await planStoredFollowUps(path, { plan, registry });
  return plan;
}

/**
 * The calls that `run` will make before its follow-ups if it finds what the inventory in `path` holds. What the
 * inventory does not tell is estimated and marked so.
 */
export async function planCells(path: string, run: RunDocument, registry: Registry): Promise<Planned> {
  const plan = new Planned();
  planScope(run, plan);
  for (const cell of run.cells) await planCell(path, run, cell, { plan, registry });
  return plan;
}

/** Adds what is asked once the whole run is known. */
export function planFollowUps(
  plan: Planned,
  jobs: readonly {
    readonly account: string;
    readonly region: string;
    readonly keys: readonly { readonly facets: readonly string[] }[];
  }[],
  registry: Registry,
): void {
  const operations = facetOperations(registry);
  // They follow from all that the cells hold: where that is not known, neither are they.
  const estimate = plan.worstEstimate;
  for (const { account, region, keys } of jobs) {
    for (const facet of keys.flatMap(({ facets }) => facets)) {
      const operation = operations.get(`kms.key/${facet}`)?.operation;
      if (operation !== undefined) plan.add(account, region, operation, 1, estimate);
    }
  }
}

interface Planning {
  readonly plan: Planned;
  readonly registry: Registry;
}

/** Who we are, once, and which accounts there are; then each that is not the caller's is entered; then its regions. */
function planScope({ accounts, organization, caller, homeRegion }: RunDocument, plan: Planned): void {
  const callerAccount = caller.split(':')[4] ?? '';
  plan.add(callerAccount, homeRegion, 'sts:GetCallerIdentity');
  if (organization !== undefined && organization !== null) {
    const pages = Math.ceil(organization.accounts.length / accountsAPage);
    plan.add(callerAccount, homeRegion, 'organizations:ListAccounts', pages);
  }
  for (const { id, state, gap } of accounts) {
    if (state === 'skipped') continue;
    if (id !== callerAccount) {
      plan.add(callerAccount, homeRegion, 'sts:AssumeRole');
      if (gap?.operation === 'sts:AssumeRole') continue;
      plan.add(id, homeRegion, 'sts:GetCallerIdentity');
    }
    plan.add(id, homeRegion, 'ec2:DescribeRegions');
  }
}

async function planCell(path: string, run: RunDocument, cell: RunCell, { plan, registry }: Planning): Promise<void> {
  const asked = new Map(Object.entries(cell.asked) as [Kind, readonly string[]][]);
  const kinds = new Map(registry.kinds.filter(({ kind }) => asked.has(kind)).map((kind) => [kind.kind, kind]));
  const regions = new Set(run.accounts.find(({ id }) => id === cell.account)?.regions);
  const listRegion = cell.region === 'global' ? run.homeRegion : cell.region;
  const needed = new Set<Source>([...kinds.values()].flatMap(({ sources }) => sources));
  const singles = new Map<Kind, ResourceRecord>();
  const touched = new Set([listRegion]);
  let header: CellHeader | undefined;
  let footer: CellFooter | undefined;
  const planRecord = async (kind: AnyKind, record: ResourceRecord) => {
    const asking = { asked: asked.get(kind.kind) ?? [], sample: cell.sample ?? 0, single: (name: Kind) => singles.get(name) };
    for (const { operation, count, estimate } of await callsFor(record, kind, asking))
      plan.add(cell.account, record.region, operation, count, estimate);
  };
  const stored = cellPath(path, cell);
  for await (const part of (await exists(stored)) ? readCell(stored) : []) {
    header = part.header ?? header;
    footer = part.footer ?? footer;
    for (const record of part.records) {
      const kind = kinds.get(record.kind);
      // An earlier run may have looked at buckets of more regions.
      if (kind === undefined || (cell.region === 'global' && !regions.has(record.region))) continue;
      if (kind.sources.length === 0) singles.set(kind.kind, record);
      for (const source of sourcesOf(kind, asked.get(kind.kind) ?? [])) needed.add(source);
      plan.resources += 1;
      touched.add(record.region);
      await planRecord(kind, record);
    }
  }
  for (const source of needed) plan.chain(cell.account, listRegion, source, itemsOf(source, footer));
  for (const kind of kinds.values()) {
    if (kind.sources.length === 0) {
      if (!singles.has(kind.kind)) await planRecord(kind, nothingReadOf(kind, listRegion));
      continue;
    }
    const gap = gapOf(kind, header, footer);
    if (gap === null) continue;
    for (const operation of operationsOf(kind, asked.get(kind.kind) ?? []))
      for (const region of touched) plan.mark(cell.account, region, operation, gap);
  }
}

/** Why the resources of a kind are not known. */
function gapOf({ kind }: AnyKind, header: CellHeader | undefined, footer: CellFooter | undefined): Estimate | null {
  if (header?.asked[kind] === undefined) return 'not-listed';
  return footer?.lists.find((list) => list.kind === kind)?.complete === false ? 'incomplete' : null;
}

/** Undefined: the chain was not read. */
function itemsOf({ name }: Source, footer: CellFooter | undefined): number | undefined {
  return footer?.sources.find(({ source }) => source === name)?.items;
}

/** What a kind may ask, were its resources known. */
function operationsOf({ sources, facets }: AnyKind, asked: readonly string[]): ReadonlySet<string> {
  const ofFacets = asked.flatMap((name) => {
    const facet = facets[name];
    return facet?.by === 'call' ? [facet.operation] : [];
  });
  return new Set([...sources.map(({ operation }) => operation), ...ofFacets]);
}

function sourcesOf({ facets }: AnyKind, asked: readonly string[]): readonly Source[] {
  return asked.flatMap((name) => {
    const facet = facets[name];
    return facet?.by === 'source' ? [facet.source] : [];
  });
}

/** The one resource of its kind, of which nothing has been read. */
function nothingReadOf({ kind }: AnyKind, region: string): ResourceRecord {
  return { kind, arn: '', name: '', region, facets: {} };
}

async function planStoredFollowUps(path: string, { plan, registry }: Planning): Promise<void> {
  const names = await readdir(join(path, 'inventory'), { recursive: true });
  for (const name of names.filter((each) => each.endsWith('.followups.ndjson.gz'))) {
    let account = '';
    for await (const { header, records } of readCell(join(path, 'inventory', name))) {
      account = header?.account ?? account;
      for (const { region, facets, unread = {} } of records)
        planFollowUps(plan, [{ account, region, keys: [{ facets: Object.keys({ ...facets, ...unread }) }] }], registry);
    }
  }
}
