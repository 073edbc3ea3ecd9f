import { expect, test } from 'vitest';
import { formatNames, isFormatName, reportFormats } from '#reports/index.js';

test('every format is loaded by its name and names its file', async () => {
  expect(formatNames).toEqual(['json', 'html', 'md', 'github', 'prom']);
  for (const name of formatNames) {
    const format = await reportFormats[name]();
    expect(format.name).toBe(name);
    expect(format.file).toBe(name === 'github' ? 'report.github.md' : `report.${name}`);
  }
});

test('knows what is no format', () => {
  expect(isFormatName('html')).toBe(true);
  expect(isFormatName('toString')).toBe(false);
});
