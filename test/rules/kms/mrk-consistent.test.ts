import rule from '#rules/kms/mrk-consistent.js';
import type { KeyMetadata } from '#model/resources/index.js';
import { arnOfKey, awsManagedKey, home, key, metadata, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const west = { region: 'eu-west-1' };
const [own, primary] = [arnOfKey(1), arnOfKey(1, west)];
const multiRegion = { role: 'REPLICA', primaryArn: primary, primaryRegion: 'eu-west-1', replicas: [] } as const;
const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const root = {
  Sid: 'root',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${home.account}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const use = (region: string, arn: string) => ({
  Effect: 'Allow',
  Principal: { Service: ['logs.amazonaws.com', 'sns.amazonaws.com'] },
  Action: ['kms:Decrypt', 'kms:Encrypt'],
  Resource: arn,
  Condition: { StringEquals: { 'kms:ViaService': [`ec2.${region}.amazonaws.com`, `rds.${region}.amazonaws.com`] } },
});
/** The same said in another order. */
const useReversed = (region: string, arn: string) => ({
  Resource: [arn],
  Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:Encrypt'],
  Principal: { Service: ['sns.amazonaws.com', 'logs.amazonaws.com'] },
  Effect: 'Allow',
  Condition: { StringEquals: { 'kms:ViaService': [`rds.${region}.amazonaws.com`, `ec2.${region}.amazonaws.com`] } },
});
const here = policy(root, use(home.region, own));
const there = policy(useReversed('eu-west-1', primary), { ...root, Sid: 'account' });

type Facets = NonNullable<Parameters<typeof key>[1]>;
const replica = (facets: Facets = {}, more: Partial<KeyMetadata> = {}): TestResource =>
  key(1, { policy: here, metadata: metadata({ multiRegion, ...more }), ...facets });
const at = (state: string, facets: Facets = {}): TestResource =>
  key(1, { place: west, policy: there, metadata: metadata({ state }), ...facets });
const consistent = `State and policy agree with the primary key ${primary}.`;
const policyDiffers = `The key policy differs from that of the primary key ${primary}.`;
const stateDiffers = (state: string, primaryState: string): string =>
  `The key is ${state}, its primary ${primary} is ${primaryState}.`;

testRule(rule, {
  pass: [
    {
      name: 'the same but for order, names, region and ARN',
      resource: replica(),
      others: [at('Enabled')],
      message: consistent,
      evidence: { primary, KeyState: 'Enabled', primaryKeyState: 'Enabled' },
    },
    { name: 'both disabled', resource: replica({}, { state: 'Disabled' }), others: [at('Disabled')], message: consistent },
    {
      name: 'disabled, the primary waits for its deletion',
      resource: replica({}, { state: 'Disabled' }),
      others: [at('PendingReplicaDeletion')],
      message: consistent,
    },
    { name: 'enabled, the primary is being changed', resource: replica(), others: [at('Updating')], message: consistent },
    {
      name: 'waits for deletion, the primary is enabled',
      resource: replica({}, { state: 'PendingDeletion' }),
      others: [at('Enabled')],
      message: consistent,
    },
    { name: 'a primary that the run did not list', resource: replica(), followUps: [at('Enabled')], message: consistent },
  ],
  fail: [
    {
      name: 'the state decides, though no policy was read',
      resource: replica({ policy: unread() }),
      others: [at('Disabled', { policy: unread() })],
      message: stateDiffers('Enabled', 'Disabled'),
    },
    {
      name: 'one more statement',
      resource: replica({ policy: policy(root, use(home.region, own), { ...root, Action: 'kms:Decrypt' }) }),
      others: [at('Enabled')],
      message: policyDiffers,
      severity: 'low',
    },
    ...Object.entries({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      NotPrincipal: { AWS: '*' },
      Action: 'kms:Encrypt',
      NotAction: 'kms:*',
      Resource: 'x',
      Condition: { Null: { 'aws:x': 'true' } },
    }).map(([element, value]) => ({
      name: `another ${element}`,
      resource: replica({ policy: policy({ ...without(root, element), [element]: value }) }),
      others: [at('Enabled', { policy: policy(root) })],
      message: policyDiffers,
      severity: 'low' as const,
    })),
    {
      name: 'another version',
      resource: replica({ policy: policy(root) }),
      others: [at('Enabled', { policy: JSON.stringify({ Version: '2008-10-17', Statement: [root] }) })],
      message: policyDiffers,
      severity: 'low',
    },
    {
      name: 'of one region at both',
      resource: replica({ policy: policy(use(home.region, own)) }),
      others: [at('Enabled', { policy: policy(use(home.region, own)) })],
      message: policyDiffers,
      severity: 'low',
    },
    {
      name: 'of a primary that the run did not list',
      resource: replica(),
      followUps: [at('Enabled', { policy: policy(root) })],
      message: policyDiffers,
      severity: 'low',
    },
    ...['Disabled', 'Unavailable', 'PendingImport'].flatMap((state) => [
      {
        name: `${state} here`,
        resource: replica({}, { state }),
        others: [at('Enabled')],
        message: stateDiffers(state, 'Enabled'),
        evidence: { KeyState: state, primaryKeyState: 'Enabled' },
      },
      { name: `${state} at the primary`, resource: replica(), others: [at(state)], message: stateDiffers('Enabled', state) },
    ]),
  ],
  unknown: [
    { name: 'DescribeKey denied here', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
    {
      name: 'DescribeKey denied there',
      resource: replica(),
      others: [at('Enabled', { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata' }],
    },
    {
      name: 'GetKeyPolicy denied here',
      resource: replica({ policy: unread() }),
      others: [at('Enabled')],
      missing: [{ facet: 'kms.key/policy', cause: 'denied' }],
    },
    {
      name: 'GetKeyPolicy denied there',
      resource: replica(),
      others: [at('Enabled', { policy: unread() })],
      missing: [{ facet: 'kms.key/policy', cause: 'denied' }],
    },
    {
      name: 'no policy that we can read',
      resource: replica({ policy: 'x' }),
      others: [at('Enabled')],
      missing: [{ facet: 'kms.key/policy', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out the primary',
      resource: replica({}, { multiRegion: { ...multiRegion, primaryArn: null } }),
      missing: [{ code: 'PrimaryKey' }],
    },
    {
      name: 'a primary of another account, which AWS does not make',
      resource: replica({}, { multiRegion: { ...multiRegion, primaryArn: arnOfKey(1, { account: '999999999999' }) } }),
      followUps: [key(1, { place: { account: '999999999999' }, metadata: unread() })],
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'a primary that AWS manages, which AWS does not make',
      resource: replica(),
      others: [at('Enabled', { metadata: metadata({ manager: 'AWS' }) })],
      missing: [{ code: 'PrimaryKey' }],
    },
  ],
  notApplicable: [
    { name: 'single-Region', resource: key(1), reason: 'a single-Region key' },
    { name: 'a primary', resource: replica({}, { multiRegion: { ...multiRegion, role: 'PRIMARY' } }), reason: 'not a replica' },
    { name: 'being made', resource: replica({}, { state: 'Creating' }), reason: 'the key is in state Creating' },
    { name: 'being changed', resource: replica({}, { state: 'Updating' }), reason: 'the key is in state Updating' },
    {
      name: 'the primary is gone',
      resource: replica(),
      regions: ['eu-west-1'],
      reason: 'the primary is gone: see kms/mrk-primary-reachable',
    },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
  ],
});

/** NotPrincipal and NotAction take the place of what they negate. */
function without(statement: Readonly<Record<string, unknown>>, element: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(statement).filter(([name]) => `Not${name}` !== element));
}
