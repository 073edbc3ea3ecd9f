import { z } from 'zod';
import type { Kind, Kinds, TemplateMapping, TemplateVersion } from '#model/resources/index.js';
import type { Rule } from '#model/rule.js';
import { customKeyStoreArn } from '#model/key-reference.js';
import { arnOfAlias, arnOfKey, grant, home, keyId, material, metadata, resource, type TestResource } from './resources.js';

const own = arnOfKey(1);
const root = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${home.account}:root` }, Action: 'kms:*', Resource: '*' };
const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

/** No own root, another account that may do everything, a service for whoever asks, and a role that is gone. */
const stranger = `arn:aws:iam::999999999999:root`;
const strangersPolicy = policy(
  { ...root, Principal: { AWS: [stranger, 'AROAEXAMPLEROLEID1234'] } },
  { ...root, Principal: { Service: 'sns.amazonaws.com' } },
);
const scopedPolicy = policy(
  root,
  {
    ...root,
    Principal: { Service: 'sns.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': home.account } },
  },
  {
    ...root,
    Principal: { AWS: `arn:aws:iam::${home.account}:role/app` },
    Action: 'kms:CreateGrant',
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  },
);
/** Of the sample key, whose other half lies in another region. */
const multiRegion = (role: 'PRIMARY' | 'REPLICA') => ({
  role,
  primaryArn: arnOfKey(1, { region: role === 'PRIMARY' ? home.region : 'eu-west-1' }),
  primaryRegion: role === 'PRIMARY' ? home.region : 'eu-west-1',
  replicas: [{ arn: arnOfKey(1, { region: 'eu-west-3' }), region: 'eu-west-3' }],
});

const volume = {
  state: 'in-use',
  encrypted: true,
  kmsKeyId: own,
  sseType: null,
  snapshotId: null,
  sourceVolumeId: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  attachedTo: ['i-1'],
};
const snapshot = {
  state: 'completed',
  encrypted: true,
  kmsKeyId: own,
  sseType: null,
  volumeId: 'vol-1',
  startedAt: '2026-01-01T00:00:00.000Z',
  description: '',
  transferType: null,
};
const mapping = { device: '/dev/xvda', snapshotId: 'snap-sample', encrypted: true };
const image = { state: 'available', public: false, sourceImageId: null, sourceImageRegion: 'eu-west-1', mappings: [mapping] };
const device = { device: '/dev/xvda', snapshotId: null, encrypted: null, kmsKeyId: null };
const templates = (...mappings: readonly Partial<TemplateMapping>[]): readonly TemplateVersion[] => [
  { version: 1, imageId: null, mappings: mappings.map((each) => ({ ...device, ...each })) },
];
const storage = { engine: 'postgres', encrypted: true, encryptionType: 'sse-kms', kmsKeyId: own, status: 'available' };
const database = {
  ...storage,
  resourceId: 'db-sample',
  performanceInsights: { enabled: false, kmsKeyId: null },
  activityStream: { status: 'stopped', kmsKeyId: null },
  masterSecret: null,
};
const databaseExtras = [
  { status: 'inaccessible-encryption-credentials' },
  ...[own, null].flatMap((kmsKeyId) => [
    { performanceInsights: { enabled: true, kmsKeyId } },
    { activityStream: { status: 'started', kmsKeyId } },
    { masterSecret: { kmsKeyId } },
  ]),
];
const dbSnapshot = {
  ...storage,
  type: 'manual',
  createdAt: '2026-01-01T00:00:00.000Z',
  sourceRegion: null,
  sourceArn: null,
  databaseId: 'db-1',
};
const blockKeys = [
  {},
  { encrypted: false, kmsKeyId: null },
  { kmsKeyId: arnOfAlias('alias/aws/ebs') },
  { kmsKeyId: null },
  { encrypted: null, kmsKeyId: null },
  { encrypted: false, kmsKeyId: null, sseType: 'sse-ebs' },
];
const storageKeys = [
  {},
  { encrypted: false, encryptionType: 'none', kmsKeyId: null },
  { encrypted: false, encryptionType: 'sse-rds', kmsKeyId: null },
  { kmsKeyId: arnOfAlias('alias/aws/rds') },
  { encrypted: null, encryptionType: null, kmsKeyId: null },
];
const replication = { id: 'r', enabled: true, destination: 'arn:aws:s3:::sample', account: null, kmsObjects: true, keyId: own };
const inventory = { id: 'daily', enabled: true, destination: 'arn:aws:s3:::sample', keyId: null };
const tags = [{}, { DataClass: 'confidential' }];
const publicStates = [true, false].map((value) => ({ public: value }));
const restores = [
  { all: false, accounts: [] },
  { all: true, accounts: [] },
  { all: false, accounts: ['999999999999'] },
  { all: false, accounts: [home.account] },
];
const replications = (type: 'db' | 'cluster') => [
  null,
  { by: 'read replica' as const, source: `arn:aws:rds:eu-west-1:${home.account}:${type}:sample` },
];
const backup = {
  ...storage,
  of: 'instance' as const,
  status: 'retained',
  databaseArn: `arn:aws:rds:${home.region}:${home.account}:db:sample`,
  resourceId: 'db-sample',
};
const copies = ['rds.snapshot', 'rds.cluster-snapshot'].map((kind) => ({
  sourceRegion: 'eu-west-1',
  sourceArn: `arn:aws:rds:eu-west-1:${home.account}:${kind === 'rds.snapshot' ? 'snapshot' : 'cluster-snapshot'}:sample`,
}));
const dbSnapshots = [
  ...storageKeys,
  { type: 'automated' },
  ...copies,
  ...copies.map((copy) => ({ ...copy, kmsKeyId: arnOfAlias('alias/aws/rds') })),
].map((details) => ({ ...dbSnapshot, ...details }));

type Samples = { readonly [K in Kind]: { readonly [F in keyof Kinds[K]]: readonly Kinds[K][F][] } };

/**
 * Values that every facet may have, chosen so that each changes some verdict: by them the contract tests find out
 * whether a fact that was not read could have decided otherwise. A new facet does not compile until it is here.
 */
export const samples: Samples = {
  'kms.key': {
    aliases: [['alias/app'], [], ['alias/other']],
    metadata: [
      metadata(),
      metadata({ state: 'PendingDeletion', deletionAt: '2026-12-01T00:00:00.000Z' }),
      metadata({ state: 'Disabled' }),
      metadata({ manager: 'AWS' }),
      metadata({ spec: 'RSA_2048' }),
      metadata({ origin: 'EXTERNAL' }),
      metadata({ origin: 'EXTERNAL', validTo: '2026-12-01T00:00:00.000Z' }),
      metadata({ origin: 'EXTERNAL', state: 'PendingImport' }),
      metadata({ customKeyStoreId: 'cks-sample', origin: 'AWS_CLOUDHSM' }),
      metadata({ multiRegion: multiRegion('REPLICA') }),
      metadata({ multiRegion: multiRegion('PRIMARY') }),
    ],
    rotation: [
      { enabled: true, periodDays: 365, nextAt: null, onDemandStartedAt: null },
      { enabled: true, periodDays: 730, nextAt: '2026-12-01T00:00:00.000Z', onDemandStartedAt: '2026-11-01T00:00:00.000Z' },
      { enabled: false, periodDays: null, nextAt: null, onDemandStartedAt: null },
      null,
    ],
    policy: [
      policy(root),
      policy({ ...root, Principal: '*' }),
      policy({ ...root, Principal: '*', Action: 'kms:DescribeKey' }),
      strangersPolicy,
      scopedPolicy,
      policy(root, { ...root, Principal: { Service: 'logging.s3.amazonaws.com' } }),
    ],
    grants: [
      [],
      [grant({ granteePrincipal: 'AROAEXAMPLEROLEID1234', issuingAccount: stranger })],
      [grant({ operations: ['CreateGrant', 'Decrypt'] })],
    ],
    rotations: [
      [material({ rotatedAt: '2026-11-01T00:00:00.000Z', rotationType: 'ON_DEMAND' })],
      [material({ state: 'PENDING_ROTATION', importState: 'IMPORTED' })],
      null,
    ],
    tags: [{}, { owner: 'payroll' }],
    lastUsage: [
      { usedAt: null, operation: null, trackedSince: '2026-04-01T00:00:00.000Z' },
      { usedAt: '2026-11-20T00:00:00.000Z', operation: 'Decrypt', trackedSince: '2026-04-01T00:00:00.000Z' },
      { usedAt: null, operation: null, trackedSince: '2026-11-01T00:00:00.000Z' },
    ],
  },
  'kms.alias': {
    details: [
      { target: keyId(1), updatedAt: null },
      { target: null, updatedAt: null },
    ],
  },
  'kms.custom-key-store': {
    details: [
      { state: 'FAILED', errorCode: 'NETWORK_ERRORS', type: 'AWS_CLOUDHSM' },
      { state: 'CONNECTED', errorCode: null, type: 'AWS_CLOUDHSM' },
      { state: 'CONNECTING', errorCode: null, type: 'AWS_CLOUDHSM' },
    ],
  },
  's3.directory-bucket': {
    listing: [{ createdAt: null }],
    defaultEncryption: [
      { algorithm: 'AES256', keyId: null, bucketKey: true, blocked: null },
      { algorithm: 'aws:kms', keyId: own, bucketKey: true, blocked: null },
      { algorithm: 'aws:kms', keyId: null, bucketKey: true, blocked: null },
      null,
    ],
  },
  's3.bucket': {
    listing: [{ createdAt: null }],
    defaultEncryption: [
      { algorithm: 'AES256', keyId: null, bucketKey: false, blocked: null },
      { algorithm: 'aws:kms', keyId: own, bucketKey: true, blocked: ['SSE-C'] },
      { algorithm: 'aws:kms', keyId: 'alias/app', bucketKey: false, blocked: ['NONE'] },
      { algorithm: 'aws:kms:dsse', keyId: null, bucketKey: false, blocked: null },
      { algorithm: 'aws:fsx', keyId: null, bucketKey: false, blocked: null },
      null,
    ],
    policy: [
      null,
      policy({ Effect: 'Allow', Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject', Resource: '*' }),
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: '*',
        Condition: { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } },
      }),
      policy(
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        { Effect: 'Allow', Principal: { AWS: '999999999999' }, Action: 's3:PutBucketPolicy', Resource: '*' },
      ),
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: '*',
        Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': own } },
      }),
    ],
    replication: [
      null,
      [{ ...replication, kmsObjects: false, keyId: null }],
      [replication],
      [{ ...replication, keyId: arnOfKey(1, { region: 'eu-west-1' }) }],
    ],
    inventory: [
      [],
      [{ ...inventory, encryption: null }],
      [{ ...inventory, encryption: 'SSES3' }],
      [{ ...inventory, encryption: 'SSEKMS', keyId: own }],
    ],
    objects: [['a.txt'], []],
    objectEncryption: [
      [{ key: 'a.txt', is: 'read', algorithm: 'aws:kms', keyId: own }],
      [],
      [{ key: 'a.txt', is: 'read', algorithm: 'AES256', keyId: null }],
      [{ key: 'a.txt', is: 'read', algorithm: null, keyId: null }],
      [{ key: 'a.txt', is: 'bad-request' }],
      [
        { key: 'a.txt', is: 'read', algorithm: 'AES256', keyId: null },
        { key: 'b.txt', is: 'bad-request' },
      ],
    ],
    objectsListedAgain: [true],
    logging: [null, { targetBucket: 'sample', targetPrefix: null }, { targetBucket: 'elsewhere', targetPrefix: null }],
    tags,
  },
  'ebs.volume': {
    details: [
      ...blockKeys.map((details) => ({ ...volume, ...details })),
      { ...volume, state: 'deleting' },
      { ...volume, snapshotId: 'snap-sample' },
      { ...volume, sourceVolumeId: 'vol-sample' },
    ],
    tags,
  },
  'ebs.snapshot': {
    details: [
      ...blockKeys.map((details) => ({ ...snapshot, ...details })),
      { ...snapshot, state: 'error' },
      { ...snapshot, encrypted: false, kmsKeyId: null, volumeId: 'vol-sample' },
      ...blockKeys.slice(0, 3).map((details) => ({
        ...snapshot,
        ...details,
        transferType: 'standard',
        description: '[Copied snap-sample from eu-west-1]',
      })),
    ],
    tags,
    restorableByAll: [false, true],
    public: [
      { public: false, seenBy: 'encrypted' },
      ...publicStates.map((state) => ({ ...state, seenBy: 'createVolumePermission' as const })),
    ],
    sharedWith: [[], [home.account], ['999999999999']],
  },
  'ebs.defaults': {
    encryptionByDefault: [true, false],
    defaultKey: ['alias/aws/ebs', own, 'alias/app'],
    snapshotBlockPublicAccess: ['block-all-sharing', 'block-new-sharing', 'unblocked'],
    imageBlockPublicAccess: ['block-new-sharing', 'unblocked'],
  },
  'ec2.image': {
    details: [
      image,
      { ...image, mappings: [{ ...mapping, encrypted: false }] },
      { ...image, public: true, mappings: [{ ...mapping, encrypted: null }] },
      { ...image, mappings: [] },
    ],
    tags,
    sharedWith: [[], [home.account], ['999999999999']],
  },
  'ec2.launch-template': {
    versions: [
      templates({ encrypted: true, kmsKeyId: own }),
      templates({ encrypted: false }),
      templates({ snapshotId: 'snap-sample' }, { encrypted: true, kmsKeyId: arnOfAlias('alias/aws/ebs') }),
      [{ version: 1, imageId: 'ami-sample', mappings: [{ ...device, kmsKeyId: 'alias/app' }] }],
      templates(),
    ],
    tags,
  },
  'rds.instance': {
    details: [...storageKeys, { clusterId: 'c-1' }, ...databaseExtras].map((details) => ({
      ...database,
      clusterId: null,
      ...details,
    })),
    tags,
    replication: replications('db'),
  },
  'rds.cluster': {
    details: [...storageKeys, ...databaseExtras].map((details) => ({ ...database, members: [], ...details })),
    tags,
    replication: replications('cluster'),
  },
  'rds.snapshot': { details: dbSnapshots, tags, restore: restores },
  'rds.cluster-snapshot': { details: dbSnapshots, tags, restore: restores },
  'rds.automated-backup': {
    details: [...storageKeys, { status: 'active' }].map((details) => ({ ...backup, ...details })),
    tags,
  },
  'rds.export-task': {
    details: [
      { status: 'COMPLETE', startedAt: '2026-11-01T00:00:00.000Z', kmsKeyId: own, bucket: 'exports' },
      { status: 'COMPLETE', startedAt: '2026-11-01T00:00:00.000Z', kmsKeyId: null, bucket: 'exports' },
      { status: 'FAILED', startedAt: '2026-11-01T00:00:00.000Z', kmsKeyId: own, bucket: 'exports' },
    ],
  },
  'rds.integration': { details: [{ kmsKeyId: own }, { kmsKeyId: null }], tags },
};

/** Options under which a rule that is off by default speaks at all. */
const optionsOfRules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'key/approved': { allow: [{ aliases: ['alias/app'] }, { tags: { owner: ['payroll'] } }] },
  'key/tag-match': { keys: ['owner'] },
  'kms/mrk-regions-approved': { regions: ['us-east-1'] },
  'kms/tagged': { keys: ['owner'] },
  's3/objects-match-default': { sample: 2 },
  's3/dsse': { dsseRequired: [{ tags: { DataClass: ['confidential'] } }] },
};

export function sampleOptions(rule: string): Readonly<Record<string, unknown>> | undefined {
  return optionsOfRules[rule];
}

/** A rule as a baseline with those options would set it: they take the place of its defaults. */
export function withSampleOptions(rule: Rule): Rule {
  const options = sampleOptions(rule.id);
  if (options === undefined || !(rule.options instanceof z.ZodObject)) return rule;
  return { ...rule, options: z.strictObject({ ...rule.options.shape, ...defaulted(rule.options.shape, options) }) };
}

function defaulted(shape: z.ZodRawShape, options: Readonly<Record<string, unknown>>): z.ZodRawShape {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, (shape[name] as z.ZodType).default(value as never)]),
  );
}

const arns: Readonly<Record<Kind, (region: string) => string>> = {
  'ebs.defaults': (region) => `arn:aws:ec2:${region}:${home.account}:ebs-defaults`,
  'ebs.snapshot': (region) => `arn:aws:ec2:${region}:${home.account}:snapshot/snap-sample`,
  'ebs.volume': (region) => `arn:aws:ec2:${region}:${home.account}:volume/vol-sample`,
  'ec2.launch-template': (region) => `arn:aws:ec2:${region}:${home.account}:launch-template/lt-sample`,
  'ec2.image': (region) => `arn:aws:ec2:${region}:${home.account}:image/ami-sample`,
  'kms.alias': (region) => arnOfAlias('alias/app', { region }),
  'kms.custom-key-store': (region) => customKeyStoreArn({ ...home, region }, 'cks-sample'),
  'kms.key': (region) => arnOfKey(1, { region }),
  'rds.automated-backup': (region) => `arn:aws:rds:${region}:${home.account}:auto-backup:sample`,
  'rds.export-task': (region) => `arn:aws:rds:${region}:${home.account}:export-task:sample`,
  'rds.integration': (region) => `arn:aws:rds:${region}:${home.account}:integration:sample`,
  'rds.cluster': (region) => `arn:aws:rds:${region}:${home.account}:cluster:sample`,
  'rds.cluster-snapshot': (region) => `arn:aws:rds:${region}:${home.account}:cluster-snapshot:sample`,
  'rds.instance': (region) => `arn:aws:rds:${region}:${home.account}:db:sample`,
  'rds.snapshot': (region) => `arn:aws:rds:${region}:${home.account}:snapshot:sample`,
  's3.bucket': () => 'arn:aws:s3:::sample',
  's3.directory-bucket': (region) => `arn:aws:s3express:${region}:${home.account}:bucket/sample--use1-az4--x-s3`,
};

export function sampleArn(kind: Kind, region = home.region): string {
  return arns[kind](region);
}

/** A resource of the kind with the facets given, and the first sample of every other. */
export function sampleResource(kind: Kind, facets: Readonly<Record<string, unknown>> = {}, region = home.region): TestResource {
  const first = Object.fromEntries(
    Object.entries(samples[kind]).map(([facet, values]) => [facet, (values as readonly unknown[])[0]]),
  );
  return resource(kind, sampleArn(kind, region), { ...first, ...facets } as never, { name: 'sample', region });
}

export function samplesOf(kind: Kind, facet: string): readonly unknown[] {
  const found = (samples[kind] as Readonly<Record<string, readonly unknown[]>>)[facet];
  if (found === undefined) throw new Error(`There are no samples of ${kind}/${facet}`);
  return found;
}
