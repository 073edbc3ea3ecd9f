import type { Attempt } from '#model/attempt.js';
import { parsePolicy, type PolicyDocument, type StatementRef } from './document.js';

/**
 * A policy facet as a document; null where AWS said that there is none. AWS checks a policy when it is put, so a text
 * that we cannot read is one that we do not understand: what it allows is not known.
 */
export function readPolicy(
  facet: 'kms.key/policy' | 's3.bucket/policy',
  policy: Attempt<string | null>,
): Attempt<PolicyDocument | null> {
  if (!policy.known) return policy;
  if (policy.value === null) return { known: true, value: null };
  const parsed = parsePolicy(policy.value);
  if (parsed.ok) return { known: true, value: parsed.value };
  const operation = facet === 'kms.key/policy' ? 'kms:GetKeyPolicy' : 's3:GetBucketPolicy';
  const { path, message } = parsed.error;
  const code = `a readable policy (${path === '' ? '' : `${path}: `}${message})`;
  return { known: false, missing: [{ facet, operation, action: operation, code, cause: 'absent-field' }] };
}

/** A statement by its Sid, else by its place in the policy, from 1. */
export function statementName({ index, sid }: StatementRef): string {
  return sid === null ? `statement ${index + 1}` : `statement "${sid}"`;
}
