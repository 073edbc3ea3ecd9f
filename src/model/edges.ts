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

/** The relations behind `refs`, and for `key` all by which a resource depends on one. */
export function specsOf(edge: EdgeName): readonly EdgeSpec[] {
  return edgeSpecs.filter(({ name, usage }) => name === edge || (edge === 'key' && usage !== null));
}

/** An edge of one resource. */
export interface Edge {
  readonly spec: EdgeSpec;
  readonly target: string;
  readonly region: string | null;
  /**
   * What the resource depends on the key for, all of it: `storage, inventory`. A resource is one dependant of a key, however
   * many of its parts are under it: null on a further edge to the same key, and on those that are not to keys.
   */
  readonly usage: string | null;
}

/** The edges of one resource whose facets were read. */
export function edgesOf(record: ResourceRecord, place: Place): readonly Edge[] {
  const found: (Edge & { usage: string | null })[] = [];
  for (const spec of edgeSpecs) {
    if (spec.from !== record.kind) continue;
    const value = attemptFacet(record, spec.facet as never);
    if (!value.known) continue;
    for (const target of spec.targets(value.value, place)) {
      const region = spec.region?.(value.value, place) ?? null;
      const first = spec.usage === null ? undefined : found.find((each) => each.usage !== null && each.target === target);
      if (first === undefined) {
        found.push({ spec, target, region, usage: spec.usage });
        continue;
      }
      const usages = first.usage?.split(', ') ?? [];
      if (spec.usage !== null && !usages.includes(spec.usage)) first.usage = [...usages, spec.usage].join(', ');
      if (first.spec.name !== spec.name) found.push({ spec, target, region, usage: null });
    }
  }
  return found;
}
