import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { terraformString } from '#model/terraform.js';

export default defineRule({
  id: 'kms/alias-present',
  kind: 'kms.key',
  severity: 'info',
  title: 'Keys have an alias',
  needs: ['metadata', 'aliases'],
  premises: ['metadata'],
  docs: {
    why: 'An alias says what a key is for, where its id says nothing. It is also what an application should name, so that the key behind it can be replaced.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    waive: 'Keys that a product makes and names by their tags or description.',
  },
  messages: {
    named: 'The key has the alias {alias}.',
    nameless: 'The key has no alias.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['KeyState PendingDeletion or PendingReplicaDeletion', 'not applicable'],
    ['DescribeKey or ListAliases could not be read', 'unknown'],
    ['At least one alias', 'pass'],
    ['No alias', 'fail'],
  ],
  remediation: ({ arn, region }) => ({
    text: 'Give the key an alias that says what it protects.',
    cli: `aws kms create-alias --region ${shellQuote(region)} --alias-name alias/NAME --target-key-id ${shellQuote(arn)}`,
    terraform: `resource "aws_kms_alias" "this" {\n  name          = "alias/NAME"\n  target_key_id = ${terraformString(arn)}\n}`,
  }),
  appliesTo: ({ metadata: { manager, state } }) => {
    if (manager === 'AWS') return 'AWS names the keys that it manages';
    return (state !== 'PendingDeletion' && state !== 'PendingReplicaDeletion') || `the key is in state ${state}`;
  },
  evaluate: ({ aliases }, { pass, fail }) => {
    const [alias] = aliases;
    if (alias === undefined) return fail('nameless', { expected: 'an alias', actual: 'none' });
    return pass('named', { data: { alias }, evidence: { aliases } });
  },
});
