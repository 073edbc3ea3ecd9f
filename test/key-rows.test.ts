import { describe, expect, test } from 'vitest';
import { KeyRows } from '#key-rows.js';
import type { Dependants, PlaceUse } from '#model/key-graph.js';
import { KeyRow } from '#model/report.js';
import type { ResourceRecord } from '#model/resources/index.js';
import { awsManagedKey, grant, home, key, metadata, resource, skipped, unread, type TestResource } from './support/resources.js';

const none: Dependants = { byKind: {}, uses: [], total: 0, complete: true, missing: [] };
const rowOf = ({ record }: TestResource, dependants = none, places: readonly PlaceUse[] = []): KeyRow => {
  const keys = new KeyRows({ dependants: () => dependants, placesOf: () => places });
  keys.add(record as ResourceRecord<'kms.key'>, home);
  return KeyRow.parse(keys.rows[0]);
};
const denied = unread({
  facet: 'kms.key/policy',
  operation: 'kms:GetKeyPolicy',
  action: 'kms:GetKeyPolicy',
  code: 'AccessDeniedException',
  cause: 'denied',
});

describe('a key in a report', () => {
  test('has all that its facets say', () => {
    expect(rowOf(key(1, { grants: [grant()] }))).toMatchObject({
      manager: 'CUSTOMER',
      state: 'Enabled',
      spec: 'SYMMETRIC_DEFAULT',
      usage: 'ENCRYPT_DECRYPT',
      origin: 'AWS_KMS',
      rotation: { enabled: true, periodDays: 365, nextAt: '2027-01-01T00:00:00.000Z', why: null },
      reach: { everyone: 'no', ownAccount: true, ownPrincipals: 0, others: [], othersTotal: 0 },
      grants: 1,
      monthlyCost: { usd: 1, why: 'the key' },
    });
    expect(rowOf(key(1))).not.toHaveProperty('missing');
  });

  test('says what could not be read, and leaves out what nobody asked for', () => {
    const row = rowOf(key(1, { policy: denied }));
    expect(row.missing).toEqual([expect.objectContaining({ facet: 'kms.key/policy', cause: 'denied' })]);
    expect(row).not.toHaveProperty('reach');
    const { record } = key(1);
    const { policy: _, grants: __, rotation: ___, ...facets } = record.facets;
    const bare = rowOf({ ...key(1), record: { ...record, facets } });
    for (const absent of ['reach', 'grants', 'rotation', 'missing']) expect(bare).not.toHaveProperty(absent);
  });

  test('whose policy we do not understand has no reach, and says so', () => {
    const row = rowOf(key(1, { policy: '{"Statement":7}' }));
    expect(row).not.toHaveProperty('reach');
    expect(row.missing).toEqual([expect.objectContaining({ facet: 'kms.key/policy', cause: 'absent-field' })]);
  });

  test('that waits for deletion or expires has the day', () => {
    const state = { state: 'PendingDeletion', deletionAt: '2026-12-01T00:00:00.000Z', validTo: '2026-12-24T00:00:00.000Z' };
    const row = rowOf(key(1, { metadata: metadata(state), rotation: skipped('a key in state PendingDeletion is not rotated') }));
    expect(row).toMatchObject({ deletionAt: state.deletionAt, materialExpiresAt: state.validTo, monthlyCost: { usd: 0 } });
    expect(row.rotation).toEqual({
      enabled: false,
      periodDays: null,
      nextAt: null,
      why: 'a key in state PendingDeletion is not rotated',
    });
  });

  test('of a multi-Region set names the others', () => {
    const multiRegion = {
      role: 'PRIMARY' as const,
      primaryArn: 'arn:p',
      primaryRegion: 'eu-west-1',
      replicas: [{ arn: 'arn:r', region: 'us-east-1' }],
    };
    expect(rowOf(key(1, { metadata: metadata({ multiRegion }) })).multiRegion).toEqual({
      role: 'PRIMARY',
      primary: 'arn:p',
      replicas: ['arn:r'],
    });
  });

  test('that AWS manages has neither cost nor reach', () => {
    const row = rowOf(awsManagedKey(1, 's3'));
    expect(row).toMatchObject({ manager: 'AWS', state: null });
    for (const absent of ['reach', 'grants', 'rotation', 'monthlyCost', 'missing']) expect(row).not.toHaveProperty(absent);
  });

  test('has what depends on it, by use and by place', () => {
    const uses = [
      { kind: 'ebs.volume', usage: 'storage', count: 3 },
      { kind: 's3.bucket', usage: 'replica', count: 2 },
    ];
    const places = [{ account: home.account, region: home.region, byKind: { 'ebs.volume': 3 } }];
    expect(rowOf(key(1), { ...none, byKind: { 'ebs.volume': 3 }, uses, total: 3 }, places)).toMatchObject({
      dependants: { 'ebs.volume': 3 },
      uses,
      places: [{ account: home.account, region: home.region, dependants: { 'ebs.volume': 3 } }],
    });
  });

  test('that is known by its id alone, nothing else of it read', () => {
    const facets = { aliases: denied, metadata: denied, rotation: denied, policy: denied, grants: denied };
    const row = rowOf(resource('kms.key', 'arn:aws:kms:eu-west-1:111111111111:key/k', facets, home));
    expect(row).toMatchObject({ manager: null, state: null });
    expect(row.missing).toHaveLength(5);
  });
});
