import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEstate, type Estate } from '#estate/index.js';
import type { FrameworkRow, Report } from '#model/report.js';
import { readFile } from 'node:fs/promises';
import { atrest, estateEnv, inFolder } from '../support/cli.js';
import { account, smallWorld } from '../support/small-world.js';

let estate: Estate;
beforeAll(async () => {
  estate = await startEstate(smallWorld());
});
afterAll(() => estate.close());

const config = `version: 1
baselines:
  prod:
    extends: cis-aws-7.0
    rules:
      kms/rotation-enabled: low
      "rds/*": { state: off, reason: the database team has its own }
      ebs/volume-cmk: on
    cmkRequired: [{ kinds: [ebs.volume], regions: [eu-*] }]
assign:
  - { baseline: prod, accounts: ["${account}"] }
frameworks: [gdpr]
`;

const reportOf = async (folder: string): Promise<Report> =>
  JSON.parse(await readFile(join(folder, 'run', 'report.json'), 'utf8')) as Report;

test('a scan judges by the baseline that the config assigns, and counts its framework', async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'atrest.yaml'), config);
    const env = estateEnv(estate);
    const scanned = await atrest(['scan', '--out', 'run', '--fail-on', 'never', '--include-pass', '--explain'], {
      cwd: folder,
      env,
    });
    expect(scanned.stderr).toMatch(/resources/);
    expect(scanned.code).toBe(0);
    const report = await reportOf(folder);
    expect(report.run.baseline).toEqual({ [account]: 'prod' });
    expect(report.run.reasons).toContainEqual({
      ...{ baseline: 'prod', rule: 'rds/instance-encrypted', state: 'off' },
      reason: 'the database team has its own',
    });
    const rules = report.rules.map(({ id }) => id);
    expect(rules).toContain('kms/rotation-enabled');
    expect(rules).toContain('ebs/volume-cmk');
    expect(rules.filter((id) => id.startsWith('rds/'))).toEqual([]);
    const rotation = report.findings.filter(({ rule, verdict }) => rule === 'kms/rotation-enabled' && verdict === 'fail');
    expect(rotation.length).toBeGreaterThan(0);
    for (const { baseline, severity } of rotation) expect({ baseline, severity }).toEqual({ baseline: 'prod', severity: 'low' });
    const required = report.findings.filter(({ rule, verdict }) => rule === 'ebs/volume-cmk' && verdict !== 'not-applicable');
    expect(new Set(required.map(({ region }) => region))).toEqual(new Set(['eu-west-1']));

    expect(report.frameworks.map(({ id }) => id)).toEqual(['cis-aws-7.0', 'gdpr']);
    const [cis] = report.frameworks;
    const control = cis?.controls.find((each) => each.rules.includes('kms/rotation-enabled'));
    expect(control?.fail).toBe(rotation.length);
    const databases = cis?.controls.find((each) => each.off.includes('rds/instance-encrypted'));
    expect(databases?.covered).toBe('none');
    expect(report.rules.find(({ id }) => id === 'kms/rotation-enabled')?.controls['cis-aws-7.0']).toEqual([control?.id]);

    const shown = await atrest(['frameworks', 'show', 'cis-aws-7.0', 'run', '--json'], { cwd: folder });
    expect(JSON.parse(shown.stdout) as FrameworkRow).toEqual(cis);
    const text = await atrest(['frameworks', 'show', 'cis-aws-7.0', 'run'], { cwd: folder });
    expect(text.stdout).toContain(`${control?.id ?? ''}: pass`);
    expect(text.stdout).toContain('rds/instance-encrypted (off)');

    const again = await atrest(['evaluate', 'run', '--out', 'strict', '--baseline', 'strict', '--fail-on', 'never'], {
      cwd: folder,
    });
    expect(again.code).toBe(0);
    const nowhere = await atrest(['evaluate', 'run', '--out', 'other', '--baseline', 'prd'], { cwd: folder });
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toMatch(/There is no baseline prd[\s\S]*Did you mean prod\?/);
  });
});

test('a baseline that does not fit the catalogue is refused before anything is scanned', async () => {
  await inFolder(async (folder) => {
    await mkdir(join(folder, 'conf'));
    await writeFile(join(folder, 'conf', 'a.yaml'), 'version: 1\nbaselines:\n  prod: { rules: { kms/rotation-enable: off } }\n');
    const calls = estate.log.length;
    const { code, stderr } = await atrest(['scan', '--config', 'conf/a.yaml'], { cwd: folder, env: estateEnv(estate) });
    expect(stderr).toContain('conf/a.yaml:3:20: there is no rule kms/rotation-enable; did you mean kms/rotation-enabled?');
    expect(code).toBe(2);
    expect(estate.log.length).toBe(calls);
  });
});

test('frameworks are listed, and each says which rules speak to its controls', async () => {
  const { stdout } = await atrest(['frameworks', 'list']);
  for (const id of ['cis-aws-1.4', 'cis-aws-7.0', 'aws-fsbp', 'pci-dss-4.0', 'kisa-isms-p-2023', 'nis2'])
    expect(stdout).toMatch(new RegExp(`^${id} `, 'm'));
  const { stdout: shown } = await atrest(['frameworks', 'show', 'cis-aws-7.0']);
  expect(shown).toContain('kms/rotation-enabled');
  const { code, stderr } = await atrest(['frameworks', 'show', 'cis']);
  expect(code).toBe(2);
  expect(stderr).toContain('There is no framework cis');
});
