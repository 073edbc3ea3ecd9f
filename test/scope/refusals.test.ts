import { describe, expect, test } from 'vitest';
import { summaryText } from '#cli/summary.js';
import { createWorld, type Estate, type World } from '#estate/index.js';
import type { CoverageRow, Finding, ReportHeader } from '#model/report.js';
import { scanned } from './support.js';

const own = '111111111111';
const shop = '222222222222';
const regions = ['ap-south-1', 'eu-west-1', 'us-east-1'];
const rules = ['ebs/volume-encrypted', 'kms/rotation-enabled', 'rds/instance-encrypted'];

function world(): World {
  const made = createWorld({ seed: 8 });
  for (const id of [own, shop]) {
    made.addAccount(id, { regions, roles: [{ name: 'Audit' }] });
    for (const region of regions) made.put(id, region, 'ebs.volume', { Encrypted: false });
  }
  return made;
}

const request = { config: { version: 1 as const, scope: { accounts: [own, shop], role: 'Audit' } }, ruleGlobs: rules };

const rowsOf = (rows: readonly CoverageRow[], account: string, region: string) =>
  rows
    .filter((row) => row.account === account && row.region === region)
    .map(({ service, state, reason, operations }) => ({ service, state, reason, operations: operations.length }));

const inRegion = (kind: 'deny' | 'notEnabled', operation: readonly string[]) => (estate: Estate) => {
  estate.faults.add({ kind, account: shop, region: 'ap-south-1', operation, reason: 'service-control-policy' });
};

const missingText = (missing: Finding['missing']) =>
  (missing ?? []).map(({ action, code, cause }) => `${String(action)} ${String(code)} ${cause}`).join(', ');

const summary = (report: ReportHeader) => summaryText({ header: report, exitCode: 3, files: {}, resume: null });

describe('a region that is refused as a whole', () => {
  test.each([
    [
      'by a service control policy',
      'deny',
      'a service control policy denies it',
      ['UnauthorizedOperation', 'AccessDeniedException', 'AccessDenied'],
    ],
    [
      'as if it were not enabled',
      'notEnabled',
      'the region does not accept the credentials, as if the account had not enabled it',
      ['AuthFailure', 'UnrecognizedClientException', 'InvalidClientTokenId'],
    ],
  ] as const)(
    '%s is one note, a gap of that region alone, and each unknown says what is missing',
    async (_, kind, reason, codes) => {
      const { report, exitCode } = await scanned(world(), request, inRegion(kind, ['ec2:*', 'kms:*', 'rds:*']));
      expect(rowsOf(report.coverage, shop, 'ap-south-1')).toEqual([{ service: '*', state: 'denied', reason, operations: 0 }]);
      expect(report.coverage.filter(({ state }) => state !== 'complete')).toHaveLength(1);
      expect(exitCode).toBe(3);
      const unknowns = report.findings.filter(({ verdict }) => verdict === 'unknown');
      const said = unknowns.map(({ account, region, rule, missing }) => `${account}/${region} ${rule} ${missingText(missing)}`);
      expect(said).toEqual([
        `${shop}/ap-south-1 ebs/volume-encrypted ec2:DescribeVolumes ${codes[0]} denied`,
        `${shop}/ap-south-1 kms/rotation-enabled kms:ListKeys ${codes[1]} denied`,
        `${shop}/ap-south-1 rds/instance-encrypted rds:DescribeDBInstances ${codes[2]} denied`,
      ]);
      expect(report.findings.filter(({ verdict }) => verdict === 'fail')).toHaveLength(5);
      expect(summary(report)).toContain(`  ${shop}/ap-south-1/* denied (${reason})\n`);
    },
  );

  test('but for one service keeps a row for each that is refused, and one line in the summary', async () => {
    const { report } = await scanned(world(), request, inRegion('deny', ['kms:*', 'rds:*']));
    const reason = 'a service control policy denies it';
    expect(rowsOf(report.coverage, shop, 'ap-south-1')).toEqual([
      { service: 'ec2', state: 'complete', reason: null, operations: 1 },
      { service: 'kms', state: 'denied', reason, operations: 0 },
      { service: 'rds', state: 'denied', reason, operations: 0 },
    ]);
    expect(summary(report)).toContain(`  ${shop}/ap-south-1/kms,rds denied (${reason})\n`);
  });

  test('by the role’s own policy is said operation by operation', async () => {
    const { report } = await scanned(world(), request, ({ faults }) => {
      faults.add({ kind: 'deny', account: shop, region: 'ap-south-1', operation: ['ec2:DescribeV*', 'kms:*', 'rds:*'] });
    });
    expect(rowsOf(report.coverage, shop, 'ap-south-1').map(({ service, operations }) => [service, operations > 0])).toEqual([
      ['ec2', true],
      ['kms', true],
      ['rds', true],
    ]);
  });
});
