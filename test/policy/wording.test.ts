import { expect, test } from 'vitest';
import { readKeyPolicy, readPolicy, statementName } from '#policy/reading.js';
import { listActions, listNames, listStatements } from '#policy/wording.js';
import { allow } from './support.js';

const text = (Sid: string): string => JSON.stringify({ Statement: [allow({ Sid })] });
const documentOf = (policy: string): unknown => {
  const read = readKeyPolicy(policy);
  return read.known ? read.value : null;
};

test.each([
  [[], ''],
  [['b', 'a', 'b'], 'a, b'],
  [['a', 'b', 'c', 'd'], 'a, b, c, d'],
  [['e', 'd', 'c', 'b', 'a'], 'a, b, c and 2 more actions'],
])('actions %j: %s', (actions, expected) => expect(listActions(actions)).toBe(expected));

test.each([
  [[], ''],
  [['b'], 'b'],
  [['b', 'a', 'b'], 'b and a'],
  [['d', 'c', 'b', 'a'], 'd, c, b and a'],
  [['e', 'd', 'c', 'b', 'a'], 'e, d, c and 2 more roles'],
])('names %j: %s', (names, expected) => expect(listNames(names, 'roles')).toBe(expected));

test('statements are named once each, in the order of the policy', () => {
  expect(
    listStatements([
      { index: 2, sid: 'a, b' },
      { index: 0, sid: null },
      { index: 2, sid: 'a, b' },
    ]),
  ).toBe('statement 1 and statement "a, b"');
  expect(statementName({ index: 9, sid: null })).toBe('statement 10');
});

test('a text is parsed once, and forgotten when many others were read since', () => {
  const first = documentOf(text('first'));
  expect(documentOf(text('first'))).toBe(first);
  for (let n = 0; n < 255; n += 1) documentOf(text(`other-${String(n)}`));
  expect(documentOf(text('first'))).toBe(first);
  documentOf(text('one more'));
  const again = documentOf(text('first'));
  expect(again).toEqual(first);
  expect(again).not.toBe(first);
});

test('a policy that is not there is null, one that was not read stays so', () => {
  expect(readPolicy('s3.bucket/policy', { known: true, value: null })).toEqual({ known: true, value: null });
  const unread = { known: false, missing: [] } as const;
  expect(readPolicy('s3.bucket/policy', unread)).toBe(unread);
  expect(readPolicy('s3.bucket/policy', { known: true, value: '{' })).toMatchObject({
    missing: [{ facet: 's3.bucket/policy', operation: 's3:GetBucketPolicy', code: 'a readable policy (the text is not JSON)' }],
  });
});
