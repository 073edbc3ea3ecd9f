/**
 * Whether a key lets the identities of an account in (rules key/admits-account, ebs/snapshot-shared-decryptable,
 * rds/snapshot-shared-decryptable).
 */

import { classOf, coversAction, expandKmsActions } from './actions.js';
import { bindingOf, OWN_ACCOUNT } from './conditions.js';
import { refOf, type PolicyDocument, type Statement, type StatementRef } from './document.js';
import { mayConcernKey, surelyConcernsKey } from './exposure.js';
import { granteeOf, grantsFor, type Grant } from './grants.js';
import type { Condition } from './operators.js';
import { denyHits, granteesOf, isNamedBy, type Principal } from './principals.js';
import { matchesGlob } from '#model/glob.js';

/** The call that is asked about. */
export interface Visit {
  readonly account: string;
  /** One of these is enough; `kms:Decrypt` style. */
  readonly actions: readonly string[];
  /** The service through which the account calls, such as `ec2`; its grants count as made for an AWS resource. */
  readonly via?: string;
  /** The account's organisation; absent when not known. */
  readonly organisation?: string;
  /** Whether the account is known to belong to no such organisation; absent when nothing is known of that. */
  readonly outside?: (organisation: string) => boolean;
  /** The key's own account, for `${aws:ResourceAccount}`. */
  readonly owner?: string;
  readonly keyArn?: string;
}

export interface Admission {
  /** `conditional`: by statements with conditions that cannot be judged without a request. */
  readonly admitted: 'yes' | 'conditional' | 'no';
  readonly statements: readonly StatementRef[];
  readonly grants: readonly string[];
}

/** Whether key policy or grants give the account one of the actions. */
export function admits(policy: PolicyDocument, grants: readonly Grant[], visit: Visit): Admission {
  const statements: StatementRef[] = [];
  let certain = false;
  const denied = (principal: Principal, action: string): boolean =>
    policy.statements.some((statement) => deniesSurely(statement, principal, action, visit));

  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow' || !mayConcernKey(statement, visit.keyArn)) continue;
    const visitors = visitorsOf(statement, visit);
    const verdicts = wanted(expandKmsActions(statement.actions), visit)
      .filter((action) => visitors.some((visitor) => !denied(visitor, action)))
      .map((action) => judgeAll(statement.conditions, visit, action))
      .filter((verdict) => verdict !== false);
    if (verdicts.length === 0) continue;
    statements.push(refOf(statement));
    certain ||= verdicts.includes(true);
  }

  const giving = grantsFor(grants, visit.account).filter((grant) => {
    const grantee = granteeOf(grant);
    if (grantee === null) return false;
    return wanted(
      grant.operations.map((name) => `kms:${name}`),
      visit,
    ).some((action) => !denied(grantee, action));
  });
  const admitted = certain || giving.length > 0 ? 'yes' : statements.length > 0 ? 'conditional' : 'no';
  return { admitted, statements, grants: giving.map((grant) => grant.id) };
}

function wanted(actions: readonly string[], visit: Visit): readonly string[] {
  return actions.filter((action) => visit.actions.includes(action));
}

/** The principals as which the account comes in by an Allow. */
function visitorsOf({ principals }: Statement, visit: Visit): readonly Principal[] {
  const whole: Principal = { kind: 'account', account: visit.account };
  // NotPrincipal in an Allow means everyone but those it names.
  if (principals?.negated === true && isNamedBy(principals, whole)) return [];
  return granteesOf(principals).flatMap((principal) => {
    if (principal.kind === 'everyone') return [whole];
    const names = principal.kind === 'account' || principal.kind === 'arn' || principal.kind === 'other';
    return names && principal.account === visit.account ? [principal] : [];
  });
}

function deniesSurely(statement: Statement, principal: Principal, action: string, visit: Visit): boolean {
  return (
    statement.effect === 'Deny' &&
    coversAction(statement.actions, action) &&
    denyHits(statement.principals, principal) &&
    surelyConcernsKey(statement, visit.keyArn) &&
    judgeAll(statement.conditions, visit, action) === true
  );
}

const GRANT_KEYS = new Set([
  'kms:grantisforawsresource',
  'kms:granteeprincipal',
  'kms:grantoperations',
  'kms:grantconstrainttype',
]);

/** No call but those on grants carries these keys. */
function isAbsent({ key }: Condition, action: string): boolean {
  return GRANT_KEYS.has(key) && classOf(action) !== 'grants' && action !== 'kms:ListGrants';
}

/**
 * A condition on a key that the request does not carry.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function holdsWhenAbsent({ operator, negated, ifExists, quantifier, values }: Condition): boolean {
  if (operator === 'Null') return values.some((value) => value.toLowerCase() === 'true');
  return (negated || ifExists || quantifier === 'forAll') && quantifier !== 'forAny';
}

/** True or false when certain for every request of this visit, null when it depends. */
type Judgement = boolean | null;

function judgeAll(conditions: readonly Condition[], visit: Visit, action: string): Judgement {
  const verdicts = conditions.map((condition) =>
    isAbsent(condition, action) ? holdsWhenAbsent(condition) : judge(condition, conditions, visit),
  );
  if (verdicts.includes(false)) return false;
  return verdicts.includes(null) ? null : true;
}

function judge(condition: Condition, siblings: readonly Condition[], visit: Visit): Judgement {
  const flip = (met: Judgement): Judgement => (met === null ? null : met !== condition.negated);
  switch (condition.key) {
    case 'kms:calleraccount':
    case 'aws:principalaccount':
      return isText(condition) ? flip(anyValue(condition, visit.account, visit)) : null;
    case 'aws:principalorgid':
      if (visit.organisation === undefined || !isText(condition)) return judgeOutside(condition, visit);
      return flip(anyValue(condition, visit.organisation, visit));
    case 'aws:principalorgpaths':
      return judgeOutside(condition, visit);
    case 'kms:viaservice':
      if (visit.via === undefined || !isText(condition)) return null;
      return flip(condition.values.some((value) => matchesGlob(value.split('.', 1)[0] ?? '', visit.via ?? '')));
    case 'kms:grantisforawsresource':
      if (visit.via === undefined || condition.operator !== 'Bool') return null;
      return condition.values.some((value) => value.toLowerCase() === 'true');
    case 'aws:principalisawsservice':
      return condition.operator === 'Bool' ? condition.values.some((value) => value.toLowerCase() === 'false') : null;
    default:
      return judgeByBinding(condition, siblings, visit);
  }
}

/**
 * Somebody outside the named organisations carries another's id, or, outside any, none at all: only what holds or fails
 * either way is certain. A path starts with the id.
 */
function judgeOutside(condition: Condition, { outside }: Visit): Judgement {
  const { negated, ifExists, quantifier, values } = condition;
  const named = values.map((value) => value.split('/', 1)[0] ?? '');
  if (outside === undefined || !isText(condition) || named.length === 0 || !named.every(outside)) return null;
  if (negated) return quantifier === 'forAny' ? null : true;
  return ifExists || quantifier === 'forAll' ? null : false;
}

/** An ARN of another account can never be the caller's. */
function judgeByBinding(condition: Condition, siblings: readonly Condition[], visit: Visit): Judgement {
  if (condition.key !== 'aws:principalarn' && condition.key !== 'aws:userid') return null;
  const binding = bindingOf({ ...condition, negated: false }, siblings);
  if (binding === null || binding.accounts.length === 0 || binding.uniqueIds.length > 0) return null;
  const possible = binding.accounts.some((id) => id === visit.account || (id === OWN_ACCOUNT && visit.owner === visit.account));
  return possible ? null : condition.negated;
}

function anyValue(condition: Condition, actual: string, visit: Visit): Judgement {
  let open = false;
  for (const value of condition.values) {
    if (condition.operator === 'StringLike' ? matchesGlob(value, actual) : value === actual) return true;
    if (value.toLowerCase() === '${aws:resourceaccount}' && visit.owner !== undefined) {
      if (visit.owner === actual) return true;
    } else if (value.includes('${')) {
      open = true;
    }
  }
  return open ? null : false;
}

function isText(condition: Condition): boolean {
  return condition.operator.startsWith('String');
}
