import { AwsError, denied } from '../errors.js';
import { refusedByPolicies } from '../further.js';
import { matches } from '../match.js';
import { required, text, whole } from '../operation.js';
import type { Context, Fields, Operation } from '../operation.js';
import { fromArray } from '../paging.js';
import type { BucketRecord } from '../world/records.js';
import { checkDigestOfLocked, getRetention, keep, lockFor, lockShown, namedVersion, remove } from './s3-lock.js';
import { checksumOf, contentsOf, encryptionFor, etagOf, useKey, writable, type StoredObject } from './s3-store.js';

type Objects = ReadonlyMap<string, StoredObject>;

/** An IAM action without its service; a function where it depends on the call. */
export type ActionName = string | ((context: Context) => string);
/** An operation on an object: permission is asked for by the object's own ARN. */
export type OnObject = (action: ActionName, run: (bucket: BucketRecord, context: Context) => Fields) => Operation;

export function objectOperations(onObject: OnObject, onBucket: OnObject): Record<string, Operation> {
  return {
    ListObjectsV2: onBucket('ListBucket', listObjects),
    HeadObject: onObject(readAction, (bucket, context) => {
      const object = objectOf(bucket, context);
      if (object.sseC === true) throw underCustomersKey();
      return described(object, context);
    }),
    GetObject: onObject(readAction, (bucket, context) => {
      const object = objectOf(bucket, context);
      if (object.sseC === true) throw underCustomersKey();
      const key = text(object.encryption, 'SSEKMSKeyId');
      if (key !== undefined) useKey(context, key, 'kms:Decrypt');
      return { ...described(object, context), Body: object.body };
    }),
    GetObjectRetention: onObject('GetObjectRetention', (bucket, context) => getRetention(objectOf(bucket, context))),
    PutObject: onObject('PutObject', putObject),
    DeleteObject: onObject(
      ({ params }) => (params['VersionId'] === undefined ? 'DeleteObject' : 'DeleteObjectVersion'),
      (bucket, context) => {
        const contents = writable(bucket);
        const Key = required(context, 'Key');
        checkCondition(context, contents.objects);
        return remove(bucket, contents, context, Key, text(context.params, 'VersionId'));
      },
    ),
    // One action for each object, which the answer speaks of one by one.
    DeleteObjects: { ...onBucket('DeleteObject', deleteObjects) },
  };
}

/** Versions are asked for by an action of their own. */
function readAction({ params }: Context): string {
  return params['VersionId'] === undefined ? 'GetObject' : 'GetObjectVersion';
}

function underCustomersKey(): AwsError {
  const message = 'The object was stored using a form of Server Side Encryption. The correct parameters must be provided.';
  return new AwsError('InvalidRequest', 400, message);
}

/** Who may not list the bucket is not told that an object is not there. */
function objectOf(bucket: BucketRecord, context: Context): StoredObject {
  const Key = required(context, 'Key');
  const contents = contentsOf(bucket);
  const object = namedVersion(contents, context) ?? contents.objects.get(Key);
  if (object !== undefined) return object;
  const { world, caller, region } = context;
  const listing = { account: caller.account, region, operation: 's3:ListObjectsV2', resource: bucket.Name, page: 1 };
  const denial = world.denials.find((rule) => matches(rule, listing));
  const arn = `arn:aws:s3:::${bucket.Name}`;
  const reason = denial === undefined ? refusedByPolicies(context, { action: 's3:ListBucket', arn }) : denial.reason;
  if (denial !== undefined || reason !== undefined)
    throw denied('s3', { arn: caller.arn, action: 's3:ListBucket', resource: arn, reason });
  throw new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { detail: { Key } });
}

/** A checksum is told to who asks for it and may decrypt the object. */
function described(object: StoredObject, context: Context): Fields {
  const { body, encryption, checksum, ETag, LastModified, Metadata, VersionId } = object;
  const asked = context.params['ChecksumMode'] === 'ENABLED';
  const key = text(encryption, 'SSEKMSKeyId');
  if (asked && key !== undefined) useKey(context, key, 'kms:Decrypt');
  const shown = { ...encryption, ...(asked && checksum), ...lockShown(context, object) };
  return { ...shown, ETag, LastModified, Metadata, VersionId, ContentLength: body.length };
}

function putObject(bucket: BucketRecord, context: Context): Fields {
  const contents = writable(bucket);
  const Key = required(context, 'Key');
  const checksum = checksumOf(context);
  const lock = lockFor(context, bucket);
  checkDigestOfLocked(context, lock, checksum, 'Object');
  checkCondition(context, contents.objects);
  const encryption = encryptionFor(context, bucket);
  const { body, now: LastModified } = context;
  const ETag = etagOf(body, encryption);
  const Metadata = context.params['Metadata'] as Fields | undefined;
  const object = { Key, LastModified, ETag, body, encryption, checksum, lock, ...(Metadata && { Metadata }) };
  return { ...encryption, ...checksum, ETag, ...keep(bucket, contents, object) };
}

/** If-None-Match takes nothing but `*`; an ETag counts with or without its quotes. */
export function checkCondition(context: Context, objects: Objects): void {
  const there = objects.get(required(context, 'Key'));
  const none = text(context.params, 'IfNoneMatch');
  const match = text(context.params, 'IfMatch');
  if (none !== undefined && none !== '*')
    throw new AwsError('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
      detail: { Header: 'If-None-Match' },
    });
  if (none !== undefined && there !== undefined) throw unmet('If-None-Match');
  if (match === undefined) return;
  if (there === undefined) throw new AwsError('NoSuchKey', 404, 'The specified key does not exist.');
  if (match !== '*' && unquoted(match) !== unquoted(there.ETag ?? '')) throw unmet('If-Match');
}

function unmet(Condition: string): AwsError {
  return new AwsError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    detail: { Condition },
  });
}

export function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The texts of an element wherever it stands in a body that a caller sent. */
export function elements(body: Buffer, name: string): string[] {
  const found = body.toString().matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'));
  return [...found].map(([, content = '']) =>
    content
      .replace(/&#(x?)([0-9a-fA-F]+);/g, (_, hex: string, code: string) =>
        String.fromCodePoint(parseInt(code, hex === 'x' ? 16 : 10)),
      )
      .replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => entities[entity] ?? ''),
  );
}

function deleteObjects(bucket: BucketRecord, context: Context): Fields {
  const { params, body, world, caller, region } = context;
  if (Object.keys(checksumOf(context)).length === 0 && params['ContentMD5'] === undefined)
    throw new AwsError('InvalidRequest', 400, 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  const contents = writable(bucket);
  const named = [...body.toString().matchAll(/<Object>.*?<\/Object>/gs)].map(([object]) => Buffer.from(object));
  const keys = named.map((object) => ({ Key: elements(object, 'Key')[0] ?? '', VersionId: elements(object, 'VersionId')[0] }));
  if (keys.length === 0 || keys.length > 1000)
    throw new AwsError(
      'MalformedXML',
      400,
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  const Deleted: Fields[] = [];
  const Errors: Fields[] = [];
  for (const { Key, VersionId } of keys) {
    const target = { account: caller.account, region, operation: 's3:DeleteObject', resource: `${bucket.Name}/${Key}`, page: 1 };
    const of = { Key, ...(VersionId !== undefined && { VersionId }) };
    try {
      if (world.denials.some((rule) => matches(rule, target))) throw new AwsError('AccessDenied', 403, 'Access Denied');
      const { DeleteMarker, VersionId: marker } = remove(
        bucket,
        contents,
        { ...context, params: { ...params, Key } },
        Key,
        VersionId,
      );
      Deleted.push({ ...of, ...(DeleteMarker === true && { DeleteMarker, DeleteMarkerVersionId: marker }) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({ ...of, Code: error.code, Message: error.message });
    }
  }
  return elements(body, 'Quiet')[0] === 'true' ? { Errors } : { Deleted, Errors };
}

/** In the order of their keys' bytes; with a delimiter, what lies below it in one entry. */
function listObjects(bucket: BucketRecord, context: Context): Fields {
  const { params, pager } = context;
  const MaxKeys = Math.min(whole(params, 'MaxKeys') ?? 1000, 1000);
  const [Prefix = '', Delimiter] = [text(params, 'Prefix'), text(params, 'Delimiter')];
  const objects = [...contentsOf(bucket).objects.values()].filter(({ Key }) => Key.startsWith(Prefix));
  objects.sort((a, b) => Buffer.compare(Buffer.from(a.Key), Buffer.from(b.Key)));
  const entries = new Map<string, StoredObject | undefined>();
  for (const object of objects) {
    const below = Delimiter === undefined ? -1 : object.Key.indexOf(Delimiter, Prefix.length);
    if (Delimiter === undefined || below < 0) entries.set(object.Key, object);
    else entries.set(object.Key.slice(0, below + Delimiter.length), undefined);
  }
  const { items, next } = pager.take(fromArray([...entries]), MaxKeys);
  // As in a form: a blank is a plus sign.
  const written = (key: string) =>
    params['EncodingType'] === 'url' ? encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/') : key;
  const listed = items.flatMap(([, object]) => (object === undefined ? [] : [entryOf(object, written)]));
  const prefixes = items.flatMap(([name, object]) => (object === undefined ? [{ Prefix: written(name) }] : []));
  return {
    Name: bucket.Name,
    Prefix: written(Prefix),
    ...(Delimiter !== undefined && { Delimiter: written(Delimiter) }),
    ...(listed.length > 0 && { Contents: listed }),
    ...(prefixes.length > 0 && { CommonPrefixes: prefixes }),
    KeyCount: items.length,
    MaxKeys,
    IsTruncated: next !== undefined,
    ...(next !== undefined && { NextContinuationToken: next }),
  };
}

function entryOf({ Key, LastModified, ETag, body, checksum }: StoredObject, written: (key: string) => string): Fields {
  const [algorithm] = Object.keys(checksum).filter((name) => name !== 'ChecksumType');
  return {
    Key: written(Key),
    LastModified,
    ETag,
    ...(algorithm !== undefined && { ChecksumAlgorithm: [algorithm.replace('Checksum', '')] }),
    Size: body.length,
    StorageClass: 'STANDARD',
  };
}
