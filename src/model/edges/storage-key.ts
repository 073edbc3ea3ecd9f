import {
  encryptionOfFacet,
  encryptionsOfFacet,
  keyFacets,
  severalKeys,
  type Encryption,
  type KeyBearing,
} from '../encryption.js';
import type { Place } from '../place.js';
import { keyTargets, type EdgeSpec } from './spec.js';

/** The keys of every kind that has a storage key. */
export function storageKeyEdge(kind: KeyBearing): EdgeSpec {
  const facet = keyFacets[kind];
  return {
    name: 'key',
    from: kind,
    facet,
    to: 'kms.key',
    usage: kind === 'ebs.defaults' || kind === 'ec2.launch-template' ? 'default' : 'storage',
    region: null,
    targets: (value, place) =>
      severalKeys.has(kind)
        ? encryptionsOfFacet(kind, value).flatMap((each) => storageTargets(each, place))
        : storageTargets(encryptionOfFacet(kind, value), place),
  };
}

function storageTargets(encryption: Encryption, place: Place): readonly string[] {
  return encryption.by === 'kms' || encryption.by === 'not-judged' ? keyTargets(encryption.key, place) : [];
}
