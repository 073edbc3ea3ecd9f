import type { IncomingMessage } from 'node:http';
import { services } from '../errors.js';
import type { ServiceName } from '../errors.js';
import type { Fields } from '../operation.js';
import { queryParams } from './query.js';
import { readS3 } from './s3.js';

/** A request, understood as far as that is possible without knowing the world. */
export interface Request {
  service: ServiceName;
  operation: string;
  params: Fields;
  body: Buffer;
  /** From the signature; undefined where the request is not signed. */
  signature?: { accessKeyId: string; region: string };
  sessionToken?: string;
  /** HEAD answers have no body, not even errors. */
  head: boolean;
}

export function readRequest(message: IncomingMessage, body: Buffer): Request {
  const scope = /Credential=([^/,]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(message.headers.authorization ?? '');
  const [, accessKeyId = '', region = '', signedFor] = scope ?? [];
  // Of an object's content nothing is parameters.
  const content = signedFor?.startsWith('s3') === true ? '' : body.toString();
  const service = serviceOf(message, content, signedFor);
  const url = new URL(`http://estate${message.url ?? '/'}`);
  const token = header(message, 'x-amz-security-token') ?? header(message, 'x-amz-s3session-token');
  return {
    service,
    ...read(service, message, url, content, signedFor),
    body,
    ...(scope && { signature: { accessKeyId, region } }),
    ...(token !== undefined && { sessionToken: token }),
    head: message.method === 'HEAD',
  };
}

const hubOperations: Readonly<Record<string, string>> = {
  'POST /findings': 'GetFindings',
  'POST /findings/import': 'BatchImportFindings',
};

function read(
  service: ServiceName,
  message: IncomingMessage,
  url: URL,
  body: string,
  signedFor: string | undefined,
): { operation: string; params: Fields } {
  switch (service) {
    case 's3':
      return readS3({
        method: message.method ?? 'GET',
        host: message.headers.host ?? '',
        headers: message.headers,
        url,
        signedFor,
      });
    case 'kms':
    case 'organizations': {
      const target = header(message, 'x-amz-target') ?? '';
      return { operation: target.slice(target.indexOf('.') + 1) || 'Unknown', params: parseJson(body) };
    }
    case 'account': {
      const path = url.pathname.slice(1);
      return { operation: path.charAt(0).toUpperCase() + path.slice(1) || 'Unknown', params: parseJson(body) };
    }
    case 'securityhub':
      return { operation: hubOperations[`${message.method ?? ''} ${url.pathname}`] ?? 'Unknown', params: parseJson(body) };
    default: {
      const form = new URLSearchParams(body || url.search);
      const operation = form.get('Action') ?? 'Unknown';
      return { operation, params: queryParams(service, operation, form) };
    }
  }
}

/** The signing scope says it; without a signature the shape of the request has to. */
function serviceOf(message: IncomingMessage, body: string, signedFor: string | undefined): ServiceName {
  const known = services.find((name) => name === signedFor);
  if (known !== undefined) return known;
  if (signedFor?.startsWith('s3')) return 's3';
  const target = header(message, 'x-amz-target') ?? '';
  if (target.startsWith('TrentService')) return 'kms';
  if (target.startsWith('AWSOrganizations')) return 'organizations';
  if (/(^|&)Action=/.test(body)) return body.includes('2016-11-15') ? 'ec2' : body.includes('2014-10-31') ? 'rds' : 'sts';
  return message.url === '/listRegions' ? 'account' : 's3';
}

function header(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function parseJson(body: string): Fields {
  try {
    return JSON.parse(body || '{}') as Fields;
  } catch {
    return {};
  }
}
