import { describe, expect, test } from 'vitest';
import { anchor, counted, grouped, percent, period, utc, visible } from '#reports/html/text.js';

test.each([
  ['plain', 'plain'],
  ['a\u202eb', 'a\\u202eb'],
  ['\u2066x\u2069', '\\u2066x\\u2069'],
  ['a\n\t\r', 'a\\n\\t\\r'],
  ['\u0000\u001b\u007f\u0085', '\\u0000\\u001b\\u007f\\u0085'],
  ['\ufeff\u200b\u00ad\u2028', '\\ufeff\\u200b\\u00ad\\u2028'],
  ['\ud800', '\\ud800'],
  ['\u{e0041}', '\\u{e0041}'],
  ['a\u200db', 'a\\u200db'],
  ['👩‍💻 🏳️‍🌈', '👩‍💻 🏳️‍🌈'],
  ['שלום', 'שלום'],
])('shows %j as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

describe('numbers', () => {
  test.each([
    [1, '100 %'],
    [0.9999, '99.9 %'],
    [0.5, '50 %'],
    [0.29, '29 %'],
    [0.0001, 'under 0.1 %'],
    [0, '0 %'],
  ])('%d is %s', (share, text) => {
    expect(percent(share)).toBe(text);
  });

  test('are grouped', () => {
    expect([0, 999, 1000, 1234567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([counted(1, 'key'), counted(2, 'key'), counted(0, 'alias', 'aliases')]).toEqual(['1 key', '2 keys', '0 aliases']);
  });
});

describe('times', () => {
  test('are UTC', () => {
    expect(utc('2026-11-22T04:00:00+02:00')).toBe('2026-11-22 02:00:00');
    for (const text of ['yesterday', 'x:globalThis=1', '2026-13-45T00:00:00Z']) expect(utc(text)).toBe(text);
  });

  test.each([
    ['2026-11-22T04:00:00Z', '2026-11-22T04:00:09Z', '2026-11-22 04:00 to 04:00', 'UTC, took 9 s'],
    ['2026-11-22T23:50:00Z', '2026-11-23T02:01:00Z', '2026-11-22 23:50 to 2026-11-23 02:01', 'UTC, took 2 h 11 min'],
    ['soon', '2026-11-23T02:01:00Z', 'soon to 2026-11-23T02:01:00Z', ''],
  ])('%s to %s', (start, end, value, note) => {
    expect(period(start, end)).toEqual({ value, note });
  });
});

test('an anchor holds nothing that a URL or a selector would read otherwise, and tells texts apart', () => {
  expect(anchor('g', 'kms/rotation-enabled')).toBe('g-kms__rotation-enabled');
  expect(anchor('p', 'a b', '"<%#')).toMatch(/^[A-Za-z][A-Za-z0-9_-]+$/);
  expect(anchor('g', 'a__b')).not.toBe(anchor('g', 'a/b'));
  expect(anchor('g', 'a_2e_b')).not.toBe(anchor('g', 'a.b'));
});
