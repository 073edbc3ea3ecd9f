import dns from 'node:dns';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { planFromInventory } from '#plan/from-inventory.js';
import { createWorld, type World } from '#estate/index.js';
import { scanEstate, type EstateScan, type ScanOverrides } from '../support/scan-estate.js';
import { after, callsOn, inventoryOf } from './support.js';

const account = '111111111111';
const arnIn = (region: string, name: string): string => `arn:aws:s3express:${region}:${account}:bucket/${name}`;
const under = (KMSMasterKeyID: string) => ({
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID }, BucketKeyEnabled: true }],
});

function empty(...regions: string[]): World {
  return createWorld({ seed: 4 }).addAccount(account, { regions });
}

function cellsOf({ report }: EstateScan): readonly string[] {
  return report.coverage
    .filter(({ service }) => service === 's3')
    .map(({ region, state, reason }) => `${region} ${state}${reason === null ? '' : `: ${reason}`}`);
}

describe('directory buckets', () => {
  test('are listed and read in their region, by calls that need no session', async () => {
    const world = empty('us-east-1', 'eu-north-1');
    const key = world.put(account, 'eu-north-1', 'kms.key');
    const plain = world.put(account, 'us-east-1', 's3.directory-bucket', { Name: 'plain--use1-az4--x-s3' }).Name;
    const kms = world.put(account, 'eu-north-1', 's3.directory-bucket', {
      Name: 'kms--eun1-az1--x-s3',
      encryption: under(key.Arn),
    }).Name;
    await scanEstate(world, { ruleGlobs: ['s3/default-encryption-cmk', 'key/*'], services: ['s3', 'kms'] }, async (scan) => {
      const { estate, path, verdict, report } = scan;
      const listed = estate.log.filter(({ operation }) => operation === 's3:ListDirectoryBuckets');
      expect(listed.map(({ region, params }) => `${region} ${String(params['MaxDirectoryBuckets'])}`).sort()).toEqual([
        'eu-north-1 1000',
        'us-east-1 1000',
      ]);
      for (const name of [plain, kms]) expect(callsOn(estate, name)).toEqual({ 's3:GetBucketEncryption': 1 });
      expect((await inventoryOf(path)).records.filter(({ kind }) => kind === 's3.directory-bucket')).toMatchObject([
        {
          arn: arnIn('eu-north-1', kms),
          name: kms,
          region: 'eu-north-1',
          facets: { defaultEncryption: { algorithm: 'aws:kms', keyId: key.Arn, bucketKey: true, blocked: null } },
        },
        { arn: arnIn('us-east-1', plain), facets: { defaultEncryption: { algorithm: 'AES256', keyId: null } } },
      ]);
      expect(verdict('s3/default-encryption-cmk', arnIn('us-east-1', plain))).toMatchObject({
        verdict: 'fail',
        region: 'us-east-1',
        kind: 's3.directory-bucket',
        name: plain,
      });
      expect(verdict('s3/default-encryption-cmk', arnIn('eu-north-1', kms))).toMatchObject({
        verdict: 'pass',
        key: { arn: key.Arn },
      });
      for (const rule of ['key/usable', 'key/exists', 'key/trusted-account'])
        expect(verdict(rule, arnIn('eu-north-1', kms))?.verdict).toBe('pass');
      expect(report.keys.find(({ arn }) => arn === key.Arn)?.dependants).toEqual({ 's3.directory-bucket': 1 });
      expect(cellsOf(scan)).toEqual(['eu-north-1 complete', 'global complete', 'us-east-1 complete']);
      const made: Record<string, number> = {};
      for (const call of estate.log) {
        const name = `${call.account}/${call.region}/${call.operation}`;
        made[name] = (made[name] ?? 0) + 1;
      }
      expect(made).toEqual(Object.fromEntries(await planFromInventory(path)));
    });
  });

  test('are not asked about where no rule speaks of them', async () => {
    const world = empty('us-east-1');
    world.put(account, 'us-east-1', 's3.directory-bucket');
    await scanEstate(world, { ruleGlobs: ['s3/tls-only', 's3/bucket-key'] }, (scan) => {
      expect(scan.estate.log.map(({ operation }) => operation)).not.toContain('s3:ListDirectoryBuckets');
      expect(cellsOf(scan)).toEqual(['global complete']);
    });
  });

  test('under a key that is disabled or gone say so', async () => {
    const world = empty('us-east-1');
    const disabled = world.put(account, 'us-east-1', 'kms.key', { KeyState: 'Disabled' });
    const gone = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000000`;
    const put = (Name: string, arn: string) =>
      world.put(account, 'us-east-1', 's3.directory-bucket', { Name, encryption: under(arn) }).Name;
    const locked = put('locked--use1-az4--x-s3', disabled.Arn);
    const lost = put('lost--use1-az4--x-s3', gone);
    await scanEstate(world, { ruleGlobs: ['key/*', 'kms/disabled-with-dependants'] }, ({ verdict }) => {
      expect(verdict('key/usable', arnIn('us-east-1', locked))?.verdict).toBe('fail');
      expect(verdict('key/exists', arnIn('us-east-1', lost))?.verdict).toBe('fail');
      expect(verdict('kms/disabled-with-dependants', disabled.Arn)).toMatchObject({
        verdict: 'fail',
        message: expect.stringContaining('1 s3.directory-bucket') as string,
      });
    });
  });

  test('that cannot be listed in one region are one unknown a rule there, and no more', async () => {
    const world = empty('us-east-1', 'eu-north-1');
    const { Name } = world.put(account, 'eu-north-1', 's3.directory-bucket', { Name: 'a--eun1-az1--x-s3' });
    world.deny({ operation: 's3:ListDirectoryBuckets', region: 'us-east-1' });
    await scanEstate(world, { ruleGlobs: ['s3/default-encryption-cmk'] }, (scan) => {
      expect(scan.report.findings).toMatchObject([
        { verdict: 'fail', resource: arnIn('eu-north-1', Name) },
        {
          verdict: 'unknown',
          region: 'us-east-1',
          resource: `arn:aws:s3:us-east-1:${account}:s3.directory-bucket/*`,
          missing: [
            { operation: 's3:ListDirectoryBuckets', action: 's3express:ListAllMyDirectoryBuckets', code: 'AccessDenied' },
          ],
        },
      ]);
      expect(cellsOf(scan)).toEqual(['eu-north-1 complete', 'global complete', 'us-east-1 denied: AccessDenied']);
      expect(scan.result.exitCode).toBe(3);
    });
  });

  test('deleted since they were listed are gone, with no verdict and no gap', async () => {
    const world = empty('us-east-1');
    const { Name } = world.put(account, 'us-east-1', 's3.directory-bucket', { Name: 'a--use1-az4--x-s3' });
    const overrides = after('s3:ListDirectoryBuckets', (changed) =>
      changed.remove(account, 'us-east-1', 's3.directory-bucket', Name),
    );
    await scanEstate(world, { ...overrides, ruleGlobs: ['s3/default-encryption-cmk'] }, ({ report, result }) => {
      expect(report.findings).toEqual([]);
      expect(result.exitCode).toBe(0);
    });
  });
});

describe('a region in which the endpoint of S3 Express One Zone does not exist', () => {
  const asked: ScanOverrides = { ruleGlobs: ['s3/default-encryption-cmk'] };
  const there: ScanOverrides = { regions: ['eu-central-1'], services: ['s3'] };

  afterEach(() => {
    vi.restoreAllMocks();
    delete process.env['AWS_ENDPOINT_URL_S3'];
  });

  /** S3 is looked for under a name for which the resolver gives this answer. */
  function s3Nowhere(code: string): void {
    process.env['AWS_ENDPOINT_URL_S3'] = 'http://s3.invalid';
    const lookUp = (_name: string, _options: object, done: (error: Error) => void) => {
      done(Object.assign(new Error(`getaddrinfo ${code} s3.invalid`), { code }));
    };
    vi.spyOn(dns, 'lookup').mockImplementation(lookUp as never);
  }

  test('is skipped, saying why, unless AWS documents it there', async () => {
    const world = empty('us-east-1', 'eu-central-1');
    await scanEstate(world, { ...asked, prepare: () => s3Nowhere('ENOTFOUND') }, (scan) => {
      expect(cellsOf(scan)).toEqual([
        'eu-central-1 skipped: AWS has no endpoint for S3 Express One Zone in the region',
        'global unreachable: ENOTFOUND',
        'us-east-1 unreachable: ENOTFOUND',
      ]);
      const { findings, coverage } = scan.report;
      expect(findings.map(({ resource, verdict }) => `${verdict} ${resource}`)).toEqual([
        `unknown arn:aws:s3:global:${account}:s3.bucket/*`,
        `unknown arn:aws:s3:us-east-1:${account}:s3.directory-bucket/*`,
      ]);
      expect(coverage.find(({ region, service }) => region === 'eu-central-1' && service === 's3')?.operations).toMatchObject([
        { operation: 's3:ListDirectoryBuckets', calls: 1, errors: 1, code: 'ENOTFOUND' },
      ]);
    });
  });

  test('counts for nothing where something has to have been listed', async () => {
    const world = empty('us-east-1', 'eu-central-1');
    await scanEstate(
      world,
      { ...asked, ...there, allowIncomplete: true, prepare: () => s3Nowhere('ENOTFOUND') },
      ({ result }) => {
        expect(result.exitCode).toBe(3);
      },
    );
  });

  test('is a gap while names cannot be looked up at all', async () => {
    const world = empty('us-east-1', 'eu-central-1');
    await scanEstate(world, { ...asked, ...there, prepare: () => s3Nowhere('EAI_AGAIN') }, (scan) => {
      expect(cellsOf(scan)).toEqual(['eu-central-1 unreachable: EAI_AGAIN', 'global unreachable: EAI_AGAIN']);
    });
  });
});
