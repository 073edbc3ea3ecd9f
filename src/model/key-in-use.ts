import type { Encryption } from './encryption.js';
import { foreignKey, type ResolvedKey } from './key-graph.js';
import type { RuleContext } from './rule.js';
import type { Verdict } from './verdict.js';

/** A key of which it is known whether it is there. */
type SettledKey = Extract<ResolvedKey, { state: 'aws-managed' | 'resolved' | 'missing' }>;

type Context = Pick<RuleContext, 'key' | 'level' | 'notApplicable' | 'unknown'>;

/** The key reference of a resource as the service wrote it, or the verdict where there is none to judge. */
export function writtenKey(
  encryption: Encryption,
  { level, notApplicable, unknown }: Context,
): { readonly verdict: Verdict } | { readonly verdict: null; readonly written: string } {
  if (encryption.by === 'none') return { verdict: notApplicable('not encrypted: there is no key') };
  if (encryption.by === 'aws-owned')
    return { verdict: notApplicable(`${encryption.mode}: the key is one that AWS owns and shows nobody`) };
  if (encryption.by === 'kms' && encryption.key !== null) return { verdict: null, written: encryption.key };
  const reading = level(encryption);
  if (reading.is === 'no-level') return { verdict: notApplicable(reading.reason) };
  return { verdict: unknown(reading.is === 'unknown' ? reading.missing : []) };
}

/** The key that a resource is encrypted under, or the verdict of every rule on keys where there is none to judge. */
export function keyInUse(
  encryption: Encryption,
  context: Context,
): { readonly verdict: Verdict } | { readonly verdict: null; readonly key: SettledKey } {
  const reference = writtenKey(encryption, context);
  if (reference.verdict !== null) return reference;
  const { key, unknown } = context;
  const resolved = key(reference.written);
  switch (resolved.state) {
    case 'unread':
      return { verdict: unknown(resolved.missing) };
    case 'foreign':
      return { verdict: unknown([foreignKey(resolved)]) };
    case 'aws-managed':
    case 'resolved':
    case 'missing':
      return { verdict: null, key: resolved };
  }
}
