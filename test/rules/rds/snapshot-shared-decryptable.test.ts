import { expect, test } from 'vitest';
import rule from '#rules/rds/snapshot-shared-decryptable.js';
import { allow, when, type Part } from '../../policy/support.js';
import { policyText } from '../../support/key-policies.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  dbSnapshot,
  grant,
  home,
  key,
  skipped,
  unread,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const partner = '222222222222';
const stranger = '999999999999';
const arn = arnOfKey(1);
const root = allow({ Principal: { AWS: `arn:aws:iam::${home.account}:root` }, Action: 'kms:*' });
const to = (account: string, Action = 'kms:Decrypt', ...more: readonly Part[]) =>
  allow({ Principal: { AWS: `arn:aws:iam::${account}:root` }, Action }, ...more);
const under = (statements: readonly Part[], facets: Parameters<typeof key>[1] = {}): readonly TestResource[] => [
  key(1, { policy: policyText(root, ...statements), ...facets }),
];
const shared = (accounts: readonly string[], all = false) => ({ restore: { all, accounts } });
const instanceOf = (...accounts: readonly string[]) => dbSnapshot('rds.snapshot', 's-1', {}, shared(accounts));
const those = 'the accounts of this run and those configured';
const unencrypted = { encrypted: false, encryptionType: 'none', kmsKeyId: null };

testRule(rule, {
  pass: [
    {
      name: 'a trusted account, through RDS',
      resource: instanceOf(partner),
      accounts: [partner],
      others: under([to(partner, 'kms:CreateGrant', when('StringEquals', 'kms:ViaService', 'rds.us-east-1.amazonaws.com'))]),
      message: `The postgres snapshot is shared with ${partner}, admitted by its key ${arn}. Trusted are ${those}.`,
      evidence: { key: arn, restore: [partner], decidedBy: [partner], statements: [{ index: 1, sid: null }] },
    },
    {
      name: 'a cluster snapshot of another engine, its type left out, by a grant',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { type: null, engine: 'docdb' }, shared([partner])),
      trustedAccounts: [partner],
      others: under([], { grants: [grant({ granteePrincipal: partner, operations: ['ReEncryptFrom'] })] }),
      message: `The DocumentDB cluster snapshot is shared with ${partner}, admitted by its key ${arn}. Trusted are ${those}.`,
    },
  ],
  fail: [
    {
      name: 'a stranger beside a trusted account and everybody',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { engine: 'aurora-mysql' }, shared([partner, stranger], true)),
      accounts: [partner],
      others: under([to(partner), to(stranger)]),
      message: `The aurora-mysql cluster snapshot is shared with ${stranger}, not trusted and yet admitted by its key ${arn}. Trusted are only ${those}.`,
      evidence: { restore: [partner, stranger], decidedBy: [stranger], statements: [{ index: 2, sid: null }] },
    },
    {
      name: 'a trusted account that may come through EC2 alone',
      resource: instanceOf(partner),
      accounts: [partner],
      others: under([to(partner, 'kms:*', when('StringEquals', 'kms:ViaService', 'ec2.us-east-1.amazonaws.com'))]),
      message: `The postgres snapshot is shared with ${partner}, not admitted by its key ${arn}: neither its policy nor a grant gives kms:Decrypt, kms:ReEncryptFrom or kms:CreateGrant. This is a broken share.`,
      severity: 'low',
    },
  ],
  unknown: [
    {
      name: 'attributes denied',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, { restore: unread() }),
      others: under([]),
      missing: [{ facet: 'rds.snapshot/restore', cause: 'denied' }],
    },
    {
      name: 'GetKeyPolicy denied',
      resource: instanceOf(partner),
      accounts: [partner],
      others: under([], { policy: unread() }),
      missing: [{ facet: 'kms.key/policy', cause: 'denied' }],
    },
    {
      name: 'ListGrants denied',
      resource: instanceOf(stranger),
      others: under([], { grants: unread() }),
      missing: [{ facet: 'kms.key/grants', cause: 'denied' }],
    },
    {
      name: 'a foreign key, naming its account',
      resource: dbSnapshot('rds.snapshot', 's-1', { kmsKeyId: arnOfKey(7, { account: stranger }) }, shared([stranger])),
      followUps: [key(7, { place: { account: stranger }, metadata: unread({ code: 'AccessDeniedException' }) })],
      missing: [{ facet: 'kms.key/metadata', cause: 'foreign', account: stranger }],
    },
    {
      name: 'AWS left out how it is encrypted',
      resource: dbSnapshot('rds.snapshot', 's-1', { encrypted: null, encryptionType: null, kmsKeyId: null }, shared([stranger])),
      missing: [{ facet: 'rds.snapshot/details', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    { name: 'not shared', resource: dbSnapshot('rds.snapshot', 's-1'), others: under([allow()]), reason: 'not shared' },
    {
      name: 'not shared, and AWS left out how it is encrypted',
      resource: dbSnapshot('rds.snapshot', 's-1', { encrypted: null, encryptionType: null, kmsKeyId: null }),
      reason: 'not shared',
    },
    {
      name: 'shared with everybody alone',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, shared([], true)),
      others: under([allow()]),
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
      name: 'unencrypted, attributes denied',
      resource: dbSnapshot('rds.snapshot', 's-1', unencrypted, { restore: unread() }),
      reason: 'not encrypted: there is no key',
    },
    {
      name: 'under a key that AWS owns',
      resource: dbSnapshot('rds.cluster-snapshot', 's-1', { ...unencrypted, encryptionType: 'sse-rds' }, shared([stranger])),
      reason: 'sse-rds: the key is one that AWS owns and shows nobody',
    },
    {
      name: 'under aws/rds, attributes denied',
      resource: dbSnapshot('rds.snapshot', 's-1', {}, { restore: unread() }),
      others: [awsManagedKey(1, 'rds')],
      reason: 'under an AWS managed key: AWS does not let it be shared',
    },
    {
      name: 'under aws/rds by alias',
      resource: dbSnapshot('rds.snapshot', 's-1', { kmsKeyId: arnOfAlias('alias/aws/rds') }, shared([stranger])),
      reason: 'under an AWS managed key: AWS does not let it be shared',
    },
    { name: 'the key is gone', resource: instanceOf(stranger), others: [key(2)], reason: 'the key is gone: see key/exists' },
  ],
});

test.each([
  ['rds.snapshot', 'postgres', 'aws rds modify-db-snapshot-attribute', 'rds describe-db-snapshots'],
  ['rds.cluster-snapshot', 'neptune', 'aws neptune modify-db-cluster-snapshot-attribute', 'rds describe-db-cluster-snapshots'],
] as const)('the remediation of a %s of %s closes the share and the key', (kind, engine, share, describe) => {
  const { record, account } = dbSnapshot(kind, 's-1', { engine });
  const identity = { ...record, account, partition: 'aws' };
  const { cli } = rule.remediation(identity, { ...identity, ...record.facets });
  expect(cli).toContain(share);
  expect(cli).toContain(`KEY=$(aws ${describe}`);
  expect(cli).toContain('aws kms put-key-policy');
});
