import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createWorld, startEstate, type World } from '#estate/index.js';
import type { Impact } from '#index.js';
import type { Finding, Report } from '#model/report.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';

const home = '111111111111';
const closed = '222222222222';
const region = 'us-east-1';
const source = 'snap-0123456789abcdef0';

/** A copy whose source lies in another account, and a key that nothing of ours uses. */
function world(): { readonly world: World; readonly key: string; readonly copy: string } {
  const made = createWorld({ seed: 5 })
    .addAccount(home, { regions: [region], roles: [{ name: 'AtrestAudit' }] })
    .addAccount(closed, { regions: [region], roles: [{ name: 'AtrestAudit' }] });
  const { Arn } = made.put(home, region, 'kms.key', { aliases: ['alias/idle'] });
  made.put(home, region, 'kms.key', { KeyManager: 'AWS', aliases: ['alias/aws/ebs'] });
  const { SnapshotId } = made.put(home, region, 'ebs.snapshot', {
    Encrypted: true,
    KmsKeyId: `arn:aws:kms:${region}:${home}:alias/aws/ebs`,
    Description: `[Copied ${source} from eu-west-1] nightly`,
    TransferType: 'standard',
  });
  return { world: made, key: Arn, copy: `arn:aws:ec2:${region}:${home}:snapshot/${SnapshotId}` };
}

const options = ['--baseline', 'strict', '--fail-on', 'never', '--include-pass', '--explain', '--quiet'];
const rules = ['--rules', 'ebs/snapshot-cross-region-key,kms/unused'];

async function findingsOf(folder: string, run: string): Promise<(rule: string, resource: string) => Finding | undefined> {
  const { findings } = JSON.parse(await readFile(join(folder, run, 'report.json'), 'utf8')) as Report;
  return (rule, resource) => findings.find((each) => each.rule === rule && each.resource === resource);
}

describe('what could not be entered is not taken to hold nothing', () => {
  test.each([
    ['an account that refuses the role', 'sts:AssumeRole', { resource: `arn:aws:iam::${closed}:role/AtrestAudit` }],
    ['an account that does not say its regions', 'ec2:DescribeRegions', { account: closed }, 'account:ListRegions'],
  ])('%s', async (_name, operation, where, other = operation) => {
    const { world: made, key, copy } = world();
    const estate = await startEstate(made);
    try {
      made.deny({ ...where, operation: [operation, other] });
      await inFolder(async (folder) => {
        const config = `version: 1\nscope: { accounts: ["${home}", "${closed}"], role: AtrestAudit }\ncmkRequired: []\n`;
        await writeFile(join(folder, 'atrest.yaml'), config);
        const { code } = await atrest(['scan', '--out', 'run', ...options, ...rules], { cwd: folder, env: estateEnv(estate) });
        expect(code).toBe(3);
        const finding = await findingsOf(folder, 'run');
        expect(finding('ebs/snapshot-cross-region-key', copy)).toMatchObject({
          verdict: 'unknown',
          missing: [{ facet: 'ebs.snapshot/*', operation }],
        });
        expect(finding('kms/unused', key)?.verdict).not.toBe('fail');
        const { stdout } = await atrest(['impact', 'alias/idle', 'run', '--format', 'json'], { cwd: folder });
        expect((JSON.parse(stdout) as Impact).dependants).toMatchObject({ total: 0, complete: false });
      });
    } finally {
      await estate.close();
    }
  });

  test('a cell that the run did not come to', async () => {
    const { world: made, key, copy } = world();
    const estate = await startEstate(made);
    try {
      await inFolder(async (folder) => {
        const env = estateEnv(estate);
        await writeFile(join(folder, 'atrest.yaml'), 'version: 1\ncmkRequired: []\n');
        await atrest(['scan', '--out', 'run', ...options, ...rules], { cwd: folder, env });
        for (const end of ['.ndjson.gz', '.edges.ndjson.gz'])
          await rm(join(folder, 'run', 'inventory', home, region, `rds${end}`));
        const { code } = await atrest(['evaluate', 'run', '--out', 'again', ...options, ...rules], { cwd: folder });
        expect(code).toBe(3);
        const finding = await findingsOf(folder, 'again');
        expect(finding('kms/unused', key)?.verdict).not.toBe('fail');
        expect(finding('ebs/snapshot-cross-region-key', copy)?.verdict).toBe('pass');
        const { stdout } = await atrest(['impact', 'alias/idle', 'run', '--format', 'json'], { cwd: folder });
        expect((JSON.parse(stdout) as Impact).dependants).toMatchObject({ total: 0, complete: false });
      });
    } finally {
      await estate.close();
    }
  });
});
