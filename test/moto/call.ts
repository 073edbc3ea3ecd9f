import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came over the wire, and what it asks for. */
export interface Call {
  /** As atrest writes it: `ec2:DescribeSnapshots`. */
  readonly operation: string;
  readonly service: string;
  readonly region: string;
  readonly accessKey: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of the query protocol; of the URL for S3; empty for KMS. */
  readonly params: URLSearchParams;
  /** S3: the bucket that the path names. */
  readonly bucket: string;
}

/** Reads the operation off the signature's scope, the target header, the form or the path, as each protocol has it. */
export function readCall(method: string, path: string, headers: IncomingHttpHeaders, body: Buffer): Call {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '');
  const [, accessKey = '', region = '', service = ''] = scope ?? [];
  const url = new URL(path, 'http://moto');
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const params = form ? new URLSearchParams(body.toString()) : url.searchParams;
  const bucket = url.pathname.split('/')[1] ?? '';
  // What concerns directory buckets is signed for a service of its own.
  const prefix = service === 's3express' ? 's3' : service;
  const name = prefix === 's3' ? s3Operation(method, bucket, params) : (params.get('Action') ?? target(headers));
  return { operation: `${prefix}:${name}`, service, region, accessKey, method, path, headers, body, params, bucket };
}

function target(headers: IncomingHttpHeaders): string {
  const written = headers['x-amz-target'];
  return typeof written === 'string' ? written.slice(written.indexOf('.') + 1) : '';
}

const subresources: Readonly<Record<string, string>> = {
  encryption: 'BucketEncryption',
  logging: 'BucketLogging',
  policy: 'BucketPolicy',
  replication: 'BucketReplication',
  tagging: 'BucketTagging',
};

function s3Operation(method: string, bucket: string, params: URLSearchParams): string {
  if (bucket === '') return params.has('max-directory-buckets') ? 'ListDirectoryBuckets' : 'ListBuckets';
  if (method === 'GET' && params.has('inventory') && !params.has('id')) return 'ListBucketInventoryConfigurations';
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  const subresource = Object.keys(subresources).find((name) => params.has(name));
  return subresource === undefined ? `${verb}Bucket` : `${verb}${subresources[subresource] ?? ''}`;
}
