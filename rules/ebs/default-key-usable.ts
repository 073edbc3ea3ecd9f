import { keyName } from '#model/customer-managed.js';
import { setDefaultKey } from '#model/ebs-defaults.js';
import { foreignKey, usability } from '#model/key-graph.js';
import { defineRule, keyLookup } from '#model/rule.js';

const expected = 'alias/aws/ebs, or a symmetric key in state Enabled or Updating';

export default defineRule({
  id: 'ebs/default-key-usable',
  kind: 'ebs.defaults',
  severity: 'critical',
  title: 'The key of EBS encryption by default can be used',
  needs: ['encryptionByDefault', 'defaultKey'],
  premises: ['encryptionByDefault'],
  lookups: keyLookup,
  docs: {
    why: 'With encryption by default on, every volume that names no key is made under the default one. If that key is disabled or gone, no instance starts in the region: not from a template, not by a scaling group, not to replace one that failed.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
    waive: 'A region in which nothing may be launched, closed on purpose by way of its key.',
  },
  messages: {
    awsManaged: 'The default key of EBS in {region}, {key}, is an AWS managed key: it can be neither disabled nor deleted.',
    usable: 'The default key of EBS in {region}, {key}, can be used.',
    notUsable: 'The default key of EBS in {region}, {key}, cannot be used: {why}. Every launch that names no other key fails.',
    gone: 'The default key of EBS in {region}, {key}, does not exist. Every launch that names no other key fails.',
  },
  states: [
    ['Encryption by default is off', 'not applicable'],
    ['AWS managed key, as `alias/aws/ebs` or by ARN', 'pass, without a call'],
    ['Key gone', 'fail'],
    ['Key of an account outside the scope that DescribeKey did not show', 'unknown, naming the account'],
    ['Key not read', 'unknown'],
    ['KeyState PendingDeletion, PendingReplicaDeletion, Disabled, PendingImport or Unavailable', 'fail'],
    ['KeySpec other than SYMMETRIC_DEFAULT', 'fail'],
    ['KeyState Creating or one that this version does not know, KeySpec absent', 'unknown'],
    ['KeyState Enabled or Updating', 'pass'],
  ],
  remediation: (defaults) => {
    const { cli, terraform } = setDefaultKey(defaults);
    const text =
      'Make a usable customer managed key of the region the default, or make this one usable again: cancel its deletion, enable it, import its material. What exists keeps its key.';
    return { text, cli, terraform };
  },
  appliesTo: ({ encryptionByDefault }) => encryptionByDefault || 'encryption by default is off',
  evaluate: ({ defaultKey, region }, { pass, fail, unknown, key }) => {
    const resolved = key(defaultKey);
    const data = { region, key: keyName(resolved) };
    switch (resolved.state) {
      case 'unread':
        return unknown(resolved.missing);
      case 'foreign':
        return unknown([foreignKey(resolved)]);
      case 'missing':
        return fail('gone', { data, expected, actual: 'does not exist', evidence: { KmsKeyId: defaultKey } });
      case 'aws-managed':
        return pass('awsManaged', { data, expected, actual: data.key, evidence: { KmsKeyId: defaultKey } });
      case 'resolved': {
        const { state, spec } = resolved.key.metadata;
        const evidence = { KmsKeyId: defaultKey, KeyState: state, KeySpec: spec };
        const use = usability(resolved.key.metadata);
        if (use.usable === null) return unknown([use.missing]);
        if (use.usable) return pass('usable', { data, expected, actual: state, evidence });
        return fail('notUsable', { data: { ...data, why: use.why }, expected, actual: use.why, evidence });
      }
    }
  },
});
