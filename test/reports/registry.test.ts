import { expect, test } from 'vitest';
import { formatNames, isFormatName, reportFormats, type FormatName } from '#reports/index.js';

const files: Readonly<Record<FormatName, string>> = {
  json: 'report.json',
  html: 'report.html',
  md: 'report.md',
  github: 'report.github.md',
  prom: 'report.prom',
  sarif: 'report.sarif',
  junit: 'report.junit.xml',
  gitlab: 'report.gitlab.json',
};

test('every format is loaded by its name and names its file', async () => {
  expect(formatNames).toEqual(Object.keys(files));
  for (const name of formatNames) {
    const format = await reportFormats[name]();
    expect(format.name).toBe(name);
    expect(format.file).toBe(files[name]);
  }
});

test('knows what is no format', () => {
  expect(isFormatName('html')).toBe(true);
  expect(isFormatName('toString')).toBe(false);
});
