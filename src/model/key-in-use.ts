import type { Encryption } from './encryption.js';
import { foreignKey, type ResolvedKey } from './key-graph.js';
import type { RuleContext } from './rule.js';
import type { Verdict } from './verdict.js';

/** A key of which it is known whether it is there. */
type SettledKey = Extract<ResolvedKey, { state: 'aws-managed' | 'resolved' | 'missing' }>;

/** The key that a resource is encrypted under, or the verdict of every rule on keys where there is none to judge. */
export function keyInUse(
  encryption: Encryption,
  { key, level, notApplicable, unknown }: Pick<RuleContext, 'key' | 'level' | 'notApplicable' | 'unknown'>,
): { readonly verdict: Verdict } | { readonly verdict: null; readonly key: SettledKey } {
  if (encryption.by === 'none') return { verdict: notApplicable('not encrypted: there is no key') };
  if (encryption.by === 'aws-owned')
    return { verdict: notApplicable(`${encryption.mode}: the key is one that AWS owns and shows nobody`) };
  const reading = level(encryption);
  if (reading.is === 'no-level') return { verdict: notApplicable(reading.reason) };
  if (encryption.by !== 'kms' || encryption.key === null)
    return { verdict: unknown(reading.is === 'unknown' ? reading.missing : []) };
  const resolved = key(encryption.key);
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
