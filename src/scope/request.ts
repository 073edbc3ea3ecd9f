import type { AccountChoice, ChoiceNeeds } from '#model/account-selector.js';

/** What somebody asks to be scanned. */
export interface ScopeRequest {
  /** The partition that the credentials must be of; null: whichever it is. */
  readonly partition: string | null;
  /** The region whose STS endpoint is asked; null: the home region's. */
  readonly stsRegion: string | null;
  readonly organization: OrganizationRequest | null;
  /** Without an organisation; empty: the account of the credentials. */
  readonly accounts: readonly WantedAccount[];
  readonly entry: Entry;
  /** Regions named by the user; empty: all that the account has enabled. */
  readonly regions: readonly string[];
  readonly excludeRegions: readonly string[];
}

/** Which accounts of the caller's organisation. */
export interface OrganizationRequest {
  readonly listRole: string | null;
  /** Empty: all. */
  readonly include: readonly AccountChoice[];
  readonly exclude: readonly AccountChoice[];
  /** Of those that remain, only these; empty: all of them. */
  readonly only: readonly string[];
  /** True: they were chosen before, and may have left or been closed since. */
  readonly chosenBefore?: boolean;
  readonly needs: ChoiceNeeds;
}

/** How accounts that are not the caller's are entered. Roles are names or ARNs. */
export interface Entry {
  readonly role: string | null;
  /** Assumed first, to assume the others. */
  readonly through: string | null;
  readonly externalId: string | null;
  readonly sessionName: string | null;
  readonly durationSeconds: number | null;
}

/** An account as the user names it, or as the organisation lists it. */
export interface WantedAccount {
  readonly id: string;
  readonly name: string | null;
  /** Of its own, over that of the scope. */
  readonly role: string | null;
  /** In place of any role. */
  readonly profile: string | null;
  readonly path: string | null;
  readonly namePath: string | null;
  readonly tags: Readonly<Record<string, string>>;
}
