import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import { pieceBytes, readFrom } from './pack-files.js';
import { tarEnd, tarHeader, tarPadding, whyUnsafe } from './tar.js';

/** Where the files of a pack go, one after the other: a folder, or a tar where the name ends so. It appears when it is whole. */
export class PackSink {
  /** SHA-256 of what was written, by name. */
  readonly digests = new Map<string, string>();
  readonly #path: string;
  readonly #partial: string;
  /** Undefined: a folder. */
  readonly #tar: FileHandle | undefined;
  readonly #piece = Buffer.allocUnsafe(pieceBytes);

  private constructor(path: string, partial: string, tar: FileHandle | undefined) {
    this.#path = path;
    this.#partial = partial;
    this.#tar = tar;
  }

  /** Rejects where something is in the way. */
  static async create(path: string): Promise<PackSink> {
    const partial = `${path.replace(/\/+$/, '')}.${randomUUID().slice(0, 8)}.partial`;
    try {
      if (/\.(tgz|gz|bz2|xz|zip|zst)$/.test(path))
        throw new AtrestError('output', `A pack is a folder or a .tar, not ${path}`, {
          hint: 'What can be is compressed already.',
        });
      const isTar = path.endsWith('.tar');
      if (await isTaken(path, isTar))
        throw new AtrestError('output', isTar ? `${path} is there already` : `${path} is not empty`, {
          hint: 'Name another place with --out.',
        });
      await mkdir(isTar ? dirname(partial) : partial, { recursive: true });
      return new PackSink(path, partial, isTar ? await open(partial, 'wx') : undefined);
    } catch (cause) {
      if (cause instanceof AtrestError) throw cause;
      throw new AtrestError('output', `Cannot write to ${path}: ${reasonOf(cause)}`, { cause });
    }
  }

  /** Adds a file of the disk. */
  async addFile(name: string, path: string): Promise<void> {
    await this.#add(name, (await stat(path)).size, readFrom(path, this.#piece));
  }

  async addBytes(name: string, content: string | Buffer): Promise<void> {
    const bytes = Buffer.from(content);
    await this.#add(name, bytes.length, [bytes]);
  }

  async #add(name: string, bytes: number, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const why = whyUnsafe(name);
    if (why !== null) throw new AtrestError('run-folder', `${JSON.stringify(name)} cannot be packed: it is a name ${why}`);
    const file = this.#tar ?? (await this.#openFile(name));
    const hash = createHash('sha256');
    let written = 0;
    try {
      if (this.#tar !== undefined) await file.writeFile(tarHeader(name, bytes));
      for await (const chunk of content) {
        // Written before the next is read: all chunks of a file are in one buffer.
        const writing = file.writeFile(chunk);
        hash.update(chunk);
        written += chunk.length;
        await writing;
      }
      if (written !== bytes) throw new AtrestError('run-folder', `${name} changed while it was packed`, { hint: 'Pack again.' });
      if (this.#tar !== undefined) await file.writeFile(tarPadding(bytes));
    } finally {
      if (this.#tar === undefined) await file.close();
    }
    this.digests.set(name, hash.digest('hex'));
  }

  async #openFile(name: string): Promise<FileHandle> {
    const path = join(this.#partial, name);
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'wx');
  }

  /** Gives the pack its name. */
  async close(): Promise<void> {
    if (this.#tar !== undefined) {
      await this.#tar.writeFile(tarEnd);
      await this.#tar.sync();
      await this.#tar.close();
    }
    await rename(this.#partial, this.#path);
  }

  /** Gives the pack up; nothing is left of it. */
  async discard(): Promise<void> {
    await this.#tar?.close().catch(() => undefined);
    await rm(this.#partial, { recursive: true, force: true });
  }
}

async function isTaken(path: string, isTar: boolean): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return false;
  if (isTar || !there.isDirectory() || (await readdir(path)).length > 0) return true;
  // An empty folder makes way for the pack's own.
  await rmdir(path);
  return false;
}
