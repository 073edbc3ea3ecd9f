import { expect, test } from 'vitest';
import { createWorld } from '#estate/index.js';
import type { Attestation, Waiver } from '#model/waiver.js';
import { scanned } from './support.js';

const management = '111111111111';
const shop = '222222222222';
const lab = '333333333333';
const root = 'o-estate00000/r-ab12';

const waiver: Waiver = {
  rule: 'ebs/volume-encrypted',
  path: 'Root/Sandbox',
  reason: 'a sandbox',
  owner: null,
  ticket: null,
  approvedBy: null,
  expires: null,
  source: 'waivers.yaml:2:5',
};
const attestation: Attestation = {
  rule: 'ebs/volume-encrypted',
  accounts: [shop],
  result: 'pass',
  by: 'an auditor',
  on: '2026-11-20',
  evidence: null,
  reason: null,
  expires: null,
  source: 'waivers.yaml:9:5',
};

test('a waiver by the name of an OU has the names asked for; a listing that was denied can be attested, and waived but by tags', async () => {
  const world = createWorld({ seed: 4 });
  const roles = [{ name: 'Audit' }];
  const regions = ['us-east-1'];
  world.addAccount(management, { regions, management: true, path: `${root}/` });
  world.addAccount(shop, { regions, roles, path: `${root}/` });
  world.addAccount(lab, { regions, roles, path: `${root}/ou-ab12-sandboxx/` });
  world.nameUnit('ou-ab12-sandboxx', 'Sandbox');
  for (const id of world.accounts()) world.put(id, 'us-east-1', 'ebs.volume', { Encrypted: false });
  world.deny({ operation: 'ec2:DescribeVolumes', account: shop });
  const byTags: Waiver = { ...waiver, path: undefined, allTags: { env: ['*'] } };
  const { report } = await scanned(world, {
    config: { version: 1, scope: { organization: { role: 'Audit' } } },
    waivers: { waivers: [waiver, byTags], attestations: [attestation] },
  });
  const found = report.findings.filter(({ rule }) => rule === 'ebs/volume-encrypted');
  expect(
    found.map(({ account, verdict, waiver: by, attestation: said }) => [account, verdict, by?.source, said?.result]),
  ).toEqual([
    [management, 'fail', undefined, undefined],
    [shop, 'unknown', undefined, 'pass'],
    [lab, 'fail', 'waivers.yaml:2:5', undefined],
  ]);
  expect(report.waivers?.map(({ matches, use }) => [matches, use])).toEqual([
    [1, 'used'],
    // The volumes of one account could not be listed.
    [0, 'not-evaluated'],
    [1, 'used'],
  ]);
});
