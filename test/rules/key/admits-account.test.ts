import rule from '#rules/key/admits-account.js';
import { allow, deny, when, type Part } from '../../policy/support.js';
import { policyText } from '../../support/key-policies.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  bucket,
  cluster,
  dbSnapshot,
  defaults,
  grant,
  instance,
  key,
  metadata,
  snapshot,
  unread,
  volume,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const OWN = '111111111111';
const owner = '222222222222';
const elsewhere = { account: owner };
const foreign = { account: '999999999999' };
const arn = arnOfKey(1, elsewhere);
const root = allow({ Principal: { AWS: owner }, Action: 'kms:*' });
const toOwn = (Action: string, more = {}) => allow({ Principal: { AWS: `arn:aws:iam::${OWN}:root` }, Action }, more);
const ofOwner = (statements: readonly Part[], facets: Parameters<typeof key>[1] = {}): readonly TestResource[] => [
  key(1, { place: elsewhere, policy: policyText(root, ...statements), ...facets }),
];
const admitted = `The key ${arn} of account ${owner} admits account ${OWN}.`;
const refused = `The key ${arn} of account ${owner} no longer admits account ${OWN}: neither its policy nor a grant gives it kms:Decrypt or kms:CreateGrant.`;
const onKey = { kmsKeyId: arn };

testRule(rule, {
  pass: [
    {
      name: 'Decrypt by the key policy',
      resource: snapshot('snap-1', onKey),
      others: ofOwner([toOwn('kms:Decrypt')]),
      message: admitted,
      evidence: { key: arn, statements: [{ index: 1, sid: null }], grants: [] },
    },
    {
      name: 'CreateGrant for AWS resources, through EC2',
      resource: volume('vol-1', onKey),
      others: ofOwner([toOwn('kms:CreateGrant', when('Bool', 'kms:GrantIsForAWSResource', true))]),
      message: admitted,
    },
    {
      name: 'through RDS',
      resource: instance('db', onKey),
      others: ofOwner([toOwn('kms:Decrypt', when('StringEquals', 'kms:ViaService', 'rds.us-east-1.amazonaws.com'))]),
      message: admitted,
    },
    {
      name: 'a bucket whose default is an alias ARN of the other account',
      resource: bucket('b', { algorithm: 'aws:kms', keyId: arnOfAlias('alias/shared', elsewhere) }),
      others: ofOwner([toOwn('kms:*')], { aliases: ['alias/shared'] }),
      message: admitted,
    },
    {
      name: 'a grant',
      resource: volume('vol-1', onKey),
      others: ofOwner([], { grants: [grant({ id: 'g-7', operations: ['Decrypt'] }), grant({ operations: ['Encrypt'] })] }),
      message: admitted,
      evidence: { statements: [], grants: ['g-7'] },
    },
    {
      name: 'a grant to a service that the account had made',
      resource: instance('db', onKey),
      others: ofOwner([], { grants: [grant({ granteePrincipal: null, granteeServicePrincipal: 'rds.amazonaws.com' })] }),
      message: admitted,
    },
    {
      name: 'under a condition that depends on the caller',
      resource: volume('vol-1', onKey),
      others: ofOwner([toOwn('kms:Decrypt', when('StringEquals', 'aws:PrincipalTag/team', 'x'))]),
      message: `The key ${arn} of account ${owner} admits account ${OWN} under conditions, by statement 2.`,
    },
    {
      name: 'many grants, of which twenty are shown',
      resource: volume('vol-1', onKey),
      others: ofOwner([], { grants: Array.from({ length: 25 }, (_, n) => grant({ id: `g-${String(n)}` })) }),
      message: admitted,
      evidence: { grants: Array.from({ length: 20 }, (_, n) => `g-${String(n)}`) },
    },
  ],
  fail: [
    {
      name: 'the owner only',
      resource: snapshot('snap-1', onKey),
      others: ofOwner([]),
      message: refused,
      evidence: { key: arn, statements: [], grants: [] },
    },
    { name: 'describing only', resource: cluster('db', onKey), others: ofOwner([toOwn('kms:DescribeKey')]), message: refused },
    {
      name: 'through another service only',
      resource: volume('vol-1', onKey),
      others: ofOwner([toOwn('kms:Decrypt', when('StringEquals', 'kms:ViaService', 's3.us-east-1.amazonaws.com'))]),
      message: refused,
    },
    {
      name: 'taken back by a Deny',
      resource: dbSnapshot('rds.snapshot', 's', onKey),
      others: ofOwner([toOwn('kms:*'), deny({ Principal: { AWS: OWN } })]),
      message: refused,
    },
    {
      name: 'a statement on another key',
      resource: volume('vol-1', onKey),
      others: ofOwner([toOwn('kms:*', { Resource: arnOfKey(2, elsewhere) })]),
      message: refused,
    },
    {
      name: 'bound to the account that owns the key',
      resource: volume('vol-1', onKey),
      others: ofOwner([allow(when('StringEquals', 'kms:CallerAccount', '${aws:ResourceAccount}'))]),
      message: refused,
    },
    {
      name: 'a grant to another account',
      resource: volume('vol-1', onKey),
      others: ofOwner([], { grants: [grant({ granteePrincipal: `arn:aws:iam::${owner}:role/app` })] }),
      message: refused,
    },
    {
      name: 'the default key of a region',
      resource: defaults({ defaultKey: arn }),
      others: ofOwner([]),
      message: refused,
    },
  ],
  unknown: [
    {
      name: 'GetKeyPolicy denied',
      resource: volume('vol-1', onKey),
      others: ofOwner([], { policy: unread() }),
      missing: [{ facet: 'kms.key/policy', cause: 'denied' }],
    },
    {
      name: 'ListGrants denied',
      resource: volume('vol-1', onKey),
      others: ofOwner([], { grants: unread() }),
      missing: [{ facet: 'kms.key/grants', cause: 'denied' }],
    },
    {
      name: 'the policy is none',
      resource: volume('vol-1', onKey),
      others: ofOwner([], { policy: '{}' }),
      missing: [{ facet: 'kms.key/policy', cause: 'absent-field' }],
    },
    {
      name: 'DescribeKey denied',
      resource: volume('vol-1', onKey),
      others: ofOwner([], { metadata: unread() }),
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'a foreign key, naming its account',
      resource: volume('vol-1', { kmsKeyId: arnOfKey(7, foreign) }),
      followUps: [key(7, { place: foreign, metadata: unread({ operation: 'kms:DescribeKey', code: 'AccessDeniedException' }) })],
      missing: [{ facet: 'kms.key/metadata', code: 'AccessDeniedException', cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'a key outside the scope that DescribeKey shows',
      resource: volume('vol-1', { kmsKeyId: arnOfKey(7, foreign) }),
      followUps: [key(7, { place: foreign })],
      missing: [{ facet: 'kms.key/policy', cause: 'uncollected' }],
    },
    {
      name: 'AWS left out the key',
      resource: volume('vol-1', { kmsKeyId: null }),
      missing: [{ facet: 'ebs.volume/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    { name: 'the own key', resource: volume('vol-1'), others: [key(1)], reason: 'the key is of the same account' },
    {
      name: 'the own key, whose policy was not read',
      resource: volume('vol-1'),
      others: [key(1, { policy: unread() })],
      reason: 'the key is of the same account',
    },
    { name: 'AWS managed', resource: defaults(), reason: 'AWS managed keys cannot be used across accounts' },
    {
      name: 'AWS managed, as the target of its alias',
      resource: instance('db'),
      others: [awsManagedKey(1, 'rds')],
      reason: 'AWS managed keys cannot be used across accounts',
    },
    {
      name: 'the key is gone',
      resource: volume('vol-1', { kmsKeyId: arnOfKey(3, elsewhere) }),
      others: ofOwner([]),
      reason: 'the key is gone: see key/exists',
    },
    {
      name: 'unencrypted',
      resource: volume('vol-1', { encrypted: false, kmsKeyId: null }),
      reason: 'not encrypted: there is no key',
    },
    { name: 'SSE-S3', resource: bucket('b'), reason: 'SSE-S3: the key is one that AWS owns and shows nobody' },
    {
      name: 'a member of a cluster',
      resource: instance('db', { ...onKey, clusterId: 'c-1' }),
      others: ofOwner([]),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
    {
      name: 'a disabled key of the own account',
      resource: volume('vol-1'),
      others: [key(1, { metadata: metadata({ state: 'Disabled' }) })],
      reason: 'the key is of the same account',
    },
  ],
});
