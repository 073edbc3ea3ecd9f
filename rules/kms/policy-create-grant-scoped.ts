import { editKeyPolicy, keyPolicyBlock } from '#model/key-policy-edit.js';
import { defineRule } from '#model/rule.js';
import { grantCreators } from '#policy/duties.js';
import { readKeyPolicy } from '#policy/reading.js';
import { listNames, listStatements } from '#policy/wording.js';

export default defineRule({
  id: 'kms/policy-create-grant-scoped',
  kind: 'kms.key',
  severity: 'low',
  title: 'Key policies limit which grants may be created',
  needs: ['metadata', 'policy'],
  premises: ['metadata'],
  docs: {
    why: 'A grant gives the use of a key to anybody, in other accounts too, without a change to the key policy. Whoever may create grants without limits may let in whom they like.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/grants.html',
    waive: 'An administrator that manages grants by hand.',
  },
  messages: {
    scoped: 'Whoever the key policy lets create grants is limited in which.',
    unscoped: 'The key policy lets {principals} create any grant, by {statements}.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or GetKeyPolicy could not be read, or the text is no policy', 'unknown'],
    ["kms:CreateGrant allowed to nobody but the account's own root and services", 'not applicable'],
    [
      'Allowed to another without a condition on kms:GrantIsForAWSResource = true, kms:GranteePrincipal, kms:GrantOperations or kms:GrantConstraintType',
      'fail',
    ],
    ['Every such Allow has one of these', 'pass'],
  ],
  remediation: (key) => ({
    text: 'Add the condition kms:GrantIsForAWSResource = true, which lets EBS, RDS and other services create the grants they need, or limit the grantees, operations or constraints.',
    cli: editKeyPolicy(key),
    terraform: keyPolicyBlock(key, [
      ['Effect', '"Allow"'],
      ['Principal', '{ AWS = var.key_user_arn }'],
      ['Action', '["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]'],
      ['Resource', '"*"'],
      ['Condition', '{ Bool = { "kms:GrantIsForAWSResource" = "true" } }'],
    ]),
  }),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its policy',
  evaluate: ({ arn, account, policy }, { pass, fail, unknown, notApplicable }) => {
    const document = readKeyPolicy(policy);
    if (!document.known) return unknown(document.missing);
    const creators = grantCreators(document.value, account, arn);
    if (creators.length === 0)
      return notApplicable("the key policy lets nobody but the account's own root and services create grants");

    const unscoped = creators.filter(({ scoped }) => !scoped);
    if (unscoped.length === 0) return pass('scoped');
    const principals = listNames(
      unscoped.map(({ principal }) => principal),
      'principals',
    );
    return fail('unscoped', {
      data: { principals, statements: listStatements(unscoped) },
      expected: 'a condition that limits the grants',
      actual: `any grant: ${principals}`,
      evidence: { statements: unscoped },
    });
  },
});
