import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CoverageRow, Finding } from '#model/report.js';
import { ran } from '../support/in-process.js';
import { unknownFinding } from '../support/report-parts.js';
import { fail, writeStoredRun } from '../support/stored-run.js';

const account = '111111111111';
const rule = 'ebs/volume-encrypted';
const hostile = '| `x` <b>\u001b[31m @all\n# h';
const waiver = {
  state: 'valid' as const,
  reason: 'public data',
  owner: 'web',
  ticket: null,
  approvedBy: null,
  expires: '2026-11-30',
  source: 'waivers.yaml:2:5',
};

let folder: string;
const at = (name: string): string => join(folder, name);
const env = { ATREST_NOW: '2026-11-23T00:00:00Z' };
const atrest = (...args: string[]) => ran(args, env);

const unread = (name: string): Finding => unknownFinding({ ...fail('ebs/volume-cmk', name) });
const gap: CoverageRow = {
  account,
  region: 'eu-central-1',
  service: 'ec2',
  state: 'partial',
  reason: null,
  operations: [{ operation: 'ec2:DescribeVolumes', calls: 3, errors: 1, code: 'AccessDenied' }],
};
const header = (id: string) => ({
  run: {
    id,
    startedAt: '2026-11-22T04:00:00.000Z',
    finishedAt: '2026-11-22T04:00:09.000Z',
    complete: true,
    baseline: {},
    callers: {},
  },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrest-gate-'));
  await writeStoredRun(at('first'), {
    header: header('FIRST'),
    findings: [
      fail('ebs/volume-cmk', 'vol-a', { severity: 'medium', actual: 'aws-managed' }),
      fail(rule, 'vol-b'),
      fail(rule, 'vol-c', { waiver }),
      fail(rule, 'vol-d'),
      fail(rule, 'vol-e'),
    ],
  });
  await writeStoredRun(at('later'), {
    header: header('LATER'),
    findings: [
      fail('ebs/volume-cmk', 'vol-a', { severity: 'medium', actual: 'aws-owned' }),
      fail(rule, 'vol-b'),
      fail(rule, 'vol-c', { waiver: { ...waiver, state: 'expired', expires: '2026-11-22' } }),
      unread('vol-d'),
      fail(rule, 'vol-f', { name: hostile, message: `The volume ${hostile} is not encrypted.` }),
    ].filter(({ name }) => name !== 'vol-d'),
    passes: [{ pass: [rule], resources: [`arn:aws:ec2:eu-central-1:${account}:volume/vol-d`] }],
  });
  await writeStoredRun(at('gaps'), {
    header: { ...header('GAPS'), run: { ...header('GAPS').run, complete: false }, coverage: [gap] },
    findings: [unread('vol-a')],
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the gate shows the worst first, of each severity in the order of the report', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `vol-${String(index).padStart(2, '0')}`);
  const severity = (index: number) => (index === 7 ? 'critical' : index % 2 === 0 ? 'high' : 'medium');
  await writeStoredRun(at('mixed'), {
    header: header('MIXED'),
    findings: names.map((name, index) => fail(rule, name, { severity: severity(index) })),
  });
  const { stdout } = await atrest('gate', at('mixed'), '--fail-on', 'medium');
  const shown = [...stdout.matchAll(/^ {2}(\w+) +\S+ {2}\S+volume\/vol-(\d+)/gm)].map(
    ([, is, number]) => `${is ?? ''} ${number ?? ''}`,
  );
  expect(shown).toEqual([
    'critical 07',
    ...['00', '02', '04', '06', '08', '10'].map((number) => `high ${number}`),
    ...['01', '03', '05'].map((number) => `medium ${number}`),
  ]);
  expect(stdout).toContain('and 2 more');
});

describe('diff', () => {
  test('says in text what changed, and what came back', async () => {
    const { code, stdout } = await atrest('diff', at('first'), at('later'));
    expect(code).toBe(1);
    expect(stdout).toBe(`LATER against FIRST: 1 new, 1 worse, 1 not evaluated any more, 1 fixed, 2 unchanged.

New: 1
  high     ebs/volume-encrypted  arn:aws:ec2:eu-central-1:111111111111:volume/vol-f  (111111111111/eu-central-1)
           The volume | \`x\` <b> [31m @all # h is not encrypted. (not evaluated before: the inventory that says whether the resource is there is in another folder)

Worse: 1
  medium   ebs/volume-cmk  arn:aws:ec2:eu-central-1:111111111111:volume/vol-a  (111111111111/eu-central-1)
           was medium: aws-managed, is medium: aws-owned

Not evaluated any more: 1
  high     ebs/volume-encrypted  arn:aws:ec2:eu-central-1:111111111111:volume/vol-e  (111111111111/eu-central-1)
           the inventory that says whether the resource is there is in another folder

Fixed: 1
  high     ebs/volume-encrypted  arn:aws:ec2:eu-central-1:111111111111:volume/vol-d  (111111111111/eu-central-1)

Waived before, and the waiver has expired: 1
  ebs/volume-encrypted  arn:aws:ec2:eu-central-1:111111111111:volume/vol-c  (until 2026-11-22)
`);
  });

  test('writes Markdown in which names are data', async () => {
    const { stdout } = await atrest('diff', at('first'), at('later'), '--format', 'md');
    expect(stdout).toContain('Run `LATER` against `FIRST`: 1 new, 1 worse');
    const row = stdout.split('\n').find((line) => line.includes('vol-f'));
    expect(row).toContain('The volume \\| \\`x\\` \\<b\\> \\[31m \\@all \\# h is not encrypted\\.');
    expect(row?.split(/(?<!\\)\|/)).toHaveLength(7);
  });

  test('writes every change as JSON, and nothing of a run against itself', async () => {
    const { code, stdout } = await atrest('diff', at('later'), at('later'), '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ before: 'LATER', after: 'LATER', counts: { unchanged: 4, new: 0 }, changes: [] });
    const { changes } = JSON.parse((await atrest('diff', at('first'), at('later'), '--format', 'json')).stdout) as {
      changes: { change: string; after: { id: string } | null }[];
    };
    expect(changes.map(({ change }) => change)).toEqual(['worse', 'fixed', 'not-evaluated', 'new']);
  });

  test('refuses a folder that is no finished run', async () => {
    const { code, stderr } = await atrest('diff', at('first'), folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining('holds no finished run')]);
  });
});

describe('gate', () => {
  test('says why it fails, what did not count, and what to do', async () => {
    const { code, stdout } = await atrest('gate', at('later'), '--max', `${account}=1,ebs/volume-cmk=1`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Gate failed: 3 findings \(3 high\) \(run LATER\)\nIn 111111111111: 3:\n {2}high/);
    expect(stdout).toContain('[the waiver expired, its last day was 2026-11-22]');
    expect(stdout).toContain('Not counted: 1 of ebs/volume-cmk, of which 1 may be.\n');
    expect(stdout).toContain('111111111111 has 3 findings, more than the 1 that may be.\n');
    expect(stdout).toContain('The waivers of 1 finding have EXPIRED: they count again.\n');
    expect(stdout).toMatch(/atrest known write .*later\nExit code 1\.\n$/);
    expect(stdout).not.toContain('\u001b');
  });

  test('takes the clock of now: a waiver that was valid in the run has expired since', async () => {
    const late = { ATREST_NOW: '2026-12-01T00:00:00Z' };
    const counts = async (clock: Record<string, string>) => {
      const { stdout } = await ran(['gate', at('first'), '--json'], clock);
      const { gating, notCounted, waiversExpired, findings } = JSON.parse(stdout) as Record<string, unknown>;
      return { gating, notCounted, waiversExpired, listed: (findings as unknown[]).length };
    };
    const none = { accepted: 0, attested: 0 };
    expect(await counts(env)).toEqual({ gating: 3, notCounted: { waived: 1, ...none }, waiversExpired: 0, listed: 3 });
    expect(await counts(late)).toEqual({ gating: 4, notCounted: { waived: 0, ...none }, waiversExpired: 1, listed: 4 });
  });

  test('with --fail-on-new, looks at regressions only, those whose waiver has expired among them', async () => {
    const { code, stdout } = await atrest('gate', at('later'), '--against', at('first'), '--fail-on-new', '--json');
    const { findings } = JSON.parse(stdout) as { findings: { resource: string }[] };
    expect(code).toBe(1);
    expect(findings.map(({ resource }) => resource.slice(-5))).toEqual(['vol-a', 'vol-c', 'vol-f']);
    expect((await atrest('gate', at('later'), '--against', at('later'), '--fail-on-new')).code).toBe(0);
    expect((await atrest('gate', at('later'), '--against', at('later'), '--fail-on-new', 'low')).code).toBe(0);
  });

  test('names gaps, and passes over them when it is told to', async () => {
    const { code, stdout } = await atrest('gate', at('gaps'));
    expect(code).toBe(3);
    expect(stdout).toContain('1 cell not fully read:\n  111111111111/eu-central-1/ec2 partial\n');
    for (const [flags, expected] of [
      [['--allow-incomplete'], 0],
      [['--unknown', 'ignore'], 0],
      [['--unknown', 'fail'], 1],
      [['--unknown', 'fail', '--fail-on', 'critical'], 3],
    ] as const)
      expect([flags, (await atrest('gate', at('gaps'), ...flags)).code]).toEqual([flags, expected]);
  });

  test('follows the config that the run was made with; flags come before it', async () => {
    const config = { version: 1, gate: { failOn: 'critical', max: { rules: { [rule]: 1 } } } };
    await writeStoredRun(at('configured'), { config, findings: [fail(rule, 'vol-a'), fail(rule, 'vol-b')] });
    expect((await atrest('gate', at('configured'))).code).toBe(0);
    expect((await atrest('gate', at('configured'), '--fail-on', 'high')).code).toBe(1);
    expect((await atrest('gate', at('configured'), '--fail-on', 'high', '--max', `${rule}=2`)).code).toBe(0);
  });

  test.each([
    [['--fail-on-new'], /--fail-on-new has nothing that says what is old\n {2}Name an earlier run/],
    [
      ['--max', 'ebs/volume-encripted=2'],
      /--max ebs\/volume-encripted: there is no such rule\n {2}Did you mean ebs\/volume-encrypted\?/,
    ],
    [['--max', '222222222222=2'], /--max 222222222222: the account is not in the run/],
    [['--max', 'ebs/volume-encrypted'], /--max ebs\/volume-encrypted: a rule or an account and a number are expected/],
    [['--known', 'nowhere.json'], /Cannot read nowhere\.json: no such file/],
    [['--unknown', 'pass'], /Allowed choices are fail, gap, ignore/],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr, stdout } = await atrest('gate', at('first'), ...flags);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
  });
});

test.each([
  ['gate: { failOn: severe }', /:2:17: gate\.failOn: /],
  ['gate: { fialOn: high }', /:2:9: unknown key "fialOn" in gate; did you mean "failOn"\?/],
  [
    'gate:\n  max:\n    rules: { ebs/volume-encripted: 2 }',
    /:4:14: there is no rule ebs\/volume-encripted\n.*ebs\/volume-encrypted\?/,
  ],
  ['gate: { max: { accounts: { "1234": 2 } } }', /:2:\d+: gate\.max\.accounts\.1234: /],
])('a config that says of the gate what cannot be is refused with its place: %s', async (text, message) => {
  await writeFile(at('bad.yaml'), `version: 1\n${text}\n`);
  const { code, stderr } = await atrest('scan', '--config', at('bad.yaml'), '--out', at('never'));
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});

test('report --against renders what it can, and refuses what is no run', async () => {
  const { code } = await atrest('report', at('later'), '--against', at('first'), '--format', 'json', '--out', at('rendered'));
  expect(code).toBe(0);
  const { findings } = JSON.parse(await readFile(join(at('rendered'), 'report.json'), 'utf8')) as { findings: unknown[] };
  expect(findings).toHaveLength(4);
  expect((await atrest('report', at('later'), '--against', folder)).code).toBe(2);
});

describe('known', () => {
  const lines = async (file: string) => (await readFile(file, 'utf8')).split('\n');
  const names = async (file: string) =>
    (JSON.parse(await readFile(file, 'utf8')) as { known: { resource: string; level: string; firstSeen: string }[] }).known.map(
      ({ resource, level, firstSeen }) => `${resource.slice(-5)} ${level} ${firstSeen}`,
    );

  test('accepts what no waiver covers, keeps the first-seen day, lists and prunes what no longer occurs', async () => {
    const file = at('known.json');
    const written = await atrest('known', 'write', at('first'), '--out', file);
    expect([written.code, written.stderr]).toEqual([0, `${file}: 4 accepted findings (4 added).\n`]);
    const first = ['vol-a aws-managed 2026-11-22', 'vol-b none 2026-11-22', 'vol-d none 2026-11-22', 'vol-e none 2026-11-22'];
    expect(await names(file)).toEqual(first);
    expect((await atrest('gate', at('first'), '--known', file, '--fail-on', 'info')).code).toBe(0);

    const gated = await atrest('gate', at('later'), '--known', file, '--fail-on', 'info');
    expect(gated.code).toBe(1);
    expect(gated.stdout).toContain('Gate failed: 3 findings (2 high, 1 medium)');
    expect(gated.stdout).toContain('[worse than accepted: medium, aws-managed]');
    expect(gated.stdout).toContain(
      `1 accepted finding of ${file} no longer occur:\n  ${rule}  arn:aws:ec2:eu-central-1:111111111111:volume/vol-d\n`,
    );

    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('2026-11-22', '2026-01-01'));
    const before = await lines(file);
    const pruned = await atrest('known', 'prune', at('later'), '--file', file);
    expect(pruned.stderr).toContain('3 accepted findings (1 taken out, as they no longer occur)');
    // Of the volume that the later run says nothing of it is not known whether it is gone.
    expect(await lines(file)).toEqual(before.filter((line) => !line.includes('vol-d')));

    await atrest('known', 'write', at('later'), '--out', file);
    expect(await names(file)).toEqual([
      'vol-a aws-owned 2026-01-01',
      'vol-b none 2026-01-01',
      'vol-c none 2026-11-22',
      'vol-e none 2026-01-01',
      'vol-f none 2026-11-22',
    ]);
    expect((await atrest('gate', at('later'), '--known', file, '--fail-on', 'info')).code).toBe(0);
    const again = await readFile(file, 'utf8');
    expect((await atrest('known', 'write', at('later'), '--out', file)).stderr).toContain(
      '5 accepted findings, nothing changed.',
    );
    expect(await readFile(file, 'utf8')).toBe(again);
  });

  test('worse than accepted is new, whatever the earlier run had', async () => {
    const file = at('better.json');
    const gate = ['gate', at('first'), '--against', at('first'), '--known', file, '--fail-on-new'];
    await atrest('known', 'write', at('first'), '--out', file);
    expect((await atrest(...gate)).code).toBe(0);
    await writeFile(file, (await readFile(file, 'utf8')).replace('aws-managed', 'customer-managed'));
    const { code, stdout } = await atrest(...gate);
    expect(code).toBe(1);
    expect(stdout).toContain('[worse than accepted: medium, customer-managed]');
  });

  test('prunes nothing that could not be read', async () => {
    const file = at('unread.json');
    await atrest('known', 'write', at('first'), '--out', file);
    await atrest('known', 'write', at('gaps'), '--out', file, '--prune');
    expect(await names(file)).toHaveLength(4);
  });

  test.each([
    ['{"version": 1, "known": [\n  {"id": "a"}\n]}', /bad\.json:2:3: known\.0\.rule: /],
    ['version: 2\nknown: []\n', /bad\.json:1:10: version: /],
    ['{"version": 1, "known": [}', /bad\.json:1:\d+: /],
    ['', /bad\.json:1:1: /],
    ['version: 1\nknown: []\nknwon: []\n', /bad\.json:3:1: unknown key "knwon"; did you mean "known"\?/],
  ])('a file that is malformed is refused with its place: %j', async (text, message) => {
    const file = at('bad.json');
    await writeFile(file, text);
    for (const args of [
      ['gate', at('first'), '--known', file],
      ['known', 'write', at('first'), '--out', file],
    ]) {
      const { code, stderr } = await atrest(...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('an entry whose id is not its own, or that is there twice, is refused', async () => {
    const file = at('edited.json');
    await atrest('known', 'write', at('first'), '--out', file);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('vol-b', 'vol-x'));
    expect((await atrest('gate', at('first'), '--known', file)).stderr).toMatch(
      /edited\.json:5:5: known\.1: the id is not that of/,
    );
    const [, , , entry = ''] = text.split('\n');
    await writeFile(file, text.replace(entry, `${entry}\n${entry}`));
    expect((await atrest('gate', at('first'), '--known', file)).stderr).toMatch(/edited\.json:5:5: [0-9a-f]{32} is listed twice/);
  });
});
