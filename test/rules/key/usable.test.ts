import rule from '#rules/key/usable.js';
import type { KeyMetadata } from '#model/resources/index.js';
import {
  arnOfAlias,
  arnOfKey,
  awsManagedKey,
  bucket,
  cluster,
  dbSnapshot,
  defaults,
  directoryBucket,
  instance,
  key,
  keyId,
  metadata,
  snapshot,
  unread,
  volume,
  type TestResource,
} from '../../support/resources.js';
import { testRule } from '../../support/rule-tester.js';

const foreign = { account: '999999999999' };
const elsewhere = { account: '222222222222' };
const foreignArn = arnOfKey(7, foreign);
const own = arnOfKey(1);
const usable = `The key ${own} can be used.`;
const kms = (keyId: string | null) => ({ algorithm: 'aws:kms', keyId });
const inState = (state: string, more: Partial<KeyMetadata> = {}): readonly TestResource[] => [
  key(1, { metadata: metadata({ state, ...more }) }),
];
const cannot = (why: string): string => `The key ${own} cannot be used: ${why}.`;
const multiRegion = `arn:aws:kms:us-east-1:111111111111:key/mrk-${'0'.repeat(32)}`;

testRule(rule, {
  pass: [
    { name: 'enabled', resource: volume('vol-1'), others: [key(1)], message: usable, evidence: { KeyState: 'Enabled' } },
    { name: 'updating', resource: snapshot('snap-1'), others: inState('Updating'), message: usable },
    { name: 'by key id', resource: bucket('b', kms(keyId(1))), others: [key(1)], message: usable },
    {
      name: 'by an alias with slashes',
      resource: bucket('b', kms('alias/team/app/main')),
      others: [key(1, { aliases: ['alias/team/app/main'] })],
      message: usable,
    },
    {
      name: 'by an alias ARN',
      resource: bucket('b', kms(arnOfAlias('alias/app'))),
      others: [key(1, { aliases: ['alias/app'] })],
      message: usable,
    },
    {
      name: 'a multi-Region key by its id',
      resource: bucket('b', kms(`mrk-${'0'.repeat(32)}`)),
      others: [{ ...key(1), record: { ...key(1).record, arn: multiRegion } }],
      message: `The key ${multiRegion} can be used.`,
    },
    {
      name: 'a key of another account of the run',
      resource: instance('db', { kmsKeyId: arnOfKey(1, elsewhere) }),
      others: [key(1, { place: elsewhere })],
      message: `The key ${arnOfKey(1, elsewhere)} can be used.`,
    },
    {
      name: 'a key outside the scope that DescribeKey shows',
      resource: cluster('db', { kmsKeyId: foreignArn }),
      followUps: [key(7, { place: foreign })],
      message: `The key ${foreignArn} can be used.`,
    },
    {
      name: 'aws/ebs by alias name',
      resource: defaults(),
      message: 'The AWS managed key alias/aws/ebs can be neither disabled nor deleted.',
    },
    {
      name: 'aws/s3 by alias ARN',
      resource: bucket('b', kms(arnOfAlias('alias/aws/s3'))),
      message: 'The AWS managed key alias/aws/s3 can be neither disabled nor deleted.',
    },
    {
      name: 'aws:kms without a key is aws/s3',
      resource: bucket('b', kms(null)),
      message: 'The AWS managed key alias/aws/s3 can be neither disabled nor deleted.',
    },
    {
      name: 'aws/rds as the target of its alias',
      resource: instance('db'),
      others: [awsManagedKey(1, 'rds')],
      message: 'The AWS managed key alias/aws/rds can be neither disabled nor deleted.',
    },
    {
      name: 'AWS managed by DescribeKey alone',
      resource: instance('db'),
      others: [key(1, { metadata: metadata({ manager: 'AWS' }), aliases: [] })],
      message: `The AWS managed key ${own} can be neither disabled nor deleted.`,
    },
  ],
  fail: [
    {
      name: 'a directory bucket under a disabled key',
      resource: directoryBucket('d--use1-az4--x-s3', kms(own)),
      others: inState('Disabled'),
      message: cannot('Disabled'),
    },
    {
      name: 'disabled',
      resource: snapshot('snap-1'),
      others: inState('Disabled'),
      message: cannot('Disabled'),
      evidence: { KeyState: 'Disabled' },
    },
    { name: 'without material', resource: cluster('db'), others: inState('PendingImport'), message: cannot('PendingImport') },
    {
      name: 'in an unavailable store',
      resource: dbSnapshot('rds.snapshot', 's'),
      others: inState('Unavailable'),
      message: cannot('Unavailable'),
    },
    {
      name: 'waits for deletion',
      resource: dbSnapshot('rds.cluster-snapshot', 's'),
      others: inState('PendingDeletion', { deletionAt: '2026-12-01T00:00:00.000Z' }),
      message: cannot('PendingDeletion, to be deleted on 2026-12-01'),
      severity: 'critical',
    },
    {
      name: 'waits for its replicas',
      resource: snapshot('snap-1'),
      others: inState('PendingReplicaDeletion'),
      message: cannot('PendingReplicaDeletion'),
      severity: 'critical',
    },
    {
      name: 'S3 took an asymmetric key',
      resource: bucket('b', kms(own)),
      others: inState('Enabled', { spec: 'RSA_2048' }),
      message: cannot('KeySpec RSA_2048'),
    },
    {
      name: 'the default key, though default encryption is off',
      resource: defaults({ defaultKey: own, encryptionByDefault: false }),
      others: inState('Disabled'),
      message: cannot('Disabled'),
    },
    {
      name: 'of an attached volume',
      resource: volume('vol-1', { attachedTo: ['i-1', 'i-2'] }),
      others: inState('Disabled'),
      message: `The key ${own} cannot be used: Disabled. I/O goes on until the volume is detached or i-1, i-2 stops; then it cannot be attached again.`,
    },
    {
      name: 'of a volume that is not attached',
      resource: volume('vol-1', { attachedTo: [] }),
      others: inState('Disabled'),
      message: cannot('Disabled'),
    },
  ],
  unknown: [
    {
      name: 'a foreign key, naming its account',
      resource: volume('vol-1', { kmsKeyId: foreignArn }),
      followUps: [key(7, { place: foreign, metadata: unread({ operation: 'kms:DescribeKey', code: 'NotFoundException' }) })],
      missing: [
        {
          facet: 'kms.key/metadata',
          operation: 'kms:DescribeKey',
          code: 'NotFoundException',
          cause: 'foreign',
          account: '999999999999',
        },
      ],
    },
    {
      name: 'a foreign key that nobody asked for',
      resource: volume('vol-1', { kmsKeyId: foreignArn }),
      missing: [{ facet: 'kms.key/metadata', cause: 'uncollected' }],
    },
    {
      name: 'DescribeKey denied',
      resource: volume('vol-1'),
      others: [key(1, { metadata: unread() })],
      missing: [{ facet: 'kms.key/metadata', cause: 'denied' }],
    },
    {
      name: 'ListKeys denied',
      resource: volume('vol-1'),
      unreadLists: [{ kind: 'kms.key' }],
      missing: [{ facet: 'kms.key/*', cause: 'denied' }],
    },
    {
      name: 'aliases denied',
      resource: bucket('b', kms('alias/app')),
      others: [key(1, { aliases: unread() })],
      missing: [{ facet: 'kms.key/aliases', cause: 'denied' }],
    },
    {
      name: 'GetBucketEncryption denied',
      resource: bucket('b', {}, { defaultEncryption: unread() }),
      missing: [{ facet: 's3.bucket/defaultEncryption', code: 'AccessDenied' }],
    },
    {
      name: 'creating',
      resource: volume('vol-1'),
      others: inState('Creating'),
      missing: [{ facet: 'kms.key/metadata', code: 'a settled KeyState (it says Creating)', cause: 'absent-field' }],
    },
    {
      name: 'a state that we do not know',
      resource: volume('vol-1'),
      others: inState('Hibernating'),
      missing: [{ code: 'a settled KeyState (it says Hibernating)' }],
    },
    {
      name: 'KeySpec absent',
      resource: volume('vol-1'),
      others: inState('Enabled', { spec: null }),
      missing: [{ code: 'KeySpec', cause: 'absent-field' }],
    },
    {
      name: 'encrypted, and AWS left out the key',
      resource: volume('vol-1', { kmsKeyId: null }),
      missing: [{ facet: 'ebs.volume/details', code: 'KmsKeyId', cause: 'absent-field' }],
    },
    {
      name: 'AWS left out Encrypted',
      resource: snapshot('snap-1', { encrypted: null }),
      missing: [{ code: 'Encrypted', cause: 'absent-field' }],
    },
    {
      name: 'an algorithm that we do not know',
      resource: bucket('b', { algorithm: 'aws:next' }),
      missing: [{ code: 'a known SSEAlgorithm (it says aws:next)' }],
    },
    {
      name: 'a key reference that is none',
      resource: bucket('b', kms('arn:aws:iam::111111111111:role/x')),
      missing: [{ cause: 'absent-field' }],
    },
  ],
  notApplicable: [
    { name: 'the key is gone', resource: volume('vol-1'), others: [key(2)], reason: 'the key is gone: see key/exists' },
    {
      name: 'unencrypted',
      resource: volume('vol-1', { encrypted: false, kmsKeyId: null }),
      reason: 'not encrypted: there is no key',
    },
    { name: 'SSE-S3', resource: bucket('b'), reason: 'SSE-S3: the key is one that AWS owns and shows nobody' },
    {
      name: 'sse-rds',
      resource: cluster('db', { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null }),
      reason: 'sse-rds: the key is one that AWS owns and shows nobody',
    },
    {
      name: 'sse-ebs',
      resource: volume('vol-1', { sseType: 'sse-ebs', kmsKeyId: null }),
      reason: 'sse-ebs: the key is one that AWS owns and shows nobody',
    },
    {
      name: 'aws:fsx',
      resource: bucket('b', { algorithm: 'aws:fsx' }),
      reason: "aws:fsx: the key is the file system's or vault's",
    },
    {
      name: 'a member of a cluster, whatever its key',
      resource: instance('db', { clusterId: 'c-1' }),
      others: inState('Disabled'),
      reason: 'member of the cluster c-1: judged at the cluster',
    },
    {
      name: 'a volume on its way out',
      resource: volume('vol-1', { state: 'deleting' }),
      others: inState('Disabled'),
      reason: 'the volume is deleting',
    },
    {
      name: 'a failed snapshot',
      resource: snapshot('snap-1', { state: 'error' }),
      others: inState('Disabled'),
      reason: 'the snapshot failed: it is in state error',
    },
  ],
});
