import type { Finding, Report, ReportHeader, ReportSource, RuleCounts, RuleRow } from '#model/report.js';
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

const docs = 'https://docs.aws.amazon.com/kms/latest/developerguide/';
const rule = (id: string, severity: RuleRow['severity'], title: string, ...kinds: string[]): RuleRow => ({
  id,
  severity,
  title,
  kinds,
  why: 'A key that nobody looks after is a door that nobody locks.',
  source: `${docs}${id.replace('/', '-')}.html`,
  controls: { 'cis-aws-7.0': ['3.6'], 'nist-800-53-r5': ['SC-12', 'SC-28(1)'] },
  offIn: [],
});

export const fixtureRules: readonly RuleRow[] = [
  rule('ebs/default-encryption', 'high', 'New EBS volumes are encrypted by default', 'ebs.defaults'),
  rule('ebs/snapshot-encrypted', 'high', 'EBS snapshots are encrypted', 'ebs.snapshot'),
  rule('ebs/snapshot-not-public', 'critical', 'EBS snapshots are not shared with everyone', 'ebs.snapshot'),
  rule(
    'ebs/volume-cmk',
    'medium',
    'EBS volumes that hold confidential data are encrypted under a customer managed key',
    'ebs.volume',
  ),
  rule('ebs/volume-encrypted', 'high', 'EBS volumes are encrypted', 'ebs.volume'),
  rule('key/exists', 'critical', 'The key that a resource is encrypted under exists', 'ebs.volume', 'rds.instance', 's3.bucket'),
  rule(
    'key/usable',
    'critical',
    'The key that a resource is encrypted under can be used',
    'ebs.volume',
    'rds.instance',
    's3.bucket',
  ),
  rule('kms/not-pending-deletion', 'high', 'No key waits for its deletion', 'kms.key'),
  rule('kms/policy-not-public', 'critical', 'Key policies let nobody in without a binding condition', 'kms.key'),
  rule('kms/rotation-enabled', 'medium', 'Automatic rotation is on for customer managed symmetric keys', 'kms.key'),
  rule('rds/instance-encrypted', 'high', 'RDS instances are encrypted', 'rds.instance'),
  rule('rds/snapshot-encrypted', 'high', 'RDS snapshots are encrypted', 'rds.snapshot'),
  rule('s3/bucket-key', 'low', 'Buckets under SSE-KMS use a bucket key', 's3.bucket'),
  rule('s3/default-encryption-cmk', 'high', 'Buckets that hold confidential data default to a customer managed key', 's3.bucket'),
  rule('s3/sse-c-blocked', 'medium', 'Buckets refuse objects under keys that the customer provides', 's3.bucket'),
];

/** A finding as the engine makes it. */
export function finding(given: Partial<Finding> & Pick<Finding, 'id' | 'rule'>): Finding {
  return {
    verdict: 'fail',
    severity: 'high',
    baseline: 'recommended',
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

/** A finding whose fact was denied. */
export function unknownFinding(given: Partial<Finding> & Pick<Finding, 'id' | 'rule'>): Finding {
  const missing = {
    facet: 'kms.key/rotation',
    operation: 'kms:GetKeyRotationStatus',
    action: 'kms:GetKeyRotationStatus',
    code: 'AccessDeniedException',
    cause: 'denied' as const,
  };
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

/** Counts that fit the findings; passes are made up in proportion. */
export function summaryOf(findings: readonly Finding[], rules: readonly RuleRow[]): ReportHeader['summary'] {
  const byRule: Record<string, RuleCounts> = Object.fromEntries(
    rules.map(({ id }, index) => [
      id,
      {
        pass: findings.length === 0 ? 0 : 7 + ((index * 13) % 40),
        fail: 0,
        unknown: 0,
        notApplicable: (index * 7) % 19,
        error: 0,
      },
    ]),
  );
  const bySeverity = Object.fromEntries(
    severities.map((name) => [name, { fail: 0, waived: 0, unknown: 0 }]),
  ) as ReportHeader['summary']['bySeverity'];
  for (const { rule, severity, verdict } of findings) {
    if (verdict !== 'fail' && verdict !== 'unknown') continue;
    const counts = (byRule[rule] ??= { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 });
    counts[verdict] += 1;
    bySeverity[severity][verdict] += 1;
  }
  const pass = Object.values(byRule).reduce((sum, counts) => sum + counts.pass, 0);
  const fail = Object.values(byRule).reduce((sum, counts) => sum + counts.fail, 0);
  return {
    resources: 3 * findings.length,
    byRule,
    bySeverity,
    score: pass + fail === 0 ? null : pass / (pass + fail),
    waived: 0,
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
    scope: {
      accounts: [{ id: '111111111111', name: null, path: null, state: 'scanned', reason: null }],
      regions: ['eu-central-1'],
    },
    coverage: [],
    summary: summaryOf([], []),
    errors: [],
    rules: [],
    keys: [],
    frameworks: [],
    findings: [],
  };
}
