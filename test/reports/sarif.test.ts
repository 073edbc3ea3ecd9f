import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import Ajv04 from 'ajv-draft-04';
import { describe, expect, test } from 'vitest';
import type { ComparedFinding, Finding, Report, ReportSource } from '#model/report.js';
import { sarif } from '#reports/sarif/render.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { attested, waived } from '../support/notes.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, finding, fixtureRules, rendered, sourceOf, unknownFinding } from '../support/report-parts.js';
import { cleanReport, hostileReport, unknownReport } from '../support/report-variants.js';
import { foreignSchema } from '../support/foreign-schema.js';

const home = '111111111111';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level?: string;
  readonly message: { readonly text: string };
  readonly locations: {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: { startLine: number } };
    readonly logicalLocations: { readonly fullyQualifiedName: string; readonly kind: string }[];
  }[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly baselineState?: string;
  readonly suppressions: { readonly kind: string; readonly status: string; readonly justification: string }[];
  readonly occurrenceCount?: number;
}

interface Run {
  readonly tool: {
    readonly driver: { readonly rules: { id: string; properties: Record<string, unknown> & { tags: string[] } }[] };
  };
  readonly automationDetails: { readonly id: string };
  readonly invocations: {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: { descriptor: { id: string }; message: { text: string } }[];
  }[];
  readonly results: Result[];
}

const textOf = (source: ReportSource) => rendered(sarif.render(source));
const runsOf = async (source: ReportSource) => (JSON.parse(await textOf(source)) as { runs: Run[] }).runs;

/** One account, whose config line is known, with these findings. */
function reportOf(findings: Finding[], accounts = [home]): Report {
  const scope = {
    accounts: accounts.map((id) => ({ ...{ id, name: null, path: null, state: 'scanned' as const, reason: null } })),
    regions: ['eu-central-1'],
  };
  const [first, ...others] = scope.accounts;
  const governed = first === undefined ? [] : [{ ...first, governedBy: { file: 'audit/at rest.yaml', line: 7 } }, ...others];
  return { ...emptyReport(), rules: [...fixtureRules], scope: { ...scope, accounts: governed }, findings };
}

const fail = (id: string, more: Partial<Finding> = {}) => finding({ id, rule: 'ebs/volume-encrypted', ...more });
const unknown = (id: string, more: Partial<Finding> = {}) => unknownFinding({ id, rule: 'kms/rotation-enabled', ...more });

async function resultsOf(findings: Finding[]): Promise<Result[]> {
  const [run] = await runsOf(sourceOf(reportOf(findings)));
  return run?.results ?? [];
}

const samples = {
  'without findings': emptyReport(),
  'of a clean run': cleanReport(),
  'with findings': reportFixture(),
  'of which nothing could be read': unknownReport(),
  'with hostile texts': hostileReport(hostileTexts),
  'with waivers and attestations': reportOf([fail('1', { waiver: waived() }), unknown('2', { attestation: attested() })]),
};

const compile = (schema: string) =>
  new Ajv04.default({ strict: false, allErrors: true, validateFormats: false }).compile(JSON.parse(schema) as object);
let validateSchema: ReturnType<typeof compile> | undefined;

describe('a SARIF file is taken', () => {
  test.for(Object.entries(samples))('by the OASIS schema, %s', async ([, report]) => {
    validateSchema ??= compile(await foreignSchema('sarif-2.1.0-errata01.schema.json'));
    const validate = validateSchema;
    validate(JSON.parse(await textOf(sourceOf(report))));
    expect(validate.errors).toBe(null);
  });

  // It takes a second a file.
  test.skipIf(process.platform !== 'linux')("by Microsoft's validator with the rules of GitHub", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atrest-sarif-'));
    try {
      const hostile = { ...samples['with hostile texts'], tool: { name: 'atrest' as const, version: '1.2.3' } };
      const files = [samples['with findings'], hostile].map((report, index) => [join(folder, `${index}.sarif`), report] as const);
      await Promise.all(files.map(async ([path, report]) => writeFile(path, await textOf(sourceOf(report)))));
      const multitool = join(
        dirname(createRequire(import.meta.url).resolve('@microsoft/sarif-multitool-linux')),
        'Sarif.Multitool',
      );
      const args = ['validate', ...files.map(([path]) => path), '--rule-kind', 'Sarif;Gh', '--level', 'Error;Warning'];
      const { stdout } = await promisify(execFile)(multitool, args);
      expect(stdout.split('\n').filter((line) => /\b(error|warning)\b/.test(line))).toEqual([]);
      expect(stdout).toContain(`${String(files.length)} files scanned.`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('every result', () => {
  test.for(Object.entries(samples))('has a place in the repository and names its resource, %s', async ([, report]) => {
    for (const { results } of await runsOf(sourceOf(report))) {
      for (const { locations } of results) {
        expect(locations).toHaveLength(1);
        for (const { physicalLocation, logicalLocations } of locations) {
          const { uri } = physicalLocation.artifactLocation;
          // GitHub refuses the file for a scheme or a space in one of them.
          expect(uri).toMatch(/^[\w.~%-]+(\/[\w.~%-]+)*$/);
          expect(uri.split('/').map(decodeURIComponent)).not.toContain('..');
          expect(physicalLocation.region.startLine).toBeGreaterThan(0);
          expect(logicalLocations.map(({ kind }) => kind)).toEqual(['resource']);
        }
      }
    }
  });

  test('is where the config governs its account, or at a path made of its ARN', async () => {
    const other = '222222222222';
    const key = { account: other, resource: `arn:aws:kms:eu-west-1:${other}:key/1-2`, region: 'eu-west-1' };
    const runs = await runsOf(sourceOf(reportOf([fail('1'), unknown('2', key)], [home, other])));
    const places = runs.flatMap(({ results }) => results.flatMap(({ locations }) => locations));
    expect(places.map(({ physicalLocation }) => physicalLocation)).toEqual([
      { artifactLocation: { uri: 'audit/at%20rest.yaml' }, region: { startLine: 7 } },
      { artifactLocation: { uri: `aws/${other}/eu-west-1/kms/key%2F1-2` }, region: { startLine: 1 } },
    ]);
    expect(places.map(({ logicalLocations }) => logicalLocations[0]?.fullyQualifiedName)).toEqual([
      'arn:aws:ec2:eu-central-1:111111111111:volume/vol-0a',
      key.resource,
    ]);
  });

  test('has the id of its finding as fingerprint and the index of its rule', async () => {
    const report = reportFixture();
    const runs = await runsOf(sourceOf(report));
    const ids = runs.flatMap(({ results }) => results.map((result) => result.partialFingerprints.primaryLocationLineHash));
    expect(ids).toEqual(report.findings.map(({ id }) => id));
    for (const { tool, results } of runs)
      for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  test('says how bad it is; what could not be judged is open, and of no level of its own', async () => {
    const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
    const results = await resultsOf([...severities.map((severity) => fail(severity, { severity })), unknown('u')]);
    expect(results.map(({ kind, level }) => [kind, level])).toEqual([
      ['fail', 'error'],
      ['fail', 'error'],
      ['fail', 'warning'],
      ['fail', 'note'],
      ['fail', 'note'],
      ['open', undefined],
    ]);
    expect(results.at(-1)?.message.text).toMatch(/^Could not be judged: kms:GetKeyRotationStatus was denied/);
  });

  test('leaves passes and what does not apply out: GitHub would show them as alerts', async () => {
    expect(await resultsOf([fail('1', { verdict: 'pass' }), fail('2', { verdict: 'not-applicable' })])).toEqual([]);
  });

  test('cannot be made a link or a placeholder by a name', async () => {
    const [result] = await resultsOf([fail('1', { message: 'Volume [here](https://evil.example) {0} is not encrypted.' })]);
    expect(result?.message.text).toMatch(/^Volume \\\[here\\\]\(https:\/\/evil\.example\) \{\{0\}\} is not encrypted\./);
  });
});

describe('suppressions', () => {
  test.for([
    ['a waived fail', fail('1', { waiver: waived() }), /^Waived until 2026-12-31 \(SEC-12, web-team\): static assets/],
    ['a waived unknown', unknown('1', { waiver: waived({ expires: null, owner: null }) }), /^Waived \(SEC-12\): static/],
    [
      'an unknown that is attested to pass',
      unknown('1', { attestation: attested() }),
      /^Attested as pass by Ada on 2026-10-01\./,
    ],
  ] as const)('%s has one, and its message says so', async ([, given, justification]) => {
    const [result] = await resultsOf([given]);
    expect(result?.suppressions).toMatchObject([{ kind: 'external', status: 'accepted' }]);
    expect(result?.suppressions[0]?.justification).toMatch(justification);
    expect(result?.message.text).toContain(result?.suppressions[0]?.justification);
  });

  test.for([
    ['of an expired waiver', fail('1', { waiver: waived({ state: 'expired' }) }), 'No longer waived: the last day'],
    [
      'of an expired attestation',
      unknown('1', { attestation: attested({ state: 'expired' }) }),
      'of which the last day was 2027',
    ],
    ['of an attested fail', unknown('1', { attestation: attested({ result: 'fail' }) }), 'Attested as fail by Ada'],
  ] as const)('there is none %s, and the message tells of it', async ([, given, said]) => {
    const [result] = await resultsOf([given]);
    expect(result?.suppressions).toEqual([]);
    expect(result?.message.text).toContain(said);
  });
});

describe('against an earlier run', () => {
  async function stateOf(compared: ComparedFinding): Promise<[kind: string | undefined, state: string | undefined]> {
    async function* findings() {
      yield await Promise.resolve(compared);
    }
    const [run] = await runsOf({ ...sourceOf(reportOf([])), against: { run: 'earlier', findings } });
    return [run?.results[0]?.kind, run?.results[0]?.baselineState];
  }

  const [before, after] = [fail('1', { message: 'Before.' }), fail('1')];
  test.for([
    ['new', { before: null, after }, 'fail', 'new'],
    ['worse', { before, after }, 'fail', 'updated'],
    ['changed-key', { before, after }, 'fail', 'updated'],
    ['unchanged', { before, after }, 'fail', 'unchanged'],
    ['better', { before, after }, 'fail', 'updated'],
    ['better', { before: unknown('1'), after: null }, 'open', 'absent'],
    ['fixed', { before, after: null }, 'fail', 'absent'],
    ['gone', { before, after: null }, 'fail', 'absent'],
    ['not-evaluated', { before, after: unknown('1') }, 'open', 'updated'],
    ['not-evaluated', { before, after: null }, 'open', 'updated'],
    ['not-evaluated', { before: null, after: unknown('1') }, 'open', 'new'],
  ] as const)('what is %s has its baseline state', async ([change, both, kind, state]) => {
    expect(await stateOf({ change, ...both })).toEqual([kind, state]);
  });

  test('what an account held that could not be entered is not judged, and a notification counts it', async () => {
    async function* findings() {
      const gone = fail('1', { account: '444444444444' });
      yield await Promise.resolve({ change: 'not-evaluated' as const, before: gone, after: null });
    }
    const runs = await runsOf({ ...sourceOf(reportFixture()), against: { run: 'earlier', findings } });
    expect(runs.flatMap(({ results }) => results)).toEqual([]);
    expect(runs.at(-1)?.invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
      '1 finding of the earlier run left out: the account was not scanned this time.',
    ]);
  });

  test('without one no result has a baseline state', async () => {
    expect((await resultsOf([fail('1')]))[0]).not.toHaveProperty('baselineState');
  });
});

describe('a rule', () => {
  test('has the security severity that its findings have in the run, and no more tags than GitHub takes', async () => {
    const many = { 'a-framework': Array.from({ length: 40 }, (_, index) => `c.${String(index)}`) };
    const report = reportOf([fail('1', { severity: 'low' }), fail('2', { severity: 'critical' })]);
    const rules = report.rules.map((rule) => ({ ...rule, controls: many }));
    const [run] = await runsOf(sourceOf({ ...report, rules }));
    const shown = run?.tool.driver.rules.find(({ id }) => id === 'ebs/volume-encrypted');
    expect(shown?.properties['security-severity']).toBe('9.5');
    expect(shown?.properties.tags).toHaveLength(20);
    expect(shown?.properties['controls']).toHaveLength(40);
    expect(run?.tool.driver.rules.find(({ id }) => id === 'kms/rotation-enabled')?.properties['security-severity']).toBe('5.5');
  });

  test('is not there when it was off', async () => {
    const report = reportOf([]);
    const rules = report.rules.map((rule) => (rule.id === 'kms/rotation-enabled' ? { ...rule, offIn: [home] } : rule));
    const [run] = await runsOf(sourceOf({ ...report, rules }));
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(
      fixtureRules.map(({ id }) => id).filter((id) => id !== 'kms/rotation-enabled'),
    );
  });
});

describe('runs', () => {
  const accountsOf = (count: number) =>
    Array.from({ length: count }, (_, index) => String(((index * 37) % 100) * 10_000_000_000 + index).padStart(12, '0')).sort();

  test('there is one for each account, in a category of its own', async () => {
    const runs = await runsOf(sourceOf(reportFixture()));
    expect(runs.map(({ automationDetails }) => automationDetails.id)).toEqual([
      'atrest/111111111111/',
      'atrest/222222222222/',
      'atrest/333333333333/',
    ]);
  });

  test('more than 20 accounts share 20 runs by their ids, whichever others there are, and lose no finding', async () => {
    const accounts = accountsOf(100);
    const findings = accounts.map((account) => fail(account, { account }));
    const runs = await runsOf(sourceOf(reportOf(findings, accounts)));
    expect(runs).toHaveLength(20);
    expect(runs.flatMap(({ results }) => results.map((result) => result.partialFingerprints.primaryLocationLineHash))).toEqual(
      accounts,
    );
    const categoryOf = (all: Run[], id: string) =>
      all.find(({ results }) => results.some((result) => result.partialFingerprints.primaryLocationLineHash === id))
        ?.automationDetails.id;
    const fewer = await runsOf(sourceOf(reportOf(findings.slice(0, 30), accounts.slice(0, 30))));
    for (const id of accounts.slice(0, 30)) expect(categoryOf(fewer, id)).toBe(categoryOf(runs, id));
    expect(categoryOf(runs, accounts[0] ?? '')).toBe('atrest/00-04/');
  });

  test('an account that could not be entered has none, so that its alerts stay, and is named', async () => {
    const [first] = await runsOf(sourceOf(reportFixture()));
    const texts = first?.invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text) ?? [];
    expect(texts).toContainEqual(
      expect.stringMatching(/^Account 444444444444 was not scanned and has no run here: sts:AssumeRole/),
    );
  });

  test('when no account could be entered the file says so', async () => {
    const report = reportFixture();
    const accounts = report.scope.accounts.filter(({ state }) => state === 'failed');
    const [run, ...more] = await runsOf(sourceOf({ ...report, findings: [], scope: { ...report.scope, accounts } }));
    expect(more).toEqual([]);
    expect(run).toMatchObject({
      automationDetails: { id: 'atrest/' },
      results: [],
      invocations: [{ executionSuccessful: false }],
    });
    expect(run?.invocations[0]?.toolExecutionNotifications).toHaveLength(1);
  });

  test('gaps and rules that threw are notifications, and the execution no success', async () => {
    const errors = [{ rule: 'kms/unused', resource: 'arn:aws:kms:eu-west-1:1:key/1', message: 'boom' }];
    const [complete, gaps, last] = await runsOf(sourceOf({ ...reportFixture(), errors }));
    expect(complete?.invocations[0]?.executionSuccessful).toBe(false);
    expect(complete?.invocations[0]?.toolExecutionNotifications.map(({ descriptor }) => descriptor.id)).toEqual([
      'account',
      'rule-error',
      'coverage',
    ]);
    expect(gaps?.invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
      'kms in account 222222222222, eu-west-1, is denied: kms:ListKeys (AccessDeniedException, 1 of 1 calls). What was not read is unknown, not clean.',
      'kms in account 222222222222, us-east-1, is partial: kms:GetKeyRotationStatus (AccessDeniedException, 38 of 41 calls). What was not read is unknown, not clean.',
    ]);
    expect(last?.invocations[0]?.toolExecutionNotifications).toEqual([]);
    const [read, unread] = await runsOf(sourceOf({ ...reportFixture(), coverage: reportFixture().coverage.slice(13) }));
    expect(read?.invocations[0]?.executionSuccessful).toBe(true);
    expect(unread?.invocations[0]?.executionSuccessful).toBe(false);
    const [clean] = await runsOf(sourceOf(cleanReport()));
    expect(clean?.invocations[0]).toMatchObject({ executionSuccessful: true, toolExecutionNotifications: [] });
  });
});

describe('more findings than GitHub keeps', () => {
  const rules = fixtureRules.map(({ id }) => id);
  const many = (count: number, regions: number): Finding[] =>
    Array.from({ length: count }, (_, index) =>
      fail(`f${String(index)}`, {
        rule: rules[index % rules.length] ?? '',
        region: `region-${String(index % regions)}`,
        severity: index === 1234 ? 'critical' : 'low',
        ...(index % 7 === 0 ? { waiver: waived() } : {}),
      }),
    );

  test('5,000 are shown one by one', async () => {
    expect(await resultsOf(many(5000, 4))).toHaveLength(5000);
  });

  test('one more, and a result stands for those of a rule, account and region, with their number', async () => {
    const [run] = await runsOf(sourceOf(reportOf(many(5001, 4))));
    const results = run?.results ?? [];
    expect(results.length).toBeLessThan(200);
    expect(results.reduce((sum, { occurrenceCount = 0 }) => sum + occurrenceCount, 0)).toBe(5001);
    expect(new Set(results.map((result) => result.partialFingerprints.primaryLocationLineHash)).size).toBe(results.length);
    expect(results.filter(({ level }) => level === 'error')).toHaveLength(1);
    const waivedOnes = results.filter(({ suppressions }) => suppressions.length > 0);
    expect(waivedOnes.reduce((sum, { occurrenceCount = 0 }) => sum + occurrenceCount, 0)).toBe(Math.ceil(5001 / 7));
    expect(run?.invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
      'The 5,001 findings are more than GitHub keeps of a run or takes in a file. A result stands for all findings of one rule, account and region and says how many they are; report.json holds each of them.',
    ]);
  });

  test('where that is still too much, regions go together too', async () => {
    const [run] = await runsOf(sourceOf(reportOf(many(12_000, 11_000))));
    expect(run?.results.length).toBeLessThanOrEqual(5000);
    expect(run?.results.reduce((sum, { occurrenceCount = 0 }) => sum + occurrenceCount, 0)).toBe(12_000);
    expect(run?.invocations[0]?.toolExecutionNotifications[0]?.message.text).toContain(
      'findings of one rule and account and says',
    );
  });
});

test('a file is never larger than GitHub takes: findings that are too long for it are counted too', async () => {
  const noise = (seed: number) =>
    Array.from({ length: 160 }, (_, index) => createHash('sha512').update(`${seed}/${index}`).digest('base64')).join('');
  const findings = Array.from({ length: 1_200 }, (_, index) => fail(String(index), { message: noise(index) }));
  const text = await textOf(sourceOf(reportOf(findings)));
  expect(gzipSync(text).length).toBeLessThan(10_000_000);
  expect((JSON.parse(text) as { runs: Run[] }).runs[0]?.results.map(({ occurrenceCount }) => occurrenceCount)).toEqual([1_200]);
});

test('findings are let go of when the file cannot be written', async () => {
  let isOpen = false;
  const { header } = sourceOf(reportFixture());
  async function* findings() {
    isOpen = true;
    try {
      for (const each of reportFixture({ count: 2000 }).findings) yield await Promise.resolve(each);
    } finally {
      isOpen = false;
    }
  }
  for await (const piece of sarif.render({ header, findings })) {
    expect([isOpen, piece.length > 0]).toEqual([true, true]);
    break;
  }
  expect(isOpen).toBe(false);
});

test('the text is the same each time, and is one line a result', async () => {
  const report = reportFixture({ count: 50 });
  const text = await textOf(sourceOf(report));
  expect(await textOf(sourceOf(report))).toBe(text);
  expect(text.split('\n').filter((line) => line.startsWith('{"ruleIndex"'))).toHaveLength(50);
});
