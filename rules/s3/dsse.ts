import { z } from 'zod';
import { Selector } from '#model/baseline.js';
import { changeDefaultEncryption, defaultEncryptionBlock } from '#model/bucket-remediation.js';
import { encryptionOf } from '#model/encryption.js';
import { defineRule } from '#model/rule.js';

const expected = 'aws:kms:dsse';

export default defineRule({
  id: 's3/dsse',
  kind: 's3.bucket',
  severity: 'medium',
  title: 'Buckets default to two layers of encryption where these are required',
  needs: [],
  wants: ['defaultEncryption', 'tags'],
  options: z.strictObject({
    dsseRequired: z
      .array(Selector)
      .default([])
      .meta({ description: 'Selectors of the buckets that must default to aws:kms:dsse; none means no bucket' }),
  }),
  configured: ({ dsseRequired }) => dsseRequired.length > 0,
  docs: {
    why: 'Some rules for national security systems ask for two independent layers of encryption, which S3 does under aws:kms:dsse. It costs more than SSE-KMS and has no bucket key, so it is asked only of the buckets that a baseline names.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingDSSEncryption.html',
    waive: 'A bucket whose objects are encrypted by the client before they are uploaded.',
  },
  messages: {
    dsse: 'Two layers of encryption are required here, and the default is aws:kms:dsse.',
    other: 'Two layers of encryption are required here (aws:kms:dsse), and the default is {algorithm}.',
    none: 'Two layers of encryption are required here (aws:kms:dsse), and the bucket has no default encryption rule.',
  },
  states: [
    ['No selector in dsseRequired matches, or there is none', 'not applicable'],
    ['Tags that decide whether one matches could not be read', 'unknown'],
    ['GetBucketEncryption could not be read, or the rule has no SSEAlgorithm', 'unknown'],
    ['aws:kms:dsse, whosever key it is', 'pass'],
    ['Any other algorithm, or no default encryption rule', 'fail'],
  ],
  remediation: (bucket) => ({
    text: 'Make aws:kms:dsse the default, under the key there is. It has no bucket key, and counts for new objects only.',
    cli: changeDefaultEncryption(
      bucket,
      '.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm = "aws:kms:dsse" | .Rules[0].BucketKeyEnabled = false',
    ),
    terraform: defaultEncryptionBlock(
      bucket,
      'apply_server_side_encryption_by_default {',
      '  sse_algorithm     = "aws:kms:dsse"',
      '  kms_master_key_id = aws_kms_key.this.arn',
      '}',
    ),
  }),
  evaluate: ({ kind, defaultEncryption }, { pass, fail, unknown, notApplicable, matches, options, level }) => {
    const required = matches(options.dsseRequired);
    if (!required.known) return unknown(required.missing);
    if (!required.value) return notApplicable('two layers of encryption are not required here');
    if (!defaultEncryption.known) return unknown(defaultEncryption.missing);
    const rule = defaultEncryption.value;
    if (rule === null) return fail('none', { expected, actual: 'no default encryption rule' });
    const { algorithm } = rule;
    if (algorithm === null) {
      const reading = level(encryptionOf({ kind, defaultEncryption: rule }));
      return unknown(reading.is === 'unknown' ? reading.missing : []);
    }
    const evidence = { SSEAlgorithm: algorithm };
    if (algorithm === expected) return pass('dsse', { expected, actual: algorithm, evidence });
    return fail('other', { data: { algorithm }, expected, actual: algorithm, evidence });
  },
});
