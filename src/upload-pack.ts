import { basename } from 'node:path';
import type { CallMeta } from '#aws/ask.js';
import type { ConnectionOptions } from '#aws/connection.js';
import { layout } from '#evidence/layout.js';
import { NotAPack, openPack } from '#evidence/pack-files.js';
import { writeWhole } from '#inventory/lines.js';
import { exists, reasonOf } from '#inventory/run-folder.js';
import { dayMs } from '#model/days.js';
import { AtrestError } from '#model/errors.js';
import {
  checkAsked,
  checkEncryption,
  retentionIn,
  type LockMode,
  type Retention,
  type RetentionAsked,
} from '#outbound/pack-lock.js';
import {
  heldAt,
  isSame,
  localPack,
  NotUploaded,
  sendPack,
  taken,
  whatIsWrong,
  type Held,
  type LocalPack,
} from '#outbound/pack-upload.js';
import { packUse } from '#outbound/s3-errors.js';
import { openS3, type OpenedS3 } from '#outbound/s3-open.js';
import { parseTarget } from '#outbound/target.js';
import { toolVersion } from './version.js';

/** Where a pack is kept that nobody can delete, and for how long. */
export interface UploadOptions {
  /** `s3://bucket/prefix` */
  readonly to: string;
  readonly retention: RetentionAsked;
  /** ARN of the key that the pack is encrypted under; undefined: that of the bucket. */
  readonly kmsKey?: string | undefined;
  /** ARN of the role to assume; undefined: the caller's own credentials. */
  readonly role?: string | undefined;
}

/** What is written beside a pack that S3 holds as it was asked to. */
export interface Receipt {
  readonly schemaVersion: '1.0';
  readonly tool: { readonly name: 'atrest'; readonly version: string };
  readonly pack: { readonly file: string; readonly bytes: number; readonly sha256: string };
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly versionId: string;
  readonly etag: string | null;
  /** As S3 computed it; `parts` null: over the whole pack. */
  readonly checksum: { readonly sha256: string; readonly parts: { readonly count: number; readonly bytes: number } | null };
  readonly retention: { readonly mode: LockMode; readonly until: string; readonly by: 'request' | 'bucket' };
  readonly encryption: { readonly algorithm: string; readonly kmsKey: string | null };
  /** ARN of whoever uploaded and read it back. */
  readonly caller: string;
  /** Null: it was there already. */
  readonly uploaded: Call | null;
  readonly readBack: Call;
}

/** A call as CloudTrail knows it, and AWS's date of it. */
interface Call {
  readonly requestId: string | null;
  readonly date: string | null;
}

export interface UploadOutcome {
  /** `s3://bucket/key` */
  readonly location: string;
  /** Null: S3 does not hold the pack as it should, and `problem` says why. */
  readonly receipt: Receipt | null;
  readonly receiptFile: string;
  readonly problem: { readonly message: string; readonly hint: string | null; readonly onS3: string } | null;
}

/** Uploads a pack that was made before. What is there already, the same, is looked at and not sent again. */
export async function uploadPack(pack: string, options: UploadOptions, connection: ConnectionOptions): Promise<UploadOutcome> {
  await checkPack(pack);
  return withUpload(pack, options, connection, async (upload) => {
    const local = await localPack(pack);
    return upload.send(local, await upload.look(local));
  });
}

/**
 * Works with a place to upload to: that the bucket locks, that it encrypts under a KMS key and that the name is free is
 * known before. Rejects with an AtrestError when it is not.
 */
export async function intoLockedBucket<T extends object>(
  out: string,
  options: UploadOptions,
  connection: ConnectionOptions,
  work: () => Promise<T>,
): Promise<T & { readonly upload: UploadOutcome }> {
  return withUpload(out, options, connection, async (upload) => {
    await upload.look();
    const done = await work();
    return { ...done, upload: await upload.send() };
  });
}

async function checkPack(path: string): Promise<void> {
  try {
    const files = await openPack(path);
    await files.close();
    if (!files.sizes.has(layout.envelope)) throw new NotAPack(`${path} is no pack: it has no ${layout.envelope}`);
  } catch (error) {
    if (!(error instanceof NotAPack)) throw error;
    throw new AtrestError('run-folder', error.message, { cause: error });
  }
}

async function withUpload<T>(
  path: string,
  options: UploadOptions,
  connection: ConnectionOptions,
  work: (upload: Upload) => Promise<T>,
): Promise<T> {
  checkAsked(options.retention);
  const target = options.to.startsWith('s3://') ? parseTarget(options.to) : undefined;
  if (target?.kind !== 's3') throw new AtrestError('usage', `A pack is uploaded to s3://bucket/prefix, not to "${options.to}"`);
  if (!path.endsWith('.tar'))
    throw new AtrestError('usage', `${path} is not uploaded: what is uploaded is one file`, {
      hint: 'Pack into a file whose name ends in .tar.',
    });
  const receiptFile = `${path}.receipt.json`;
  if (await exists(receiptFile))
    throw new AtrestError('output', `${receiptFile} is there already: the pack was uploaded before`, {
      hint: 'Move the receipt away to upload it to another place.',
    });
  const { bucket, prefix } = target;
  const { to, kmsKey = null, role = null, retention: asked } = options;
  const s3 = await openS3({ target: to, bucket, prefix, kmsKey, role }, packUse, connection);
  try {
    const retention = await retentionIn(s3.calls, asked);
    await checkEncryption(s3.calls);
    const { arn: caller } = await s3.caller();
    return await work(new Upload(s3, { path, key: prefix + basename(path), receiptFile, retention, caller, connection }));
  } finally {
    s3.close();
  }
}

interface Place {
  readonly path: string;
  readonly key: string;
  readonly receiptFile: string;
  readonly retention: Retention;
  readonly caller: string;
  readonly connection: ConnectionOptions;
}

class Upload {
  readonly #s3: OpenedS3;
  readonly #place: Place;

  constructor(s3: OpenedS3, place: Place) {
    this.#s3 = s3;
    this.#place = place;
  }

  /** Rejects where another object is in the way, before anything is made or sent; answers the same one. */
  async look(pack?: LocalPack): Promise<Held | undefined> {
    const there = await heldAt(this.#s3.calls, this.#place.key);
    if (there === undefined || (pack !== undefined && isSame(there, pack))) return there;
    throw taken(this.#s3.calls, this.#place.key);
  }

  /** The pack stays on this machine whatever happens here, so that nothing is thrown but what stops the program. */
  async send(pack?: LocalPack, there?: Held): Promise<UploadOutcome> {
    const { path, key, receiptFile, connection } = this.#place;
    const about = { location: `s3://${this.#s3.calls.place.bucket}/${key}`, receiptFile };
    try {
      return { ...about, receipt: await this.#stored(pack ?? (await before(localPack(path))), there), problem: null };
    } catch (error) {
      const { cause, onS3 } = error instanceof NotUploaded ? error : { cause: error, onS3: 'S3 has it.' };
      if (connection.signal?.aborted === true)
        throw new AtrestError('interrupted', `Stopped while ${path} was being uploaded. ${onS3}`, { cause: error });
      if (!(cause instanceof AtrestError) && !isSystemError(cause)) throw cause;
      const message = cause instanceof AtrestError ? cause.message : reasonOf(cause);
      const hint = cause instanceof AtrestError ? (cause.hint ?? null) : null;
      return { ...about, receipt: null, problem: { message, hint, onS3 } };
    }
  }

  async #stored(pack: LocalPack, there: Held | undefined): Promise<Receipt> {
    const { calls } = this.#s3;
    const { key, retention, receiptFile } = this.#place;
    const sent = there === undefined ? await sendPack(this.#s3, key, pack, retention) : null;
    const held = await heldAt(calls, key, sent?.versionId);
    if (held === undefined)
      throw new NotUploaded(new AtrestError('output', `S3 does not find ${key} any more`), 'It may be on S3.');
    const wanted = sent === null ? asOf(held, retention) : retention;
    const wrong = whatIsWrong(held, pack, wanted, calls.place.kmsKey);
    if (wrong.length > 0)
      throw new NotUploaded(
        new AtrestError('output', `S3 does not hold the pack as it should. ${wrong.join(' ')}`),
        `S3 has it, as version ${held.versionId ?? '?'}.`,
      );
    const receipt = this.#receipt(pack, held, sent?.meta ?? null);
    await writeWhole(receiptFile, `${JSON.stringify(receipt, null, 2)}\n`);
    return receipt;
  }

  #receipt(pack: LocalPack, held: Held, sent: CallMeta | null): Receipt {
    const { region, calls } = this.#s3;
    const { key, caller, retention } = this.#place;
    const [first] = pack.parts;
    const parts = pack.parts.length > 1 ? { count: pack.parts.length, bytes: first?.bytes ?? 0 } : null;
    return {
      schemaVersion: '1.0',
      tool: { name: 'atrest', version: toolVersion },
      pack: { file: basename(pack.path), bytes: pack.bytes, sha256: pack.sha256 },
      bucket: calls.place.bucket,
      key,
      region,
      versionId: held.versionId ?? '',
      etag: held.etag,
      checksum: { sha256: held.checksumSha256 ?? '', parts },
      retention: { mode: retention.mode, until: held.retention?.until ?? '', by: retention.by },
      encryption: { algorithm: held.encryption.algorithm ?? '', kmsKey: held.encryption.kmsKey },
      caller,
      uploaded: sent && callOf(sent),
      readBack: callOf(held.meta),
    };
  }
}

/** What fails before a byte is sent leaves nothing on S3. */
async function before<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    throw new NotUploaded(error, 'Nothing of it is on S3.');
  }
}

/** Days are counted from when it was stored. What an earlier upload asked for was counted from a while before. */
function asOf({ storedAt }: Held, retention: Retention): Retention {
  const { days } = retention;
  if (days === null || storedAt === null) return retention;
  return { ...retention, until: new Date(Date.parse(storedAt) + (days - 1) * dayMs) };
}

function callOf({ requestId, date }: CallMeta): Call {
  return { requestId, date };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
