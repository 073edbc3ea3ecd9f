import { decide, knownOf } from '#collect/read-facets.js';
import type { AnyKind, CallFacet, Sdk } from '#collect/service.js';
import type { Estimate } from '#model/plan.js';
import { facetState, type FacetState, type Kind, type ResourceRecord } from '#model/resources/index.js';

interface FacetCalls {
  readonly operation: string;
  readonly count: number;
  readonly estimate: Estimate | undefined;
}

interface Asking {
  readonly asked: readonly string[];
  /** How many objects of a bucket are looked at. */
  readonly sample: number;
  readonly single: (kind: Kind) => ResourceRecord | undefined;
}

/** The calls about one resource, by what is known of it. */
export async function callsFor(stored: ResourceRecord, kind: AnyKind, asking: Asking): Promise<readonly FacetCalls[]> {
  const { asked, sample } = asking;
  const record = withOnly(stored, asked);
  const calls: FacetCalls[] = [];
  for (const name of asked) {
    const facet = kind.facets[name];
    if (facet?.by !== 'call') continue;
    // Once a resource turned out to be gone, nothing more was asked of it.
    if (record.gone === true && record.skipped?.[name] !== undefined) continue;
    const { operation } = facet;
    const decided = await decideAhead(record, kind, facet, asking.single);
    if (decided === 'ask') {
      const isSure = facetState(record, name) !== undefined || followsFromKnown(record, kind, facet, asking);
      calls.push({ operation, count: callsOf(facet, name, record, sample), estimate: isSure ? undefined : 'not-read' });
    } else if (decided.state === 'unread') calls.push({ operation, count: 0, estimate: 'incomplete' });
  }
  return calls;
}

/** Whether a facet that was not asked yet would be asked of a resource, as far as the others of its facets tell. */
export async function wouldAsk(record: ResourceRecord, kind: AnyKind, name: string): Promise<boolean> {
  const facet = kind.facets[name];
  return facet?.by === 'call' && (await decideAhead(record, kind, facet, () => undefined)) === 'ask';
}

/** As the crawl decides; what was not read is taken to be readable, unless it would not be asked either. */
function decideAhead(
  record: ResourceRecord,
  kind: AnyKind,
  facet: CallFacet<Sdk, Kind, unknown>,
  single: Asking['single'],
): Promise<FacetState | 'ask'> {
  return decide(facet, knownOf(record, single), async (other): Promise<FacetState> => {
    const state = facetState(record, other);
    if (state !== undefined) return state;
    const spec = kind.facets[other];
    const ahead = spec?.by === 'call' ? await decideAhead(record, kind, spec, single) : 'ask';
    return ahead === 'ask' ? { state: 'read', value: undefined } : ahead;
  });
}

/** Whether it is one call for sure: nothing that decides about it is open. */
function followsFromKnown(
  record: ResourceRecord,
  { sources }: AnyKind,
  { pages, each, after, looksAt, mayLookAt }: CallFacet<Sdk, Kind, unknown>,
  { asked, single }: Asking,
): boolean {
  // Facets of a region's one resource are asked once, whatever they say.
  if (sources.length === 0) return true;
  if (pages !== undefined || each !== undefined) return false;
  return [...after, ...looksAt, ...mayLookAt.filter((name) => asked.includes(name))].every((name) => {
    const slash = name.indexOf('/');
    const of = slash < 0 ? record : single(name.slice(0, slash) as Kind);
    return of !== undefined && facetState(of, name.slice(slash + 1)) !== undefined;
  });
}

/** A run that asks for less must not profit from what an earlier one knew. */
function withOnly(record: ResourceRecord, asked: readonly string[]): ResourceRecord {
  const entries = Object.entries(record.facets);
  const kept = entries.filter(([name]) => asked.includes(name));
  return kept.length === entries.length ? record : { ...record, facets: Object.fromEntries(kept) };
}

/** A list that could not be read took the call that said so. */
function callsOf(
  { pages, each }: CallFacet<Sdk, Kind, unknown>,
  name: string,
  { facets }: ResourceRecord,
  sample: number,
): number {
  if (each !== undefined) return (facets[each.of] as readonly string[] | undefined)?.length ?? sample;
  const value = facets[name];
  if (pages === undefined || value === undefined || value === null) return 1;
  return Math.max(1, Math.ceil(pages.itemsIn(value as never) / pages.size));
}
