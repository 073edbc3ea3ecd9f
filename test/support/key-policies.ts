import type { KmsKinds } from '#model/resources/index.js';
import type { Part } from '../policy/support.js';
import { awsManagedKey, key, metadata, skipped, unread, type TestResource } from './resources.js';

/** The text of a key policy. */
export function policyText(...statements: readonly Part[]): KmsKinds['kms.key']['policy'] {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** A key with a policy of these statements. */
export function keyWith(...statements: readonly Part[]): TestResource {
  return key(1, { policy: policyText(...statements) });
}

/** What every rule on key policies says where the policy could not be read. */
export const unknownPolicies = [
  {
    name: 'GetKeyPolicy denied',
    resource: key(1, { policy: unread() }),
    missing: [{ facet: 'kms.key/policy', cause: 'denied' }],
  },
  {
    name: 'DescribeKey denied',
    resource: key(1, { metadata: unread() }),
    missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
  },
  {
    name: 'not a policy',
    resource: key(1, { policy: '{}' }),
    missing: [{ facet: 'kms.key/policy', code: 'a readable policy (Statement: the policy has no Statement)' }],
  },
] as const;

/** What they say of AWS managed keys. */
export const awsManagedPolicies = [
  { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
  {
    name: 'AWS managed, by DescribeKey',
    resource: key(1, { metadata: metadata({ manager: 'AWS' }), policy: skipped('AWS manages this key') }),
    reason: 'AWS manages this key and its policy',
  },
] as const;
