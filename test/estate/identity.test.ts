import { DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { createWorld } from '#estate/index.js';
import { A, B, R, R2, clients, errorOf, running, send, smallWorld } from './support.js';

const json = 'application/x-amz-json-1.1';
const kmsHeaders = { 'x-amz-target': 'TrentService.ListKeys', 'content-type': json };

test('each account and region has its own resources', async () => {
  const world = smallWorld();
  world.put(A, R, 'kms.key');
  world.put(A, R2, 'ebs.volume');
  world.put(B, R, 'rds.instance');
  const estate = await running(world);
  const seen = async (account: string, region: string) => {
    const { kms, ec2, rds } = clients(estate, account, region);
    return [
      (await kms.send(new ListKeysCommand({}))).Keys?.length,
      (await ec2.send(new DescribeVolumesCommand({}))).Volumes?.length,
      (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances?.length,
    ];
  };
  expect([await seen(A, R), await seen(A, R2), await seen(B, R), await seen(B, R2)]).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
  ]);
});

test('GetCallerIdentity tells the account of the key; an assumed role tells its session', async () => {
  const world = smallWorld().addRole(B, { name: 'Audit' });
  world.put(B, R, 'kms.key');
  const estate = await running(world);
  const { sts } = clients(estate);
  const me = await sts.send(new GetCallerIdentityCommand({}));
  expect([me.Account, me.Arn]).toEqual([A, `arn:aws:iam::${A}:user/estate`]);
  const RoleArn = `arn:aws:iam::${B}:role/Audit`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's', DurationSeconds: 900 }));
  expect(Credentials?.AccessKeyId).toMatch(/^ASIA.{16}$/);
  expect(Number(Credentials?.Expiration) - Date.now()).toBeLessThanOrEqual(900_000);
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const there = new KMSClient({ endpoint: estate.url, region: R, credentials });
  expect((await there.send(new ListKeysCommand({}))).Keys?.length).toBe(1);
  expect(estate.log.at(-1)).toMatchObject({ account: B, region: R, operation: 'kms:ListKeys', status: 200 });
  const headers = { ...kmsHeaders, 'x-amz-security-token': credentials.sessionToken };
  const chained = await send(estate, 'sts', {
    key: credentials.accessKeyId,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: `Action=AssumeRole&Version=2011-06-15&RoleSessionName=x&DurationSeconds=7200&RoleArn=${RoleArn}`,
  });
  expect(chained.text).toContain('role chaining');
  const noToken = await send(estate, 'kms', { key: credentials.accessKeyId, headers: kmsHeaders, body: '{}' });
  expect(noToken.text).toContain('UnrecognizedClientException');
});

test('AssumeRole is refused for a missing, closed, distrusting or differently keyed role', async () => {
  const world = smallWorld()
    .addRole(B, { name: 'closed', assumable: false })
    .addRole(B, { name: 'picky', trusts: [B] })
    .addRole(B, { name: 'keyed', externalId: 'secret' });
  const { sts } = clients(await running(world));
  const assume = (name: string, ExternalId?: string) =>
    sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${B}:role/${name}`,
        RoleSessionName: 's',
        ...(ExternalId && { ExternalId }),
      }),
    );
  for (const call of [assume('none'), assume('closed'), assume('picky'), assume('keyed'), assume('keyed', 'wrong')]) {
    const error = await errorOf(call);
    expect([error.name, error.$metadata?.httpStatusCode]).toEqual(['AccessDenied', 403]);
    expect(error.message).toContain('is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::');
  }
  await expect(assume('keyed', 'secret')).resolves.toBeDefined();
});

test('an expired session has a name of its own in each protocol', async () => {
  let now = new Date('2026-11-22T00:00:00Z');
  const world = smallWorld().addRole(A, { name: 'short', sessionSeconds: 60 });
  const estate = await running(world, { now: () => now });
  const { sts } = clients(estate);
  const assumed = await sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${A}:role/short`, RoleSessionName: 's' }));
  expect(assumed.Credentials?.Expiration).toEqual(new Date('2026-11-22T00:01:00Z'));
  const call = async (service: string, headers: Record<string, string>, body?: string) => {
    const token = { 'x-amz-security-token': assumed.Credentials?.SessionToken ?? '' };
    const key = assumed.Credentials?.AccessKeyId ?? '';
    const method = body === undefined ? 'GET' : 'POST';
    const { status, text } = await send(estate, service, {
      key,
      method,
      headers: { ...headers, ...token },
      ...(body && { body }),
    });
    return [status, /(?:<Code>|"__type":")(\w+)/.exec(text)?.[1]];
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await call('kms', kmsHeaders, '{}')).toEqual([200, undefined]);
  now = new Date('2026-11-22T00:01:01Z');
  expect(await call('kms', kmsHeaders, '{}')).toEqual([400, 'ExpiredTokenException']);
  expect(await call('s3', {})).toEqual([400, 'ExpiredToken']);
  expect(await call('ec2', form, 'Action=DescribeVolumes&Version=2016-11-15')).toEqual([400, 'RequestExpired']);
  expect(await call('rds', form, 'Action=DescribeDBInstances&Version=2014-10-31')).toEqual([403, 'ExpiredToken']);
  expect(await call('sts', form, 'Action=GetCallerIdentity&Version=2011-06-15')).toEqual([403, 'ExpiredToken']);
});

test('unknown credentials and regions that are not enabled: what each service says', async () => {
  const estate = await running(smallWorld());
  const names = async (account: string, region: string) => {
    const { kms, s3, ec2, rds, sts } = clients(estate, account, region);
    const calls = [
      kms.send(new ListKeysCommand({})),
      s3.send(new ListBucketsCommand({})),
      ec2.send(new DescribeVolumesCommand({})),
      rds.send(new DescribeDBInstancesCommand({})),
      sts.send(new GetCallerIdentityCommand({})),
    ];
    return Promise.all(calls.map(async (call) => (await errorOf(call)).name));
  };
  const invalid = ['UnrecognizedClientException', 'InvalidAccessKeyId', 'AuthFailure', 'InvalidClientTokenId'];
  expect(await names('000000000000', R)).toEqual([...invalid, 'InvalidClientTokenId']);
  expect(await names(A, 'ap-south-1')).toEqual([...invalid, 'RegionDisabledException']);
  expect((await send(estate, 'kms', { key: 'AKIAGARBAGE', headers: kmsHeaders, body: '{}' })).text).toContain(
    'UnrecognizedClientException',
  );
  const unsigned = await fetch(estate.url, { method: 'POST', headers: kmsHeaders, body: '{}' });
  expect(await unsigned.text()).toContain('MissingAuthenticationToken');
});

test('every answer has a request id and a date, the same for the same seed', async () => {
  const ids = async () => {
    const estate = await running(smallWorld(), { now: () => new Date('2026-11-22T01:02:03Z') });
    const answer = await send(estate, 'ec2', { body: 'Action=DescribeRegions&Version=2016-11-15' });
    expect(answer.headers.get('date')).toBe('Sun, 22 Nov 2026 01:02:03 GMT');
    const id = answer.headers.get('x-amzn-requestid') ?? '';
    expect(answer.text).toContain(`<requestId>${id}</requestId>`);
    const { kms, rds } = clients(estate);
    const missing = await errorOf(kms.send(new DescribeKeyCommand({ KeyId: '11111111-2222-4333-a444-555555555555' })));
    const listed = await rds.send(new DescribeDBInstancesCommand({}));
    return [id, missing.$metadata?.requestId, listed.$metadata.requestId];
  };
  const first = await ids();
  expect(new Set(first).size).toBe(3);
  expect(await ids()).toEqual(first);
});

test('an operation that is not simulated is a clear 501, and logged', async () => {
  const estate = await running(smallWorld());
  const kms = await send(estate, 'kms', {
    headers: { 'x-amz-target': 'TrentService.Decrypt', 'content-type': json },
    body: '{}',
  });
  expect([kms.status, JSON.parse(kms.text)]).toEqual([
    501,
    { __type: 'UnknownOperationException', message: 'The estate does not simulate kms:Decrypt.' },
  ]);
  expect((await send(estate, 'ec2', { body: 'Action=RunInstances&Version=2016-11-15' })).text).toContain(
    '<Code>InvalidAction</Code>',
  );
  const s3 = await send(estate, 's3', { method: 'GET', path: '/bucket?acl' });
  expect([s3.status, s3.text.includes('<Code>NotImplemented</Code>')]).toEqual([501, true]);
  expect(estate.log.map((call) => [call.operation, call.status])).toEqual([
    ['kms:Decrypt', 501],
    ['ec2:RunInstances', 501],
    ['s3:GetBucketAcl', 501],
  ]);
});

test('what is no AWS request at all is answered, not fatal', async () => {
  const estate = await running(smallWorld());
  for (const path of ['/%zz?encryption', '/a/b/c?x-id=GetObject']) {
    expect((await send(estate, 's3', { method: 'GET', path })).status).toBeGreaterThanOrEqual(400);
  }
  const headers = { 'x-amz-target': 'TrentService.DescribeKey', 'content-type': json };
  expect((await send(estate, 'kms', { headers, body: '{not json' })).text).toContain('ValidationException');
  expect((await send(estate, 'ec2', { body: '' })).status).toBe(501);
});

test('Organizations: the management account lists all, page by page; members and outsiders may not', async () => {
  const world = createWorld();
  for (let i = 1; i <= 45; i++) world.addAccount(String(i).padStart(12, '0'), { path: 'o-x/r-x/ou-1/' });
  world.addAccount(A, { management: true }).addAccount(B, { member: false });
  world.account('000000000007').state = 'SUSPENDED';
  const estate = await running(world);
  const call = async (operation: string, input: object, account = A) => {
    const headers = { 'x-amz-target': `AWSOrganizationsV20161128.${operation}`, 'content-type': json };
    const { text } = await send(estate, 'organizations', { headers, body: JSON.stringify(input), account, region: R2 });
    return JSON.parse(text) as Record<string, unknown> & { Accounts?: Record<string, unknown>[]; NextToken?: string };
  };
  const accounts: Record<string, unknown>[] = [];
  let token: string | undefined;
  do {
    const page = await call('ListAccounts', { ...(token && { NextToken: token }) });
    accounts.push(...(page.Accounts ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  expect(accounts.length).toBe(46);
  expect(accounts[6]).toMatchObject({ Id: '000000000007', State: 'SUSPENDED', Paths: ['o-x/r-x/ou-1/'] });
  expect(accounts[0]).not.toHaveProperty('Status');
  expect((await call('ListAccounts', { MaxResults: 21 }))['__type']).toBe('InvalidInputException');
  expect((await call('ListAccounts', {}, '000000000001'))['__type']).toBe('AccessDeniedException');
  expect((await call('ListAccounts', {}, B))['__type']).toBe('AWSOrganizationsNotInUseException');
  expect(await call('DescribeOrganization', {}, '000000000001')).toMatchObject({ Organization: { MasterAccountId: A } });
});

test('Account ListRegions tells which regions an account has enabled', async () => {
  const estate = await running(smallWorld().addRegion(B, 'me-south-1'));
  const body = JSON.stringify({ AccountId: B, RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'] });
  const answer = await send(estate, 'account', { path: '/listRegions', body, region: R2 });
  expect(JSON.parse(answer.text)).toEqual({
    Regions: [
      { RegionName: R, RegionOptStatus: 'ENABLED_BY_DEFAULT' },
      { RegionName: 'me-south-1', RegionOptStatus: 'ENABLED' },
      { RegionName: R2, RegionOptStatus: 'ENABLED_BY_DEFAULT' },
    ],
  });
});
