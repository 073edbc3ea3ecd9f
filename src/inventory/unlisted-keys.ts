import type { Place } from '#model/place.js';
import type { EdgeName } from '#model/rule.js';
import type { CellEdges } from './edges-file.js';
import type { Listings } from './listings.js';

/** A key that the run refers to and did not list, and who is to ask for it. */
export interface UnlistedKey {
  readonly arn: string;
  readonly place: Place;
  readonly askedBy: string;
  /** By what it is referred to. */
  readonly edges: readonly EdgeName[];
}

/**
 * References into accounts and regions whose keys the run did not list, each with who is to ask: the key's own account
 * where it was `entered`, else that of the resource.
 */
export function unlistedKeys(
  cells: readonly CellEdges[],
  listings: Listings,
  entered: ReadonlySet<string>,
  follow: ReadonlySet<EdgeName>,
): readonly UnlistedKey[] {
  const wanted = new Map<string, UnlistedKey>();
  for (const { edges, header } of cells) {
    for (const { edge, to } of edges) {
      if (!follow.has(edge)) continue;
      const [, partition, , region, account, resource] = to.split(':');
      if (partition === undefined || region === undefined || account === undefined || resource === undefined) continue;
      if (resource.startsWith('alias/aws/') || listings.at('kms.key', { account, region }) !== undefined) continue;
      const askedBy = entered.has(account) ? account : header.account;
      const found = wanted.get(to);
      const by = found === undefined ? [edge] : [...new Set([...found.edges, edge])];
      if (found === undefined || askedBy < found.askedBy)
        wanted.set(to, { arn: to, place: { partition, account, region }, askedBy, edges: by });
      else wanted.set(to, { ...found, edges: by });
    }
  }
  return [...wanted.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
}
