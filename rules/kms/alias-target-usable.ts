import { foreignKey, usability } from '#model/key-graph.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

export default defineRule({
  id: 'kms/alias-target-usable',
  kind: 'kms.alias',
  severity: 'medium',
  title: 'Aliases lead to keys that can be used',
  needs: ['details'],
  lookups: keyLookup,
  docs: {
    why: 'Applications know a key by its alias. When the key behind it is disabled or on its way out, they fail at their next call, and nothing in their configuration shows why.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    waive: 'An alias that nothing calls any more, kept to tell which key it was.',
  },
  messages: {
    usable: 'The alias leads to the key {key}, which can be used.',
    notUsable: 'The alias leads to the key {key}, which cannot be used: {why}.',
    gone: 'The alias leads to the key {key}, which does not exist: {seenBy}.',
  },
  states: [
    ['`alias/aws/…`', 'not applicable'],
    ['AWS left out the target, or the target or the list of keys could not be read', 'unknown'],
    ['The target is not in the complete ListKeys', 'fail'],
    ['An AWS managed key', 'not applicable'],
    ['KeyState Disabled, PendingDeletion, PendingReplicaDeletion, PendingImport or Unavailable', 'fail'],
    ['KeyState Creating or one that this version does not know', 'unknown'],
    ['KeyState Enabled or Updating; asymmetric and HMAC keys do what they were made for', 'pass'],
  ],
  remediation: ({ region, name }) => ({
    text: 'Point the alias at a key that can be used, or enable the key behind it.',
    cli: `aws kms update-alias --region ${shellQuote(region)} --alias-name ${shellQuote(name)} --target-key-id "\${KEY:?the key to use}"`,
    terraform: `resource "aws_kms_alias" "this" {\n  name          = ${terraformString(name)}\n  target_key_id = aws_kms_key.this.key_id\n}`,
  }),
  appliesTo: ({ name }) => !name.startsWith('alias/aws/') || 'an alias of AWS, for a key that AWS manages',
  evaluate: ({ details: { target } }, { key, pass, fail, unknown, notApplicable }) => {
    if (target === null) return unknown([targetAbsent]);
    const resolved = key(target);
    const expected = 'a key that can be used';
    switch (resolved.state) {
      case 'unread':
        return unknown(resolved.missing);
      case 'foreign':
        return unknown([foreignKey(resolved)]);
      case 'aws-managed':
        return notApplicable('leads to a key that AWS manages');
      case 'missing': {
        const { arn, seenBy } = resolved;
        return fail('gone', { expected, actual: seenBy, data: { key: arn, seenBy }, evidence: { key: arn, seenBy } });
      }
      case 'resolved': {
        const { arn, metadata } = resolved.key;
        // Whether a key is of the type that storage needs is asked where storage is under it.
        const use = usability(metadata, 'SYMMETRIC_DEFAULT');
        if (use.usable === null) return unknown([use.missing]);
        const evidence = { key: arn, KeyState: metadata.state };
        if (use.usable) return pass('usable', { expected, actual: metadata.state, data: { key: arn }, evidence });
        return fail('notUsable', { expected, actual: use.why, data: { key: arn, why: use.why }, evidence });
      }
    }
  },
});

const targetAbsent = {
  facet: 'kms.alias/details',
  operation: 'kms:ListAliases',
  action: 'kms:ListAliases',
  code: 'TargetKeyId',
  cause: 'absent-field',
} as const;
