import { expect, test } from 'vitest';
import { formatNames, isFormatName, reportFormats, stdoutFormats, type FormatName } from '#reports/index.js';

const files: Readonly<Record<FormatName, string | null>> = {
  json: 'report.json',
  html: 'report.html',
  md: 'report.md',
  github: 'report.github.md',
  prom: 'report.prom',
  sarif: 'report.sarif',
  junit: 'report.junit.xml',
  gitlab: 'report.gitlab.json',
  ocsf: 'report.ocsf.ndjson',
  'ocsf-1.8': 'report.ocsf-1.8.ndjson',
  asff: 'report.asff.json',
  oscal: 'report.oscal.json',
  csv: 'report.csv',
  'controls-csv': 'report.controls.csv',
  ndjson: null,
};

test('every format is loaded by its name and names its file, or goes to stdout', async () => {
  expect(formatNames).toEqual(Object.keys(files));
  for (const name of formatNames) {
    const format = await reportFormats[name]();
    expect(format.name).toBe(name);
    expect(format.file).toBe(files[name]);
    expect(stdoutFormats.includes(name)).toBe(format.file === null);
  }
});

test('knows what is no format', () => {
  expect(isFormatName('html')).toBe(true);
  expect(isFormatName('toString')).toBe(false);
});
