import { keyBearingKinds } from '#model/encryption.js';
import { writtenKey } from '#model/key-command.js';
import { keyInUse } from '#model/key-in-use.js';
import { serviceOfKind, uncollected } from '#model/resources/index.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';
import { admits } from '#policy/admits.js';
import { readKeyPolicy } from '#policy/reading.js';
import { listStatements, shownGrants } from '#policy/wording.js';

const expected = 'kms:Decrypt or kms:CreateGrant by the key policy or a grant';

export default defineRule({
  id: 'key/admits-account',
  kind: keyBearingKinds,
  severity: 'high',
  title: 'A key of another account still admits the account of the resource',
  needs: ['encryption'],
  lookups: { 'kms.key': ['metadata', 'aliases', 'policy', 'grants'] },
  decidedBy: 'encryption',
  docs: {
    why: 'A resource under a key of another account lives on what that account allows. Once its key policy no longer admits the account, snapshots cannot be restored and objects not read, and nobody is told until somebody tries.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html',
    waive: 'Data that is meant to be out of reach once the other account has closed its key.',
  },
  messages: {
    admitted: 'The key {key} of account {owner} admits account {account}.',
    conditional: 'The key {key} of account {owner} admits account {account} under conditions, by {statements}.',
    refused:
      'The key {key} of account {owner} no longer admits account {account}: neither its policy nor a grant gives it kms:Decrypt or kms:CreateGrant.',
  },
  states: [
    ['Unencrypted, or under a key that AWS owns', 'not applicable'],
    ['S3 default `aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    ['Member of a database cluster, volume deleting or deleted, snapshot in error', 'not applicable'],
    ['Key reference absent where AWS always returns one', 'unknown'],
    ['Key of an account outside the scope that DescribeKey did not show', 'unknown, naming the account'],
    ['Key not read', 'unknown'],
    ['AWS managed key', 'not applicable'],
    ['Key gone', 'not applicable: see key/exists'],
    ['Key of the own account', 'not applicable'],
    ['Key policy or grants not read, or of a key outside the scope', 'unknown'],
    ['A statement without a condition that cannot be judged here, or a grant, gives kms:Decrypt or kms:CreateGrant', 'pass'],
    ['Only statements with further conditions give it', 'pass, which the message says'],
    ['Neither', 'fail'],
  ],
  remediation: (resource) => {
    const region = shellQuote(resource.region);
    const key = `--region ${region} --key-id "$KEY" --policy-name default`;
    return {
      text: 'Have the account that owns the key admit this one again, or encrypt the resource anew under a key of its own account while it can still be read.',
      cli: `KEY=$(${writtenKey(resource)})\n# With credentials of the account that owns the key:\naws kms get-key-policy ${key} --query Policy --output text > policy.json\n# Edit policy.json, then:\naws kms put-key-policy ${key} --policy file://policy.json`,
      terraform:
        'resource "aws_kms_key_policy" "shared" {\n  key_id = var.key_arn\n  policy = data.aws_iam_policy_document.admits_both_accounts.json\n}',
    };
  },
  evaluate: ({ kind, account, encryption }, context) => {
    const { find, pass, fail, unknown, notApplicable } = context;
    const inUse = keyInUse(encryption, context);
    if (inUse.verdict !== null) return inUse.verdict;
    const { key } = inUse;
    if (key.state === 'aws-managed') return notApplicable('AWS managed keys cannot be used across accounts');
    if (key.state === 'missing') return notApplicable('the key is gone: see key/exists');
    const owner = key.key.account;
    if (owner === account) return notApplicable('the key is of the same account');

    const found = find('kms.key', key.arn);
    if (!found.known) return unknown(found.missing);
    if (typeof found.value !== 'object') return unknown([uncollected('kms.key', 'policy')]);
    const { policy, grants } = found.value;
    const document = readKeyPolicy(policy);
    if (!document.known) return unknown(document.missing);

    const {
      admitted,
      statements,
      grants: giving,
    } = admits(document.value, grants, {
      account,
      actions: ['kms:Decrypt', 'kms:CreateGrant'],
      via: serviceOfKind[kind],
      owner,
      keyArn: key.arn,
    });
    const data = { key: key.arn, owner, account };
    const evidence = { key: key.arn, statements, grants: giving.slice(0, shownGrants) };
    switch (admitted) {
      case 'yes':
        return pass('admitted', { data, expected, evidence });
      case 'conditional':
        return pass('conditional', { data: { ...data, statements: listStatements(statements) }, expected, evidence });
      case 'no':
        return fail('refused', { data, expected, actual: 'neither', evidence });
    }
  },
});
