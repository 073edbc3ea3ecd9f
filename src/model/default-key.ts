import type { Missing } from './attempt.js';
import { keyReference, type KeyReference } from './key-reference.js';
import type { Place } from './place.js';
import type { BucketEncryption } from './resources/index.js';

/** The key that a bucket's default names. S3 stores the text unchecked, so it may be no key at all. */
export type DefaultKey =
  | { readonly is: 'none'; readonly reason: string }
  | { readonly is: 'unreadable'; readonly missing: Missing }
  | {
      readonly is: 'key';
      readonly written: string;
      /** An ARN says its account and region; other forms resolve where they are used. */
      readonly byArn: boolean;
      readonly reference: Extract<KeyReference, { form: 'key' | 'alias' }>;
    };

export function defaultKey(rule: BucketEncryption | null, place: Place): DefaultKey {
  if (rule === null) return { is: 'none', reason: 'no default encryption rule: see s3/default-encryption' };
  if (rule.keyId === null) return { is: 'none', reason: `the default (${rule.algorithm ?? 'no algorithm'}) names no key` };
  const reference = keyReference(rule.keyId, place);
  if (reference.form === 'none' || reference.form === 'invalid')
    return { is: 'unreadable', missing: notAKey(`a key in KMSMasterKeyID (it says "${rule.keyId}")`) };
  return { is: 'key', written: rule.keyId, byArn: reference.written.startsWith('arn:'), reference };
}

function notAKey(code: string): Missing {
  return {
    facet: 's3.bucket/defaultEncryption',
    operation: 's3:GetBucketEncryption',
    action: 's3:GetEncryptionConfiguration',
    code,
    cause: 'absent-field',
  };
}
