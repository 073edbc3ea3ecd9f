/**
 * What a bucket policy says to uploads that state how they want to be encrypted (rules s3/policy-enforces-encryption,
 * s3/policy-default-conflict). Only Deny is looked at: who is allowed at all is another question.
 */

import { coversAction } from './actions.js';
import { coversAllObjects, touchesObjects } from './bucket.js';
import { refOf, type PolicyDocument, type Statement, type StatementRef } from './document.js';
import type { Condition } from './operators.js';
import { isForEveryone } from './principals.js';
import { matchesGlob } from '#model/glob.js';

const HEADER = 's3:x-amz-server-side-encryption';
const KEY_HEADER = `${HEADER}-aws-kms-key-id`;
const CUSTOMER_HEADER = `${HEADER}-customer-algorithm`;

/** The encryption headers of a PutObject request. It comes over TLS and without a key of the caller's. */
export interface Upload {
  readonly algorithm: string;
  /** As the header states it; null: the header is absent. */
  readonly key: string | null;
}

/** Whether a statement depends on how an upload wants to be encrypted. */
export function looksAtEncryption({ conditions }: Statement): boolean {
  return conditions.some(({ key }) => key.startsWith(HEADER));
}

/** Whether some Deny is certain to refuse the upload, whoever makes it and wherever in the bucket it goes. */
export function surelyRefuses(policy: PolicyDocument, bucketArn: string, upload: Upload): boolean {
  return policy.statements.some(
    (statement) =>
      statement.effect === 'Deny' &&
      isForEveryone(statement.principals) &&
      coversAction(statement.actions, 's3:PutObject') &&
      coversAllObjects(statement.resources, bucketArn) &&
      statement.conditions.every((condition) => holds(condition, upload) === true),
  );
}

/**
 * The Deny statements that refuse the upload for its encryption headers. What else they ask for, such as who calls or
 * where the object goes, is met by some upload.
 */
export function refusals(policy: PolicyDocument, bucketArn: string, upload: Upload): readonly StatementRef[] {
  return policy.statements
    .filter(
      (statement) =>
        statement.effect === 'Deny' &&
        looksAtEncryption(statement) &&
        coversAction(statement.actions, 's3:PutObject') &&
        touchesObjects(statement.resources, bucketArn) &&
        statement.conditions.every((condition) => holds(condition, upload) !== false),
    )
    .map(refOf);
}

/** The key ARNs that conditions of the policy name, wildcards filled in with anything. */
export function keysNamed(policy: PolicyDocument): readonly string[] {
  const values = policy.statements
    .flatMap(({ conditions }) => conditions)
    .flatMap(({ key, values }) => (key === KEY_HEADER ? values : []))
    .filter((value) => value.startsWith('arn:'));
  return [...new Set(values.map((value) => value.replaceAll('*', '0').replaceAll('?', '0')))];
}

/** Null: it depends on more than the upload says. */
function holds(condition: Condition, upload: Upload): boolean | null {
  const actual = statedBy(upload, condition.key);
  if (actual === undefined) return null;
  if (condition.operator === 'Null') {
    const absent = actual === null ? 'true' : 'false';
    return condition.values.some((value) => value.toLowerCase() === absent);
  }
  const compare = comparisons.get(condition.operator);
  if (compare === undefined) return null;
  if (actual === null) return holdsWhenAbsent(condition);
  const matched = anyValue(condition.values, actual, compare);
  return matched === null ? null : matched !== condition.negated;
}

/** Null: the header is absent. Undefined: the upload says nothing of the key. */
function statedBy({ algorithm, key }: Upload, conditionKey: string): string | null | undefined {
  switch (conditionKey) {
    case HEADER:
      return algorithm;
    case KEY_HEADER:
      return key;
    case CUSTOMER_HEADER:
      return null;
    case 'aws:securetransport':
      return 'true';
    default:
      return undefined;
  }
}

/**
 * A negated operator holds when the key is absent, with IfExists or without; `ForAnyValue:` never does.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function holdsWhenAbsent({ ifExists, negated, quantifier }: Condition): boolean {
  if (quantifier === 'forAny') return false;
  return ifExists || negated || quantifier === 'forAll';
}

type Comparison = (wanted: string, actual: string) => boolean;

const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['StringEquals', isIdentical],
  ['StringEqualsIgnoreCase', isSameText],
  ['StringLike', matchesGlob],
  ['ArnEquals', matchesGlob],
  ['ArnLike', matchesGlob],
  ['Bool', isSameText],
]);

function isIdentical(wanted: string, actual: string): boolean {
  return wanted === actual;
}

function isSameText(wanted: string, actual: string): boolean {
  return wanted.toLowerCase() === actual.toLowerCase();
}

/** Null: only a variable of the request can tell. */
function anyValue(values: readonly string[], actual: string, compare: Comparison): boolean | null {
  if (values.some((value) => compare(value, actual))) return true;
  return values.some((value) => value.includes('${')) ? null : false;
}
