import type { Attempt, Missing } from '#model/attempt.js';
import type { KeyGraph } from '#model/key-graph.js';
import type { Place } from '#model/place.js';
import type { Kind, ResourceRecord } from '#model/resources/index.js';
import type { EdgeName, Referrers } from '#model/rule.js';

/** The joins of a run as the engine uses them; the inventory makes them, the tester fakes none of them. */
export interface Joins extends KeyGraph {
  find(
    kind: Kind,
    id: string,
    region?: string,
  ): Attempt<{ readonly record: ResourceRecord; readonly place: Place } | 'missing' | 'outside'>;
  refs(edge: EdgeName, target: string, place: Place): Referrers;
  listed(kinds: readonly Kind[], place: Place): { readonly count: number; readonly missing: readonly Missing[] };
}
