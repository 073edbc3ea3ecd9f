/** Services that may use a key on behalf of anybody (rule kms/policy-confused-deputy). */

import { classOf, coversAction, isReadOnly } from './actions.js';
import { bindingOf, exemptionOf, isFlag, splitArn } from './conditions.js';
import type { PolicyDocument, Statement, StatementRef } from './document.js';
import { surelyConcernsKey } from './exposure.js';
import type { Condition } from './operators.js';
import { denyHits, type Principal } from './principals.js';
import { reachOf } from './reach.js';

export interface DeputyReach extends StatementRef {
  readonly service: string;
  /** The cryptographic actions and CreateGrant that are open to it. */
  readonly actions: readonly string[];
}

/** The keys by which a service says for whom it calls. */
const SOURCE_KEYS = new Set(['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths']);
const CONTEXT = 'kms:encryptioncontext:';
const POSITIVE = new Set(['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnEquals', 'ArnLike']);

/** The Allow statements that give a service the use of the key without fixing its source. */
export function confusedDeputies(
  policy: PolicyDocument,
  exempt: readonly string[] = [],
  keyArn?: string,
): readonly DeputyReach[] {
  const spared = new Set(exempt.map((name) => name.toLowerCase()));
  const found: DeputyReach[] = [];
  for (const { statement, principal, actions, conditions } of reachOf(policy, [], keyArn)) {
    if (statement === null || principal.kind !== 'service' || spared.has(principal.name)) continue;
    if (conditions.some((condition) => fixesSource(condition, conditions))) continue;
    const open = actions.filter(
      (action) =>
        isUse(action) &&
        !policy.statements.some((deny) => deniesOtherSources(deny, principal, keyArn) && coversAction(deny.actions, action)),
    );
    if (open.length > 0) found.push({ ...statement, service: principal.name, actions: open });
  }
  return found;
}

/** What the policy gives to services, read-only or not: without any the rule does not apply. */
export function serviceAccess(policy: PolicyDocument, keyArn?: string): 'none' | 'read' | 'more' {
  const toServices = reachOf(policy, [], keyArn).filter(({ principal }) => principal.kind === 'service');
  if (toServices.length === 0) return 'none';
  return toServices.every(({ actions }) => isReadOnly(actions)) ? 'read' : 'more';
}

function isUse(action: string): boolean {
  return classOf(action) === 'cryptographic' || action === 'kms:CreateGrant';
}

function fixesSource(condition: Condition, siblings: readonly Condition[]): boolean {
  if (SOURCE_KEYS.has(condition.key)) return bindingOf(condition, siblings) !== null;
  // Services such as CloudTrail put the ARN of the resource into the encryption context.
  const positive = POSITIVE.has(condition.operator) && !condition.negated && !condition.ifExists;
  if (!condition.key.startsWith(CONTEXT) || !positive || condition.quantifier === 'forAll') return false;
  return condition.values.length > 0 && condition.values.every(hasFixedAccount);
}

function hasFixedAccount(value: string): boolean {
  const owner = splitArn(value)?.account ?? '';
  return /^\d{12}$/.test(owner) || owner.toLowerCase() === '${aws:resourceaccount}';
}

/**
 * A Deny of every source but fixed ones. An exemption of AWS services would exempt the very caller this is about, so
 * unlike for public access it disqualifies the Deny; `aws:PrincipalIsAWSService = true` is what the caller fulfils.
 */
function deniesOtherSources(statement: Statement, service: Principal, keyArn: string | undefined): boolean {
  if (statement.effect !== 'Deny' || !surelyConcernsKey(statement, keyArn)) return false;
  if (!denyHits(statement.principals, service)) return false;
  const rest = statement.conditions.filter(
    (condition) => !(condition.key === 'aws:principalisawsservice' && isFlag(condition, 'Bool', 'true')),
  );
  return rest.every((condition) => SOURCE_KEYS.has(condition.key) && exemptionOf(condition) !== null);
}
