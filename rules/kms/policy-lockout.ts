import { editKeyPolicy, keyPolicyBlock } from '#model/key-policy-edit.js';
import { defineRule } from '#model/rule.js';
import { policyHolders } from '#policy/duties.js';
import { readKeyPolicy } from '#policy/reading.js';
import { listNames } from '#policy/wording.js';

export default defineRule({
  id: 'kms/policy-lockout',
  kind: 'kms.key',
  severity: 'high',
  title: 'Somebody in the account can still change the key policy',
  needs: ['metadata', 'policy'],
  premises: ['metadata'],
  docs: {
    why: 'A key policy is the only door to a key: IAM counts only where the key policy says so. If nobody in the account may call PutKeyPolicy, the key can no longer be managed, and only AWS Support can help.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html',
    waive: 'A key that is frozen on purpose, such as one that only decrypts an archive.',
  },
  messages: {
    held: 'The key policy lets {holders} change it.',
    lockedOut: 'The key policy lets nobody in account {account} change it: no Allow of kms:PutKeyPolicy is left.',
  },
  states: [
    ['AWS managed key', 'not applicable'],
    ['DescribeKey or GetKeyPolicy could not be read, or the text is no policy', 'unknown'],
    ["kms:PutKeyPolicy allowed, under conditions or not, to the account's own root", 'pass'],
    ['… to everyone, unless conditions bind it to other accounts', 'pass'],
    ['… to a principal ARN of the own account', 'pass'],
    ['Only to bare unique ids, services or other accounts, or taken back by an unconditional Deny', 'fail'],
  ],
  remediation: (key) => ({
    text: "Add a statement that allows kms:* to the account's own root. If PutKeyPolicy is refused to everybody, AWS Support has to restore the access: open a case as the root user of the account.",
    cli: editKeyPolicy(key),
    terraform: keyPolicyBlock(key),
  }),
  appliesTo: ({ metadata }) => metadata.manager === 'CUSTOMER' || 'AWS manages this key and its policy',
  evaluate: ({ arn, account, policy }, { pass, fail, unknown }) => {
    const document = readKeyPolicy(policy);
    if (!document.known) return unknown(document.missing);
    const holders = policyHolders(document.value, account, arn);
    const expected = `a principal of account ${account} with kms:PutKeyPolicy`;
    if (holders.length === 0) return fail('lockedOut', { data: { account }, expected, actual: 'nobody' });
    return pass('held', { data: { holders: listNames(holders, 'principals') }, expected });
  },
});
