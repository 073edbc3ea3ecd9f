import { describe, expect, test } from 'vitest';
import { collectedFacet, ownFacets } from '#collect/asked.js';
import { builtIn, facetOperations } from '#collect/registry.js';
import { edgeSpecs, specsOf } from '#model/edges.js';
import type { Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { Outcome } from '#model/verdict.js';
import { rules } from '#rules/index.js';
import { judgeResource, type Surroundings } from '#plugins/judge.js';
import { unread, type TestResource } from '../support/resources.js';
import { sampleOptions, sampleResource, samplesOf } from '../support/samples.js';

/**
 * Over every rule: a fact that could not be read never becomes a pass, a fail or a not-applicable, unless each value
 * that it could have had leads to that very verdict. The samples stand for those values.
 */
const operations = facetOperations(builtIn);
const elsewhere = 'eu-west-1';

/** A fact of one resource of a small run: the judged one, or one that the rule looks at from there. */
interface Fact {
  readonly kind: Kind;
  readonly facet: string;
  readonly region: string | undefined;
  readonly own: boolean;
}
/** A sample for each fact by its index, or that it was denied; a fact that is not there has its first sample. */
type World = ReadonlyMap<Fact, number | 'denied'>;

const nameOf = ({ kind, facet, region }: Fact): string => `${kind}/${facet}${region === undefined ? '' : ` in ${region}`}`;

/** What the rule reads of the judged resource itself. */
function ownFacts(rule: Rule, kind: Kind): readonly Fact[] {
  const spec = builtIn.kinds.find((each) => each.kind === kind);
  const byTags = rule.cmkRequired !== null && spec?.facets['tags'] !== undefined ? ['tags'] : [];
  // What it is a copy of decides whether a key is required.
  const copies = rule.cmkRequired === null ? [] : edgeSpecs.filter(({ name, from }) => name === 'source' && from === kind);
  const facets = new Set([...ownFacets(rule, kind, builtIn.kinds), ...byTags, ...copies.map(({ facet }) => facet)]);
  return [...facets].map((facet) => ({ kind, facet, region: undefined, own: true }));
}

/** What it reads of others: by look-ups, and along the edges that point back. A resource of the same kind lies in another region. */
function otherFacts(rule: Rule, kind: Kind): readonly Fact[] {
  const lookups = (Object.entries(rule.lookups) as [Kind, readonly string[]][]).flatMap(([other, facets]) =>
    facets.map((facet) => ({ kind: other, facet })),
  );
  const reverse = rule.reverse
    .flatMap(specsOf)
    .filter(({ to }) => to === kind)
    .map(({ from, facet }) => ({ kind: from, facet }));
  const facts = [...lookups, ...reverse].map((fact) => ({
    ...fact,
    region: fact.kind === kind ? elsewhere : undefined,
    own: false,
  }));
  return facts.filter((fact, index) => facts.findIndex((other) => nameOf(other) === nameOf(fact)) === index);
}

function denialOf(kind: Kind, facet: string) {
  const { operation, action } = operations.get(`${kind}/${facet}`) ?? { operation: null, action: null };
  return { facet: `${kind}/${facet}`, operation, action, code: 'AccessDeniedException', cause: 'denied' as const };
}

function valueOf({ kind, facet }: Fact, sample: number | 'denied' | undefined): unknown {
  return sample === 'denied' ? unread(denialOf(kind, facet)) : samplesOf(kind, facet)[sample ?? 0];
}

/** Every combination of samples of the facts. */
function combinations(facts: readonly Fact[]): readonly World[] {
  return facts.reduce<readonly World[]>(
    (worlds, fact) =>
      worlds.flatMap((world) => samplesOf(fact.kind, fact.facet).map((_, index) => new Map([...world, [fact, index]]))),
    [new Map()],
  );
}

/** What surrounds a fact: all combinations of the resource's own facts, and each value of each other one. */
function backgrounds(facts: readonly Fact[], except: Fact | null): readonly World[] {
  const own = combinations(facts.filter((fact) => fact.own && fact !== except));
  const others = facts.filter((fact) => !fact.own && fact !== except && except?.own !== false);
  const varied = others.flatMap((fact) =>
    samplesOf(fact.kind, fact.facet).flatMap((_, index) => (index === 0 ? [] : [[fact, index] as const])),
  );
  return own.flatMap((world) => [world, ...varied.map(([fact, index]) => new Map([...world, [fact, index]]))]);
}

/** Around a listing: all combinations of the resource's own facts, and around the first of them each value of each other. */
function listings(facts: readonly Fact[]): readonly World[] {
  const [first, ...rest] = combinations(facts.filter(({ own }) => own));
  const around = backgrounds(
    facts.filter(({ own }) => !own),
    null,
  );
  return [...around.map((world) => new Map([...(first ?? []), ...world])), ...rest];
}

describe.each(rules.flatMap((rule) => rule.kinds.map((kind) => ({ rule, kind, title: `${rule.id} on ${kind}` }))))(
  '$title',
  ({ rule, kind }) => {
    const facts = [...ownFacts(rule, kind), ...otherFacts(rule, kind)];
    const baselines = rule.cmkRequired === null ? (['strict'] as const) : (['strict', 'recommended'] as const);
    const memory = new Map<string, Outcome>();

    function resourceOf(members: readonly Fact[], world: World, other: Kind, region: string | undefined): TestResource {
      return sampleResource(
        other,
        Object.fromEntries(members.map((fact) => [fact.facet, valueOf(fact, world.get(fact))])),
        region,
      );
    }

    function judge(world: World, surroundings: Surroundings, without?: Kind): Outcome {
      const id = JSON.stringify([facts.map((fact) => world.get(fact) ?? 0), surroundings, without]);
      const known = memory.get(id);
      if (known !== undefined) return known;
      const places = groupBy(
        facts.filter(({ own, kind: other }) => !own && other !== without),
        ({ kind: other, region }) => `${other} ${region ?? ''}`,
      );
      const others = [...places.values()].map((members) =>
        resourceOf(members, world, members[0]?.kind ?? kind, members[0]?.region),
      );
      const judged = resourceOf(
        facts.filter(({ own }) => own),
        world,
        kind,
        undefined,
      );
      const options = sampleOptions(rule.id);
      const outcome = judgeResource(rule, judged, {
        ...surroundings,
        others,
        regions: [elsewhere],
        ...(options === undefined ? {} : { options }),
      });
      memory.set(id, outcome);
      return outcome;
    }

    test.each(facts.map((fact) => ({ fact, name: nameOf(fact) })))('$name denied', ({ fact }) => {
      const denial = denialOf(fact.kind, fact.facet);
      expect(denial.operation, 'the facet has no operation').not.toBeNull();
      let unknowns = 0;
      for (const baseline of baselines) {
        for (const world of backgrounds(facts, fact)) {
          const denied = judge(new Map([...world, [fact, 'denied']]), { baseline });
          const read = samplesOf(fact.kind, fact.facet).map((_, index) =>
            judge(new Map([...world, [fact, index]]), { baseline }),
          );
          expect(read.filter(({ verdict }) => verdict === 'error')).toEqual([]);
          if (denied.verdict !== 'unknown') {
            expect(read.map(({ verdict }) => verdict)).toEqual(read.map(() => denied.verdict));
            continue;
          }
          unknowns += 1;
          if (read.every(({ verdict }) => verdict !== 'unknown'))
            expect(denied.missing).toContainEqual(expect.objectContaining(denial));
        }
      }
      const needed = fact.own && rule.needs.some((need) => collectedFacet(kind, need) === fact.facet);
      if (needed) expect(unknowns, 'denied, it never made a verdict unknown').toBeGreaterThan(0);
    });

    const listed = [...new Set(facts.filter(({ own, kind: other }) => !own && other !== kind).map((fact) => fact.kind))];
    test.each(listed.map((other) => ({ other })))('$other not listed', ({ other }) => {
      for (const world of listings(facts)) {
        const denied = judge(world, { unreadLists: [{ kind: other }] }, other);
        if (denied.verdict === 'unknown') continue;
        const complete = [judge(world, {}), judge(world, {}, other)];
        expect(complete.map(({ verdict }) => verdict)).toEqual([denied.verdict, denied.verdict]);
      }
    });
  },
);

/** Map.groupBy came with Node 21. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
