import { CallFailed } from '#aws/ask.js';
import { AtrestError, type ErrorCode } from '#model/errors.js';

/** Where in S3 something is kept, and the role that it is written with. */
export interface S3Place {
  readonly target: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly kmsKey: string | null;
  readonly role: string | null;
}

/** What S3 is used for, as errors speak of it. */
export interface S3Use {
  readonly what: string;
  /** What the user names a role with. */
  readonly roleSetting: string;
  /** Of the role's session. */
  readonly session: string;
  /** IAM actions of operations that are asked for more here. */
  readonly actions: Readonly<Record<string, readonly string[]>>;
}

export const historyUse: S3Use = {
  what: 'the history',
  roleSetting: 'history.role in the config',
  session: 'atrest-history',
  actions: {},
};

const lockedPut = ['s3:PutObject', 's3:PutObjectRetention'];
export const packUse: S3Use = {
  what: 'the pack',
  roleSetting: '--role',
  session: 'atrest-evidence',
  actions: {
    's3:CreateMultipartUpload': lockedPut,
    's3:PutObject': lockedPut,
    // A HEAD is refused without a word.
    's3:HeadObject': ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 'kms:Decrypt'],
  },
};

/** The IAM actions that an operation asks for, where they are not its name. */
const actions: Readonly<Record<string, readonly string[]>> = {
  's3:CompleteMultipartUpload': ['s3:PutObject'],
  's3:CreateMultipartUpload': ['s3:PutObject'],
  's3:DeleteObjects': ['s3:DeleteObject'],
  's3:GetBucketEncryption': ['s3:GetEncryptionConfiguration'],
  's3:GetObjectLockConfiguration': ['s3:GetBucketObjectLockConfiguration'],
  's3:HeadBucket': ['s3:ListBucket'],
  // AWS does not say which of the two it was.
  's3:HeadObject': ['s3:GetObject', 'kms:Decrypt'],
  // Without s3:ListBucket, what is not there is denied too.
  's3:GetObject': ['s3:GetObject', 's3:ListBucket'],
  's3:ListMultipartUploads': ['s3:ListBucketMultipartUploads'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:ListParts': ['s3:ListMultipartUploadParts'],
  's3:UploadPart': ['s3:PutObject'],
};
const onBucket = new Set([
  's3:GetBucketObjectLockConfiguration',
  's3:GetEncryptionConfiguration',
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
]);

/** What went wrong with a call to S3, and what to allow or to mend. Other errors stay as they are. */
export function explainS3(error: unknown, place: S3Place, use: S3Use): unknown {
  if (!(error instanceof CallFailed)) return error;
  // The role is assumed inside the first call that needs it.
  const failed = error.cause instanceof CallFailed ? error.cause : error;
  const { failure, meta } = failed;
  const said = `${failure.code}${failure.message === '' ? '' : `: ${failure.message}`}`;
  const message = `${meta.operation} failed for ${use.what} ${place.target}: ${said}`;
  return new AtrestError(codeOf(failed), message, { hint: hintOf(failed, place, use), cause: error });
}

function codeOf({ failure }: CallFailed): ErrorCode {
  switch (failure.class) {
    case 'expired':
    case 'no-credentials':
    case 'not-enabled':
    case 'unreachable':
    case 'transient':
    case 'throttled':
      return 'identity';
    case 'denied':
    case 'not-found':
    case 'unparseable':
    case 'other':
      return 'output';
  }
}

function hintOf({ failure, meta }: CallFailed, { bucket, prefix, kmsKey, role }: S3Place, use: S3Use): string | undefined {
  if (failure.code.startsWith('KMS.')) return `Look at the key: ${kmsKey ?? `the default of the bucket ${bucket}`}.`;
  if (failure.class === 'not-found' && meta.operation === 's3:HeadBucket')
    return `There is no bucket ${bucket}, or these credentials are of another partition.`;
  if (failure.class !== 'denied') return undefined;
  if (meta.operation === 'sts:AssumeRole') return `Allow sts:AssumeRole on ${role ?? 'the role'}, there and here.`;
  const named = /not authorized to perform: ([a-z0-9-]+:\w+)(?: on resource: "?([^\s"]+)"?)?/.exec(failure.message);
  const wanted =
    named?.[1] === undefined ? (use.actions[meta.operation] ?? actions[meta.operation] ?? [meta.operation]) : [named[1]];
  const allow = wanted.map((action) => `${action} on ${resourceOf(action, named?.[2], { bucket, prefix, kmsKey })}`);
  const key = wanted.some((action) => action.startsWith('kms:')) ? ' The policy of the key has a say in it too.' : '';
  const deny = /explicit deny/.test(failure.message)
    ? ` A Deny refuses it, as the statement NoDataAccess of atrest's own policy would: name a role for ${use.what} alone (${use.roleSetting}).`
    : '';
  return `Allow ${allow.join(' and ')}.${key}${deny}`;
}

function resourceOf(
  action: string,
  named: string | undefined,
  { bucket, prefix, kmsKey }: Pick<S3Place, 'bucket' | 'prefix' | 'kmsKey'>,
): string {
  if (action.startsWith('kms:')) return named ?? kmsKey ?? 'the key of the bucket';
  return onBucket.has(action) ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${prefix}*`;
}
