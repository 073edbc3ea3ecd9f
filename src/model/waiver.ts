import type { WantedTags } from './tag-match.js';

/** Which findings a waiver or an attestation speaks of: every condition that is there must hold. */
export interface Conditions {
  /** A rule's id, or a glob over ids. */
  readonly rule: string;
  /** Glob over the full ARN. */
  readonly resource?: string | undefined;
  /** Globs over account ids. */
  readonly accounts?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  /** OU path of the account, by ids or by names. */
  readonly path?: string | undefined;
  /** Globs for the value of each key: of all keys, or of any. */
  readonly allTags?: WantedTags | undefined;
  readonly anyTags?: WantedTags | undefined;
}

interface Stated extends Conditions {
  /** Last valid day, YYYY-MM-DD in UTC; null: it has no end. */
  readonly expires: string | null;
  /** Where it is written, as file:line:column; the file as the config names it. */
  readonly source: string;
}

/** An accepted risk: what it covers is shown and does not gate. */
export interface Waiver extends Stated {
  readonly reason: string;
  readonly owner: string | null;
  readonly ticket: string | null;
  readonly approvedBy: string | null;
}

/** What somebody found out by other means of what could not be read. */
export interface Attestation extends Stated {
  readonly result: 'pass' | 'fail';
  readonly by: string;
  /** YYYY-MM-DD. */
  readonly on: string;
  readonly evidence: string | null;
  readonly reason: string | null;
}

/** All that the files of a config say of findings, in their order. `run.json` keeps it as it was. */
export interface Waivers {
  readonly waivers: readonly Waiver[];
  readonly attestations: readonly Attestation[];
}

export const noWaivers: Waivers = { waivers: [], attestations: [] };

/** Whether the conditions look at the tags of resources. */
export function looksAtTags({ allTags, anyTags }: Conditions): boolean {
  return allTags !== undefined || anyTags !== undefined;
}
