import type { Encryption } from './encryption.js';
import type { Judged } from './judged.js';
import type { ResolvedKey } from './key-graph.js';
import type { RuleContext } from './rule.js';
import type { Verdict } from './verdict.js';

/** Messages of the rules that ask for a customer managed key where the service checks the key on write. */
export const customerManagedMessages = {
  customerManaged: 'The {subject} is encrypted under the customer managed key {key}.',
  inferred:
    'The {subject} is encrypted under {key} of account {account}, which is outside the scope. AWS managed keys cannot be used across accounts, so it is taken to be customer managed.',
  awsManaged: 'The {subject} is encrypted under the AWS managed key {key}; a customer managed key is required.',
  awsOwned: 'The {subject} is encrypted under a key that AWS owns; a customer managed key is required.',
} as const;

export const customerManagedStates = [
  ['Not encrypted', 'not applicable'],
  ['A customer managed key is not required here', 'not applicable'],
  ['Tags that decide whether one is required could not be read', 'unknown'],
  ['A key that AWS owns', 'fail'],
  ['AWS left out the key', 'unknown'],
  ['The key is gone', 'not applicable: see key/exists'],
  ['The key could not be read', 'unknown'],
  ['AWS managed key', 'fail'],
  ['Customer managed key', 'pass'],
  ['Key of an account outside the scope that cannot be described', 'pass, marked inferred'],
] as const;

type Context = Pick<RuleContext<typeof customerManagedMessages>, 'pass' | 'fail' | 'unknown' | 'notApplicable' | 'level' | 'key'>;

/** Whether there is a level to ask for at all: what is not encrypted has a rule of its own. */
export function mayBeCustomerManaged(encryption: Encryption, encryptedRule: string): true | string {
  if (encryption.by === 'not-judged') return encryption.reason;
  return encryption.by !== 'none' || `not encrypted: see ${encryptedRule}`;
}

export function judgeCustomerManaged({ encryption, subject, evidence }: Judged, context: Context): Verdict {
  const { pass, fail, unknown, notApplicable } = context;
  const reading = context.level(encryption);
  if (reading.is === 'unknown') return unknown(reading.missing);
  if (reading.is === 'no-level') return notApplicable(reading.reason);
  if (reading.is === 'key-gone') return notApplicable('the key is gone: see key/exists');
  const facts = { expected: 'customer-managed', actual: reading.level, evidence: { ...evidence, inferred: reading.inferred } };
  if (encryption.by !== 'kms' || encryption.key === null) return fail('awsOwned', { ...facts, data: { subject } });
  const resolved = context.key(encryption.key);
  const data = { subject, key: keyName(resolved) };
  if (reading.level !== 'customer-managed') return fail('awsManaged', { ...facts, data });
  if (resolved.state === 'foreign') return pass('inferred', { ...facts, data: { ...data, account: resolved.account } });
  return pass('customerManaged', { ...facts, data });
}

/** AWS managed keys are known by their alias, others by their ARN. */
export function keyName(resolved: ResolvedKey): string {
  if (resolved.state === 'aws-managed' && resolved.alias !== null) return resolved.alias;
  return resolved.arn ?? 'a key that AWS did not name';
}
