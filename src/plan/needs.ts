import { askedFacets, followUpFacets, type TagUse } from '#collect/asked.js';
import { facetCalls, type Registry } from '#collect/registry.js';
import type { AnyKind, Operation } from '#collect/service.js';
import type { RunCell } from '#inventory/run-folder.js';
import type { PlanFacet } from '#model/plan.js';
import { compareText } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';

/** A facet or listing of a run, the calls behind it, and the rules that want it. */
export interface Need extends Omit<PlanFacet, 'operations'> {
  readonly calls: readonly Operation[];
}

/** What the cells of a run and its follow-ups read, and because of which rules; listings are `KIND/*`. */
export function needsOf(rules: readonly Rule[], registry: Registry, cells: readonly RunCell[], tagUse: TagUse): readonly Need[] {
  const planned = new Set(
    cells.flatMap(({ asked }) =>
      Object.entries(asked).flatMap(([kind, facets]) => [`${kind}/*`, ...facets.map((facet) => `${kind}/${facet}`)]),
    ),
  );
  for (const facet of followUpFacets(rules, registry.kinds)) planned.add(`kms.key/${facet}`);
  // Keys that are referred to are asked for even where KMS is left out.
  if (rules.some(({ lookups }) => lookups['kms.key'] !== undefined)) planned.add('kms.key/metadata');
  const because = new Map<string, Set<string>>([...planned].map((facet) => [facet, new Set()]));
  for (const rule of rules) for (const facet of facetsOf(rule, registry, tagUse)) because.get(facet)?.add(rule.id);
  const calls = facetCalls(registry);
  return [...because]
    .map(([facet, ids]) => ({
      facet,
      asked: askedHow(facet, registry.kinds),
      calls: calls.get(facet) ?? [],
      rules: [...ids].sort(),
    }))
    .filter((need) => need.calls.length > 0)
    .sort((a, b) => compareText(a.facet, b.facet));
}

function facetsOf(rule: Rule, { kinds }: Registry, tagUse: TagUse): readonly string[] {
  const asked = [...askedFacets([rule], kinds, tagUse)];
  return [
    ...asked.flatMap(([kind, facets]) => [`${kind}/*`, ...[...facets].map((facet) => `${kind}/${facet}`)]),
    ...followUpFacets([rule], kinds).map((facet) => `kms.key/${facet}`),
  ];
}

function askedHow(name: string, kinds: readonly AnyKind[]): Need['asked'] {
  const [kindName, facetName = ''] = name.split('/') as [Kind, string?];
  const kind = kinds.find((each) => each.kind === kindName);
  const facet = kind?.facets[facetName];
  if (facet?.by !== 'call') return 'page';
  if (facet.followUp) return 'follow-up';
  if (kind?.sources.length === 0) return 'region';
  return facet.each === undefined ? 'resource' : 'item';
}
