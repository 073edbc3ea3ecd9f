import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from '#model/glob.js';
import { canBeginWith, coversAllUnder } from '#policy/wildcard.js';

/** The obvious, exponential reading of the two wildcards. */
function slow(pattern: string, text: string): boolean {
  const [head, ...tail] = pattern;
  if (head === undefined) return text === '';
  if (head === '*') return slow(tail.join(''), text) || (text !== '' && slow(pattern, text.slice(1)));
  return text !== '' && (head === '?' || head === text[0]) && slow(tail.join(''), text.slice(1));
}

const letters = (alphabet: string, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), { maxLength }).map((chars) => chars.join(''));
const pattern = letters('ab*?', 7);
const text = letters('ab', 7);

describe('matchesGlob', () => {
  it.each([
    ['*', '', true],
    ['*', 'kms:decrypt', true],
    ['kms:*', 'kms:', true],
    ['kms:de*', 'kms:decrypt', true],
    ['kms:de*', 'xkms:decrypt', false],
    ['kms:decrypt', 'kms:decryptx', false],
    ['kms:?ecrypt', 'kms:decrypt', true],
    ['kms:?decrypt', 'kms:decrypt', false],
    ['*a*b', 'aXbXb', true],
    ['a?*', 'a', false],
    ['', '', true],
    ['', 'a', false],
    ['k.s', 'kms', false],
    ['a*', 'A', false],
  ])('%j on %j: %s', (glob, subject, expected) => expect(matchesGlob(glob, subject)).toBe(expected));

  it('agrees with the obvious definition', () => {
    fc.assert(
      fc.property(pattern, text, (glob, subject) => {
        expect(matchesGlob(glob, subject)).toBe(slow(glob, subject));
      }),
      { numRuns: 3000 },
    );
  });

  it('is anchored at both ends', () => {
    fc.assert(
      fc.property(text, letters('cd', 4), letters('cd', 4), (middle, before, after) => {
        expect(matchesGlob(middle, before + middle + after)).toBe(before + after === '');
      }),
    );
  });

  it.each([
    ['*a'.repeat(200) + 'b', 'a'.repeat(20_000)],
    ['*'.repeat(5_000) + 'b', 'a'.repeat(5_000)],
    ['?*'.repeat(500) + 'b', 'a'.repeat(5_000)],
    ['*' + 'a'.repeat(1_000) + 'b', 'a'.repeat(10_000)],
  ])('does not explode on a hostile pattern', (glob, subject) => {
    const start = performance.now();
    expect(matchesGlob(glob, subject)).toBe(false);
    expect(canBeginWith(glob, subject.slice(0, 500))).toBe(true);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('canBeginWith', () => {
  it('is true exactly when some longer text matches', () => {
    fc.assert(
      fc.property(letters('ab*?', 4), letters('ab', 3), (glob, prefix) => {
        const tails = [''];
        for (let at = 0; at < tails.length; at++) {
          const tail = tails[at] ?? '';
          if (tail.length < 5) tails.push(`${tail}a`, `${tail}b`);
        }
        expect(canBeginWith(glob, prefix)).toBe(tails.some((tail) => slow(glob, prefix + tail)));
      }),
      { numRuns: 400 },
    );
  });
});

describe('coversAllUnder', () => {
  it.each([
    ['b/*', true],
    ['b*', true],
    ['*', true],
    ['b/?*', true],
    ['b/??*', false],
    ['b/', false],
    ['b/a*', false],
    ['b/*a', false],
    ['b/?', false],
    ['?/*', true],
    ['c/*', false],
    ['b/*/*', false],
    ['b/**', true],
    ['b/*\uffff', false],
  ])('%s over b/…: %s', (glob, expected) => expect(coversAllUnder(glob, 'b/')).toBe(expected));

  it('is never true where one text slips through', () => {
    fc.assert(
      fc.property(letters('ab*?', 5), letters('ab', 2), letters('ab', 4), (glob, prefix, tail) => {
        if (tail !== '' && coversAllUnder(glob, prefix)) expect(slow(glob, prefix + tail)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
