import type { ControlRow, FrameworkRow, KeyRow, LineageHop, Report, StatementRow } from '#model/report.js';
import { parseArn } from '#model/arn.js';
import { reportFixture } from './report-fixture.js';
import { unknownFinding } from './report-parts.js';

/** The fixture with all that a run can say of its keys, with a framework and with waivers. */
export function keyedReport(): Report {
  const report = reportFixture({ count: 60 });
  const keys = report.keys.map(keyInFull);
  return { ...report, keys, lineage: lineageOf(keys), frameworks, waivers };
}

function keyInFull(key: KeyRow, index: number): KeyRow {
  const { account = '', region = '' } = parseArn(key.arn) ?? {};
  const own = key.manager === 'CUSTOMER' && key.state !== null;
  return { ...key, ...usesOf(key.dependants, region, account), ...(own ? ownKey(key.state ?? '', index) : {}) };
}

/** A snapshot that is copied twice, the last time under a key that goes; and one whose source nobody sees. */
function lineageOf(keys: readonly KeyRow[]): NonNullable<Report['lineage']> {
  const hop = (resource: string, region: string, given: Partial<LineageHop> = {}): LineageHop => ({
    ...{ resource, kind: 'ebs.snapshot', account: '111111111111', region, key: null, trouble: null, unread: null },
    level: 'customer-managed',
    ...given,
  });
  const [going, other] = keys.filter(({ manager }) => manager === 'CUSTOMER');
  return {
    chains: [
      {
        hops: [
          hop('arn:aws:ec2:eu-west-1:111111111111:snapshot/snap-0aaaaaaaaaaaaaaa1', 'eu-west-1', { level: 'none' }),
          hop('arn:aws:ec2:us-east-1:111111111111:snapshot/snap-0aaaaaaaaaaaaaaa2', 'us-east-1', { key: other?.arn ?? null }),
          hop('arn:aws:ec2:us-east-1:222222222222:snapshot/snap-0aaaaaaaaaaaaaaa3', 'us-east-1', {
            account: '222222222222',
            key: going?.arn ?? null,
            trouble: 'PendingDeletion, to be deleted on 2026-12-01',
          }),
        ],
      },
      {
        hops: [
          hop('snap-0bbbbbbbbbbbbbbb1', 'eu-west-1', { account: null, level: null, unread: 'not there any more' }),
          hop('arn:aws:ec2:us-west-2:111111111111:snapshot/snap-0bbbbbbbbbbbbbbb2', 'us-west-2', { key: other?.arn ?? null }),
        ],
      },
    ],
    more: 0,
    unseen: 3,
  };
}

/** The volumes in an account that shares the key, all else where the key is. */
function usesOf(dependants: Record<string, number>, region: string, account: string): Partial<KeyRow> {
  const { 'ebs.volume': volumes, ...rest } = dependants;
  const places = [
    ...(Object.keys(rest).length === 0 ? [] : [{ account, region, dependants: rest }]),
    ...(volumes === undefined ? [] : [{ account: '222222222222', region, dependants: { 'ebs.volume': volumes } }]),
  ];
  const uses = Object.entries(dependants).map(([kind, count]) => ({
    kind,
    usage: kind === 's3.bucket' && count > 9 ? 'replica' : 'storage',
    count,
  }));
  return places.length === 0 ? {} : { uses, places };
}

function ownKey(state: string, index: number): Partial<KeyRow> {
  const missing = unknownFinding({ id: '', rule: '' }).missing ?? [];
  const [denied] = missing.map((each) => ({
    ...each,
    facet: 'kms.key/policy',
    operation: 'kms:GetKeyPolicy',
    action: 'kms:GetKeyPolicy',
  }));
  return {
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: index === 3 ? 'EXTERNAL' : 'AWS_KMS',
    ...(state === 'PendingDeletion' ? { deletionAt: '2026-12-01T10:00:00.000Z' } : {}),
    ...(index === 3 ? { materialExpiresAt: '2026-11-20T10:00:00.000Z' } : {}),
    rotation:
      state === 'Enabled'
        ? {
            enabled: index !== 2,
            periodDays: index === 2 ? null : 365,
            nextAt: index === 2 ? null : '2027-03-09T03:00:00.000Z',
            why: null,
          }
        : { enabled: false, periodDays: null, nextAt: null, why: `a key in state ${state} is not rotated` },
    ...(index % 4 === 1
      ? { missing: denied === undefined ? [] : [denied] }
      : {
          reach: {
            everyone: index === 2 ? ('public' as const) : ('no' as const),
            ownAccount: true,
            ownPrincipals: index % 3,
            others: index === 8 ? [{ as: 'account' as const, name: '999999999999' }] : [],
            othersTotal: index === 8 ? 12 : 0,
          },
        }),
    ...(index % 2 === 0 ? { grants: index } : {}),
    monthlyCost: { usd: index === 7 ? 3 : 1, why: index === 7 ? 'the key and 2 of its rotations' : 'the key' },
  };
}

const frameworks: FrameworkRow[] = [
  {
    id: 'cis-aws-7.0',
    title: 'CIS Amazon Web Services Foundations Benchmark',
    version: '7.0.0',
    complete: false,
    controls: [
      control('2.1', { rules: ['ebs/snapshot-encrypted', 'key/exists'], fail: 3, unknown: 1, pass: 9 }),
      control('2.2', { rules: ['rds/snapshot-encrypted'], unknown: 2, pass: 4 }),
      control('2.3', { rules: ['s3/bucket-key'], waived: 2, pass: 4, off: ['s3/sse-c-blocked'], covered: 'part' }),
      control('2.4', { rules: ['s3/bucket-key'], pass: 4, notCovered: ['an alarm on deletion'], covered: 'part' }),
      control('2.5', { rules: ['rds/instance-encrypted'], pass: 7 }),
      control('2.6', { rules: ['rds/instance-encrypted'] }),
      control('2.7', { covered: 'none', notCovered: ['client-side encryption'] }),
    ],
  },
];

function control(id: string, given: Partial<ControlRow>): ControlRow {
  const none = { pass: 0, fail: 0, unknown: 0, error: 0 };
  return { id, title: `what ${id} asks`, rules: [], off: [], offIn: {}, notCovered: [], covered: 'full', ...none, ...given };
}

const waivers: StatementRow[] = [
  statement('kms/rotation-enabled', '2026-11-01', 'expired', 'waivers.yaml:3:5'),
  statement('s3/*', '2026-11-30', 'expiring', 'waivers.yaml:12:5'),
  statement('ebs/volume-cmk', null, 'valid', 'waivers.yaml:20:5'),
];

function statement(rule: string, expires: string | null, state: StatementRow['state'], source: string): StatementRow {
  return {
    type: 'waiver',
    rule,
    by: 'platform',
    reason: 'moving to another key',
    expires,
    state,
    matches: 4,
    use: 'used',
    source,
  };
}
