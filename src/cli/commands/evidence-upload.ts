import { AtrestError, uploadPack, type UploadOptions, type UploadOutcome } from '#index.js';
import type { Io } from '../io.js';

/** What an upload locks and encrypts a pack with. */
export interface UploadFlags {
  readonly retainUntil?: string;
  readonly retainDays?: number;
  readonly lockMode?: 'COMPLIANCE' | 'GOVERNANCE';
  readonly kmsKey?: string;
  readonly role?: string;
}

export async function evidenceUploadCommand(tar: string, to: string, flags: UploadFlags, io: Io): Promise<number> {
  return tellUpload(tar, await uploadPack(tar, uploadOf(to, flags), { signal: io.signal }), io);
}

/** The upload that is asked for beside a pack; flags about one that is not asked for are a mistake. */
export function wantedUpload({ upload, ...flags }: UploadFlags & { readonly upload?: string }): UploadOptions | undefined {
  if (upload !== undefined) return uploadOf(upload, flags);
  const named = (['retainUntil', 'retainDays', 'lockMode', 'kmsKey', 'role'] as const).find((name) => flags[name] !== undefined);
  if (named === undefined) return undefined;
  const flag = named.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new AtrestError('usage', `--${flag} is about an upload, and none is asked for`, {
    hint: 'Name the place with --upload s3://bucket/prefix.',
  });
}

function uploadOf(to: string, { retainUntil, retainDays, lockMode, kmsKey, role }: UploadFlags): UploadOptions {
  return { to, retention: { until: retainUntil, days: retainDays, mode: lockMode }, kmsKey, role };
}

/** Says what S3 holds and answers the exit code: a pack that is not where it belongs is as a run that is not complete. */
export function tellUpload(pack: string, { location, receipt, receiptFile, problem }: UploadOutcome, io: Io): number {
  if (receipt === null) {
    const { message = '', hint = null, onS3 = '' } = problem ?? {};
    io.err(`atrest: ${message}\n${hint === null ? '' : `  ${hint}\n`}`);
    const again = `atrest evidence upload ${pack} ${location.slice(0, location.lastIndexOf('/'))}`;
    io.err(`  ${onS3} ${pack} is whole. Once that is mended, with the same flags: ${again}\n`);
    return 3;
  }
  const { versionId, checksum, retention, encryption, uploaded } = receipt;
  io.err(`${uploaded === null ? 'there already' : 'uploaded'}: ${location}, version ${versionId}\n`);
  io.err(`locked: ${retention.mode} until ${retention.until}${retention.by === 'bucket' ? ", by the bucket's default" : ''}\n`);
  io.err(`encrypted: ${encryption.algorithm}, ${encryption.kmsKey ?? 'the key of AWS for S3'}\n`);
  io.err(`checksum: SHA-256 ${checksum.sha256}, as S3 computed it\n`);
  io.err(`receipt: ${receiptFile}\n`);
  return 0;
}
