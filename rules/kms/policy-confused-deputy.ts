import { z } from 'zod';
import { editKeyPolicy, keyPolicyBlock } from '#model/key-policy-edit.js';
import { defineRule } from '#model/rule.js';
import { terraformString } from '#model/terraform.js';
import { confusedDeputies, serviceAccess } from '#policy/deputy.js';
import { readKeyPolicy } from '#policy/reading.js';
import { listActions, listNames, listStatements } from '#policy/wording.js';

export default defineRule({
  id: 'kms/policy-confused-deputy',
  kind: 'kms.key',
  severity: 'medium',
  title: 'Services may use a key only on behalf of known accounts',
  needs: ['metadata', 'policy'],
  premises: ['metadata'],
  options: z.strictObject({
    exempt: z
      .array(z.string())
      .default([])
      .meta({ description: 'Service principals that send no source, such as dynamodb.amazonaws.com' }),
  }),
  docs: {
    why: 'A service acts for all its customers. Where a key policy lets it use the key without saying for whom, another account can have the service use the key for its own resources.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
    waive:
      'A service that sends neither aws:SourceAccount nor aws:SourceArn with its calls: better name it under the option exempt.',
  },
  messages: {
    bound: 'Every service that the key policy lets use the key is bound to the accounts it acts for.',
    open: 'The key policy lets {services} call {actions} for any account, by {statements}.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or GetKeyPolicy could not be read, or the text is no policy', 'unknown'],
    ['No service principal is allowed, or services are allowed Describe, Get and List only', 'not applicable'],
    ['The service is named under the option exempt', 'pass'],
    ['A binding condition on aws:SourceAccount, aws:SourceArn, aws:SourceOrgID or aws:SourceOrgPaths', 'pass'],
    ['A positive condition on kms:EncryptionContext:KEY with ARNs of fixed accounts', 'pass'],
    ['A Deny of every other source, AWS services not exempted', 'pass'],
    ['An Allow of a cryptographic action or kms:CreateGrant without any of these', 'fail'],
  ],
  remediation: (key) => ({
    text: 'Add a condition on aws:SourceAccount, or better aws:SourceArn, to the statement of the service. A service that sends neither can be exempted.',
    cli: editKeyPolicy(key),
    terraform: keyPolicyBlock(key, [
      ['Effect', '"Allow"'],
      ['Principal', '{ Service = var.service }'],
      ['Action', '["kms:Decrypt", "kms:GenerateDataKey*"]'],
      ['Resource', '"*"'],
      ['Condition', `{ StringEquals = { "aws:SourceAccount" = ${terraformString(key.account)} } }`],
    ]),
  }),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its policy',
  evaluate: ({ arn, policy }, { options, pass, fail, unknown, notApplicable }) => {
    const document = readKeyPolicy(policy);
    if (!document.known) return unknown(document.missing);
    const access = serviceAccess(document.value, arn);
    if (access === 'none') return notApplicable('the key policy allows no service principal');
    if (access === 'read') return notApplicable('services may only read about the key');

    const open = confusedDeputies(document.value, options.exempt, arn);
    if (open.length === 0) return pass('bound');
    const services = listNames(
      open.map(({ service }) => service),
      'services',
    );
    const data = { services, actions: listActions(open.flatMap(({ actions }) => actions)), statements: listStatements(open) };
    const evidence = { statements: open.map((each) => ({ ...each, actions: listActions(each.actions) })) };
    return fail('open', { data, expected: 'a condition that fixes the source', actual: `any account: ${services}`, evidence });
  },
});
