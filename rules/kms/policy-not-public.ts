import { editKeyPolicy, keyPolicyBlock } from '#model/key-policy-edit.js';
import { defineRule } from '#model/rule.js';
import { publicStatements } from '#policy/exposure.js';
import { readKeyPolicy } from '#policy/reading.js';
import { listActions, listStatements } from '#policy/wording.js';

const expected = 'no Allow for everyone without a condition that binds the caller';

export default defineRule({
  id: 'kms/policy-not-public',
  kind: 'kms.key',
  severity: 'critical',
  title: 'Key policies let nobody in without a condition that binds the caller',
  needs: ['metadata', 'policy'],
  premises: ['metadata'],
  docs: {
    why: 'A key policy alone decides who may use a key, across accounts too. A statement for everyone without a binding condition lets any AWS account in the world decrypt, or at least look around.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html',
    waive: 'A key that is public on purpose, such as one whose public half verifies signatures.',
  },
  messages: {
    closed: 'No statement of the key policy lets everyone in.',
    open: 'The key policy lets everyone call {actions}, by {statements}.',
    openToRead: 'The key policy lets everyone read about the key ({actions}), by {statements}.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or GetKeyPolicy could not be read, or the text is no policy', 'unknown'],
    [
      'An Allow of any other kms action for `*`, `{AWS: *}`, a list holding `*` or NotPrincipal, without a binding condition',
      'fail, critical',
    ],
    ['Such an Allow of Describe, Get and List only', 'fail, medium'],
    ['Such an Allow, taken back by a Deny for everyone that exempts only fixed callers', 'pass'],
    ['No such Allow, whatever the state of the key', 'pass'],
  ],
  remediation: (key) => ({
    text: 'Name the principals that need the key, or bind the statement with kms:CallerAccount, aws:PrincipalOrgID or the like.',
    cli: editKeyPolicy(key),
    terraform: keyPolicyBlock(key),
  }),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its policy',
  evaluate: ({ arn, policy }, { pass, fail, unknown }) => {
    const document = readKeyPolicy(policy);
    if (!document.known) return unknown(document.missing);
    const { statements, severity } = publicStatements(document.value, arn);
    if (severity === null) return pass('closed', { expected });

    const data = {
      actions: listActions(statements.flatMap(({ actions }) => actions)),
      statements: listStatements(statements),
    };
    const evidence = {
      statements: statements.map(({ index, sid, actions, conditions }) => ({
        index,
        sid,
        actions: listActions(actions),
        conditions,
      })),
    };
    const facts = { data, expected, actual: `everyone: ${data.actions}`, evidence };
    return severity === 'critical' ? fail('open', facts) : fail('openToRead', { ...facts, severity });
  },
});
