import { AwsError, denied } from '../errors.js';
import { refusedFurther } from '../further.js';
import { required, text } from '../operation.js';
import type { Context, Fields } from '../operation.js';
import type { BucketRecord } from '../world/records.js';
import type { Contents, StoredObject } from './s3-store.js';

const dayMs = 86_400_000;

/** What a new object is locked with: what the request says, else the bucket's default, else nothing. */
export function lockFor(context: Context, { objectLock }: BucketRecord): Fields {
  const { params, now } = context;
  const [mode, until] = [text(params, 'ObjectLockMode'), text(params, 'ObjectLockRetainUntilDate')];
  if (text(params, 'ObjectLockLegalHoldStatus') !== undefined)
    throw new AwsError('NotImplemented', 501, 'The estate does not simulate legal holds.');
  if (mode === undefined && until === undefined) return byDefault(objectLock?.Rule?.DefaultRetention, now);
  if (objectLock === undefined) throw new AwsError('InvalidRequest', 400, 'Bucket is missing Object Lock Configuration');
  if (mode === undefined || until === undefined)
    throw invalid('x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  if (mode !== 'COMPLIANCE' && mode !== 'GOVERNANCE') throw invalid('Unknown wormMode directive.');
  const time = Date.parse(until);
  if (Number.isNaN(time)) throw invalid('The retain until date must be provided in ISO 8601 format');
  if (time <= now.getTime()) throw invalid('The retain until date must be in the future!');
  ask(context, 's3:PutObjectRetention');
  return { ObjectLockMode: mode, ObjectLockRetainUntilDate: new Date(time).toISOString() };
}

function byDefault(
  retention: { Mode: string; Days?: number; Years?: number } | undefined,
  now: Date,
): { ObjectLockMode?: string; ObjectLockRetainUntilDate?: string } {
  if (retention === undefined) return {};
  const until = new Date(now.getTime() + (retention.Days ?? 0) * dayMs);
  until.setUTCFullYear(until.getUTCFullYear() + (retention.Years ?? 0));
  return { ObjectLockMode: retention.Mode, ObjectLockRetainUntilDate: until.toISOString() };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidArgument', 400, message);
}

/** What is to be locked has to come with a digest of its own. */
export function checkDigestOfLocked({ params }: Context, lock: Fields, checksum: Fields, what: 'Object' | 'Part'): void {
  if (Object.keys(lock).length === 0 || Object.keys(checksum).length > 0 || params['ContentMD5'] !== undefined) return;
  const message = `Content-MD5 OR x-amz-checksum- HTTP header is required for Put ${what} requests with Object Lock parameters`;
  throw new AwsError('InvalidRequest', 400, message);
}

/** Retention is told to who may read it. */
export function lockShown(context: Context, { lock }: StoredObject): Fields {
  return refusal(context, 's3:GetObjectRetention') === undefined ? lock : {};
}

export function getRetention(object: StoredObject): Fields {
  const { ObjectLockMode: Mode, ObjectLockRetainUntilDate: RetainUntilDate } = object.lock;
  if (Mode === undefined)
    throw new AwsError('NoSuchObjectLockConfiguration', 404, 'The specified object does not have a ObjectLock configuration');
  return { Retention: { Mode, RetainUntilDate } };
}

/** Stores an object under its key. In a bucket with Object Lock it is a version; the others stay. */
export function keep({ objectLock }: BucketRecord, { objects, versions }: Contents, object: StoredObject): Fields {
  const older = versions.get(object.Key) ?? [];
  const version = objectLock === undefined ? {} : { VersionId: versionId(object.Key, older.length) };
  const stored = { ...object, ...version };
  if (objectLock !== undefined) versions.set(object.Key, [...older, stored]);
  objects.set(object.Key, stored);
  return version;
}

function versionId(key: string, number: number): string {
  return Buffer.from(`${number}/${key}`).toString('base64url').slice(0, 32).padEnd(32, '0');
}

/** The version that the call names; undefined: it names none. */
export function namedVersion({ versions }: Contents, context: Context): StoredObject | undefined {
  const VersionId = text(context.params, 'VersionId');
  if (VersionId === undefined) return undefined;
  const Key = required(context, 'Key');
  const found = versions.get(Key)?.find((each) => each.VersionId === VersionId);
  if (found === undefined)
    throw new AwsError('NoSuchVersion', 404, 'The specified version does not exist.', { detail: { Key, VersionId } });
  if (found.isMarker === true)
    throw new AwsError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
      headers: { 'x-amz-delete-marker': 'true', allow: 'DELETE' },
    });
  return found;
}

/** Deletes what a bucket has under a key: of one that keeps versions, nothing but what is named by its version. */
export function remove(bucket: BucketRecord, contents: Contents, context: Context, Key: string, VersionId?: string): Fields {
  const { objects, versions } = contents;
  const older = versions.get(Key) ?? [];
  if (bucket.objectLock === undefined) {
    objects.delete(Key);
    return {};
  }
  if (VersionId === undefined) {
    const marker = { Key, body: Buffer.alloc(0), encryption: {}, checksum: {}, lock: {}, isMarker: true } as const;
    const version = keep(bucket, contents, marker);
    objects.delete(Key);
    return { DeleteMarker: true, ...version };
  }
  const named = older.find((each) => each.VersionId === VersionId);
  if (named === undefined) return { VersionId };
  checkUnlocked(context, named);
  const left = older.filter((each) => each !== named);
  versions.set(Key, left);
  const last = left.at(-1);
  if (last === undefined || last.isMarker === true) objects.delete(Key);
  else objects.set(Key, last);
  return { VersionId, ...(named.isMarker === true && { DeleteMarker: true }) };
}

function checkUnlocked(context: Context, { lock }: StoredObject): void {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = lock as Record<string, string | undefined>;
  if (until === undefined || Date.parse(until) <= context.now.getTime()) return;
  const bypassed = mode === 'GOVERNANCE' && context.params['BypassGovernanceRetention'] === 'true';
  if (!bypassed) throw new AwsError('AccessDenied', 403, 'Access Denied because object protected by object lock.');
  ask(context, 's3:BypassGovernanceRetention');
}

function ask(context: Context, action: string): void {
  const reason = refusal(context, action);
  if (reason !== undefined) throw denied('s3', { arn: context.caller.arn, action, resource: arnOf(context), reason });
}

function refusal(context: Context, action: string) {
  const arn = arnOf(context);
  return refusedFurther(context, { action, arn, resource: arn.slice('arn:aws:s3:::'.length) });
}

function arnOf({ params }: Context): string {
  return `arn:aws:s3:::${text(params, 'Bucket') ?? ''}/${text(params, 'Key') ?? ''}`;
}
