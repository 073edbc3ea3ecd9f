import { edgeSpecs } from '#model/edges.js';
import type { LookedUp } from '#inventory/edges-file.js';
import type { Service } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { AnyKind, Operation, ServiceSpec } from './service.js';
import { ec2 } from './services/ec2/index.js';
import { kms } from './services/kms/index.js';
import { rds } from './services/rds/index.js';
import { s3 } from './services/s3/index.js';

/** Every service; adding one is a folder under services/ and its line here. */
export const serviceSpecs: readonly ServiceSpec[] = [ec2, kms, rds, s3].map((spec) => spec as unknown as ServiceSpec);

export const kindSpecs: readonly AnyKind[] = serviceSpecs.flatMap(({ kinds }) => kinds);

export function serviceSpec(service: Service): ServiceSpec {
  const found = serviceSpecs.find((spec) => spec.service === service);
  if (found === undefined) throw new Error(`There is no service ${service}`);
  return found;
}

/** The operation and IAM action behind every facet, as `KIND/FACET`, and behind every listing, as `KIND/*`. */
export function facetOperations(): ReadonlyMap<string, Operation> {
  const operations = new Map<string, Operation>();
  for (const { kind, sources, facets } of kindSpecs) {
    const [list] = sources;
    if (list !== undefined) operations.set(`${kind}/*`, list);
    for (const [name, facet] of Object.entries(facets)) {
      const operation = facet.by === 'call' ? facet : facet.by === 'source' ? facet.source : list;
      if (operation !== undefined)
        operations.set(`${kind}/${name}`, { operation: operation.operation, action: operation.action });
    }
  }
  return operations;
}

/** The facets of each kind that some of the rules look up from another resource. */
export function lookedUp(rules: readonly Rule[], { tags }: { readonly tags: boolean }): LookedUp {
  const lookups: Partial<Record<Kind, Set<string>>> = {};
  const add = (kind: Kind, facets: readonly string[]) => {
    const known = (lookups[kind] ??= new Set());
    for (const facet of facets) known.add(facet);
  };
  for (const rule of rules) {
    for (const [kind, facets] of Object.entries(rule.lookups) as [Kind, readonly string[]][]) add(kind, facets);
    if (!tags || rule.cmkRequired === null) continue;
    // A copy is held to what is required of its source.
    for (const { name, from, to } of edgeSpecs) if (name === 'source' && rule.kinds.includes(from)) add(to, ['tags']);
  }
  return Object.fromEntries(Object.entries(lookups).map(([kind, facets]) => [kind, [...facets].sort()]));
}
