import pLimit from 'p-limit';
import type { Connection } from '#aws/connection.js';
import { homeRegion, type CallerIdentity, type Principal } from '#aws/identity.js';
import { AtrestError } from '#model/errors.js';
import { nearest } from '#model/nearest.js';
import { chooseAccounts } from './accounts.js';
import { enterAccount, notEntered, wayInto, type Entered, type Keyring, type ScopeAccount } from './enter.js';
import { assumeOrRefuse, identifyCaller, type Doorway } from './identify.js';
import type { Organization } from './organization.js';
import type { ScopeRequest, WantedAccount } from './request.js';

export type { ScopeAccount } from './enter.js';

/** Accounts entered at once. */
const concurrency = 32;

export interface Scope {
  readonly partition: string;
  readonly homeRegion: string;
  readonly caller: CallerIdentity;
  /** Null: the scope is no organisation. */
  readonly organization: Organization | null;
  readonly accounts: readonly ScopeAccount[];
}

/** Finds out who we are, which accounts can be entered and which regions they have. Rejects when there is no identity. */
export async function resolveScope(request: ScopeRequest, connection: Connection): Promise<Scope> {
  const home = await homeRegion(request.partition ?? undefined);
  const door: Doorway = { connection, region: request.stsRegion ?? home, entry: request.entry };
  const caller = await identifyCaller(connection, door.region, request.partition);
  const { through } = request.entry;
  const opener = through === null ? caller : await assumeOrRefuse(door, caller, through, 'scope.through');
  const { organization, wanted, closed, lister } = await askedAccounts(request, door, { caller, opener, home });
  const inManagement = lister?.identity.account === organization?.managementAccount;
  const keyring: Keyring = {
    ...door,
    opener,
    insiders: lister !== null && inManagement ? [caller, lister] : [caller],
    homeRegion: home,
    regionsNamed: request.regions.length > 0,
  };
  for (const account of wanted) if (wayInto(account, keyring) === null) throw noWay(account, caller.identity);
  const inTurn = pLimit(concurrency);
  const entered = await Promise.all(wanted.map((account) => inTurn(() => enterAccount(account, keyring))));
  checkRegionNames(request, entered);
  const accounts = [...entered.map((each) => withRegions(each, request)), ...closed];
  return { partition: caller.identity.partition, homeRegion: home, caller: caller.identity, organization, accounts };
}

interface AskedAccounts {
  readonly organization: Organization | null;
  /** Who listed the organisation. */
  readonly lister: Principal | null;
  readonly wanted: readonly WantedAccount[];
  readonly closed: readonly ScopeAccount[];
}

async function askedAccounts(
  request: ScopeRequest,
  door: Doorway,
  { caller, opener, home }: { caller: Principal; opener: Principal; home: string },
): Promise<AskedAccounts> {
  const none = { organization: null, lister: null, closed: [] };
  if (request.organization !== null) {
    const { listRole } = request.organization;
    const lister = listRole === null ? opener : await assumeOrRefuse(door, opener, listRole, 'scope.organization.listRole');
    const { organization, wanted, closed, gone } = await chooseAccounts(door.connection, home, lister, request.organization);
    const skipped = closed.map((account) =>
      notEntered(
        { ...account, namePath: account.namePath ?? null },
        { state: 'skipped', reason: account.state, code: null, gap: null },
      ),
    );
    const left = gone.map((id) =>
      notEntered(
        { id, name: null, path: null, namePath: null, tags: {} },
        { state: 'failed', reason: 'not in the organisation any more', code: null, gap: null },
      ),
    );
    return { organization, lister, wanted, closed: [...skipped, ...left] };
  }
  if (request.accounts.length > 0) return { ...none, wanted: request.accounts };
  const own = { id: caller.identity.account, name: null, role: null, profile: null, path: null, namePath: null, tags: {} };
  return { ...none, wanted: [own] };
}

function noWay({ id }: WantedAccount, { account }: CallerIdentity): AtrestError {
  return new AtrestError('config', `Account ${id} is not the caller's (${account}) and no role is named`, {
    hint: 'Set scope.role in the config.',
  });
}

/** A name is right when it is a region of any account: some have regions that others do not see. */
function checkRegionNames({ regions, excludeRegions }: ScopeRequest, entered: readonly Entered[]): void {
  const lists = entered.flatMap(({ listed }) => listed ?? []);
  if (lists.length === 0) return;
  const known = new Set(lists.flatMap(({ all }) => all));
  for (const region of [...regions, ...excludeRegions]) {
    if (known.has(region)) continue;
    const close = nearest(region, [...known]);
    throw new AtrestError('config', `There is no region ${region}`, {
      hint: close === undefined ? undefined : `Did you mean ${close}?`,
    });
  }
}

function withRegions({ account, listed }: Entered, { regions, excludeRegions }: ScopeRequest): ScopeAccount {
  if (account.state !== 'scanned') return account;
  const wanted = regions.length > 0 ? regions : (listed?.enabled ?? []);
  const asked = wanted.filter((region) => !excludeRegions.includes(region));
  const enabled = (region: string) => listed === null || listed.enabled.includes(region);
  return {
    ...account,
    regions: asked.filter(enabled).sort(),
    disabledRegions: asked.filter((region) => !enabled(region)).sort(),
  };
}
