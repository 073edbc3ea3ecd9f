import { known, type Attempt, type Missing } from '#model/attempt.js';
import { usesTags, type Baseline, type Selector } from '#model/baseline.js';
import type { EdgeSpec } from '#model/edges/spec.js';
import { encryptionOfFacet, encryptionsOfFacet, severalKeys, type Encryption, type KeyBearing } from '#model/encryption.js';
import type { LevelReading } from '#model/level.js';
import type { Place } from '#model/place.js';
import { attemptFacet, uncollected, type Identity, type Kind, type ResourceRecord, type Tags } from '#model/resources/index.js';
import type { Joins } from './joins.js';
import type { KeyFacts } from './key-facts.js';
import type { RuleOnKind } from './rule-on-kind.js';
import { matchesAny } from './selectors.js';

/** What the resources of one kind have in common. */
export interface KindRules {
  readonly kind: Kind;
  readonly rules: readonly RuleOnKind[];
  /** Facets that some rule needs, as they are collected. */
  readonly needed: readonly string[];
  readonly needsEncryption: boolean;
  /** The facet that says how the kind is encrypted. */
  readonly keyFacet: string | undefined;
  /** The edges from a copy to what it was copied from. */
  readonly sources: readonly EdgeSpec[];
  /** The facets that say so. */
  readonly sourceFacets: readonly string[];
}

/** What the resources of one account share while they are judged. */
export interface AccountJoins {
  readonly baseline: Baseline;
  readonly joins: Joins;
  /** OU paths by account. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** What follows from an encryption of a kind in a place. */
  keyFacts(kind: Kind, encryption: Encryption, place: Place): KeyFacts;
}

/** A resource while it is judged: what its rules see, and the joins from where it stands. */
export class Resource {
  readonly record: ResourceRecord;
  readonly place: Place;
  readonly #account: AccountJoins;
  readonly #onKind: KindRules;
  /** Whether every facet that a rule needs has a value, as it has of nearly all. */
  readonly whole: boolean;
  #view: (Readonly<Record<string, unknown>> & Identity) | undefined;
  #encryption: Encryption | undefined;
  #facts: KeyFacts | undefined;
  #cmkRequired: Attempt<boolean> | undefined;

  constructor(record: ResourceRecord, place: Place, shared: AccountJoins, onKind: KindRules) {
    this.record = record;
    this.place = place;
    this.#account = shared;
    this.#onKind = onKind;
    this.whole = hasAll(record.facets, onKind.needed);
  }

  /** Identity and values of facets in one object. */
  get view(): Readonly<Record<string, unknown>> & Identity {
    return (this.#view ??= this.#makeView());
  }

  #makeView(): Readonly<Record<string, unknown>> & Identity {
    const { facets } = this.record;
    // A loop: spreading the facets into an object with the identity took V8 ten times as long.
    const view: Record<string, unknown> & Identity = this.identity;
    for (const facet in facets) view[facet] = facets[facet];
    if (this.#onKind.needsEncryption) view['encryption'] = this.encryption;
    return view;
  }

  get identity(): Identity & Record<string, unknown> {
    const { kind, arn, name, region } = this.record;
    const { partition, account } = this.place;
    return { partition, account, region, kind, arn, name };
  }

  /** Undefined when the facet has a value; else what is missing, or why it does not apply. */
  lacks(name: string): Missing | string | undefined {
    const facet = name === 'encryption' ? (this.#onKind.keyFacet ?? name) : name;
    const { kind, facets, unread, skipped } = this.record;
    if (facet in facets) return undefined;
    return skipped?.[facet] ?? unread?.[facet] ?? uncollected(kind, name);
  }

  attempt(facet: string): Attempt<unknown> {
    const lack = this.lacks(facet);
    if (lack === undefined) return known(this.view[facet]);
    return { known: false, missing: [typeof lack === 'string' ? uncollected(this.record.kind, facet) : lack] };
  }

  /** How it is encrypted; undefined where the facet that says it has no value. */
  get encryption(): Encryption | undefined {
    if (this.#encryption !== undefined) return this.#encryption;
    const { keyFacet, kind } = this.#onKind;
    const { facets } = this.record;
    if (keyFacet === undefined || !(keyFacet in facets)) return undefined;
    return (this.#encryption = encryptionOfFacet(kind as KeyBearing, facets[keyFacet]));
  }

  /** What follows from how it is encrypted, shared with all that are encrypted alike. */
  get facts(): KeyFacts | undefined {
    const { encryption } = this;
    return encryption === undefined ? undefined : (this.#facts ??= this.factsOf(encryption));
  }

  /** The same for another encryption that this resource speaks of. */
  factsOf(encryption: Encryption): KeyFacts {
    return this.#account.keyFacts(this.#onKind.kind, encryption, this.#at());
  }

  /** Buckets stand in a cell of no region: a key is looked for where the resource is. */
  #at(): Place {
    const { region } = this.record;
    const { place } = this;
    return region === place.region ? place : { ...place, region };
  }

  /** How it is encrypted under each key that it names, where a resource of its kind may name several; else undefined. */
  encryptions(): readonly Encryption[] | undefined {
    const { keyFacet, kind } = this.#onKind;
    if (!severalKeys.has(kind) || keyFacet === undefined) return undefined;
    return encryptionsOfFacet(kind as KeyBearing, this.record.facets[keyFacet]);
  }

  /** From here on rules see this one of its encryptions. */
  judgeUnder(encryption: Encryption): void {
    this.#encryption = encryption;
    this.#facts = undefined;
    this.#view = undefined;
  }

  level(encryption: Encryption): LevelReading {
    return (encryption === this.#encryption ? (this.facts ?? this.factsOf(encryption)) : this.factsOf(encryption)).level;
  }

  /** The key that the resource is encrypted under, for its findings; null where there is none. */
  key(): { readonly arn: string; readonly level: LevelReading } | null {
    const { facts } = this;
    const arn = facts?.encryption.by === 'kms' ? (facts.resolved?.arn ?? null) : null;
    return facts === undefined || arn === null ? null : { arn, level: facts.level };
  }

  tags(): Attempt<Tags> {
    return attemptTags(this.record);
  }

  matches(selectors: readonly Selector[]): Attempt<boolean> {
    return matchesAny(selectors, this.#selected, { tags: () => this.tags(), paths: this.#account.paths });
  }

  get #selected(): Identity {
    return this.#view ?? this.identity;
  }

  cmkRequired(): Attempt<boolean> {
    return (this.#cmkRequired ??= this.#readCmkRequired());
  }

  /** A copy is required to use a customer managed key also when what it was copied from is. */
  #readCmkRequired(): Attempt<boolean> {
    const { baseline, joins, paths } = this.#account;
    const own = this.matches(baseline.cmkRequired);
    if (own.known && own.value) return own;
    const missing: Missing[] = own.known ? [] : [...own.missing];
    for (const facet of this.#onKind.sourceFacets) {
      const lack = this.lacks(facet);
      // Without selectors by tags it is not asked for.
      const counts = typeof lack === 'object' && (lack.cause !== 'uncollected' || usesTags(baseline));
      if (counts) missing.push(lack);
    }
    for (const { spec, target, region } of this.#copiedFrom()) {
      if (!baseline.cmkRequired.some(({ kinds }) => kinds?.includes(spec.to) ?? true)) continue;
      const source = joins.find(spec.to, target, region ?? undefined);
      if (!source.known) missing.push(...source.missing);
      else if (typeof source.value === 'object') {
        const { record, place } = source.value;
        const identity: Identity = { ...place, kind: record.kind, arn: record.arn, name: record.name };
        const match = matchesAny(baseline.cmkRequired, identity, { tags: () => attemptTags(record), paths });
        if (match.known && match.value) return match;
        if (!match.known) missing.push(...match.missing);
      }
    }
    return missing.length === 0 ? notRequired : { known: false, missing };
  }

  #copiedFrom(): readonly { readonly spec: EdgeSpec; readonly target: string; readonly region: string | null }[] {
    return this.#onKind.sources.flatMap((spec) => {
      const { facets } = this.record;
      if (!(spec.facet in facets)) return [];
      const value = facets[spec.facet];
      const region = spec.region?.(value as never, this.#selected) ?? null;
      return spec.targets(value as never, this.#selected).map((target) => ({ spec, target, region }));
    });
  }
}

const notRequired = known(false);

function hasAll(facets: object, names: readonly string[]): boolean {
  for (const name of names) if (!(name in facets)) return false;
  return true;
}

/** Kinds that bear no tags in AWS: no selector by tag matches them, and nothing is missing. */
const untagged: ReadonlySet<Kind> = new Set(['ebs.defaults', 'kms.alias']);

function attemptTags(record: ResourceRecord): Attempt<Tags> {
  if (untagged.has(record.kind)) return known({});
  const tags = attemptFacet(record as ResourceRecord<'s3.bucket'>, 'tags');
  return tags.known ? known(tags.value ?? {}) : tags;
}
