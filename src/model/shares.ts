import type { Missing } from './attempt.js';
import type { RuleContext } from './rule.js';
import type { Party } from './trust.js';
import type { Evidence, Verdict } from './verdict.js';

/** Somebody a snapshot or image is shared with: whose trust decides, and the name by which AWS wrote it. */
export interface Share {
  readonly party: Party;
  readonly name: string;
}

export const shareMessages = {
  trusted: 'The {subject} is shared with {parties}. Trusted are {trusted}.',
  untrusted: 'The {subject} is shared with {parties}. Trusted are only {trusted}.',
} as const;

export const shareStates = [
  ['Shared with somebody who is not trusted', 'fail'],
  ['The accounts of the organisation that could hold one of them, or its id, were not read', 'unknown'],
  ['Shared with trusted ones only', 'pass'],
] as const;

type Context = Pick<RuleContext<typeof shareMessages>, 'pass' | 'fail' | 'unknown' | 'trusts' | 'trusted'>;

/** One who is known not to be trusted decides, whoever else could not be judged. */
export function judgeShares(
  shares: readonly Share[],
  { subject, evidence }: { readonly subject: string; readonly evidence: Evidence },
  { pass, fail, unknown, trusts, trusted }: Context,
): Verdict {
  const strangers: string[] = [];
  const missing: Missing[] = [];
  for (const { party, name } of shares) {
    const trust = trusts(party);
    if (!trust.known) missing.push(...trust.missing);
    else if (!trust.value) strangers.push(name);
  }
  const expected = 'shared with trusted accounts only';
  if (strangers.length > 0) {
    const parties = enumerated(strangers);
    return fail('untrusted', { data: { subject, parties, trusted }, expected, actual: `shared with ${parties}`, evidence });
  }
  // The same listing is missing for each of them.
  if (missing.length > 0) return unknown([...new Set(missing)]);
  const parties = enumerated(shares.map(({ name }) => name));
  return pass('trusted', { data: { subject, parties, trusted }, expected, actual: `shared with ${parties}`, evidence });
}

const named = 5;

/** A snapshot can be shared with thousands. */
function enumerated(names: readonly string[]): string {
  const first = names.slice(0, named).join(', ');
  return names.length > named ? `${first} and ${String(names.length - named)} more` : first;
}
