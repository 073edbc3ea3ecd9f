import type {
  Bucket,
  GetBucketEncryptionCommandOutput,
  HeadObjectCommandOutput,
  InventoryConfiguration,
  ListBucketInventoryConfigurationsCommandOutput,
  ListObjectsV2CommandOutput,
  ReplicationRule as SdkReplicationRule,
} from '@aws-sdk/client-s3';
import type { BucketEncryption, BucketInventory, BucketListing, ReplicationRule, SampledObject } from '#model/resources/index.js';
import { AbsentField, forService, type Part, type ServiceSpec } from '../../service.js';
import { tagsOf } from '../../tags.js';
import type * as S3 from './sdk.js';

const { source, call, callEach, pagedCall, kind } = forService<typeof S3>();

/** With a parameter ListBuckets names every bucket's region: no GetBucketLocation per bucket. */
const buckets = source({
  name: 'buckets',
  operation: 's3:ListBuckets',
  action: 's3:ListAllMyBuckets',
  pageSize: 10_000,
  request: (s3, sdk, ContinuationToken) => s3.send(new sdk.ListBucketsCommand({ MaxBuckets: 10_000, ContinuationToken })),
  items: (output) => output.Buckets,
  next: (output) => output.ContinuationToken,
});

const gone = ['NoSuchBucket'];

/** How HeadObject answers where it cannot be read without the key of SSE-C, and where there is no such object. */
const badRequest = 'HTTP 400';
const deleted = 'NotFound';

const bucket = kind<'s3.bucket', Bucket>({
  kind: 's3.bucket',
  global: true,
  sources: [buckets],
  identify: ({ Name, BucketRegion }, { partition, region }) =>
    Name === undefined
      ? undefined
      : { arn: `arn:${partition}:s3:::${Name}`, name: Name, id: Name, region: bucketRegion(BucketRegion, region) },
  facets: {
    listing: { by: 'list', project: projectListing },
    defaultEncryption: call<'s3.bucket', BucketEncryption | null, GetBucketEncryptionCommandOutput>({
      operation: 's3:GetBucketEncryption',
      action: 's3:GetEncryptionConfiguration',
      request: (s3, sdk, { id }) => s3.send(new sdk.GetBucketEncryptionCommand({ Bucket: id })),
      project: projectEncryption,
      absent: ['ServerSideEncryptionConfigurationNotFoundError'],
      gone,
    }),
    policy: call({
      operation: 's3:GetBucketPolicy',
      action: 's3:GetBucketPolicy',
      request: (s3, sdk, { id }) => s3.send(new sdk.GetBucketPolicyCommand({ Bucket: id })),
      // The policy is the answer's whole body: an empty one is no policy text.
      project: (output) => output.Policy || new AbsentField('Policy'),
      absent: ['NoSuchBucketPolicy'],
      gone,
    }),
    logging: call({
      operation: 's3:GetBucketLogging',
      action: 's3:GetBucketLogging',
      request: (s3, sdk, { id }) => s3.send(new sdk.GetBucketLoggingCommand({ Bucket: id })),
      // An answer without LoggingEnabled is how S3 says that logging is off.
      project: ({ LoggingEnabled }) =>
        LoggingEnabled?.TargetBucket === undefined
          ? null
          : { targetBucket: LoggingEnabled.TargetBucket, targetPrefix: LoggingEnabled.TargetPrefix ?? null },
      gone,
    }),
    replication: call({
      operation: 's3:GetBucketReplication',
      action: 's3:GetReplicationConfiguration',
      request: (s3, sdk, { id }) => s3.send(new sdk.GetBucketReplicationCommand({ Bucket: id })),
      project: ({ ReplicationConfiguration }) =>
        ReplicationConfiguration?.Rules?.map(projectReplication) ?? new AbsentField('ReplicationConfiguration'),
      absent: ['ReplicationConfigurationNotFoundError'],
      gone,
    }),
    inventory: pagedCall<
      's3.bucket',
      InventoryConfiguration,
      readonly BucketInventory[],
      ListBucketInventoryConfigurationsCommandOutput
    >({
      operation: 's3:ListBucketInventoryConfigurations',
      action: 's3:GetInventoryConfiguration',
      pageSize: 100,
      request: (s3, sdk, { id }, ContinuationToken) =>
        s3.send(new sdk.ListBucketInventoryConfigurationsCommand({ Bucket: id, ContinuationToken })),
      // Where there is none S3 leaves the list out, but not IsTruncated.
      items: ({ InventoryConfigurationList, IsTruncated }) =>
        InventoryConfigurationList ?? (IsTruncated === undefined ? undefined : []),
      next: (output) => output.NextContinuationToken,
      project: (configurations) => configurations.map(projectInventory),
      count: (configurations) => configurations.length,
      gone,
    }),
    objects: call<'s3.bucket', readonly string[], ListObjectsV2CommandOutput>({
      operation: 's3:ListObjectsV2',
      action: 's3:ListBucket',
      // Keys may hold characters that XML cannot.
      request: (s3, sdk, { id, sample }) =>
        s3.send(new sdk.ListObjectsV2Command({ Bucket: id, MaxKeys: sample, EncodingType: 'url' })),
      project: projectKeys,
      gone,
    }),
    objectEncryption: callEach<'s3.bucket', readonly SampledObject[], HeadObjectCommandOutput>({
      operation: 's3:HeadObject',
      action: 's3:GetObject',
      each: { of: 'objects', answers: [badRequest, deleted] },
      request: (s3, sdk, { id, item }) => s3.send(new sdk.HeadObjectCommand({ Bucket: id, Key: item })),
      project: (parts) => parts.flatMap(projectObject),
    }),
    // Errors of HEAD have no body: an expired token is a bare 400 too, and only another request tells.
    objectsListedAgain: call({
      operation: 's3:ListObjectsV2',
      action: 's3:ListBucket',
      after: ['objectEncryption'],
      settle: ({ own }) => {
        const objects = own('objectEncryption');
        if (!objects.known || objects.value.some(({ is }) => is === 'bad-request')) return undefined;
        return { skip: 'no object was answered by 400' };
      },
      request: (s3, sdk, { id }) => s3.send(new sdk.ListObjectsV2Command({ Bucket: id, MaxKeys: 1 })),
      project: () => true as const,
      gone,
    }),
    tags: call({
      operation: 's3:GetBucketTagging',
      action: 's3:GetBucketTagging',
      request: (s3, sdk, { id }) => s3.send(new sdk.GetBucketTaggingCommand({ Bucket: id })),
      project: ({ TagSet }) => (TagSet === undefined ? new AbsentField('TagSet') : tagsOf(TagSet)),
      absent: ['NoSuchTagSet'],
      gone,
    }),
  },
});

const directoryBuckets = source({
  name: 'directory buckets',
  operation: 's3:ListDirectoryBuckets',
  action: 's3express:ListAllMyDirectoryBuckets',
  pageSize: 1000,
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-Endpoints.html
  offered: {
    what: 'S3 Express One Zone',
    regions: new Set(['ap-northeast-1', 'ap-south-1', 'eu-north-1', 'eu-west-1', 'us-east-1', 'us-east-2', 'us-west-2']),
  },
  request: (s3, sdk, ContinuationToken) =>
    s3.send(new sdk.ListDirectoryBucketsCommand({ MaxDirectoryBuckets: 1000, ContinuationToken })),
  items: (output) => output.Buckets,
  next: (output) => output.ContinuationToken,
});

const directoryBucket = kind<'s3.directory-bucket', Bucket>({
  kind: 's3.directory-bucket',
  sources: [directoryBuckets],
  // Every directory bucket's name ends so. Emulators that do not know the call answer it with all other buckets.
  identify: ({ Name }, { partition, account, region }) =>
    Name?.endsWith('--x-s3') !== true
      ? undefined
      : { arn: `arn:${partition}:s3express:${region}:${account}:bucket/${Name}`, name: Name, id: Name, region },
  facets: {
    listing: { by: 'list', project: projectListing },
    defaultEncryption: call<'s3.directory-bucket', BucketEncryption | null, GetBucketEncryptionCommandOutput>({
      operation: 's3:GetBucketEncryption',
      action: 's3express:GetEncryptionConfiguration',
      request: (s3, sdk, { id }) => s3.send(new sdk.GetBucketEncryptionCommand({ Bucket: id })),
      project: projectEncryption,
      absent: ['ServerSideEncryptionConfigurationNotFoundError'],
      gone,
    }),
  },
});

function projectListing({ CreationDate }: Bucket): BucketListing {
  return { createdAt: CreationDate?.toISOString() ?? null };
}

function projectEncryption(output: GetBucketEncryptionCommandOutput): BucketEncryption | null | AbsentField {
  const rules = output.ServerSideEncryptionConfiguration?.Rules;
  if (rules === undefined) return new AbsentField('ServerSideEncryptionConfiguration');
  const [rule] = rules;
  if (rule === undefined) return null;
  return {
    algorithm: rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? null,
    keyId: rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID ?? null,
    bucketKey: rule.BucketKeyEnabled ?? false,
    blocked: rule.BlockedEncryptionTypes?.EncryptionType ?? null,
  };
}

function projectKeys({ Contents, KeyCount }: ListObjectsV2CommandOutput): readonly string[] | AbsentField {
  if (Contents === undefined && KeyCount !== 0) return new AbsentField('Contents');
  return (Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [decodeURIComponent(Key.replaceAll('+', ' '))]));
}

function projectObject(part: Part<HeadObjectCommandOutput>): readonly SampledObject[] {
  const { item: key } = part;
  if ('missing' in part) return [{ key, is: 'unread', missing: part.missing }];
  if ('code' in part) return part.code === deleted ? [] : [{ key, is: 'bad-request' }];
  const { ServerSideEncryption, SSEKMSKeyId } = part.output;
  return [{ key, is: 'read', algorithm: ServerSideEncryption ?? null, keyId: SSEKMSKeyId ?? null }];
}

function projectReplication({ ID, Status, Destination, SourceSelectionCriteria }: SdkReplicationRule): ReplicationRule {
  return {
    id: ID ?? null,
    enabled: Status === 'Enabled',
    destination: Destination?.Bucket ?? null,
    account: Destination?.Account ?? null,
    kmsObjects: SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status === 'Enabled',
    keyId: Destination?.EncryptionConfiguration?.ReplicaKmsKeyID ?? null,
  };
}

function projectInventory({ Id, IsEnabled, Destination }: InventoryConfiguration): BucketInventory {
  const { Bucket, Encryption } = Destination?.S3BucketDestination ?? {};
  return {
    id: Id ?? null,
    enabled: IsEnabled ?? false,
    destination: Bucket ?? null,
    encryption: Encryption?.SSEKMS !== undefined ? 'SSEKMS' : Encryption?.SSES3 !== undefined ? 'SSES3' : null,
    keyId: Encryption?.SSEKMS?.KeyId ?? null,
  };
}

/**
 * Old buckets carry legacy location names: "" is us-east-1 and "EU" eu-west-1.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 */
export function bucketRegion(written: string | undefined, home: string): string {
  if (written === undefined) return home;
  if (written === '') return 'us-east-1';
  return written === 'EU' ? 'eu-west-1' : written;
}

export const s3: ServiceSpec<typeof S3> = { service: 's3', sdk: () => import('./sdk.js'), kinds: [bucket, directoryBucket] };
