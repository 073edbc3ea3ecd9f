import { CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atrestRefuses, atrestScan, type Keys } from './atrest.js';
import { A, Cloud, keysOfA, US } from './cloud.js';
import { startMoto, type Moto } from './server.js';

/**
 * moto as the access control of AWS: it checks signatures and identity policies once `reset-auth` says so. A denial of
 * KMS comes as XML with status 403, which is not KMS's protocol.
 */
let moto: Moto;
let arn: string;
let auditor: Keys;

beforeAll(async () => {
  moto = await startMoto();
  const kms = new Cloud(moto.url, A, keysOfA, new Map()).kms(US);
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT', MultiRegion: false }),
  );
  arn = KeyMetadata?.Arn ?? '';
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: arn }));
  auditor = await makeUser('auditor', [
    'kms:ListKeys',
    'kms:ListAliases',
    'kms:GetKeyPolicy',
    'kms:GetKeyRotationStatus',
    'ec2:*',
    'sts:*',
  ]);
  await fetch(`${moto.url}/moto-api/reset-auth`, { method: 'POST', body: '0' });
});
afterAll(() => moto.stop());

/** By hand: no client of IAM is installed. */
async function iam(parameters: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(moto.url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${keysOfA.accessKeyId}/20260101/${US}/iam/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Version: '2010-05-08', ...parameters }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

async function makeUser(UserName: string, actions: readonly string[]): Promise<Keys> {
  await iam({ Action: 'CreateUser', UserName });
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  });
  await iam({ Action: 'PutUserPolicy', UserName, PolicyName: 'audit', PolicyDocument });
  const made = await iam({ Action: 'CreateAccessKey', UserName });
  const field = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(made)?.[1] ?? '';
  return { accessKeyId: field('AccessKeyId'), secretAccessKey: field('SecretAccessKey') };
}

test('the denial of KMS is XML where JSON is due', async () => {
  const kms = new Cloud(moto.url, A, auditor, new Map()).kms(US);
  const denial = kms.send(new DescribeKeyCommand({ KeyId: arn }));
  await expect(denial).rejects.toMatchObject({ name: 'SyntaxError', $response: { statusCode: 403 } });
});

test('a denial in the wrong protocol is a denial: unknown, no retry, exit 3', async () => {
  const options = ['--region', US, '--service', 'kms', '--include-pass', '--explain'];
  const { code, stderr, report } = await atrestScan(moto.url, auditor, options);
  expect(code, stderr).toBe(3);
  expect(report.run).toMatchObject({ complete: false, callers: { [A]: `arn:aws:iam::${A}:user/auditor` } });
  const missing = {
    facet: 'kms.key/metadata',
    operation: 'kms:DescribeKey',
    action: 'kms:DescribeKey',
    code: 'HTTP 403',
    cause: 'denied',
  };
  const judged = ['kms/not-pending-deletion', 'kms/policy-not-public', 'kms/rotation-enabled'];
  expect(report.findings.filter(({ rule }) => judged.includes(rule))).toMatchObject(
    judged.map((rule) => ({
      rule,
      resource: arn,
      verdict: 'unknown',
      missing: [missing],
    })),
  );
  const operations = report.coverage.flatMap((row) => row.operations);
  expect(operations.find(({ operation }) => operation === 'kms:DescribeKey')).toMatchObject({ calls: 1, errors: 1 });
  expect(report.coverage).toMatchObject([{ account: A, region: US, service: 'kms', state: 'partial' }]);
});

test('no permission at all leaves a report in which nothing passes', async () => {
  const nobody = await openly(() => makeUser('nobody', ['sts:GetCallerIdentity']));
  const { code, stderr, report } = await atrestScan(moto.url, nobody, ['--region', US, '--include-pass', '--explain']);
  expect(code, stderr).toBe(3);
  expect(report.run.complete).toBe(false);
  // Without a list of approved keys there is nothing to read for it; the settings of a region bear no tags that could require one.
  const reading = report.findings.filter(({ rule }) => rule !== 'key/approved' && rule !== 'ebs/default-key-cmk');
  expect([...new Set(reading.map(({ verdict }) => verdict))]).toEqual(['unknown']);
  expect([...new Set(report.findings.flatMap(({ missing }) => (missing ?? []).map(({ cause }) => cause)))]).toEqual(['denied']);
  expect(report.coverage.map(({ region, service, state }) => `${region}/${service} ${state}`)).toEqual([
    'global/s3 denied',
    `${US}/ec2 denied`,
    `${US}/kms denied`,
    `${US}/rds denied`,
    `${US}/s3 denied`,
  ]);
});

test('regions that may not be listed and are not named leave an account that was not entered', async () => {
  const nobody = await openly(() => makeUser('stranger', ['sts:GetCallerIdentity']));
  const { code, stderr, report } = await atrestScan(moto.url, nobody);
  expect(code, stderr).toBe(3);
  expect(report).toMatchObject({ run: { complete: false }, summary: { resources: 0, score: null }, findings: [] });
  expect(report.scope.accounts).toMatchObject([
    { id: A, state: 'failed', reason: expect.stringContaining('ec2:DescribeRegions') },
  ]);
  expect(report.coverage).toMatchObject([{ account: A, state: 'denied' }]);
});

test('credentials that nobody knows: exit 4, and nothing is written', async () => {
  const unknown = { accessKeyId: 'AKIAUNKNOWNEXAMPLE00', secretAccessKey: 'secret' };
  const { code, stdout, stderr, written } = await atrestRefuses(moto.url, unknown);
  expect(code, stderr).toBe(4);
  expect(stdout).toBe('');
  expect(stderr).toContain('InvalidClientTokenId');
  expect(written).toEqual([]);
});

/** With access control off meanwhile. */
async function openly<T>(work: () => Promise<T>): Promise<T> {
  await fetch(`${moto.url}/moto-api/reset-auth`, { method: 'POST', body: 'inf' });
  const done = await work();
  await fetch(`${moto.url}/moto-api/reset-auth`, { method: 'POST', body: '0' });
  return done;
}
