import { expect, test } from 'vitest';
import rule from '#rules/rds/snapshot-trusted-accounts.js';
import { dbSnapshot, home, skipped, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const partner = '222222222222';
const stranger = '999999999999';
const shared = (accounts: readonly string[], all = false) => ({ restore: { all, accounts } });
const known = 'the accounts of this run and those configured';
const unlisted = {
  facet: 'organization/accounts',
  operation: 'organizations:ListAccounts',
  action: 'organizations:ListAccounts',
  code: 'AccessDenied',
  cause: 'denied' as const,
};
const organisation = { id: { known: true as const, value: 'o-1' }, unlisted };

testRule(rule, {
  pass: [
    {
      name: 'an account of the run',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, shared([partner])),
      accounts: [partner],
      message: `The postgres snapshot is shared with ${partner}, all among ${known}.`,
      evidence: { Engine: 'postgres', SnapshotType: 'manual', accounts: [partner], untrusted: [] },
    },
    {
      name: 'configured accounts, the type left out',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { type: null, engine: 'docdb' }, shared([partner, '333333333333'])),
      trustedAccounts: [partner, '333333333333'],
      message: `The DocumentDB cluster snapshot is shared with ${partner}, 333333333333, all among ${known}.`,
    },
    {
      name: 'an account that was scanned, the others of the organisation unlisted',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, shared([home.account])),
      organisation,
      message: `The postgres snapshot is shared with ${home.account}, all among the accounts of the organisation and those configured.`,
    },
  ],
  fail: [
    {
      name: 'a stranger beside a trusted account',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, shared([partner, stranger])),
      trustedAccounts: [partner],
      message: `The postgres snapshot is shared with ${stranger}, not among ${known}.`,
      evidence: { accounts: [partner, stranger], untrusted: [stranger] },
    },
    {
      name: 'a stranger beside everybody',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { engine: 'neptune' }, shared([stranger], true)),
      message: `The Neptune cluster snapshot is shared with ${stranger}, not among ${known}.`,
    },
    {
      name: 'two strangers, tags unread',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, { ...shared([partner, stranger]), tags: unread() }),
      message: `The postgres snapshot is shared with ${partner}, ${stranger}, not among ${known}.`,
    },
  ],
  unknown: [
    {
      name: 'attributes denied',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, { restore: unread() }),
      missing: [{ facet: 'rds.snapshot/restore', cause: 'denied' }],
    },
    {
      name: 'the accounts of the organisation unlisted',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, shared([home.account, partner])),
      organisation,
      missing: [unlisted],
    },
  ],
  notApplicable: [
    { name: 'not shared', resource: dbSnapshot('rds.snapshot', 's-1'), reason: 'not shared' },
    {
      name: 'shared with everybody alone',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, shared([], true)),
      reason: 'shared with everybody, with no account by its id: see rds/snapshot-not-public',
    },
    {
      name: 'automated',
      resource: dbSnapshot(
        'rds.snapshot',
        'rds:s-1',
        { type: 'automated' },
        { restore: skipped('automated snapshots cannot be shared') },
      ),
      reason: 'automated snapshots cannot be shared',
    },
    {
      name: 'of AWS Backup, whatever the attribute',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { type: 'awsbackup' }, shared([stranger])),
      reason: 'awsbackup snapshots cannot be shared',
    },
  ],
});

test.each([
  ['rds.snapshot', 'postgres', 'aws rds modify-db-snapshot-attribute --region us-east-1 --db-snapshot-identifier s-1'],
  ['rds.cluster-snapshot', 'aurora-mysql', 'aws rds modify-db-cluster-snapshot-attribute'],
  ['rds.cluster-snapshot', 'neptune', 'aws neptune modify-db-cluster-snapshot-attribute'],
  ['rds.cluster-snapshot', 'docdb', 'aws docdb modify-db-cluster-snapshot-attribute'],
] as const)('the remediation of a %s of %s is its own', (kind, engine, cli) => {
  const { record, account } = dbSnapshot(kind, 's-1', { engine });
  const identity = { ...record, account, partition: 'aws' };
  expect(rule.remediation(identity, { ...identity, ...record.facets }).cli).toContain(cli);
});
