import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateKeyCommand, DescribeKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { ListBucketsCommand, ListDirectoryBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect } from './support.js';

const region = 'eu-west-1';
const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG', sessionToken: 'a+session/token==' };
const credentials = () => Promise.resolve(keys);

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let seen: Seen[];
let date: Date | undefined;
let answer: { status: number; body: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, path: url, headers, body });
      if (date !== undefined) response.setHeader('Date', date.toUTCString());
      response.writeHead(answer.status, { 'x-amzn-requestid': 'a-request' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  seen = [];
  date = undefined;
  answer = { status: 200, body: '{}' };
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
});

afterAll(() => void server.close());

const xml = (name: string) => `<${name}Response><${name}Result></${name}Result></${name}Response>`;

describe.each([
  ['kms', KMSClient, () => new DescribeKeyCommand({ KeyId: 'alias/a b/ü' }), '{"KeyMetadata":{"KeyId":"k"}}'],
  [
    'ec2',
    EC2Client,
    () => new DescribeVolumesCommand({ MaxResults: 500, Filters: [{ Name: 'a', Values: ['b c', '+&='] }] }),
    xml('DescribeVolumes'),
  ],
  ['s3', S3Client, () => new ListBucketsCommand({ MaxBuckets: 100, ContinuationToken: 'a+b/= ü' }), xml('ListAllMyBuckets')],
  ['s3express', S3Client, () => new ListDirectoryBucketsCommand({ MaxDirectoryBuckets: 100 }), xml('ListAllMyDirectoryBuckets')],
  ['rds', RDSClient, () => new DescribeDBInstancesCommand({ MaxRecords: 100, Marker: 'a+b/=' }), xml('DescribeDBInstances')],
] as const)('a call of %s that reads', (service, Client, command, body) => {
  type Sends = { send(command: object): Promise<{ $metadata: { requestId?: string } }> };
  const ours = () => connect().client<Sends>(Client, region, credentials);

  beforeEach(() => {
    answer = { status: 200, body };
  });

  test('is signed as AWS checks it', async () => {
    await ours().send(command());
    const [request] = seen;
    expect(request?.headers.authorization).toMatch(
      new RegExp(`Credential=${keys.accessKeyId}/\\d{8}/${region}/${service}/aws4_request, `),
    );
    expect(request?.headers['x-amz-security-token']).toBe(keys.sessionToken);
    expect(request?.headers.authorization).toContain(`Signature=${signatureOf(request, service)}`);
  });

  test('is what the client of the SDK sends by itself', async () => {
    const { $metadata } = await ours().send(command());
    expect($metadata.requestId).toBe('a-request');
    await (new Client({ region, credentials }) as unknown as Sends).send(command());
    const [direct, bare] = seen.map(comparable);
    expect(direct).toEqual(bare);
    expect(direct?.headers['user-agent']).toMatch(/ api\/(?:kms|ec2|rds|s3)#\d/);
  });

  test('fails as the client of the SDK does by itself', async () => {
    answer = {
      status: 400,
      body: service === 'kms' ? '{"__type":"AccessDeniedException","message":"no"}' : xmlError('AccessDenied'),
    };
    const errors = await Promise.all(
      [ours(), new Client({ region, credentials, maxAttempts: 1 }) as unknown as Sends].map((client) =>
        client.send(command()).then(
          () => undefined,
          (error: unknown) => error as Error & { $metadata: { httpStatusCode?: number }; $response: { statusCode: number } },
        ),
      ),
    );
    const [direct, bare] = errors.map((error) => [
      error?.name,
      error?.message,
      error?.$metadata.httpStatusCode,
      error?.$response.statusCode,
    ]);
    expect(direct).toEqual(bare);
    expect(direct?.[2]).toBe(400);
  });
});

test('accounts that share a way are signed for each by its own', async () => {
  const connection = connect();
  const other = () => Promise.resolve({ accessKeyId: 'AKIAOTHER', secretAccessKey: 'other' });
  const clients = [credentials, other].map((each) => connection.client(KMSClient, region, each));
  await Promise.all(clients.map((client) => client.send(new ListKeysCommand({}))));
  const signers = seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]);
  expect(signers.sort()).toEqual(['AKIAIOSFODNN7EXAMPLE', 'AKIAOTHER']);
});

test('calls go by the clock of AWS once an answer has told it, whoever asked', async () => {
  const connection = connect();
  date = new Date(Date.now() + 3_600_000);
  await connection.client(KMSClient, region, credentials).send(new ListKeysCommand({}));
  await connection
    .client(EC2Client, region, credentials)
    .send(new DescribeVolumesCommand({}))
    .catch(() => undefined);
  const signedAt = seen.map(({ headers }) => signedDate(headers).getTime());
  expect(signedAt[0]).toBeLessThan(date.getTime() - 3_000_000);
  expect(Math.abs((signedAt[1] ?? 0) - date.getTime())).toBeLessThan(60_000);
});

test('a command with steps of its own is sent with them where options are named', async () => {
  const kms = connect().client(KMSClient, region, credentials);
  const command = new ListKeysCommand({});
  command.middlewareStack.add(() => () => Promise.reject(new Error('a step of its own')), { step: 'initialize' });
  await expect(kms.send(command, {})).rejects.toThrow('a step of its own');
  expect(seen).toEqual([]);
});

test('what is more than reading goes as the SDK has it', async () => {
  const kms = connect().client(KMSClient, region, credentials);
  await kms.send(new CreateKeyCommand({}));
  await kms.send(new ListKeysCommand({}));
  expect(seen.map(({ headers }) => 'amz-sdk-invocation-id' in headers)).toEqual([true, false]);
});

function xmlError(code: string): string {
  return `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>a-request</RequestID></Response>`;
}

/** Without what no two requests have in common, and what tells AWS's statistics of the retries of the SDK. */
function comparable({ headers, ...request }: Seen) {
  const { authorization, 'x-amz-date': _date, 'amz-sdk-invocation-id': _id, 'amz-sdk-request': _attempt, ...rest } = headers;
  const agent = (rest['user-agent'] ?? '').replace(/ m\/\S+/, '');
  return {
    ...request,
    headers: { ...rest, 'user-agent': agent },
    scope: /\/\w{2}-\w+-\d\/\w+\/aws4_request/.exec(authorization ?? '')?.[0],
  };
}

function signedDate(headers: IncomingHttpHeaders): Date {
  const written = String(headers['x-amz-date']);
  return new Date(written.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
}

/** By the steps that AWS documents: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf(request: Seen | undefined, service: string): string {
  if (request === undefined) return 'no request';
  const { method, path, headers, body } = request;
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const [where = '', query = ''] = path.split('?');
  const canonical = [method, where, query.split('&').sort().join('&'), lines.join(''), names, hash(body)].join('\n');
  const at = String(headers['x-amz-date']);
  const scope = `${at.slice(0, 8)}/${region}/${service}/aws4_request`;
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  return hmac(key, ['AWS4-HMAC-SHA256', at, scope, hash(canonical)].join('\n')).toString('hex');
}
