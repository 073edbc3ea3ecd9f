import { expect } from 'vitest';
import { demoWorld, type Estate, type FaultKind } from '#estate/index.js';
import type { Finding, Report } from '#model/report.js';
import { scanEstate } from './scan-estate.js';

type FaultRule = Parameters<Estate['faults']['add']>[0];

const regions = ['eu-west-1', 'us-east-1'];
const listings = ['ec2:DescribeVolumes', 'ec2:DescribeSnapshots', 'kms:ListKeys', 'kms:ListAliases', 'rds:DescribeDBInstances'];
const operations = [
  ...listings,
  'ec2:*',
  'ec2:DescribeImages',
  'ec2:GetEbsEncryptionByDefault',
  'kms:*',
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'rds:*',
  'rds:DescribeDBSnapshotAttributes',
  'rds:DescribeDBSnapshots',
  's3:*',
  's3:GetBucketEncryption',
  's3:GetBucketPolicy',
  's3:ListBuckets',
];

/** Numbers from 0 to 1 that follow from the seed. */
function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What goes wrong in the run of a seed: one to four things. */
function faultsOf(seed: number, accounts: readonly string[]): readonly FaultRule[] {
  const random = randomOf(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const place = (): Partial<FaultRule> => ({
    ...(random() < 0.5 ? { account: pick(accounts) } : {}),
    ...(random() < 0.5 ? { region: pick(regions) } : {}),
  });
  const some = (kind: FaultKind, most: number): FaultRule => ({
    kind,
    ...place(),
    operation: pick(operations),
    probability: 0.1 + random() * most,
    seed,
  });
  const make: readonly (() => FaultRule)[] = [
    () => ({ kind: 'deny', ...place(), operation: pick(operations) }),
    () => some('deny', 0.5),
    () => ({ kind: 'deny', account: pick(accounts.slice(1)), operation: 'sts:AssumeRole' }),
    () => ({ ...some('throttle', 0.5), times: 100 }),
    () => ({ ...some('http500', 0.5), times: 60 }),
    () => ({ ...some('http503', 0.5), times: 60 }),
    () => some('reset', 0.4),
    () => ({ ...some('hang', 0.1), times: 2 }),
    () => ({ kind: 'repeatedToken', ...place(), operation: pick(listings) }),
    () => ({ kind: 'emptyAnswer', ...place(), operation: pick(operations) }),
    () => ({ ...some('htmlError', 0.5), times: 40 }),
    () => ({ kind: 'reset', region: pick(regions), operation: pick(['ec2:*', 'kms:*', 'rds:*']) }),
    () => ({ kind: 'notEnabled', region: pick(regions), operation: pick(['ec2:*', 'kms:*', 'rds:*']) }),
  ];
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(make)());
}

/** A scan of the demo's accounts in two regions, every verdict in its report. Sessions last ten seconds in odd seeds. */
async function scanned(
  seed: number | undefined,
): Promise<{ readonly report: Report; readonly exitCode: number; readonly faults: string }> {
  const world = demoWorld();
  // What the demo denies for good would hide what a fault leaves out.
  world.denials.length = 0;
  const accounts = world.accounts();
  if (seed !== undefined && seed % 2 === 1)
    for (const account of accounts) world.addRole(account, { name: 'AtrestAudit', sessionSeconds: 40 });
  const faults = seed === undefined ? [] : faultsOf(seed, accounts);
  const prepare = (estate: Estate) => {
    for (const fault of faults) estate.faults.add(fault);
  };
  const config = { version: 1, scope: { accounts, role: 'AtrestAudit' } } as const;
  const connection = { requestTimeoutMs: 4_000 };
  return scanEstate(
    world,
    { prepare, config, regions, connection, now: new Date('2026-11-23T00:00:00Z') },
    ({ report, result }) => ({
      report,
      exitCode: result.exitCode,
      faults: JSON.stringify(faults),
    }),
  );
}

let sound: Promise<Report> | undefined;

/** Runs one seed: what was readable has the verdict of a run without faults, all else is unknown and in the coverage. */
export async function checkSeed(seed: number): Promise<void> {
  sound ??= scanned(undefined).then(({ report }) => {
    expect(report.run.complete, 'the run without faults is complete').toBe(true);
    return report;
  });
  // One after the other: where the SDK finds an estate is a matter of the process.
  const expected = await sound;
  const { report, exitCode, faults } = await scanned(seed);
  const about = `seed ${String(seed)}: ${faults}`;
  const should = new Map(expected.findings.map((finding) => [nameOf(finding), finding.verdict]));
  const is = new Map(report.findings.map((finding) => [nameOf(finding), finding.verdict]));
  const wrong = [...is].filter(([name, verdict]) => verdict !== 'unknown' && should.get(name) !== verdict);
  expect(wrong, `${about}: verdicts that a run without faults does not give`).toEqual([]);
  const failed = new Set(report.scope.accounts.filter(({ state }) => state === 'failed').map(({ id }) => id));
  const lost = expected.findings.filter(
    (finding) => !is.has(nameOf(finding)) && !failed.has(finding.account) && !isListed(finding, is),
  );
  expect(lost.map(nameOf), `${about}: resources that are missing without a word`).toEqual([]);
  const newlyUnknown = report.findings.filter(
    (finding) => finding.verdict === 'unknown' && should.get(nameOf(finding)) !== 'unknown',
  );
  // A field that AWS left out of its answer is no gap: all was read that there was.
  const gaps = newlyUnknown.filter(({ missing }) => missing?.some(({ cause }) => cause !== 'absent-field'));
  if (gaps.length > 0 || failed.size > 0) {
    expect([report.run.complete, exitCode], about).toEqual([false, 3]);
    expect(report.coverage.some(({ state }) => state !== 'complete') || failed.size > 0, `${about}: the coverage shows it`).toBe(
      true,
    );
  } else if (newlyUnknown.length === 0) expect(is, about).toEqual(should);
  expect(report.errors, about).toEqual([]);
}

function nameOf({ rule, resource, account, region }: Finding): string {
  return `${rule} ${account} ${region} ${resource}`;
}

/** Whether the rule says of the whole kind that it could not be listed. */
function isListed({ rule, account, region, kind, resource }: Finding, is: ReadonlyMap<string, string>): boolean {
  const [, partition = 'aws', service = ''] = resource.split(':');
  return [region, 'global'].some((at) => {
    const name = `${rule} ${account} ${at} arn:${partition}:${service}:${at}:${account}:${kind}/*`;
    return is.get(name) === 'unknown';
  });
}
