import type { Judged } from './judged.js';
import type { RuleContext } from './rule.js';
import type { Verdict } from './verdict.js';

/** Messages of the rules that ask whether a resource is encrypted at all, under whatever key. */
export const encryptedMessages = {
  plain: 'The {subject} is not encrypted.',
  underKey: 'The {subject} is encrypted under {key}.',
  underUnnamedKey: 'The {subject} is encrypted; AWS does not say under which key.',
  underAwsOwnedKey: 'The {subject} is encrypted under a key that AWS owns ({mode}).',
} as const;

export const encryptedStates = [
  ['A key that AWS owns, whatever the boolean says', 'pass'],
  ['Under a KMS key, whatever its state, also when AWS leaves the key out', 'pass'],
  ['Not encrypted', 'fail'],
  ['AWS left out the field, or wrote a value that this version does not know', 'unknown'],
] as const;

type Context = Pick<RuleContext<typeof encryptedMessages>, 'pass' | 'fail' | 'unknown' | 'notApplicable' | 'level'>;

export function judgeEncrypted(
  { encryption, subject, evidence }: Judged,
  { pass, fail, unknown, notApplicable, level }: Context,
): Verdict {
  // Written out at each place: this is judged most often, and spreading the common facts took longer than all the rest.
  const expected = 'encrypted';
  switch (encryption.by) {
    case 'none':
      return fail('plain', { expected, evidence, data: { subject }, actual: 'not encrypted' });
    case 'aws-owned':
      return pass('underAwsOwnedKey', { expected, evidence, data: { subject, mode: encryption.mode }, actual: 'encrypted' });
    case 'kms':
      if (encryption.key === null) return pass('underUnnamedKey', { expected, evidence, data: { subject }, actual: 'encrypted' });
      return pass('underKey', { expected, evidence, data: { subject, key: encryption.key }, actual: 'encrypted' });
    case 'service':
      return notApplicable(`${encryption.mode}: the key is the service's`);
    case 'not-judged':
      return notApplicable(encryption.reason);
    case 'unknown': {
      const reading = level(encryption);
      return unknown(reading.is === 'unknown' ? reading.missing : []);
    }
  }
}
