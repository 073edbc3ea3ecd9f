import { EC2Client } from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach } from 'vitest';
import { createWorld, startEstate } from '#estate/index.js';
import type { Estate, EstateOptions, World } from '#estate/index.js';

export const A = '111111111111';
export const B = '222222222222';
export const R = 'eu-west-1';
export const R2 = 'us-east-1';

const open: Estate[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((estate) => estate.close()));
});

/** Two accounts, two regions, nothing in them. */
export function smallWorld(): World {
  return createWorld({ seed: 7 })
    .addAccount(A, { regions: [R, R2] })
    .addAccount(B, { regions: [R, R2] });
}

/** An estate that the end of the test closes. */
export async function running(world: World, options?: EstateOptions): Promise<Estate> {
  const estate = await startEstate(world, options);
  open.push(estate);
  return estate;
}

export function clients(estate: Estate, account = A, region = R) {
  const config = { endpoint: estate.url, region, credentials: estate.credentialsFor(account), maxAttempts: 1 };
  return {
    kms: new KMSClient(config),
    s3: new S3Client(config),
    ec2: new EC2Client(config),
    rds: new RDSClient(config),
    sts: new STSClient(config),
  };
}

/** A signed request by hand, for what no installed SDK client sends. */
export async function send(
  estate: Estate,
  service: string,
  init: {
    path?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    account?: string;
    region?: string;
    key?: string;
  },
) {
  const key = init.key ?? estate.credentialsFor(init.account ?? A).accessKeyId;
  const scope = `${key}/20261120/${init.region ?? R}/${service}/aws4_request`;
  const response = await fetch(estate.url + (init.path ?? '/'), {
    method: init.method ?? 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`, ...init.headers },
    ...(init.body !== undefined && { body: init.body }),
    redirect: 'manual',
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The error a call ends with; fails the test if it succeeds. */
export async function errorOf(
  call: Promise<unknown>,
): Promise<Error & { Code?: string; $metadata?: { httpStatusCode?: number; requestId?: string } }> {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('the call was expected to fail');
}

/** Every item of a paged list, and how many pages it took. */
export async function walk<P, T>(
  pages: AsyncIterable<P>,
  items: (page: P) => readonly T[] | undefined,
): Promise<{ items: T[]; pages: number }> {
  const all: T[] = [];
  let count = 0;
  for await (const page of pages) {
    all.push(...(items(page) ?? []));
    count++;
  }
  return { items: all, pages: count };
}
