import type { RuleContext } from './rule.js';
import type { Verdict } from './verdict.js';

/** Unknown, because AWS left out a field of the resource, or wrote a value into it that this version does not know. */
export function leftOut(
  field: string,
  { level, unknown }: Pick<RuleContext, 'level' | 'unknown'>,
  written: string | null = null,
): Verdict {
  const reading = level({ by: 'unknown', field, written });
  return unknown(reading.is === 'unknown' ? reading.missing : []);
}
