import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ocsf, ocsf18 } from '#reports/ocsf/render.js';
import type { ComparedFinding, Finding, Report, ReportFormat, ReportSource } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, finding, fixtureRules, rendered, sourceOf, unknownFinding } from '../support/report-parts.js';
import { cleanReport, hostileReport, unknownReport } from '../support/report-variants.js';
import { attested, waived } from '../support/notes.js';
import { foreignSchema } from '../support/foreign-schema.js';

interface Event {
  readonly [field: string]: unknown;
  readonly time: number;
  readonly activity_id: number;
  readonly type_uid: number;
  readonly severity_id: number;
  readonly status_id: number;
  readonly compliance: { readonly status_id: number; readonly status_details: readonly string[]; readonly requirements: unknown };
  readonly finding_info: { readonly uid: string };
}

async function events(source: ReportSource, format: ReportFormat = ocsf): Promise<Event[]> {
  const text = await rendered(format.render(source));
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Event);
}

async function eventOf(given: Partial<Finding>): Promise<Event> {
  const one = finding({ id: 'f1', rule: 'ebs/volume-encrypted', ...given });
  const [event] = await events(sourceOf({ ...emptyReport(), rules: [...fixtureRules], findings: [one] }));
  if (event === undefined) throw new Error('there is no event');
  return event;
}

const formats = [
  ['1.6.0', ocsf],
  ['1.8.0', ocsf18],
] as const;

const compiled = new Map<string, ValidateFunction>();
function validator(schema: string): ValidateFunction {
  const known =
    compiled.get(schema) ?? new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schema) as object);
  compiled.set(schema, known);
  return known;
}

/** Every finding, with each thing that can be said of it. */
function notedReport(): Report {
  const report = reportFixture({ count: 20 });
  const noted = report.findings.flatMap((each) => [
    each,
    { ...each, waiver: waived() },
    { ...each, waiver: waived({ state: 'expired' }) },
    { ...each, attestation: attested() },
    { ...each, verdict: 'pass' as const },
    { ...each, verdict: 'not-applicable' as const },
  ]);
  return { ...report, findings: noted };
}

function comparedReport(): ReportSource {
  const source = sourceOf(reportFixture({ count: 0 }));
  const before = finding({ id: 'f', rule: 'ebs/volume-encrypted' });
  const compared: ComparedFinding[] = [
    { change: 'new', before: null, after: { ...before, id: 'new' } },
    { change: 'unchanged', before: { ...before, id: 'unchanged' }, after: { ...before, id: 'unchanged' } },
    { change: 'worse', before: { ...before, id: 'worse' }, after: { ...before, id: 'worse' } },
    { change: 'fixed', before: { ...before, id: 'fixed' }, after: null },
    { change: 'gone', before: { ...before, id: 'gone' }, after: null },
    { change: 'not-evaluated', before: { ...before, id: 'left' }, after: null },
    {
      change: 'not-evaluated',
      before: { ...before, id: 'unread' },
      after: unknownFinding({ id: 'unread', rule: before.rule }),
    },
  ];
  return {
    ...source,
    against: {
      run: 'earlier',
      async *findings() {
        await Promise.resolve();
        yield* compared;
      },
    },
  };
}

describe.each(formats)('OCSF %s', (version, format) => {
  test.for<readonly [string, ReportSource]>([
    ['full', sourceOf(reportFixture({ count: 60 }))],
    ['empty', sourceOf(emptyReport())],
    ['all unknown', sourceOf(unknownReport())],
    ['clean', sourceOf(cleanReport())],
    ['hostile', sourceOf(hostileReport(hostileTexts))],
    ['noted', sourceOf(notedReport())],
    ['compared', comparedReport()],
  ])('every event of the %s report validates', async ([, source]) => {
    const validate = validator(await foreignSchema(`ocsf-${version}-compliance_finding.schema.json`));
    for (const event of await events(source, format)) {
      validate(event);
      expect(validate.errors ?? []).toEqual([]);
      expect(event['metadata']).toMatchObject({ version });
    }
  });

  test('an event for each finding, in the same order', async () => {
    const report = reportFixture();
    const ids = (await events(sourceOf(report), format)).map(({ finding_info: { uid } }) => uid);
    expect(ids).toEqual(report.findings.map(({ id }) => id));
  });
});

test('any text survives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      const event = await eventOf({ name: text, message: text });
      expect(event['resources']).toMatchObject([{ name: text }]);
      expect(event['finding_info']).toMatchObject({ desc: text });
    }),
    { numRuns: 30 },
  );
});

test('the time is the end of the run in milliseconds, so that the same run gives the same events', async () => {
  const report = reportFixture({ count: 5 });
  const [event] = await events(sourceOf(report));
  expect(event?.time).toBe(Date.parse(report.run.finishedAt));
  expect(await rendered(ocsf.render(sourceOf(report)))).toBe(await rendered(ocsf.render(sourceOf(report))));
});

test.each<readonly [string, Partial<Finding>, number, number]>([
  ['a pass is resolved', { verdict: 'pass' }, 1, 4],
  ['an unknown warns: it lacks information', { verdict: 'unknown' }, 2, 1],
  ['a fail is new', { verdict: 'fail' }, 3, 1],
  ['a waived fail fails and is suppressed', { verdict: 'fail', waiver: waived() }, 3, 3],
  ['an expired waiver suppresses nothing', { verdict: 'fail', waiver: waived({ state: 'expired' }) }, 3, 1],
  ['an unknown attested as pass still warns, and is resolved', { verdict: 'unknown', attestation: attested() }, 2, 4],
  ['one attested as fail is open', { verdict: 'unknown', attestation: attested({ result: 'fail' }) }, 2, 1],
  ['an expired attestation resolves nothing', { verdict: 'unknown', attestation: attested({ state: 'expired' }) }, 2, 1],
])('%s', async (_, given, compliance, status) => {
  const event = await eventOf(given);
  expect([event.compliance.status_id, event.status_id]).toEqual([compliance, status]);
});

test('says what could not be read, and who waived or attested', async () => {
  const unknown = await eventOf({ ...unknownFinding({ id: 'u', rule: 'kms/rotation-enabled' }), attestation: attested() });
  expect(unknown.compliance.status_details).toContain(
    'kms.key/rotation: denied, kms:GetKeyRotationStatus (AccessDeniedException)',
  );
  expect(unknown.compliance.status_details.at(-1)).toBe('It is attested as pass by Ada on 2026-10-01.');
  expect(unknown['evidences']).toMatchObject([
    {},
    { api: { operation: 'GetKeyRotationStatus', service: { name: 'kms' }, response: { error: 'AccessDeniedException' } } },
  ]);
  const expired = await eventOf({ waiver: waived({ state: 'expired' }) });
  expect(expired.compliance.status_details.at(-1)).toBe('Its waiver expired on 2026-12-31.');
});

test('names controls with their framework', async () => {
  expect((await eventOf({})).compliance.requirements).toEqual([
    'cis-aws-7.0 3.6',
    'nist-800-53-r5 SC-12',
    'nist-800-53-r5 SC-28(1)',
  ]);
});

test('against an earlier run: new is created, what stays is updated, what is over is closed, what was not looked at is not', async () => {
  const found = await events(comparedReport());
  expect(found.map((event) => [event.finding_info.uid, event.activity_id, event.compliance.status_id, event.status_id])).toEqual([
    ['new', 1, 3, 1],
    ['unchanged', 2, 3, 1],
    ['worse', 2, 3, 1],
    ['fixed', 3, 1, 4],
    ['gone', 3, 99, 4],
    ['left', 2, 0, 1],
    ['unread', 2, 2, 1],
  ]);
  for (const event of found) expect(event.type_uid).toBe(200300 + event.activity_id);
});
