/** Who administers a key and who uses it (rules kms/policy-separation-of-duties, -lockout, -orphan-principal, -create-grant-scoped). */

import { OWN_ACCOUNT } from './conditions.js';
import { refOf, type PolicyDocument, type StatementRef } from './document.js';
import { mayConcernKey } from './exposure.js';
import { describeCondition, type Condition } from './operators.js';
import { describePrincipal } from './principals.js';
import { isServiceLinked, isTakenBack, reachOf, unconditionalDenies, type Access } from './reach.js';

const ADMINISTER = new Set(
  ['PutKeyPolicy', 'ScheduleKeyDeletion', 'DisableKey', 'DisableKeyRotation', 'DeleteImportedKeyMaterial'].map(
    (name) => `kms:${name}`,
  ),
);
const CALLER_ACCOUNT = new Set(['kms:calleraccount', 'aws:principalaccount']);
const USE = /^kms:(?:Decrypt|ReEncryptFrom|GenerateDataKey\w*|Sign|GenerateMac|DeriveSharedSecret|Decapsulate)$/;

export interface DualRole {
  readonly principal: string;
  readonly administer: readonly string[];
  readonly use: readonly string[];
  readonly statements: readonly StatementRef[];
}

/**
 * The principals that may both administer and use the key, by the key policy alone: over all their Allow statements,
 * conditions ignored, less unconditional Deny. The own root is left out: it means "as IAM says".
 *
 * @param account the key's account
 */
export function dualRoles(policy: PolicyDocument, account: string, keyArn?: string): readonly DualRole[] {
  const byPrincipal = new Map<string, Access[]>();
  for (const access of reachOf(policy, [], keyArn)) {
    if (!isCounted(access, account)) continue;
    const name = describePrincipal(access.principal);
    byPrincipal.set(name, [...(byPrincipal.get(name) ?? []), access]);
  }
  const found: DualRole[] = [];
  for (const [principal, accesses] of byPrincipal) {
    const actions = [...new Set(accesses.flatMap((access) => access.actions))].sort();
    const administer = actions.filter((action) => ADMINISTER.has(action));
    const use = actions.filter((action) => USE.test(action));
    if (administer.length === 0 || use.length === 0) continue;
    found.push({ principal, administer, use, statements: accesses.flatMap(({ statement }) => statement ?? []) });
  }
  return found.sort((a, b) => (a.principal < b.principal ? -1 : 1));
}

function isCounted({ principal }: Access, account: string): boolean {
  if (principal.kind === 'account') return principal.account !== account;
  return principal.kind === 'arn' && !isServiceLinked(principal);
}

/** Whether the policy leaves everything to IAM: only the own root, or everyone bound to the own account, is allowed. */
export function isDelegatedToIam(policy: PolicyDocument, account: string, keyArn?: string): boolean {
  const reach = reachOf(policy, [], keyArn);
  return reach.length > 0 && reach.every((access) => isLeftToIam(access, account));
}

function isLeftToIam({ principal, bindings }: Access, account: string): boolean {
  if (principal.kind === 'account') return principal.account === account;
  if (principal.kind !== 'everyone') return false;
  return bindings.some(({ key, accounts }) => CALLER_ACCOUNT.has(key) && accounts.every((id) => isOwn(id, account)));
}

/**
 * Who may still change the key policy; empty means locked out. Conditional Allows count, unique ids do not.
 *
 * @param account the key's account
 */
export function policyHolders(policy: PolicyDocument, account: string, keyArn?: string): readonly string[] {
  const denies = unconditionalDenies(policy, keyArn);
  const holders = reachOf(policy, [], keyArn).filter(({ principal, actions, bindings }) => {
    if (!actions.includes('kms:PutKeyPolicy')) return false;
    if (principal.kind === 'account' || principal.kind === 'arn') return principal.account === account;
    if (principal.kind !== 'everyone') return false;
    // A Deny on the own account leaves "everyone" to others.
    if (isTakenBack(denies, { kind: 'account', account }, 'kms:PutKeyPolicy')) return false;
    return !bindings.some(({ accounts }) => accounts.length > 0 && !accounts.some((id) => isOwn(id, account)));
  });
  return [...new Set(holders.map(({ principal }) => describePrincipal(principal)))].sort();
}

function isOwn(id: string, account: string): boolean {
  return id === account || id === OWN_ACCOUNT;
}

export interface Orphan extends StatementRef {
  readonly id: string;
}

/**
 * Unique ids among the principals of an Allow: AWS shows them in place of the ARN once the user or role is gone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function orphanPrincipals(policy: PolicyDocument, keyArn?: string): readonly Orphan[] {
  return policy.statements
    .filter((statement) => statement.effect === 'Allow' && mayConcernKey(statement, keyArn))
    .flatMap((statement) => {
      const set = statement.principals;
      const members = set === null || set.negated ? [] : set.members;
      return members.flatMap((member) => (member.kind === 'unique-id' ? [{ ...refOf(statement), id: member.id }] : []));
    });
}

export interface GrantCreator extends StatementRef {
  readonly principal: string;
  /** Whether a condition of the catalogue's list limits the grants it can make. */
  readonly scoped: boolean;
  readonly conditions: readonly string[];
}

/** Who may create grants, the own root and services aside. */
export function grantCreators(policy: PolicyDocument, account: string, keyArn?: string): readonly GrantCreator[] {
  return reachOf(policy, [], keyArn).flatMap(({ statement, principal, actions, conditions }) => {
    if (statement === null || !actions.includes('kms:CreateGrant') || principal.kind === 'service') return [];
    if (principal.kind === 'account' && principal.account === account) return [];
    const scoped = conditions.some(limitsGrants);
    return [
      { ...statement, principal: describePrincipal(principal), scoped, conditions: conditions.map(describeCondition).sort() },
    ];
  });
}

/**
 * Every CreateGrant carries kms:GrantOperations and kms:GrantIsForAWSResource, so there IfExists and ForAllValues
 * (AWS's own example for the operations) limit as well; a grant need not have a grantee principal or a constraint.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
function limitsGrants(condition: Condition): boolean {
  const { key, operator, negated, values } = condition;
  if (key === 'kms:grantisforawsresource') {
    return operator === 'Bool' && values.length > 0 && values.every((value) => value.toLowerCase() === 'true');
  }
  const text = /^(?:String|Arn)/.test(operator) && !negated && values.length > 0 && !values.includes('*');
  if (key === 'kms:grantoperations') return text;
  const listed = key === 'kms:granteeprincipal' || key === 'kms:grantconstrainttype';
  return listed && text && !condition.ifExists && condition.quantifier !== 'forAll';
}
