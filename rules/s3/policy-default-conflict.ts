import { known } from '#model/attempt.js';
import { editPolicy, policyBlock } from '#model/bucket-remediation.js';
import { encryptionOf } from '#model/encryption.js';
import { keyReference } from '#model/key-reference.js';
import { listText } from '#model/list-text.js';
import type { BucketEncryption, Identity } from '#model/resources/index.js';
import { defineRule, keyLookup, type RuleContext } from '#model/rule.js';
import { looksAtEncryption, refusals } from '#policy/put-object.js';
import { readPolicy, statementName } from '#policy/reading.js';

const expected = "no Deny of uploads that state the bucket's default encryption";

export default defineRule({
  id: 's3/policy-default-conflict',
  kind: 's3.bucket',
  severity: 'medium',
  title: 'Bucket policies do not refuse what the default encryption asks for',
  needs: ['policy'],
  wants: ['defaultEncryption'],
  lookups: keyLookup,
  docs: {
    why: 'A policy that demands another algorithm or key than the default turns away uploads that state the default, while those that state nothing slip past or fail by chance. It is mostly what is left after the default was changed.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html',
    waive: 'A change of the default that is under way, until the policy follows.',
  },
  messages: {
    agrees: 'No Deny of the bucket policy refuses an upload that states the default: {stated}.',
    conflicts: 'The bucket policy refuses uploads that state the default ({stated}), by {statements}.',
  },
  states: [
    ['No bucket policy, or no statement with a condition on s3:x-amz-server-side-encryption*', 'not applicable'],
    ['GetBucketPolicy could not be read, or the text is no policy', 'unknown'],
    ['No default encryption rule', 'not applicable'],
    ['GetBucketEncryption could not be read, or the rule has no SSEAlgorithm', 'unknown'],
    ["A PutObject with the default's algorithm and key, as written or by the ARN of the key, meets no Deny", 'pass'],
    ['A Deny refuses it as written, and the key behind a default that is an alias could not be read', 'unknown'],
    ['A Deny refuses it in every way it can be stated, at least for some callers or objects', 'fail'],
  ],
  remediation: (bucket) => ({
    text: 'Make the conditions of the policy name the algorithm and key of the default, or change the default to what the policy demands.',
    cli: editPolicy(bucket, 'Change the conditions'),
    terraform: policyBlock(bucket, demandDefault(bucket)),
  }),
  evaluate: (bucket, context) => {
    const { arn, kind, policy, defaultEncryption } = bucket;
    const { pass, fail, unknown, notApplicable, level } = context;
    const document = readPolicy('s3.bucket/policy', known(policy));
    if (!document.known) return unknown(document.missing);
    if (document.value?.statements.some(looksAtEncryption) !== true)
      return notApplicable('no statement of a bucket policy looks at the encryption of uploads');
    if (!defaultEncryption.known) return unknown(defaultEncryption.missing);
    const rule = defaultEncryption.value;
    if (rule === null) return notApplicable('no default encryption rule: see s3/default-encryption');
    const { algorithm } = rule;
    if (algorithm === null) {
      const reading = level(encryptionOf({ kind, defaultEncryption: rule }));
      return unknown(reading.is === 'unknown' ? reading.missing : []);
    }

    const stated = statedText(rule);
    const evidence = { SSEAlgorithm: algorithm, KMSMasterKeyID: rule.keyId };
    const refused = refusals(document.value, arn, { algorithm, key: rule.keyId });
    const agrees = () => pass('agrees', { data: { stated }, expected, actual: 'no such Deny', evidence });
    if (refused.length === 0) return agrees();
    const byArn = arnOfDefault(rule, bucket, context);
    if (byArn.missing !== null) return unknown(byArn.missing);
    if (byArn.arn !== null && refusals(document.value, arn, { algorithm, key: byArn.arn }).length === 0) return agrees();

    const statements = listText(refused.map(statementName));
    return fail('conflicts', {
      data: { stated, statements },
      expected,
      actual: `refused by ${statements}`,
      evidence: { ...evidence, statements: refused },
    });
  },
});

function statedText({ algorithm, keyId }: BucketEncryption): string {
  return keyId === null ? String(algorithm) : `${String(algorithm)} with ${keyId}`;
}

/** The default's key by its ARN, where it is written in another form. An upload may state it so. */
function arnOfDefault(
  { keyId }: BucketEncryption,
  place: Identity,
  { key }: Pick<RuleContext, 'key'>,
): { arn: string | null; missing: null } | { missing: Parameters<RuleContext['unknown']>[0] } {
  const reference = keyReference(keyId, place);
  if (reference.form === 'key') return { arn: reference.arn, missing: null };
  if (reference.form !== 'alias') return { arn: null, missing: null };
  const resolved = key(reference.written);
  switch (resolved.state) {
    case 'aws-managed':
    case 'resolved':
      return { arn: resolved.arn, missing: null };
    case 'missing':
      return { arn: null, missing: null };
    case 'foreign':
      return { missing: [{ ...resolved.missing, account: resolved.account }] };
    case 'unread':
      return { missing: resolved.missing };
  }
}

/** What a policy says that demands a customer managed key under SSE-KMS. */
function demandDefault({ arn }: Identity) {
  return {
    Sid: 'DenyOtherKeys',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `${arn}/*`,
    Condition: { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
  };
}
