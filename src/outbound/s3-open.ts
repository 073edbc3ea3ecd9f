import { CallFailed, ask } from '#aws/ask.js';
import { Connection, type ConnectionOptions, type CredentialProvider } from '#aws/connection.js';
import { assumedRole, callerIdentity, defaultCredentials, homeRegion, type CallerIdentity } from '#aws/identity.js';
import { S3Calls, type Sdk } from './s3-calls.js';
import { explainS3, type S3Place, type S3Use } from './s3-errors.js';

/** A part of 8 MiB has to fit through a slow line. */
const requestTimeoutMs = 120_000;

/** A bucket in its region, asked with the credentials that are to be used on it. */
export interface OpenedS3 {
  readonly calls: S3Calls;
  /** For what has to be tidied up after Ctrl-C too. */
  readonly unstopped: S3Calls;
  readonly region: string;
  /** Whom the credentials belong to. */
  caller(): Promise<CallerIdentity>;
  close(): void;
}

/** Finds the bucket's region. Rejects with an AtrestError that says what to allow. */
export async function openS3(place: S3Place, use: S3Use, given: ConnectionOptions): Promise<OpenedS3> {
  const sdk = await import('./s3-sdk.js');
  const options = { ...given, requestTimeoutMs: given.requestTimeoutMs ?? requestTimeoutMs };
  const connection = await Connection.open(options);
  const unstopped = await Connection.open({ ...options, signal: undefined });
  const close = () => {
    connection.close();
    unstopped.close();
  };
  try {
    const home = await homeRegion();
    const base = await defaultCredentials(unstopped);
    const credentials =
      place.role === null
        ? base
        : await assumedRole(
            unstopped,
            home,
            { credentials: base, identity: await callerIdentity(unstopped, home, base) },
            { arn: place.role, externalId: undefined, sessionName: use.session, durationSeconds: undefined },
          );
    const region = await regionOf(sdk, unstopped, { home, credentials, place, use });
    const calls = (each: Connection) => new S3Calls(sdk, each, { region, credentials, place, use });
    const caller = async () => {
      try {
        return await callerIdentity(connection, home, credentials);
      } catch (error) {
        throw explainS3(error, place, use);
      }
    };
    return { calls: calls(connection), unstopped: calls(unstopped), region, caller, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** S3 names a bucket's region whatever region is asked, even when it refuses all else. */
async function regionOf(
  sdk: Sdk,
  connection: Connection,
  asked: { readonly home: string; readonly credentials: CredentialProvider; readonly place: S3Place; readonly use: S3Use },
): Promise<string> {
  const { home, credentials, place, use } = asked;
  const client = connection.client(sdk.Client, home, credentials);
  try {
    const { output } = await ask(connection, { account: '*', region: home }, 's3:HeadBucket', () =>
      client.send(new sdk.HeadBucketCommand({ Bucket: place.bucket })),
    );
    return output.BucketRegion ?? home;
  } catch (error) {
    const { cause } = error as { cause?: { $response?: { headers?: Record<string, string> } } };
    const told = cause?.$response?.headers?.['x-amz-bucket-region'];
    if (error instanceof CallFailed && told !== undefined && error.failure.class !== 'not-found') return told;
    throw explainS3(error, place, use);
  }
}
