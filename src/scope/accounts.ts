import type { Connection } from '#aws/connection.js';
import type { Principal } from '#aws/identity.js';
import { isChosen, type AccountChoice } from '#model/account-selector.js';
import { AtrestError } from '#model/errors.js';
import { listOrganization, type Organization, type OrganizationAccount } from './organization.js';
import type { OrganizationRequest, WantedAccount } from './request.js';

/** The accounts to be scanned, and those that AWS keeps closed, with their state. */
export interface ChosenAccounts {
  readonly organization: Organization;
  readonly wanted: readonly WantedAccount[];
  readonly closed: readonly OrganizationAccount[];
  /** Ids of accounts that were chosen before and are not in the organisation any more. */
  readonly gone: readonly string[];
}

/** Lists the organisation and chooses among its accounts. Rejects a choice that leaves nothing to scan. */
export async function chooseAccounts(
  connection: Connection,
  region: string,
  lister: Principal,
  request: OrganizationRequest,
): Promise<ChosenAccounts> {
  const organization = await listOrganization(connection, region, lister, request.needs);
  const { include, exclude, only, chosenBefore = false } = request;
  for (const choice of include)
    if (!organization.accounts.some((account) => isChosen(choice, account))) throw fitsNone(choice, organization);
  const isIn = (account: OrganizationAccount, choices: readonly AccountChoice[]) =>
    choices.some((choice) => isChosen(choice, account));
  const chosen = organization.accounts.filter(
    (account) => (include.length === 0 || isIn(account, include)) && !isIn(account, exclude),
  );
  const gone = only.filter((id) => !chosen.some((account) => account.id === id));
  for (const id of chosenBefore ? [] : gone) throw notChosen(id, organization);
  const asked = only.length === 0 ? chosen : chosen.filter(({ id }) => only.includes(id));
  if (asked.length === 0 && !chosenBefore)
    throw new AtrestError('config', 'scope.organization.include and exclude leave no account of the organisation', {
      hint: `It has ${String(organization.accounts.length)}.`,
    });
  // AWS leaving the state out is no reason to leave the account out.
  const isOpen = ({ state }: OrganizationAccount) => state === null || state === 'ACTIVE';
  const closed = asked.filter((account) => !isOpen(account));
  if (closed.length === asked.length && !chosenBefore)
    throw new AtrestError('config', 'None of the accounts that were chosen is open', {
      hint: `${closed.map(({ id, state }) => `${id} is ${String(state)}`).join(', ')}.`,
    });
  return {
    organization,
    wanted: asked.filter(isOpen).map(({ id, name, path, namePath, tags }) => ({
      ...{ id, name, path, namePath: namePath ?? null, tags },
      ...{ role: null, profile: null },
    })),
    closed,
    gone,
  };
}

function fitsNone(choice: AccountChoice, { accounts }: Organization): AtrestError {
  const written = typeof choice === 'string' ? choice : JSON.stringify(choice);
  const paths = [...new Set(accounts.flatMap(({ path, namePath }) => [path, namePath]))].filter(
    (each) => typeof each === 'string' && each !== '',
  );
  return new AtrestError('config', `scope.organization.include: no account of the organisation fits ${written}`, {
    hint:
      paths.length === 0
        ? undefined
        : `Its accounts are in ${paths.sort().slice(0, 8).join(', ')}${paths.length > 8 ? ' and elsewhere' : ''}.`,
  });
}

function notChosen(id: string, { accounts }: Organization): AtrestError {
  const there = accounts.some((account) => account.id === id);
  return new AtrestError(
    'config',
    there
      ? `--account ${id}: scope.organization.include and exclude leave that account out`
      : `--account ${id}: the organisation has no such account`,
  );
}
