import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, startEstate, type Estate } from '#estate/index.js';
import type { Finding, Report } from '#model/report.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { estateEnv } from '../support/cli.js';
import { ran } from '../support/in-process.js';
import { useEstate } from '../support/scan-estate.js';

const account = '111111111111';
const region = 'us-east-1';
const env = { ATREST_NOW: '2026-11-23T00:00:00Z' };

const config = `version: 1
baselines: { own: { rules: { ebs/volume-encrypted: on, kms/rotation-enabled: on, s3/bucket-key: on } } }
assign: [{ baseline: own }]
waivers: [waivers.yaml]
`;

const volumes: Record<string, string> = {};
let estate: Estate;
let folder: string;

const waivers = () => `waivers:
  - { rule: ebs/volume-encrypted, resource: "*volume/${volumes['named'] ?? ''}", reason: known, owner: web, expires: 2026-11-30 }
  - { rule: "ebs/*", allTags: { env: dev }, accounts: ["${account}"], reason: a sandbox }
  - { rule: ebs/volume-encrypted, resource: "*volume/${volumes['late'] ?? ''}", reason: for a while, expires: 2026-11-22 }
  - { rule: s3/bucket-key, resource: "arn:aws:s3:::gone", reason: it is gone }
  - { rule: ebs/volume-encrypted, accounts: ["999999999999"], reason: an account of another run }
  - { rule: kms/rotation-enabled, regions: [us-*], anyTags: { env: dev }, reason: its tags are not read }
attestations:
  - { rule: kms/rotation-enabled, resource: "arn:aws:kms:*", result: pass, by: an auditor, on: 2026-11-20, evidence: "https://x", expires: 2027-11-20 }
`;

beforeAll(async () => {
  const world = createWorld({ seed: 3 }).addAccount(account, { regions: [region] });
  const volume = (name: string, env?: string) => {
    const { VolumeId } = world.put(account, region, 'ebs.volume', {
      Encrypted: false,
      ...(env !== undefined && { Tags: [{ Key: 'Env', Value: env }] }),
    });
    volumes[name] = VolumeId;
  };
  volume('named');
  volume('tagged', 'Dev');
  volume('late');
  volume('plain', 'prod');
  world.put(account, region, 'kms.key', { tags: [{ TagKey: 'env', TagValue: 'dev' }] });
  world.put(account, region, 'kms.key', { rotation: { enabled: false } });
  world.deny({ operation: 'kms:GetKeyRotationStatus', account });
  world.deny({ operation: 'kms:ListResourceTags', account });
  estate = await startEstate(world);
  useEstate(estate);
  folder = await mkdtemp(join(tmpdir(), 'atrest-waivers-'));
  await writeFile(at('atrest.yaml'), config);
  await writeFile(at('waivers.yaml'), waivers());
});
afterAll(async () => {
  await estate.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const report = async (run: string) => JSON.parse(await readFile(at(join(run, 'report.json')), 'utf8')) as Report;
const scan = (out: string, ...more: string[]) =>
  ran(['scan', '--config', at('atrest.yaml'), '--out', at(out), '--workers', '1', ...more], { ...estateEnv(estate), ...env });
const on = ({ findings }: Report, volume: string): Finding => {
  const found = findings.find(
    ({ rule, resource }) => rule === 'ebs/volume-encrypted' && resource.endsWith(volumes[volume] ?? '?'),
  );
  if (found === undefined) throw new Error(`There is no finding on ${volume}`);
  return found;
};

describe('a run with waivers', () => {
  let stderr: string;
  let made: Report;
  beforeAll(async () => {
    const result = await scan('run', '--format', 'json,html,prom');
    ({ stderr } = result);
    expect(result.code).toBe(1);
    made = await report('run');
  });

  test('shows what is waived, and does not count it among the fails', () => {
    expect(on(made, 'named')).toMatchObject({
      verdict: 'fail',
      waiver: { state: 'valid', owner: 'web', expires: '2026-11-30', source: 'waivers.yaml:2:5' },
    });
    expect(on(made, 'tagged').waiver).toMatchObject({ state: 'valid', reason: 'a sandbox' });
    expect(on(made, 'late').waiver).toMatchObject({ state: 'expired', expires: '2026-11-22' });
    expect(on(made, 'plain').waiver).toBeNull();
    const { summary } = made;
    expect(summary.byRule['ebs/volume-encrypted']).toMatchObject({ fail: 2, waived: 2, unknown: 0 });
    expect(summary.bySeverity.high).toEqual({ fail: 2, waived: 2, unknown: 0 });
    expect(summary.byAccount?.[account]).toMatchObject({ fail: { high: 2 }, waived: { high: 2 } });
    expect(summary.waived).toBe(2);
    expect(summary.score).toBe(0);
  });

  test('keeps what is attested unknown, and does not close the gap', () => {
    const unknowns = made.findings.filter(({ rule }) => rule === 'kms/rotation-enabled');
    expect(unknowns.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
    for (const { attestation, waiver } of unknowns) {
      expect(attestation).toMatchObject({ state: 'valid', result: 'pass', attestedBy: 'an auditor', attestedOn: '2026-11-20' });
      expect(waiver).toBeNull();
    }
    expect(made.summary.byRule['kms/rotation-enabled']).toMatchObject({ unknown: 2, attested: 2 });
    expect(made.summary.attested).toEqual({ pass: 2, fail: 0 });
    expect(made.run.complete).toBe(false);
  });

  test('says of each waiver how it stands and whether it is of use', () => {
    expect(made.waivers?.map(({ type, state, matches, use }) => [type, state, matches, use])).toEqual([
      ['waiver', 'expiring', 1, 'used'],
      ['waiver', 'valid', 1, 'used'],
      ['waiver', 'expired', 1, 'used'],
      // The account's KMS could not be read as a whole.
      ['waiver', 'valid', 0, 'not-evaluated'],
      ['waiver', 'valid', 0, 'not-evaluated'],
      ['waiver', 'valid', 0, 'not-evaluated'],
      ['attestation', 'valid', 2, 'used'],
    ]);
  });

  test('is loud about what has expired or soon will, in every output', async () => {
    expect(stderr).toContain('2 findings: 2 high. Score 0.0 %.\n2 more findings waived.\n');
    expect(stderr).toContain('2 verdicts unknown, because something could not be read.\n2 of them attested: 2 pass, 0 fail.\n');
    expect(stderr).toContain(
      'EXPIRED: the waiver waivers.yaml:4:5 (ebs/volume-encrypted: for a while) ended on 2026-11-22. 1 finding that it covered counts again.\n',
    );
    expect(stderr).toContain('waivers.yaml:2:5 (ebs/volume-encrypted: known) ends on 2026-11-30');
    const html = await readFile(at('run/report.html'), 'utf8');
    expect(html).toMatch(/waiver expired 2026-11-22/);
    expect(html).toMatch(/waived until 2026-11-30/);
    expect(html).toMatch(/attested pass until 2027-11-20/);
    expect(html).toMatch(/EXPIRED: the waiver waivers\.yaml:4:5 ended on 2026-11-22/);
    const prom = await readFile(at('run/report.prom'), 'utf8');
    expect(prom).toContain('atrest_waivers{type="waiver",state="expired"} 1\n');
    expect(prom).toContain(`atrest_verdicts{account="${account}",verdict="waived",severity="high"} 2\n`);
  });

  test('asks for the tags that its waivers look at, and for no others', async () => {
    const run = JSON.parse(await readFile(at('run/run.json'), 'utf8')) as { cells: { service: string; asked: object }[] };
    const asked = run.cells.map(({ service, asked: facets }) => [service, JSON.stringify(facets).includes('"tags"')]);
    expect(Object.fromEntries(asked)).toEqual({ ec2: true, kms: true, s3: false });
  });

  test('keeps its waivers, so that it is judged alike when the file has gone', async () => {
    const { waivers: kept } = JSON.parse(await readFile(at('run/run.json'), 'utf8')) as { waivers: { waivers: unknown[] } };
    expect(kept.waivers).toHaveLength(6);
    const { waivers: digest } = JSON.parse(await readFile(at('run/manifest.json'), 'utf8')) as { waivers: string };
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const again = await ran(['evaluate', at('run'), '--out', at('again'), '--format', 'json']);
    expect(again.code).toBe(1);
    const lines = async (name: string) => gunzipSync(await readFile(at(`${name}/findings.ndjson.gz`))).toString();
    expect(await lines('again')).toBe(await lines('run'));
    expect((await report('again')).waivers).toEqual(made.waivers);
  });

  test('can be judged by other waivers', async () => {
    const other = config.replace('waivers: [waivers.yaml]', 'waivers: [other.yaml]');
    await writeFile(at('other.atrest.yaml'), other);
    await writeFile(at('other.yaml'), 'waivers: [{ rule: "ebs/*", resource: "*", reason: all of it }]\n');
    const judged = await ran([
      'evaluate',
      at('run'),
      '--out',
      at('other'),
      '--config',
      at('other.atrest.yaml'),
      '--format',
      'json',
    ]);
    expect(judged.code).toBe(3);
    expect((await report('other')).summary.waived).toBe(4);
    await writeFile(at('none.atrest.yaml'), config.replace('waivers: [waivers.yaml]\n', ''));
    await ran(['evaluate', at('run'), '--out', at('none'), '--config', at('none.atrest.yaml'), '--format', 'json']);
    expect((await report('none')).summary.waived).toBe(0);
  });

  test('fails where somebody attests that what could not be read fails', async () => {
    await writeFile(at('attested.atrest.yaml'), config.replace('waivers: [waivers.yaml]', 'waivers: [attested.yaml]'));
    const judge = async (result: string, waived: string) => {
      const kms = 'rule: kms/rotation-enabled, resource: "*"';
      const said = `waivers: [{ rule: "ebs/*", resource: "*", reason: x }, ${waived}]\n`;
      await writeFile(at('attested.yaml'), `${said}attestations: [{ ${kms}, result: ${result}, by: me, on: 2026-11-01 }]\n`);
      const args = ['--config', at('attested.atrest.yaml'), '--fail-on', 'medium', '--format', 'json', '--quiet'];
      const { code } = await ran(['evaluate', at('run'), '--out', at(`attested-${result}-${String(waived.length)}`), ...args]);
      return code;
    };
    expect(await judge('fail', '')).toBe(1);
    // All unknowns of the gap are attested: it counts as closed, though the run is still not complete.
    expect(await judge('pass', '')).toBe(0);
    expect((await report('attested-pass-0')).run.complete).toBe(false);
    expect(await judge('fail', '{ rule: "kms/*", resource: "*", reason: y }')).toBe(0);
  });

  test('counts what is waived and attested by control too', async () => {
    const controls = async (framework: string) => (await ran(['frameworks', 'show', framework, at('run')])).stdout;
    expect(await controls('aws-fsbp')).toMatch(/: pass 0, fail 2, unknown 0, waived 2/);
    expect(await controls('cis-aws-7.0')).toMatch(/: pass 0, fail 0, unknown 2 \(2 attested\)/);
  });

  test('is kept in its history with what is waived, which counts as a fail in the score', async () => {
    await ran(['history', at('kept'), '--add', at('run')]);
    const [line] = (await readFile(at('kept/trend.ndjson'), 'utf8')).split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({
      fail: 2,
      waived: 2,
      score: 0,
      accounts: { [account]: { fail: 2, waived: 2, score: 0 } },
    });
    const { stdout } = await ran(['history', at('kept')]);
    expect(stdout).toMatch(/run +ended +complete +score +pass +fail +unknown +waived +stored\n.* 0 +2 +2 +2 +yes/);
  });

  test('shows passes and waivers together when it is rendered again', async () => {
    await ran(['report', at('run'), '--out', at('rendered'), '--format', 'json', '--include-pass']);
    expect(on(await report('rendered'), 'named').waiver?.state).toBe('valid');
  });
});

describe('waivers check', () => {
  test('goes by the day of the check, not by that of the run', async () => {
    const now = await ran(['waivers', 'check', at('run')], env);
    expect(now.code).toBe(1);
    expect(now.stdout).toContain('waivers.yaml:4:5  waiver  ebs/volume-encrypted  expired, ended 2026-11-22  means 1\n');
    expect(now.stderr).toMatch(/^EXPIRED: the waiver waivers\.yaml:4:5 /);
    const earlier = await ran(['waivers', 'check', at('run'), '--format', 'json'], { ATREST_NOW: '2026-11-01T00:00:00Z' });
    expect(earlier).toMatchObject({ code: 0, stderr: '' });
    expect((JSON.parse(earlier.stdout) as { state: string }[]).map(({ state }) => state)).not.toContain('expired');
    const later = await ran(['waivers', 'check', at('run')], { ATREST_NOW: '2026-12-01T00:00:00Z' });
    expect(later.stderr.match(/^EXPIRED: /gm)).toHaveLength(2);
  });

  test('lists what is not used only where all that it could mean was judged', async () => {
    await writeFile(at('used.atrest.yaml'), config.replace('waivers: [waivers.yaml]', 'waivers: [used.yaml]'));
    await writeFile(at('used.yaml'), 'waivers: [{ rule: s3/bucket-key, resource: "arn:aws:s3:::gone", reason: it is gone }]\n');
    const args = ['--config', at('used.atrest.yaml')];
    const only = ['scan', ...args, '--out', at('s3'), '--service', 's3', '--format', 'json', '--quiet', '--workers', '1'];
    expect((await ran(only, { ...estateEnv(estate), ...env })).code).toBe(0);
    const checked = await ran(['waivers', 'check', at('s3')], env);
    expect(checked.code).toBe(1);
    expect(checked.stderr).toBe(
      'The waiver used.yaml:1:11 (s3/bucket-key: it is gone) is not used: nothing in this run that it could mean is a fail or an unknown.\n',
    );
    await writeFile(
      at('used.yaml'),
      'waivers: [{ rule: ebs/volume-encrypted, resource: "arn:aws:ec2:*", reason: not looked at }]\n',
    );
    expect(await ran(['waivers', 'check', at('s3'), ...args], env)).toMatchObject({ code: 0, stderr: '' });
  });

  test('without a run looks at the files and their dates', async () => {
    const checked = await ran(['waivers', 'check', '--config', at('atrest.yaml')], env);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toContain('waivers.yaml:4:5  waiver  ebs/volume-encrypted  expired, ended 2026-11-22\n');
    expect((await ran(['waivers', 'check', '--config', at('none.atrest.yaml')], env)).stdout).toBe(
      'There are no waivers and no attestations.\n',
    );
  });
});

describe('waivers explain', () => {
  const explain = async (finding: Finding, ...more: string[]) => ran(['waivers', 'explain', finding.id, at('run'), ...more], env);

  test('says of each waiver on the rule which condition does not fit', async () => {
    const made = await report('run');
    const plain = await explain(on(made, 'plain'));
    expect(plain.code).toBe(0);
    expect(plain.stdout).toContain(`ebs/volume-encrypted: fail, high\n  ${on(made, 'plain').resource}\n`);
    expect(plain.stdout).toContain('allTags does not fit: wanted env=dev, found Env=prod\n');
    expect(plain.stdout).toContain(
      `resource does not fit: wanted *volume/${volumes['named'] ?? ''}, found ${on(made, 'plain').resource}\n`,
    );
    expect(plain.stdout).toContain(`accounts does not fit: wanted 999999999999, found ${account}\n`);
    expect(plain.stdout).not.toContain('s3/bucket-key');
    expect((await explain(on(made, 'tagged'))).stdout).toContain(
      'waiver waivers.yaml:3:5 (without end): a sandbox\n  covers it\n',
    );
    expect((await explain(on(made, 'late'))).stdout).toContain(
      '(ended on 2026-11-22): for a while\n  would mean it, but has expired\n',
    );
  });

  test('says that tags were not read, and what is attested', async () => {
    const unknown = (await report('run')).findings.find(({ rule }) => rule === 'kms/rotation-enabled') as Finding;
    const { stdout } = await explain(unknown);
    expect(stdout).toMatch(/anyTags does not fit: wanted env=dev, found tags not read: kms:ListResourceTags was denied/);
    expect(stdout).toContain('attestation waivers.yaml:9:5 (to 2027-11-20)\n  decides it\n');
    const { statements } = JSON.parse((await explain(unknown, '--format', 'json')).stdout) as { statements: { type: string }[] };
    expect(statements.map(({ type }) => type)).toEqual(['waiver', 'attestation']);
  });

  test('refuses an id that no finding has', async () => {
    const refused = await ran(['waivers', 'explain', 'abc', at('run')], env);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('has no fail or unknown of the id abc');
  });
});

describe('a waiver file that is wrong', () => {
  test.each<[string, string, RegExp]>([
    [
      'an impossible date',
      'waivers:\n  - { rule: s3/bucket-key, resource: "*", reason: x, expires: 2027-02-30 }\n',
      /wrong\.yaml:2:\d+: waivers\.0\.expires: 2027-02-30 is no day/,
    ],
    [
      'a rule that is not there',
      'waivers:\n  - { rule: s3/bucket-kye, resource: "*", reason: x }\n',
      /wrong\.yaml:2:13: there is no rule s3\/bucket-kye; did you mean s3\/bucket-key\?/,
    ],
  ])('ends the scan with 2 and no folder: %s', async (_, text, expected) => {
    await writeFile(at('wrong.atrest.yaml'), config.replace('waivers.yaml', 'wrong.yaml'));
    await writeFile(at('wrong.yaml'), text);
    const refused = await ran(['scan', '--config', at('wrong.atrest.yaml'), '--out', at('wrong')], env);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(expected);
    await expect(readFile(at('wrong/run.json'))).rejects.toThrow('ENOENT');
  });

  test('one that is not there is named with the line that names it', async () => {
    await writeFile(at('missing.atrest.yaml'), config.replace('waivers.yaml', 'missing.yaml'));
    const refused = await ran(['scan', '--config', at('missing.atrest.yaml'), '--out', at('missing')], env);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/missing\.atrest\.yaml:4:11: cannot read .*missing\.yaml: no such file/);
  });
});
