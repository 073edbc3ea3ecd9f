import type { Encryption } from '#model/encryption.js';
import type { ResolvedKey } from '#model/key-graph.js';
import { keyReference } from '#model/key-reference.js';
import { levelOf, type LevelReading } from '#model/level.js';
import type { Place } from '#model/place.js';
import type { Kind } from '#model/resources/index.js';
import type { Verdict } from '#model/verdict.js';
import type { Joins } from './joins.js';

export type LevelSource = Parameters<typeof levelOf>[2];

/** What follows from an encryption in a place: the same for every resource of a kind that is encrypted so. */
export class KeyFacts {
  readonly encryption: Encryption;
  /** What its key resolves to; undefined where it has none. */
  readonly resolved: ResolvedKey | undefined;
  /** Passes, and reasons for not applying, of rules that are decided by the encryption; by their place on the kind. */
  readonly verdicts: (Verdict | undefined)[] = [];
  readonly #source: LevelSource;
  #level: LevelReading | undefined;

  constructor(encryption: Encryption, resolved: ResolvedKey | undefined, source: LevelSource) {
    this.encryption = encryption;
    this.resolved = resolved;
    this.#source = source;
  }

  get level(): LevelReading {
    return (this.#level ??= levelOf(this.encryption, this.resolved, this.#source));
  }
}

/**
 * The key facts of one account. A million resources are encrypted under a few thousand keys, and come kind by kind, so
 * each is looked up by what the service wrote alone, and nothing is kept of a kind that is done.
 */
export class KeyFactsOfAccount {
  readonly #joins: Joins;
  readonly #sourceOf: (kind: Kind) => LevelSource;
  readonly #byRegion = new Map<string, Map<string, KeyFacts>>();
  readonly #resolved = new Map<string, Map<string, ResolvedKey>>();
  #kind: Kind | undefined;
  #region: string | undefined;
  #here = new Map<string, KeyFacts>();

  constructor(joins: Joins, sourceOf: (kind: Kind) => LevelSource) {
    this.#joins = joins;
    this.#sourceOf = sourceOf;
  }

  of(kind: Kind, encryption: Encryption, place: Place): KeyFacts {
    if (kind !== this.#kind || place.region !== this.#region) this.#moveTo(kind, place.region);
    const written = sharedName(encryption);
    const found = written === undefined ? undefined : this.#here.get(written);
    if (found !== undefined && sameMode(found.encryption, encryption)) return found;
    const key = encryption.by === 'kms' ? encryption.key : null;
    const facts = new KeyFacts(encryption, key === null ? undefined : this.resolve(key, place), this.#sourceOf(kind));
    if (written !== undefined && found === undefined) this.#here.set(written, facts);
    return facts;
  }

  /** What a key resolves to, as a service wrote it down in a place. */
  resolve(written: string, place: Place): ResolvedKey {
    let inRegion = this.#resolved.get(place.region);
    if (inRegion === undefined) this.#resolved.set(place.region, (inRegion = new Map<string, ResolvedKey>()));
    let resolved = inRegion.get(written);
    if (resolved === undefined) inRegion.set(written, (resolved = this.#joins.resolve(keyReference(written, place))));
    return resolved;
  }

  #moveTo(kind: Kind, region: string): void {
    if (kind !== this.#kind) this.#byRegion.clear();
    this.#kind = kind;
    this.#region = region;
    let here = this.#byRegion.get(region);
    if (here === undefined) this.#byRegion.set(region, (here = new Map<string, KeyFacts>()));
    this.#here = here;
  }
}

/** Undefined: too rare to be kept, or made of more than a name. */
function sharedName(encryption: Encryption): string | undefined {
  switch (encryption.by) {
    case 'kms':
      return encryption.key ?? undefined;
    case 'aws-owned':
      return encryption.mode;
    case 'none':
      return 'none';
    case 'service':
    case 'not-judged':
    case 'unknown':
      return undefined;
  }
}

/** SSE-KMS and DSSE-KMS under one key are two encryptions. */
function sameMode(one: Encryption, other: Encryption): boolean {
  if (one.by === 'kms') return other.by === 'kms' && one.mode === other.mode;
  return one.by === other.by;
}
