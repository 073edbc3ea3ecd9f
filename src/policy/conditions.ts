/**
 * Binding conditions: those that fix who may call, whoever the Principal element names. What counts, and with which
 * values, is the definition in the rule catalogue ("Binding condition").
 */

import type { Condition } from './operators.js';
import { isNarrowNetwork } from './network.js';

/** Stands for the account that owns the key or bucket: `${aws:ResourceAccount}`. */
export const OWN_ACCOUNT = 'own-account';
/** Stands for the owner's organisation: `${aws:ResourceOrgID}`, `${aws:ResourceOrgPaths}`. */
export const OWN_ORGANISATION = 'own-organisation';

/** What a condition binds to. Several entries mean: one of these. */
export interface Binding {
  /** The condition key, lower-cased. */
  readonly key: string;
  /** Account ids or {@link OWN_ACCOUNT}, those in the ARNs among them. */
  readonly accounts: readonly string[];
  /** Organisation ids or {@link OWN_ORGANISATION}. */
  readonly organisations: readonly string[];
  readonly arns: readonly string[];
  /** Unique ids of users and roles (aws:userid). */
  readonly uniqueIds: readonly string[];
  /** VPCs, VPC endpoints, address ranges. */
  readonly network: readonly string[];
}

type Part = { readonly [K in Exclude<keyof Binding, 'key'>]?: string };

const ACCOUNT = /^\d{12}$/;
const variable = (name: string) => (value: string) => value.toLowerCase() === `\${${name}}`;
const isResourceAccount = variable('aws:resourceaccount');
const isResourceOrganisation = variable('aws:resourceorgid');
const isResourcePaths = variable('aws:resourceorgpaths');

function account(value: string): Part | null {
  if (isResourceAccount(value)) return { accounts: OWN_ACCOUNT };
  return ACCOUNT.test(value) ? { accounts: value } : null;
}

function organisation(value: string): Part | null {
  if (isResourceOrganisation(value)) return { organisations: OWN_ORGANISATION };
  return /^o-[a-z0-9]+$/i.test(value) ? { organisations: value.toLowerCase() } : null;
}

/** `o-…/r-…/ou-…/*`: the organisation is what stands before the first slash. */
function organisationPath(value: string): Part | null {
  const first = value.split('/', 1)[0] ?? '';
  return isResourcePaths(first) ? { organisations: OWN_ORGANISATION } : organisation(first);
}

/**
 * An ARN says whose it is in its fifth field. S3 buckets and objects leave that empty; their bucket's name is unique in
 * the world, so it says as much: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
 */
function arn(value: string): Part | null {
  const fields = splitArn(value);
  if (fields === null) return null;
  if (fields.service === 's3' && fields.account === '') {
    const bucket = fields.resource.split('/', 1)[0] ?? '';
    return /^[A-Za-z0-9._-]+$/.test(bucket) ? { arns: value } : null;
  }
  const owner = account(fields.account)?.accounts;
  return owner === undefined ? null : { arns: value, accounts: owner };
}

/** The fields of an ARN; a policy variable among them keeps its colon. */
export function splitArn(value: string): { service: string; account: string; resource: string } | null {
  const match =
    /^arn:((?:\$\{[^}]*\}|[^:])*):((?:\$\{[^}]*\}|[^:])*):((?:\$\{[^}]*\}|[^:])*):((?:\$\{[^}]*\}|[^:])*):(.+)$/s.exec(value);
  const [, , service, , owner, resource] = match ?? [];
  if (service === undefined || owner === undefined || resource === undefined) return null;
  return { service, account: owner, resource };
}

/**
 * aws:userid is `AIDA…` for a user, `AROA…:session` for a role, and the account id for the root user:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
function userId(value: string): Part | null {
  const id = value.split(':', 1)[0] ?? '';
  if (ACCOUNT.test(value)) return { accounts: value };
  return /^(?:AIDA|AROA)[A-Z0-9]+$/.test(id) ? { uniqueIds: id } : null;
}

const endpoint = (value: string): Part | null => (/^vpce-[a-z0-9]+$/i.test(value) ? { network: value } : null);
const vpc = (value: string): Part | null => (/^vpc-[a-z0-9]+$/i.test(value) ? { network: value } : null);
const address = (value: string): Part | null => (isNarrowNetwork(value) ? { network: value } : null);

const KEYS: ReadonlyMap<string, (value: string) => Part | null> = new Map([
  ['kms:calleraccount', account],
  ['aws:principalaccount', account],
  ['aws:sourceaccount', account],
  ['aws:vpceaccount', account],
  ['aws:principalorgid', organisation],
  ['aws:sourceorgid', organisation],
  ['aws:vpceorgid', organisation],
  ['aws:principalorgpaths', organisationPath],
  ['aws:sourceorgpaths', organisationPath],
  ['aws:vpceorgpaths', organisationPath],
  ['aws:principalarn', arn],
  ['aws:sourcearn', arn],
  ['aws:sourcevpcarn', arn],
  ['aws:userid', userId],
  ['aws:sourcevpce', endpoint],
  ['aws:sourcevpc', vpc],
  ['aws:sourceip', address],
]);

const TEXT_OPERATORS = new Set(['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnEquals', 'ArnLike']);

/** What the values bind to, sign and absence of the key aside; null when one value is not fixed. */
function fixedValues(condition: Condition): Binding | null {
  const read = KEYS.get(condition.key);
  if (read === undefined || condition.values.length === 0) return null;
  const fits = condition.operator === 'IpAddress' ? condition.key === 'aws:sourceip' : TEXT_OPERATORS.has(condition.operator);
  if (!fits) return null;
  const parts: Part[] = [];
  for (const value of condition.values) {
    const part = read(value);
    if (part === null) return null;
    parts.push(part);
  }
  const all = (field: keyof Part): readonly string[] => [...new Set(parts.flatMap((part) => part[field] ?? []))].sort();
  return {
    key: condition.key,
    accounts: all('accounts'),
    organisations: all('organisations'),
    arns: all('arns'),
    uniqueIds: all('uniqueIds'),
    network: all('network'),
  };
}

/**
 * What a condition of an Allow binds the caller to; null when it does not.
 *
 * `…IfExists` and `ForAllValues:` hold when the request does not carry the key, so they bind only beside
 * `Null: {key: false}` in the same statement:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 *
 * @param siblings all conditions of the statement
 */
export function bindingOf(condition: Condition, siblings: readonly Condition[] = [condition]): Binding | null {
  if (condition.negated) return null;
  const holdsWhenAbsent = condition.ifExists || condition.quantifier === 'forAll';
  if (holdsWhenAbsent && !siblings.some((item) => item.key === condition.key && requiresPresence(item))) return null;
  return fixedValues(condition);
}

/** All bindings of a statement's conditions; each of them holds. */
export function bindingsOf(conditions: readonly Condition[]): readonly Binding[] {
  return conditions.flatMap((condition) => bindingOf(condition, conditions) ?? []);
}

/**
 * What a negated condition of a Deny leaves over: whoever is not in this binding is denied.
 *
 * A negated operator holds when the key is absent, with IfExists or without, so a caller without the key is denied
 * too. `ForAnyValue:` is the exception: it never holds for an absent key, and such callers would slip through.
 */
export function exemptionOf(condition: Condition): Binding | null {
  return condition.negated && condition.quantifier !== 'forAny' ? fixedValues(condition) : null;
}

/** Whether this is the boolean (`Bool`, with or without IfExists) or `Null` condition `key = value`. */
export function isFlag(condition: Condition, operator: 'Bool' | 'Null', value: 'true' | 'false'): boolean {
  if (condition.operator !== operator || condition.quantifier !== 'none' || condition.values.length === 0) return false;
  return condition.values.every((item) => item.toLowerCase() === value);
}

function requiresPresence(condition: Condition): boolean {
  return !condition.ifExists && isFlag(condition, 'Null', 'false');
}
