import { Readable } from 'node:stream';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { json } from '#reports/json/render.js';
import { Finding, Report } from '#model/report.js';
import { hostileTexts } from '../support/hostile-texts.js';
import { reportFixture } from '../support/report-fixture.js';
import { emptyReport, rendered, sourceOf } from '../support/report-parts.js';
import { cleanReport, hostileReport, unknownReport } from '../support/report-variants.js';

const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true }).compile<Report>(
  z.toJSONSchema(Report),
);

function parsed(text: string): unknown {
  const document: unknown = JSON.parse(text);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  return document;
}

describe('report.json', () => {
  test.each([
    ['full', reportFixture()],
    ['empty', emptyReport()],
    ['all unknown', unknownReport()],
    ['clean', cleanReport()],
    ['hostile', hostileReport(hostileTexts)],
  ])('holds the %s report and validates against its schema', async (_, report) => {
    expect(parsed(await rendered(json.render(sourceOf(report))))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test('any text survives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 20 }), async (texts) => {
        const report = hostileReport(texts);
        expect(parsed(await rendered(json.render(sourceOf(report))))).toEqual(JSON.parse(JSON.stringify(report)));
      }),
      { numRuns: 15 },
    );
  });

  test('the header stands in the order of the contract, indented by two, before a line for each finding', async () => {
    const report = reportFixture({ count: 3 });
    const text = await rendered(json.render(sourceOf(report)));
    const { findings: _, ...header } = report;
    const head = JSON.stringify(header, null, 2).slice(0, -2);
    expect(text.startsWith(`${head},\n  "findings": [\n    {"id":`)).toBe(true);
    expect(
      text
        .split('\n')
        .slice(-6)
        .map((line) => line.slice(0, 9)),
    ).toEqual(['    {"id"', '    {"id"', '    {"id"', '  ]', '}', ''].map((line) => line.slice(0, 9)));
  });

  test('findings are taken as they are stored, unless another version stored them', async () => {
    const report = reportFixture({ count: 5 });
    const source = sourceOf(report);
    const stored = (more: object) =>
      [[], report.findings.slice(0, 2), [], report.findings.slice(2)].map((batch) =>
        batch.map((finding) => JSON.stringify({ ...more, ...Finding.parse(finding) })),
      );
    const lines = (batches: readonly (readonly string[])[]) => () => Readable.from(batches) as AsyncIterable<readonly string[]>;
    const text = await rendered(json.render(source));
    const never = () => {
      throw new Error('the findings are read one by one');
    };
    expect(await rendered(json.render({ ...source, findings: never, lines: lines(stored({})) }))).toBe(text);
    expect(await rendered(json.render({ ...source, lines: lines(stored({ earlier: 1 })) }))).toBe(text);
    const none = emptyReport();
    expect(await rendered(json.render({ ...sourceOf(none), lines: lines([[]]) }))).toBe(
      await rendered(json.render(sourceOf(none))),
    );
  });

  test('fields are written in the order of the contract, and no others', async () => {
    const report = reportFixture({ count: 1 });
    const reversed = (value: object): object => Object.fromEntries([...Object.entries(value), ['later', 1]].toReversed());
    const mixed = { ...reversed(report), findings: report.findings.map(reversed) } as Report;
    expect(await rendered(json.render(sourceOf(mixed)))).toBe(await rendered(json.render(sourceOf(report))));
  });

  test('no findings are an empty list', async () => {
    expect(await rendered(json.render(sourceOf(emptyReport())))).toMatch(/\n  "frameworks": \[\],\n  "findings": \[\]\n\}\n$/);
  });

  test('goes out in pieces', async () => {
    const lengths: number[] = [];
    for await (const piece of json.render(sourceOf(reportFixture({ count: 1000 })))) lengths.push(piece.length);
    expect(lengths.length).toBeGreaterThan(5);
    expect(Math.max(...lengths)).toBeLessThan(128 * 1024);
  });
});
