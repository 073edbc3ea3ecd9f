import pLimit from 'p-limit';
import type { ConnectionOptions } from '#aws/connection.js';
import { AtrestError } from '#model/errors.js';
import type { S3Calls } from './s3-calls.js';
import { historyUse, type S3Place } from './s3-errors.js';
import { lockS3 } from './s3-lock.js';
import { openS3, type OpenedS3 } from './s3-open.js';
import { contentType, upload } from './s3-upload.js';
import {
  lockName,
  manifestName,
  type HistoryLock,
  type HistoryStore,
  type LockOwner,
  type RunFile,
  type StoredText,
} from './store.js';

/** Files in transfer at once: each holds at most one part in memory. */
const uploadsAtOnce = 6;
const deletesAtOnce = 1000;

/** A history in S3. */
export class S3Store implements HistoryStore {
  readonly target: string;
  readonly #calls: S3Calls;
  /** For the lock, which has to be given back after Ctrl-C too. */
  readonly #lockCalls: S3Calls;
  readonly close: () => void;

  private constructor({ calls, unstopped, close }: OpenedS3) {
    this.target = calls.place.target;
    this.#calls = calls;
    this.#lockCalls = unstopped;
    this.close = close;
  }

  /** Finds the bucket's region. Rejects with an AtrestError that says what to allow. */
  static async open(place: S3Place, given: ConnectionOptions): Promise<S3Store> {
    return new S3Store(await openS3(place, historyUse, given));
  }

  async lock(owner: LockOwner): Promise<HistoryLock> {
    return lockS3(this.#lockCalls, this.#key(lockName), owner);
  }

  async read(name: string): Promise<StoredText | undefined> {
    const { output } = await this.#calls.attempt('GetObject', ['NoSuchKey'], (client, { GetObjectCommand }) =>
      client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: this.#key(name) })),
    );
    if (output === undefined) return undefined;
    return { text: (await output.Body?.transformToString()) ?? '', version: output.ETag ?? '' };
  }

  async write(name: string, text: string, over: StoredText | undefined): Promise<void> {
    const condition = over === undefined ? {} : { IfMatch: over.version };
    const request = {
      Bucket: this.#bucket,
      Key: this.#key(name),
      Body: text,
      ChecksumAlgorithm: 'SHA256' as const,
      ...contentType(name),
    };
    const { code } = await this.#calls.attempt(
      'PutObject',
      ['PreconditionFailed', 'ConditionalRequestConflict'],
      (client, { PutObjectCommand }) =>
        client.send(new PutObjectCommand({ ...request, ...this.#calls.encryption, ...condition })),
    );
    // The answer to an attempt before may have got lost.
    if (code !== null && (await this.read(name))?.text !== text)
      throw new AtrestError('output', `${name} of ${this.target} was changed by another meanwhile`);
  }

  async putRun(run: string, files: readonly RunFile[]): Promise<string> {
    const prefix = this.#run(run);
    const there = new Map<string, number>();
    for await (const { Key = '', Size = 0 } of this.#objects(prefix)) there.set(Key, Size);
    const put = (file: RunFile) => upload(this.#calls, prefix + file.name, file, there.get(prefix + file.name));
    const limit = pLimit(uploadsAtOnce);
    let failed = false;
    // Waits for everything to stop before it rejects: what is on its way is whole then.
    const results = await Promise.allSettled(
      files.flatMap((file) =>
        file.name === manifestName
          ? []
          : [
              limit(async () => {
                if (failed) return;
                await put(file).catch((error: unknown) => {
                  failed = true;
                  throw error;
                });
              }),
            ],
      ),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    for (const file of files) if (file.name === manifestName) await put(file);
    return `s3://${this.#bucket}/${prefix}`;
  }

  async runs(): Promise<readonly string[]> {
    const prefix = this.#key('runs/');
    const ids: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#calls.call('ListObjectsV2', (client, { ListObjectsV2Command }) =>
        client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, Delimiter: '/', ContinuationToken })),
      );
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) ids.push(Prefix.slice(prefix.length, -1));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return ids;
  }

  async isWhole(run: string): Promise<boolean> {
    const Key = this.#run(run) + manifestName;
    const { output } = await this.#calls.attempt('HeadObject', ['NotFound'], (client, { HeadObjectCommand }) =>
      client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key })),
    );
    return output !== undefined;
  }

  async removeRun(run: string): Promise<void> {
    const prefix = this.#run(run);
    const keys = [prefix + manifestName];
    for await (const { Key = '' } of this.#objects(prefix)) if (Key !== keys[0]) keys.push(Key);
    // The manifest alone and first: from here on there is no such run.
    await this.#delete(keys.slice(0, 1));
    for (let start = 1; start < keys.length; start += deletesAtOnce) await this.#delete(keys.slice(start, start + deletesAtOnce));
  }

  async #delete(keys: readonly string[]): Promise<void> {
    const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
    const { Errors = [] } = await this.#calls.call('DeleteObjects', (client, { DeleteObjectsCommand }) =>
      client.send(new DeleteObjectsCommand({ Bucket: this.#bucket, Delete, ChecksumAlgorithm: 'SHA256' })),
    );
    const [first] = Errors;
    if (first === undefined) return;
    throw new AtrestError(
      'output',
      `Cannot remove ${String(Errors.length)} objects of ${this.target}: ${first.Key ?? ''}: ${first.Code ?? ''}`,
      { hint: `Allow s3:DeleteObject on arn:aws:s3:::${this.#bucket}/${this.#calls.place.prefix}*.` },
    );
  }

  async *#objects(prefix: string) {
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#calls.call('ListObjectsV2', (client, { ListObjectsV2Command }) =>
        client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ContinuationToken })),
      );
      yield* page.Contents ?? [];
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  get #bucket(): string {
    return this.#calls.place.bucket;
  }

  #key(name: string): string {
    return `${this.#calls.place.prefix}${name}`;
  }

  #run(run: string): string {
    return this.#key(`runs/${run}/`);
  }
}
