/** Which principals, under which conditions, may do which KMS actions: the ground of the `kms/policy-*` rules. */

import { coversAction, expandKmsActions } from './actions.js';
import { bindingsOf, type Binding } from './conditions.js';
import { refOf, type PolicyDocument, type Statement, type StatementRef } from './document.js';
import { mayConcernKey, surelyConcernsKey } from './exposure.js';
import { granteeOf, type Grant } from './grants.js';
import type { Condition } from './operators.js';
import { denyHits, granteesOf, type Principal } from './principals.js';

/** What one statement (or grant) gives to one principal. */
export interface Access {
  /** The statement; null for a grant. */
  readonly statement: StatementRef | null;
  /** The grant's id; null for a statement. */
  readonly grant: string | null;
  readonly principal: Principal;
  /** By name, less what an unconditional Deny takes from this principal; never empty. */
  readonly actions: readonly string[];
  readonly conditions: readonly Condition[];
  /** What the conditions bind the caller to; each of them holds. */
  readonly bindings: readonly Binding[];
}

/**
 * Everything a key policy and the key's grants give. A conditional Deny takes nothing away here: whether it applies
 * depends on the request.
 */
export function reachOf(policy: PolicyDocument, grants: readonly Grant[] = [], keyArn?: string): readonly Access[] {
  const byPolicy = policyReach(policy, keyArn);
  return grants.length === 0 ? byPolicy : [...byPolicy, ...grantReach(policy, grants, keyArn)];
}

/** The last answer for each policy: its rules ask one after the other, and keys share the policies that name no key. */
const lastReach = new WeakMap<PolicyDocument, { readonly keyArn: string | undefined; readonly reach: readonly Access[] }>();

function policyReach(policy: PolicyDocument, keyArn: string | undefined): readonly Access[] {
  const of = policy.statements.every(meansEveryResource) ? undefined : keyArn;
  const last = lastReach.get(policy);
  if (last !== undefined && last.keyArn === of) return last.reach;
  const reach = statementReach(policy, of);
  lastReach.set(policy, { keyArn: of, reach });
  return reach;
}

function meansEveryResource({ resources }: Statement): boolean {
  return resources === null || (!resources.negated && resources.patterns.includes('*'));
}

function statementReach(policy: PolicyDocument, keyArn: string | undefined): readonly Access[] {
  const denies = unconditionalDenies(policy, keyArn);
  const found: Access[] = [];
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow' || !mayConcernKey(statement, keyArn)) continue;
    const actions = expandKmsActions(statement.actions);
    const bindings = bindingsOf(statement.conditions);
    for (const principal of granteesOf(statement.principals)) {
      const given = leftOver(denies, principal, actions);
      if (given.length === 0) continue;
      const { conditions } = statement;
      found.push({ statement: refOf(statement), grant: null, principal, actions: given, conditions, bindings });
    }
  }
  return found;
}

function grantReach(policy: PolicyDocument, grants: readonly Grant[], keyArn: string | undefined): readonly Access[] {
  const denies = unconditionalDenies(policy, keyArn);
  const found: Access[] = [];
  for (const grant of grants) {
    const principal = granteeOf(grant);
    if (principal === null) continue;
    const operations = grant.operations.map((name) => `kms:${name}`);
    const given = leftOver(denies, principal, operations);
    if (given.length === 0) continue;
    found.push({ statement: null, grant: grant.id, principal, actions: given, conditions: [], bindings: [] });
  }
  return found;
}

function leftOver(denies: readonly Statement[], principal: Principal, actions: readonly string[]): readonly string[] {
  return denies.length === 0 ? actions : actions.filter((action) => !isTakenBack(denies, principal, action));
}

/** The Deny statements that always apply. */
export function unconditionalDenies(policy: PolicyDocument, keyArn?: string): readonly Statement[] {
  return policy.statements.filter(
    (statement) => statement.effect === 'Deny' && statement.conditions.length === 0 && surelyConcernsKey(statement, keyArn),
  );
}

/** Whether one of these Deny statements is certain to refuse the principal this action. */
export function isTakenBack(denies: readonly Statement[], principal: Principal, action: string): boolean {
  return denies.some((deny) => coversAction(deny.actions, action) && denyHits(deny.principals, principal));
}

/** A role under /aws-service-role/, a path that AWS keeps for itself: no person assumes it. */
export function isServiceLinked(principal: Principal): boolean {
  return principal.kind === 'arn' && principal.arn.includes(':role/aws-service-role/');
}

/** Whether the policy gives the service an action, whatever conditions narrow down for whom it may act. */
export function admitsService(policy: PolicyDocument, service: string, action: string, keyArn: string): boolean {
  return reachOf(policy, [], keyArn).some(
    ({ principal, actions }) => principal.kind === 'service' && principal.name === service && actions.includes(action),
  );
}
