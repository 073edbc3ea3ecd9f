import { changeDefaultEncryption, defaultEncryptionBlock } from '#model/bucket-remediation.js';
import { keyName } from '#model/customer-managed.js';
import { encryptionOf, type Encryption } from '#model/encryption.js';
import { defineRule, type RuleContext } from '#model/rule.js';
import { admitsService } from '#policy/reach.js';
import { logTargetShownBy } from '#policy/log-target.js';
import { readKeyPolicy } from '#policy/reading.js';

const deliverer = 'logging.s3.amazonaws.com';
const expected = 'SSE-S3';

export default defineRule({
  id: 's3/log-target-deliverable',
  kind: 's3.bucket',
  severity: 'medium',
  title: 'Buckets that logs are delivered to default to SSE-S3',
  needs: [],
  wants: ['defaultEncryption', 'policy'],
  lookups: { 'kms.key': ['metadata', 'aliases', 'policy'] },
  reverse: ['logTarget'],
  docs: {
    why: 'S3 and load balancers deliver access logs only into buckets that default to SSE-S3. Under a KMS key the delivery fails without a word to anybody, and the gap shows when the logs are needed.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html',
    waive: 'Log delivery that was tried and works, say under a key whose policy admits the log service.',
  },
  messages: {
    deliverable: 'Logs are delivered here, and the default is SSE-S3: {shownBy}.',
    notDeliverable: 'Logs are delivered here, which S3 does under SSE-S3 only, and the bucket {setting}: {shownBy}.',
    admitted:
      'Logs are delivered here, which AWS documents for SSE-S3 only; the bucket defaults to {key}, whose policy admits the log service: {shownBy}.',
  },
  states: [
    ['Nothing shows that logs are delivered here', 'not applicable'],
    ["The policy or another bucket's logging could not be read, and nothing else shows it", 'unknown'],
    ['GetBucketEncryption could not be read, or the rule has no SSEAlgorithm', 'unknown'],
    ['SSE-S3', 'pass'],
    ['A customer managed key whose policy admits logging.s3.amazonaws.com', 'fail, low'],
    ['Any other default, a key that could not be read among them, or none', 'fail'],
  ],
  remediation: (bucket) => ({
    text: 'Make SSE-S3 the default of the bucket, or send the logs to another one.',
    cli: changeDefaultEncryption(
      bucket,
      '.Rules[0].ApplyServerSideEncryptionByDefault = {SSEAlgorithm: "AES256"} | .Rules[0].BucketKeyEnabled = false',
    ),
    terraform: defaultEncryptionBlock(bucket, 'apply_server_side_encryption_by_default {', '  sse_algorithm = "AES256"', '}'),
  }),
  evaluate: ({ kind, arn, defaultEncryption, policy }, context) => {
    const { pass, fail, unknown, notApplicable, refs } = context;
    const target = logTargetShownBy(refs('logTarget'), policy, arn);
    if (!target.known) return unknown(target.missing);
    if (target.value === null) return notApplicable('nothing shows that logs are delivered here');
    if (!defaultEncryption.known) return unknown(defaultEncryption.missing);
    const rule = defaultEncryption.value;
    const encryption = encryptionOf({ kind, defaultEncryption: rule });
    if (rule !== null && rule.algorithm === null) {
      const reading = context.level(encryption);
      return unknown(reading.is === 'unknown' ? reading.missing : []);
    }
    const shownBy = target.value;
    const evidence = { SSEAlgorithm: rule?.algorithm ?? null, KMSMasterKeyID: rule?.keyId ?? null, shownBy };
    const facts = { expected, actual: rule?.algorithm ?? 'no default encryption rule', evidence };
    if (encryption.by === 'aws-owned') return pass('deliverable', { ...facts, data: { shownBy } });
    const key = admittedBy(encryption, context);
    if (key !== null) return fail('admitted', { ...facts, data: { shownBy, key }, severity: 'low' });
    return fail('notDeliverable', { ...facts, data: { shownBy, setting: settingOf(rule?.algorithm, encryption, context) } });
  },
});

type Context = Pick<RuleContext, 'key'>;

/** The customer managed key whose policy lets the log service write; null: none, or not read. */
function admittedBy(encryption: Encryption, { key }: Context): string | null {
  if (encryption.by !== 'kms' || encryption.key === null) return null;
  const resolved = key(encryption.key);
  if (resolved.state !== 'resolved') return null;
  const policy = resolved.key.read('policy');
  const document = policy.known ? readKeyPolicy(policy.value) : policy;
  if (!document.known) return null;
  return admitsService(document.value, deliverer, 'kms:GenerateDataKey', resolved.arn) ? resolved.arn : null;
}

function settingOf(algorithm: string | null | undefined, encryption: Encryption, { key }: Context): string {
  if (encryption.by === 'kms' && encryption.key !== null) return `defaults to ${keyName(key(encryption.key))}`;
  return algorithm === undefined ? 'has no default encryption rule' : `defaults to ${String(algorithm)}`;
}
