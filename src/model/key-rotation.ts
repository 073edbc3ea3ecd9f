import type { Missing } from './attempt.js';
import type { KeyMetadata } from './resources/index.js';
import type { RuleContext } from './rule.js';
import type { Verdict } from './verdict.js';

/**
 * Whether KMS keeps several materials for a key, by itself (AWS_KMS) or on demand (imported material too).
 * A KeySpec or Origin that AWS left out rules nothing out: see `rotatingPrimary`.
 */
export function whyNotRotated(
  { manager, state, spec, origin }: KeyMetadata,
  { imported }: { readonly imported: boolean },
): true | string {
  if (manager === 'AWS') return 'AWS managed keys rotate by themselves';
  if (state !== 'Enabled') return `a key in state ${state} is not rotated`;
  const how = imported ? '' : ' by itself';
  if (spec !== null && spec !== 'SYMMETRIC_DEFAULT') return `a key of spec ${spec} cannot rotate${how}`;
  if (origin === null || origin === 'AWS_KMS' || (imported && origin === 'EXTERNAL')) return true;
  return `key material of origin ${origin} cannot rotate${how}`;
}

type Context = Pick<
  RuleContext<Readonly<Record<string, string>>, { readonly 'kms.key': readonly ['metadata'] }>,
  'find' | 'unknown' | 'notApplicable'
>;

/**
 * A replica rotates with its primary: judged there where the run holds it, else here, and the primary is named.
 * What AWS did not say of the key leaves open whether it rotates at all.
 * https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html#multi-region-rotate
 */
export function rotatingPrimary(
  { spec, origin, multiRegion }: KeyMetadata,
  { find, unknown, notApplicable }: Context,
): { readonly verdict: Verdict } | { readonly verdict: null; readonly primary: string | null } {
  if (spec === null) return { verdict: unknown([keyFieldAbsent('KeySpec')]) };
  if (origin === null) return { verdict: unknown([keyFieldAbsent('Origin')]) };
  const primary = multiRegion?.role === 'REPLICA' ? multiRegion.primaryArn : null;
  if (primary === null) return { verdict: null, primary };
  const found = find('kms.key', primary);
  if (!found.known) return { verdict: unknown(found.missing) };
  if (typeof found.value !== 'object') return { verdict: null, primary };
  return { verdict: notApplicable(`replica: rotation is set at its primary ${primary}, which is in the run`) };
}

/** DescribeKey answered without it. */
export function keyFieldAbsent(field: string): Missing {
  return {
    facet: 'kms.key/metadata',
    operation: 'kms:DescribeKey',
    action: 'kms:DescribeKey',
    code: field,
    cause: 'absent-field',
  };
}

/** For messages of what a replica shows of its primary. */
export function setAtPrimary(primary: string | null): string {
  return primary === null ? '' : `, set at the primary key ${primary}, which is not in the run`;
}
