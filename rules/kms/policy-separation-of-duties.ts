import { editKeyPolicy, keyPolicyBlock } from '#model/key-policy-edit.js';
import { defineRule } from '#model/rule.js';
import { dualRoles, isDelegatedToIam } from '#policy/duties.js';
import { readKeyPolicy } from '#policy/reading.js';
import { listActions, listNames, listStatements } from '#policy/wording.js';

export default defineRule({
  id: 'kms/policy-separation-of-duties',
  kind: 'kms.key',
  severity: 'medium',
  title: 'No principal of a key policy both administers the key and uses it',
  needs: ['metadata', 'policy'],
  premises: ['metadata'],
  docs: {
    why: 'Whoever can both change or delete a key and decrypt with it needs nobody else to take the data, or to take it away. Two roles, one for each, make that a matter of two people.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html',
    waive: 'A deployment role that has to do both, if it is watched and no person can assume it.',
  },
  messages: {
    separate: 'By the key policy alone, no principal may both administer the key and use it.',
    both: 'By the key policy alone, {principals} may both administer the key ({administer}) and use it ({use}), by {statements}.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or GetKeyPolicy could not be read, or the text is no policy', 'unknown'],
    ["Only the account's own root, or everyone bound to the own account, is allowed", 'not applicable: delegated to IAM'],
    [
      'A principal may call one of PutKeyPolicy, ScheduleKeyDeletion, DisableKey, DisableKeyRotation, DeleteImportedKeyMaterial and one of Decrypt, ReEncryptFrom, GenerateDataKey*, Sign, GenerateMac, DeriveSharedSecret, Decapsulate: over all its Allow statements, conditions ignored, less unconditional Deny',
      'fail',
    ],
    ["Only the account's own root, services or service-linked roles may do both", 'pass'],
    ['Nobody may do both', 'pass'],
  ],
  remediation: (key) => ({
    text: 'Give administration and use of the key to two roles, in two statements. What IAM policies give beside the key policy is not looked at here.',
    cli: editKeyPolicy(key),
    terraform: keyPolicyBlock(
      key,
      [
        ['Effect', '"Allow"'],
        ['Principal', '{ AWS = var.key_administrator_arn }'],
        [
          'Action',
          '["kms:Describe*", "kms:Get*", "kms:List*", "kms:Put*", "kms:Enable*", "kms:Disable*", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"]',
        ],
        ['Resource', '"*"'],
      ],
      [
        ['Effect', '"Allow"'],
        ['Principal', '{ AWS = var.key_user_arn }'],
        ['Action', '["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]'],
        ['Resource', '"*"'],
      ],
    ),
  }),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its policy',
  evaluate: ({ arn, account, policy }, { pass, fail, unknown, notApplicable }) => {
    const document = readKeyPolicy(policy);
    if (!document.known) return unknown(document.missing);
    if (isDelegatedToIam(document.value, account, arn))
      return notApplicable("the key policy allows only the account's own root: who may do what is delegated to IAM");

    const both = dualRoles(document.value, account, arn);
    if (both.length === 0) return pass('separate');
    const principals = listNames(
      both.map(({ principal }) => principal),
      'principals',
    );
    const data = {
      principals,
      administer: listActions(both.flatMap(({ administer }) => administer)),
      use: listActions(both.flatMap(({ use }) => use)),
      statements: listStatements(both.flatMap(({ statements }) => statements)),
    };
    return fail('both', { data, expected: 'two principals', actual: principals, evidence: { principals: both } });
  },
});
