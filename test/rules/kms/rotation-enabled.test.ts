import rule from '#rules/kms/rotation-enabled.js';
import { arnOfKey, awsManagedKey, key, metadata, unread } from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const off = { enabled: false, periodDays: null, nextAt: null, onDemandStartedAt: null };
const elsewhere = { region: 'eu-west-1' };
const primaryArn = arnOfKey(9, elsewhere);
const replica = metadata({ multiRegion: { role: 'REPLICA', primaryArn, primaryRegion: 'eu-west-1', replicas: [] } });

testRule(rule, {
  pass: [
    { name: 'rotation is on', resource: key(1), message: 'Automatic rotation is on.', evidence: { KeyRotationEnabled: true } },
    {
      name: 'a replica whose primary is outside the run',
      resource: key(1, { metadata: replica }),
      message: `Automatic rotation is on, set at the primary key ${primaryArn}, which is not in the run.`,
    },
  ],
  fail: [
    {
      name: 'rotation is off',
      resource: key(1, { rotation: off }),
      message: 'Automatic rotation is off.',
      evidence: { KeyRotationEnabled: false },
    },
    {
      name: 'rotation is off at a replica whose primary is outside the run',
      resource: key(1, { metadata: replica, rotation: off }),
      message: `Automatic rotation is off. It is set at the primary key ${primaryArn}, which is not in the run.`,
    },
  ],
  unknown: [
    { name: 'KeySpec absent', resource: key(1, { metadata: metadata({ spec: null }) }), missing: [{ code: 'KeySpec' }] },
    { name: 'Origin absent', resource: key(1, { metadata: metadata({ origin: null }) }), missing: [{ code: 'Origin' }] },

    {
      name: 'DescribeKey denied',
      resource: key(1, { metadata: unread() }),
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'GetKeyRotationStatus denied',
      resource: key(1, { rotation: unread() }),
      missing: [{ facet: 'kms.key/rotation', code: 'AccessDenied' }],
    },
    {
      name: 'a replica in a run whose keys in the primary region could not be listed',
      resource: key(1, { metadata: replica }),
      regions: ['eu-west-1'],
      unreadLists: [{ kind: 'kms.key', region: 'eu-west-1' }],
      missing: [{ facet: 'kms.key/*' }],
    },
  ],
  notApplicable: [
    { name: 'AWS managed, by its alias', resource: awsManagedKey(1, 'ebs'), reason: 'AWS managed key alias/aws/ebs' },
    {
      name: 'AWS managed, by DescribeKey',
      resource: key(1, { metadata: metadata({ manager: 'AWS' }) }),
      reason: 'AWS managed keys rotate by themselves',
    },
    {
      name: 'disabled',
      resource: key(1, { metadata: metadata({ state: 'Disabled' }) }),
      reason: 'a key in state Disabled is not rotated',
    },
    {
      name: 'asymmetric',
      resource: key(1, { metadata: metadata({ spec: 'RSA_2048' }) }),
      reason: 'a key of spec RSA_2048 cannot rotate by itself',
    },
    {
      name: 'imported',
      resource: key(1, { metadata: metadata({ origin: 'EXTERNAL' }) }),
      reason: 'key material of origin EXTERNAL cannot rotate by itself',
    },
    {
      name: 'AWS says unsupported',
      resource: key(1, { rotation: null }),
      reason: 'AWS says that this key cannot rotate by itself',
    },
    {
      name: 'a replica whose primary is in the run',
      resource: key(1, { metadata: replica }),
      others: [key(9, { place: elsewhere })],
      reason: `replica: rotation is set at its primary ${primaryArn}, which is in the run`,
    },
  ],
});
