/** Short ways to write policies in tests. */

import { parsePolicyValue, type PolicyDocument } from '#policy/document.js';

export const OWN = '111111111111';
export const OTHER = '999999999999';
export const KEY_ARN = `arn:aws:kms:eu-west-1:${OWN}:key/11111111-2222-3333-4444-555555555555`;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Part = Readonly<Record<string, Json>>;

/** A policy of these statements. */
export function policy(...statements: readonly Part[]): PolicyDocument {
  const parsed = parsePolicyValue({ Version: '2012-10-17', Statement: statements });
  if (!parsed.ok) throw new Error(`${parsed.error.path}: ${parsed.error.message}`);
  return parsed.value;
}

/** An Allow of kms:Decrypt to everyone, save what `parts` says otherwise. */
export function allow(...parts: readonly Part[]): Part {
  return Object.assign({ Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' }, ...parts) as Part;
}

/** A Deny of kms:* for everyone, save what `parts` says otherwise. */
export function deny(...parts: readonly Part[]): Part {
  return Object.assign({ Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' }, ...parts) as Part;
}

/** `{ Condition: { operator: { key: values } } }`. */
export function when(operator: string, key: string, values: Json): Part {
  return { Condition: { [operator]: { [key]: values } } };
}

/** Several operators in one Condition. */
export function whenAll(...conditions: readonly Part[]): Part {
  const merged: Record<string, Record<string, Json>> = {};
  for (const { Condition } of conditions) {
    for (const [operator, block] of Object.entries(Condition as Record<string, Part>)) {
      merged[operator] = { ...merged[operator], ...block };
    }
  }
  return { Condition: merged };
}
