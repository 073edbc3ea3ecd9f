import { keyUsers } from '#model/key-users.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 'kms/disabled-with-dependants',
  kind: 'kms.key',
  severity: 'high',
  title: 'No resource depends on a disabled key',
  needs: ['metadata'],
  premises: ['metadata'],
  wants: ['aliases'],
  lookups: keyLookup,
  reverse: ['key'],
  docs: {
    why: 'Nothing under a disabled key can be read, restored or started again. What runs on goes on until it is stopped, so the outage comes days or months after the click that caused it.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html',
    waive: 'A key disabled on purpose to see what breaks before it is deleted.',
  },
  messages: {
    inUse: 'The key is disabled and in use by {dependants}.',
    unused: 'The key is disabled, and no resource of the run uses it.',
  },
  states: [
    ['AWS managed key, or KeyState other than Disabled', 'not applicable'],
    ['DescribeKey could not be read', 'unknown'],
    ['A resource of the run uses the key', 'fail'],
    ['No user was found, and a listing that could hold one is not complete', 'unknown'],
    ['No resource uses the key', 'pass'],
  ],
  remediation: ({ arn, region }) => ({
    text: 'Enable the key again, or move what depends on it to another key.',
    cli: `aws kms enable-key --region ${shellQuote(region)} --key-id ${shellQuote(arn)}`,
    terraform: 'resource "aws_kms_key" "this" {\n  is_enabled = true\n}',
  }),
  appliesTo: ({ metadata: { manager, state } }) => {
    if (manager === 'AWS') return 'AWS managed keys cannot be disabled';
    return state === 'Disabled' || `the key is not disabled: its state is ${state}`;
  },
  evaluate: ({ arn, aliases }, { pass, fail, unknown, dependants }) => {
    const users = keyUsers(dependants(arn), aliases);
    const facts = { expected: 'no dependants', evidence: { KeyState: 'Disabled', dependants: users.byKind } };
    if (users.total > 0) return fail('inUse', { ...facts, actual: users.text, data: { dependants: users.text } });
    return users.missing.length > 0 ? unknown(users.missing) : pass('unused', { ...facts, actual: 'none' });
  },
});
