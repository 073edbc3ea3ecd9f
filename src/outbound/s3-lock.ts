import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Calls } from './s3-calls.js';
import { heldBy, leaseMs, lockLost, parseOwner, renewMs, type HistoryLock, type LockOwner } from './store.js';

/** Two writers at the same moment: S3 asks one of them to try again. */
const conflict = 'ConditionalRequestConflict';
const tries = 5;

/**
 * Takes the lock of a history: an object that only one caller can create. Its age is told by S3's own clock. One that is
 * older than the lease is replaced, if it is still the same.
 */
export async function lockS3(calls: S3Calls, key: string, owner: LockOwner): Promise<HistoryLock> {
  const { target, bucket } = calls.place;
  let tag = await acquire(calls, key, owner);
  let lost = false;
  const renew = async () => {
    const renewed = await put(calls, key, owner, { IfMatch: tag });
    // Ours all the same, when the answer to a renewal got lost or two of them met.
    const held = renewed === undefined ? await look(calls, key) : undefined;
    const ours = renewed ?? (held?.owner?.token === owner.token ? held.tag : undefined);
    if (ours === undefined) lost = true;
    else tag = ours;
  };
  // A failure is tried again in some minutes; `check` has the last word.
  const renewing = setInterval(() => void renew().catch(() => undefined), renewMs);
  renewing.unref();
  return {
    check: async () => {
      if (!lost) await renew();
      if (lost) throw lockLost(target);
    },
    release: async () => {
      clearInterval(renewing);
      if (lost) return;
      await calls.attempt('DeleteObject', ['PreconditionFailed', 'NoSuchKey'], (client, { DeleteObjectCommand }) =>
        client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: tag })),
      );
    },
  };
}

async function acquire(calls: S3Calls, key: string, owner: LockOwner): Promise<string> {
  const { target } = calls.place;
  for (let attempt = 1; ; attempt += 1) {
    const made = await put(calls, key, owner, { IfNoneMatch: '*' });
    if (made !== undefined) return made;
    const held = await look(calls, key);
    // Ours: the answer to an attempt before got lost.
    if (held?.owner?.token === owner.token) return held.tag;
    const stale = held !== undefined && held.ageMs > leaseMs;
    const taken = stale ? await put(calls, key, owner, { IfMatch: held.tag }) : undefined;
    if (taken !== undefined) return taken;
    const remedy = `If it does not run any more, its lock can be taken over ${String(leaseMs / 60_000)} minutes after it was last renewed.`;
    if (attempt >= tries || (held !== undefined && !stale)) throw heldBy(target, held?.owner, remedy);
    await sleep(Math.random() * 200 * attempt);
  }
}

/** The new tag; undefined when the condition did not hold. */
async function put(
  calls: S3Calls,
  key: string,
  owner: LockOwner,
  condition: { readonly IfMatch?: string } | { readonly IfNoneMatch: '*' },
): Promise<string | undefined> {
  const { bucket } = calls.place;
  // The same text twice would have the same tag: then one who took over could not be told from us.
  const Body = `${JSON.stringify({ ...owner, renewedAt: new Date().toISOString() })}\n`;
  const { output } = await calls.attempt(
    'PutObject',
    ['PreconditionFailed', 'NoSuchKey', conflict],
    (client, { PutObjectCommand }) =>
      client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body, ChecksumAlgorithm: 'SHA256', ...calls.encryption, ...condition }),
      ),
  );
  return output?.ETag;
}

interface Held {
  readonly owner: LockOwner | undefined;
  readonly tag: string;
  readonly ageMs: number;
}

async function look(calls: S3Calls, key: string): Promise<Held | undefined> {
  const { output, meta } = await calls.attempt('GetObject', ['NoSuchKey'], (client, { GetObjectCommand }) =>
    client.send(new GetObjectCommand({ Bucket: calls.place.bucket, Key: key })),
  );
  if (output === undefined) return undefined;
  const now = meta.date === null ? Date.now() : Date.parse(meta.date);
  return {
    owner: parseOwner((await output.Body?.transformToString()) ?? ''),
    tag: output.ETag ?? '',
    ageMs: now - (output.LastModified?.getTime() ?? now),
  };
}
