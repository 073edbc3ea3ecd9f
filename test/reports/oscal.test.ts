import { Ajv, type ValidateFunction } from 'ajv';
import { expect, test } from 'vitest';
import { countControls } from '#model/framework.js';
import type { ControlRow, Finding, Report } from '#model/report.js';
import { namedControls } from '#reports/oscal/controls.js';
import { oscal } from '#reports/oscal/render.js';
import { frameworks } from '#rules/frameworks/index.js';
import { foreignSchema } from '../support/foreign-schema.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { attested, waived } from '../support/notes.js';
import { reportFixture } from '../support/report-fixture.js';
import { keyedReport } from '../support/report-keys.js';
import { emptyReport, finding, fixtureRules, rendered, sourceOf, unknownFinding } from '../support/report-parts.js';
import { cleanReport, hostileReport, unknownReport } from '../support/report-variants.js';

interface Status {
  readonly state: string;
  readonly reason: string;
  readonly remarks?: string;
}
interface Item {
  readonly uuid: string;
  readonly title?: string;
  readonly description: string;
  readonly methods?: readonly string[];
  readonly status: unknown;
  readonly subjects?: readonly { readonly 'subject-uuid': string }[];
  readonly props?: readonly { readonly name: string; readonly value: string }[];
}
interface ControlFinding extends Item {
  readonly target: { readonly type: string; readonly 'target-id': string; readonly status: Status };
  readonly 'related-observations': readonly { readonly 'observation-uuid': string }[];
  readonly 'related-risks'?: readonly { readonly 'risk-uuid': string }[];
}
interface Result extends Item {
  readonly 'local-definitions': { readonly components?: readonly Item[]; readonly 'inventory-items'?: readonly Item[] };
  readonly 'reviewed-controls': { readonly 'control-selections': readonly Readonly<Record<string, unknown>>[] };
  readonly observations?: readonly Item[];
  readonly risks?: readonly (Item & { readonly 'related-observations': readonly { readonly 'observation-uuid': string }[] })[];
  readonly findings?: readonly ControlFinding[];
}
interface Results {
  readonly 'assessment-results': {
    readonly 'import-ap': { readonly href: string };
    readonly results: readonly Result[];
    readonly 'back-matter': { readonly resources: readonly Item[] };
  };
}

let compiled: ValidateFunction | undefined;
async function validator(): Promise<ValidateFunction> {
  const schema = JSON.parse(await foreignSchema('oscal-1.2.1-assessment-results.schema.json')) as object;
  return (compiled ??= new Ajv({ strict: false, validateFormats: false }).compile(schema));
}

async function documentOf(report: Report): Promise<Results> {
  return JSON.parse(await rendered(oscal.render(sourceOf(report)))) as Results;
}

async function resultOf(report: Report): Promise<Result> {
  const [result] = (await documentOf(report))['assessment-results'].results;
  if (result === undefined) throw new Error('there is no result');
  return result;
}

/** A run by frameworks of the catalogue, with its findings counted by control. */
function counted(report: Report, ...ids: readonly string[]): Report {
  const asked = frameworks.filter(({ id }) => ids.includes(id));
  return { ...report, frameworks: asked.map((framework) => countControls(framework, report)) };
}

const control = (given: Partial<ControlRow>): ControlRow => ({
  ...{ id: '2.1', title: 'what 2.1 asks', rules: ['ebs/volume-encrypted'], off: [], offIn: {}, notCovered: [] },
  ...{ covered: 'full', pass: 0, fail: 0, unknown: 0, error: 0, ...given },
});

/** A complete run of one control with these counts and findings. */
function runOf(given: Partial<ControlRow>, findings: Finding[] = [], complete = true): Report {
  const report = { ...emptyReport(), rules: [...fixtureRules], findings };
  const framework = { id: 'cis-aws-7.0', title: 'CIS', version: '7.0.0', complete, controls: [control(given)] };
  return { ...report, frameworks: [framework] };
}

function noted(): Report {
  const report = keyedReport();
  const findings = report.findings.slice(0, 20).flatMap((each, index) => {
    const variants: Partial<Finding>[] = [
      {},
      { waiver: waived() },
      { waiver: waived({ state: 'expired' }) },
      { attestation: attested() },
      { attestation: attested({ result: 'fail', expires: null, evidence: null }) },
      { verdict: 'pass' },
      { verdict: 'not-applicable' },
    ];
    return variants.map((variant, at) => ({ ...each, ...variant, id: `f${String(index)}-${String(at)}` }));
  });
  return { ...report, findings };
}

const named = ['nist-800-53-r5', 'cis-aws-7.0', 'pci-dss-4.0'] as const;

test.for<readonly [string, Report]>([
  ['full', reportFixture({ count: 60 })],
  ['full, by frameworks', counted(reportFixture({ count: 60 }), ...named)],
  ['empty', emptyReport()],
  ['empty, by frameworks', counted(emptyReport(), ...named)],
  ['all unknown', counted(unknownReport(), ...named)],
  ['clean', counted(cleanReport(), ...named)],
  ['hostile', hostileReport(hostileTexts)],
  ['waived and attested', noted()],
])('the %s report validates, its ids are unique and its references lead somewhere', async ([, report]) => {
  const document = await documentOf(report);
  const validate = await validator();
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  const { results, 'import-ap': plan, 'back-matter': back } = document['assessment-results'];
  expect(back.resources.map(({ uuid }) => `#${uuid}`)).toContain(plan.href);
  const uuids = [...JSON.stringify(document).matchAll(/"uuid":"([^"]+)"/g)].map(([, uuid]) => uuid);
  expect(new Set(uuids).size).toBe(uuids.length);
  for (const { 'local-definitions': local, observations = [], risks = [], findings = [] } of results) {
    const subjects = new Set([...(local.components ?? []), ...(local['inventory-items'] ?? [])].map(({ uuid }) => uuid));
    const seen = new Set(observations.map(({ uuid }) => uuid));
    const known = new Set(risks.map(({ uuid }) => uuid));
    for (const each of observations)
      for (const subject of each.subjects ?? []) expect(subjects).toContain(subject['subject-uuid']);
    for (const each of [...risks, ...findings])
      for (const related of each['related-observations']) expect(seen).toContain(related['observation-uuid']);
    for (const each of findings) for (const related of each['related-risks'] ?? []) expect(known).toContain(related['risk-uuid']);
  }
});

test('a result for each framework that was asked for, and the rules where none was', async () => {
  const results = (await documentOf(counted(reportFixture({ count: 5 }), ...named)))['assessment-results'].results;
  expect(results).toHaveLength(3);
  const byRule = await resultOf(reportFixture({ count: 5 }));
  expect(byRule.title).toBe('Rules of atrest 0.1.0');
  expect(byRule.findings).toHaveLength(fixtureRules.length);
});

test.each<readonly [string, Partial<ControlRow>, boolean, string, string]>([
  ['whole and passed', { pass: 3 }, true, 'satisfied', 'pass'],
  ['failed', { pass: 3, fail: 1 }, true, 'not-satisfied', 'fail'],
  ['unknown', { pass: 3, unknown: 1 }, true, 'not-satisfied', 'other'],
  ['unknown and attested', { pass: 3, unknown: 1, attested: 1 }, true, 'not-satisfied', 'other'],
  ['waived', { pass: 3, waived: 1 }, true, 'not-satisfied', 'other'],
  ['a rule that threw', { pass: 3, error: 1 }, true, 'not-satisfied', 'other'],
  ['covered in part', { pass: 3, covered: 'part' }, true, 'not-satisfied', 'other'],
  ['nothing to judge', {}, true, 'not-satisfied', 'other'],
  ['passed in a run with gaps', { pass: 3 }, false, 'not-satisfied', 'other'],
])('a control %s', async (_, given, complete, state, reason) => {
  const { findings = [] } = await resultOf(runOf(given, [], complete));
  expect(findings[0]?.target.status).toMatchObject({ state, reason });
});

test('a control that no rule looked at is excluded, and has no finding', async () => {
  const result = await resultOf(runOf({ covered: 'none', rules: [] }));
  expect(result.findings).toBeUndefined();
  expect(result['reviewed-controls']['control-selections'][0]).toMatchObject({ 'exclude-controls': [{ 'control-id': '_2.1' }] });
});

test('a waived fail is a risk with an approved deviation; an expired waiver approves nothing', async () => {
  const one = (id: string, given: Partial<Finding>) => finding({ id, rule: 'ebs/volume-encrypted', ...given });
  const { risks = [] } = await resultOf(
    runOf({ fail: 2, waived: 1 }, [
      one('a', {}),
      one('b', { waiver: waived() }),
      one('c', { waiver: waived({ state: 'expired', expires: '2026-11-01' }) }),
    ]),
  );
  expect(risks.map(({ status }) => status)).toEqual(['open', 'deviation-approved', 'open']);
  expect(risks[1]).toMatchObject({ deadline: '2026-12-31T23:59:59.000Z' });
  expect(risks[2]).toMatchObject({ 'risk-log': { entries: [{ title: 'No longer waived', 'status-change': 'open' }] } });
});

test('an attestation is an observation of its own, and what it attests stays unknown', async () => {
  const unknown = { ...unknownFinding({ id: 'u', rule: 'ebs/volume-encrypted' }), attestation: attested() };
  const { observations = [], risks = [] } = await resultOf(runOf({ unknown: 1, attested: 1 }, [unknown]));
  expect(observations.map(({ methods }) => methods)).toEqual([['TEST'], ['TEST'], ['INTERVIEW']]);
  const verdicts = observations.map(({ props = [] }) => props.find(({ name }) => name === 'verdict')?.value);
  expect(verdicts).toEqual([undefined, 'unknown', undefined]);
  expect(risks).toEqual([]);
});

test('what could not be listed is no inventory item but a matter of its account', async () => {
  const resource = 'arn:aws:ec2:eu-central-1:111111111111:ebs.volume/*';
  const result = await resultOf(runOf({ unknown: 1 }, [unknownFinding({ id: 'u', rule: 'ebs/volume-encrypted', resource })]));
  expect(result['local-definitions']['inventory-items']).toBeUndefined();
  expect(result.observations?.[1]?.subjects).toMatchObject([{ type: 'component', title: resource.replace('*', '\\*') }]);
});

test('gaps are observations, also of an account that has no finding', async () => {
  const { observations = [] } = await resultOf(reportFixture({ count: 0 }));
  const gaps = observations.filter(({ title }) => title?.startsWith('Not read: ')).map(({ title }) => title);
  expect(gaps).toContain('Not read: sts in account 444444444444, global');
  expect(gaps).toHaveLength(4);
});

test('the same run is written alike each time; a resource and a risk keep their id in the next run', async () => {
  const report = reportFixture({ count: 8 });
  const [first, again] = [await rendered(oscal.render(sourceOf(report))), await rendered(oscal.render(sourceOf(report)))];
  expect(again).toBe(first);
  const [now, later] = [await resultOf(report), await resultOf({ ...report, run: { ...report.run, id: 'later' } })];
  expect(later.risks?.map(({ uuid }) => uuid)).toEqual(now.risks?.map(({ uuid }) => uuid));
  expect(later['local-definitions']['inventory-items']).toEqual(now['local-definitions']['inventory-items']);
  expect(later.observations?.[0]?.uuid).not.toBe(now.observations?.[0]?.uuid);
});

test('controls of NIST have the ids of its catalogue, and no two controls of a framework the same target', () => {
  const targets = new Map<string, string>();
  for (const framework of frameworks) {
    const rows = namedControls(countControls(framework, { run: { complete: true }, summary: emptyReport().summary, rules: [] }));
    expect(new Set(rows.map(({ target }) => target.id)).size, framework.id).toBe(rows.length);
    if (framework.id === 'nist-800-53-r5') for (const { row, target } of rows) targets.set(row.id, target.id);
  }
  expect(targets.get('SC-28(1)')).toBe('sc-28.1_obj');
  expect(targets.get('CM-6(a)')).toBe('cm-6_smt.a');
});

test('text from outside is no mark-up', async () => {
  const one = finding({ id: 'f', rule: 'ebs/volume-encrypted', message: '# *a* [b](http://c) <script>\u202e snake_case' });
  const { observations = [] } = await resultOf(runOf({ fail: 1 }, [one]));
  expect(observations[1]?.description).toBe('\\# \\*a\\* \\[b\\](http://c) \\<script\\>\\\\u202e snake_case');
});
