import { known, type Attempt, type Missing } from '#model/attempt.js';
import type { Baseline, Selector } from '#model/baseline.js';
import type { EdgeSpec } from '#model/edges.js';
import { encryptionOf, type Encryption, type WithKeyFacet } from '#model/encryption.js';
import type { ResolvedKey } from '#model/key-graph.js';
import { levelOf, type LevelReading } from '#model/level.js';
import type { Place } from '#model/place.js';
import { attemptFacet, uncollected, type Identity, type Kind, type ResourceRecord, type Tags } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import type { Joins } from './joins.js';
import { matchesAny } from './selectors.js';

/** What the resources of one kind have in common. */
export interface KindRules {
  readonly rules: readonly Rule[];
  readonly needsEncryption: boolean;
  /** The facet that says how the kind is encrypted. */
  readonly keyFacet: string | undefined;
  /** The edges from a copy to what it was copied from. */
  readonly sources: readonly EdgeSpec[];
}

export type LevelSource = Parameters<typeof levelOf>[2];

/** What the resources of one account share while they are judged. */
export interface AccountJoins {
  readonly baseline: Baseline;
  readonly joins: Joins;
  /** What a key resolves to, as a service wrote it down in a place. */
  resolve(written: string, place: Place): ResolvedKey;
  /** Where the field that says how a kind is encrypted comes from. */
  sourceOf(kind: Kind): LevelSource;
}

/** A resource while it is judged: what its rules see, and the joins from where it stands. */
export class Resource {
  readonly record: ResourceRecord;
  /** Identity and values of facets in one object. */
  readonly view: Readonly<Record<string, unknown>> & Identity;
  readonly #account: AccountJoins;
  readonly #onKind: KindRules;
  #encryption: Encryption | undefined;
  #level: LevelReading | undefined;
  #cmkRequired: Attempt<boolean> | undefined;

  constructor(record: ResourceRecord, { partition, account }: Place, shared: AccountJoins, onKind: KindRules) {
    this.record = record;
    this.#account = shared;
    this.#onKind = onKind;
    const { kind, arn, name, region, facets } = record;
    const view: Record<string, unknown> & Identity = { partition, account, region, kind, arn, name };
    for (const facet in facets) view[facet] = facets[facet];
    this.view = view;
    if (onKind.needsEncryption && this.#readEncryption() !== undefined) view['encryption'] = this.#encryption;
  }

  get identity(): Identity {
    const { partition, account, region, kind, arn, name } = this.view;
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

  /** The key that the resource is encrypted under, for its findings; null where there is none. */
  key(): { readonly arn: string; readonly level: LevelReading } | null {
    const encryption = this.#readEncryption();
    if (encryption?.by !== 'kms' || encryption.key === null) return null;
    const { arn } = this.#account.resolve(encryption.key, this.view);
    return arn === null ? null : { arn, level: this.level(encryption) };
  }

  level(encryption: Encryption): LevelReading {
    return encryption === this.#encryption ? (this.#level ??= this.#levelOf(encryption)) : this.#levelOf(encryption);
  }

  #levelOf(encryption: Encryption): LevelReading {
    const resolved =
      encryption.by === 'kms' && encryption.key !== null ? this.#account.resolve(encryption.key, this.view) : undefined;
    return levelOf(encryption, resolved, this.#account.sourceOf(this.record.kind));
  }

  /** Undefined where the facet that says it has no value. */
  #readEncryption(): Encryption | undefined {
    const { keyFacet } = this.#onKind;
    if (keyFacet === undefined || !(keyFacet in this.view)) return undefined;
    return (this.#encryption ??= encryptionOf(this.view as unknown as WithKeyFacet));
  }

  matches(selectors: readonly Selector[]): Attempt<boolean> {
    return matchesAny(selectors, this.view, () => attemptTags(this.record));
  }

  cmkRequired(): Attempt<boolean> {
    return (this.#cmkRequired ??= this.#readCmkRequired());
  }

  /** A copy is required to use a customer managed key also when what it was copied from is. */
  #readCmkRequired(): Attempt<boolean> {
    const { baseline, joins } = this.#account;
    const own = matchesAny(baseline.cmkRequired, this.view, () => attemptTags(this.record));
    if (own.known && own.value) return own;
    const missing: Missing[] = own.known ? [] : [...own.missing];
    for (const { spec, target, region } of this.#copiedFrom()) {
      if (!baseline.cmkRequired.some(({ kinds }) => kinds?.includes(spec.to) ?? true)) continue;
      const source = joins.find(spec.to, target, region ?? undefined);
      if (!source.known) missing.push(...source.missing);
      else if (typeof source.value === 'object') {
        const { record, place } = source.value;
        const identity: Identity = { ...place, kind: record.kind, arn: record.arn, name: record.name };
        const match = matchesAny(baseline.cmkRequired, identity, () => attemptTags(record));
        if (match.known && match.value) return match;
        if (!match.known) missing.push(...match.missing);
      }
    }
    return missing.length === 0 ? known(false) : { known: false, missing };
  }

  #copiedFrom(): readonly { readonly spec: EdgeSpec; readonly target: string; readonly region: string | null }[] {
    return this.#onKind.sources.flatMap((spec) => {
      const { facets } = this.record;
      if (!(spec.facet in facets)) return [];
      const value = facets[spec.facet];
      const region = spec.region?.(value as never) ?? null;
      return spec.targets(value as never, this.view).map((target) => ({ spec, target, region }));
    });
  }
}

function attemptTags(record: ResourceRecord): Attempt<Tags> {
  const tags = attemptFacet(record as ResourceRecord<'s3.bucket'>, 'tags');
  return tags.known ? known(tags.value ?? {}) : tags;
}
