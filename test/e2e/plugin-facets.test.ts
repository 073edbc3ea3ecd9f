import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { registryOf } from '#collect/registry.js';
import { startEstate, type CallRecord, type World } from '#estate/index.js';
import { catalogue, formatNames, withPlugins, type RuleDescription } from '#index.js';
import type { Finding, Report } from '#model/report.js';
import { planFromInventory } from '#plan/from-inventory.js';
import { reportFormats, type FormatName } from '#reports/index.js';
import { atrest, estateEnv, inFolder } from '../support/cli.js';
import { facet, files, role, rule, writePlugin } from '../support/facet-plugin.js';
import { scanEstate, type EstateScan } from '../support/scan-estate.js';
import { account, regions, smallWorld, stranger } from '../support/small-world.js';

/** Scans with a plugin of these files and its rules alone. */
async function scanWith(
  given: Readonly<Record<string, string>>,
  use: (scan: EstateScan, known: Awaited<ReturnType<typeof withPlugins>>) => unknown,
  { world = smallWorld(), ...options }: { world?: World } & Partial<Parameters<typeof scanEstate>[1]> = {},
): Promise<void> {
  await inFolder(async (folder) => {
    await writePlugin(folder, given);
    const known = await withPlugins(catalogue, ['./rules'], folder);
    await scanEstate(world, { ruleGlobs: ['house/*'], includePass: true, ...options, catalogue: known }, async (scan) => {
      await use(scan, known);
    });
  });
}

const said = ({ findings }: Report, id = 'house/replication-role') =>
  findings.filter((finding) => finding.rule === id).map(({ verdict, name, message }: Finding) => `${verdict} ${name} ${message}`);
function counted(log: readonly CallRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { account: id, region, operation } of log)
    counts[`${id}/${region}/${operation}`] = (counts[`${id}/${region}/${operation}`] ?? 0) + 1;
  return counts;
}
const calls = (log: readonly CallRecord[], operation: string) => log.filter((call) => call.operation === operation).length;
const facetsOfRun = async (path: string) =>
  JSON.parse(await readFile(join(path, 'run.json'), 'utf8')) as { plugins: unknown; cells: { asked: object }[] };

describe('a facet of a plugin', () => {
  test('is read once for each resource, in code and in YAML, and is in run.json and in the plan', async () => {
    await scanWith(files, async ({ report, path, estate: { log } }, { facets }) => {
      expect(said(report).sort()).toEqual([
        ...['alias-eu-west-1', 'alias-us-east-1', 'plain-eu-west-1', 'plain-us-east-1'].map(
          (bucket) => `not-applicable ${bucket} not replicated`,
        ),
        ...['kms-eu-west-1', 'kms-us-east-1'].map((bucket) => `pass ${bucket} ${role}`),
      ]);
      expect(said(report, 'house/other-role')).toContain(`fail kms-us-east-1 ${role}`);
      expect(report.errors).toEqual([]);
      expect(report.run.complete).toBe(true);
      const buckets = calls(log, 's3:GetBucketReplication');
      expect(buckets).toBe(regions.length * 3);
      const { plugins, cells } = await facetsOfRun(path);
      expect(plugins).toEqual([
        {
          name: './rules',
          rules: ['house/other-role', 'house/replication-role'],
          facets: ['s3.bucket/replicationRole'],
        },
      ]);
      expect(cells.map(({ asked }) => asked)).toEqual([{ 's3.bucket': ['replicationRole'] }]);
      expect(counted(log)).toEqual(Object.fromEntries(await planFromInventory(path, registryOf(facets))));
      const s3 = report.coverage.find(({ service }) => service === 's3');
      expect(s3?.operations.find(({ operation }) => operation === 's3:GetBucketReplication')).toMatchObject({ calls: buckets });
    });
  });

  test('denied is unknown, and in the coverage', async () => {
    const prepare: NonNullable<Parameters<typeof scanEstate>[1]>['prepare'] = ({ faults }) =>
      faults.add({ kind: 'deny', operation: 's3:GetBucketReplication', region: 'us-east-1' });
    await scanWith(
      files,
      ({ report, result }) => {
        const unknown = report.findings.filter(
          ({ rule: id, verdict }) => id === 'house/replication-role' && verdict === 'unknown',
        );
        expect(unknown).toHaveLength(3);
        expect(unknown[0]?.message).toContain(
          's3:GetBucketReplication was denied (AccessDenied); it needs s3:GetReplicationConfiguration',
        );
        for (const { missing } of unknown)
          expect(missing).toEqual([
            {
              facet: 's3.bucket/replicationRole',
              operation: 's3:GetBucketReplication',
              action: 's3:GetReplicationConfiguration',
              code: 'AccessDenied',
              cause: 'denied',
            },
          ]);
        expect(said(report).filter((line) => line.startsWith('pass'))).toEqual([`pass kms-eu-west-1 ${role}`]);
        const s3 = report.coverage.find(({ service }) => service === 's3');
        expect(s3?.state).not.toBe('complete');
        expect(s3?.operations.find(({ errors }) => errors > 0)).toMatchObject({
          operation: 's3:GetBucketReplication',
          errors: 3,
          code: 'AccessDenied',
        });
        expect(result.exitCode).toBe(3);
      },
      { prepare },
    );
  });

  test('is not asked where no rule that is on needs it', async () => {
    const other = rule
      .replace('house/replication-role', 'house/named')
      .replace("needs: ['replicationRole']", "needs: ['listing']")
      .replace(/evaluate[^]*/, "evaluate: (_bucket, { pass }) => pass('seen') };");
    await scanWith(
      { ...files, 'c.mjs': other },
      async ({ path, estate: { log } }) => {
        expect(calls(log, 's3:ListBuckets')).toBe(1);
        expect(calls(log, 's3:GetBucketReplication')).toBe(0);
        expect((await facetsOfRun(path)).plugins).toEqual([{ name: './rules', rules: ['house/named'], facets: [] }]);
      },
      { ruleGlobs: ['house/named'] },
    );
  });

  test('waits for those after which it comes, and does not apply where they do not', async () => {
    const after = facet
      .replace(/'s3\.bucket'/, "'kms.key'")
      .replace('s3:GetBucketReplication', 'kms:GetKeyRotationStatus')
      .replace('s3:GetReplicationConfiguration', 'kms:GetKeyRotationStatus')
      .replace('project:', "after: ['rotation'], project:")
      .replace(/new sdk.*\)/, 'new sdk.GetKeyRotationStatusCommand({ KeyId: id }))')
      .replace(/output\.Rep.*/, 'output.KeyId,');
    const onKeys = rule.replace('s3.bucket', 'kms.key');
    await scanWith({ 'a.mjs': onKeys, 'facet.mjs': after }, ({ report, estate: { log } }) => {
      const passed = said(report).filter((line) => line.startsWith('pass')).length;
      expect(passed).toBeGreaterThan(2);
      // Rotation itself, and the facet after it.
      expect(calls(log, 'kms:GetKeyRotationStatus')).toBe(passed * 2);
      expect(report.run.complete).toBe(true);
    });
  });

  test('is looked up of keys that no cell lists, too', async () => {
    const world = smallWorld();
    const { Arn } = world.put(stranger, 'us-east-1', 'kms.key', {});
    world.put(account, 'us-east-1', 'ebs.volume', { Encrypted: true, KmsKeyId: Arn });
    const ofKeys = facet
      .replace(/'s3\.bucket'/, "'kms.key'")
      .replace('s3:GetBucketReplication', 'kms:DescribeKey')
      .replace('s3:GetReplicationConfiguration', 'kms:DescribeKey')
      .replace(/new sdk.*\)/, 'new sdk.DescribeKeyCommand({ KeyId: id }))')
      .replace(/output\.Rep.*/, 'output.KeyMetadata?.KeyUsage,');
    const onVolumes = rule
      .replace("'s3.bucket'", "'ebs.volume'")
      .replace(/needs: .*/, "needs: ['details'], lookups: { 'kms.key': ['replicationRole'] }, follows: ['key'],")
      .replace(/evaluate[^]*/, "evaluate: (_volume, { pass }) => pass('seen') };");
    await scanWith(
      { 'a.mjs': onVolumes, 'facet.mjs': ofKeys },
      async ({ report, path, estate: { log } }, { facets }) => {
        const asked = log.filter(({ operation, params }) => operation === 'kms:DescribeKey' && params['KeyId'] === Arn);
        // Whether it is there, and the facet.
        expect(asked).toHaveLength(2);
        expect(report.run.complete).toBe(true);
        expect(counted(log)).toEqual(Object.fromEntries(await planFromInventory(path, registryOf(facets))));
      },
      { world },
    );
  });

  test.each<[string, (text: string) => string, string]>([
    [
      'sends another operation',
      (text) => text.replace('GetBucketReplicationCommand', 'GetBucketPolicyCommand'),
      'UndeclaredOperation',
    ],
    ['sends two', (text) => text.replace(/s3\.send\((.*)\),$/m, 's3.send($1).then(() => s3.send($1)),'), 'SecondCall'],
    [
      'sends none by the client that it gets',
      (text) => text.replace(/s3\.send\(.*\),$/m, "Promise.resolve({ ReplicationConfiguration: { Role: 'made up' } }),"),
      'NoCall',
    ],
    [
      'promises a value',
      (text) => text.replace('(output) => output.ReplicationConfiguration?.Role', "async () => 'later'"),
      'PromiseOfValue',
    ],
    ['cannot read the answer', (text) => text.replace('ReplicationConfiguration?.', 'Nothing.'), 'TypeError'],
    ['has no such command', (text) => text.replace('GetBucketReplicationCommand', 'GetBucketAclCommand'), 'TypeError'],
    ['finds nothing in the answer', (text) => text.replace('?.Role', '?.Rolle'), 'AWS left replicationRole out of'],
  ])('that %s is unknown, and the scan goes on', async (_name, change, code) => {
    await scanWith({ ...files, 'facet.mjs': change(facet) }, ({ report, result, estate: { log } }) => {
      const unknown = said(report).filter((line) => line.includes(code));
      expect(unknown.filter((line) => line.startsWith('unknown kms-us-east-1'))).toHaveLength(1);
      expect(said(report).filter((line) => line.startsWith('pass'))).toEqual([]);
      expect(calls(log, 's3:GetBucketPolicy')).toBe(0);
      // A field that AWS leaves out is unknown in a run that is complete.
      expect(result.exitCode).toBe(code.startsWith('AWS left') ? 0 : 3);
    });
  });

  test('that sends another operation, one that the scan itself sends of every key, is unknown', async () => {
    const onKeys = facet
      .replace(/'s3\.bucket'/, "'kms.key'")
      .replace('s3:GetBucketReplication', 'kms:GetKeyPolicy')
      .replace('s3:GetReplicationConfiguration', 'kms:GetKeyPolicy')
      .replace(/new sdk.*\)/, 'new sdk.DescribeKeyCommand({ KeyId: id }))');
    const given = { 'a.mjs': rule.replace('s3.bucket', 'kms.key'), 'facet.mjs': onKeys };
    await scanWith(
      given,
      ({ report }) => {
        const verdicts = said(report);
        expect(verdicts.length).toBeGreaterThan(2);
        expect(verdicts.filter((line) => !line.startsWith('unknown') || !line.includes('UndeclaredOperation'))).toEqual([]);
        // And does the scan's own calls no harm.
        expect(said(report, 'kms/not-pending-deletion').filter((line) => line.startsWith('unknown'))).toEqual([]);
      },
      { ruleGlobs: ['house/*', 'kms/not-pending-deletion'] },
    );
  });

  test('that reads only the first page of a list is unknown', async () => {
    const world = smallWorld();
    const inventory = Array.from({ length: 101 }, (_, index) => ({ Id: `report-${String(index)}` }));
    world.put(account, 'us-east-1', 's3.bucket', { Name: 'many-reports', inventory });
    const paged = facet
      .replace('GetBucketReplication', 'ListBucketInventoryConfigurations')
      .replace('GetBucketReplicationCommand', 'ListBucketInventoryConfigurationsCommand')
      .replace(/output\.Rep.*/, 'output.InventoryConfigurationList?.length ?? null,');
    await scanWith(
      { 'a.mjs': rule.replace('pass(replicationRole)', 'pass(String(replicationRole))'), 'facet.mjs': paged },
      ({ report }) => {
        expect(said(report).filter((line) => line.startsWith('unknown'))).toEqual([
          'unknown many-reports s3:ListBucketInventoryConfigurations got no usable answer (MorePages).',
        ]);
        expect(said(report).filter((line) => line.startsWith('pass'))).toContain('pass kms-us-east-1 1');
        expect(report.run.complete).toBe(false);
      },
      { world },
    );
  });
});

test('a run with a facet is judged again with its plugin, and refused without', async () => {
  const estate = await startEstate(smallWorld());
  try {
    await inFolder(async (folder) => {
      await writePlugin(folder, files);
      const judging = ['--fail-on', 'never'];
      const env = estateEnv(estate);
      const scanned = await atrest(['scan', '--plugin', './rules', '--rules', 'house/*', '--out', 'run', ...judging], {
        cwd: folder,
        env,
      });
      expect({ code: scanned.code, said: scanned.stderr.includes('atrest:') }).toEqual({ code: 0, said: false });
      const without = await atrest(['evaluate', 'run', '--out', 'without', ...judging], { cwd: folder });
      expect(without.code).toBe(2);
      expect(without.stderr).toContain('--plugin ./rules');
      const passes = ['report', 'run', '--include-pass', '--explain'];
      const unloaded = await atrest([...passes, '--out', 'without'], { cwd: folder });
      expect({ code: unloaded.code, said: unloaded.stderr }).toEqual({ code: 2, said: without.stderr });
      await expect(readFile(join(folder, 'without', 'report.json'))).rejects.toThrow('ENOENT');
      expect((await atrest(['evaluate', 'run', '--plugin', './rules', '--out', 'again', ...judging], { cwd: folder })).code).toBe(
        0,
      );
      const findings = async (run: string) =>
        (JSON.parse(await readFile(join(folder, run, 'report.json'), 'utf8')) as Report).findings;
      expect((await findings('run')).length).toBeGreaterThan(0);
      expect(await findings('again')).toEqual(await findings('run'));
      const listed = await atrest(['rules', 'list', '--json', '--plugin', './rules'], { cwd: folder });
      const own = (JSON.parse(listed.stdout) as RuleDescription[]).find(({ id }) => id === 'house/replication-role');
      expect(own?.actions).toEqual(['s3:GetReplicationConfiguration', 's3:ListAllMyBuckets']);
    });
  } finally {
    await estate.close();
  }
});

test('a facet that was denied ends the scan and its judging again with 3, and is in every format', async () => {
  const estate = await startEstate(smallWorld());
  estate.faults.add({ kind: 'deny', operation: 's3:GetBucketReplication' });
  const denied = 's3:GetBucketReplication was denied (AccessDenied); it needs s3:GetReplicationConfiguration.';
  const shown: Partial<Record<FormatName, readonly string[]>> = {
    json: ['house/replication-role', denied],
    html: ['house/replication-role', denied],
    // Figures alone, without rules or resources.
    prom: ['atrest_run_complete 0'],
    // Controls and their figures.
    'controls-csv': ['house/replication-role', '"unknown"'],
    // It has fails alone, and no word for what is unknown.
    gitlab: ['[]'],
  };
  try {
    await inFolder(async (folder) => {
      await writePlugin(folder, files);
      const formats = formatNames.flatMap((name) => ['--format', name]);
      const asked = ['--plugin', './rules', '--rules', 'house/*', '--fail-on', 'never', ...formats];
      const scanned = await atrest(['scan', ...asked, '--out', 'run'], { cwd: folder, env: estateEnv(estate) });
      expect(scanned.code).toBe(3);
      expect(scanned.stderr).toContain('111111111111/global/s3 partial (AccessDenied)');
      const again = await atrest(['evaluate', 'run', ...asked, '--out', 'again'], { cwd: folder });
      expect(again.code).toBe(3);
      const rendered = await atrest(['report', 'run', '--plugin', './rules', '--explain', '--out', 'shown', ...formats], {
        cwd: folder,
      });
      expect(rendered.code).toBe(0);
      for (const out of ['run', 'again', 'shown'])
        for (const format of formatNames) {
          const { file } = await reportFormats[format]();
          const text = file === null ? scanned.stdout : await readFile(join(folder, out, file), 'utf8');
          for (const words of shown[format] ?? ['house/replication-role', 's3:GetBucketReplication', 'AccessDenied'])
            expect(text, `${out}, ${format}`).toContain(words);
        }
    });
  } finally {
    await estate.close();
  }
});

test('a run that did not read the facet leaves its rules unknown when it is judged by them', async () => {
  const estate = await startEstate(smallWorld());
  try {
    await inFolder(async (folder) => {
      await writePlugin(folder, files);
      const env = estateEnv(estate);
      const scanned = ['scan', '--rules', 's3/default-encryption-*', '--out', 'run', '--fail-on', 'never', '--allow-incomplete'];
      expect((await atrest(scanned, { cwd: folder, env })).code).toBe(0);
      const asked = ['--plugin', './rules', '--rules', 'house/*', '--fail-on', 'never'];
      await atrest(['evaluate', 'run', ...asked, '--out', 'again'], { cwd: folder });
      const report = JSON.parse(await readFile(join(folder, 'again', 'report.json'), 'utf8')) as Report;
      expect(new Set(said(report).map((line) => line.replace(/ \S+/, '')))).toEqual(
        new Set(['unknown s3.bucket/replicationRole was not collected in this run.']),
      );
    });
  } finally {
    await estate.close();
  }
});
