import { expect, test } from 'vitest';
import type { RunDocument } from '#inventory/run-folder.js';
import type { ReportHeader } from '#model/report.js';
import { settledBy, type Subject } from '#push-settled.js';
import { emptyReport, fixtureRules } from '../support/report-parts.js';

const [A, B] = ['111111111111', '222222222222'] as const;
const [US, EU] = ['us-east-1', 'eu-west-1'] as const;

function header(given: Partial<ReportHeader> = {}): ReportHeader {
  const row = (account: string, region: string, service: string, state: 'complete' | 'partial' = 'complete') => ({
    ...{ account, region, service, state },
    ...{ reason: null, operations: [] },
  });
  const rules = fixtureRules.map((rule) => (rule.id === 'kms/rotation-enabled' ? { ...rule, offIn: [A] } : rule));
  const coverage = [row(A, US, 'ec2'), row(A, US, 'kms'), row(A, EU, 'ec2', 'partial'), row(A, 'global', 's3')];
  return { ...emptyReport(), rules, coverage, ...given };
}

const run = { accounts: [{ id: A, regions: [US] }] } as unknown as RunDocument;
const volume = { rule: 'ebs/volume-encrypted', kind: 'ebs.volume', resource: 'arn:…:volume/vol-1', account: A, region: US };
const bucket = { ...volume, rule: 's3/bucket-key', kind: 's3.bucket', resource: 'arn:aws:s3:::b' };

test.each<readonly [string, Subject, boolean]>([
  ['read completely', volume, true],
  ['read in part', { ...volume, region: EU }, false],
  ['a region that was not read', { ...volume, region: 'us-west-2' }, false],
  ['an account that was not read', { ...volume, account: B }, false],
  ['a service that was not read', { ...volume, rule: 'rds/instance-encrypted', kind: 'rds.instance' }, false],
  ['a rule that was not on', { ...volume, rule: 'ebs/volume' }, false],
  ['a rule that was off in the account', { ...volume, rule: 'kms/rotation-enabled', kind: 'kms.key' }, false],
  ['a kind that nobody knows', { ...volume, kind: 'ebs.platter' }, false],
  ['a bucket of a region that was asked for', bucket, true],
  ['a bucket of one that was not', { ...bucket, region: EU }, false],
  ['the list of buckets, which is of no region', { ...bucket, region: EU, resource: `arn:aws:s3:global:${A}:s3.bucket/*` }, true],
])('%s', (_, subject, settled) => {
  expect(settledBy(header(), run)(subject)).toBe(settled);
});

test('a rule that threw somewhere says nothing of what it does not find', () => {
  const errors = [{ rule: volume.rule, resource: 'arn:…:volume/vol-2', message: 'x' }];
  expect(settledBy(header({ errors }), run)(volume)).toBe(false);
});
