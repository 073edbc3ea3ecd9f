/** Whether a key policy lets everyone in (rule kms/policy-not-public). */

import { coversAction, expandKmsActions, isReadOnly } from './actions.js';
import { bindingsOf, exemptionOf, isFlag, type Binding } from './conditions.js';
import { refOf, type PolicyDocument, type Statement, type StatementRef } from './document.js';
import { describeCondition, type Condition } from './operators.js';
import { isForEveryone, reachesEveryone } from './principals.js';
import { matchesGlob } from '#model/glob.js';

export interface PublicStatement extends StatementRef {
  /** The actions that are open, by name, those that a Deny takes back left out. */
  readonly actions: readonly string[];
  /** Only Describe, Get and List are open. */
  readonly readOnly: boolean;
  /** The conditions, none of which binds the caller, in words. */
  readonly conditions: readonly string[];
}

export interface Exposure {
  readonly statements: readonly PublicStatement[];
  /** Null when nothing is open. */
  readonly severity: 'critical' | 'medium' | null;
}

/** The Allow statements of any KMS action to everyone that no binding condition and no Deny holds in check. */
export function publicStatements(policy: PolicyDocument, keyArn?: string): Exposure {
  const guards = policy.statements.filter((statement) => guardOf(statement, keyArn) !== null);
  const statements: PublicStatement[] = [];
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow' || !reachesEveryone(statement.principals)) continue;
    if (!mayConcernKey(statement, keyArn) || bindingsOf(statement.conditions).length > 0) continue;
    const actions = expandKmsActions(statement.actions).filter(
      (action) => !guards.some((guard) => coversAction(guard.actions, action)),
    );
    if (actions.length === 0) continue;
    const conditions = statement.conditions.map(describeCondition).sort();
    statements.push({ ...refOf(statement), actions, readOnly: isReadOnly(actions), conditions });
  }
  if (statements.length === 0) return { statements, severity: null };
  return { statements, severity: statements.every((item) => item.readOnly) ? 'medium' : 'critical' };
}

/**
 * What a Deny for everyone leaves over: the bindings that its negated conditions exempt (none: nobody). Null when it
 * is no such Deny, that is, when one of its conditions lets others through.
 */
export function guardOf(statement: Statement, keyArn?: string): readonly Binding[] | null {
  if (statement.effect !== 'Deny' || !isForEveryone(statement.principals)) return null;
  return surelyConcernsKey(statement, keyArn) ? leftOver(statement.conditions) : null;
}

/** Whom the conditions of a Deny for everyone leave over; null when one of them lets others through. */
export function leftOver(conditions: readonly Condition[]): readonly Binding[] | null {
  const bindings: Binding[] = [];
  for (const condition of conditions) {
    if (isServiceExemption(condition)) continue;
    const binding = exemptionOf(condition);
    if (binding === null) return null;
    bindings.push(binding);
  }
  return bindings;
}

/**
 * AWS's own way to keep its services working under a wide Deny:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
 */
function isServiceExemption(condition: Condition): boolean {
  const names = condition.key === 'aws:principalisawsservice' || condition.key === 'aws:viaawsservice';
  return names && isFlag(condition, 'Bool', 'false');
}

/**
 * In a key policy `*` as Resource means this key, and a statement on any other ARN has no effect:
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 * Without the key's ARN at hand, an Allow is taken to concern it and a Deny only if it says `*`.
 */
export function mayConcernKey(statement: Statement, keyArn?: string): boolean {
  return keyArn === undefined || concerns(statement, keyArn);
}

/** The strict reading of {@link mayConcernKey}, for a Deny. */
export function surelyConcernsKey(statement: Statement, keyArn?: string): boolean {
  if (keyArn !== undefined) return concerns(statement, keyArn);
  const set = statement.resources;
  return set === null || (!set.negated && set.patterns.includes('*'));
}

function concerns(statement: Statement, keyArn: string): boolean {
  const set = statement.resources;
  return set === null || set.patterns.some((pattern) => matchesGlob(pattern, keyArn)) !== set.negated;
}
