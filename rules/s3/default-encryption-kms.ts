import { changeDefaultEncryption, defaultEncryptionBlock } from '#model/bucket-remediation.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 's3/default-encryption-kms',
  kind: 's3.bucket',
  severity: 'low',
  title: 'Buckets default to a KMS key',
  recommended: false,
  needs: ['encryption'],
  docs: {
    why: 'Under a KMS key, be it one that AWS manages, who may read needs the key as well as the object, and CloudTrail records each use. Some frameworks ask for this much; s3/default-encryption-cmk asks for more. The default counts for new objects only.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
    waive: 'Public websites, log targets that only take SSE-S3, and data that no framework asks it of.',
  },
  messages: {
    kms: 'New objects are encrypted under a KMS key by default ({mode}). This proves nothing about older objects.',
    sseS3: 'The bucket defaults to SSE-S3, under a key that AWS owns.',
    none: 'The bucket has no default encryption rule.',
  },
  states: [
    ['No default encryption rule', 'fail'],
    ['SSE-S3', 'fail'],
    ['`aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    ['A rule without SSEAlgorithm, or with one that this version does not know', 'unknown'],
    ['`aws:kms` or `aws:kms:dsse`, whosever key it is, also without one', 'pass'],
    ['GetBucketEncryption could not be read', 'unknown'],
  ],
  remediation: (bucket) => ({
    text: 'Make SSE-KMS the default: without a key id it means the AWS managed key aws/s3, which other accounts cannot use. Name a customer managed key where there is one.',
    cli: changeDefaultEncryption(
      bucket,
      '.Rules[0].ApplyServerSideEncryptionByDefault = {SSEAlgorithm: "aws:kms"} | .Rules[0].BucketKeyEnabled = true',
    ),
    terraform: defaultEncryptionBlock(
      bucket,
      'bucket_key_enabled = true',
      'apply_server_side_encryption_by_default {',
      '  sse_algorithm = "aws:kms"',
      '}',
    ),
  }),
  evaluate: ({ encryption }, { pass, fail, unknown, notApplicable, level }) => {
    const expected = 'a KMS key';
    switch (encryption.by) {
      case 'kms':
        return pass('kms', { data: { mode: encryption.mode }, expected, actual: encryption.mode });
      case 'none':
        return fail('none', { expected, actual: 'none' });
      case 'aws-owned':
        return fail('sseS3', { expected, actual: encryption.mode });
      case 'service':
      case 'not-judged':
      case 'unknown': {
        const reading = level(encryption);
        return reading.is === 'no-level'
          ? notApplicable(reading.reason)
          : unknown(reading.is === 'unknown' ? reading.missing : []);
      }
    }
  },
});
