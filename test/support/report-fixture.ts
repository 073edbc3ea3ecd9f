import type { CoverageRow, Finding, KeyRow, Report, RuleRow } from '#model/report.js';
import { compareText } from '#model/place.js';
import { numbers } from './numbers.js';
import { emptyReport, finding, fixtureRules, summaryOf, unknownFinding } from './report-parts.js';

const accounts = ['111111111111', '222222222222', '333333333333'] as const;
const regions = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'] as const;
const accountNames = { '111111111111': 'payments-prod', '222222222222': 'data-platform', '333333333333': 'sandbox' } as const;

const hex = (next: () => number, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('');

const names = [
  'orders',
  'ledger',
  'card-vault',
  'exports',
  'audit-trail',
  'search-index',
  'build-cache',
  'customer-master',
  'ml-features',
  'web-assets',
];

function resourceOf(
  kind: string,
  account: string,
  region: string,
  next: () => number,
): { arn: string; name: string; region: string } {
  const name = `${names[Math.floor(next() * names.length)] ?? 'thing'}-${hex(next, 4)}`;
  switch (kind) {
    case 's3.bucket':
      return { arn: `arn:aws:s3:::${name}`, name, region };
    case 'kms.key':
      return {
        arn: `arn:aws:kms:${region}:${account}:key/${hex(next, 8)}-${hex(next, 4)}-4${hex(next, 3)}-a${hex(next, 3)}-${hex(next, 12)}`,
        name: `alias/${name}`,
        region,
      };
    case 'rds.instance':
      return { arn: `arn:aws:rds:${region}:${account}:db:${name}`, name, region };
    case 'rds.snapshot':
      return { arn: `arn:aws:rds:${region}:${account}:snapshot:${name}`, name, region };
    case 'ebs.defaults':
      return { arn: `arn:aws:ec2:${region}:${account}:ebs-defaults`, name: `EBS defaults of ${region}`, region };
    case 'ebs.snapshot':
      return { arn: `arn:aws:ec2:${region}:${account}:snapshot/snap-${hex(next, 17)}`, name: `snap of ${name}`, region };
    default:
      return { arn: `arn:aws:ec2:${region}:${account}:volume/vol-${hex(next, 17)}`, name, region };
  }
}

function findingOf(rule: RuleRow, index: number, next: () => number): Finding {
  const account = accounts[Math.floor(next() * 2.4)] ?? '111111111111';
  const region = regions[Math.floor(next() * regions.length)] ?? 'eu-central-1';
  const kind = rule.kinds[Math.floor(next() * rule.kinds.length)] ?? 'kms.key';
  const resource = resourceOf(kind, account, region, next);
  const unknown = next() < 0.18;
  const place = { account, region: resource.region, kind, resource: resource.arn, name: resource.name };
  const id = `${hex(next, 12)}${index.toString(16).padStart(4, '0')}`;
  if (unknown) return unknownFinding({ ...place, id, rule: rule.id, severity: rule.severity });
  const key = rule.id.startsWith('key/') || rule.id.includes('cmk') ? keyArn(account, resource.region, next) : null;
  return finding({
    ...place,
    id,
    rule: rule.id,
    severity: rule.severity === 'high' && next() < 0.1 ? 'medium' : rule.severity,
    message: `${resource.name} does not hold to “${rule.title}”: it is stored under what AWS gives by default.`,
    expected: rule.title.toLowerCase(),
    actual: 'encrypted under the AWS managed key aws/ebs',
    evidence: {
      encrypted: true,
      keyManager: 'AWS',
      tags: { DataClass: 'confidential', team: 'payments' },
      sizeGiB: Math.floor(next() * 900),
    },
    key: key === null ? null : { arn: key, level: 'aws-managed' },
    remediation: {
      text: 'Copy the resource to one that is encrypted under a customer managed key, switch over, then delete the old one.',
      cli: `aws ec2 copy-snapshot --region ${resource.region} --source-region ${resource.region} \\\n  --source-snapshot-id ${resource.arn.split('/').at(-1) ?? ''} --encrypted --kms-key-id alias/data`,
      terraform: 'resource "aws_ebs_volume" "this" {\n  encrypted  = true\n  kms_key_id = aws_kms_key.data.arn\n}',
    },
  });
}

const keyArn = (account: string, region: string, next: () => number): string =>
  `arn:aws:kms:${region}:${account}:key/${hex(next, 8)}-1111-4222-a333-${hex(next, 12)}`;

function coverageOf(): CoverageRow[] {
  const rows: CoverageRow[] = accounts.flatMap((account) =>
    ['s3', 'ec2', 'kms', 'rds'].flatMap((service) =>
      (service === 's3' ? ['global'] : regions).map((region) =>
        cell(account, region, service, 'complete', 'ListKeys', 12, 0, null),
      ),
    ),
  );
  const put = (row: CoverageRow): void => {
    rows[
      rows.findIndex((other) => other.account === row.account && other.region === row.region && other.service === row.service)
    ] = row;
  };
  put(cell('222222222222', 'eu-west-1', 'kms', 'denied', 'kms:ListKeys', 1, 1, 'AccessDeniedException'));
  put(cell('222222222222', 'us-east-1', 'kms', 'partial', 'kms:GetKeyRotationStatus', 41, 38, 'AccessDeniedException'));
  put(cell('111111111111', 'us-west-2', 'rds', 'unreachable', 'rds:DescribeDBInstances', 3, 3, 'TimeoutError'));
  for (const service of ['ec2', 'kms', 'rds'])
    put({
      ...cell('333333333333', 'us-west-2', service, 'skipped', '', 0, 0, null),
      reason: 'region not enabled',
      operations: [],
    });
  rows.push({
    account: '444444444444',
    region: 'global',
    service: 'sts',
    state: 'denied',
    reason: 'sts:AssumeRole: AccessDenied',
    operations: [{ operation: 'sts:AssumeRole', calls: 1, errors: 1, code: 'AccessDenied' }],
  });
  return rows;
}

function cell(
  account: string,
  region: string,
  service: string,
  state: CoverageRow['state'],
  operation: string,
  calls: number,
  errors: number,
  code: string | null,
): CoverageRow {
  const named = operation.includes(':') ? operation : `${service}:${operation}`;
  return { account, region, service, state, reason: null, operations: [{ operation: named, calls, errors, code }] };
}

function keysOf(next: () => number): KeyRow[] {
  const states = ['Enabled', 'Enabled', 'Enabled', 'Enabled', 'Disabled', 'PendingDeletion', null];
  return Array.from({ length: 14 }, (_, index) => ({
    arn: keyArn(accounts[index % 3] ?? '', regions[index % 4] ?? '', next),
    name: `alias/${names[index % names.length] ?? ''}`,
    manager: index % 5 === 0 ? 'AWS' : 'CUSTOMER',
    state: states[index % states.length] ?? null,
    dependants:
      index % 6 === 5 && index > 5
        ? {}
        : { 's3.bucket': index + 1, ...(index % 2 === 0 ? { 'rds.instance': 1 } : { 'ebs.volume': 4 * index }) },
    dependantsComplete: index % 4 !== 1,
  }));
}

/** A run of three accounts in four regions, a fourth account that could not be entered, gaps, unknowns, keys. */
export function reportFixture({ count = 200, seed = 7 }: { count?: number; seed?: number } = {}): Report {
  const next = numbers(seed);
  const findings = Array.from({ length: count }, (_, index) =>
    findingOf(fixtureRules[Math.floor(next() ** 1.4 * fixtureRules.length)] as RuleRow, index, next),
  );
  findings.sort(
    (a, b) =>
      compareText(a.account, b.account) ||
      compareText(a.region, b.region) ||
      compareText(a.resource, b.resource) ||
      compareText(a.rule, b.rule),
  );
  return {
    ...emptyReport(),
    run: {
      id: '20261122T040000Z-5f3a',
      startedAt: '2026-11-22T04:00:00.000Z',
      finishedAt: '2026-11-22T04:07:33.000Z',
      complete: false,
      baseline: { '111111111111': 'prod', '222222222222': 'prod', '333333333333': 'recommended' },
      callers: Object.fromEntries([
        ...accounts.map((id) => [id, `arn:aws:sts::${id}:assumed-role/AtrestAudit/atrest`] as const),
        ['444444444444', null] as const,
      ]),
    },
    scope: {
      accounts: [
        ...accounts.map((id) => ({
          id,
          name: accountNames[id],
          path: 'o-a1b2c3/r-root/ou-prod',
          state: 'scanned' as const,
          reason: null,
        })),
        {
          id: '444444444444',
          name: 'legacy-billing',
          path: 'o-a1b2c3/r-root/ou-legacy',
          state: 'failed' as const,
          reason: 'sts:AssumeRole on arn:aws:iam::444444444444:role/AtrestAudit was denied (AccessDenied)',
        },
      ],
      regions: [...regions],
    },
    coverage: coverageOf(),
    summary: summaryOf(findings, fixtureRules),
    rules: [...fixtureRules],
    keys: keysOf(next),
    findings,
  };
}
