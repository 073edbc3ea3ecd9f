import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misfits } from '#gate/conditions.js';
import { Waiving } from '#gate/waiving.js';
import { known, type Attempt } from '#model/attempt.js';
import { matchesGlob } from '#model/glob.js';
import type { Finding } from '#model/report.js';
import type { Tags } from '#model/resources/index.js';
import type { Attestation, Conditions, Waiver } from '#model/waiver.js';
import { finding as made } from '../support/report-parts.js';

const now = new Date('2026-11-23T12:00:00Z');
const account = '111111111111';
const paths = ['o-a/r-b/ou-c-prod', 'Root/Prod'];
const unread: Attempt<Tags> = { known: false, missing: [] };

const finding = (given: Partial<Finding> = {}) => made({ id: 'f', rule: 'ebs/volume-encrypted', account, ...given });
const waiver = (given: Partial<Waiver> = {}): Waiver => ({
  rule: 'ebs/volume-encrypted',
  resource: '*',
  reason: 'tests',
  owner: null,
  ticket: null,
  approvedBy: null,
  expires: null,
  source: 'w.yaml:2:5',
  ...given,
});
const attestation = (given: Partial<Attestation> = {}): Attestation => ({
  rule: 'ebs/volume-encrypted',
  resource: '*',
  result: 'pass',
  by: 'an auditor',
  on: '2026-11-01',
  evidence: null,
  reason: null,
  expires: null,
  source: 'w.yaml:9:5',
  ...given,
});

/** A finding with what the statements say of it. */
function noted(
  said: { readonly waivers?: readonly Waiver[]; readonly attestations?: readonly Attestation[] },
  given: Partial<Finding> = {},
  tags: Attempt<Tags> = unread,
): Finding {
  const it = finding(given);
  new Waiving({ waivers: said.waivers ?? [], attestations: said.attestations ?? [] }, now)
    .inAccount(it.account, paths)
    ?.note(it, () => tags);
  return it;
}

describe('a waiver', () => {
  const dev = known({ Env: 'Dev', team: 'web' });

  test.each<[string, Partial<Conditions>, Attempt<Tags>, boolean]>([
    ['a glob over rules', { rule: 'ebs/*' }, unread, true],
    ['another rule', { rule: 'ebs/volume' }, unread, false],
    ['a resource', { resource: 'arn:aws:ec2:*:volume/vol-0a' }, unread, true],
    ['a star that crosses slashes', { resource: 'arn:*0a' }, unread, true],
    ['the head of an ARN', { resource: 'arn:aws:ec2:eu-central-1:111111111111:volume' }, unread, false],
    ['the tail of an ARN', { resource: '*vol-0' }, unread, false],
    ['its account', { accounts: ['999999999999', '1111*'] }, unread, true],
    ['another account', { accounts: ['999999999999'] }, unread, false],
    ['its region', { regions: ['eu-*'] }, unread, true],
    ['another region', { regions: ['us-*'] }, unread, false],
    ['its OU by id', { path: 'ou-c-*' }, unread, true],
    ['its OU by name', { path: 'Root/Prod' }, unread, true],
    ['another OU', { path: 'Root/Dev' }, unread, false],
    ['all tags that it has', { allTags: { env: ['dev', 'test'], team: ['w*'] } }, dev, true],
    ['a tag that it has not', { allTags: { env: ['dev'], data: ['*'] } }, dev, false],
    ['one of any tags', { anyTags: { data: ['*'], env: ['dev'] } }, dev, true],
    ['none of any tags', { anyTags: { data: ['*'], env: ['prod'] } }, dev, false],
    ['tags that were not read', { anyTags: { env: ['*'] } }, unread, false],
    ['conditions of which one does not hold', { accounts: [account], regions: ['us-*'], allTags: { env: ['dev'] } }, dev, false],
  ])('that names %s', (_, wanted, tags, expected) => {
    const statement = waiver(wanted);
    expect(noted({ waivers: [statement] }, {}, tags).waiver !== null).toBe(expected);
    // The explanation may never say otherwise.
    const misfitting = misfits(statement, { finding: finding(), paths, tags: () => tags });
    expect(misfitting.length === 0).toBe(expected);
    if (!expected) for (const name of misfitting) expect(Object.keys(wanted)).toContain(name);
  });

  test('covers unknowns too, and its last day', () => {
    const { waiver: note } = noted({ waivers: [waiver({ expires: '2026-11-23' })] }, { verdict: 'unknown' });
    expect(note).toMatchObject({ state: 'valid', expires: '2026-11-23', reason: 'tests', source: 'w.yaml:2:5' });
  });

  test('that has expired is noted as such', () => {
    expect(noted({ waivers: [waiver({ expires: '2026-11-22' })] }).waiver).toMatchObject({ state: 'expired' });
  });

  test('of several the one that lasts longest is noted, of these the first', () => {
    const ends = ['2026-01-01', '2027-06-01', null, null, '2030-01-01'];
    const waivers = ends.map((expires, index) => waiver({ expires, source: `w.yaml:${String(index)}:5` }));
    const source = (of: readonly Waiver[]) => noted({ waivers: of }).waiver?.source;
    expect(source(waivers)).toBe('w.yaml:2:5');
    expect(source(waivers.filter(({ expires }) => expires !== null))).toBe('w.yaml:4:5');
    expect(source(waivers.slice(0, 2))).toBe('w.yaml:1:5');
  });
});

describe('an attestation', () => {
  test('is noted on an unknown, and on nothing else', () => {
    const attestations = [attestation()];
    expect(noted({ attestations }, { verdict: 'unknown' }).attestation).toMatchObject({
      state: 'valid',
      attestedBy: 'an auditor',
    });
    expect(noted({ attestations }).attestation).toBeNull();
  });

  test('that it fails is not hidden by a longer one that it passes, unless it has expired', () => {
    const pass = attestation({ expires: null });
    const result = (expires: string) =>
      noted({ attestations: [pass, attestation({ result: 'fail', expires })] }, { verdict: 'unknown' }).attestation?.result;
    expect(result('2026-12-01')).toBe('fail');
    expect(result('2026-11-22')).toBe('pass');
  });

  test('stands beside a waiver', () => {
    const both = noted({ waivers: [waiver()], attestations: [attestation()] }, { verdict: 'unknown' });
    expect([both.waiver?.state, both.attestation?.state]).toEqual(['valid', 'valid']);
  });
});

test('rows count what each statement means, and warn fourteen days ahead', () => {
  const ends = ['2026-11-22', '2026-11-23', '2026-12-07', '2026-12-08', null];
  const waiving = new Waiving(
    {
      waivers: ends.map((expires) => waiver({ expires, owner: 'web-team' })),
      attestations: [attestation(), attestation({ regions: ['us-*'] })],
    },
    now,
  );
  const inAccount = waiving.inAccount(account, paths);
  for (const verdict of ['fail', 'unknown'] as const) inAccount?.note(finding({ verdict }), () => unread);
  const rows = waiving.rows(() => 'unused');
  expect(rows.map(({ type, state, matches, use }) => [type, state, matches, use])).toEqual([
    ['waiver', 'expired', 2, 'used'],
    ['waiver', 'expiring', 2, 'used'],
    ['waiver', 'expiring', 2, 'used'],
    ['waiver', 'valid', 2, 'used'],
    ['waiver', 'valid', 2, 'used'],
    ['attestation', 'valid', 1, 'used'],
    ['attestation', 'valid', 0, 'unused'],
  ]);
  expect(rows.map(({ by }) => by)).toContain('web-team');
});

test('a run without statements asks nothing of its findings', () => {
  expect(new Waiving({ waivers: [], attestations: [] }, now).inAccount(account, paths)).toBeUndefined();
});

test('the tags of a resource are not asked for where no statement on its rule looks at them', () => {
  const waiving = new Waiving({ waivers: [waiver(), waiver({ rule: 'kms/*', allTags: { a: ['b'] } })], attestations: [] }, now);
  waiving.inAccount(account, paths)?.note(finding(), () => {
    throw new Error('tags were asked for');
  });
  expect(waiving.rows(() => 'unused').map(({ matches }) => matches)).toEqual([1, 0]);
});

describe('the matcher', () => {
  /** A text that counts how often one of its characters is looked at. */
  function counting(text: string): { readonly text: string; readonly reads: () => number } {
    let reads = 0;
    const proxy = new Proxy([...text], {
      get: (letters, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
        return Reflect.get(letters, key) as unknown;
      },
    });
    return { text: proxy as unknown as string, reads: () => reads };
  }

  const letters = (alphabet: string, maxLength: number) =>
    fc.array(fc.constantFrom(...alphabet), { maxLength }).map((each) => each.join(''));

  test('looks at no more characters than the lengths multiplied, however many stars there are', () => {
    fc.assert(
      fc.property(letters('ab*?', 60), letters('ab', 200), (pattern, text) => {
        const counted = counting(text);
        matchesGlob(pattern, counted.text);
        expect(counted.reads()).toBeLessThanOrEqual((pattern.length + 1) * (text.length + 1));
      }),
    );
    const arn = counting(`arn:aws:s3:::${'a'.repeat(2_000)}`);
    expect(matchesGlob(`arn:${'*a'.repeat(40)}b`, arn.text)).toBe(false);
    expect(arn.reads()).toBeLessThan(100 * 2_013);
  });

  test('is anchored: what it takes as a whole it does not take with anything before or after', () => {
    fc.assert(
      fc.property(letters('ab:/', 30), fc.constantFrom('x', '/', ':', '\n'), (text, more) => {
        expect(matchesGlob(text, text)).toBe(true);
        expect(matchesGlob(text, text + more)).toBe(false);
        expect(matchesGlob(text, more + text)).toBe(false);
      }),
    );
  });
});
