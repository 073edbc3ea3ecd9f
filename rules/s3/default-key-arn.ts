import { customerKeyBlock, nameDefaultKeyByArn } from '#model/bucket-remediation.js';
import { defaultKey } from '#model/default-key.js';
import { defineRule } from '#model/rule.js';

export default defineRule({
  id: 's3/default-key-arn',
  kind: 's3.bucket',
  severity: 'medium',
  title: 'Default keys of buckets are named by ARN',
  needs: ['defaultEncryption'],
  docs: {
    why: "S3 looks up an alias or a bare key id in the account of whoever writes. An object that another account writes is then encrypted under that account's key, which the owner of the bucket may not be able to use.",
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html',
    waive: 'A bucket that only its own account ever writes to, where an alias is moved to a new key on purpose.',
  },
  messages: {
    byArn: 'The default key is named by ARN: {key}.',
    byAlias: 'The default key is named by the alias {key} without an account: it resolves in the account of whoever writes.',
    byId: 'The default key is named by the bare id {key}: it resolves in the account of whoever writes.',
  },
  states: [
    ['No default encryption rule, or one that names no key', 'not applicable'],
    ['An ARN of something else than a key or an alias', 'unknown'],
    ['Key ARN or alias ARN, whether the key exists or not', 'pass'],
    ['`alias/…` without an account, `alias/aws/s3` too', 'fail'],
    ['A bare key id', 'fail'],
    ['GetBucketEncryption could not be read', 'unknown'],
  ],
  remediation: (bucket) => ({
    text: 'Name the key by its ARN, or an alias by its ARN where the alias is to be moved later.',
    cli: nameDefaultKeyByArn(bucket),
    terraform: customerKeyBlock(bucket),
  }),
  evaluate: ({ defaultEncryption, ...place }, { pass, fail, unknown, notApplicable }) => {
    const key = defaultKey(defaultEncryption, place);
    if (key.is === 'none') return notApplicable(key.reason);
    if (key.is === 'unreadable') return unknown([key.missing]);
    const facts = { data: { key: key.written }, expected: 'an ARN', evidence: { KMSMasterKeyID: key.written } };
    if (key.byArn) return pass('byArn', { ...facts, actual: key.written });
    return fail(key.reference.form === 'alias' ? 'byAlias' : 'byId', { ...facts, actual: key.written });
  },
});
