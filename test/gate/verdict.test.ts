import { describe, expect, test } from 'vitest';
import { gateSettings, type GateSettings } from '#gate/settings.js';
import { Gate } from '#gate/verdict.js';
import type { AttestationNote, CoverageRow, Finding } from '#model/report.js';
import { finding, unknownFinding } from '../support/report-parts.js';

const now = new Date('2026-11-23T00:00:00Z');
const attestation: AttestationNote = {
  state: 'valid',
  result: 'pass',
  reason: null,
  attestedBy: 'ops',
  attestedOn: '2026-11-01',
  evidence: null,
  expires: null,
  source: 'w.yaml:9:5',
};

const fails = (rule: string, count: number, given: Partial<Finding> = {}): readonly Finding[] =>
  Array.from({ length: count }, (_, index) => finding({ id: `${rule}${String(index)}`, rule, ...given }));
const unread = (given: Partial<Finding> = {}): Finding =>
  unknownFinding({ id: 'u', rule: 'kms/rotation-enabled', kind: 'kms.key', resource: 'arn:aws:kms:::key/k', ...given });
const partial = (service: string, { region = 'eu-central-1', operation = 'kms:ListKeys' } = {}): CoverageRow => ({
  account: '111111111111',
  region,
  service,
  state: 'partial',
  reason: null,
  operations: [{ operation, calls: 2, errors: 1, code: 'AccessDenied' }],
});

function judged(
  findings: readonly Finding[],
  asked: Partial<GateSettings> = {},
  { coverage = [], complete = coverage.length === 0 }: { coverage?: readonly CoverageRow[]; complete?: boolean } = {},
) {
  const gate = new Gate(gateSettings(undefined, { allowIncomplete: false, against: false, ...asked }), { now });
  for (const each of findings) gate.add(each);
  return gate.judge({ errors: 0, complete, coverage });
}

describe('thresholds', () => {
  const max = (rules: Record<string, number>, accounts: Record<string, number> = {}) => ({ max: { rules, accounts } });

  test('take away all of a rule, or none', () => {
    expect(judged(fails('r/1', 3), max({ 'r/1': 3 })).exitCode).toBe(0);
    expect(judged(fails('r/1', 4), max({ 'r/1': 3 }))).toMatchObject({ exitCode: 1, gating: 4 });
    expect(judged(fails('r/1', 1), max({ 'r/1': 0 })).exitCode).toBe(1);
    expect(judged(fails('r/2', 1), max({ 'r/1': 3 })).exitCode).toBe(1);
  });

  test('of accounts count what those of rules leave, whatever its severity', () => {
    const both = [...fails('r/1', 3), ...fails('r/2', 2)];
    expect(judged(both, max({ 'r/1': 3 }, { '111111111111': 2 })).exitCode).toBe(0);
    expect(judged(both, max({ 'r/1': 2 }, { '111111111111': 4 }))).toMatchObject({ exitCode: 1, gating: 5 });
    const low = fails('r/3', 2, { severity: 'low' });
    expect(judged([...fails('r/2', 2), ...low], max({}, { '111111111111': 3 }))).toMatchObject({ exitCode: 1, gating: 2 });
    expect(judged(fails('r/2', 2, { account: '222222222222' }), max({}, { '111111111111': 9 })).exitCode).toBe(1);
  });

  test('come after waivers', () => {
    const waiver = {
      state: 'valid',
      reason: 'r',
      owner: null,
      ticket: null,
      approvedBy: null,
      expires: null,
      source: 'w',
    } as const;
    expect(judged([...fails('r/1', 3), ...fails('r/1', 2, { waiver })], max({ 'r/1': 3 })).exitCode).toBe(0);
  });
});

describe('a gap', () => {
  const coverage = [partial('kms')];

  test('is closed when all of its unknowns are attested, and not before', () => {
    expect(judged([unread()], {}, { coverage })).toMatchObject({ exitCode: 3, gaps: coverage });
    expect(judged([unread({ attestation })], {}, { coverage })).toMatchObject({ exitCode: 0, gaps: [] });
    expect(judged([unread({ attestation }), unread({ id: 'v' })], {}, { coverage }).exitCode).toBe(3);
    const over = { ...attestation, expires: '2026-11-22' };
    expect(judged([unread({ attestation: over })], {}, { coverage }).exitCode).toBe(3);
  });

  test('elsewhere is not closed by it', () => {
    for (const other of [partial('rds'), partial('kms', { region: 'us-east-1' })])
      expect(judged([unread({ attestation })], {}, { coverage: [...coverage, other] })).toMatchObject({
        exitCode: 3,
        gaps: [other],
      });
  });

  test('in the cell of the fact that is missing is that of who needed the fact', () => {
    const bucket = { kind: 's3.bucket', resource: 'arn:aws:s3:::b', rule: 's3/x' };
    expect(judged([unread({ ...bucket, attestation })], {}, { coverage }).exitCode).toBe(0);
    expect(judged([unread({ attestation }), unread(bucket)], {}, { coverage }).exitCode).toBe(3);
  });

  test('that a region refuses whole is of all that is in it', () => {
    expect(judged([unread({ attestation })], {}, { coverage: [partial('*')] }).exitCode).toBe(0);
    expect(judged([unread()], {}, { coverage: [partial('*')] }).exitCode).toBe(3);
  });

  test('of which no unknown speaks is open, also when no row says where it is', () => {
    expect(judged([], {}, { coverage }).exitCode).toBe(3);
    expect(judged([], { unknown: 'ignore' }, { coverage }).exitCode).toBe(3);
    expect(judged([], {}, { complete: false }).exitCode).toBe(3);
  });

  test('is not passed over where nothing was listed', () => {
    const nothing = [partial('kms', { operation: 'ec2:GetEbsEncryptionByDefault' })];
    expect(judged([unread()], { unknown: 'ignore' }, { coverage }).exitCode).toBe(0);
    expect(judged([unread()], { unknown: 'ignore' }, { coverage: nothing }).exitCode).toBe(3);
    expect(judged([unread()], { allowIncomplete: true }, { coverage: nothing }).exitCode).toBe(3);
  });

  test('an unknown that is attested to fail is a fail, and can be waived', () => {
    const failed = unread({ attestation: { ...attestation, result: 'fail' } });
    expect(judged([failed], {}, { coverage })).toMatchObject({ exitCode: 1, gating: 1, gaps: [] });
  });
});

test('what gates is told apart from what does not', () => {
  const [high] = fails('r/1', 1);
  const [low] = fails('r/1', 1, { severity: 'low' });
  const { isGating, byAccount, bySeverity } = judged([...fails('r/1', 2), ...fails('r/1', 1, { severity: 'low' })]);
  expect([isGating(high as Finding, true), isGating(low as Finding, true)]).toEqual([true, false]);
  expect([byAccount, bySeverity]).toEqual([{ '111111111111': 2 }, { high: 2 }]);
});
