import type { Match, DenyReason } from '../match.js';
import type { PolicyDocument } from '../permissions.js';
import { Account, type Region } from './account.js';
import type { AccountOptions, RegionSettings, Role } from './account.js';
import { complete, idOf } from './defaults.js';
import { kinds, type Kind, type Records } from './records.js';
import type { Shelf } from './shelf.js';
import { generators } from '../generate/index.js';
import type { Counts } from '../generate/place.js';

/** A read that the simulated permissions refuse for good: part of the world, not a fault of the day. */
export interface Denial extends Match {
  reason?: DenyReason;
}

/** The ground truth: accounts, their regions, and what lies in them. */
export class World {
  readonly seed: number;
  /** What every ARN begins with on the wire; inside, all worlds are `aws`. */
  readonly partition: string;
  /** Names of organizational units and of the root, by id. */
  readonly unitNames = new Map<string, string>();
  readonly denials: Denial[] = [];
  readonly #accounts = new Map<string, Account>();
  /** Bucket names are unique in all of AWS; this finds the hand-written ones. */
  readonly #bucketHome = new Map<string, { account: string; region: string }>();
  #ordinal = 0;

  constructor(seed: number, partition = 'aws') {
    this.seed = seed;
    this.partition = partition;
  }

  addAccount(id: string, options: AccountOptions = {}): this {
    if (!/^\d{12}$/.test(id)) throw new Error(`not an account id: ${id}`);
    this.#accounts.set(id, new Account(id, options));
    return this;
  }

  nameUnit(id: string, name: string): this {
    this.unitNames.set(id, name);
    return this;
  }

  addRegion(account: string, region: string): this {
    this.account(account).addRegion(region);
    return this;
  }

  addRole(account: string, role: Role): this {
    this.account(account).roles.set(role.name, role);
    return this;
  }

  /** Account-region settings such as encryption by default; those not given keep their value. */
  set(account: string, region: string, settings: Partial<RegionSettings>): this {
    Object.assign(this.region(account, region).settings, settings);
    return this;
  }

  deny(denial: Denial): this {
    this.denials.push(denial);
    return this;
  }

  /** From now on the principals of an account may do what these identity policies allow, and nothing else. */
  permit(account: string, policies: readonly PolicyDocument[]): this {
    this.account(account).policies = policies;
    return this;
  }

  /** Adds a record, or replaces the one with the same id. Returns it as completed with defaults. */
  put<K extends Kind>(account: string, region: string, kind: K, given: Partial<Records[K]> = {}): Records[K] {
    const record = complete(kind, { seed: this.seed, account, region, ordinal: ++this.#ordinal }, given);
    this.shelf(account, region, kind).put(record);
    if (kind === 'kms.key') this.#putAliases(account, region, record as Records['kms.key']);
    if (kind === 's3.bucket' || kind === 's3.directory-bucket') {
      this.#bucketHome.set(idOf(kind, record), { account, region });
    }
    return record;
  }

  /** Deletes a record as AWS would between two calls of a scan. False if it was not there. */
  remove(account: string, region: string, kind: Kind, id: string): boolean {
    return this.shelf(account, region, kind).remove(id);
  }

  /** From now on AWS lists what was put by hand in another order. */
  shuffle(seed: number): this {
    for (const account of this.#accounts.values())
      for (const region of account.regions.values()) for (const kind of kinds) region.shelf(kind).shuffle(seed);
    return this;
  }

  /**
   * Makes up resources: each is a function of the seed, its place and its index, none is held. Where `kms.key` is not
   * given, 24 keys come with the data, so that what is encrypted has keys to point to. Aliases follow from the keys.
   */
  generate(account: string, region: string, counts: Counts): this {
    const home = this.region(account, region);
    Object.assign(home.counts, { 'kms.key': 24, ...home.counts, ...counts });
    // Replicas and copies refer to the neighbour region, so all of the account's regions are laid out afresh.
    for (const [name, { counts }] of this.account(account).regions) {
      if (Object.keys(counts).length > 0) this.#layOut(account, name);
    }
    return this;
  }

  /** The accounts of the organization; `all` adds outsiders such as the owner of a foreign key. */
  accounts(options: { all?: boolean } = {}): string[] {
    return [...this.#accounts.values()].filter((a) => a.member || options.all).map((a) => a.id);
  }

  regions(account: string): string[] {
    return [...this.account(account).regions.keys()].sort();
  }

  count(account: string, region: string, kind: Kind): number {
    return this.shelf(account, region, kind).count;
  }

  /** Every record of a kind, one at a time, with the estate's own fields (policy, sharedWith, …). */
  items<K extends Kind>(account: string, region: string, kind: K): IterableIterator<Records[K]> {
    return this.shelf(account, region, kind)[Symbol.iterator]();
  }

  find<K extends Kind>(account: string, region: string, kind: K, id: string): Records[K] | undefined {
    return this.#accounts.get(account)?.regions.get(region)?.shelf(kind).find(id);
  }

  /** The account and region a bucket lies in, whoever owns it. */
  bucketHome(name: string): { account: string; region: string } | undefined {
    const made = /^gen-(\d{12})-([a-z0-9-]+)-\d{7}$/.exec(name);
    return this.#bucketHome.get(name) ?? (made?.[1] && made[2] ? { account: made[1], region: made[2] } : undefined);
  }

  account(id: string): Account {
    const account = this.#accounts.get(id);
    if (account === undefined) throw new Error(`the world has no account ${id}: addAccount first`);
    return account;
  }

  has(account: string): boolean {
    return this.#accounts.has(account);
  }

  region(account: string, region: string): Region {
    const found = this.account(account).regions.get(region);
    if (found === undefined) throw new Error(`account ${account} has not enabled ${region}: addRegion first`);
    return found;
  }

  shelf<K extends Kind>(account: string, region: string, kind: K): Shelf<Records[K]> {
    return this.region(account, region).shelf(kind);
  }

  #layOut(account: string, region: string): void {
    const { regions } = this.account(account);
    const place = {
      seed: this.seed,
      account,
      region,
      count: (kind: Kind, elsewhere = region) => regions.get(elsewhere)?.counts[kind] ?? 0,
      regions: () => [...regions.keys()].sort(),
      accounts: () => this.accounts(),
    };
    const home = this.region(account, region);
    generators(place).forEach(([kind, source]) => (home.shelf(kind) as Shelf<unknown>).generate(source));
  }

  #putAliases(account: string, region: string, key: Records['kms.key']): void {
    for (const AliasName of key.aliases) this.put(account, region, 'kms.alias', { AliasName, TargetKeyId: key.KeyId });
  }
}
