import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Report } from '#model/report.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport } from '../support/report-parts.js';

const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true }).compile(
  z.toJSONSchema(Report),
);
const copyOf = (report: Report) =>
  JSON.parse(JSON.stringify(report)) as Record<string, unknown> & { findings: Record<string, unknown>[] };

describe('the published schema of a report', () => {
  test.each([
    ['an empty', emptyReport()],
    ['a full', reportFixture()],
  ])('takes %s report', (_, report) => {
    validate(copyOf(report));
    expect(validate.errors).toBe(null);
  });

  test.each(Object.keys(reportFixture()))('refuses a report without %s', (name) => {
    const report = copyOf(reportFixture());
    Reflect.deleteProperty(report, name);
    expect(validate(report)).toBe(false);
  });

  test.each(Object.keys(copyOf(reportFixture()).findings[0] ?? {}))('refuses a finding without %s', (name) => {
    const report = copyOf(reportFixture());
    Reflect.deleteProperty(report.findings[0] ?? {}, name);
    expect(validate(report)).toBe(false);
  });

  test.each([
    ['verdict', 'maybe'],
    ['severity', 'blocker'],
    ['missing', [{ facet: 'x' }]],
    ['remediation', 'do something'],
    ['evidence', null],
  ])('refuses a finding whose %s is %j', (name, value) => {
    const report = copyOf(reportFixture());
    Object.assign(report.findings[0] ?? {}, { [name]: value });
    expect(validate(report)).toBe(false);
  });
});
