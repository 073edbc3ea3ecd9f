import { ec2Edges } from './edges/ec2.js';
import { kmsEdges } from './edges/kms.js';
import { rdsEdges } from './edges/rds.js';
import { logTargetIn, s3Edges } from './edges/s3.js';
import type { EdgeSpec } from './edges/spec.js';
import { storageKeyEdge } from './edges/storage-key.js';
import { keyBearingKinds } from './encryption.js';
import type { Place } from './place.js';
import { attemptFacet, type ResourceRecord } from './resources/index.js';
import type { EdgeName } from './rule.js';

/**
 * Edges along which rules look up what they point at, kind by kind many and looked up in no other way: values of these
 * kinds stay in their cell's own file, and those that some edge of the run points at are picked from there.
 */
export const lineage: ReadonlySet<EdgeName> = new Set(['source', 'origin', 'image']);

export const edgeSpecs: readonly EdgeSpec[] = [
  ...keyBearingKinds.map(storageKeyEdge),
  ...ec2Edges,
  ...rdsEdges,
  ...s3Edges,
  ...kmsEdges,
];

/** How an edge names a target. */
export function edgeTarget(edge: EdgeName, target: string, place: Place): string {
  return edge === 'logTarget' ? logTargetIn(target, place) : target;
}

/** The edges of one resource whose facets were read. */
export function edgesOf(
  record: ResourceRecord,
  place: Place,
): readonly { readonly spec: EdgeSpec; readonly target: string; readonly region: string | null }[] {
  const found: { spec: EdgeSpec; target: string; region: string | null }[] = [];
  for (const spec of edgeSpecs) {
    if (spec.from !== record.kind) continue;
    const value = attemptFacet(record, spec.facet as never);
    if (!value.known) continue;
    for (const target of spec.targets(value.value, place))
      found.push({ spec, target, region: spec.region?.(value.value, place) ?? null });
  }
  return found;
}
