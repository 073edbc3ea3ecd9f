import { CallFailed } from '#aws/ask.js';
import type { Connection } from '#aws/connection.js';
import { assumedRole, callerIdentity, defaultCredentials, type CallerIdentity, type Principal } from '#aws/identity.js';
import type { Failure } from '#aws/failure.js';
import { AtrestError } from '#model/errors.js';
import type { Entry } from './request.js';

/** Whose credentials they are. Rejects when nobody's, and when they are of another partition than was asked for. */
export async function identifyCaller(connection: Connection, region: string, partition: string | null): Promise<Principal> {
  const credentials = await defaultCredentials(connection);
  const identity = await identified(connection, region, credentials);
  if (partition !== null && identity.partition !== partition) {
    throw new AtrestError(
      'config',
      `The credentials are of the partition ${identity.partition}, and scope.partition is ${partition}`,
      {
        hint: `They belong to ${identity.arn}. Use credentials of ${partition}, or mend the config.`,
      },
    );
  }
  return { credentials, identity };
}

async function identified(
  connection: Connection,
  region: string,
  credentials: Principal['credentials'],
): Promise<CallerIdentity> {
  try {
    return await callerIdentity(connection, region, credentials);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const { failure } = error;
    const hints: Partial<Record<Failure['class'], string>> = {
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

/** How a role is assumed, wherever it is. */
export interface Doorway {
  readonly connection: Connection;
  /** Of the STS endpoint. */
  readonly region: string;
  readonly entry: Entry;
}

export function roleArn(role: string, account: string, partition: string): string {
  return role.startsWith('arn:') ? role : `arn:${partition}:iam::${account}:role/${role}`;
}

/** Becomes a role. Rejects with CallFailed. */
export async function assume({ connection, region, entry }: Doorway, by: Principal, arn: string): Promise<Principal> {
  const credentials = await assumedRole(connection, region, by, {
    arn,
    externalId: entry.externalId ?? undefined,
    sessionName: entry.sessionName ?? 'atrest',
    durationSeconds: entry.durationSeconds ?? undefined,
  });
  await credentials();
  return { credentials, identity: await callerIdentity(connection, region, credentials, arn.split(':')[4]) };
}

/** Becomes a role without which there is nothing to scan. `option` names it in the config. */
export async function assumeOrRefuse(door: Doorway, by: Principal, role: string, option: string): Promise<Principal> {
  const arn = roleArn(role, by.identity.account, by.identity.partition);
  try {
    return await assume(door, by, arn);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const { failure, meta } = error;
    throw new AtrestError(
      'identity',
      `Cannot become ${option} ${arn}: ${meta.operation} as ${by.identity.arn}: ${failure.code}: ${failure.message}`,
      {
        hint:
          failure.class === 'denied'
            ? 'The caller needs the IAM action sts:AssumeRole on it, and its trust policy must name the caller.'
            : undefined,
        cause: error,
      },
    );
  }
}
