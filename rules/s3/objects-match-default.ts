import { z } from 'zod';
import type { Missing } from '#model/attempt.js';
import { isSurelyBelow, levelText, possibleLevels } from '#model/destination.js';
import { encryptionOf, type Encryption } from '#model/encryption.js';
import { keyCommand } from '#model/key-command.js';
import type { LevelReading } from '#model/level.js';
import type { Identity, SampledObject } from '#model/resources/index.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

/** A message names the first objects only. */
const named = 3;

export default defineRule({
  id: 's3/objects-match-default',
  kind: 's3.bucket',
  severity: 'medium',
  title: 'Sampled objects are encrypted no lower than the default of their bucket',
  needs: ['encryption', 'objects', 'objectEncryption'],
  wants: ['objectsListedAgain'],
  lookups: keyLookup,
  follows: ['objectKey'],
  options: z.strictObject({
    sample: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .meta({ description: 'How many objects of each bucket to look at, the first ones by key; 0 looks at none' }),
  }),
  configured: ({ sample }) => sample > 0,
  docs: {
    why: 'The default of a bucket counts for objects that are written after it was set, and a writer may state another encryption. What is there already stays as it was written, so a bucket with a good default may be full of objects under a lower one, or under SSE-C, whose keys AWS does not keep. The sample reads the metadata of objects, with a call for each; no content is read.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html',
    waive: 'Objects that are public, or that a lifecycle rule is about to delete.',
  },
  messages: {
    kept: 'None of {sampled} sampled objects is encrypted lower than the default of the bucket, which is {level}. Other objects may be.',
    below:
      'The default of the bucket is {level}. Encrypted lower are {count} of {sampled} sampled objects: {objects}. Objects that are older than the default cannot be told apart from newer ones.',
    sseC: 'Under SSE-C, whose keys AWS does not keep, are {count} of {sampled} sampled objects: {objects}. Objects that are older than the default cannot be told apart from newer ones.',
    both: 'The default of the bucket is {level}. Encrypted lower are {count} of {sampled} sampled objects: {objects}. Under SSE-C, whose keys AWS does not keep, are {countSseC}: {objectsSseC}. Objects that are older than the default cannot be told apart from newer ones.',
  },
  states: [
    ['`sample` is 0', 'not applicable'],
    ['GetBucketEncryption, ListObjectsV2 or HeadObject could not be read at all', 'unknown'],
    ['The default of the bucket is `aws:fsx` or `aws:backup`', "not applicable: the key is the file system's or vault's"],
    ['No object was found', 'not applicable'],
    [
      'An object of a lower level than the default, or under SSE-C: HeadObject answers 400, and S3 still answers ListObjectsV2 after it',
      'fail',
    ],
    ['An object, its key or the key of the default could not be read, and it may be lower', 'unknown'],
    ['Every object is at the level of the default or above. A key that is gone counts as customer managed', 'pass'],
  ],
  remediation: (bucket, facts) => ({
    text: 'Copy the objects onto themselves under the default; those under SSE-C have to be copied with their key. In a bucket with versions the old ones stay until they are deleted.',
    cli: rewrite(bucket, facts?.encryption),
    terraform: '# Terraform does not write objects again that it did not make: see the command.',
  }),
  appliesTo: (_bucket, { options: { sample } }) => sample > 0 || 'no objects are sampled',
  evaluate: ({ kind, encryption, objectEncryption, objectsListedAgain }, context) => {
    const { pass, fail, unknown, notApplicable, level } = context;
    const reading = level(encryption);
    if (reading.is === 'no-level') return notApplicable(reading.reason);
    if (objectEncryption.length === 0) return notApplicable('no object was found');
    const own = possibleLevels(encryption, reading);
    const missing: Missing[] = [];
    const below: string[] = [];
    const sseC: string[] = [];
    for (const object of objectEncryption) {
      const name = JSON.stringify(object.key);
      if (object.is === 'unread') missing.push(object.missing);
      else if (object.is === 'bad-request') {
        if (objectsListedAgain.known) sseC.push(name);
        else missing.push(...objectsListedAgain.missing);
      } else {
        const under = encryptionOfObject(kind, object);
        const of = level(under);
        const possible = possibleLevels(under, of);
        const answer = isSurelyBelow(possible, own);
        if (answer === true) below.push(`${name} ${levelText(possible)}`);
        if (answer === null) missing.push(...(reading.is === 'unknown' ? reading.missing : []), ...openIn(under, of));
      }
    }
    const sampled = objectEncryption.length;
    const expected = `no lower than ${levelText(own)}`;
    const actual = [
      ...(below.length > 0 ? [`${String(below.length)} of ${String(sampled)} lower`] : []),
      ...(sseC.length > 0 ? [`${String(sseC.length)} of ${String(sampled)} under SSE-C`] : []),
    ].join(', ');
    const facts = { expected, actual, evidence: { sampled, below: below.slice(0, named), sseC: sseC.slice(0, named) } };
    const lower = { level: levelText(own), count: below.length, sampled, objects: first(below) };
    if (below.length > 0 && sseC.length > 0)
      return fail('both', { ...facts, data: { ...lower, countSseC: sseC.length, objectsSseC: first(sseC) } });
    if (below.length > 0) return fail('below', { ...facts, data: lower });
    if (sseC.length > 0) return fail('sseC', { ...facts, data: { count: sseC.length, sampled, objects: first(sseC) } });
    if (missing.length > 0) return unknown(distinct(missing));
    return pass('kept', { data: { sampled, level: levelText(own) }, expected, actual: 'none lower', evidence: { sampled } });
  },
});

/**
 * S3 states the key by its ARN. Without a key id a writer of another account uses the AWS managed key of that account,
 * so a key elsewhere is not taken for a customer managed one.
 */
function encryptionOfObject(kind: 's3.bucket', { algorithm, keyId }: Extract<SampledObject, { is: 'read' }>): Encryption {
  if (algorithm === null) return { by: 'none' };
  const encryption = encryptionOf({ kind, defaultEncryption: { algorithm, keyId, bucketKey: false, blocked: null } });
  return encryption.by === 'kms' ? { ...encryption, key: keyId } : encryption;
}

/** What keeps the level of an object open. */
function openIn(encryption: Encryption, reading: LevelReading): readonly Missing[] {
  const operation = 's3:HeadObject';
  const absent = (code: string): readonly Missing[] => [
    { facet: 's3.bucket/objectEncryption', operation, action: 's3:GetObject', code, cause: 'absent-field' },
  ];
  if (encryption.by === 'service') return absent(`the key behind ${encryption.mode}`);
  if (encryption.by === 'unknown') return absent(`a known ServerSideEncryption (it says ${encryption.written ?? ''})`);
  if (encryption.by === 'kms' && encryption.key === null) return absent('SSEKMSKeyId');
  return reading.is === 'unknown' ? reading.missing : [];
}

function first(texts: readonly string[]): string {
  const more = texts.length - named;
  return `${texts.slice(0, named).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

/** The same denial of many objects is one thing to mend. */
function distinct(missing: readonly Missing[]): readonly Missing[] {
  return [...new Map(missing.map((each) => [JSON.stringify(each), each])).values()];
}

function rewrite(bucket: Identity<'s3.bucket'>, encryption: Encryption | undefined): string {
  const all = shellQuote(`s3://${bucket.name}/`);
  const copy = `aws s3 cp --region ${shellQuote(bucket.region)} ${all} ${all} --recursive`;
  // Where the finding does not say it, the key of the default is what most buckets lack.
  if (encryption?.by === 'aws-owned' || encryption?.by === 'none') return `${copy} --sse AES256`;
  const algorithm = encryption?.by === 'kms' && encryption.mode === 'DSSE-KMS' ? 'aws:kms:dsse' : 'aws:kms';
  return [keyCommand(bucket), `${copy} --sse ${algorithm} --sse-kms-key-id "$KEY"`].join('\n');
}
