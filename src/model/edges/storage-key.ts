import {
  encryptionOfFacet,
  encryptionsOfFacet,
  keyFacets,
  severalKeys,
  type Encryption,
  type KeyBearing,
} from '../encryption.js';
import type { Place } from '../place.js';
import { otherDatabaseKeys } from './rds.js';
import { keyTargets, type EdgeSpec } from './spec.js';

/** The keys of every kind that has a storage key. */
export function storageKeyEdge(kind: KeyBearing): EdgeSpec {
  const facet = keyFacets[kind];
  return {
    name: 'key',
    from: kind,
    facet,
    to: 'kms.key',
    region: null,
    targets: (value, place) => {
      if (severalKeys.has(kind)) return encryptionsOfFacet(kind, value).flatMap((each) => storageTargets(each, place));
      const own = storageTargets(encryptionOfFacet(kind, value), place);
      if (kind !== 'rds.instance' && kind !== 'rds.cluster') return own;
      const others = otherDatabaseKeys(value).flatMap((key) => keyTargets(key, place));
      // A database is one dependant of a key, however many of its parts are under it.
      return others.length === 0 ? own : [...new Set([...own, ...others])];
    },
  };
}

function storageTargets(encryption: Encryption, place: Place): readonly string[] {
  return encryption.by === 'kms' || encryption.by === 'not-judged' ? keyTargets(encryption.key, place) : [];
}
