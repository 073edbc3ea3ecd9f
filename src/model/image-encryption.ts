import { known, type Attempt } from './attempt.js';
import { leftOut } from './ec2-listings.js';
import type { EbsMapping, SnapshotDetails } from './resources/index.js';

/** What a look-up of the snapshot behind a mapping says of it. */
export type FoundSnapshot = Attempt<{ readonly details: SnapshotDetails } | 'missing' | 'outside'>;

/**
 * Whether a device of an image is encrypted, by its mapping and by the own snapshot behind it: either of them saying no
 * is enough. Of a snapshot of another owner, or of none, nothing but the mapping speaks.
 */
export function isMappingEncrypted(mapping: EbsMapping, find: (snapshotId: string) => FoundSnapshot): Attempt<boolean> {
  if (mapping.encrypted === false) return known(false);
  const snapshot = mapping.snapshotId === null ? known('missing' as const) : find(mapping.snapshotId);
  if (!snapshot.known) return snapshot;
  if (typeof snapshot.value === 'object') return isSnapshotEncrypted(snapshot.value.details);
  return mapping.encrypted === null ? { known: false, missing: [leftOut('ec2.image', 'Ebs.Encrypted')] } : known(true);
}

/** By what AWS says of it, in whatever state it is. */
export function isSnapshotEncrypted({ encrypted, sseType }: SnapshotDetails): Attempt<boolean> {
  if (sseType === 'sse-ebs') return known(true);
  return encrypted === null ? { known: false, missing: [leftOut('ebs.snapshot', 'Encrypted')] } : known(encrypted);
}
