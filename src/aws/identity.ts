import { ask, emptyAnswer, type Lane } from './ask.js';
import type { Connection, CredentialProvider, Credentials } from './connection.js';

/** Who the credentials belong to. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly partition: string;
  readonly requestId: string | null;
  readonly date: string | null;
  /** Our clock when the answer had come. */
  readonly at: string;
}

/** Credentials, with whom they belong to. */
export interface Principal {
  readonly credentials: CredentialProvider;
  readonly identity: CallerIdentity;
}

/** What a role is assumed with. */
export interface RoleRequest {
  readonly arn: string;
  readonly externalId: string | undefined;
  readonly sessionName: string;
  /** An hour where nothing is said. */
  readonly durationSeconds?: number | undefined;
}

/** AWS gives a role that was reached through another role no longer than this. */
const chainedSeconds = 3600;
/** Refreshed this long before they end, so that no call goes out with credentials that end on the way. */
const refreshAheadMs = 30_000;
const sdk = () => import('./sts-sdk.js');

/** The SDK's own chain: environment, profiles, SSO, web identity, container and instance roles. */
export async function defaultCredentials({ requestHandler }: Connection): Promise<CredentialProvider> {
  const { fromNodeProviderChain } = await sdk();
  return refreshing(fromNodeProviderChain({ clientConfig: { requestHandler } }));
}

/** The credentials of a profile of the AWS config, whatever the environment says. */
export async function profileCredentials({ requestHandler }: Connection, profile: string): Promise<CredentialProvider> {
  const { fromIni } = await sdk();
  return refreshing(fromIni({ profile, clientConfig: { requestHandler } }));
}

/** Where to begin in a partition in which no region is named: credentials of one mean nothing in another. */
const firstRegions: Readonly<Record<string, string>> = {
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
  'aws-eusc': 'eusc-de-east-1',
};

/** The region of the environment or profile, else one of the partition. */
export async function homeRegion(partition = 'aws'): Promise<string> {
  const { Client } = await sdk();
  try {
    return await new Client({}).config.region();
  } catch {
    return firstRegions[partition] ?? 'us-east-1';
  }
}

/** Rejects with CallFailed. */
export async function callerIdentity(
  connection: Connection,
  region: string,
  credentials: CredentialProvider,
  account = '*',
): Promise<CallerIdentity> {
  const { Client, GetCallerIdentityCommand } = await sdk();
  const sts = connection.client(Client, region, credentials);
  const { output, meta } = await ask(connection, { account, region }, 'sts:GetCallerIdentity', () =>
    sts.send(new GetCallerIdentityCommand({})),
  );
  const { Account, Arn: arn } = output;
  if (Account === undefined || arn === undefined) throw emptyAnswer(meta, 'the answer names no account');
  return {
    account: Account,
    arn,
    partition: arn.split(':')[1] || 'aws',
    requestId: meta.requestId,
    date: meta.date,
    at: connection.time(),
  };
}

/**
 * One provider per account: shared by all regions and services, it assumes the role once and again before it ends.
 * `region` is the one whose STS endpoint is asked, wherever the credentials are used then.
 */
export async function assumedRole(
  connection: Connection,
  region: string,
  by: Principal,
  role: RoleRequest,
): Promise<CredentialProvider> {
  const { AssumeRoleCommand, Client } = await sdk();
  const sts = connection.client(Client, region, by.credentials);
  const wanted = role.durationSeconds ?? chainedSeconds;
  const request = {
    RoleArn: role.arn,
    RoleSessionName: role.sessionName,
    ExternalId: role.externalId,
    DurationSeconds: isRoleSession(by.identity) ? Math.min(wanted, chainedSeconds) : wanted,
  };
  // The quota is that of the account that asks.
  const place = { account: by.identity.account, region };
  // Calls in flight wait for these credentials. In line behind them, both would wait for ever.
  const { limiter, signal, stats } = connection;
  const lane: Lane = { limiter, signal, stats, inFlight: (call) => call() };
  return refreshing(async () => {
    const { output, meta } = await ask(lane, place, 'sts:AssumeRole', () => sts.send(new AssumeRoleCommand(request)));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = output.Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
      throw emptyAnswer(meta, `${role.arn} was assumed without credentials`);
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    };
  });
}

function isRoleSession({ arn }: CallerIdentity): boolean {
  return arn.includes(':assumed-role/');
}

interface Held {
  readonly credentials: Credentials;
  /** When to fetch them anew; undefined: they do not end. */
  readonly renewAt: number | undefined;
}

/** Fetches once for everybody who asks meanwhile, and again before what it holds ends; a failure is not remembered. */
export function refreshing(fetch: () => Promise<Credentials>): CredentialProvider {
  let held: Held | undefined;
  let fetching: Promise<Credentials> | undefined;
  const renew = async (): Promise<Credentials> => {
    try {
      const credentials = await fetch();
      held = { credentials, renewAt: renewalOf(credentials) };
      return credentials;
    } catch (error) {
      const left = held === undefined ? 0 : millisecondsLeft(held.credentials);
      if (held === undefined || left <= 0) throw error;
      // What has not ended yet serves until it does, without a try at every call.
      held = { ...held, renewAt: Date.now() + left / 4 };
      return held.credentials;
    } finally {
      fetching = undefined;
    }
  };
  return () => {
    if (held !== undefined && (held.renewAt === undefined || Date.now() < held.renewAt)) return Promise.resolve(held.credentials);
    return (fetching ??= renew());
  };
}

/** Half a minute before the end; of sessions that hardly live that long, when half of them is over. */
function renewalOf(credentials: Credentials): number | undefined {
  if (credentials.expiration === undefined) return undefined;
  const ahead = Math.min(refreshAheadMs, millisecondsLeft(credentials) / 2);
  return credentials.expiration.getTime() - ahead;
}

function millisecondsLeft({ expiration }: Credentials): number {
  return expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - Date.now();
}
