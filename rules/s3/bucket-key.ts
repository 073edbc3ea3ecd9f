import { changeDefaultEncryption, customerKeyBlock } from '#model/bucket-remediation.js';
import { encryptionOf } from '#model/encryption.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 's3/bucket-key',
  kind: 's3.bucket',
  severity: 'low',
  title: 'Buckets under SSE-KMS use a bucket key',
  needs: ['defaultEncryption'],
  docs: {
    why: 'Without a bucket key S3 calls KMS for every object it writes or reads. A bucket key cuts these calls, their cost and the load on the KMS quota of the account by up to 99 %.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html',
    waive:
      'Policies, grants or audits that rely on an encryption context per object: with a bucket key the context is the bucket.',
  },
  messages: {
    on: 'The default SSE-KMS encryption uses a bucket key.',
    off: 'The default SSE-KMS encryption does without a bucket key: every object costs calls to KMS.',
  },
  states: [
    ['No default encryption rule', 'not applicable'],
    ['A rule without SSEAlgorithm', 'unknown'],
    ['An algorithm other than aws:kms: AES256, aws:kms:dsse (which has no bucket key), aws:fsx, aws:backup', 'not applicable'],
    ['BucketKeyEnabled true', 'pass'],
    ['BucketKeyEnabled false or absent, whosever key it is', 'fail'],
    ['GetBucketEncryption could not be read', 'unknown'],
  ],
  remediation: (bucket) => ({
    text: 'Turn the bucket key on. It counts for new objects only; copy older ones onto themselves to move them too.',
    cli: changeDefaultEncryption(bucket, '.Rules[0].BucketKeyEnabled = true'),
    terraform: customerKeyBlock(bucket),
  }),
  evaluate: ({ kind, defaultEncryption }, { pass, fail, unknown, notApplicable, level }) => {
    if (defaultEncryption === null) return notApplicable('no default encryption rule: see s3/default-encryption');
    const { algorithm, bucketKey } = defaultEncryption;
    const encryption = encryptionOf({ kind, defaultEncryption });
    if (algorithm === null || encryption.by === 'service') {
      const reading = level(encryption);
      return reading.is === 'no-level' ? notApplicable(reading.reason) : unknown(reading.is === 'unknown' ? reading.missing : []);
    }
    if (algorithm !== 'aws:kms') return notApplicable(`${algorithm} has no bucket key`);
    const facts = {
      expected: 'on',
      actual: bucketKey ? 'on' : 'off',
      evidence: { SSEAlgorithm: algorithm, BucketKeyEnabled: bucketKey },
    };
    return bucketKey ? pass('on', facts) : fail('off', facts);
  },
});
