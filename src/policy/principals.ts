/**
 * Who a statement speaks of.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */

export type Principal =
  | { readonly kind: 'everyone' }
  /** A whole account: 12 digits and the root ARN say the same. */
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'arn'; readonly arn: string; readonly account: string; readonly entity: Entity }
  | { readonly kind: 'federated'; readonly name: string; readonly account: string | null }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'canonical-user'; readonly id: string }
  /** What AWS shows for a user or role that was deleted: AIDA…, AROA…. */
  | { readonly kind: 'unique-id'; readonly id: string }
  /** Anything else, a name with a wildcard among it; AWS stores none of these. `account` where it is fixed. */
  | { readonly kind: 'other'; readonly text: string; readonly account: string | null };

/** The principals of a statement; `negated` when they stood in NotPrincipal. */
export interface PrincipalSet {
  readonly negated: boolean;
  readonly members: readonly Principal[];
}

export type Entity = 'user' | 'role' | 'assumed-role' | 'federated-user' | 'other';

const ACCOUNT = /^\d{12}$/;
const UNIQUE_ID = /^A[A-Z]{2}A[A-Z0-9]{4,}$/;
const IDENTITY_ARN = /^arn:[^:]+:(?:iam|sts):[^:]*:(\d{12}):(.+)$/s;

/** Reads one name under a principal type (`AWS`, `Service`, `Federated`, `CanonicalUser`). */
export function parsePrincipal(type: string, text: string): Principal {
  const name = text.trim();
  switch (type.trim().toLowerCase()) {
    case 'service':
      return { kind: 'service', name: name.toLowerCase() };
    case 'federated':
      return { kind: 'federated', name, account: IDENTITY_ARN.exec(name)?.[1] ?? null };
    case 'canonicaluser':
      return { kind: 'canonical-user', id: name };
    default:
      return parseAwsPrincipal(name);
  }
}

function parseAwsPrincipal(name: string): Principal {
  if (name === '*') return { kind: 'everyone' };
  if (ACCOUNT.test(name)) return { kind: 'account', account: name };
  if (UNIQUE_ID.test(name)) return { kind: 'unique-id', id: name };
  const [, account, resource] = IDENTITY_ARN.exec(name) ?? [];
  if (account === undefined || resource === undefined) return { kind: 'other', text: name, account: null };
  if (/[*?]/.test(name)) return { kind: 'other', text: name, account };
  if (resource === 'root') return { kind: 'account', account };
  const entity = resource.slice(0, Math.max(0, resource.indexOf('/')));
  const known = (['user', 'role', 'assumed-role', 'federated-user'] as const).find((item) => item === entity);
  return { kind: 'arn', arn: name, account, entity: known ?? 'other' };
}

/** The name of a principal in messages. */
export function describePrincipal(principal: Principal): string {
  switch (principal.kind) {
    case 'everyone':
      return '*';
    case 'account':
      return principal.account;
    case 'arn':
      return principal.arn;
    case 'federated':
    case 'service':
      return principal.name;
    case 'canonical-user':
    case 'unique-id':
      return principal.id;
    case 'other':
      return principal.text;
  }
}

/** The account a principal belongs to, where its name tells. */
export function accountOf(principal: Principal): string | null {
  return 'account' in principal ? principal.account : null;
}

/** Everyone by name: `*` alone or in a list. NotPrincipal leaves somebody out and is not everyone. */
export function isForEveryone(set: PrincipalSet | null): boolean {
  return set !== null && !set.negated && set.members.some((member) => member.kind === 'everyone');
}

/**
 * Everyone in effect: `*`, NotPrincipal, or a name with a wildcard in place of the account. To be asked of an Allow
 * only, where erring to this side is safe.
 */
export function reachesEveryone(set: PrincipalSet | null): boolean {
  if (set === null) return false;
  return set.negated || set.members.some((member) => member.kind === 'everyone' || isOpenPattern(member));
}

function isOpenPattern(member: Principal): boolean {
  return member.kind === 'other' && member.account === null && /[*?]/.test(member.text);
}

/** The principals that an Allow with this set speaks to, NotPrincipal being everyone. */
export function granteesOf(set: PrincipalSet | null): readonly Principal[] {
  if (set === null) return [];
  return reachesEveryone(set) ? [{ kind: 'everyone' }, ...(set.negated ? [] : set.members.filter(isNamed))] : set.members;
}

function isNamed(member: Principal): boolean {
  return member.kind !== 'everyone' && !isOpenPattern(member);
}

/**
 * Whether a Deny with this set is certain to hit the principal, all of it. A request carries its account as a principal
 * beside its own, so a Deny on an account hits every identity of it, and a Deny on a role every session of it; one that
 * spares a role by NotPrincipal leaves somebody of the account:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function denyHits(set: PrincipalSet | null, principal: Principal): boolean {
  if (set === null) return false;
  if (!set.negated) return isNamedBy(set, principal);
  if (principal.kind === 'everyone') return false;
  return !set.members.some((member) => contains(member, principal) || contains(principal, member));
}

/** Whether a member of the set, whatever the set means, is the principal or all of what it belongs to. */
export function isNamedBy({ members }: PrincipalSet, principal: Principal): boolean {
  return members.some((member) => contains(member, principal));
}

function contains(outer: Principal, inner: Principal): boolean {
  if (outer.kind === 'everyone') return true;
  if (outer.kind === 'account') {
    return (inner.kind === 'account' || inner.kind === 'arn') && inner.account === outer.account;
  }
  if (outer.kind === 'arn' && inner.kind === 'arn') return outer.arn === inner.arn || isSessionOf(inner, outer);
  return outer.kind === inner.kind && describePrincipal(outer) === describePrincipal(inner);
}

/** A session's ARN leaves out the role's path; role names are unique in an account whatever their path. */
function isSessionOf(session: Principal & { kind: 'arn' }, role: Principal & { kind: 'arn' }): boolean {
  if (session.entity !== 'assumed-role' || role.entity !== 'role' || session.account !== role.account) return false;
  return session.arn.split('/')[1] === role.arn.slice(role.arn.lastIndexOf('/') + 1);
}
