import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '#cli/exit-code.js';
import { readKnown } from '#known-file.js';
import { knownOf } from '#gate/known.js';
import { gateSettings } from '#gate/settings.js';
import { Gate } from '#gate/verdict.js';
import { parseWaivers } from '#config/waivers.js';
import { catalogue } from '#index.js';
import { AtrestError } from '#model/errors.js';
import type { CoverageRow, Finding } from '#model/report.js';
import { finding, unknownFinding } from '../support/report-parts.js';
import { dimensions, exitCodeTable, type Combination, type Dimension, type Row } from './exit-codes.js';

const now = new Date('2026-11-23T12:00:00Z');
const note = { reason: 'r', owner: null, ticket: null, approvedBy: null, source: 'w.yaml:2:5' };
const valid = { ...note, state: 'valid', expires: '2026-11-23' } as const;
// The run noted it as valid: it has expired since.
const expired = { ...note, state: 'valid', expires: '2026-11-22' } as const;
const attestation = {
  state: 'valid',
  result: 'pass',
  reason: null,
  attestedBy: 'ops',
  attestedOn: '2026-11-01',
  evidence: null,
  expires: null,
  source: 'w.yaml:9:5',
} as const;

function* combinations(): Generator<Combination> {
  let all: Record<string, string>[] = [{}];
  for (const [name, values] of Object.entries(dimensions))
    all = all.flatMap((each) => values.map((value) => ({ ...each, [name]: value })));
  yield* all as unknown as Combination[];
}

function holds({ when }: Row, combination: Combination): boolean {
  return (Object.keys(when) as Dimension[]).every((name) => (when[name] as readonly string[]).includes(combination[name]));
}

const row = (service: string, state: CoverageRow['state']): CoverageRow => {
  const failed = state === 'complete' ? 0 : 1;
  const operations = [{ operation: 'x:ListX', calls: 2, errors: failed, code: failed > 0 ? 'AccessDenied' : null }];
  return { account: '111111111111', region: 'eu-central-1', service, state, reason: null, operations };
};

function findingsOf({ finding: which, said, gap, otherUnknown }: Combination): readonly Finding[] {
  const waiver = said === 'valid waiver' ? valid : said === 'waiver that has expired' ? expired : null;
  const severity = which === 'at --fail-on' ? 'high' : 'medium';
  const unread = unknownFinding({ id: 'b', rule: 'kms/rotation-enabled', kind: 'kms.key', resource: 'arn:aws:kms:::key/k' });
  const [missing] = unread.missing ?? [];
  return [
    ...(which === 'none' ? [] : [finding({ id: 'a', rule: 'ebs/volume-encrypted', severity, waiver })]),
    ...(gap === 'none' || gap === 'account not entered'
      ? []
      : [
          {
            ...unread,
            attestation: gap === 'unknown, attested' ? attestation : null,
            waiver: gap === 'unknown, waived' ? valid : null,
          },
        ]),
    ...(otherUnknown === 'no' || missing === undefined
      ? []
      : [{ ...unread, id: 'c', missing: [{ ...missing, cause: 'foreign' as const }] }]),
  ];
}

/** The exit code of the real gate. */
function gated(combination: Combination): number {
  const { said, earlier, gap, failOn, unknown, allow, rules } = combination;
  const settings = gateSettings(undefined, {
    failOn: failOn === '--fail-on never' ? 'never' : undefined,
    failOnNew: failOn === '--fail-on-new' ? 'info' : undefined,
    unknown,
    allowIncomplete: allow === 'yes',
    max: { rules: said === 'within --max' ? { 'ebs/volume-encrypted': 1 } : {}, accounts: {} },
    against: earlier !== 'not named',
  });
  const findings = findingsOf(combination);
  const accepted = findings.filter(({ id }) => id === 'a').map((each) => knownOf(each, '2026-01-01'));
  const entries =
    said === 'accepted'
      ? accepted
      : said === 'worse than accepted'
        ? accepted.map((each) => ({ ...each, severity: 'low' as const }))
        : [];
  const gate = new Gate(settings, { known: new Map(entries.map((each) => [each.id, each])), now });
  // What a waiver covered, and what is worse than accepted, is as new as what the earlier run does not have.
  const isBack = (id: string) => id === 'a' && (said === 'waiver that has expired' || said === 'worse than accepted');
  for (const each of findings) gate.add(each, earlier !== 'has it too' || isBack(each.id));
  const coverage = [row('ec2', 'complete'), row('kms', gap.startsWith('unknown') ? 'partial' : 'complete')];
  if (gap === 'account not entered')
    coverage.push({ account: '222222222222', region: '*', service: '*', state: 'denied', reason: null, operations: [] });
  return gate.judge({ errors: rules === 'judged' ? 0 : 1, complete: gap === 'none', coverage }).exitCode;
}

test('every combination has the exit code of the first row that holds for it, and every row is needed', async () => {
  const refused = await refusedCode();
  const used = new Set<Row>();
  let count = 0;
  for (const combination of combinations()) {
    const expected = exitCodeTable.find((each) => holds(each, combination));
    if (expected === undefined) throw new Error(`No row for ${JSON.stringify(combination)}`);
    const code = combination.input === 'malformed' ? refused : gated(combination);
    if (code !== expected.code) expect({ code, combination }).toEqual({ code: expected.code, combination });
    used.add(expected);
    count += 1;
  }
  expect(count).toBeGreaterThan(10_000);
  expect(exitCodeTable.filter((each) => !used.has(each))).toEqual([]);
});

/** What a malformed file ends with: of waivers, with a day that is none, and of accepted findings. */
async function refusedCode(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'atrest-known-'));
  const text = 'waivers: [{ rule: "kms/*", resource: "*", reason: r, expires: 2027-02-30 }]';
  try {
    const file = join(folder, 'known.json');
    await writeFile(file, '{"version": 1, "known": [{}]}');
    const refusals = [
      readKnown(file),
      Promise.resolve().then(() => parseWaivers([{ name: 'w', file: 'w', text }], catalogue.rules)),
    ];
    const codes = await Promise.all(
      refusals.map((each) =>
        each.then(
          () => 0,
          (error: unknown) => (error instanceof AtrestError ? exitCodes[error.code] : 70),
        ),
      ),
    );
    expect(codes).toEqual([2, 2]);
    return 2;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
