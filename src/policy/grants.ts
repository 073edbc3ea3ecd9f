/** Who a grant speaks of. */

import { accountOf, parsePrincipal, type Principal } from './principals.js';

/** The fields of a ListGrants entry that say something about access. */
export interface Grant {
  readonly id: string;
  readonly operations: readonly string[];
  readonly granteePrincipal?: string | null | undefined;
  readonly granteeServicePrincipal?: string | null | undefined;
  readonly retiringPrincipal?: string | null | undefined;
  readonly retiringServicePrincipal?: string | null | undefined;
  readonly issuingAccount?: string | null | undefined;
}

const SERVICE = /\.amazonaws\.com(?:\.cn)?$/i;
const SERVICE_IDENTITY = /^arn:[^:]+:(?:iam|sts):[^:]*:[^:]*:(?:assumed-role\/aws:|(?:role|assumed-role)\/aws-service-role\/)/;

/** Whether a grant was made for an AWS service ("Service grant" in the rule catalogue). */
export function isServiceGrant(grant: Grant): boolean {
  const grantee = grant.granteePrincipal ?? '';
  const retiring = grant.retiringPrincipal ?? '';
  return (
    hasText(grant.granteeServicePrincipal) ||
    hasText(grant.retiringServicePrincipal) ||
    [grantee, retiring].some((name) => SERVICE.test(name)) ||
    SERVICE_IDENTITY.test(grantee)
  );
}

/** The grantee; null when the grant names none. */
export function granteeOf(grant: Grant): Principal | null {
  const service = grant.granteeServicePrincipal ?? '';
  if (service !== '') return parsePrincipal('Service', service);
  return principalOf(grant.granteePrincipal);
}

/** The account under which the grant was made; null where AWS does not say. */
function issuerOf(grant: Grant): string | null {
  const issuer = principalOf(grant.issuingAccount);
  return issuer === null ? null : accountOf(issuer);
}

const byBeneficiary = new WeakMap<readonly Grant[], ReadonlyMap<string, readonly Grant[]>>();

/**
 * The grants of a key that let somebody of an account use it, or a service in its name. A key may have fifty thousand
 * grants and be asked about for each of many snapshots, so a list is gone through once.
 */
export function grantsFor(grants: readonly Grant[], account: string): readonly Grant[] {
  const index = byBeneficiary.get(grants) ?? indexed(grants);
  byBeneficiary.set(grants, index);
  return index.get(account) ?? [];
}

function indexed(grants: readonly Grant[]): ReadonlyMap<string, readonly Grant[]> {
  const index = new Map<string, Grant[]>();
  for (const grant of grants) {
    const grantee = granteeOf(grant);
    if (grantee === null) continue;
    // What a service was granted in the name of an account it uses for that account.
    const beneficiary = grantee.kind === 'service' ? issuerOf(grant) : accountOf(grantee);
    if (beneficiary === null) continue;
    const those = index.get(beneficiary);
    if (those === undefined) index.set(beneficiary, [grant]);
    else those.push(grant);
  }
  return index;
}

export interface GrantAccount {
  readonly account: string;
  readonly as: 'grantee' | 'retiring' | 'issuing';
}

/**
 * The accounts that a grant brings in: the grantee's always, those of the retiring principal and the issuer only where
 * it is not a service grant. Services and unique ids name no account.
 */
export function grantAccounts(grant: Grant): readonly GrantAccount[] {
  const found: GrantAccount[] = [];
  const add = (as: GrantAccount['as'], text: string | null | undefined): void => {
    const principal = principalOf(text);
    const account = principal === null ? null : accountOf(principal);
    if (account !== null) found.push({ account, as });
  };
  add('grantee', grant.granteePrincipal);
  if (isServiceGrant(grant)) return found;
  add('retiring', grant.retiringPrincipal);
  add('issuing', grant.issuingAccount);
  return found;
}

function principalOf(text: string | null | undefined): Principal | null {
  if (!hasText(text)) return null;
  return parsePrincipal(SERVICE.test(text) ? 'Service' : 'AWS', text);
}

function hasText(text: string | null | undefined): text is string {
  return typeof text === 'string' && text !== '';
}

/** Operations that yield plaintext or key material. */
const REVEALING = new Set(['Decrypt', 'ReEncryptFrom', 'GenerateDataKey', 'DeriveSharedSecret', 'Decapsulate']);
const NARROWING = new Set(['EncryptionContextEquals', 'EncryptionContextSubset', 'SourceArn']);

/**
 * Whether its grantee may pass the grant on to whom it likes: a grant can be made under a grant, with no more than its
 * operations and its constraints.
 * https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function isRedelegable(grant: Grant & { readonly constraints: readonly string[] }): boolean {
  return (
    grant.operations.includes('CreateGrant') &&
    grant.operations.some((operation) => REVEALING.has(operation)) &&
    !grant.constraints.some((constraint) => NARROWING.has(constraint)) &&
    !isServiceGrant(grant)
  );
}
