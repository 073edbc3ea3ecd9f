import { createHash } from 'node:crypto';
import { AwsError, fault } from '../errors.js';
import { required, text, whole } from '../operation.js';
import type { Context, Fields, Operation } from '../operation.js';
import type { BucketRecord } from '../world/records.js';
import { hashText, hex8 } from '../world/hash.js';
import { checkDigestOfLocked, keep, lockFor } from './s3-lock.js';
import { checkCondition, elements, unquoted, type OnObject } from './s3-objects.js';
import {
  checksumAlgorithms,
  checksumOf,
  contentsOf,
  digest,
  encryptionFor,
  etagOf,
  useKey,
  writable,
  type Part,
  type Upload,
} from './s3-store.js';

/** No part but the last may be smaller. */
const leastPartBytes = 5 * 1024 * 1024;
const mostParts = 10_000;

export function multipartOperations(onObject: OnObject, onBucket: OnObject): Record<string, Operation> {
  return {
    CreateMultipartUpload: onObject('PutObject', create),
    UploadPart: onObject('PutObject', uploadPart),
    CompleteMultipartUpload: onObject('PutObject', complete),
    AbortMultipartUpload: onObject('AbortMultipartUpload', (bucket, context) => {
      writable(bucket).uploads.delete(uploadOf(bucket, context).UploadId);
      return {};
    }),
    ListParts: onObject('ListMultipartUploadParts', listParts),
    ListMultipartUploads: onBucket('ListBucketMultipartUploads', listUploads),
  };
}

function create(bucket: BucketRecord, context: Context): Fields {
  const { params, now: Initiated } = context;
  const Key = required(context, 'Key');
  const ChecksumAlgorithm = text(params, 'ChecksumAlgorithm');
  if (params['ChecksumType'] === 'FULL_OBJECT' && ChecksumAlgorithm?.startsWith('SHA') === true)
    throw new AwsError(
      'InvalidRequest',
      400,
      `The FULL_OBJECT checksum type cannot be used with the ${ChecksumAlgorithm.toLowerCase()} checksum algorithm.`,
    );
  const lock = lockFor(context, bucket);
  const encryption = encryptionFor(context, bucket);
  const { uploads } = writable(bucket);
  const UploadId = `${hex8(hashText(Key, uploads.size))}${hex8(hashText(bucket.Name, Initiated.getTime()))}upload`;
  const Metadata = params['Metadata'] as Fields | undefined;
  uploads.set(UploadId, { Key, UploadId, Initiated, ChecksumAlgorithm, encryption, Metadata, lock, parts: new Map() });
  return { Bucket: bucket.Name, Key, UploadId, ...encryption, ChecksumAlgorithm };
}

function uploadOf(bucket: BucketRecord, context: Context): Upload {
  const upload = contentsOf(bucket).uploads.get(required(context, 'UploadId'));
  if (upload?.Key === required(context, 'Key')) return upload;
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new AwsError('NoSuchUpload', 404, message);
}

/** To go on with what is encrypted, S3 decrypts the data key of the upload. */
function openKey({ encryption }: Upload, context: Context): void {
  const key = text(encryption, 'SSEKMSKeyId');
  if (key !== undefined) useKey(context, key, 'kms:Decrypt');
}

function uploadPart(bucket: BucketRecord, context: Context): Fields {
  const upload = uploadOf(bucket, context);
  const PartNumber = whole(context.params, 'PartNumber') ?? 0;
  if (!(PartNumber >= 1 && PartNumber <= mostParts))
    throw fault('s3', 'badParameter', 'Part number must be an integer between 1 and 10000, inclusive');
  openKey(upload, context);
  const checksum = checksumOf(context);
  checkDigestOfLocked(context, upload.lock, checksum, 'Part');
  const [given] = Object.keys(checksum).map((name) => name.replace('Checksum', '').toLowerCase());
  const wanted = upload.ChecksumAlgorithm?.toLowerCase();
  if (given !== undefined && wanted !== undefined && given !== wanted)
    throw new AwsError(
      'InvalidRequest',
      400,
      `Checksum Type mismatch occurred, expected checksum Type: ${wanted}, actual checksum Type: ${given}`,
    );
  const { body, now: LastModified } = context;
  const ETag = etagOf(body, upload.encryption);
  upload.parts.set(PartNumber, { PartNumber, ETag, LastModified, body, checksum });
  return { ...upload.encryption, ...checksum, ETag };
}

function complete(bucket: BucketRecord, context: Context): Fields {
  const upload = uploadOf(bucket, context);
  const contents = writable(bucket);
  checkCondition(context, contents.objects);
  openKey(upload, context);
  const parts = partsNamed(upload, context.body);
  const { Key, ChecksumAlgorithm: algorithm, encryption, Metadata, lock } = upload;
  const body = Buffer.concat(parts.map((part) => part.body));
  const etags = parts.map(({ ETag }) => Buffer.from(unquoted(ETag), 'hex'));
  const ETag = `"${createHash('md5').update(Buffer.concat(etags)).digest('hex')}-${parts.length}"`;
  const checksum = algorithm === undefined ? {} : composite(algorithm, parts);
  const object = { Key, LastModified: context.now, ETag, body, encryption, checksum, lock, ...(Metadata && { Metadata }) };
  const version = keep(bucket, contents, object);
  contents.uploads.delete(upload.UploadId);
  return {
    Location: `https://${bucket.Name}.s3.amazonaws.com/${Key}`,
    Bucket: bucket.Name,
    Key,
    ETag,
    ...encryption,
    ...checksum,
    ...version,
  };
}

/** A checksum over the checksums of the parts. */
function composite(algorithm: string, parts: readonly Part[]): Fields {
  const all = Buffer.concat(parts.map(({ checksum }) => Buffer.from(text(checksum, `Checksum${algorithm}`) ?? '', 'base64')));
  return { [`Checksum${algorithm}`]: `${digest(algorithm, all)}-${parts.length}`, ChecksumType: 'COMPOSITE' };
}

/** The parts that the request names, if they are there, in order, large enough and with the right checksums. */
function partsNamed({ parts, ChecksumAlgorithm: algorithm }: Upload, body: Buffer): readonly Part[] {
  const named = [...body.toString().matchAll(/<Part>.*?<\/Part>/gs)].map(([part]) => Buffer.from(part));
  if (named.length === 0) throw new AwsError('MalformedXML', 400, 'The XML you provided was not well-formed');
  const found: Part[] = [];
  for (const one of named) {
    const number = Number(elements(one, 'PartNumber')[0]);
    const part = parts.get(number);
    if (part === undefined || unquoted(elements(one, 'ETag')[0] ?? '') !== unquoted(part.ETag)) throw invalidPart();
    if (number <= (found.at(-1)?.PartNumber ?? 0))
      throw new AwsError(
        'InvalidPartOrder',
        400,
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      );
    for (const each of checksumAlgorithms) {
      const [given] = elements(one, `Checksum${each}`);
      if (given !== undefined && given !== part.checksum[`Checksum${each}`]) throw invalidPart();
      if (given === undefined && each === algorithm)
        throw new AwsError(
          'InvalidRequest',
          400,
          `The upload was created using a ${each.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
        );
    }
    found.push(part);
  }
  if (found.slice(0, -1).some((part) => part.body.length < leastPartBytes))
    throw new AwsError('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size');
  return found;
}

function invalidPart(): AwsError {
  const message =
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
  return new AwsError('InvalidPart', 400, message);
}

function listParts(bucket: BucketRecord, context: Context): Fields {
  const upload = uploadOf(bucket, context);
  const marker = whole(context.params, 'PartNumberMarker') ?? 0;
  const limit = Math.min(whole(context.params, 'MaxParts') ?? 1000, 1000);
  const after = [...upload.parts.values()]
    .filter(({ PartNumber }) => PartNumber > marker)
    .sort((a, b) => a.PartNumber - b.PartNumber);
  const page = after.slice(0, limit);
  const { UploadId, Key, ChecksumAlgorithm } = upload;
  return {
    Bucket: bucket.Name,
    Key,
    UploadId,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.PartNumber ?? 0,
    MaxParts: limit,
    IsTruncated: after.length > page.length,
    Parts: page.map(({ PartNumber, LastModified, ETag, body, checksum }) => ({
      PartNumber,
      LastModified,
      ETag,
      Size: body.length,
      ...checksum,
    })),
    StorageClass: 'STANDARD',
    ChecksumAlgorithm,
  };
}

function listUploads(bucket: BucketRecord, context: Context): Fields {
  const { params } = context;
  const [prefix = '', keyMarker = '', idMarker = ''] = ['Prefix', 'KeyMarker', 'UploadIdMarker'].map((name) =>
    text(params, name),
  );
  const limit = Math.min(whole(params, 'MaxUploads') ?? 1000, 1000);
  const after = [...contentsOf(bucket).uploads.values()]
    .filter(({ Key }) => Key.startsWith(prefix))
    .sort((a, b) => Buffer.compare(Buffer.from(a.Key), Buffer.from(b.Key)) || a.Initiated.getTime() - b.Initiated.getTime());
  const start = after.findIndex(({ Key, UploadId }) => Key === keyMarker && UploadId === idMarker) + 1;
  const page = after.slice(start, start + limit);
  const last = page.at(-1);
  return {
    Bucket: bucket.Name,
    Prefix: prefix,
    MaxUploads: limit,
    IsTruncated: start + page.length < after.length,
    ...(last && { NextKeyMarker: last.Key, NextUploadIdMarker: last.UploadId }),
    Uploads: page.map(({ Key, UploadId, Initiated, ChecksumAlgorithm }) => ({
      Key,
      UploadId,
      Initiated,
      ChecksumAlgorithm,
      StorageClass: 'STANDARD',
    })),
  };
}
