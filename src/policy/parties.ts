/** Which accounts and organisations a key policy lets in (rule kms/policy-trusted-accounts). */

import { coversAction, isReadOnly } from './actions.js';
import type { Party } from '#model/trust.js';
import { OWN_ACCOUNT, OWN_ORGANISATION, type Binding } from './conditions.js';
import type { PolicyDocument, StatementRef } from './document.js';
import { guardOf } from './exposure.js';
import { describePrincipal } from './principals.js';
import { reachOf } from './reach.js';

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
  const isTrusted = (party: Party): boolean => own(party) || trust(party) === 'trusted';
  for (const { statement, principal, actions, bindings } of reachOf(policy, [], keyArn)) {
    if (statement === null) continue;
    const add = (party: Party, by: string, given: readonly string[]): void => {
      const verdict = own(party) ? 'trusted' : trust(party);
      if (verdict === 'trusted') return;
      found.push({ statement, party, by, actions: given, readOnly: isReadOnly(given), trust: verdict });
    };
    if (principal.kind === 'everyone' || principal.kind === 'service') {
      const unbound = principal.kind === 'everyone' && bindings.length === 0;
      for (const part of unbound ? guardedParts(actions, policy, keyArn) : [{ actions, bindings }]) {
        const named = part.bindings.map((binding) => ({ by: binding.key, parties: partiesOf(binding) }));
        if (named.some(({ parties }) => parties.length > 0 && parties.every(isTrusted))) continue;
        for (const { by, parties } of named) for (const party of parties) add(party, by, part.actions);
      }
    } else if ('account' in principal && principal.account !== null) {
      add({ kind: 'account', id: principal.account }, describePrincipal(principal), actions);
    }
  }
  return found;
}

interface Part {
  readonly actions: readonly string[];
  readonly bindings: readonly Binding[];
}

/**
 * For everyone without a binding: the actions that Deny statements hold in check, each with what all of those leave
 * over. Actions that no Deny covers are open to everyone, which is another matter.
 */
function guardedParts(actions: readonly string[], policy: PolicyDocument, keyArn: string | undefined): readonly Part[] {
  const guards = policy.statements.flatMap((statement) => {
    const exempt = guardOf(statement, keyArn);
    return exempt === null ? [] : [{ covers: statement.actions, exempt }];
  });
  const parts = new Map<string, Part & { readonly actions: string[] }>();
  for (const action of guards.length === 0 ? [] : actions) {
    const covering = guards.filter(({ covers }) => coversAction(covers, action));
    // A Deny that exempts nobody leaves nobody.
    if (covering.length === 0 || covering.some(({ exempt }) => exempt.length === 0)) continue;
    const id = covering.map((guard) => guards.indexOf(guard)).join();
    const part = parts.get(id);
    if (part !== undefined) part.actions.push(action);
    // Exemptions of one Deny are alternatives: whoever is in any of them passes.
    else parts.set(id, { actions: [action], bindings: covering.map(({ exempt }) => exempt.reduce(either)) });
  }
  return [...parts.values()];
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
