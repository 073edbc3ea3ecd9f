import { useOfKey } from './copy.js';
import { levelTexts } from './level.js';
import type { Judged } from './judged.js';
import type { RuleContext } from './rule.js';
import type { Verdict } from './verdict.js';

/** Messages of the rules on a key beside that of the storage, of which nobody but the rule itself tells whether it works. */
export const sideKeyMessages = {
  keyNotUsable: 'The {subject} is under {key}, which cannot be used: {why}.',
  notCustomerManaged: 'The {subject} is {level}; a customer managed key is required.',
  good: 'The {subject} is {level}.',
} as const;

export const sideKeyStates = [
  ['Its key does not exist, or is not usable', 'fail'],
  ['Its key could not be read, or is of an account outside the scope', 'unknown'],
  ['Under a usable customer managed key', 'pass'],
  ['Tags that decide whether one is required could not be read', 'unknown'],
  ['A customer managed key is required', 'fail'],
  ['Under a key that AWS manages or owns, and none is required', 'pass'],
] as const;

type Context = Pick<RuleContext<typeof sideKeyMessages>, 'pass' | 'fail' | 'unknown' | 'level' | 'key' | 'cmkRequired'>;

export function judgeSideKey({ encryption, subject, evidence }: Judged, context: Context): Verdict {
  const { pass, fail, unknown, cmkRequired } = context;
  const facts = { expected: 'a usable key, customer managed where one is required', evidence };
  const use = useOfKey(encryption, context);
  if (use.usable === false)
    return fail('keyNotUsable', { ...facts, data: { subject, key: use.key, why: use.why }, actual: use.why });
  if (use.usable === null) return unknown(use.missing);
  const reading = context.level(encryption);
  if (reading.is !== 'level') return unknown(reading.is === 'unknown' ? reading.missing : []);
  const level = levelTexts[reading.level];
  const data = { subject, level };
  if (reading.level === 'customer-managed') return pass('good', { ...facts, data, actual: level });
  const required = cmkRequired();
  if (!required.known) return unknown(required.missing);
  if (required.value) return fail('notCustomerManaged', { ...facts, data, actual: level });
  return pass('good', { ...facts, data, actual: level });
}
