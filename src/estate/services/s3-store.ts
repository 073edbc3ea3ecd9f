import { createHash } from 'node:crypto';
import { AwsError, denied } from '../errors.js';
import { refusedFurther } from '../further.js';
import { text } from '../operation.js';
import type { Context, Fields } from '../operation.js';
import type { BucketRecord } from '../world/records.js';

/** An object as S3 keeps it. What it is encrypted with and its checksums have the SDK's names. */
export interface StoredObject {
  readonly Key: string;
  readonly LastModified?: Date;
  readonly ETag?: string;
  readonly body: Buffer;
  readonly encryption: Fields;
  /** As `ChecksumSHA256`; empty where none was sent. */
  readonly checksum: Fields;
  /** Its retention, with the names of HeadObject; empty where there is none. */
  readonly lock: Fields;
  /** In a bucket that keeps versions. */
  readonly VersionId?: string;
  /** What a deletion without a version leaves. */
  readonly isMarker?: true;
  readonly Metadata?: Fields;
  readonly sseC?: boolean;
}

/** A multipart upload that is under way. */
export interface Upload {
  readonly Key: string;
  readonly UploadId: string;
  readonly Initiated: Date;
  readonly ChecksumAlgorithm: string | undefined;
  readonly encryption: Fields;
  readonly Metadata: Fields | undefined;
  readonly lock: Fields;
  readonly parts: Map<number, Part>;
}

export interface Part {
  readonly PartNumber: number;
  readonly ETag: string;
  readonly LastModified: Date;
  readonly body: Buffer;
  readonly checksum: Fields;
}

export interface Contents {
  /** What is there without naming a version. */
  readonly objects: Map<string, StoredObject>;
  /** By key, the oldest first; only in buckets with Object Lock. */
  readonly versions: Map<string, readonly StoredObject[]>;
  readonly uploads: Map<string, Upload>;
}

/** By record, so that a bucket that is put anew is a new bucket. */
const contents = new WeakMap<BucketRecord, Contents>();

export function contentsOf(bucket: BucketRecord): Contents {
  const found = contents.get(bucket);
  if (found !== undefined) return found;
  const listed = (bucket.objects ?? []).map(({ Key, sseC, ...encryption }): [string, StoredObject] => [
    Key,
    { Key, body: Buffer.alloc(0), encryption, checksum: {}, lock: {}, ...(sseC === true && { sseC }) },
  ]);
  const fresh: Contents = { objects: new Map(listed), versions: new Map(), uploads: new Map() };
  contents.set(bucket, fresh);
  return fresh;
}

/** Generated buckets are made anew for every call: what is written to one would be lost. */
export function writable(bucket: BucketRecord): Contents {
  if (bucket.Name.startsWith('gen-')) throw new Error(`${bucket.Name} is generated: put the bucket to write to it`);
  return contentsOf(bucket);
}

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

function crc32(body: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of body) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 255] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

const hashes: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  SHA256: (body) => createHash('sha256').update(body).digest(),
  SHA1: (body) => createHash('sha1').update(body).digest(),
  CRC32: (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes;
  },
};

/** Digest of a body, as S3 writes it. */
export function digest(algorithm: string, body: Buffer): string {
  const hash = hashes[algorithm];
  if (hash === undefined) throw new AwsError('NotImplemented', 501, `The estate does not know the checksum ${algorithm}.`);
  return hash(body).toString('base64');
}

export const checksumAlgorithms = ['SHA256', 'SHA1', 'CRC32', 'CRC32C', 'CRC64NVME'] as const;

/** The checksum that came with a body, once it is found right; S3 takes no body with a wrong one. */
export function checksumOf({ params, body }: Context): Fields {
  const md5 = text(params, 'ContentMD5');
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
    throw new AwsError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.');
  for (const algorithm of checksumAlgorithms) {
    const given = text(params, `Checksum${algorithm}`);
    if (given === undefined) continue;
    const right = digest(algorithm, body);
    if (given.length !== right.length)
      throw new AwsError('InvalidRequest', 400, `Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`);
    if (given !== right)
      throw new AwsError('BadDigest', 400, `The ${algorithm} you specified did not match the calculated checksum.`);
    return { [`Checksum${algorithm}`]: given };
  }
  return {};
}

/** The MD5 of the body; of what is under a KMS key it is none. */
export function etagOf(body: Buffer, encryption: Fields): string {
  const salt = text(encryption, 'ServerSideEncryption')?.startsWith('aws:kms') === true ? 'kms' : '';
  return `"${createHash('md5').update(body).update(salt).digest('hex')}"`;
}

/** What a new object is encrypted with: what the request says, else the bucket's default, else SSE-S3. */
export function encryptionFor(context: Context, bucket: BucketRecord): Fields {
  const asked = text(context.params, 'ServerSideEncryption');
  const rule = bucket.encryption?.Rules[0] as
    | { ApplyServerSideEncryptionByDefault?: { SSEAlgorithm?: string; KMSMasterKeyID?: string }; BucketKeyEnabled?: boolean }
    | undefined;
  const byDefault = rule?.ApplyServerSideEncryptionByDefault;
  const algorithm = asked ?? byDefault?.SSEAlgorithm ?? 'AES256';
  if (algorithm === 'AES256') return { ServerSideEncryption: algorithm };
  const named = asked === undefined ? byDefault?.KMSMasterKeyID : text(context.params, 'SSEKMSKeyId');
  const bucketKey = asked === undefined ? rule?.BucketKeyEnabled === true : context.params['BucketKeyEnabled'] === 'true';
  const key = named === undefined ? undefined : keyArn(context, named);
  if (key !== undefined) useKey(context, key, 'kms:GenerateDataKey');
  return {
    ServerSideEncryption: algorithm,
    ...(key !== undefined && { SSEKMSKeyId: key }),
    ...(bucketKey && { BucketKeyEnabled: true }),
  };
}

/** Whether the caller may use the key that something is encrypted under, and whether the key works. */
export function useKey(context: Context, arn: string, action: 'kms:GenerateDataKey' | 'kms:Decrypt'): void {
  const { world, caller } = context;
  const [, , , region = '', account = '', resource = ''] = arn.split(':');
  const id = resource.replace(/^key\//, '');
  const key = world.find(account, region, 'kms.key', id);
  if (key === undefined) throw new AwsError('KMS.NotFoundException', 400, `Key '${arn}' does not exist`);
  const reason = refusedFurther(context, { action, arn, resource: arn, region });
  if (reason !== undefined) throw denied('s3', { arn: caller.arn, action, resource: arn, reason });
  if (key.KeyState === 'Disabled') throw new AwsError('KMS.DisabledException', 400, `${arn} is disabled.`);
  if (key.KeyState !== 'Enabled')
    throw new AwsError('KMS.KMSInvalidStateException', 400, `${arn} is not in a state in which it can be used.`);
}

/** S3 answers with the key's ARN however it was named. */
function keyArn({ world, caller, region }: Context, named: string): string {
  if (named.startsWith('arn:') && !named.includes(':alias/')) return named;
  const alias = named.startsWith('arn:') ? named.slice(named.indexOf(':alias/') + 1) : named;
  const id = alias.startsWith('alias/') ? world.find(caller.account, region, 'kms.alias', alias)?.TargetKeyId : named;
  return `arn:aws:kms:${region}:${caller.account}:key/${id ?? named}`;
}
