import { changeDefaultEncryption, defaultEncryptionBlock } from '#model/bucket-remediation.js';
import { defineRule } from '#model/rule.js';
import { deniesCustomerKeys } from '#policy/bucket.js';
import { readPolicy, statementName } from '#policy/reading.js';

export default defineRule({
  id: 's3/sse-c-blocked',
  kind: 's3.bucket',
  severity: 'medium',
  title: 'Buckets refuse objects under keys that the caller provides',
  needs: [],
  wants: ['defaultEncryption', 'policy'],
  docs: {
    why: 'Under SSE-C the caller brings the key and AWS keeps none of it: whoever holds a stolen credential can rewrite every object under a key of his own and ask for ransom. Since April 2026 new buckets refuse SSE-C by default.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html',
    waive:
      'An application that keeps its own keys outside AWS, or a resource control policy that denies SSE-C across the organisation.',
  },
  messages: {
    blocked: 'The default encryption rule blocks SSE-C.',
    denied: 'The bucket policy denies uploads under SSE-C, by {statement}.',
    notBlocked:
      'SSE-C is not blocked: BlockedEncryptionTypes is absent, and no statement of the bucket policy denies it to everyone. Resource control policies are not read.',
    allowed:
      'SSE-C is not blocked: BlockedEncryptionTypes says {blocked}, and no statement of the bucket policy denies it to everyone. Resource control policies are not read.',
  },
  states: [
    ['BlockedEncryptionTypes holds SSE-C', 'pass, whatever the policy'],
    ['The policy denies everyone s3:PutObject on every object if the header of a customer-provided key is there', 'pass'],
    ['The policy or the default encryption rule could not be read, or the text is no policy', 'unknown'],
    ['BlockedEncryptionTypes absent, or no default encryption rule', 'fail'],
    ['BlockedEncryptionTypes is NONE, or lists only other types', 'fail, with another message'],
  ],
  remediation: (bucket) => ({
    text: 'Block SSE-C in the default encryption rule. Objects already under SSE-C stay readable with their key.',
    cli: changeDefaultEncryption(bucket, '.Rules[0].BlockedEncryptionTypes = {"EncryptionType": ["SSE-C"]}'),
    terraform: defaultEncryptionBlock(
      bucket,
      'blocked_encryption_types = ["SSE-C"]',
      'apply_server_side_encryption_by_default {',
      '  sse_algorithm = "AES256"',
      '}',
    ),
  }),
  evaluate: ({ arn, defaultEncryption, policy }, { pass, fail, unknown }) => {
    const expected = 'SSE-C blocked';
    const blocked = defaultEncryption.known ? (defaultEncryption.value?.blocked ?? null) : null;
    const evidence = { BlockedEncryptionTypes: blocked };
    if (blocked?.includes('SSE-C') === true) return pass('blocked', { expected, actual: 'SSE-C', evidence });

    const document = readPolicy('s3.bucket/policy', policy);
    const deny = document.known && document.value !== null ? deniesCustomerKeys(document.value, arn) : null;
    if (deny !== null)
      return pass('denied', {
        data: { statement: statementName(deny) },
        expected,
        actual: 'denied by the bucket policy',
        evidence,
      });
    const missing = [defaultEncryption, document].flatMap((fact) => (fact.known ? [] : fact.missing));
    if (missing.length > 0) return unknown(missing);

    if (blocked === null) return fail('notBlocked', { expected, actual: 'absent', evidence });
    const actual = blocked.join(', ') || 'an empty list';
    return fail('allowed', { data: { blocked: actual }, expected, actual, evidence });
  },
});
