import { EC2Client } from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Keys } from './atrest.js';

/** The account of every access key that moto did not make itself. */
export const A = '123456789012';
export const B = '222222222222';
export const US = 'us-east-1';
export const EU = 'eu-west-1';
export const DE = 'eu-central-1';
/** Outside the three regions that are scanned by name. */
export const WEST = 'us-west-2';

export const keysOfA: Keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };

/** Makes this process's own SDK chain lead to moto as account A, whatever is set up on the machine. */
export function enterMotoByEnvironment(endpoint: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: US,
    AWS_ACCESS_KEY_ID: keysOfA.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keysOfA.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
}

/** Clients of one account, and the names by which the tables of expected verdicts know what was made through them. */
export class Cloud {
  readonly account: string;
  /** ARN to name. */
  readonly names: Map<string, string>;
  readonly #config: { readonly endpoint: string; readonly credentials: Keys; readonly maxAttempts: 1 };

  constructor(endpoint: string, account: string, credentials: Keys, names: Map<string, string>) {
    this.account = account;
    this.names = names;
    this.#config = { endpoint, credentials, maxAttempts: 1 };
  }

  kms = (region: string) => new KMSClient({ ...this.#config, region });
  ec2 = (region: string) => new EC2Client({ ...this.#config, region });
  rds = (region: string) => new RDSClient({ ...this.#config, region });
  s3 = (region: string) => new S3Client({ ...this.#config, region, forcePathStyle: true });

  /** Calls a resource by its name; returns its ARN. */
  called(name: string, arn: string): string {
    this.names.set(arn, name);
    return arn;
  }
}

/** Both accounts, the second entered through a role as the scan enters it. */
export async function enterBoth(endpoint: string, names: Map<string, string>): Promise<{ readonly a: Cloud; readonly b: Cloud }> {
  const keysOfB = await assume(endpoint, B);
  return { a: new Cloud(endpoint, A, keysOfA, names), b: new Cloud(endpoint, B, keysOfB, names) };
}

export async function assume(endpoint: string, account: string): Promise<Keys> {
  const sts = new STSClient({ endpoint, region: US, credentials: keysOfA });
  const role = new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/Seed`, RoleSessionName: 'seed' });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = (await sts.send(role)).Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
