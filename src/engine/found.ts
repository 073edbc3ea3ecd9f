import { known, type Attempt, type Missing } from '#model/attempt.js';
import type { Place } from '#model/place.js';
import { uncollected, type ResourceRecord } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { Verdict } from '#model/verdict.js';
import type { Resource } from './resource.js';

/** A looked-up resource with the facets that its rule declared; one of them that was not read makes the whole attempt fail. */
export function foundView(record: ResourceRecord, { partition, account }: Place, facets: readonly string[]): Attempt<unknown> {
  const { kind, arn, name, region } = record;
  const view: Record<string, unknown> = { kind, arn, name, region, partition, account };
  const missing: Missing[] = [];
  for (const facet of facets) {
    const unread = record.unread?.[facet];
    if (unread !== undefined) missing.push(unread);
    else if (facet in record.facets) view[facet] = record.facets[facet];
    // A stored run judged by rules that it did not collect for: not there must not read as a value.
    else if (record.skipped?.[facet] === undefined) missing.push(uncollected(kind, facet));
  }
  return missing.length === 0 ? known(view) : { known: false, missing };
}

/** Undefined when every facet has a value. */
export function settle(facets: readonly string[], resource: Resource): Verdict | undefined {
  let missing: Missing[] | undefined;
  for (const facet of facets) {
    const lack = resource.lacks(facet);
    if (typeof lack === 'string') return { verdict: 'not-applicable', reason: lack };
    if (lack !== undefined) (missing ??= []).push(lack);
  }
  return missing === undefined ? undefined : { verdict: 'unknown', missing: distinct(missing) };
}

/** Two facets of one listing are missing for one reason. */
function distinct(missing: readonly Missing[]): readonly Missing[] {
  const seen = new Set<string>();
  return missing.filter((each) => {
    const id = `${each.facet} ${each.operation ?? ''} ${each.code ?? ''}`;
    return !seen.has(id) && seen.add(id);
  });
}

export function viewFor({ wants }: Rule, resource: Resource): Readonly<Record<string, unknown>> {
  if (wants.length === 0) return resource.view;
  return { ...resource.view, ...Object.fromEntries(wants.map((facet) => [facet, resource.attempt(facet)])) };
}
