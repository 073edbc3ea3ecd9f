import { keyName } from '#model/customer-managed.js';
import { keyBearingKinds } from '#model/encryption.js';
import { keyInUse } from '#model/key-in-use.js';
import { withoutItsKey } from '#model/key-loss.js';
import { defineRule, keyLookup } from '#model/rule.js';

export default defineRule({
  id: 'key/exists',
  kind: keyBearingKinds,
  severity: 'critical',
  title: 'The key that a resource is encrypted under exists',
  needs: ['encryption'],
  lookups: keyLookup,
  decidedBy: 'encryption',
  docs: {
    why: 'A deleted key takes everything that was encrypted under it along: nobody, AWS included, can decrypt it again. Buckets are the exception, since S3 stores any key id unchecked: there, new objects cannot be written.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html',
    waive: 'Data that was destroyed on purpose by deleting its key, until the resource itself is removed.',
  },
  messages: {
    awsManaged: 'The AWS managed key {key} cannot be deleted.',
    exists: 'The key {key} exists.',
    gone: 'The key {key} does not exist: {seenBy}.',
  },
  states: [
    ['Unencrypted, or under a key that AWS owns', 'not applicable'],
    ['S3 default `aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    ['Member of a database cluster, volume deleting or deleted, snapshot in error', 'not applicable'],
    ['Key reference absent where AWS always returns one', 'unknown'],
    ['AWS managed key, by alias, alias ARN or as the target of `alias/aws/…`', 'pass, without a call'],
    ['NotFoundException to credentials of the account in the ARN', 'fail'],
    ['Not in the complete ListKeys and ListAliases of its account and region', 'fail'],
    ['Key of an account outside the scope that DescribeKey did not show', 'unknown, naming the account'],
    ['Key or a listing not read', 'unknown'],
    ['Key read, whatever its state', 'pass'],
  ],
  remediation: withoutItsKey,
  evaluate: ({ encryption }, context) => {
    const { pass, fail } = context;
    const inUse = keyInUse(encryption, context);
    if (inUse.verdict !== null) return inUse.verdict;
    const { key } = inUse;
    if (key.state === 'aws-managed') return pass('awsManaged', { data: { key: keyName(key) } });
    if (key.state === 'resolved')
      return pass('exists', { data: { key: key.arn }, evidence: { key: key.arn, KeyState: key.key.metadata.state } });
    const evidence = { key: key.arn, seenBy: key.seenBy };
    return fail('gone', {
      data: { key: key.arn, seenBy: key.seenBy },
      expected: 'a key that exists',
      actual: key.seenBy,
      evidence,
    });
  },
});
