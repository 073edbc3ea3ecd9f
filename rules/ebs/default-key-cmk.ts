import { keyName } from '#model/customer-managed.js';
import { setDefaultKey } from '#model/ebs-defaults.js';
import { defineRule, keyLookup } from '#model/rule.js';

export default defineRule({
  id: 'ebs/default-key-cmk',
  kind: 'ebs.defaults',
  severity: 'medium',
  title: 'EBS encryption by default uses a customer managed key where one is needed',
  needs: ['encryptionByDefault', 'defaultKey'],
  premises: ['encryptionByDefault'],
  lookups: keyLookup,
  cmkRequired: 'condition',
  docs: {
    why: 'Whatever is launched without naming a key gets the default one. As long as that is aws/ebs, every forgotten parameter makes a volume whose key nobody can close, share or throw away.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
    waive: 'A region in which every launch names its key, and a policy sees to it.',
  },
  messages: {
    customerManaged: 'New volumes in {region} are by default encrypted under the customer managed key {key}.',
    inferred:
      'New volumes in {region} are by default encrypted under {key} of account {account}, which is outside the scope. AWS managed keys cannot be used across accounts, so it is taken to be customer managed.',
    awsManaged:
      'New volumes in {region} are by default encrypted under the AWS managed key {key}; a customer managed key is required.',
  },
  states: [
    ['A customer managed key is not required here', 'not applicable'],
    ['Encryption by default is off', 'not applicable: see ebs/default-encryption'],
    ['The key is gone', 'not applicable: see key/exists'],
    ['The key could not be read', 'unknown'],
    ['AWS managed key', 'fail'],
    ['Customer managed key', 'pass'],
    ['Key of an account outside the scope that cannot be described', 'pass, marked inferred'],
  ],
  remediation: setDefaultKey,
  appliesTo: ({ encryptionByDefault }) => encryptionByDefault || 'encryption by default is off: see ebs/default-encryption',
  evaluate: ({ defaultKey, region }, { pass, fail, unknown, notApplicable, key }) => {
    const resolved = key(defaultKey);
    const data = { region, key: keyName(resolved) };
    const evidence = { KmsKeyId: defaultKey, inferred: resolved.state === 'foreign' };
    const facts = { expected: 'customer-managed', evidence };
    switch (resolved.state) {
      case 'unread':
        return unknown(resolved.missing);
      case 'missing':
        return notApplicable('the key is gone: see key/exists');
      case 'aws-managed':
        return fail('awsManaged', { ...facts, data, actual: 'aws-managed' });
      case 'foreign':
        return pass('inferred', { ...facts, data: { ...data, account: resolved.account }, actual: 'customer-managed' });
      case 'resolved':
        return pass('customerManaged', { ...facts, data, actual: 'customer-managed' });
    }
  },
});
