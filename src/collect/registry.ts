import { edgeSpecs } from '#model/edges.js';
import type { PluginFacet } from '#model/facet.js';
import type { LookedUp } from '#inventory/edges-file.js';
import type { Service } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { AnyKind, Operation, ServiceSpec } from './service.js';
import { callFacetOf } from './plugin-facet.js';
import { ec2 } from './services/ec2/index.js';
import { kms } from './services/kms/index.js';
import { rds } from './services/rds/index.js';
import { s3 } from './services/s3/index.js';

/** Every service; adding one is a folder under services/ and its line here. */
export const serviceSpecs: readonly ServiceSpec[] = [ec2, kms, rds, s3].map((spec) => spec as unknown as ServiceSpec);

/** All that a run can collect. */
export interface Registry {
  readonly services: readonly ServiceSpec[];
  readonly kinds: readonly AnyKind[];
  /** The facets among them that plugins brought. */
  readonly added: readonly PluginFacet[];
}

/** The built-in services, with the facets that plugins add to their kinds. */
export function registryOf(facets: readonly PluginFacet[]): Registry {
  const services = serviceSpecs.map((spec) => ({ ...spec, kinds: spec.kinds.map((kind) => withFacets(kind, facets)) }));
  return { services, kinds: services.flatMap(({ kinds }) => kinds), added: facets };
}

function withFacets(kind: AnyKind, facets: readonly PluginFacet[]): AnyKind {
  const own = facets.filter((facet) => facet.kind === kind.kind).map((facet) => [facet.name, callFacetOf(facet)] as const);
  return own.length === 0 ? kind : { ...kind, facets: { ...kind.facets, ...Object.fromEntries(own) } };
}

/** What can be collected without plugins. */
export const builtIn: Registry = registryOf([]);

export function serviceSpec({ services }: Registry, service: Service): ServiceSpec {
  const found = services.find((spec) => spec.service === service);
  if (found === undefined) throw new Error(`There is no service ${service}`);
  return found;
}

/** The operations, with their IAM actions, behind every facet, as `KIND/FACET`, and behind every listing, as `KIND/*`. */
export function facetCalls({ kinds }: Registry): ReadonlyMap<string, readonly Operation[]> {
  const calls = new Map<string, readonly Operation[]>();
  for (const { kind, sources, facets } of kinds) {
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
export function facetOperations(registry: Registry): ReadonlyMap<string, Operation> {
  return new Map([...facetCalls(registry)].flatMap(([facet, [first]]) => (first === undefined ? [] : [[facet, first] as const])));
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
