import { known } from '#model/attempt.js';
import { customerKeyBlock, newDefaultKey } from '#model/bucket-remediation.js';
import { keyName } from '#model/customer-managed.js';
import { directoryBucketKey } from '#model/directory-bucket-remediation.js';
import { encryptionOf } from '#model/encryption.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { logTargetShownBy } from '#policy/log-target.js';

const settings = {
  none: 'has no default encryption rule',
  'aws-owned': 'defaults to SSE-S3, under a key that AWS owns',
  'aws-managed': 'defaults to an AWS managed key',
} as const;

export default defineRule({
  id: 's3/default-encryption-cmk',
  kind: ['s3.bucket', 's3.directory-bucket'],
  severity: 'high',
  title: 'Buckets default to a customer managed key where one is required',
  needs: ['defaultEncryption'],
  premises: ['defaultEncryption'],
  wants: ['policy'],
  lookups: keyLookup,
  reverse: ['logTarget'],
  cmkRequired: 'condition',
  docs: {
    why: 'Only a customer managed key has a policy of its own, can be disabled in an emergency and shows each use in CloudTrail under your control. The default counts for new objects; it proves nothing about older ones.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
    waive:
      'Public websites and data that is published anyway. Log targets that only take SSE-S3 need no waiver: they are recognised.',
  },
  messages: {
    customerManaged: 'New objects are encrypted under the customer managed key {key} by default ({mode}).',
    below: 'A customer managed key is required here, and the bucket {setting}.',
  },
  states: [
    ['A customer managed key is not required here', 'not applicable'],
    ['Tags that decide whether one is required could not be read', 'unknown'],
    ['GetBucketEncryption could not be read', 'unknown'],
    ['`aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    ['The key is gone', 'not applicable: see key/exists'],
    ['Customer managed key, under SSE-KMS or DSSE-KMS', 'pass, whatever writes here'],
    ['Key of an account outside the scope, or not read', 'unknown: S3 stores any key id unchecked'],
    [
      'Another bucket of the account delivers its access logs here, or the policy lets S3 or load balancers do so',
      'not applicable, quoting it',
    ],
    ["The policy or another bucket's logging could not be read", 'unknown'],
    ['Directory bucket under SSE-S3', 'fail: no logs are delivered there'],
    ['SSE-S3, aws:kms without a key, `aws/s3` by ARN or alias, no rule at all', 'fail'],
  ],
  remediation: ({ kind, ...bucket }) =>
    kind === 's3.directory-bucket'
      ? directoryBucketKey({ ...bucket, kind })
      : {
          text: 'Create a customer managed key, let those who use the bucket use it, and make it the default. Copy older objects onto themselves to move them.',
          cli: newDefaultKey({ ...bucket, kind }),
          terraform: customerKeyBlock({ ...bucket, kind }),
        },
  appliesTo: ({ kind, defaultEncryption }) => {
    const encryption = encryptionOf({ kind, defaultEncryption });
    return encryption.by === 'service' ? `${encryption.mode}: the key is the file system's or vault's` : true;
  },
  evaluate: ({ kind, arn, defaultEncryption, policy }, { pass, fail, unknown, notApplicable, level, key, refs }) => {
    const encryption = encryptionOf({ kind, defaultEncryption });
    const reading = level(encryption);
    if (reading.is === 'unknown') return unknown(reading.missing);
    if (reading.is === 'no-level') return notApplicable(reading.reason);
    if (reading.is === 'key-gone') return notApplicable('the key is gone: see key/exists');
    const used = encryption.by === 'kms' && encryption.key !== null ? keyName(key(encryption.key)) : null;
    const evidence = {
      SSEAlgorithm: defaultEncryption?.algorithm ?? null,
      KMSMasterKeyID: defaultEncryption?.keyId ?? null,
      key: used,
    };
    const facts = { expected: 'customer-managed', actual: reading.level, evidence };
    if (reading.level === 'customer-managed')
      return pass('customerManaged', { ...facts, data: { key: used ?? '', mode: 'mode' in encryption ? encryption.mode : '' } });

    // S3 delivers logs to general purpose buckets only.
    const logTarget = kind === 's3.bucket' ? logTargetShownBy(refs('logTarget'), policy, arn) : known(null);
    if (!logTarget.known) return unknown(logTarget.missing);
    if (logTarget.value !== null) return notApplicable(`a log target, for SSE-S3 only: ${logTarget.value}`);
    return fail('below', { ...facts, data: { setting: settings[reading.level] } });
  },
});
