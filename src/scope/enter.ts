import { CallFailed } from '#aws/ask.js';
import { causeOf } from '#aws/failure.js';
import { callerIdentity, profileCredentials, type CallerIdentity, type Principal } from '#aws/identity.js';
import type { CredentialProvider } from '#aws/connection.js';
import type { Missing } from '#model/attempt.js';
import { AtrestError } from '#model/errors.js';
import { assume, roleArn, type Doorway } from './identify.js';
import { accountRegions, type AccountRegions } from './regions.js';
import type { WantedAccount } from './request.js';

/** An account of the scope, with the credentials to read it unless it could not be entered. */
export interface ScopeAccount {
  readonly id: string;
  readonly name: string | null;
  /** OU path by ids. */
  readonly path: string | null;
  /** OU path by names, where somebody asked for it. */
  readonly namePath: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** skipped: AWS keeps it closed, and `reason` is its state. */
  readonly state: 'scanned' | 'skipped' | 'failed';
  readonly reason: string | null;
  readonly code: string | null;
  /** What kept it from being entered; null: it was. */
  readonly gap: Missing | null;
  readonly caller: CallerIdentity | null;
  /** ARNs of those who took part in entering it, the first one's credentials given, each other's by the one before. */
  readonly chain: readonly string[];
  readonly credentials: CredentialProvider | null;
  /** Enabled and asked for. */
  readonly regions: readonly string[];
  /** Asked for by name, but not enabled. */
  readonly disabledRegions: readonly string[];
}

/** An account before regions are chosen; `listed` is null where AWS would not say which it has. */
export interface Entered {
  readonly account: ScopeAccount;
  readonly listed: AccountRegions | null;
}

/** Who opens accounts, and from where. */
export interface Keyring extends Doorway {
  /** Assumes the roles. */
  readonly opener: Principal;
  /** Whose own accounts need no role: the caller, and who listed the organisation from its management account. */
  readonly insiders: readonly Principal[];
  readonly homeRegion: string;
  readonly regionsNamed: boolean;
}

/** An account that is not entered: `fields` say why. */
export function notEntered(
  account: Omit<WantedAccount, 'role' | 'profile'>,
  fields: Pick<ScopeAccount, 'state' | 'reason' | 'code' | 'gap'>,
): ScopeAccount {
  const { id, name, path, namePath, tags } = account;
  return {
    id,
    name,
    path,
    namePath,
    tags,
    caller: null,
    chain: [],
    credentials: null,
    regions: [],
    disabledRegions: [],
    ...fields,
  };
}

/** How an account is entered: as somebody who is in it already, by its profile or by its role; null: no way is named. */
export function wayInto({ id, role, profile }: WantedAccount, { entry, insiders, opener }: Keyring) {
  if (profile !== null) return { profile };
  const insider = role === null ? insiders.find(({ identity }) => identity.account === id) : undefined;
  if (insider !== undefined) return { insider };
  const named = role ?? entry.role;
  return named === null ? null : { arn: roleArn(named, id, opener.identity.partition) };
}

/** Enters an account and asks for its regions. What AWS refuses fails this account alone. */
export async function enterAccount(account: WantedAccount, keyring: Keyring): Promise<Entered> {
  const way = wayInto(account, keyring);
  if (way === null) throw new Error(`There is no way into ${account.id}`);
  const failed = ({ failure, meta: { operation } }: CallFailed, reason: string): Entered => {
    const gap = { facet: 'account/*', operation, action: operation, code: failure.code, cause: causeOf(failure) };
    return { account: notEntered(account, { state: 'failed', reason, code: failure.code, gap }), listed: null };
  };
  let inside: Principal;
  try {
    inside = await becomeInsider(account.id, way, keyring);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const said = error.failure.class === 'no-credentials' ? error.failure.message : error.failure.code;
    const how = way.arn === undefined ? ` with profile ${way.profile ?? ''}` : ` of ${way.arn}`;
    return failed(error, `${error.meta.operation}${how}: ${said}`);
  }
  const { identity: caller, credentials } = inside;
  const chain = chainOf(inside, way, keyring);
  const scanned = {
    ...notEntered(account, { state: 'scanned', reason: null, code: null, gap: null }),
    caller,
    chain,
    credentials,
  };
  try {
    const listed = await accountRegions(keyring.connection, { account: account.id, region: keyring.homeRegion, credentials });
    return { account: scanned, listed };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    // Refused, the regions that were named are taken at their word; with none named there is nothing to go by.
    if (keyring.regionsNamed) return { account: scanned, listed: null };
    return failed(
      error,
      `ec2:DescribeRegions: ${error.failure.code}; name the regions with --region to scan without it, or allow account:ListRegions`,
    );
  }
}

function chainOf(inside: Principal, { profile }: Way, { insiders: [caller], opener }: Keyring): readonly string[] {
  if (profile !== undefined || inside === caller) return [inside.identity.arn];
  return [...new Set([caller ?? opener, opener, inside].map(({ identity }) => identity.arn))];
}

type Way = NonNullable<ReturnType<typeof wayInto>>;

async function becomeInsider(id: string, way: Way, keyring: Keyring): Promise<Principal> {
  if (way.insider !== undefined) return way.insider;
  const inside =
    way.profile === undefined ? await assume(keyring, keyring.opener, way.arn) : await byProfile(id, way.profile, keyring);
  const { account } = inside.identity;
  if (account === id) return inside;
  // What is there would be reported as if it were here.
  const what = way.profile === undefined ? `The role ${way.arn}` : `The profile ${way.profile}`;
  throw new AtrestError('config', `${what} belongs to account ${account}, and is named for ${id}`);
}

async function byProfile(id: string, profile: string, { connection, region }: Doorway): Promise<Principal> {
  const credentials = await profileCredentials(connection, profile);
  return { credentials, identity: await callerIdentity(connection, region, credentials, id) };
}
