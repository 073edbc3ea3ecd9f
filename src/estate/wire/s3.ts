import type { Fields } from '../operation.js';

interface S3Message {
  method: string;
  host: string;
  url: URL;
  signedFor: string | undefined;
}

/** Bucket sub-resources that the estate knows by name; others are reported under the name they ask for. */
const subresources: Record<string, string> = {
  encryption: 'GetBucketEncryption',
  policy: 'GetBucketPolicy',
  tagging: 'GetBucketTagging',
  logging: 'GetBucketLogging',
  replication: 'GetBucketReplication',
  inventory: 'ListBucketInventoryConfigurations',
  session: 'CreateSession',
  location: 'GetBucketLocation',
  versioning: 'GetBucketVersioning',
  acl: 'GetBucketAcl',
};

const queryNames: Record<string, string> = {
  'max-buckets': 'MaxBuckets',
  'bucket-region': 'BucketRegion',
  prefix: 'Prefix',
  'continuation-token': 'ContinuationToken',
  'max-directory-buckets': 'MaxDirectoryBuckets',
  'max-keys': 'MaxKeys',
  'encoding-type': 'EncodingType',
};

export function readS3(message: S3Message): { operation: string; params: Fields } {
  const { bucket, key } = address(message.host, message.url.pathname);
  const query = message.url.searchParams;
  const params: Fields = bucket === undefined ? {} : { Bucket: bucket };
  if (key !== '') params['Key'] = decodeURIComponent(key);
  for (const [name, member] of Object.entries(queryNames)) {
    const value = query.get(name);
    if (value !== null) params[member] = name.startsWith('max-') ? Number(value) : value;
  }
  return { operation: operationOf(message, bucket, key), params };
}

function operationOf({ method, url, signedFor }: S3Message, bucket: string | undefined, key: string): string {
  const query = url.searchParams;
  if (bucket === undefined) {
    const directory = query.has('max-directory-buckets') || query.get('x-id') === 'ListDirectoryBuckets';
    return directory || signedFor === 's3express' ? 'ListDirectoryBuckets' : 'ListBuckets';
  }
  if (key !== '') return method === 'HEAD' ? 'HeadObject' : (query.get('x-id') ?? `${method} object`);
  if (method === 'HEAD') return 'HeadBucket';
  const asked = Object.keys(subresources).find((name) => query.has(name));
  if (asked !== undefined && method === 'GET') return subresources[asked] ?? asked;
  if (query.get('list-type') === '2') return 'ListObjectsV2';
  return query.get('x-id') ?? `${method} bucket ${[...query.keys()].join(' ')}`.trim();
}

/** Path style (`host/bucket/key`) or virtual style (`bucket.host/key`). Bucket names need no decoding. */
function address(host: string, path: string): { bucket?: string; key: string } {
  const name = host.replace(/:\d+$/, '');
  const virtual = /^(.+)\.(localhost|127\.0\.0\.1|s3[.-]([a-z0-9-]+\.)?amazonaws\.com)$/.exec(name)?.[1];
  const parts = path.split('/').slice(1);
  if (virtual !== undefined) return { bucket: virtual, key: keyOf(parts) };
  const [bucket = '', ...key] = parts;
  return bucket === '' ? { key: '' } : { bucket, key: keyOf(key) };
}

/** For directory buckets at a custom endpoint the SDK ends the bucket's path with two slashes; that names no object. */
function keyOf(parts: readonly string[]): string {
  return parts.every((part) => part === '') ? '' : parts.join('/');
}
