import { type AwsError } from '../errors.js';
import type { ServiceName } from '../errors.js';
import { text } from '../operation.js';
import type { Fields } from '../operation.js';
import { ec2Dialect, queryDialect, s3Dialect } from './dialects.js';
import { escapeXml, tag, writeFields } from './xml.js';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

interface Protocol {
  success(operation: string, output: Fields, requestId: string): Reply;
  failure(error: AwsError, requestId: string): Reply;
}

const prologue = '<?xml version="1.0" encoding="UTF-8"?>\n';
const xmlType = { 'content-type': 'text/xml;charset=UTF-8' };

const namespaces: Partial<Record<ServiceName, string>> = {
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  rds: 'http://rds.amazonaws.com/doc/2014-10-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  s3: 'http://s3.amazonaws.com/doc/2006-03-01/',
};

export function protocolOf(service: ServiceName): Protocol {
  return protocols[service];
}

const protocols: Record<ServiceName, Protocol> = {
  kms: json('application/x-amz-json-1.1'),
  organizations: json('application/x-amz-json-1.1'),
  account: json('application/json'),
  securityhub: json('application/json'),
  rds: query('rds'),
  sts: query('sts'),
  ec2: {
    success: (operation, output, requestId) => {
      const content = tag('requestId', requestId) + writeFields(ec2Dialect, output);
      return xml(200, requestId, root(`${operation}Response`, 'ec2', content));
    },
    failure: (error, requestId) => {
      const errors = tag('Errors', tag('Error', codeAndMessage(error)));
      return xml(error.status, requestId, tag('Response', errors + tag('RequestID', requestId)));
    },
  },
  s3: {
    success: s3Success,
    failure: (error, requestId) => {
      const detail = Object.entries(error.detail).map(([name, value]) => tag(name, escapeXml(value)));
      const ids = tag('RequestId', requestId) + tag('HostId', hostId(requestId));
      const reply = xml(error.status, requestId, tag('Error', codeAndMessage(error) + detail.join('') + ids));
      return { ...reply, headers: { ...s3Headers(requestId), 'content-type': 'application/xml', ...error.headers } };
    },
  },
};

function json(type: string): Protocol {
  const headers = (requestId: string) => ({ 'content-type': type, 'x-amzn-requestid': requestId });
  return {
    success: (_operation, output, requestId) => ({
      status: 200,
      headers: headers(requestId),
      body: JSON.stringify(withEpochs(output)),
    }),
    failure: (error, requestId) => ({
      status: error.status,
      headers: { ...headers(requestId), 'x-amzn-errortype': error.code },
      body: JSON.stringify({ __type: error.code, message: error.message }),
    }),
  };
}

function query(service: 'rds' | 'sts'): Protocol {
  return {
    success: (operation, output, requestId) => {
      const result = tag(`${operation}Result`, writeFields(queryDialect, output));
      const metadata = tag('ResponseMetadata', tag('RequestId', requestId));
      return xml(200, requestId, root(`${operation}Response`, service, result + metadata));
    },
    failure: (error, requestId) => {
      const type = tag('Type', error.status >= 500 ? 'Receiver' : 'Sender');
      const content = tag('Error', type + codeAndMessage(error)) + tag('RequestId', requestId);
      return xml(error.status, requestId, root('ErrorResponse', service, content));
    },
  };
}

/** Root elements of S3 answers; where the SDK's output has one member that is the document, its name. */
const s3Roots: Record<string, { root: string; payload?: string }> = {
  ListBuckets: { root: 'ListAllMyBucketsResult' },
  ListDirectoryBuckets: { root: 'ListAllMyDirectoryBucketsResult' },
  CreateSession: { root: 'CreateSessionResult' },
  GetBucketEncryption: { root: 'ServerSideEncryptionConfiguration', payload: 'ServerSideEncryptionConfiguration' },
  GetBucketTagging: { root: 'Tagging' },
  GetBucketLogging: { root: 'BucketLoggingStatus' },
  GetBucketReplication: { root: 'ReplicationConfiguration', payload: 'ReplicationConfiguration' },
  GetObjectLockConfiguration: { root: 'ObjectLockConfiguration', payload: 'ObjectLockConfiguration' },
  GetObjectRetention: { root: 'Retention', payload: 'Retention' },
  ListBucketInventoryConfigurations: { root: 'ListInventoryConfigurationsResult' },
  ListObjectsV2: { root: 'ListBucketResult' },
  DeleteObjects: { root: 'DeleteResult' },
  CreateMultipartUpload: { root: 'InitiateMultipartUploadResult' },
};

/** What the answer about an object says in headers. */
const objectHeaders = [
  ['ServerSideEncryption', 'x-amz-server-side-encryption'],
  ['SSEKMSKeyId', 'x-amz-server-side-encryption-aws-kms-key-id'],
  ['BucketKeyEnabled', 'x-amz-server-side-encryption-bucket-key-enabled'],
  ['ETag', 'etag'],
  ['LastModified', 'last-modified'],
  ['ContentLength', 'content-length'],
  ['ChecksumSHA256', 'x-amz-checksum-sha256'],
  ['ChecksumSHA1', 'x-amz-checksum-sha1'],
  ['ChecksumCRC32', 'x-amz-checksum-crc32'],
  ['ChecksumType', 'x-amz-checksum-type'],
  ['VersionId', 'x-amz-version-id'],
  ['DeleteMarker', 'x-amz-delete-marker'],
  ['ObjectLockMode', 'x-amz-object-lock-mode'],
  ['ObjectLockRetainUntilDate', 'x-amz-object-lock-retain-until-date'],
] as const;

/** The answers that are headers, with the content of an object or nothing. */
const inHeaders: Readonly<Record<string, number>> = {
  HeadObject: 200,
  GetObject: 200,
  PutObject: 200,
  UploadPart: 200,
  DeleteObject: 204,
  AbortMultipartUpload: 204,
};

function headersOf(output: Fields): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [field, name] of objectHeaders) {
    const value = output[field] as Date | string | number | boolean | undefined;
    if (value !== undefined) headers[name] = value instanceof Date ? value.toUTCString() : String(value);
  }
  for (const [name, value] of Object.entries((output['Metadata'] ?? {}) as Record<string, string>))
    headers[`x-amz-meta-${name}`] = value;
  return headers;
}

function s3Success(operation: string, output: Fields, requestId: string): Reply {
  const headers = s3Headers(requestId);
  if (operation === 'HeadBucket') {
    const region = text(output, 'BucketRegion');
    return { status: 200, headers: { ...headers, ...(region ? { 'x-amz-bucket-region': region } : {}) }, body: '' };
  }
  const status = inHeaders[operation];
  if (status !== undefined) {
    const body = output['Body'];
    return { status, headers: { ...headers, ...headersOf(output) }, body: Buffer.isBuffer(body) ? body : '' };
  }
  if (operation === 'GetBucketPolicy') {
    return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body: text(output, 'Policy') ?? '' };
  }
  const shape = s3Roots[operation] ?? { root: `${operation}Result` };
  const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled, VersionId, ...document } = output;
  const encryption = headersOf({ ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled, VersionId });
  const content = shape.payload === undefined ? document : ((output[shape.payload] ?? {}) as Fields);
  const body = root(shape.root, 's3', writeFields(s3Dialect, content));
  return { status: 200, headers: { ...headers, ...encryption, 'content-type': 'application/xml' }, body: prologue + body };
}

function s3Headers(requestId: string): Record<string, string> {
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId), server: 'AmazonS3' };
}

function hostId(requestId: string): string {
  return Buffer.from(`estate/${requestId}`).toString('base64');
}

function xml(status: number, requestId: string, document: string): Reply {
  return { status, headers: { ...xmlType, 'x-amzn-requestid': requestId }, body: prologue + document };
}

function root(name: string, service: ServiceName, content: string): string {
  return `<${name} xmlns="${namespaces[service] ?? ''}">${content}</${name}>`;
}

function codeAndMessage(error: AwsError): string {
  return tag('Code', escapeXml(error.code)) + tag('Message', escapeXml(error.message));
}

/** JSON protocols carry times as seconds since 1970. */
function withEpochs(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withEpochs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withEpochs(inner)]));
}
