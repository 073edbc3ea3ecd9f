import type { Asked } from '#collect/asked.js';
import { facetCalls, type Registry } from '#collect/registry.js';
import type { Operation } from '#collect/service.js';

/** The operations, with their IAM actions, behind facets, behind the listings of their kinds and behind follow-ups about keys. */
export function askedOperations(asked: Asked, followUps: readonly string[], registry: Registry): readonly Operation[] {
  const known = facetCalls(registry);
  const names = [...asked].flatMap(([kind, facets]) => [`${kind}/*`, ...[...facets].map((facet) => `${kind}/${facet}`)]);
  return [...names, ...followUps.map((facet) => `kms.key/${facet}`)].flatMap((name) => known.get(name) ?? []);
}
