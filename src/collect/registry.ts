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

/** The operations, with their IAM actions, behind every facet, as `KIND/FACET`, and behind every listing, as `KIND/*`. */
export function facetCalls(): ReadonlyMap<string, readonly Operation[]> {
  const calls = new Map<string, readonly Operation[]>();
  for (const { kind, sources, facets } of kindSpecs) {
    const lists = [...new Map(sources.map(({ operation, action }) => [operation, { operation, action }])).values()];
    calls.set(`${kind}/*`, lists);
    for (const [name, facet] of Object.entries(facets)) {
      if (facet.by === 'list') calls.set(`${kind}/${name}`, lists);
      else {
        const { operation, action } = facet.by === 'call' ? facet : facet.source;
        calls.set(`${kind}/${name}`, [{ operation, action }]);
      }
    }
  }
  return calls;
}

/** The operation and IAM action behind each of them: of kinds that two operations list, the first. */
export function facetOperations(): ReadonlyMap<string, Operation> {
  return new Map([...facetCalls()].flatMap(([facet, [first]]) => (first === undefined ? [] : [[facet, first] as const])));
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
