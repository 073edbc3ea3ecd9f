import { expect, test } from 'vitest';
import type { Report } from '#model/report.js';
import { digestOf } from '#reports/html/digest.js';
import { limits } from '#reports/html/limits.js';
import { en } from '#reports/html/texts/en.js';
import { gridRow } from '#reports/html/templates/grid.js';
import { gridOf } from '#reports/html/views/grid.js';
import { emptyReport, finding, sourceOf } from '../support/report-parts.js';

const [first, second, shut] = ['111111111111', '222222222222', '333333333333'] as const;
const account = (id: string, state: 'scanned' | 'failed') => ({
  ...{ id, name: null, path: null, state, reason: null, governedBy: null },
});
const row = (id: string, service: string, state: 'complete' | 'denied', region = 'eu-west-1') => ({
  ...{ account: id, region, service, state, reason: null, operations: [] },
});

const report: Report = {
  ...emptyReport(),
  scope: { accounts: [account(first, 'scanned'), account(second, 'scanned'), account(shut, 'failed')], regions: ['eu-west-1'] },
  coverage: [
    ...['ec2', 'kms'].map((service) => row(first, service, 'complete')),
    ...[row(second, 'ec2', 'denied'), row(second, 'kms', 'complete')],
  ],
  findings: [
    finding({ id: 'a', rule: 'ebs/volume-encrypted', account: first, kind: 'ebs.volume' }),
    finding({ id: 'b', rule: 'kms/rotation-enabled', account: first, kind: 'kms.key' }),
    finding({ id: 'c', rule: 'kms/rotation-enabled', account: second, kind: 'kms.key' }),
    finding({ id: 'd', rule: 'ec2/ami-not-public', account: first, kind: 'ec2.image' }),
  ],
};
const cells = async (given: Report): Promise<string[][]> => {
  const { rows } = gridOf(given, await digestOf(sourceOf(given).findings(), limits.findings));
  const text = rows.map((row) => gridRow(row, en)).join('');
  return [...text.matchAll(/<tr data-account.*?<\/tr>/g)].map(([line]) =>
    [...line.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '')),
  );
};

test('nothing found is a zero only where all of it was read', async () => {
  expect(await cells(report)).toEqual([
    [shut, 'not all read', 'not all read', 'not all read'],
    [first, '1 fail', '1 fail', '1 fail'],
    [second, 'not all read', 'not all read', '1 fail'],
  ]);
  const region = { ...report, coverage: [row(second, '*', 'denied')] };
  expect((await cells(region))[2]).toEqual([second, 'not all read', 'not all read', '1 fail']);
  const read = { ...report, coverage: report.coverage.map((each) => ({ ...each, state: 'complete' as const })) };
  expect((await cells(read))[2]).toEqual([second, '0', '0', '1 fail']);
});
