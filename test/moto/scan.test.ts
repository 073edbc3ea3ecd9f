import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '#model/report.js';
import { atrestScan, type Run } from './atrest.js';
import { A, B, DE, EU, keysOfA, US, WEST } from './cloud.js';
import { defects, ofA, ofAInWest, ofBoth, verdictsOf, type Verdicts } from './expected.js';
import { makeMends } from './mends.js';
import { startProxy, type Proxy } from './proxy.js';
import { seed } from './seed.js';
import { startMoto, type Moto } from './server.js';

const threeRegions = [US, EU, DE].flatMap((region) => ['--region', region]);
const everyVerdict = ['--include-pass', '--explain'];
const mends = makeMends();

let moto: Moto;
let proxy: Proxy;
let names: ReadonlyMap<string, string>;

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startProxy(moto.url, mends);
  names = await seed(proxy.url);
});
afterAll(async () => {
  await proxy.stop();
  await moto.stop();
});

function verdicts(report: Report): Verdicts {
  return verdictsOf(report, names);
}

function cells({ coverage }: Report): readonly string[] {
  return coverage.map(({ account, region, service, state }) => `${account}/${region}/${service} ${state}`);
}

function cellsOf(account: string, regions: readonly string[]): readonly string[] {
  return [
    ...regions.flatMap((region) => ['ec2', 'kms', 'rds', 's3'].map((service) => `${account}/${region}/${service} complete`)),
    `${account}/global/s3 complete`,
  ];
}

/** Keys that resources refer to and the run did not list are asked for in cells of their own. */
const followUps = (...regions: readonly string[]) => regions.map((region) => `${A}/${region}/kms complete`);

function findingOf({ findings }: Report, name: string, rule: string) {
  const finding = findings.find((each) => names.get(each.resource) === name && each.rule === rule);
  if (finding === undefined) throw new Error(`There is no finding of ${rule} on ${name}`);
  return finding;
}

describe('one account in three regions', () => {
  let run: Run;
  let mended: readonly string[];
  let called: readonly string[];
  let described: readonly string[];

  beforeAll(async () => {
    proxy.forget();
    run = await atrestScan(proxy.url, keysOfA, [...threeRegions, ...everyVerdict]);
    mended = proxy.mended();
    called = [...new Set(proxy.calls.map(({ operation }) => operation))].sort();
    described = proxy.calls
      .filter(({ operation }) => operation === 'kms:DescribeKey')
      .map(({ body }) => (JSON.parse(body.toString()) as { KeyId: string }).KeyId);
  });

  test('every verdict is the expected one', () => {
    expect(verdicts(run.report)).toEqual(ofA);
    expect(run.report.errors).toEqual([]);
  });

  test('exit code, coverage and scope', () => {
    expect(run.code, run.stderr).toBe(1);
    expect(run.stdout).toBe('');
    expect(run.report.run).toMatchObject({ complete: true, baseline: { [A]: 'recommended' } });
    expect(run.report.scope).toMatchObject({ accounts: [{ id: A, state: 'scanned' }], regions: [US, EU, DE].sort() });
    expect([...cells(run.report)].sort()).toEqual([...cellsOf(A, [US, EU, DE]), ...followUps(WEST)].sort());
    expect(run.report.coverage.flatMap(({ operations }) => operations).filter(({ errors }) => errors > 0)).toEqual([]);
  });

  test('facts that raise or lower a severity', () => {
    const severity = (name: string, rule: string) => findingOf(run.report, name, rule).severity;
    expect(severity('deleting-used', 'kms/not-pending-deletion')).toBe('critical');
    expect(severity('deleting-unused', 'kms/not-pending-deletion')).toBe('high');
    expect(severity('kms-key-deleting', 'key/usable')).toBe('critical');
    expect(severity('kms-key-disabled', 'key/usable')).toBe('high');
    expect(severity('public', 'kms/policy-not-public')).toBe('critical');
    expect(severity('public-to-read', 'kms/policy-not-public')).toBe('medium');
    expect(severity('snapshot-public', 'ebs/snapshot-not-public')).toBe('critical');
    expect(severity('snapshot-latent', 'ebs/snapshot-not-public')).toBe('medium');
    expect(severity('manual-shared', 'rds/snapshot-shared-decryptable')).toBe('low');
    expect(severity('copied-lent', 'rds/snapshot-shared-decryptable')).toBe('high');
    expect(severity('copied-granted', 'rds/snapshot-shared-decryptable')).toBe('high');
  });

  test('dependants of keys that wait for deletion', () => {
    const message = (name: string) => findingOf(run.report, name, 'kms/not-pending-deletion').message;
    expect(message('deleting-used')).toMatch(
      /In use by 1 ebs\.snapshot, 1 rds\.automated-backup, 1 rds\.export-task, 1 rds\.instance, 1 rds\.snapshot, 1 s3\.bucket\.$/,
    );
    expect(message('deleting-unused')).toMatch(/No resource of the run uses it\.$/);
    expect(run.report.keys.filter(({ dependantsComplete }) => !dependantsComplete)).toEqual([]);
  });

  test('what a finding says beside its verdict', () => {
    expect(findingOf(run.report, 'cluster-neptune', 'rds/cluster-cmk').message).toContain('Neptune cluster');
    expect(findingOf(run.report, 'copy-below-source', 'ebs/snapshot-cross-region-key').message).toContain(US);
    expect(findingOf(run.report, 'kms-alias-in-eu', 's3/sse-c-blocked').region).toBe(EU);
    expect(findingOf(run.report, 'kms-key-of-b', 'key/usable').missing).toEqual([
      {
        facet: 'kms.key/metadata',
        operation: 'kms:DescribeKey',
        action: 'kms:DescribeKey',
        code: 'NotFoundException',
        cause: 'foreign',
        account: B,
      },
    ]);
    expect(findingOf(run.report, 'snapshot-without-key', 'key/usable').missing).toMatchObject([
      { code: 'KmsKeyId', cause: 'absent-field' },
    ]);
  });

  test('AWS managed keys are known by their alias and never described', () => {
    const awsManaged = [...names].filter(([, name]) => name.startsWith('aws/')).map(([arn]) => arn.slice(arn.indexOf('/') + 1));
    expect(awsManaged).toHaveLength(6);
    expect(described.filter((id) => id.startsWith('alias/aws/') || awsManaged.some((managed) => id.endsWith(managed)))).toEqual(
      [],
    );
  });

  test('the operations that had to be mended, and no others', () => {
    const reasons = new Map(mends.map(({ operation, why }) => [operation, why]));
    console.log(`mended:\n${mended.map((operation) => `  ${operation}: moto ${reasons.get(operation) ?? ''}`).join('\n')}`);
    const untouched = called.filter((operation) => !mended.includes(operation));
    console.log(`passed through: ${untouched.join(' ')}`);
    expect(mended).toEqual([
      'ec2:DescribeRegions',
      'ec2:DescribeSnapshots',
      'ec2:GetEbsDefaultKmsKeyId',
      'ec2:GetImageBlockPublicAccessState',
      'ec2:GetSnapshotBlockPublicAccessState',
      'kms:DescribeCustomKeyStores',
      'kms:DescribeKey',
      'rds:DescribeDBClusterAutomatedBackups',
      'rds:DescribeDBClusterSnapshots',
      'rds:DescribeDBClusters',
      'rds:DescribeDBInstanceAutomatedBackups',
      'rds:DescribeDBInstances',
      'rds:DescribeDBSnapshots',
      'rds:DescribeExportTasks',
      'rds:DescribeIntegrations',
      's3:GetBucketEncryption',
      's3:ListBuckets',
    ]);
    expect(untouched).toEqual([
      'ec2:DescribeImageAttribute',
      'ec2:DescribeImages',
      'ec2:DescribeLaunchTemplates',
      'ec2:DescribeSnapshotAttribute',
      'ec2:DescribeVolumes',
      'ec2:GetEbsEncryptionByDefault',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
      'kms:ListAliases',
      'kms:ListGrants',
      'kms:ListKeyRotations',
      'kms:ListKeys',
      'rds:DescribeDBClusterSnapshotAttributes',
      'rds:DescribeDBSnapshotAttributes',
      'rds:DescribeGlobalClusters',
      's3:GetBucketLogging',
      's3:GetBucketPolicy',
      's3:GetBucketReplication',
      's3:GetBucketTagging',
      's3:ListBucketInventoryConfigurations',
      's3:ListDirectoryBuckets',
      'sts:GetCallerIdentity',
    ]);
  });
});

test('what needs no mend passes through untouched', async () => {
  const send = async (url: string) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${keysOfA.accessKeyId}/20260101/${US}/ec2/aws4_request, SignedHeaders=host, Signature=0`;
    const body = new URLSearchParams({ Action: 'DescribeVolumes', Version: '2016-11-15' });
    const response = await fetch(url, { method: 'POST', headers: { authorization }, body });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  const direct = await send(moto.url);
  expect(direct.text).toContain('<volumeId>');
  expect(await send(proxy.url)).toEqual(direct);
});

test('atrest scan without any option takes every region that the account has', async () => {
  const { code, stderr, stdout, report } = await atrestScan(proxy.url, keysOfA);
  expect(code, stderr).toBe(1);
  expect(stdout).toBe('');
  expect(report.run.complete).toBe(true);
  const { regions } = report.scope;
  expect(regions).toHaveLength(20);
  const untouched = ['ebs/default-encryption', 'ebs/snapshot-block-public-access', 'ec2/ami-block-public-access'];
  const elsewhere = regions
    .filter((region) => ![US, EU, DE].includes(region))
    .flatMap((region) => untouched.map((rule) => [`arn:aws:ec2:${region}:${A}:ebs-defaults ${rule}`, 'fail' as const]));
  expect(verdicts(report)).toEqual({ ...defects({ ...ofA, ...ofAInWest }), ...Object.fromEntries(elsewhere) });
  expect([...cells(report)].sort()).toEqual([...cellsOf(A, regions)].sort());
});

test('two accounts, one of them through a role', async () => {
  const config = `version: 1\nscope:\n  accounts: ["${A}", { id: "${B}", name: second }]\n  role: AtrestAudit\n  regions: { include: [${US}, ${EU}, ${DE}] }\n`;
  const { code, stderr, report } = await atrestScan(proxy.url, keysOfA, everyVerdict, config);
  expect(code, stderr).toBe(1);
  expect(verdicts(report)).toEqual(ofBoth);
  expect(report.run).toMatchObject({ complete: true, callers: { [B]: `arn:aws:sts::${B}:assumed-role/AtrestAudit/atrest` } });
  expect(report.scope.accounts).toMatchObject([
    { id: A, state: 'scanned' },
    { id: B, name: 'second', state: 'scanned' },
  ]);
  expect([...cells(report)].sort()).toEqual(
    [...cellsOf(A, [US, EU, DE]), ...cellsOf(B, [US, EU, DE]), ...followUps(WEST)].sort(),
  );
  const ofB = report.findings.filter(({ account }) => account === B).map(({ resource }) => names.get(resource) ?? resource);
  expect(ofB.filter((name) => !/^b-|rds:b-|:ab-b-|defaults of b|:222222222222:alias\/aws\//.test(name))).toEqual([]);
});

test('objects are looked at where a baseline samples them', async () => {
  proxy.forget();
  const rule = 's3/objects-match-default';
  const config = `version: 1\nbaselines: { objects: { extends: recommended, rules: { ${rule}: [low, { sample: 5 }] } } }\nassign: [{ baseline: objects }]\n`;
  const only = ['--rules', rule, '--region', US, '--include-pass'];
  const { code, stderr, report } = await atrestScan(proxy.url, keysOfA, only, config);
  expect(code, stderr).toBe(0);
  expect(report.run.complete).toBe(true);
  // moto delivers the logs of what atrest asked, at a time of its own.
  const seeded = report.findings.filter(({ name }) => !name.startsWith('log-target'));
  const found = seeded.map(({ name, verdict, message }) => [name, verdict, message.split('. Objects')[0]]);
  expect(found.sort()).toEqual([
    // moto leaves the key out of DSSE-KMS.
    ['dsse', 'unknown', 'AWS left SSEKMSKeyId out of s3:HeadObject.'],
    [
      'kms-cmk-bucket-key',
      'fail',
      'The default of the bucket is under a customer managed key. Encrypted lower are 1 of 2 sampled objects: "b lower" under a key that AWS owns',
    ],
    [
      'never-configured',
      'fail',
      'The default of the bucket is under a key that AWS owns. Encrypted lower are 1 of 1 sampled objects: "plain" not encrypted',
    ],
    [
      'sse-s3',
      'pass',
      'None of 2 sampled objects is encrypted lower than the default of the bucket, which is under a key that AWS owns. Other objects may be.',
    ],
  ]);
});

test('a clean scope exits 0', async () => {
  const { code, stderr, report } = await atrestScan(proxy.url, keysOfA, ['--region', WEST, '--service', 'kms', ...everyVerdict]);
  expect(code, stderr).toBe(0);
  expect(verdicts(report)).toEqual(
    Object.fromEntries(Object.entries(ofAInWest).filter(([id]) => /^west | kms\/alias-target-usable$/.test(id))),
  );
});

describe('moto as it is, without the proxy', () => {
  test.each([
    ['a failed gate goes before an incomplete run', 1, []],
    ['an incomplete run alone', 3, ['--fail-on', 'never']],
  ])('%s: exit %i', async (_what, expected, options) => {
    const { code, stderr, report } = await atrestScan(moto.url, keysOfA, [...threeRegions, ...everyVerdict, ...options]);
    expect(code, stderr).toBe(expected);
    expect(report.run.complete).toBe(false);
    expect(report.errors).toEqual([]);

    // What answers an HTML 500 leaves no verdict and a gap.
    for (const region of [US, EU, DE]) {
      for (const rule of ['key/exists', 'key/usable']) {
        const { verdict, missing } = findingOf(report, `defaults of a in ${region}`, rule);
        expect(verdict).toBe('unknown');
        expect(missing).toEqual([
          {
            facet: 'ebs.defaults/defaultKey',
            operation: 'ec2:GetEbsDefaultKmsKeyId',
            action: 'ec2:GetEbsDefaultKmsKeyId',
            code: 'HTTP 500',
            cause: 'unreachable',
          },
        ]);
      }
      expect(findingOf(report, `defaults of a in ${region}`, 'ebs/default-encryption').verdict).not.toBe('unknown');
      const row = report.coverage.find((each) => each.region === region && each.service === 'ec2');
      expect(row).toMatchObject({ state: 'partial', reason: 'HTTP 500' });
      const failed = row?.operations
        .filter(({ errors }) => errors > 0)
        .map(({ operation, code: said }) => `${operation} ${said ?? ''}`);
      expect(failed).toEqual([
        'ec2:GetEbsDefaultKmsKeyId HTTP 500',
        'ec2:GetImageBlockPublicAccessState HTTP 500',
        'ec2:GetSnapshotBlockPublicAccessState HTTP 500',
      ]);
    }
    const rds = report.coverage.filter(({ service }) => service === 'rds');
    for (const row of rds) {
      expect(row).toMatchObject({ state: 'partial', reason: 'HTTP 500' });
      const failed = row.operations.filter(({ errors }) => errors > 0).map(({ operation }) => operation);
      expect(failed).toEqual(['rds:DescribeDBClusterAutomatedBackups', 'rds:DescribeIntegrations']);
    }
    const others = report.coverage.filter(({ service, state }) => service !== 'ec2' && service !== 'rds' && state === 'partial');
    expect(new Set(others.map(({ service }) => service))).toEqual(new Set(['kms']));
    expect(
      new Set(
        others.flatMap(({ operations }) => operations.filter(({ errors }) => errors > 0)).map(({ operation }) => operation),
      ),
    ).toEqual(new Set(['kms:DescribeCustomKeyStores']));

    // What moto lacks without saying so is judged as it is written.
    expect(findingOf(report, 'never-configured', 's3/default-encryption').verdict).toBe('fail');
    expect(findingOf(report, 'db-aws', 'key/exists').verdict).toBe('fail');
    expect(findingOf(report, 'kms-alias-in-eu', 's3/default-encryption').region).toBe(US);
  });
});
