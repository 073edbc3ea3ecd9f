import { customerKeyBlock, newDefaultKey } from '#model/bucket-remediation.js';
import { defaultKey } from '#model/default-key.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 's3/default-key-region',
  kind: 's3.bucket',
  severity: 'high',
  title: 'Default keys of buckets are in the region of the bucket',
  needs: ['defaultEncryption'],
  docs: {
    why: 'S3 stores any key id unchecked, but it can only use a key of the region that the bucket is in. With a key of another region every upload that relies on the default fails.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
    waive: 'A bucket that nothing is written to any more.',
  },
  messages: {
    same: 'The default key {key} is in the region of the bucket.',
    other: 'The default key {key} is in {keyRegion}, the bucket in {bucketRegion}: uploads that rely on the default fail.',
  },
  states: [
    ['No default encryption rule, or one that names no key', 'not applicable'],
    ['A bare key id or `alias/…`: it is looked up in the region of the bucket', 'not applicable'],
    ['An ARN of something else than a key or an alias', 'unknown'],
    ["Key ARN or alias ARN in the bucket's region", 'pass'],
    ['Key ARN or alias ARN in another region, multi-Region keys too', 'fail'],
    ['GetBucketEncryption could not be read', 'unknown'],
  ],
  remediation: (bucket) => ({
    text: 'Make a key of the region of the bucket the default. Of a multi-Region key that is its replica there.',
    cli: newDefaultKey(bucket),
    terraform: customerKeyBlock(bucket),
  }),
  evaluate: ({ defaultEncryption, ...place }, { pass, fail, unknown, notApplicable }) => {
    const key = defaultKey(defaultEncryption, place);
    if (key.is === 'none') return notApplicable(key.reason);
    if (key.is === 'unreadable') return unknown([key.missing]);
    if (!key.byArn) return notApplicable(`the default key is not named by ARN but as ${key.written}: see s3/default-key-arn`);
    const keyRegion = key.reference.place.region;
    const bucketRegion = place.region;
    const facts = { expected: bucketRegion, actual: keyRegion, evidence: { KMSMasterKeyID: key.written, bucketRegion } };
    if (keyRegion === bucketRegion) return pass('same', { ...facts, data: { key: key.written } });
    return fail('other', { ...facts, data: { key: key.written, keyRegion, bucketRegion } });
  },
});
