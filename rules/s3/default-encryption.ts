import { defaultEncryptionBlock } from '#model/bucket-remediation.js';
import { defineRule } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

export default defineRule({
  id: 's3/default-encryption',
  kind: 's3.bucket',
  severity: 'high',
  title: 'Buckets have a default encryption rule',
  needs: ['encryption'],
  docs: {
    why: 'S3 encrypts every new object by the default rule of its bucket. Since January 2023 every bucket has one, so this rule passes nearly always; it is here because older frameworks ask for it. It says nothing about objects that were written before.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html',
    waive: 'There is no good reason to waive it: the default costs nothing.',
  },
  messages: {
    encrypted: 'New objects are encrypted by default ({mode}). This proves nothing about older objects.',
    none: 'The bucket has no default encryption rule.',
  },
  states: [
    ['ServerSideEncryptionConfigurationNotFoundError, or no rule in the answer', 'fail'],
    ['A rule without SSEAlgorithm', 'unknown'],
    ['Any algorithm, one that this version does not know too', 'pass'],
    ['GetBucketEncryption could not be read', 'unknown'],
  ],
  remediation: (bucket) => ({
    text: 'Give the bucket a default encryption rule; SSE-S3 needs no key and costs nothing.',
    cli: `aws s3api put-bucket-encryption --region ${shellQuote(bucket.region)} --bucket ${shellQuote(bucket.name)} --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'`,
    terraform: defaultEncryptionBlock(bucket, 'apply_server_side_encryption_by_default {', '  sse_algorithm = "AES256"', '}'),
  }),
  evaluate: ({ encryption }, { pass, fail, unknown, level }) => {
    if (encryption.by === 'none') return fail('none', { expected: 'a default encryption rule', actual: 'none' });
    const mode = encryption.by === 'unknown' ? encryption.written : 'mode' in encryption ? encryption.mode : null;
    if (mode !== null) return pass('encrypted', { data: { mode }, actual: mode, evidence: { mode } });
    const reading = level(encryption);
    return unknown(reading.is === 'unknown' ? reading.missing : []);
  },
});
