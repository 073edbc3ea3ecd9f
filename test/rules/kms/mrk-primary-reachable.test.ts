import rule from '#rules/kms/mrk-primary-reachable.js';
import type { KeyMetadata } from '#model/resources/index.js';
import { arnOfKey, awsManagedKey, key, metadata, unread, type TestResource } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const west = { region: 'eu-west-1' };
const primary = arnOfKey(1, west);
const multiRegion = { role: 'REPLICA', primaryArn: primary, primaryRegion: 'eu-west-1', replicas: [] } as const;
const replica = (more: Partial<KeyMetadata> = {}): TestResource => key(1, { metadata: metadata({ multiRegion, ...more }) });
const at = (state: string): TestResource => key(1, { place: west, metadata: metadata({ state }) });
const there = (state: string): string => `The primary key ${primary} is there (KeyState ${state}).`;

testRule(rule, {
  pass: [
    {
      name: 'enabled',
      resource: replica(),
      others: [at('Enabled')],
      message: there('Enabled'),
      evidence: { primary, KeyState: 'Enabled' },
    },
    { name: 'disabled', resource: replica({ state: 'Disabled' }), others: [at('Disabled')], message: there('Disabled') },
    {
      name: 'described in a region that the run did not list',
      resource: replica(),
      followUps: [at('Enabled')],
      message: there('Enabled'),
    },
  ],
  fail: [
    {
      name: 'waits for the end of its replicas',
      resource: replica(),
      others: [at('PendingReplicaDeletion')],
      message: `The primary key ${primary} waits for its deletion until its replicas are gone.`,
      evidence: { KeyState: 'PendingReplicaDeletion' },
    },
    {
      name: 'the same in a region that the run did not list',
      resource: replica(),
      followUps: [at('PendingReplicaDeletion')],
      message: `The primary key ${primary} waits for its deletion until its replicas are gone.`,
    },
    {
      name: 'not listed in its region',
      resource: replica(),
      regions: ['eu-west-1'],
      message: `The primary key ${primary} does not exist: not in the complete kms:ListKeys.`,
      evidence: { seenBy: 'not in the complete kms:ListKeys' },
    },
    {
      name: 'NotFoundException',
      resource: replica(),
      followUps: [key(1, { place: west, metadata: unread({ code: 'NotFoundException', cause: 'foreign' }) })],
      message: `The primary key ${primary} does not exist: kms:DescribeKey answered NotFoundException.`,
    },
  ],
  unknown: [
    { name: 'DescribeKey denied here', resource: key(1, { metadata: unread() }), missing: [{ facet: 'kms.key/metadata' }] },
    {
      name: 'DescribeKey denied there',
      resource: replica(),
      followUps: [key(1, { place: west, metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'its region not listed to its end',
      resource: replica(),
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'kms.key', region: 'eu-west-1' }],
      missing: [{ facet: 'kms.key/*' }],
    },
    {
      name: 'AWS left out the primary',
      resource: replica({ multiRegion: { ...multiRegion, primaryArn: null } }),
      missing: [{ facet: 'kms.key/metadata', operation: 'kms:DescribeKey', code: 'PrimaryKey', cause: 'absent-field' }],
    },
    {
      name: 'a primary of another account, which AWS does not make',
      resource: replica({ multiRegion: { ...multiRegion, primaryArn: arnOfKey(1, { account: '999999999999' }) } }),
      followUps: [key(1, { place: { account: '999999999999' }, metadata: unread() })],
      missing: [{ cause: 'foreign', account: '999999999999' }],
    },
    {
      name: 'a primary that AWS manages, which AWS does not make',
      resource: replica(),
      others: [key(1, { place: west, metadata: metadata({ manager: 'AWS' }) })],
      missing: [{ code: 'PrimaryKey' }],
    },
  ],
  notApplicable: [
    { name: 'single-Region', resource: key(1), reason: 'a single-Region key' },
    { name: 'a primary', resource: replica({ multiRegion: { ...multiRegion, role: 'PRIMARY' } }), reason: 'not a replica' },
    { name: 'its primary is being changed', resource: replica({ state: 'Updating' }), reason: 'the key is in state Updating' },
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: replica({ manager: 'AWS' }),
      reason: 'AWS managed keys stay in their region',
    },
  ],
});
