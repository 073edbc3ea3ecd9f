import { known, type Attempt } from '#model/attempt.js';
import { parsePolicy, type Parsed, type PolicyDocument, type StatementRef } from './document.js';

/**
 * A policy facet as a document; null where AWS said that there is none. AWS checks a policy when it is put, so a text
 * that we cannot read is one that we do not understand: what it allows is not known.
 */
export function readPolicy(
  facet: 'kms.key/policy' | 's3.bucket/policy',
  policy: Attempt<string | null>,
): Attempt<PolicyDocument | null> {
  if (!policy.known) return policy;
  return policy.value === null ? known(null) : readText(facet, policy.value);
}

/** The policy of a key, which always has one. */
export function readKeyPolicy(text: string): Attempt<PolicyDocument> {
  return readText('kms.key/policy', text);
}

function readText(facet: 'kms.key/policy' | 's3.bucket/policy', text: string): Attempt<PolicyDocument> {
  const parsed = parsedOnce(text);
  if (parsed.ok) return known(parsed.value);
  const operation = facet === 'kms.key/policy' ? 'kms:GetKeyPolicy' : 's3:GetBucketPolicy';
  const { path, message } = parsed.error;
  const code = `a readable policy (${path === '' ? '' : `${path}: `}${message})`;
  return { known: false, missing: [{ facet, operation, action: operation, code, cause: 'absent-field' }] };
}

const parsedTexts = new Map<string, Parsed<PolicyDocument>>();
const parsedMax = 256;

/**
 * Several rules read the policy of a resource one after the other, and many keys have the same one. The oldest text
 * goes first: policies are written by others, so what is kept of them has to be bounded.
 */
function parsedOnce(text: string): Parsed<PolicyDocument> {
  let parsed = parsedTexts.get(text);
  if (parsed !== undefined) return parsed;
  parsed = parsePolicy(text);
  if (parsedTexts.size === parsedMax) for (const oldest of parsedTexts.keys()) if (parsedTexts.delete(oldest)) break;
  parsedTexts.set(text, parsed);
  return parsed;
}

/** A statement by its Sid, else by its place in the policy, from 1. */
export function statementName({ index, sid }: StatementRef): string {
  return sid === null ? `statement ${index + 1}` : `statement "${sid}"`;
}
