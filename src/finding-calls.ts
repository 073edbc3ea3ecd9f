import { cellPath, readCell, type CallLine } from '#inventory/cell-file.js';
import { exists } from '#inventory/run-folder.js';
import type { Finding, SeenFacet } from '#model/report.js';
import { facetState, serviceOfKind, type Kind, type ResourceRecord } from '#model/resources/index.js';

type Where = Pick<Finding, 'account' | 'region' | 'kind' | 'resource'>;

/** A value is shown so far; all of it is in the inventory. */
const valueMax = 160;

/** Of resources of a stored run what was read of each, by which call and when. What the folder does not hold is left out. */
export async function seenFacets(run: string, resources: readonly Where[]): Promise<ReadonlyMap<string, readonly SeenFacet[]>> {
  const cells = new Map<string, Set<string>>();
  for (const each of resources) {
    const path = pathOf(run, each);
    if (path === undefined) continue;
    cells.set(path, (cells.get(path) ?? new Set()).add(each.resource));
  }
  const seen = new Map<string, readonly SeenFacet[]>();
  for (const [path, arns] of cells) {
    if (!(await exists(path))) continue;
    const records = await recordsOf(path, arns);
    const calls = await callsOf(path, new Set(records.flatMap(({ calls: of = {} }) => Object.values(of))));
    for (const record of records) seen.set(record.arn, facetsOf(record, calls));
  }
  return seen;
}

function pathOf(run: string, { account, region, kind }: Where): string | undefined {
  if (!Object.hasOwn(serviceOfKind, kind)) return undefined;
  // Buckets are listed once per account.
  return cellPath(run, { account, region: kind === 's3.bucket' ? 'global' : region, service: serviceOfKind[kind as Kind] });
}

async function recordsOf(path: string, arns: ReadonlySet<string>): Promise<readonly ResourceRecord[]> {
  const found: ResourceRecord[] = [];
  for await (const { records } of readCell(path)) {
    for (const record of records) if (arns.has(record.arn)) found.push(record);
    if (found.length === arns.size) break;
  }
  return found;
}

/** Calls stand before all resources, and may be as many. */
async function callsOf(path: string, numbers: ReadonlySet<number>): Promise<ReadonlyMap<number, CallLine>> {
  const calls = new Map<number, CallLine>();
  const keep = (line: CallLine) => {
    if (numbers.has(line.call)) calls.set(line.call, line);
  };
  for await (const { footer } of readCell(path, keep)) if (footer !== undefined || calls.size === numbers.size) break;
  return calls;
}

function facetsOf(record: ResourceRecord, calls: ReadonlyMap<number, CallLine>): readonly SeenFacet[] {
  return Object.keys(record.calls ?? {}).flatMap((facet) => {
    const state = facetState(record, facet);
    const call = calls.get(record.calls?.[facet] ?? -1);
    if (state === undefined || call === undefined) return [];
    const { operation, requestId, date } = call;
    const text = state.state === 'read' ? JSON.stringify(state.value) : state.state;
    return [{ facet, value: text.length > valueMax ? `${text.slice(0, valueMax)}…` : text, operation, requestId, date }];
  });
}
