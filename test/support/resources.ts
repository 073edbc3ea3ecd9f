import { aliasArn, keyArn } from '#model/key-reference.js';
import type { Missing } from '#model/attempt.js';
import type { Place } from '#model/place.js';
import { home, type CaseResource } from '#plugins/judge.js';
import type {
  AutomatedBackupDetails,
  BucketEncryption,
  ExportTaskDetails,
  FacetState,
  ImageDetails,
  InstanceDetails,
  KeyGrant,
  KeyMaterial,
  KeyMetadata,
  Kind,
  Kinds,
  RdsSnapshotDetails,
  SnapshotDetails,
  TemplateVersion,
  VolumeDetails,
  ClusterDetails,
} from '#model/resources/index.js';
import { recordOf } from '#model/resources/index.js';

export { home, now } from '#plugins/judge.js';
export type TestResource = CaseResource;

type FacetInput<K extends Kind> = { readonly [F in keyof Kinds[K]]?: Kinds[K][F] | Unread | Skipped };

class Unread {
  readonly missing: Partial<Missing>;
  constructor(missing: Partial<Missing>) {
    this.missing = missing;
  }
}
class Skipped {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A facet that was asked and denied, unless `missing` says otherwise. */
export function unread(missing: Partial<Missing> = {}): Unread {
  return new Unread(missing);
}

/** A facet that was not asked because it does not apply. */
export function skipped(reason: string): Skipped {
  return new Skipped(reason);
}

/** A resource with exactly the facets given; null stands for `absent`. */
export function resource<K extends Kind>(
  kind: K,
  arn: string,
  facets: FacetInput<K>,
  { name, region = home.region, account = home.account }: { name?: string; region?: string; account?: string } = {},
): TestResource {
  const states = Object.entries(facets).map(([facet, value]) => [facet, stateOf(kind, facet, value)] as const);
  const identity = { arn, name: name ?? arn.slice(arn.lastIndexOf('/') + 1), region };
  return { account, record: recordOf(kind, identity, Object.fromEntries(states)) };
}

function stateOf(kind: Kind, facet: string, value: unknown): FacetState {
  if (value instanceof Skipped) return { state: 'skipped', reason: value.reason };
  if (value === null) return { state: 'absent' };
  if (!(value instanceof Unread)) return { state: 'read', value };
  const operation = `test:${facet}`;
  return {
    state: 'unread',
    missing: { facet: `${kind}/${facet}`, operation, action: operation, code: 'AccessDenied', cause: 'denied', ...value.missing },
  };
}

export const keyId = (n: number): string => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
export const arnOfKey = (n: number, place: Partial<Place> = {}): string => keyArn({ ...home, ...place }, keyId(n));
export const arnOfAlias = (name: string, place: Partial<Place> = {}): string => aliasArn({ ...home, ...place }, name);

export function metadata(overrides: Partial<KeyMetadata> = {}): KeyMetadata {
  return {
    keyId: keyId(1),
    manager: 'CUSTOMER',
    state: 'Enabled',
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    createdAt: '2024-01-01T00:00:00.000Z',
    deletionAt: null,
    pendingDeletionWindowDays: null,
    description: '',
    multiRegion: null,
    validTo: null,
    customKeyStoreId: null,
    ...overrides,
  };
}

/** The first and only material of a key, unless overridden. */
export function material(overrides: Partial<KeyMaterial> = {}): KeyMaterial {
  return {
    id: 'a'.repeat(64),
    description: null,
    state: 'CURRENT',
    importState: null,
    validTo: null,
    rotatedAt: null,
    rotationType: null,
    ...overrides,
  };
}

/** A grant to a role of the own account, a year old at most. */
export function grant(overrides: Partial<KeyGrant> = {}): KeyGrant {
  return {
    id: 'g-1',
    operations: ['Decrypt'],
    granteePrincipal: `arn:aws:iam::${home.account}:role/app`,
    granteeServicePrincipal: null,
    retiringPrincipal: null,
    retiringServicePrincipal: null,
    issuingAccount: `arn:aws:iam::${home.account}:root`,
    createdAt: '2026-01-01T00:00:00.000Z',
    constraints: [],
    ...overrides,
  };
}

/** A customer managed, enabled, symmetric key that rotates, unless overridden. */
export function key(n: number, overrides: FacetInput<'kms.key'> & { place?: Partial<Place> } = {}): TestResource {
  const { place = {}, ...facets } = overrides;
  const at = { ...home, ...place };
  return resource(
    'kms.key',
    arnOfKey(n, at),
    {
      aliases: [`alias/key-${String(n)}`],
      metadata: metadata({ keyId: keyId(n) }),
      rotation: { enabled: true, periodDays: 365, nextAt: '2027-01-01T00:00:00.000Z', onDemandStartedAt: null },
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${at.account}:root` }, Action: 'kms:*', Resource: '*' }],
      }),
      grants: [],
      rotations: [],
      tags: {},
      ...facets,
    },
    at,
  );
}

/** An AWS managed key as the crawler records it: named by its alias, never described. */
export function awsManagedKey(n: number, service: string, place: Partial<Place> = {}): TestResource {
  const skip = skipped(`AWS managed key alias/aws/${service}`);
  return key(n, {
    aliases: [`alias/aws/${service}`],
    metadata: skip,
    rotation: skip,
    policy: skip,
    grants: skip,
    rotations: skip,
    tags: skip,
    place,
  });
}

export function volume(
  id: string,
  details: Partial<VolumeDetails> = {},
  facets: FacetInput<'ebs.volume'> = {},
  place: Partial<Place> = {},
): TestResource {
  const at = { ...home, ...place };
  return resource(
    'ebs.volume',
    `arn:aws:ec2:${at.region}:${at.account}:volume/${id}`,
    {
      details: {
        state: 'in-use',
        encrypted: true,
        kmsKeyId: arnOfKey(1, at),
        sseType: null,
        snapshotId: null,
        sourceVolumeId: null,
        createdAt: '2026-01-01T00:00:00.000Z',
        attachedTo: ['i-1'],
        ...details,
      },
      tags: {},
      ...facets,
    },
    at,
  );
}

export function snapshot(
  id: string,
  details: Partial<SnapshotDetails> = {},
  facets: FacetInput<'ebs.snapshot'> = {},
  place: Partial<Place> = {},
): TestResource {
  const at = { ...home, ...place };
  return resource(
    'ebs.snapshot',
    `arn:aws:ec2:${at.region}:${at.account}:snapshot/${id}`,
    {
      details: {
        state: 'completed',
        encrypted: true,
        kmsKeyId: arnOfKey(1, at),
        sseType: null,
        volumeId: 'vol-1',
        startedAt: '2026-01-01T00:00:00.000Z',
        description: '',
        transferType: null,
        ...details,
      },
      tags: {},
      restorableByAll: false,
      public: { public: false, seenBy: 'encrypted' },
      sharedWith: [],
      ...facets,
    },
    at,
  );
}

export function defaults(facets: FacetInput<'ebs.defaults'> = {}, place: Partial<Place> = {}): TestResource {
  const at = { ...home, ...place };
  return resource(
    'ebs.defaults',
    `arn:aws:ec2:${at.region}:${at.account}:ebs-defaults`,
    {
      encryptionByDefault: true,
      defaultKey: 'alias/aws/ebs',
      snapshotBlockPublicAccess: 'block-all-sharing',
      imageBlockPublicAccess: 'block-new-sharing',
      ...facets,
    },
    { ...at, name: `EBS defaults of ${at.region}` },
  );
}

export function image(
  id: string,
  details: Partial<ImageDetails> = {},
  facets: FacetInput<'ec2.image'> = {},
  place: Partial<Place> = {},
): TestResource {
  const at = { ...home, ...place };
  return resource(
    'ec2.image',
    `arn:aws:ec2:${at.region}:${at.account}:image/${id}`,
    {
      details: {
        state: 'available',
        public: false,
        sourceImageId: null,
        sourceImageRegion: null,
        mappings: [{ device: '/dev/xvda', snapshotId: 'snap-1', encrypted: true }],
        ...details,
      },
      tags: {},
      sharedWith: [],
      ...facets,
    },
    at,
  );
}

export function template(
  id: string,
  versions: readonly Partial<TemplateVersion>[] = [{}],
  facets: FacetInput<'ec2.launch-template'> = {},
  place: Partial<Place> = {},
): TestResource {
  const at = { ...home, ...place };
  return resource(
    'ec2.launch-template',
    `arn:aws:ec2:${at.region}:${at.account}:launch-template/${id}`,
    {
      versions: versions.map((version, index) => ({ version: index + 1, imageId: null, mappings: [], ...version })),
      tags: {},
      ...facets,
    },
    at,
  );
}

export function directoryBucket(
  name: string,
  encryption: Partial<BucketEncryption> | null = {},
  facets: FacetInput<'s3.directory-bucket'> = {},
): TestResource {
  return resource(
    's3.directory-bucket',
    `arn:aws:s3express:${home.region}:${home.account}:bucket/${name}`,
    {
      listing: { createdAt: '2025-01-01T00:00:00.000Z' },
      defaultEncryption:
        encryption === null ? null : { algorithm: 'AES256', keyId: null, bucketKey: true, blocked: null, ...encryption },
      ...facets,
    },
    { name },
  );
}

export function bucket(
  name: string,
  encryption: Partial<BucketEncryption> | null = {},
  facets: FacetInput<'s3.bucket'> = {},
  place: Partial<Place> = {},
): TestResource {
  const at = { ...home, ...place };
  return resource(
    's3.bucket',
    `arn:aws:s3:::${name}`,
    {
      listing: { createdAt: '2025-01-01T00:00:00.000Z' },
      defaultEncryption:
        encryption === null ? null : { algorithm: 'AES256', keyId: null, bucketKey: false, blocked: null, ...encryption },
      policy: null,
      logging: null,
      replication: null,
      inventory: [],
      tags: {},
      ...facets,
    },
    { ...at, name },
  );
}

/** Neither Performance Insights nor an activity stream nor a managed secret. */
const extras = {
  resourceId: 'db-1',
  performanceInsights: { enabled: false, kmsKeyId: null },
  activityStream: { status: 'stopped', kmsKeyId: null },
  masterSecret: null,
};
const storage = { engine: 'postgres', encrypted: true, encryptionType: 'sse-kms', kmsKeyId: arnOfKey(1) };

export function instance(
  id: string,
  details: Partial<InstanceDetails> = {},
  facets: FacetInput<'rds.instance'> = {},
  place: Partial<Place> = {},
): TestResource {
  const at = { ...home, ...place };
  return resource(
    'rds.instance',
    `arn:aws:rds:${at.region}:${at.account}:db:${id}`,
    {
      details: { ...storage, ...extras, status: 'available', clusterId: null, ...details },
      tags: {},
      replication: null,
      ...facets,
    },
    { ...at, name: id },
  );
}

export function cluster(
  id: string,
  details: Partial<ClusterDetails> = {},
  facets: FacetInput<'rds.cluster'> = {},
  place: Partial<Place> = {},
): TestResource {
  const at = { ...home, ...place };
  return resource(
    'rds.cluster',
    `arn:aws:rds:${at.region}:${at.account}:cluster:${id}`,
    {
      details: { ...storage, ...extras, engine: 'aurora-postgresql', status: 'available', members: [], ...details },
      tags: {},
      replication: null,
      ...facets,
    },
    { ...at, name: id },
  );
}

export function dbSnapshot(
  kind: 'rds.snapshot' | 'rds.cluster-snapshot',
  id: string,
  details: Partial<RdsSnapshotDetails> = {},
  facets: FacetInput<'rds.snapshot'> = {},
  place: Partial<Place> = {},
): TestResource {
  const at = { ...home, ...place };
  const type = kind === 'rds.snapshot' ? 'snapshot' : 'cluster-snapshot';
  return resource(
    kind,
    `arn:aws:rds:${at.region}:${at.account}:${type}:${id}`,
    {
      details: {
        ...storage,
        status: 'available',
        type: 'manual',
        createdAt: '2026-01-01T00:00:00.000Z',
        sourceRegion: null,
        sourceArn: null,
        databaseId: 'db-1',
        ...details,
      },
      tags: {},
      restore: { all: false, accounts: [] },
      ...facets,
    },
    { ...at, name: id },
  );
}

export function automatedBackup(
  id: string,
  details: Partial<AutomatedBackupDetails> = {},
  facets: FacetInput<'rds.automated-backup'> = {},
  place: Partial<Place> = {},
): TestResource {
  const at = { ...home, ...place };
  const type = details.of === 'cluster' ? 'cluster-auto-backup' : 'auto-backup';
  return resource(
    'rds.automated-backup',
    `arn:aws:rds:${at.region}:${at.account}:${type}:${id}`,
    {
      details: {
        ...storage,
        of: 'instance',
        status: 'retained',
        databaseArn: `arn:aws:rds:${at.region}:${at.account}:db:db-1`,
        resourceId: 'db-1',
        ...details,
      },
      tags: {},
      ...facets,
    },
    { ...at, name: 'db-1' },
  );
}

export function exportTask(id: string, details: Partial<ExportTaskDetails> = {}): TestResource {
  return resource(
    'rds.export-task',
    `arn:aws:rds:${home.region}:${home.account}:export-task:${id}`,
    {
      details: {
        status: 'COMPLETE',
        startedAt: '2026-11-01T00:00:00.000Z',
        kmsKeyId: arnOfKey(1),
        bucket: 'exports',
        ...details,
      },
    },
    { name: id },
  );
}

export function integration(kmsKeyId: string | null, facets: FacetInput<'rds.integration'> = {}): TestResource {
  const arn = `arn:aws:rds:${home.region}:${home.account}:integration:1`;
  return resource('rds.integration', arn, { details: { kmsKeyId }, tags: {}, ...facets }, { name: 'to-warehouse' });
}
