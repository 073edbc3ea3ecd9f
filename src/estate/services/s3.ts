import { AwsError, denied, fault } from '../errors.js';
import { sessionCredentials } from '../identity.js';
import { required, text, whole, wire } from '../operation.js';
import type { Context, Fields, Operation } from '../operation.js';
import { concat, fromArray, where } from '../paging.js';
import type { Pageable } from '../paging.js';
import type { BucketRecord } from '../world/records.js';
import { multipartOperations } from './s3-multipart.js';
import { objectOperations, type ActionName } from './s3-objects.js';

/** Above this AWS refuses to list buckets without paging. */
const UNPAGED = 10_000;

/** The bucket of a call, if the caller owns it and asks in its region. */
function bucketOf(context: Context, action: string): BucketRecord {
  const { world, caller, region } = context;
  const name = required(context, 'Bucket');
  const home = world.bucketHome(name);
  const bucket = home && (findIn(context, home, 's3.bucket', name) ?? findIn(context, home, 's3.directory-bucket', name));
  if (bucket === undefined)
    throw new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist', { detail: { BucketName: name } });
  if (bucket.BucketRegion !== region) throw elsewhere(name, bucket.BucketRegion);
  if (home?.account !== caller.account) {
    throw denied('s3', { arn: caller.arn, action, resource: bucketArn(context), reason: 'resource-policy' });
  }
  return bucket;
}

function findIn(
  { world }: Context,
  home: { account: string; region: string },
  kind: 's3.bucket' | 's3.directory-bucket',
  name: string,
): BucketRecord | undefined {
  return world.find(home.account, home.region, kind, name);
}

/** What S3 answers to a request signed for another region; HEAD too, as its header alone helps. */
function elsewhere(name: string, region: string): AwsError {
  const message =
    'The bucket you are attempting to access must be addressed using the specified endpoint. ' +
    'Please send all future requests to this endpoint.';
  return new AwsError('PermanentRedirect', 301, message, {
    detail: { Endpoint: `${name}.s3.${region}.amazonaws.com`, Bucket: name },
    headers: { 'x-amz-bucket-region': region },
  });
}

/** An operation on a bucket; of a directory bucket its action belongs to the namespace `s3express`. */
function onBucket(name: ActionName, read: (bucket: BucketRecord, context: Context) => Fields): Operation {
  const action = (context: Context) =>
    `${isDirectory(context) ? 's3express' : 's3'}:${typeof name === 'string' ? name : name(context)}`;
  return {
    action,
    run: (context) => read(bucketOf(context, action(context)), context),
    resource: ({ params }) => text(params, 'Bucket'),
    arn: bucketArn,
    owner: ({ world, params }) => world.bucketHome(text(params, 'Bucket') ?? '')?.account,
  };
}

function isDirectory({ params }: Context): boolean {
  return text(params, 'Bucket')?.endsWith('--x-s3') === true;
}

function bucketArn(context: Context): string {
  const name = text(context.params, 'Bucket') ?? '';
  return isDirectory(context) ? directoryArn(context, name) : `arn:aws:s3:::${name}`;
}

function directoryArn({ region, caller }: Context, name: string): string {
  return `arn:aws:s3express:${region}:${caller.account}:bucket/${name}`;
}

/** All buckets of the account in one list, whatever the region asked; BucketRegion only if any parameter was given. */
function listBuckets(context: Context): Fields {
  const { world, caller, params, region } = context;
  const only = text(params, 'BucketRegion');
  const paged = Object.keys(params).length > 0;
  const limit = whole(params, 'MaxBuckets') ?? UNPAGED;
  if (limit < 1 || limit > UNPAGED) throw fault('s3', 'badParameter', 'Argument max-buckets must be between 1 and 10000');
  if (only !== undefined && only !== region) {
    throw fault('s3', 'badParameter', `Argument value ${only} is not valid at the endpoint of ${region}`);
  }
  const regions = only === undefined ? world.regions(caller.account) : [only];
  const all = inOrder(concat(regions.map((name) => world.shelf(caller.account, name, 's3.bucket'))));
  if (!paged && all.size > UNPAGED)
    throw new AwsError('InvalidRequest', 400, 'The account has too many buckets to be listed without paging.');
  const prefix = text(params, 'Prefix');
  const { items, next } = context.pager.take(
    prefix === undefined ? all : where(all, (bucket) => bucket.Name.startsWith(prefix)),
    limit,
  );
  return {
    Owner: { ID: `${caller.account}estate` },
    Buckets: items.map((bucket) => entry(bucket, paged)),
    ...(next !== undefined && { ContinuationToken: next }),
    ...(prefix !== undefined && { Prefix: prefix }),
  };
}

/** By name, as AWS does, while that is affordable; beyond, in the order of the regions. */
function inOrder(source: Pageable<BucketRecord>): Pageable<BucketRecord> {
  if (source.size > UNPAGED) return source;
  const buckets = Array.from({ length: source.size }, (_, position) => source.at(position)).filter((b) => b !== undefined);
  return fromArray(buckets.sort((a, b) => (a.Name < b.Name ? -1 : 1)));
}

function entry(bucket: BucketRecord, withRegion: boolean): Fields {
  const { Name, CreationDate, BucketRegion } = bucket;
  return { Name, CreationDate, ...(withRegion && { BucketRegion, BucketArn: `arn:aws:s3:::${Name}` }) };
}

function listDirectoryBuckets(context: Context): Fields {
  const { world, caller, region, params } = context;
  const limit = whole(params, 'MaxDirectoryBuckets') ?? 1000;
  const { items, next } = context.pager.take(world.shelf(caller.account, region, 's3.directory-bucket'), limit);
  const named = items.map(({ Name, CreationDate }) => ({ Name, CreationDate, BucketArn: directoryArn(context, Name) }));
  return { Buckets: named, ...(next !== undefined && { ContinuationToken: next }) };
}

/** The SDK opens a session before it talks to a directory bucket at a custom endpoint. */
function createSession(_bucket: BucketRecord, { world, caller, now }: Context): Fields {
  const expires = now.getTime() + 300_000;
  const { accessKeyId, secretAccessKey, sessionToken } = sessionCredentials(world, {
    account: caller.account,
    role: caller.session?.role ?? 's3express',
    name: caller.session?.name ?? 'session',
    expires,
  });
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: new Date(expires),
    },
  };
}

function configured<T>(value: T | null | undefined, code: string, message: string): T {
  if (value === null || value === undefined) throw new AwsError(code, 404, message);
  return value;
}

/** AWS gives at most a hundred inventory configurations at a time, and the caller no choice. */
function listInventories(bucket: BucketRecord, context: Context): Fields {
  const { items, next } = context.pager.take(fromArray(bucket.inventory ?? []), 100);
  return {
    InventoryConfigurationList: items.map(wire),
    IsTruncated: next !== undefined,
    ...(next !== undefined && { NextContinuationToken: next }),
  };
}

/** An operation on an object: permission is asked for by the object's own ARN. */
function onObject(name: ActionName, run: (bucket: BucketRecord, context: Context) => Fields): Operation {
  return {
    ...onBucket(name, run),
    resource: ({ params }) => `${text(params, 'Bucket') ?? ''}/${text(params, 'Key') ?? ''}`,
    arn: (context) => `${bucketArn(context)}/${text(context.params, 'Key') ?? ''}`,
  };
}

export const s3: Record<string, Operation> = {
  ListBuckets: { run: listBuckets, action: 's3:ListAllMyBuckets' },
  ListDirectoryBuckets: { run: listDirectoryBuckets, action: 's3express:ListAllMyDirectoryBuckets' },
  // Only custom endpoints have the SDK open one; AWS answers questions about directory buckets without.
  CreateSession: { ...onBucket('CreateSession', createSession), free: true },
  HeadBucket: onBucket('ListBucket', ({ BucketRegion }) => ({ BucketRegion })),
  GetBucketEncryption: onBucket('GetEncryptionConfiguration', ({ encryption }) => ({
    ServerSideEncryptionConfiguration: configured(
      encryption,
      'ServerSideEncryptionConfigurationNotFoundError',
      'The server side encryption configuration was not found',
    ),
  })),
  GetBucketPolicy: onBucket('GetBucketPolicy', ({ policy }) => ({
    Policy: configured(policy, 'NoSuchBucketPolicy', 'The bucket policy does not exist'),
  })),
  GetBucketTagging: onBucket('GetBucketTagging', ({ tags }) => ({
    TagSet: configured(tags, 'NoSuchTagSet', 'The TagSet does not exist'),
  })),
  GetBucketLogging: onBucket('GetBucketLogging', ({ logging }) => ({ LoggingEnabled: logging })),
  GetBucketReplication: onBucket('GetReplicationConfiguration', ({ replication }) => ({
    ReplicationConfiguration: configured(
      replication,
      'ReplicationConfigurationNotFoundError',
      'The replication configuration was not found',
    ),
  })),
  GetObjectLockConfiguration: onBucket('GetBucketObjectLockConfiguration', ({ objectLock }) => ({
    ObjectLockConfiguration: configured(
      objectLock,
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    ),
  })),
  ...objectOperations(onObject, onBucket),
  ...multipartOperations(onObject, onBucket),
  ListBucketInventoryConfigurations: onBucket('GetInventoryConfiguration', listInventories),
};
