import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { builtIn, facetOperations, type Registry } from '#collect/registry.js';
import { decide, knownOf } from '#collect/read-facets.js';
import type { AnyKind, CallFacet, Sdk, Source } from '#collect/service.js';
import { cellPath, readCell, type CellFooter } from '#inventory/cell-file.js';
import { readRun, type RunCell, type RunDocument } from '#inventory/run-folder.js';
import { facetState, type FacetState, type Kind, type ResourceRecord } from '#model/resources/index.js';

/** As many as ListAccounts gives at most. */
const accountsAPage = 20;

/** Calls by `ACCOUNT/REGION/service:Operation`, retries apart. */
export type CallPlan = ReadonlyMap<string, number>;

/**
 * The calls that a complete run must have made, from what its facets declare and what its inventory holds: nothing
 * is taken from the calls it did make. Equal to them, or one of the two is wrong. `registry`: with what plugins added.
 */
export async function planFromInventory(path: string, registry: Registry = builtIn): Promise<CallPlan> {
  const run = await readRun(path);
  const plan = new Calls();
  planScope(run, plan);
  for (const cell of run.cells) await planCell(path, run, cell, { plan, registry });
  await planFollowUps(path, { plan, registry });
  return plan.counts;
}

class Calls {
  readonly counts = new Map<string, number>();

  add(account: string, region: string, operation: string, count = 1): void {
    const id = `${account}/${region}/${operation}`;
    this.counts.set(id, (this.counts.get(id) ?? 0) + count);
  }
}

interface Planning {
  readonly plan: Calls;
  readonly registry: Registry;
}

/** Who we are, once, and which accounts there are; then each that is not the caller's is entered; then its regions. */
function planScope({ accounts, organization, caller, homeRegion }: RunDocument, plan: Calls): void {
  const callerAccount = caller.split(':')[4] ?? '';
  plan.add(callerAccount, homeRegion, 'sts:GetCallerIdentity');
  if (organization !== undefined && organization !== null) {
    const pages = Math.ceil(organization.accounts.length / accountsAPage);
    plan.add(callerAccount, homeRegion, 'organizations:ListAccounts', pages);
  }
  for (const { id, state } of accounts) {
    if (state === 'skipped') continue;
    if (id !== callerAccount) {
      plan.add(callerAccount, homeRegion, 'sts:AssumeRole');
      plan.add(id, homeRegion, 'sts:GetCallerIdentity');
    }
    plan.add(id, homeRegion, 'ec2:DescribeRegions');
  }
}

async function planCell(path: string, run: RunDocument, cell: RunCell, { plan, registry }: Planning): Promise<void> {
  const asked = new Map(Object.entries(cell.asked) as [Kind, readonly string[]][]);
  const kinds = new Map(registry.kinds.filter(({ kind }) => asked.has(kind)).map((kind) => [kind.kind, kind]));
  const listRegion = cell.region === 'global' ? run.homeRegion : cell.region;
  const needed = new Set<Source>([...kinds.values()].flatMap(({ sources }) => sources));
  const singles = new Map<Kind, ResourceRecord>();
  let footer: CellFooter | undefined;
  for await (const part of readCell(cellPath(path, cell))) {
    footer = part.footer ?? footer;
    for (const record of part.records) {
      const kind = kinds.get(record.kind);
      if (kind === undefined) continue;
      if (kind.sources.length === 0) singles.set(kind.kind, record);
      for (const source of sourcesOf(kind, asked.get(kind.kind) ?? [])) needed.add(source);
      const calls = await callsFor(record, kind, asked.get(kind.kind) ?? [], (name) => singles.get(name));
      for (const operation of calls) plan.add(cell.account, record.region, operation);
    }
  }
  for (const source of needed) plan.add(cell.account, listRegion, source.operation, pagesOf(source, footer));
}

/** An empty list still costs the call that finds it empty. */
function pagesOf({ name, pageSize }: Source, footer: CellFooter | undefined): number {
  const items = footer?.sources.find(({ source }) => source === name)?.items ?? 0;
  return pageSize === null ? 1 : Math.max(1, Math.ceil(items / pageSize));
}

function sourcesOf({ facets }: AnyKind, asked: readonly string[]): readonly Source[] {
  return asked.flatMap((name) => {
    const facet = facets[name];
    return facet?.by === 'source' ? [facet.source] : [];
  });
}

async function callsFor(
  record: ResourceRecord,
  { facets }: AnyKind,
  asked: readonly string[],
  single: (kind: Kind) => ResourceRecord | undefined,
) {
  const operations: string[] = [];
  for (const name of asked) {
    const facet = facets[name];
    if (facet?.by !== 'call') continue;
    // Once a resource turned out to be gone, nothing more was asked of it.
    if (record.gone === true && record.skipped?.[name] !== undefined) continue;
    const state = (other: string): FacetState => facetState(record, other) ?? { state: 'skipped', reason: 'not asked' };
    if ((await decide(facet, knownOf(record, single), state)) === 'ask')
      for (let call = 0; call < callsOf(facet, name, record); call += 1) operations.push(facet.operation);
  }
  return operations;
}

/** A list that could not be read took the call that said so. */
function callsOf({ pages, each }: CallFacet<Sdk, Kind, unknown>, name: string, { facets }: ResourceRecord): number {
  if (each !== undefined) return (facets[each.of] as readonly string[]).length;
  const value = facets[name];
  if (pages === undefined || value === undefined || value === null) return 1;
  return Math.max(1, Math.ceil(pages.itemsIn(value as never) / pages.size));
}

async function planFollowUps(path: string, { plan, registry }: Planning): Promise<void> {
  const names = await readdir(join(path, 'inventory'), { recursive: true });
  const operations = facetOperations(registry);
  for (const name of names.filter((each) => each.endsWith('.followups.ndjson.gz'))) {
    let account = '';
    for await (const { header, records } of readCell(join(path, 'inventory', name))) {
      account = header?.account ?? account;
      for (const { region, facets, unread = {} } of records) {
        for (const facet of [...Object.keys(facets), ...Object.keys(unread)]) {
          const operation = operations.get(`kms.key/${facet}`)?.operation;
          if (operation !== undefined) plan.add(account, region, operation);
        }
      }
    }
  }
}
