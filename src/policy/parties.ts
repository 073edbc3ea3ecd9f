/** Which accounts and organisations a key policy lets in (rule kms/policy-trusted-accounts). */

import { coversAction, isReadOnly } from './actions.js';
import type { Party } from '#model/trust.js';
import { OWN_ACCOUNT, OWN_ORGANISATION, type Binding } from './conditions.js';
import type { PolicyDocument, StatementRef } from './document.js';
import { guardOf } from './exposure.js';
import { describePrincipal } from './principals.js';
import { reachOf, type Access } from './reach.js';

export interface PartyReach {
  readonly statement: StatementRef;
  readonly party: Party;
  /** The principal, or the condition key that names the party. */
  readonly by: string;
  readonly actions: readonly string[];
  readonly readOnly: boolean;
  /** `unknown`: whether the party is trusted could not be settled. */
  readonly trust: 'untrusted' | 'unknown';
}

export type Trust = (party: Party) => 'trusted' | 'untrusted' | 'unknown';

/**
 * The parties outside the caller's trust that an Allow reaches: by the account of a named principal; for everyone and
 * for services, by what the conditions bind them to. Conditions are ANDed, so a statement with one binding whose
 * parties are all trusted reaches nobody else. Unique ids name no account; everyone without a binding is
 * `publicStatements`' matter.
 */
export function untrustedParties(policy: PolicyDocument, trust: Trust, keyArn?: string): readonly PartyReach[] {
  const found: PartyReach[] = [];
  for (const access of reachOf(policy, [], keyArn)) {
    const { statement, principal, actions } = access;
    if (statement === null) continue;
    const add = (party: Party, by: string): void => {
      const verdict = own(party) ? 'trusted' : trust(party);
      if (verdict === 'trusted') return;
      found.push({ statement, party, by, actions, readOnly: isReadOnly(actions), trust: verdict });
    };
    if (principal.kind === 'everyone' || principal.kind === 'service') {
      const groups = bindingsFor(access, policy, keyArn).map((binding) => ({ by: binding.key, parties: partiesOf(binding) }));
      const named = groups.filter(({ parties }) => parties.length > 0);
      if (named.some(({ parties }) => parties.every((party) => own(party) || trust(party) === 'trusted'))) continue;
      for (const { by, parties } of named) for (const party of parties) add(party, by);
    } else if ('account' in principal && principal.account !== null) {
      add({ kind: 'account', id: principal.account }, describePrincipal(principal));
    }
  }
  return found;
}

/** The bindings of a statement; for everyone without any, what the Deny statements in its way leave over. */
function bindingsFor(access: Access, policy: PolicyDocument, keyArn: string | undefined): readonly Binding[] {
  if (access.bindings.length > 0 || access.principal.kind !== 'everyone') return access.bindings;
  return policy.statements.flatMap((statement) => {
    const covers = access.actions.every((action) => coversAction(statement.actions, action));
    const exempt = covers ? (guardOf(statement, keyArn) ?? []) : [];
    // Exemptions of one Deny are alternatives: whoever is in any of them passes.
    return exempt.length === 0 ? [] : [exempt.reduce(either)];
  });
}

function either(one: Binding, other: Binding): Binding {
  return {
    key: one.key === other.key ? one.key : `${one.key} or ${other.key}`,
    accounts: [...one.accounts, ...other.accounts],
    organisations: [...one.organisations, ...other.organisations],
    arns: [...one.arns, ...other.arns],
    uniqueIds: [...one.uniqueIds, ...other.uniqueIds],
    network: [...one.network, ...other.network],
  };
}

/** The accounts and organisations in a binding; {@link OWN_ACCOUNT} and {@link OWN_ORGANISATION} among them. */
export function partiesOf(binding: Binding): readonly Party[] {
  return [
    ...binding.accounts.map((id) => ({ kind: 'account', id }) as const),
    ...binding.organisations.map((id) => ({ kind: 'organisation', id }) as const),
  ];
}

function own(party: Party): boolean {
  return party.id === OWN_ACCOUNT || party.id === OWN_ORGANISATION;
}
