import { edgeSpecs, specsOf } from '#model/edges.js';
import { isKeyBearing, keyFacets } from '#model/encryption.js';
import type { Kind } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import { prerequisites, type AnyKind } from './service.js';

export type Asked = ReadonlyMap<Kind, ReadonlySet<string>>;

/** What looks at tags beside the facets that rules name. */
export interface TagUse {
  /** A selector of the baseline does, so rules that depend on it need them. */
  readonly tags: boolean;
  /** Ids of rules of which a waiver does. */
  readonly waived?: ReadonlySet<string>;
}

/** The facets that a set of rules needs, with all they lean on: nothing else is ever asked of AWS. */
export function askedFacets(rules: readonly Rule[], kinds: readonly AnyKind[], { tags, waived }: TagUse): Asked {
  const specs = new Map(kinds.map((kind) => [kind.kind, kind]));
  const asked = new Map<Kind, Set<string>>();
  const list = (kind: Kind): Set<string> => {
    const found = asked.get(kind) ?? new Set();
    asked.set(kind, found);
    return found;
  };
  const ask = (kind: Kind, facet: string): void => {
    const facets = list(kind);
    if (facets.has(facet)) return;
    const spec = specs.get(kind)?.facets[facet];
    if (spec === undefined) throw new Error(`There is no facet ${kind}/${facet}`);
    if (spec.by !== 'call' || !spec.followUp) facets.add(facet);
    for (const [otherKind, other] of prerequisites(kind, spec)) ask(otherKind, other);
  };

  for (const rule of rules) {
    for (const kind of rule.kinds) {
      list(kind);
      for (const facet of ownFacets(rule, kind, kinds)) ask(kind, facet);
      if (waived?.has(rule.id) === true && specs.get(kind)?.facets['tags'] !== undefined) ask(kind, 'tags');
      if (tags && rule.cmkRequired !== null) {
        if (specs.get(kind)?.facets['tags'] !== undefined) ask(kind, 'tags');
        // A copy is held to what is required of its source.
        for (const { name, from, facet, to } of edgeSpecs) {
          if (name !== 'source' || from !== kind) continue;
          ask(from, facet);
          ask(to, 'tags');
        }
      }
    }
    for (const [kind, facets] of Object.entries(rule.lookups) as [Kind, readonly string[]][]) {
      for (const facet of facets) ask(kind, facet);
    }
    for (const { from, facet } of rule.reverse.flatMap(specsOf)) ask(from, facet);
  }
  return asked;
}

/** The facets that a rule reads of a resource it judges: its needs, and those of its wants that the kind has. */
export function ownFacets({ needs, wants }: Rule, kind: Kind, kinds: readonly AnyKind[]): readonly string[] {
  const facets = kinds.find((each) => each.kind === kind)?.facets ?? {};
  const wanted = wants.map((facet) => collectedFacet(kind, facet)).filter((facet) => Object.hasOwn(facets, facet));
  return [...needs.map((facet) => collectedFacet(kind, facet)), ...wanted];
}

/** Facets of keys that the rules need and that only the whole run shows whom to ask for. */
export function followUpFacets(rules: readonly Rule[], kinds: readonly AnyKind[]): readonly string[] {
  const facets = kinds.find(({ kind }) => kind === 'kms.key')?.facets ?? {};
  const wanted = new Set(
    rules.flatMap(({ kinds: judged, needs, wants }) => (judged.includes('kms.key') ? [...needs, ...wants] : [])),
  );
  return [...wanted].filter((facet) => {
    const spec = facets[facet];
    return spec?.by === 'call' && spec.followUp;
  });
}

/** `encryption` is derived from the facet that holds the storage key; every other facet is collected under its own name. */
export function collectedFacet(kind: Kind, facet: string): string {
  return facet === 'encryption' && isKeyBearing(kind) ? keyFacets[kind] : facet;
}
