import type { Attempt, Missing } from './attempt.js';

/** An account by its 12 digits, or an organisation by its `o-…` id. */
export interface Party {
  readonly kind: 'account' | 'organisation';
  readonly id: string;
}

/** Whom a run trusts: what its scope covers and what its config names. */
export interface TrustBase {
  /** Accounts of the scope and of its organisation, and `trustedAccounts`. */
  readonly accounts: ReadonlySet<string>;
  /** The scope's organisation; null: the scope is none. */
  readonly organisation: {
    readonly id: Attempt<string>;
    /** What kept its accounts from being listed; null: all of them are in `accounts`. */
    readonly unlisted: Missing | null;
  } | null;
}

/** Whether a party is trusted. See "Trusted accounts" in the rule catalogue. */
export function trusts({ accounts, organisation }: TrustBase, { kind, id }: Party): Attempt<boolean> {
  if (kind === 'account') {
    if (accounts.has(id)) return { known: true, value: true };
    const unlisted = organisation?.unlisted ?? null;
    return unlisted === null ? { known: true, value: false } : { known: false, missing: [unlisted] };
  }
  const own = organisation?.id ?? { known: false as const, missing: [organisationUnread] };
  return own.known ? { known: true, value: own.value === id } : own;
}

const organisationUnread: Missing = {
  facet: 'organization/id',
  operation: 'organizations:DescribeOrganization',
  action: 'organizations:DescribeOrganization',
  code: null,
  cause: 'uncollected',
};

/** Who counts as trusted, for messages. */
export function trustedText({ organisation }: TrustBase): string {
  return organisation === null
    ? 'the accounts of this run and those configured'
    : 'the accounts of the organisation and those configured';
}

/** What keeps us from saying whether these parties are trusted, each cause once. */
export function trustMissing(parties: readonly Party[], trusts: (party: Party) => Attempt<boolean>): readonly Missing[] {
  const missing = parties.flatMap((party) => {
    const trusted = trusts(party);
    return trusted.known ? [] : trusted.missing;
  });
  return [...new Set(missing)];
}
