import { describe, expect, test } from 'vitest';
import { collectedFacet } from '#collect/asked.js';
import { facetOperations, kindSpecs } from '#collect/registry.js';
import { edgeSpecs } from '#model/edges.js';
import type { Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { Outcome } from '#model/verdict.js';
import { rules } from '#rules/index.js';
import { judgeResource, type Surroundings } from '../support/judge.js';
import { unread, type TestResource } from '../support/resources.js';
import { sampleResource, samplesOf } from '../support/samples.js';

/**
 * Over every rule: a fact that could not be read never becomes a pass, a fail or a not-applicable, unless each value
 * that it could have had leads to that very verdict. The samples stand for those values.
 */
const operations = facetOperations();
const baselines = ['strict', 'recommended'] as const;
const elsewhere = 'eu-west-1';

/** A fact of one resource of a small run. */
interface Fact {
  readonly kind: Kind;
  readonly facet: string;
  readonly region: string | undefined;
}
/** Each resource of the run by kind and region; a fact that is not there has its first sample. */
type World = ReadonlyMap<string, unknown>;

const nameOf = ({ kind, facet, region }: Fact): string => `${kind}/${facet}${region === undefined ? '' : ` in ${region}`}`;

function worldsOf(facts: readonly Fact[]): readonly World[] {
  return facts.reduce<readonly World[]>(
    (worlds, fact) => worlds.flatMap((world) => samplesOf(fact.kind, fact.facet).map((value) => new Map([...world, [nameOf(fact), value]]))),
    [new Map()],
  );
}

function resourceIn(world: World, kind: Kind, region: string | undefined): TestResource {
  const facets = Object.keys(sampleResource(kind).record.facets);
  const known = facets.flatMap((facet) => {
    const name = nameOf({ kind, facet, region });
    return world.has(name) ? [[facet, world.get(name)] as const] : [];
  });
  return sampleResource(kind, Object.fromEntries(known), region);
}

/** What the rule reads of the judged resource itself. */
function ownFacts(rule: Rule, kind: Kind): readonly Fact[] {
  const spec = kindSpecs.find((each) => each.kind === kind);
  const byTags = rule.cmkRequired !== null && spec?.facets['tags'] !== undefined ? ['tags'] : [];
  return [...new Set([...rule.needs, ...rule.wants, ...byTags].map((facet) => collectedFacet(kind, facet)))].map((facet) => ({ kind, facet, region: undefined }));
}

/** What it reads of others: by look-ups, and along the edges that point back. A source of the same kind lies in another region. */
function otherFacts(rule: Rule, kind: Kind): readonly Fact[] {
  const lookups = (Object.entries(rule.lookups) as [Kind, readonly string[]][]).flatMap(([other, facets]) => facets.map((facet) => ({ kind: other, facet })));
  const reverse = edgeSpecs.filter(({ name, to }) => rule.reverse.includes(name) && to === kind).map(({ from, facet }) => ({ kind: from, facet }));
  const facts = [...lookups, ...reverse].map((fact) => ({ ...fact, region: fact.kind === kind ? elsewhere : undefined }));
  return facts.filter((fact, index) => facts.findIndex((other) => nameOf(other) === nameOf(fact)) === index);
}

function judge(rule: Rule, kind: Kind, world: World, others: readonly Fact[], surroundings: Surroundings, without?: Kind): Outcome {
  const places = new Map(others.map(({ kind: other, region }) => [`${other} ${region ?? ''}`, { other, region }]));
  const present = [...places.values()].filter(({ other }) => other !== without).map(({ other, region }) => resourceIn(world, other, region));
  return judgeResource(rule, resourceIn(world, kind, undefined), { ...surroundings, others: present, regions: [elsewhere] });
}

function denialOf(kind: Kind, facet: string) {
  const { operation, action } = operations.get(`${kind}/${facet}`) ?? { operation: null, action: null };
  return { facet: `${kind}/${facet}`, operation, action, code: 'AccessDeniedException', cause: 'denied' as const };
}

/** Every world in which the other facts have each of their values; the looked-up ones vary only where that is cheap. */
function backgrounds(facts: readonly Fact[], except: Fact): readonly World[] {
  return worldsOf(facts.filter((fact) => nameOf(fact) !== nameOf(except)));
}

describe.each(rules.flatMap((rule) => rule.kinds.map((kind) => ({ rule, kind, title: `${rule.id} on ${kind}` }))))('$title', ({ rule, kind }) => {
  const own = ownFacts(rule, kind);
  const others = otherFacts(rule, kind);
  const facts = [...own, ...others];

  test.each(facts.map((fact) => ({ fact, name: nameOf(fact) })))('$name denied', ({ fact }) => {
    const denial = denialOf(fact.kind, fact.facet);
    expect(denial.operation, 'the facet has no operation').not.toBeNull();
    let unknowns = 0;
    for (const baseline of baselines) {
      for (const world of backgrounds(facts, fact)) {
        const denied = judge(rule, kind, new Map([...world, [nameOf(fact), unread(denial)]]), others, { baseline });
        const read = samplesOf(fact.kind, fact.facet).map((value) => judge(rule, kind, new Map([...world, [nameOf(fact), value]]), others, { baseline }));
        expect(read.filter(({ verdict }) => verdict === 'error')).toEqual([]);
        if (denied.verdict !== 'unknown') {
          expect(read.map(({ verdict }) => verdict)).toEqual(read.map(() => denied.verdict));
          continue;
        }
        unknowns += 1;
        if (read.every(({ verdict }) => verdict !== 'unknown')) expect(denied.missing).toContainEqual(expect.objectContaining(denial));
      }
    }
    if (rule.needs.some((need) => collectedFacet(kind, need) === fact.facet && fact.kind === kind)) expect(unknowns).toBeGreaterThan(0);
  });

  const listed = [...new Set(others.map((other) => other.kind))].filter((other) => other !== kind);
  test.each(listed.map((other) => ({ other })))('$other not listed', ({ other }) => {
    for (const world of worldsOf(facts)) {
      const denied = judge(rule, kind, world, others, { unreadLists: [{ kind: other }] }, other);
      if (denied.verdict === 'unknown') continue;
      const complete = [judge(rule, kind, world, others, {}), judge(rule, kind, world, others, {}, other)];
      expect(complete.map(({ verdict }) => verdict)).toEqual([denied.verdict, denied.verdict]);
    }
  });
});
