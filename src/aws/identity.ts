import { ask, emptyAnswer } from './ask.js';
import type { Connection, CredentialProvider, Credentials } from './connection.js';

/** Who the credentials belong to. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly partition: string;
  readonly requestId: string | null;
  readonly date: string | null;
}

/** What a role in another account is assumed with. */
export interface RoleRequest {
  readonly arn: string;
  readonly externalId: string | undefined;
  readonly sessionName: string;
}

/** Refreshed this long before they end, so that no call goes out with credentials that end on the way. */
const refreshAheadMs = 30_000;
const sdk = () => import('./sts-sdk.js');

/** The SDK's own chain: environment, profiles, SSO, web identity, container and instance roles. */
export async function defaultCredentials({ requestHandler }: Connection): Promise<CredentialProvider> {
  const { fromNodeProviderChain } = await sdk();
  return singleFlight(fromNodeProviderChain({ clientConfig: { requestHandler } }));
}

/** The region of the environment or profile, else us-east-1. */
export async function homeRegion(): Promise<string> {
  const { Client } = await sdk();
  try {
    return await new Client({}).config.region();
  } catch {
    return 'us-east-1';
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
  const { output, meta } = await ask(connection, { account, region }, 'sts:GetCallerIdentity', (http) =>
    sts.send(new GetCallerIdentityCommand({}), http),
  );
  const { Account, Arn: arn } = output;
  if (Account === undefined || arn === undefined) throw emptyAnswer(meta, 'the answer names no account');
  return { account: Account, arn, partition: arn.split(':')[1] || 'aws', requestId: meta.requestId, date: meta.date };
}

/** One provider per account: shared by all regions and services, it assumes the role once and again before it ends. */
export async function assumedRole(
  connection: Connection,
  region: string,
  base: CredentialProvider,
  role: RoleRequest,
): Promise<CredentialProvider> {
  const { AssumeRoleCommand, Client } = await sdk();
  const sts = connection.client(Client, region, base);
  const account = role.arn.split(':')[4] ?? '';
  return singleFlight(async () => {
    const request = { RoleArn: role.arn, RoleSessionName: role.sessionName, ExternalId: role.externalId, DurationSeconds: 3600 };
    const { output, meta } = await ask(connection, { account, region }, 'sts:AssumeRole', (http) =>
      sts.send(new AssumeRoleCommand(request), http),
    );
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

/** Fetches once for everybody who asks meanwhile; a failure is not remembered. */
function singleFlight(fetch: () => Promise<Credentials>): CredentialProvider {
  let held: Credentials | undefined;
  let fetching: Promise<Credentials> | undefined;
  return () => {
    if (held !== undefined && !isEnding(held)) return Promise.resolve(held);
    fetching ??= fetch().then(
      (fresh) => {
        held = fresh;
        fetching = undefined;
        return fresh;
      },
      (error: unknown) => {
        fetching = undefined;
        throw error;
      },
    );
    return fetching;
  };
}

/** Within half a minute of their end. */
function isEnding({ expiration }: Credentials): boolean {
  if (expiration === undefined) return false;
  const left = expiration.getTime() - Date.now();
  return left < refreshAheadMs;
}
