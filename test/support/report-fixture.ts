import type { CoverageRow, Finding, KeyRow, Report, ReportHeader, ReportSource, RuleCounts, RuleRow } from '#model/report.js';
import { compareText } from '#model/place.js';
import { severities } from '#model/severity.js';

/** A source that yields the report's findings as often as it is asked. */
export function sourceOf({ findings, ...header }: Report): ReportSource {
  return {
    header,
    async *findings() {
      await Promise.resolve();
      yield* findings;
    },
  };
}

/** All that a format writes, as one text. */
export async function rendered(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

const accounts = ['111111111111', '222222222222', '333333333333'] as const;
const regions = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'] as const;
const accountNames = { '111111111111': 'payments-prod', '222222222222': 'data-platform', '333333333333': 'sandbox' } as const;

const docs = 'https://docs.aws.amazon.com/kms/latest/developerguide/';
const rule = (id: string, severity: RuleRow['severity'], title: string, ...kinds: string[]): RuleRow => ({
  id,
  severity,
  title,
  kinds,
  source: `${docs}${id.replace('/', '-')}.html`,
  controls: { 'cis-aws-7.0': ['3.6'], 'nist-800-53-r5': ['SC-12', 'SC-28(1)'] },
});

export const fixtureRules: readonly RuleRow[] = [
  rule('ebs/default-encryption', 'high', 'New EBS volumes are encrypted by default', 'ebs.defaults'),
  rule('ebs/snapshot-encrypted', 'high', 'EBS snapshots are encrypted', 'ebs.snapshot'),
  rule('ebs/snapshot-not-public', 'critical', 'EBS snapshots are not shared with everyone', 'ebs.snapshot'),
  rule('ebs/volume-cmk', 'medium', 'EBS volumes that hold confidential data are encrypted under a customer managed key', 'ebs.volume'),
  rule('ebs/volume-encrypted', 'high', 'EBS volumes are encrypted', 'ebs.volume'),
  rule('key/exists', 'critical', 'The key that a resource is encrypted under exists', 'ebs.volume', 'rds.instance', 's3.bucket'),
  rule('key/usable', 'critical', 'The key that a resource is encrypted under can be used', 'ebs.volume', 'rds.instance', 's3.bucket'),
  rule('kms/not-pending-deletion', 'high', 'No key waits for its deletion', 'kms.key'),
  rule('kms/policy-not-public', 'critical', 'Key policies let nobody in without a binding condition', 'kms.key'),
  rule('kms/rotation-enabled', 'medium', 'Automatic rotation is on for customer managed symmetric keys', 'kms.key'),
  rule('rds/instance-encrypted', 'high', 'RDS instances are encrypted', 'rds.instance'),
  rule('rds/snapshot-encrypted', 'high', 'RDS snapshots are encrypted', 'rds.snapshot'),
  rule('s3/bucket-key', 'low', 'Buckets under SSE-KMS use a bucket key', 's3.bucket'),
  rule('s3/default-encryption-cmk', 'high', 'Buckets that hold confidential data default to a customer managed key', 's3.bucket'),
  rule('s3/sse-c-blocked', 'medium', 'Buckets refuse objects under keys that the customer provides', 's3.bucket'),
];

/** Numbers in [0, 1) that are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const hex = (next: () => number, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('');

const names = ['orders', 'ledger', 'card-vault', 'exports', 'audit-trail', 'search-index', 'build-cache', 'customer-master', 'ml-features', 'web-assets'];

function resourceOf(kind: string, account: string, region: string, next: () => number): { arn: string; name: string; region: string } {
  const name = `${names[Math.floor(next() * names.length)] ?? 'thing'}-${hex(next, 4)}`;
  switch (kind) {
    case 's3.bucket':
      return { arn: `arn:aws:s3:::${name}`, name, region };
    case 'kms.key':
      return { arn: `arn:aws:kms:${region}:${account}:key/${hex(next, 8)}-${hex(next, 4)}-4${hex(next, 3)}-a${hex(next, 3)}-${hex(next, 12)}`, name: `alias/${name}`, region };
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

/** A finding as the engine makes it. */
export function finding(given: Partial<Finding> & Pick<Finding, 'id' | 'rule'>): Finding {
  return {
    verdict: 'fail',
    severity: 'high',
    account: '111111111111',
    region: 'eu-central-1',
    kind: 'ebs.volume',
    resource: 'arn:aws:ec2:eu-central-1:111111111111:volume/vol-0a',
    name: 'orders',
    message: 'Volume orders is not encrypted.',
    expected: 'encrypted',
    actual: 'not encrypted',
    evidence: { encrypted: false },
    key: null,
    waiver: null,
    attestation: null,
    missing: null,
    remediation: { text: 'Encrypt it.', cli: null, terraform: null },
    ...given,
  };
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
    evidence: { encrypted: true, keyManager: 'AWS', tags: { DataClass: 'confidential', team: 'payments' }, sizeGiB: Math.floor(next() * 900) },
    key: key === null ? null : { arn: key, level: 'aws-managed' },
    remediation: {
      text: 'Copy the resource to one that is encrypted under a customer managed key, switch over, then delete the old one.',
      cli: `aws ec2 copy-snapshot --region ${resource.region} --source-region ${resource.region} \\\n  --source-snapshot-id ${resource.arn.split('/').at(-1) ?? ''} --encrypted --kms-key-id alias/data`,
      terraform: 'resource "aws_ebs_volume" "this" {\n  encrypted  = true\n  kms_key_id = aws_kms_key.data.arn\n}',
    },
  });
}

function unknownFinding(given: Partial<Finding> & Pick<Finding, 'id' | 'rule'>): Finding {
  const missing = { facet: 'kms.key/rotation', operation: 'kms:GetKeyRotationStatus', action: 'kms:GetKeyRotationStatus', code: 'AccessDeniedException', cause: 'denied' as const };
  return finding({
    ...given,
    verdict: 'unknown',
    message: 'kms:GetKeyRotationStatus was denied (AccessDeniedException); it needs kms:GetKeyRotationStatus.',
    expected: null,
    actual: null,
    evidence: {},
    missing: [missing],
    remediation: null,
  });
}

const keyArn = (account: string, region: string, next: () => number): string => `arn:aws:kms:${region}:${account}:key/${hex(next, 8)}-1111-4222-a333-${hex(next, 12)}`;

function coverageOf(): CoverageRow[] {
  const rows: CoverageRow[] = accounts.flatMap((account) =>
    ['s3', 'ec2', 'kms', 'rds'].flatMap((service) =>
      (service === 's3' ? ['global'] : regions).map((region) => cell(account, region, service, 'complete', 'ListKeys', 12, 0, null)),
    ),
  );
  const put = (row: CoverageRow): void => {
    rows[rows.findIndex((other) => other.account === row.account && other.region === row.region && other.service === row.service)] = row;
  };
  put(cell('222222222222', 'eu-west-1', 'kms', 'denied', 'kms:ListKeys', 1, 1, 'AccessDeniedException'));
  put(cell('222222222222', 'us-east-1', 'kms', 'partial', 'kms:GetKeyRotationStatus', 41, 38, 'AccessDeniedException'));
  put(cell('111111111111', 'us-west-2', 'rds', 'unreachable', 'rds:DescribeDBInstances', 3, 3, 'TimeoutError'));
  for (const service of ['ec2', 'kms', 'rds']) put({ ...cell('333333333333', 'us-west-2', service, 'skipped', '', 0, 0, null), reason: 'region not enabled', operations: [] });
  rows.push({ account: '444444444444', region: 'global', service: 'sts', state: 'denied', reason: 'sts:AssumeRole: AccessDenied', operations: [{ operation: 'sts:AssumeRole', calls: 1, errors: 1, code: 'AccessDenied' }] });
  return rows;
}

function cell(account: string, region: string, service: string, state: CoverageRow['state'], operation: string, calls: number, errors: number, code: string | null): CoverageRow {
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
    dependants: index % 6 === 5 && index > 5 ? {} : { 's3.bucket': index + 1, ...(index % 2 === 0 ? { 'rds.instance': 1 } : { 'ebs.volume': 4 * index }) },
    dependantsComplete: index % 4 !== 1,
  }));
}

/** Counts that fit the findings; passes are made up in proportion. */
export function summaryOf(findings: readonly Finding[], rules: readonly RuleRow[]): ReportHeader['summary'] {
  const byRule: Record<string, RuleCounts> = Object.fromEntries(
    rules.map(({ id }, index) => [id, { pass: findings.length === 0 ? 0 : 7 + ((index * 13) % 40), fail: 0, unknown: 0, notApplicable: (index * 7) % 19, error: 0 }]),
  );
  const bySeverity = Object.fromEntries(severities.map((name) => [name, { fail: 0, waived: 0, unknown: 0 }])) as ReportHeader['summary']['bySeverity'];
  for (const { rule, severity, verdict } of findings) {
    if (verdict !== 'fail' && verdict !== 'unknown') continue;
    const counts = (byRule[rule] ??= { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 });
    counts[verdict] += 1;
    bySeverity[severity][verdict] += 1;
  }
  const pass = Object.values(byRule).reduce((sum, counts) => sum + counts.pass, 0);
  const fail = Object.values(byRule).reduce((sum, counts) => sum + counts.fail, 0);
  return { resources: 3 * findings.length, byRule, bySeverity, score: pass + fail === 0 ? null : pass / (pass + fail), waived: 0 };
}

/** A run of three accounts in four regions, a fourth account that could not be entered, gaps, unknowns, keys. */
export function reportFixture({ count = 200, seed = 7 }: { count?: number; seed?: number } = {}): Report {
  const next = numbers(seed);
  const findings = Array.from({ length: count }, (_, index) => findingOf(fixtureRules[Math.floor(next() ** 1.4 * fixtureRules.length)] as RuleRow, index, next));
  findings.sort((a, b) => compareText(a.account, b.account) || compareText(a.region, b.region) || compareText(a.resource, b.resource) || compareText(a.rule, b.rule));
  return {
    ...emptyReport(),
    run: {
      id: '20261122T040000Z-5f3a',
      startedAt: '2026-11-22T04:00:00.000Z',
      finishedAt: '2026-11-22T04:07:33.000Z',
      complete: false,
      baseline: { '111111111111': 'prod', '222222222222': 'prod', '333333333333': 'recommended' },
      callers: Object.fromEntries([...accounts.map((id) => [id, `arn:aws:sts::${id}:assumed-role/AtrestAudit/atrest`] as const), ['444444444444', null] as const]),
    },
    scope: {
      accounts: [
        ...accounts.map((id) => ({ id, name: accountNames[id], path: 'o-a1b2c3/r-root/ou-prod', state: 'scanned' as const, reason: null })),
        { id: '444444444444', name: 'legacy-billing', path: 'o-a1b2c3/r-root/ou-legacy', state: 'failed' as const, reason: 'sts:AssumeRole on arn:aws:iam::444444444444:role/AtrestAudit was denied (AccessDenied)' },
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

/** A complete run over one account that holds nothing. */
export function emptyReport(): Report {
  return {
    schemaVersion: '1.0',
    tool: { name: 'atrest', version: '0.1.0' },
    run: {
      id: '20261122T040000Z-0000',
      startedAt: '2026-11-22T04:00:00.000Z',
      finishedAt: '2026-11-22T04:00:09.000Z',
      complete: true,
      baseline: { '111111111111': 'recommended' },
      callers: { '111111111111': 'arn:aws:iam::111111111111:user/auditor' },
    },
    scope: { accounts: [{ id: '111111111111', name: null, path: null, state: 'scanned', reason: null }], regions: ['eu-central-1'] },
    coverage: [],
    summary: summaryOf([], []),
    errors: [],
    rules: [],
    keys: [],
    findings: [],
  };
}

/** A run in which every call was denied. */
export function unknownReport(): Report {
  const report = reportFixture({ count: 30 });
  const findings = report.findings.map(({ id, rule, severity, account, region, kind, resource, name }) =>
    unknownFinding({ id, rule, severity, account, region, kind, resource, name }),
  );
  const summary = summaryOf(findings, report.rules);
  for (const counts of Object.values(summary.byRule)) counts.pass = 0;
  const coverage = report.coverage.map((row) => ({ ...row, state: 'denied' as const }));
  return { ...report, coverage, findings, summary: { ...summary, score: null } };
}

/** A run in which everything that was judged passed. */
export function cleanReport(): Report {
  const report = reportFixture({ count: 1 });
  const coverage = report.coverage.filter(({ account }) => account !== '444444444444').map((row) => (row.state === 'skipped' ? row : { ...row, state: 'complete' as const, operations: [] }));
  const byRule = Object.fromEntries(fixtureRules.map(({ id }) => [id, { pass: 12, fail: 0, unknown: 0, notApplicable: 3, error: 0 }]));
  return {
    ...report,
    run: { ...report.run, complete: true },
    scope: { ...report.scope, accounts: report.scope.accounts.slice(0, 3) },
    coverage,
    summary: { ...summaryOf([], []), byRule, resources: 311, score: 1 },
    findings: [],
  };
}

/** A report with the given texts wherever a name, tag, reason or message from outside may stand. */
export function hostileReport(texts: readonly string[]): Report {
  let turn = 0;
  const text = (): string => texts[turn++ % texts.length] ?? '';
  const report = reportFixture({ count: 24, seed: 3 });
  const findings = report.findings.map((plain) => ({
    ...plain,
    kind: text(),
    resource: `arn:aws:s3:::${text()}`,
    name: text(),
    message: text(),
    expected: text(),
    actual: text(),
    evidence: { [text()]: text(), nested: { [text()]: [text()] } },
    key: { arn: text(), level: null },
    missing: [{ facet: text(), operation: text(), action: text(), code: text(), cause: 'denied' as const }],
    remediation: { text: text(), cli: text(), terraform: text() },
  }));
  return {
    ...report,
    tool: { name: 'atrest', version: text() },
    run: { ...report.run, id: text(), startedAt: text(), baseline: { '111111111111': text() }, callers: { '111111111111': text() } },
    scope: {
      accounts: report.scope.accounts.map((account) => ({ ...account, name: text(), path: text(), reason: account.reason === null ? null : text() })),
      regions: [...report.scope.regions, text()],
    },
    coverage: report.coverage.map((row) => ({ ...row, reason: text(), operations: row.operations.map((operation) => ({ ...operation, operation: text(), code: text() })) })),
    errors: [{ rule: text(), resource: text(), message: text() }],
    rules: report.rules.map((row) => ({ ...row, title: text(), kinds: [text()], source: text(), controls: { [text()]: [text()] } })),
    keys: report.keys.map((key) => ({ ...key, arn: text(), name: text(), manager: text(), state: text(), dependants: { [text()]: 2 } })),
    findings,
  };
}
