import { hashText, mix } from '../world/hash.js';
import type { Kind } from '../world/records.js';

/** Kinds the generator can make; aliases follow from keys. */
export type Counts = Partial<Record<Exclude<Kind, 'kms.alias' | 'kms.custom-key-store' | 's3.directory-bucket'>, number>>;

/** What a generator knows of the world: enough to refer to other generated resources by index, and no more. */
export interface Place {
  seed: number;
  account: string;
  region: string;
  count(kind: Kind, region?: string): number;
  /** Enabled regions of the account, sorted. */
  regions(): string[];
  /** Accounts of the organization. */
  accounts(): string[];
}

/** The outsider whose keys generated resources sometimes use. */
export const FOREIGN_ACCOUNT = '999999999999';

/** The number all hashes of one collection start from. */
export function baseOf(place: Place, kind: Kind, region = place.region): number {
  return hashText(`${place.account}/${region}/${kind}`, place.seed);
}

/** A number below 100 that decides what an item is. */
export function percent(base: number, index: number): number {
  return mix(base ^ 0x5bd1e995, index) % 100;
}

/** `gen-db-0000042` */
export function numbered(prefix: string, index: number): string {
  return prefix + String(index).padStart(7, '0');
}

export function indexOfNumbered(id: string): number | undefined {
  const digits = /(\d{7})$/.exec(id)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The next region of the account that has generated items of this kind, going round; undefined if there is none. */
export function neighbour(place: Place, kind: Kind, step: 1 | -1): string | undefined {
  const regions = place.regions().filter((region) => place.count(kind, region) > 0);
  const at = regions.indexOf(place.region);
  if (at < 0 || regions.length < 2) return undefined;
  return regions[(at + step + regions.length) % regions.length];
}

/** Another account of the organization, for shares; undefined if there is none. */
export function otherAccount(place: Place, index: number): string | undefined {
  const others = place.accounts().filter((account) => account !== place.account);
  return others[index % Math.max(1, others.length)];
}
