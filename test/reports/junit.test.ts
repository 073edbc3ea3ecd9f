import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { junit } from '#reports/junit/render.js';
import type { Finding, Report } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { attested, waived } from '../support/notes.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, finding, rendered, sourceOf, unknownFinding } from '../support/report-parts.js';
import { cleanReport, hostileReport, unknownReport } from '../support/report-variants.js';
import { foreignSchema } from '../support/foreign-schema.js';

const program = 'xmllint';

const textOf = (report: Report) => rendered(junit.render(sourceOf(report)));
const suite =
  /<testsuite name="([^"]*)" tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"[^>]*>([^]*?)<\/testsuite>/g;
const occurrences = (text: string, part: string) => text.split(part).length - 1;

const fail = (id: string, more: Partial<Finding> = {}) => finding({ id, rule: 'ebs/volume-encrypted', ...more });
const unknown = (id: string, more: Partial<Finding> = {}) => unknownFinding({ id, rule: 'kms/rotation-enabled', ...more });

const samples = {
  'without findings': emptyReport(),
  'of a clean run': cleanReport(),
  'with findings': reportFixture(),
  'of which nothing could be read': unknownReport(),
  'with hostile texts': hostileReport([...hostileTexts, ']]>', '<![CDATA[']),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atrest-junit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.for(Object.entries(samples))('the file is what Jenkins takes, %s', async ([, report], { skip }) => {
  const schema = await foreignSchema('junit-10.xsd');
  if (spawnSync(program, ['--version']).error !== undefined) {
    if (process.env['CI'] === 'true') throw new Error('xmllint is not installed');
    skip('xmllint is not installed');
  }
  const schemaFile = join(folder, 'junit-10.xsd');
  await writeFile(schemaFile, schema);
  const { status, stderr } = spawnSync(program, ['--noout', '--schema', schemaFile, '-'], {
    input: await textOf(report),
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '- validates\n']);
});

test.for(Object.entries(samples))('what a suite says it holds is what it holds, %s', async ([, report]) => {
  const text = await textOf(report);
  const sums = { tests: 0, failures: 0, errors: 0 };
  for (const [, , tests = '', failures = '', errors = '', skipped = '', body = ''] of text.matchAll(suite)) {
    expect(occurrences(body, '<testcase ')).toBe(Number(tests));
    expect(occurrences(body, '<failure ')).toBe(Number(failures));
    expect(occurrences(body, '<error ')).toBe(Number(errors));
    expect(occurrences(body, '<skipped ')).toBe(Number(skipped));
    sums.tests += Number(tests);
    sums.failures += Number(failures);
    sums.errors += Number(errors);
  }
  const { tests, failures, errors } = sums;
  expect(text).toContain(`<testsuites name="atrest" time="0" tests="${tests}" failures="${failures}" errors="${errors}">`);
  expect(occurrences(text, '<testcase ')).toBe(report.findings.length + report.coverage.length + report.errors.length);
});

describe('a finding', () => {
  async function caseOf(given: Finding): Promise<string> {
    const text = await textOf({ ...emptyReport(), findings: [given] });
    return /<testcase [^]*<\/testcase>|<testcase [^>]*\/>/.exec(text)?.[0] ?? '';
  }

  test.for([
    ['that fails is a failure of its severity', fail('1'), '<failure type="high" message="Volume orders is not encrypted.">'],
    ['that passes is a passed test', fail('1', { verdict: 'pass' }), 'time="0"/>'],
    [
      'that is waived is skipped, and says why',
      fail('1', { waiver: waived() }),
      '<skipped message="Waived until 2026-12-31 (SEC-12,',
    ],
    ['whose waiver expired fails', fail('1', { waiver: waived({ state: 'expired' }) }), 'No longer waived: the last day'],
    [
      'that is unknown is an error',
      unknown('1'),
      '<error type="AccessDeniedException" message="kms:GetKeyRotationStatus was denied',
    ],
    ['that is unknown and waived is skipped', unknown('1', { waiver: waived() }), '<skipped message="Waived'],
    [
      'that is attested to pass is skipped',
      unknown('1', { attestation: attested() }),
      '<skipped message="Attested as pass by Ada',
    ],
    ['that is attested to fail fails', unknown('1', { attestation: attested({ result: 'fail' }) }), '<failure type="high"'],
    ['whose attestation expired is an error', unknown('1', { attestation: attested({ state: 'expired' }) }), '<error type='],
    [
      'that does not apply is skipped',
      fail('1', { verdict: 'not-applicable', message: 'Not here.' }),
      '<skipped message="Not here."/>',
    ],
  ] as const)('%s', async ([, given, expected]) => {
    const text = await caseOf(given);
    expect(text).toContain(`<testcase classname="${given.rule}" name="${given.resource}"`);
    expect(text).toContain(expected);
  });

  test('is in the suite of its account and region; of a bucket, where all buckets are listed', async () => {
    const findings = [
      fail('1', { region: 'eu-west-1' }),
      fail('2', { region: 'eu-west-1', kind: 's3.bucket' }),
      fail('3', { region: 'us-east-1', kind: 's3.bucket' }),
      fail('4', { region: 'us-east-1' }),
    ];
    const text = await textOf({ ...emptyReport(), findings });
    expect([...text.matchAll(suite)].map(([, name, tests]) => [name, tests])).toEqual([
      ['111111111111/eu-west-1', '1'],
      ['111111111111/global', '2'],
      ['111111111111/us-east-1', '1'],
    ]);
  });
});

test('what could not be read is an error without any finding, and what could be a passed test', async () => {
  const text = await textOf({ ...reportFixture(), findings: [] });
  expect(text).toContain('<testcase classname="coverage" name="111111111111/eu-west-1/kms" time="0"/>');
  expect(text).toMatch(
    /name="444444444444\/global\/sts" time="0"><error type="denied" message="sts in account 444444444444, global, is/,
  );
  expect(text).toMatch(/name="333333333333\/us-west-2\/rds" time="0"><skipped message="region not enabled"\/>/);
});

test('a character that XML cannot hold is written out, not dropped', async () => {
  const text = await textOf({
    ...emptyReport(),
    findings: [fail('1', { resource: 'arn:\u0001\ud800&amp;<', actual: 'a\u0000]]>\nb' })],
  });
  expect(text).toContain('name="arn:\\u0001\\ud800&amp;amp;&lt;"');
  expect(text).toContain('Actual: a\\u0000]]&gt;\nb');
});

test('refuses findings that are others the second time', async () => {
  let turn = 0;
  const { header } = sourceOf(emptyReport());
  async function* findings() {
    turn += 1;
    yield await Promise.resolve(fail('1', { region: turn === 1 ? 'eu-west-1' : 'us-east-1' }));
  }
  await expect(rendered(junit.render({ header, findings }))).rejects.toThrow('not the same');
});
