import { addToPolicy, policyBlock, theKey } from '#model/bucket-remediation.js';
import { keyCommand } from '#model/key-command.js';
import { keyReference } from '#model/key-reference.js';
import type { Place } from '#model/place.js';
import type { Identity } from '#model/resources/index.js';
import { defineRule, keyLookup } from '#model/rule.js';
import type { PolicyDocument } from '#policy/document.js';
import { keysNamed, surelyRefuses, type Upload } from '#policy/put-object.js';
import { readPolicy } from '#policy/reading.js';

const expected = 'a Deny for everyone of uploads that state another encryption';
const anyKeyId = '00000000-0000-4000-8000-000000000000';

export default defineRule({
  id: 's3/policy-enforces-encryption',
  kind: 's3.bucket',
  severity: 'low',
  title: 'Bucket policies refuse uploads under another key where a customer managed key is required',
  needs: ['encryption'],
  premises: ['encryption'],
  wants: ['policy'],
  lookups: keyLookup,
  cmkRequired: 'condition',
  docs: {
    why: 'The default counts only for uploads that state nothing. Whoever may write can still ask for SSE-S3, for aws/s3 or for a key of his own, unless the bucket policy denies it.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html',
    waive: 'A service control or resource control policy that denies the same across the organisation: those are not read.',
  },
  messages: {
    enforced: 'The bucket policy refuses uploads that state SSE-S3, aws:kms without a key, or another key than {key}.',
    notEnforced: 'The bucket policy lets uploads through that state {uploads}.',
    noPolicy: 'The bucket has no policy: an upload may state any other encryption than the default.',
  },
  states: [
    ['A customer managed key is not required here', 'not applicable'],
    ['Tags that decide whether one is required, the default or its key could not be read', 'unknown'],
    ['`aws:fsx` or `aws:backup`, a key that is gone, or a default below a customer managed key', 'not applicable'],
    ['GetBucketPolicy could not be read, or the text is no policy', 'unknown'],
    ['No bucket policy', 'fail'],
    [
      'No Deny for everyone on all objects is certain to refuse an upload that states AES256; one that states aws:kms without a key; or one that states aws:kms with another key, one that the policy names among them',
      'fail, naming what gets through',
    ],
    ['Each of these is refused; an upload that states nothing need not be', 'pass'],
  ],
  remediation: (bucket) => ({
    text: 'Deny everyone uploads that state an encryption other than the default key. Uploads that state nothing get the default.',
    cli: `${keyCommand(bucket)}\n${addToPolicy(bucket, denyOtherKeys(bucket))}`,
    terraform: policyBlock(bucket, denyOtherKeys(bucket)),
  }),
  appliesTo: ({ encryption }) => {
    if (encryption.by === 'service') return `${encryption.mode}: the key is the file system's or vault's`;
    return encryption.by === 'kms' || encryption.by === 'unknown' || belowCustomerManaged;
  },
  evaluate: ({ encryption, arn, policy, ...place }, { pass, fail, unknown, notApplicable, level, key }) => {
    const reading = level(encryption);
    if (reading.is === 'unknown') return unknown(reading.missing);
    if (reading.is === 'no-level') return notApplicable(reading.reason);
    if (reading.is === 'key-gone') return notApplicable('the key is gone: see key/exists');
    if (reading.level !== 'customer-managed' || encryption.by !== 'kms') return notApplicable(belowCustomerManaged);
    const parsed = readPolicy('s3.bucket/policy', policy);
    if (!parsed.known) return unknown(parsed.missing);
    const document = parsed.value;
    if (document === null) return fail('noPolicy', { expected, actual: 'no policy' });

    const own = key(encryption.key ?? '').arn ?? '';
    const open = uploadsOf(document, own, place).filter(({ upload }) => !surelyRefuses(document, arn, upload));
    if (open.length === 0) return pass('enforced', { data: { key: own }, expected, actual: 'refused' });
    const uploads = [...new Set(open.map(({ name }) => name))].join(' or ');
    return fail('notEnforced', {
      data: { uploads },
      expected,
      actual: `let through: ${uploads}`,
      evidence: { key: own, uploads: open.map(({ upload }) => upload) },
    });
  },
});

const belowCustomerManaged = 'the default is below a customer managed key: see s3/default-encryption-cmk';

/** What the policy must refuse, with its name in messages. */
function uploadsOf(policy: PolicyDocument, own: string, place: Place): readonly { name: string; upload: Upload }[] {
  const others = [anyKeyId, ...keysNamed(policy)].flatMap((written) => {
    const reference = keyReference(written, place);
    return reference.form === 'key' && reference.arn !== own ? [reference.arn] : [];
  });
  return [
    { name: 'SSE-S3', upload: { algorithm: 'AES256', key: null } },
    { name: 'aws:kms without a key', upload: { algorithm: 'aws:kms', key: null } },
    ...others.map((other) => ({ name: 'another key', upload: { algorithm: 'aws:kms', key: other } })),
  ];
}

function denyOtherKeys({ arn }: Identity) {
  return {
    Sid: 'DenyOtherKeys',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `${arn}/*`,
    Condition: {
      Null: { 's3:x-amz-server-side-encryption': 'false' },
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': theKey },
    },
  };
}
