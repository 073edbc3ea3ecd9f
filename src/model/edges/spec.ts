import { keyReference } from '../key-reference.js';
import type { KeyUsage } from '../key-usage.js';
import type { Place } from '../place.js';
import type { Kind, Kinds } from '../resources/index.js';
import type { EdgeName } from '../rule.js';

/** A relation that a kind declares: from one of its resources to the resources it names. */
export interface EdgeSpec {
  readonly name: EdgeName;
  readonly from: Kind;
  /** The facet that holds the references. */
  readonly facet: string;
  readonly to: Kind;
  /** What the resource depends on a key for; null: a relation of another sort. */
  readonly usage: KeyUsage | null;
  /** What it points at, in the form in which `find` and `refs` look it up. */
  readonly targets: (value: never, place: Place) => readonly string[];
  /** The region that holds a target whose form does not say it. */
  readonly region: ((value: never, place: Place) => string | null) | null;
}

/** One relation, its functions typed by the facet that they read. */
export function edge<K extends Kind, F extends keyof Kinds[K] & string>(spec: {
  name: EdgeName;
  from: K;
  facet: F;
  to: Kind;
  usage?: KeyUsage;
  targets: (value: Kinds[K][F], place: Place) => readonly string[];
  region?: (value: Kinds[K][F], place: Place) => string | null;
}): EdgeSpec {
  return { region: null, usage: null, ...spec };
}

/** The key or alias that a service wrote down, if it wrote one. */
export function keyTargets(written: string | null, place: Place): readonly string[] {
  const reference = keyReference(written, place);
  return reference.form === 'key' || reference.form === 'alias' ? [reference.arn] : [];
}
