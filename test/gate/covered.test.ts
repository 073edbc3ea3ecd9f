import { describe, expect, test } from 'vitest';
import { attested, isWaived, type Noted } from '#gate/covered.js';

const lastDay = '2027-03-31';
const onLastDay = new Date('2027-03-31T23:59:59.999Z');
const dayAfter = new Date('2027-04-01T00:00:00.000Z');

function noted(verdict: Noted['verdict'], expires: string | null, result: 'pass' | 'fail' = 'pass'): Noted {
  const source = 'waivers.yaml:2:5';
  return {
    verdict,
    // What the run noted is not what counts: it may be read at another time.
    waiver: { state: 'expired', reason: 'public by design', owner: null, ticket: null, approvedBy: null, expires, source },
    attestation: {
      state: 'valid',
      result,
      reason: null,
      attestedBy: 'an auditor',
      attestedOn: '2026-11-01',
      evidence: null,
      expires,
      source,
    },
  };
}

const plain = (verdict: Noted['verdict']): Noted => ({ verdict, waiver: null, attestation: null });

describe('a waiver', () => {
  test.each<[Noted['verdict'], boolean]>([
    ['fail', true],
    ['unknown', true],
    ['pass', false],
    ['not-applicable', false],
  ])('of a %s: %s', (verdict, expected) => {
    expect(isWaived(noted(verdict, null), dayAfter)).toBe(expected);
  });

  test('covers its last day to the end, in UTC, and no longer', () => {
    expect(isWaived(noted('fail', lastDay), onLastDay)).toBe(true);
    expect(isWaived(noted('fail', lastDay), dayAfter)).toBe(false);
  });

  test('that is not there covers nothing', () => {
    expect(isWaived(plain('fail'), onLastDay)).toBe(false);
  });
});

describe('an attestation', () => {
  test.each(['pass', 'fail'] as const)('decides an unknown: %s', (result) => {
    expect(attested(noted('unknown', null, result), dayAfter)).toBe(result);
  });

  test.each(['pass', 'fail', 'not-applicable'] as const)('says nothing of a %s', (verdict) => {
    expect(attested(noted(verdict, null), onLastDay)).toBeNull();
  });

  test('holds for its last day to the end, in UTC, and no longer', () => {
    expect(attested(noted('unknown', lastDay), onLastDay)).toBe('pass');
    expect(attested(noted('unknown', lastDay), dayAfter)).toBeNull();
  });

  test('that is not there decides nothing', () => {
    expect(attested(plain('unknown'), onLastDay)).toBeNull();
  });
});
