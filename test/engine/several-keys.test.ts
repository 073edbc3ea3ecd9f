import { describe, expect, test } from 'vitest';
import exists from '#rules/key/exists.js';
import usable from '#rules/key/usable.js';
import { encryptionsOfFacet } from '#model/encryption.js';
import { edgesOf } from '#model/edges.js';
import { judgeResource } from '#plugins/judge.js';
import { arnOfKey, home, key, metadata, template, unread, volume } from '../support/resources.js';

/** A template that names these keys, one for each device, two devices for the first. */
const naming = (...keys: readonly (string | null)[]) =>
  template('lt-1', [
    { mappings: [{ device: '/dev/xvda', snapshotId: null, encrypted: true, kmsKeyId: keys[0] ?? null }] },
    { mappings: keys.map((kmsKeyId) => ({ device: '/dev/sdb', snapshotId: null, encrypted: true, kmsKeyId })) },
  ]);
const inState = (n: number, state: string) => key(n, { metadata: metadata({ state }) });
const others = [key(1), inState(2, 'Disabled'), inState(3, 'PendingDeletion'), key(4, { metadata: unread() })];
const usableUnder = (...keys: readonly (string | null)[]) => judgeResource(usable, naming(...keys), { others });

describe('of several keys the worst counts', () => {
  test('a pass only when all of them pass', () => {
    expect(usableUnder(arnOfKey(1), 'alias/key-1')).toMatchObject({ verdict: 'pass', data: { key: arnOfKey(1) } });
  });

  test('an unknown before a pass, a fail before an unknown, in whatever order', () => {
    expect(usableUnder(arnOfKey(1), arnOfKey(4))).toMatchObject({ verdict: 'unknown', missing: [{ cause: 'denied' }] });
    expect(usableUnder(arnOfKey(4), arnOfKey(1))).toMatchObject({ verdict: 'unknown' });
    expect(usableUnder(arnOfKey(4), arnOfKey(2))).toMatchObject({ verdict: 'fail', data: { key: arnOfKey(2) } });
    expect(usableUnder(arnOfKey(2), arnOfKey(4))).toMatchObject({ verdict: 'fail' });
  });

  test('the higher severity before the lower', () => {
    expect(usableUnder(arnOfKey(2), arnOfKey(3))).toMatchObject({ severity: 'critical', data: { key: arnOfKey(3) } });
    expect(usableUnder(arnOfKey(3), arnOfKey(2))).toMatchObject({ severity: 'critical' });
  });

  test('a pass before a not-applicable', () => {
    expect(usableUnder(arnOfKey(9), arnOfKey(1))).toMatchObject({ verdict: 'pass' });
    expect(usableUnder(arnOfKey(9))).toEqual({ verdict: 'not-applicable', reason: 'the key is gone: see key/exists' });
  });

  test('a key that is gone fails key/exists beside one that is there', () => {
    expect(judgeResource(exists, naming(arnOfKey(1), arnOfKey(9)), { others })).toMatchObject({ verdict: 'fail' });
  });
});

test('a template that names no key is not judged by its keys', () => {
  const none = { verdict: 'not-applicable', reason: 'no device of it names a key' };
  expect(usableUnder(null)).toEqual(none);
  expect(judgeResource(usable, template('lt-1'))).toEqual(none);
});

test('nobody checks the key of a template, so one of a foreign account is not taken to be there', () => {
  const foreign = { account: '999999999999' };
  const outcome = judgeResource(usable, naming(arnOfKey(7, foreign)), {
    followUps: [key(7, { place: foreign, metadata: unread() })],
  });
  expect(outcome).toMatchObject({ verdict: 'unknown', missing: [{ cause: 'foreign' }] });
});

test('every key of a template is an edge, each once', () => {
  const edges = edgesOf(naming(arnOfKey(1), arnOfKey(2), null, 'alias/app').record, home);
  expect(edges.filter(({ spec }) => spec.name === 'key').map(({ target }) => target)).toEqual([
    arnOfKey(1),
    arnOfKey(2),
    `arn:aws:kms:${home.region}:${home.account}:alias/app`,
  ]);
});

test('a resource of any other kind has one encryption', () => {
  const { facets } = volume('vol-1').record;
  expect(encryptionsOfFacet('ebs.volume', facets['details'])).toEqual([expect.objectContaining({ key: arnOfKey(1) })]);
});
