import type { KeyMetadata, MultiRegion } from './resources/index.js';
import type { RuleContext } from './rule.js';
import type { Verdict } from './verdict.js';

/** Whether KMS keeps several materials for a key, by itself (AWS_KMS) or on demand (imported material too). */
export function whyNotRotated(
  { manager, state, spec, origin }: KeyMetadata,
  { imported }: { readonly imported: boolean },
): true | string {
  if (manager === 'AWS') return 'AWS managed keys rotate by themselves';
  if (state !== 'Enabled') return `a key in state ${state} is not rotated`;
  const how = imported ? '' : ' by itself';
  if (spec !== 'SYMMETRIC_DEFAULT') return `a key of spec ${spec ?? 'unknown'} cannot rotate${how}`;
  if (origin === 'AWS_KMS' || (imported && origin === 'EXTERNAL')) return true;
  return `key material of origin ${origin ?? 'unknown'} cannot rotate${how}`;
}

type Context = Pick<
  RuleContext<Readonly<Record<string, string>>, { readonly 'kms.key': readonly ['metadata'] }>,
  'find' | 'unknown' | 'notApplicable'
>;

/**
 * A replica rotates with its primary: judged there where the run holds it, else here, and the primary is named.
 * https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html#multi-region-rotate
 */
export function rotatingPrimary(
  multiRegion: MultiRegion | null,
  { find, unknown, notApplicable }: Context,
): { readonly verdict: Verdict } | { readonly verdict: null; readonly primary: string | null } {
  const primary = multiRegion?.role === 'REPLICA' ? multiRegion.primaryArn : null;
  if (primary === null) return { verdict: null, primary };
  const found = find('kms.key', primary);
  if (!found.known) return { verdict: unknown(found.missing) };
  if (typeof found.value !== 'object') return { verdict: null, primary };
  return { verdict: notApplicable(`replica: rotation is set at its primary ${primary}, which is in the run`) };
}

/** For messages of what a replica shows of its primary. */
export function setAtPrimary(primary: string | null): string {
  return primary === null ? '' : `, set at the primary key ${primary}, which is not in the run`;
}
