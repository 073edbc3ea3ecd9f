/**
 * Who beside the owner may change how a bucket is encrypted, or the policy and ACLs that keep it so (rule
 * s3/policy-no-external-encryption-change).
 */

import type { Party } from '#model/trust.js';
import { coversAction } from './actions.js';
import { coversAllObjects, coversBucket, touchesObjects } from './bucket.js';
import { bindingsOf, OWN_ACCOUNT, OWN_ORGANISATION, splitArn, type Binding } from './conditions.js';
import { refOf, type PolicyDocument, type Statement, type StatementRef } from './document.js';
import { leftOver } from './exposure.js';
import { partiesOf } from './parties.js';
import { accountOf, denyHits, describePrincipal, granteesOf, isForEveryone, type Principal } from './principals.js';

const ON_BUCKET = ['s3:PutEncryptionConfiguration', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketAcl'];
const ON_OBJECTS = ['s3:PutObjectAcl'];

export interface ExternalChange extends StatementRef {
  /** The principal as the policy names it. */
  readonly principal: string;
  readonly actions: readonly string[];
  /**
   * Whom it reaches: of each group one party, and every group holds. None: anybody, or somebody whose account the
   * policy does not tell.
   */
  readonly parties: readonly (readonly Party[])[];
  /** False: whether that is the owner cannot be told. */
  readonly certain: boolean;
}

/** What the Allow statements give to others than the owner, less what a Deny is certain to take back. */
export function externalChanges(policy: PolicyDocument, bucketArn: string, owner: string): readonly ExternalChange[] {
  const found: ExternalChange[] = [];
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow') continue;
    const given = changesOf(statement, bucketArn);
    if (given.length === 0) continue;
    const bindings = bindingsOf(statement.conditions);
    if (bindings.some((binding) => isOwners(binding, owner))) continue;
    for (const principal of granteesOf(statement.principals)) {
      const reached = reach(principal, bindings, owner);
      if (reached === null) continue;
      const actions = given.filter((action) => !isTakenBack(policy, principal, action, bucketArn, owner));
      if (actions.length > 0) found.push({ ...refOf(statement), principal: describePrincipal(principal), actions, ...reached });
    }
  }
  return found;
}

function changesOf({ actions, resources }: Statement, bucketArn: string): readonly string[] {
  return [
    ...(coversBucket(resources, bucketArn) ? ON_BUCKET : []),
    ...(touchesObjects(resources, bucketArn) ? ON_OBJECTS : []),
  ].filter((action) => coversAction(actions, action));
}

type Reach = Pick<ExternalChange, 'parties' | 'certain'>;

/** Null: the owner's own, a service of AWS, or an identity that is gone. */
function reach(principal: Principal, bindings: readonly Binding[], owner: string): Reach | null {
  switch (principal.kind) {
    case 'service':
    case 'unique-id':
      return null;
    case 'everyone':
      return reachOfAll(bindings, owner);
    case 'canonical-user':
      return { parties: [], certain: false };
    case 'federated':
      return principal.account === null ? { parties: [], certain: false } : reachOfAccount(principal.account, owner);
    case 'account':
    case 'arn':
    case 'other': {
      const account = accountOf(principal);
      return account === null ? { parties: [], certain: true } : reachOfAccount(account, owner);
    }
  }
}

function reachOfAccount(id: string, owner: string): Reach | null {
  return id === owner ? null : { parties: [[{ kind: 'account', id }]], certain: true };
}

/** Everyone whom the bindings let through; a unique id alone does not tell its account. */
function reachOfAll(bindings: readonly Binding[], owner: string): Reach {
  const parties = bindings
    .map((binding) => partiesOf(binding).filter((party) => !isOwner(party, owner)))
    .filter((group) => group.length > 0);
  return { parties, certain: parties.length > 0 || !bindings.some(({ uniqueIds }) => uniqueIds.length > 0) };
}

function isOwner({ id }: Party, owner: string): boolean {
  return id === owner || id === OWN_ACCOUNT;
}

/** The organisation that owns the bucket, as a policy variable names it: its own by definition. */
export function isOwnOrganisation({ id }: Party): boolean {
  return id === OWN_ORGANISATION;
}

/** Whether nobody but the owner's account is in the binding. */
function isOwners({ accounts, organisations, uniqueIds, network, arns }: Binding, owner: string): boolean {
  return (
    accounts.length > 0 &&
    accounts.every((id) => id === owner || id === OWN_ACCOUNT) &&
    organisations.length + uniqueIds.length + network.length === 0 &&
    arns.every((arn) => splitArn(arn)?.account !== '')
  );
}

/** By a Deny without conditions that hits the principal, or one for everyone that leaves over only the owner. */
function isTakenBack(
  { statements }: PolicyDocument,
  principal: Principal,
  action: string,
  bucketArn: string,
  owner: string,
): boolean {
  return statements.some((statement) => {
    const { effect, principals, actions, resources, conditions } = statement;
    if (effect !== 'Deny' || !coversAction(actions, action)) return false;
    if (!(ON_OBJECTS.includes(action) ? coversAllObjects : coversBucket)(resources, bucketArn)) return false;
    if (conditions.length === 0) return denyHits(principals, principal);
    return isForEveryone(principals) && (leftOver(conditions)?.every((binding) => isOwners(binding, owner)) ?? false);
  });
}
