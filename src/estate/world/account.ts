import type { PolicyDocument } from '../permissions.js';
import { daysBefore } from './key.js';
import { idOf } from './defaults.js';
import type { Kind, Records } from './records.js';
import { Shelf } from './shelf.js';

export interface Role {
  name: string;
  /** False: AssumeRole is refused as by a trust policy that names nobody. */
  assumable?: boolean;
  externalId?: string;
  /** Accounts whose principals may assume it; by default every account of the organization. */
  trusts?: readonly string[];
  /** Lifetime of its sessions whatever the caller asks for, so that a test need not wait a quarter of an hour. */
  sessionSeconds?: number;
}

export interface AccountOptions {
  name?: string;
  regions?: readonly string[];
  roles?: readonly Role[];
  /** The organization's management account: the first one added, unless one says so itself. */
  management?: boolean;
  /** False: not of this organization, such as the owner of a foreign key. */
  member?: boolean;
  state?: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';
  /** Organizational unit path as in Account.Paths; the units of all paths are the organization's tree. */
  path?: string;
  tags?: Readonly<Record<string, string>>;
  /** May list the organization as the management account does. */
  delegatedAdministrator?: boolean;
}

export interface RegionSettings {
  ebsEncryptionByDefault: boolean;
  ebsDefaultKmsKeyId: string;
  snapshotBlockPublicAccess: 'block-all-sharing' | 'block-new-sharing' | 'unblocked';
  imageBlockPublicAccess: 'block-new-sharing' | 'unblocked';
  blockManagedBy: 'account' | 'declarative-policy';
  /** Whether the account uses Security Hub here. */
  securityHub: boolean;
  /** The services whose alias/aws/… exists without a key until somebody asks for it. */
  predefinedAliases: readonly string[];
}

const predefined = ['dynamodb', 'ebs', 'elasticfilesystem', 'glue', 'lambda', 'rds', 'redshift', 's3', 'secretsmanager', 'ssm'];

export class Account {
  readonly id: string;
  readonly name: string;
  readonly member: boolean;
  readonly management: boolean | undefined;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly delegatedAdministrator: boolean;
  readonly joined = daysBefore(900);
  state: NonNullable<AccountOptions['state']>;
  readonly regions = new Map<string, Region>();
  readonly roles = new Map<string, Role>();
  /** The identity policies of all principals of the account; undefined: they may do everything. */
  policies: readonly PolicyDocument[] | undefined;

  constructor(id: string, options: AccountOptions) {
    this.id = id;
    this.name = options.name ?? `account-${id}`;
    this.member = options.member ?? true;
    this.management = options.management;
    this.path = options.path ?? 'o-estate00000/r-root/';
    this.tags = options.tags ?? {};
    this.delegatedAdministrator = options.delegatedAdministrator ?? false;
    this.state = options.state ?? 'ACTIVE';
    for (const region of options.regions ?? ['us-east-1']) this.addRegion(region);
    for (const role of options.roles ?? []) this.roles.set(role.name, role);
  }

  addRegion(name: string): void {
    if (!this.regions.has(name)) this.regions.set(name, new Region());
  }
}

export class Region {
  readonly settings: RegionSettings = {
    ebsEncryptionByDefault: false,
    ebsDefaultKmsKeyId: 'alias/aws/ebs',
    snapshotBlockPublicAccess: 'unblocked',
    imageBlockPublicAccess: 'unblocked',
    blockManagedBy: 'account',
    securityHub: false,
    predefinedAliases: predefined,
  };
  /** What was imported into Security Hub, by id. */
  readonly hubFindings = new Map<string, Record<string, unknown>>();
  /** Ids that an import fails on for reasons of AWS's own. */
  readonly hubRefusals = new Set<string>();
  /** How many of each kind the generator was asked for. */
  readonly counts: Partial<Record<Kind, number>> = {};
  readonly #shelves = new Map<Kind, unknown>();

  shelf<K extends Kind>(kind: K): Shelf<Records[K]> {
    let shelf = this.#shelves.get(kind) as Shelf<Records[K]> | undefined;
    if (shelf === undefined) {
      shelf = new Shelf<Records[K]>((record) => idOf(kind, record));
      this.#shelves.set(kind, shelf);
    }
    return shelf;
  }
}
