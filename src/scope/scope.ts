import pLimit from 'p-limit';
import { CallFailed } from '#aws/ask.js';
import type { Connection, CredentialProvider } from '#aws/connection.js';
import { assumedRole, callerIdentity, defaultCredentials, homeRegion, type CallerIdentity } from '#aws/identity.js';
import { causeOf } from '#aws/failure.js';
import type { Missing } from '#model/attempt.js';
import { AtrestError } from '#model/errors.js';
import { nearest } from '#model/nearest.js';
import { describeRegions, type AccountRegions } from './regions.js';

/** Accounts resolved at once. */
const concurrency = 8;

export interface ScopeRequest {
  /** Empty: the account of the credentials. */
  readonly accounts: readonly WantedAccount[];
  /** Name of the role to assume in accounts other than the caller's. */
  readonly role: string | null;
  readonly externalId: string | null;
  /** Regions named by the user; empty: all that the account has enabled. */
  readonly regions: readonly string[];
  readonly excludeRegions: readonly string[];
}

/** An account as the user names it. */
export interface WantedAccount {
  readonly id: string;
  readonly name: string | null;
  readonly role: string | null;
  readonly path: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** An account of the scope, with the credentials to read it unless it could not be entered. */
export interface ScopeAccount {
  readonly id: string;
  readonly name: string | null;
  readonly path: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly state: 'scanned' | 'failed';
  readonly reason: string | null;
  readonly code: string | null;
  /** What kept it from being entered; null: it was. */
  readonly gap: Missing | null;
  readonly caller: CallerIdentity | null;
  readonly credentials: CredentialProvider | null;
  /** Enabled and asked for. */
  readonly regions: readonly string[];
  /** Asked for by name, but not enabled. */
  readonly disabledRegions: readonly string[];
}

export interface Scope {
  readonly partition: string;
  readonly homeRegion: string;
  readonly caller: CallerIdentity;
  readonly accounts: readonly ScopeAccount[];
}

/** Finds out who we are, which accounts can be entered and which regions they have. Rejects when there is no identity. */
export async function resolveScope(request: ScopeRequest, connection: Connection): Promise<Scope> {
  const home = await homeRegion();
  const base = await defaultCredentials(connection);
  const caller = await identify(connection, home, base);
  const wanted =
    request.accounts.length === 0 ? [{ id: caller.account, name: null, role: null, path: null, tags: {} }] : request.accounts;
  const entered = await Promise.all(
    wanted.map((account) => inTurn(() => enter(account, request, { home, base, caller }, connection))),
  );
  checkRegionNames(request, entered);
  return { partition: caller.partition, homeRegion: home, caller, accounts: entered.map((each) => withRegions(each, request)) };
}

const inTurn = pLimit(concurrency);

async function identify(connection: Connection, region: string, credentials: CredentialProvider): Promise<CallerIdentity> {
  try {
    return await callerIdentity(connection, region, credentials);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const { failure } = error;
    const hints: Partial<Record<typeof failure.class, string>> = {
      'no-credentials': 'Set AWS_PROFILE, run `aws sso login`, or use any other source that the AWS SDK knows.',
      expired: 'Log in again.',
      'not-enabled': 'AWS does not know these credentials: check the access key and the session token.',
      unreachable: `No connection to STS in ${region}: check the network, proxy and AWS_ENDPOINT_URL.`,
      transient: `No answer from STS in ${region}: check the network, proxy and AWS_ENDPOINT_URL.`,
    };
    throw new AtrestError('identity', `Cannot tell who the credentials belong to: ${failure.code}: ${failure.message}`, {
      hint: hints[failure.class],
      cause: error,
    });
  }
}

interface Entered extends ScopeAccount {
  readonly listed: AccountRegions | null;
}

async function enter(
  account: ScopeRequest['accounts'][number],
  request: ScopeRequest,
  { home, base, caller }: { home: string; base: CredentialProvider; caller: CallerIdentity },
  connection: Connection,
): Promise<Entered> {
  const { id, name, path, tags } = account;
  const failed = ({ failure, meta }: CallFailed, reason: string): Entered => ({
    id,
    name,
    path,
    tags,
    state: 'failed',
    reason,
    code: failure.code,
    gap: {
      facet: 'account/*',
      operation: meta.operation,
      action: meta.operation,
      code: failure.code,
      cause: causeOf(failure),
    },
    caller: null,
    credentials: null,
    regions: [],
    disabledRegions: [],
    listed: null,
  });
  const roleName = account.role ?? request.role;
  if (id !== caller.account && roleName === null) {
    throw new AtrestError('config', `Account ${id} is not the caller's (${caller.account}) and no role is named`, {
      hint: 'Set scope.role in the config.',
    });
  }
  let credentials = base;
  let identity = caller;
  if (id !== caller.account && roleName !== null) {
    const arn = roleName.startsWith('arn:') ? roleName : `arn:${caller.partition}:iam::${id}:role/${roleName}`;
    credentials = await assumedRole(connection, home, base, {
      arn,
      externalId: request.externalId ?? undefined,
      sessionName: 'atrest',
    });
    try {
      await credentials();
      identity = await callerIdentity(connection, home, credentials, id);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      return failed(error, `${error.meta.operation} of ${arn}: ${error.failure.code}`);
    }
  }
  const entered = {
    id,
    name,
    path,
    tags,
    state: 'scanned' as const,
    reason: null,
    code: null,
    gap: null,
    caller: identity,
    credentials,
    regions: [],
    disabledRegions: [],
  };
  try {
    return { ...entered, listed: await describeRegions(connection, { account: id, region: home, credentials }) };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    // Refused, the regions that were named are taken at their word; with none named there is nothing to go by.
    if (request.regions.length > 0) return { ...entered, listed: null };
    return failed(error, `ec2:DescribeRegions: ${error.failure.code}; name the regions with --region to scan without it`);
  }
}

function checkRegionNames(request: ScopeRequest, accounts: readonly Entered[]): void {
  const listed = accounts.find((account) => account.listed !== null)?.listed;
  if (listed === undefined || listed === null) return;
  for (const region of [...request.regions, ...request.excludeRegions]) {
    if (listed.all.includes(region)) continue;
    const close = nearest(region, listed.all);
    throw new AtrestError('config', `There is no region ${region}`, {
      hint: close === undefined ? undefined : `Did you mean ${close}?`,
    });
  }
}

function withRegions({ listed, ...account }: Entered, { regions, excludeRegions }: ScopeRequest): ScopeAccount {
  if (account.state === 'failed') return account;
  const wanted = regions.length > 0 ? regions : (listed?.enabled ?? []);
  const asked = wanted.filter((region) => !excludeRegions.includes(region));
  const enabled = (region: string) => listed === null || listed.enabled.includes(region);
  return {
    ...account,
    regions: asked.filter(enabled).sort(),
    disabledRegions: asked.filter((region) => !enabled(region)).sort(),
  };
}
