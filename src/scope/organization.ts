import { ask, CallFailed, emptyAnswer } from '#aws/ask.js';
import type { Connection } from '#aws/connection.js';
import type { Principal } from '#aws/identity.js';
import type { ChoiceNeeds, ChoosableAccount } from '#model/account-selector.js';
import { AtrestError } from '#model/errors.js';
import type * as sdk from './organizations-sdk.js';

/** An AWS organisation with all its accounts. Null is what their ARNs do not say. */
export interface Organization {
  readonly id: string | null;
  readonly managementAccount: string | null;
  readonly accounts: readonly OrganizationAccount[];
}

export interface OrganizationAccount extends ChoosableAccount {
  /** `ACTIVE`, or why AWS lets nobody in: `SUSPENDED`, `PENDING_CLOSURE`, …; null: AWS does not say. */
  readonly state: string | null;
}

/** Accounts a page: the most that AWS takes. */
const pageSize = 20;

/**
 * Lists an organisation as `lister` sees it, with what `needs` says that the choice among its accounts takes. All of
 * it or nothing: with a part of the accounts, the others would be left out without a word.
 */
export async function listOrganization(
  connection: Connection,
  region: string,
  lister: Principal,
  needs: ChoiceNeeds,
): Promise<Organization> {
  try {
    return await new Listing(connection, region, lister, await import('./organizations-sdk.js')).organization(needs);
  } catch (error) {
    throw error instanceof CallFailed ? unlisted(error, lister) : error;
  }
}

/** `arn:aws:organizations::MANAGEMENT:account/ORGANISATION/ID` */
const accountArn = /^arn:[^:]+:organizations::(\d{12}):account\/([^/]+)\//;

type Sdk = typeof sdk;

/** A root or OU: its name, and what it lies in; null: nothing. */
interface Unit {
  readonly name: string;
  readonly parent: string | null;
}

class Listing {
  readonly #connection: Connection;
  readonly #place: { readonly account: string; readonly region: string };
  readonly #sdk: Sdk;
  readonly #client: InstanceType<Sdk['Client']>;

  constructor(connection: Connection, region: string, { identity, credentials }: Principal, sdk: Sdk) {
    this.#connection = connection;
    this.#place = { account: identity.account, region };
    this.#sdk = sdk;
    this.#client = connection.client(sdk.Client, region, credentials);
  }

  async organization(needs: ChoiceNeeds): Promise<Organization> {
    const { ListAccountsCommand } = this.#sdk;
    const listed = await this.#all('organizations:ListAccounts', async (NextToken) => {
      const command = new ListAccountsCommand({ MaxResults: pageSize, NextToken });
      const output = await this.#client.send(command);
      return { ...output, items: output.Accounts };
    });
    const [, managementAccount = null, id = null] =
      listed.map(({ Arn }) => accountArn.exec(Arn ?? '')).find((match) => match !== null) ?? [];
    const isWithoutPath = listed.some(({ Paths }) => Paths?.[0] === undefined);
    const units = needs.names || (needs.paths && isWithoutPath) ? await this.#units() : undefined;
    // Where pages shift, an account comes twice.
    const known = new Map(listed.flatMap((account) => (account.Id === undefined ? [] : [[account.Id, account] as const])));
    const accounts = await Promise.all(
      [...known].map(([each, { Name, State, Paths }]) =>
        this.#account({ id: each, name: Name ?? null, state: State ?? null, path: Paths?.[0] }, id, needs, units),
      ),
    );
    return { id, managementAccount, accounts };
  }

  async #account(
    { id, name, state, path: given }: { id: string; name: string | null; state: string | null; path: string | undefined },
    organization: string | null,
    needs: ChoiceNeeds,
    units: ReadonlyMap<string, Unit> | undefined,
  ): Promise<OrganizationAccount> {
    let path = given === undefined ? null : withoutAccount(given, id);
    if (path === null && units !== undefined) path = [organization ?? 'o-', ...above(await this.#parent(id), units)].join('/');
    const names = path?.split('/').flatMap((unit) => units?.get(unit)?.name ?? []) ?? [];
    const namePath = units === undefined || path === null ? null : names.join('/');
    return { id, name, state, path, namePath, tags: needs.tags ? await this.#tags(id) : {} };
  }

  /** The tree of OUs, level by level. */
  async #units(): Promise<ReadonlyMap<string, Unit>> {
    const { ListRootsCommand, ListOrganizationalUnitsForParentCommand } = this.#sdk;
    const units = new Map<string, Unit>();
    const roots = await this.#all('organizations:ListRoots', async (NextToken) => {
      const output = await this.#client.send(new ListRootsCommand({ NextToken }));
      return { ...output, items: output.Roots };
    });
    const add = (parent: string | null) => (unit: { Id?: string | undefined; Name?: string | undefined }) => {
      if (unit.Id === undefined) return [];
      units.set(unit.Id, { name: unit.Name ?? unit.Id, parent });
      return [unit.Id];
    };
    const walk = async (ParentId: string): Promise<void> => {
      const children = await this.#all(
        'organizations:ListOrganizationalUnitsForParent',
        async (NextToken) => {
          const command = new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken });
          const output = await this.#client.send(command);
          return { ...output, items: output.OrganizationalUnits };
        },
        0,
      );
      await Promise.all(children.flatMap(add(ParentId)).map(walk));
    };
    await Promise.all(roots.flatMap(add(null)).map(walk));
    return units;
  }

  async #parent(ChildId: string): Promise<string> {
    const { ListParentsCommand } = this.#sdk;
    const [parent] = await this.#all('organizations:ListParents', async (NextToken) => {
      const output = await this.#client.send(new ListParentsCommand({ ChildId, NextToken }));
      return { ...output, items: output.Parents };
    });
    return parent?.Id ?? '';
  }

  async #tags(ResourceId: string): Promise<Readonly<Record<string, string>>> {
    const { ListTagsForResourceCommand } = this.#sdk;
    const tags = await this.#all(
      'organizations:ListTagsForResource',
      async (NextToken) => {
        const output = await this.#client.send(new ListTagsForResourceCommand({ ResourceId, NextToken }));
        return { ...output, items: output.Tags };
      },
      0,
    );
    return Object.fromEntries(tags.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])));
  }

  /**
   * All pages of a list. An empty page with a token is not the end; an answer without a list, fewer items than there
   * must be, and a token that comes back are no answers.
   */
  async #all<Item>(
    operation: string,
    page: (
      token: string | undefined,
    ) => Promise<{ readonly items: readonly Item[] | undefined; readonly NextToken?: string | undefined }>,
    least = 1,
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    const seen = new Set<string>();
    for (let token: string | undefined; ;) {
      const asked = token;
      const { output, meta } = await ask(this.#connection, this.#place, operation, () => page(asked));
      if (output.items === undefined) throw emptyAnswer(meta, 'the answer holds no list');
      items.push(...output.items);
      token = output.NextToken ?? undefined;
      if (token === undefined && items.length < least) throw emptyAnswer(meta, 'the list is empty');
      if (token === undefined) return items;
      if (seen.has(token)) throw emptyAnswer(meta, 'the list comes back to a page that it gave before');
      seen.add(token);
    }
  }
}

/** AWS may end an account's path with the account itself, and does with a slash. */
function withoutAccount(path: string, account: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== account)
    .join('/');
}

/** A unit with those it lies in, outermost first. */
function above(unit: string, units: ReadonlyMap<string, Unit>): readonly string[] {
  const parent = units.get(unit)?.parent ?? null;
  return parent === null ? [unit] : [...above(parent, units), unit];
}

function unlisted({ failure, meta }: CallFailed, { identity }: Principal): AtrestError {
  const said = `${meta.operation} as ${identity.arn}: ${failure.code}: ${failure.message}`;
  if (failure.code === 'AWSOrganizationsNotInUseException') {
    return new AtrestError('config', `Account ${identity.account} belongs to no organisation, and scope.organization is set`, {
      hint: 'Name the accounts with scope.accounts, or with scope.organization.listRole a role in an account that belongs to one.',
    });
  }
  const hint =
    failure.class === 'denied'
      ? `Allow the IAM action ${meta.operation} in the management account or in a delegated administrator's, or name a role that may with scope.organization.listRole.`
      : undefined;
  return new AtrestError('identity', `Cannot list the accounts of the organisation: ${said}`, { hint });
}
