import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copySource } from '#model/edges/ec2.js';
import { findingId } from '#model/finding.js';
import { matchesGlob } from '#model/glob.js';
import { nearest } from '#model/nearest.js';
import { compareText } from '#model/place.js';
import { isAtLeast, severities, severityRank } from '#model/severity.js';

describe('a glob', () => {
  test.each([
    ['kms/*', 'kms/rotation-enabled', true],
    ['kms/*', 'a-kms/rotation-enabled', false],
    ['*/rotation-enabled', 'kms/rotation-enabled', true],
    ['kms', 'kms/rotation', false],
    ['rotation', 'kms/rotation', false],
    ['arn:aws:s3:::public-*', 'arn:aws:s3:::public-site', true],
    ['arn:aws:ec2:*:volume/*', 'arn:aws:ec2:us-east-1:111111111111:volume/vol-1', true],
    ['vol-?', 'vol-1', true],
    ['vol-?', 'vol-', false],
    ['vol-?', 'vol-12', false],
    ['?', '/', true],
    ['*', '', true],
    ['**', 'anything/at:all', true],
    ['', '', true],
    ['', 'x', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    // Every other character stands for itself.
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['a+', 'aa', false],
    ['A', 'a', false],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  test('means what the regular expression means', () => {
    const letters = fc.stringMatching(/^[ab/:.]{0,8}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^[ab/:.*?]{0,7}$/), letters, (pattern, text) => {
        const source = pattern.replace(/[.]/g, '\\.').replaceAll('*', '[^]*').replaceAll('?', '[^]');
        expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('takes no time over patterns made to take long', () => {
    const start = performance.now();
    expect(matchesGlob(`${'*a'.repeat(200)}*b`, 'a'.repeat(5_000))).toBe(false);
    expect(matchesGlob(`${'a*'.repeat(500)}b`, 'a'.repeat(5_000))).toBe(false);
    expect(matchesGlob('*'.repeat(5_000), 'a'.repeat(5_000))).toBe(true);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('what a mistyped word meant', () => {
  const regions = ['us-east-1', 'us-east-2', 'eu-west-1', 'ap-southeast-1'];
  test.each([
    ['us-eats-1', regions, 'us-east-1'],
    ['us-east1', regions, 'us-east-1'],
    ['EU-WEST-1', regions, 'eu-west-1'],
    ['recomended', ['recommended', 'strict'], 'recommended'],
    ['regoins', ['accounts', 'role', 'regions'], 'regions'],
    ['mars-north-1', ['us-east-1'], undefined],
    ['completely-different', ['kms', 's3'], undefined],
    ['anything', [], undefined],
  ])('%s among %j: %s', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  test('a word that is there is itself', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,10}$/), { minLength: 1 }), (words) => {
        for (const word of words) expect(nearest(word, words)).toBe(word);
      }),
    );
  });
});

describe('what a description says of the snapshot it was copied from', () => {
  test.each([
    ['[Copied snap-0123456789abcdef0 from us-west-2] nightly', { snapshotId: 'snap-0123456789abcdef0', region: 'us-west-2' }],
    ['[Copied snap-0123456789abcdef0 from us-west-2]', { snapshotId: 'snap-0123456789abcdef0', region: 'us-west-2' }],
    ['[Copied snap-1 from us-gov-east-1] x', { snapshotId: 'snap-1', region: 'us-gov-east-1' }],
    [
      'Copied for DestinationAmi ami-0aa from SourceAmi ami-0bb for SourceSnapshot snap-0cc. Task created on 1,700,000,000,000.',
      { snapshotId: 'snap-0cc', region: null },
    ],
    [
      'Copied for DestinationAmi ami-0aa from SourceAmi ami-0bb for SourceSnapshot snap-0cc',
      { snapshotId: 'snap-0cc', region: null },
    ],
    ['see [Copied snap-1 from us-east-1]', null],
    ['Copied snap-1 from us-east-1', null],
    ['[Copied vol-1 from us-east-1]', null],
    ['Created by CreateImage(i-1) for ami-1', null],
    ['', null],
  ])('%s', (description, expected) => {
    expect(copySource(description)).toEqual(expected);
  });

  test('takes no time over a description made to take long', () => {
    const start = performance.now();
    for (const text of ['[Copied snap-', 'Copied for DestinationAmi ami-', 'x']) copySource(text + 'a-'.repeat(50_000));
    expect(performance.now() - start).toBeLessThan(300);
  });
});

describe('the id of a finding', () => {
  test('is the same in every version: waivers and trackers hold it', () => {
    expect(findingId('kms/rotation-enabled', 'arn:aws:kms:us-east-1:111111111111:key/k', '111111111111', 'us-east-1')).toBe(
      '28853da90a0bf8ea06f79a4712afc587',
    );
  });

  test('differs with each of rule, resource, account and region', () => {
    const part = fc.stringMatching(/^[a-z0-9:/-]{0,12}$/);
    const parts = fc.tuple(part, part, part, part);
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(findingId(...a) === findingId(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(findingId('a', 'b', 'c', 'd')).not.toBe(findingId('ab', '', 'c', 'd'));
  });
});

test('severities go from critical down to info', () => {
  expect(severities.map(severityRank)).toEqual([0, 1, 2, 3, 4]);
  expect(severities.filter((severity) => isAtLeast(severity, 'high'))).toEqual(['critical', 'high']);
  expect(severities.filter((severity) => isAtLeast(severity, 'info'))).toEqual(severities);
  expect(isAtLeast('medium', 'high')).toBe(false);
});

test('texts are ordered by code units, whatever the locale', () => {
  expect(['b', 'a', 'B', 'ä', 'a-b', 'a/b', 'ab'].sort(compareText)).toEqual(['B', 'a', 'a-b', 'a/b', 'ab', 'b', 'ä']);
});
