import type { IncomingHttpHeaders } from 'node:http';
import type { Fields } from '../operation.js';

interface S3Message {
  method: string;
  host: string;
  headers: IncomingHttpHeaders;
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
  'object-lock': 'GetObjectLockConfiguration',
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
  delimiter: 'Delimiter',
  uploadId: 'UploadId',
  partNumber: 'PartNumber',
  'part-number-marker': 'PartNumberMarker',
  'max-parts': 'MaxParts',
  'max-uploads': 'MaxUploads',
  'key-marker': 'KeyMarker',
  'upload-id-marker': 'UploadIdMarker',
  versionId: 'VersionId',
};

/** What calls about objects say in headers. */
const headerNames: Record<string, string> = {
  'content-type': 'ContentType',
  'if-match': 'IfMatch',
  'if-none-match': 'IfNoneMatch',
  'content-md5': 'ContentMD5',
  'x-amz-checksum-mode': 'ChecksumMode',
  'x-amz-checksum-algorithm': 'ChecksumAlgorithm',
  'x-amz-checksum-type': 'ChecksumType',
  'x-amz-checksum-sha256': 'ChecksumSHA256',
  'x-amz-checksum-sha1': 'ChecksumSHA1',
  'x-amz-checksum-crc32': 'ChecksumCRC32',
  'x-amz-checksum-crc32c': 'ChecksumCRC32C',
  'x-amz-checksum-crc64nvme': 'ChecksumCRC64NVME',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  'x-amz-server-side-encryption-bucket-key-enabled': 'BucketKeyEnabled',
  'x-amz-object-lock-mode': 'ObjectLockMode',
  'x-amz-object-lock-retain-until-date': 'ObjectLockRetainUntilDate',
  'x-amz-object-lock-legal-hold': 'ObjectLockLegalHoldStatus',
  'x-amz-bypass-governance-retention': 'BypassGovernanceRetention',
};

/** Operations on an object by method, and what in the query makes it another one. */
const objectOperations: Record<string, readonly (readonly [query: string, operation: string])[]> = {
  HEAD: [['', 'HeadObject']],
  GET: [
    ['uploadId', 'ListParts'],
    ['retention', 'GetObjectRetention'],
    ['', 'GetObject'],
  ],
  PUT: [
    ['uploadId', 'UploadPart'],
    ['', 'PutObject'],
  ],
  POST: [
    ['uploads', 'CreateMultipartUpload'],
    ['uploadId', 'CompleteMultipartUpload'],
  ],
  DELETE: [
    ['uploadId', 'AbortMultipartUpload'],
    ['', 'DeleteObject'],
  ],
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
  for (const [name, member] of Object.entries(headerNames)) {
    const value = message.headers[name];
    if (typeof value === 'string') params[member] = value;
  }
  const metadata = Object.entries(message.headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  if (metadata.length > 0) params['Metadata'] = Object.fromEntries(metadata.map(([name, value]) => [name.slice(11), value]));
  return { operation: operationOf(message, bucket, key), params };
}

/** A copy, a chunked upload and what stands in a sub-resource of an object are not simulated: they keep their name. */
function objectOperation({ method, url, headers }: S3Message): string {
  const query = url.searchParams;
  const chunked = headers['content-encoding']?.includes('aws-chunked') === true;
  const unknown = ['tagging', 'acl', 'attributes', 'legal-hold', ...(method === 'GET' ? [] : ['retention'])];
  const other = chunked || headers['x-amz-copy-source'] !== undefined || unknown.some((name) => query.has(name));
  const found = objectOperations[method]?.find(([name]) => name === '' || query.has(name));
  if (found !== undefined && !other) return found[1];
  return `${query.get('x-id') ?? `${method} object`}${chunked ? ' in chunks' : ''}`;
}

function operationOf(message: S3Message, bucket: string | undefined, key: string): string {
  const { method, url, signedFor } = message;
  const query = url.searchParams;
  if (bucket === undefined) {
    const directory = query.has('max-directory-buckets') || query.get('x-id') === 'ListDirectoryBuckets';
    return directory || signedFor === 's3express' ? 'ListDirectoryBuckets' : 'ListBuckets';
  }
  if (key !== '') return objectOperation(message);
  if (method === 'HEAD') return 'HeadBucket';
  const asked = Object.keys(subresources).find((name) => query.has(name));
  if (asked !== undefined && method === 'GET') return subresources[asked] ?? asked;
  if (query.get('list-type') === '2') return 'ListObjectsV2';
  if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
  if (method === 'GET' && query.has('uploads')) return 'ListMultipartUploads';
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
