import { keyBearingKinds } from '#model/encryption.js';
import { keyName } from '#model/customer-managed.js';
import { usability } from '#model/key-graph.js';
import { keyCommand } from '#model/key-command.js';
import { keyInUse } from '#model/key-in-use.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

const expected = 'a symmetric key in state Enabled or Updating';

export default defineRule({
  id: 'key/usable',
  kind: keyBearingKinds,
  severity: 'high',
  title: 'The key that a resource is encrypted under can be used',
  needs: ['encryption'],
  lookups: keyLookup,
  decidedBy: 'encryption',
  docs: {
    why: 'Encrypted data is only as available as its key. While the key is disabled, waits for deletion or has no key material, the data cannot be read, restored or copied, and nothing new can be written under it.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html',
    waive: 'Data that is meant to be out of reach: a key disabled on purpose before its data is thrown away.',
  },
  messages: {
    awsManaged: 'The AWS managed key {key} can be neither disabled nor deleted.',
    usable: 'The key {key} can be used.',
    notUsable: 'The key {key} cannot be used: {why}.',
    attached:
      'The key {key} cannot be used: {why}. I/O goes on until the volume is detached or {instances} stops; then it cannot be attached again.',
  },
  states: [
    ['Unencrypted, or under a key that AWS owns', 'not applicable'],
    ['S3 default `aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    ['Member of a database cluster, volume deleting or deleted, snapshot in error', 'not applicable'],
    ['Key reference absent where AWS always returns one', 'unknown'],
    ['AWS managed key, by alias, alias ARN or as the target of `alias/aws/…`', 'pass, without a call'],
    ['Key gone', 'not applicable: see key/exists'],
    ['Key of an account outside the scope that DescribeKey did not show', 'unknown, naming the account'],
    ['Key not read', 'unknown'],
    ['KeyState PendingDeletion or PendingReplicaDeletion', 'fail, critical'],
    ['KeyState Disabled, PendingImport or Unavailable', 'fail'],
    ['KeySpec other than SYMMETRIC_DEFAULT', 'fail: S3 stores any key id unchecked'],
    ['KeyState Creating or one that this version does not know, KeySpec absent', 'unknown'],
    ['KeyState Enabled or Updating', 'pass'],
  ],
  remediation: (resource) => {
    const region = shellQuote(resource.region);
    return {
      text: 'Cancel the deletion of the key if it has one, then enable the key. A key that lacks its material needs the same material imported again; one of the wrong type has to be replaced.',
      cli: `${keyCommand(resource)}\n# Only in state PendingDeletion:\naws kms cancel-key-deletion --region ${region} --key-id "$KEY"\naws kms enable-key --region ${region} --key-id "$KEY"`,
      terraform:
        'resource "aws_kms_key" "this" {\n  is_enabled               = true\n  customer_master_key_spec = "SYMMETRIC_DEFAULT"\n}',
    };
  },
  evaluate: ({ encryption }, context) => {
    const { pass, fail, unknown, notApplicable } = context;
    const inUse = keyInUse(encryption, context);
    if (inUse.verdict !== null) return inUse.verdict;
    const { key } = inUse;
    if (key.state === 'missing') return notApplicable('the key is gone: see key/exists');
    if (key.state === 'aws-managed') return pass('awsManaged', { data: { key: keyName(key) } });

    const { state, spec } = key.key.metadata;
    const evidence = { key: key.arn, KeyState: state, KeySpec: spec };
    const reading = usability(key.key.metadata);
    if (reading.usable === null) return unknown([reading.missing]);
    if (reading.usable) return pass('usable', { data: { key: key.arn }, expected, actual: state, evidence });

    const data = { key: key.arn, why: reading.why };
    const facts = {
      expected,
      actual: reading.why,
      evidence,
      ...(reading.pendingDeletion ? { severity: 'critical' as const } : {}),
    };
    const attachedTo = encryption.by === 'kms' ? (encryption.attachedTo ?? []) : [];
    if (attachedTo.length > 0) return fail('attached', { ...facts, data: { ...data, instances: attachedTo.join(', ') } });
    return fail('notUsable', { ...facts, data });
  },
});
