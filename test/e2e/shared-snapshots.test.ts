import { expect, test } from 'vitest';
import { createWorld, type Estate, type World } from '#estate/index.js';
import { scanEstate, type ScanOverrides } from '../support/scan-estate.js';

const home = '111111111111';
const partner = '222222222222';
const stranger = '999999999999';
const region = 'us-east-1';
const both: ScanOverrides = { config: { version: 1, scope: { accounts: [home, partner], role: 'AtrestAudit' } } };
const rules = { ruleGlobs: ['*/snapshot-shared-decryptable'], regions: [region] };

const allow = (account: string, Action: string, Condition: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action,
  Resource: '*',
  Condition,
});
const policy = (owner: string, ...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [allow(owner, 'kms:*'), ...statements] });
const through = (service: string) => ({ StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } });

interface Scene {
  readonly world: World;
  readonly arns: Readonly<Record<string, string>>;
}

/** Snapshots of one account, most of them shared; one under a key of the other account. */
function scene(): Scene {
  const roles = [{ name: 'AtrestAudit' }];
  const world = createWorld({ seed: 7 })
    .addAccount(home, { regions: [region], roles })
    .addAccount(partner, { regions: [region], roles })
    .addAccount(stranger, { regions: [region], member: false });
  const key = (owner: string, given: object) => world.put(owner, region, 'kms.key', given).Arn;
  const lent = key(home, { policy: policy(home, allow(partner, 'kms:CreateGrant', through('ec2'))) });
  const closed = key(home, {});
  const granted = key(home, {
    grants: [{ GrantId: 'g-1', Operations: ['Decrypt'], GranteePrincipal: `arn:aws:iam::${stranger}:role/import` }],
  });
  const open = key(home, { policy: policy(home, allow(partner, 'kms:Decrypt'), allow(stranger, 'kms:Decrypt')) });
  const partners = key(partner, {
    policy: policy(partner, allow(home, 'kms:*'), allow(stranger, 'kms:*', through('rds'))),
    admits: [home],
  });
  const secret = key(partner, {});
  const disk = (KmsKeyId: string, ...sharedWith: string[]) =>
    `arn:aws:ec2:${region}:${home}:snapshot/${world.put(home, region, 'ebs.snapshot', { KmsKeyId, sharedWith }).SnapshotId}`;
  const database = (kind: 'rds.snapshot' | 'rds.cluster-snapshot', id: string, KmsKeyId: string, ...sharedWith: string[]) =>
    kind === 'rds.snapshot'
      ? world.put(home, region, kind, { DBSnapshotIdentifier: id, KmsKeyId, sharedWith }).DBSnapshotArn
      : world.put(home, region, kind, { DBClusterSnapshotIdentifier: id, KmsKeyId, sharedWith }).DBClusterSnapshotArn;
  const arns = {
    lent: disk(lent, partner),
    broken: disk(closed, partner),
    granted: disk(granted, partner, stranger),
    open: disk(open, partner, stranger),
    unshared: disk(open),
    'of partner': disk(partners, partner),
    'of a key unseen': disk(secret, partner),
    'db lent through EC2': database('rds.snapshot', 'lent', lent, partner),
    'db open': database('rds.snapshot', 'open', open, stranger),
    'cluster of partner': database('rds.cluster-snapshot', 'partners', partners, stranger),
  };
  return { world, arns };
}

/** What the rules say of each snapshot: verdict and severity. */
async function verdicts(
  { world, arns }: Scene,
  overrides: ScanOverrides & { prepare?: (estate: Estate) => void },
): Promise<{ readonly said: Readonly<Record<string, string>>; readonly exitCode: number }> {
  return scanEstate(world, { ...rules, ...overrides }, ({ verdict, result, report }) => {
    const all = Object.entries(arns).map(([name, arn]) => {
      const rule = `${arn.startsWith('arn:aws:ec2') ? 'ebs' : 'rds'}/snapshot-shared-decryptable`;
      const finding = verdict(rule, arn);
      const facets = (finding?.missing ?? []).map(({ facet, cause }) => ` ${facet} ${cause}`).join('');
      return [name, finding?.verdict === 'fail' ? finding.severity : `${finding?.verdict ?? 'none'}${facets}`] as const;
    });
    expect(report.errors).toEqual([]);
    return { said: Object.fromEntries(all), exitCode: result.exitCode };
  });
}

test('shares and keys of two accounts are judged together', async () => {
  expect(await verdicts(scene(), both)).toEqual({
    said: {
      lent: 'pass',
      broken: 'low',
      granted: 'high',
      open: 'high',
      unshared: 'not-applicable',
      'of partner': 'pass',
      'of a key unseen': 'pass',
      'db lent through EC2': 'low',
      'db open': 'high',
      'cluster of partner': 'high',
    },
    exitCode: 0,
  });
});

test('with one account in the scope its partner is a stranger, and the partner’s key foreign', async () => {
  const { said } = await verdicts(scene(), {});
  expect(said).toMatchObject({
    lent: 'high',
    broken: 'low',
    granted: 'high',
    'of partner': 'unknown kms.key/policy uncollected',
    'of a key unseen': 'unknown kms.key/metadata foreign',
    'cluster of partner': 'unknown kms.key/policy uncollected',
  });
});

test('without grants the policy decides where it can; without policies nothing does', async () => {
  const denied = (operation: string) => ({ ...both, prepare: ({ faults }: Estate) => faults.add({ kind: 'deny', operation }) });
  const noGrants = await verdicts(scene(), denied('kms:ListGrants'));
  expect(noGrants).toMatchObject({
    said: {
      lent: 'pass',
      broken: 'unknown kms.key/grants denied',
      granted: 'unknown kms.key/grants denied',
      open: 'high',
      unshared: 'not-applicable',
      'db lent through EC2': 'unknown kms.key/grants denied',
    },
    exitCode: 3,
  });
  const noPolicies = await verdicts(scene(), denied('kms:GetKeyPolicy'));
  for (const [name, said] of Object.entries(noPolicies.said))
    expect([name, said]).toEqual([name, name === 'unshared' ? 'not-applicable' : 'unknown kms.key/policy denied']);
  const noShares = await verdicts(scene(), denied('ec2:DescribeSnapshotAttribute'));
  expect(noShares.said).toMatchObject({
    unshared: 'unknown ebs.snapshot/sharedWith denied',
    open: 'unknown ebs.snapshot/sharedWith denied',
    'db open': 'high',
  });
});
