import { attemptFacet, type ResourceRecord } from './resources/index.js';

/** What a key costs for being there, calls apart. */
export interface MonthlyCost {
  /** US dollars a month; null: not known. */
  readonly usd: number | null;
  readonly why: string;
}

/** A customer managed key costs a dollar a month, and each of its first two rotations another. */
const perKey = 1;
const rotationsMax = 2;

/**
 * List price of the key itself in the commercial regions. https://aws.amazon.com/kms/pricing/
 * Every replica of a multi-Region key is a key of its own; a key that waits for deletion costs nothing.
 */
export function monthlyCost(record: ResourceRecord<'kms.key'>): MonthlyCost {
  const aliases = attemptFacet(record, 'aliases');
  if (aliases.known && aliases.value.some((alias) => alias.startsWith('alias/aws/')))
    return { usd: 0, why: 'AWS managed keys are free' };
  const metadata = attemptFacet(record, 'metadata');
  if (!metadata.known) return { usd: null, why: 'the key could not be read' };
  const { manager, state } = metadata.value;
  if (manager === 'AWS') return { usd: 0, why: 'AWS managed keys are free' };
  if (state === 'PendingDeletion' || state === 'PendingReplicaDeletion')
    return { usd: 0, why: 'keys that wait for deletion are free' };
  const rotations = attemptFacet(record, 'rotations');
  if (!rotations.known) return { usd: perKey, why: 'the key, without its rotations, which were not read' };
  const rotated = Math.min((rotations.value ?? []).filter(({ rotatedAt }) => rotatedAt !== null).length, rotationsMax);
  return { usd: perKey * (1 + rotated), why: rotated === 0 ? 'the key' : `the key and ${String(rotated)} of its rotations` };
}
