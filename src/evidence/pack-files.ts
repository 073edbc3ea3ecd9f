import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { reasonOf } from '#inventory/run-folder.js';
import { AtrestError } from '#model/errors.js';
import { indexTar, whyUnsafe, type TarEntry } from './tar.js';

/** Bytes that are read at a time. */
export const pieceBytes = 1 << 20;
/** More than the statement and the summary of the largest organisation; read at once, so that no more is. */
const wholeMax = 256 << 20;

/** The files of a pack, folder or tar, by name. Nothing is unpacked. */
export interface PackFiles {
  /** Bytes by name. */
  readonly sizes: ReadonlyMap<string, number>;
  /** The bytes of a file, piece by piece; with `into`, each piece is in that buffer, and the next one in its place. */
  open(name: string, into?: Buffer): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** A pack that is refused before anything in it is looked at. */
export class NotAPack extends Error {
  override readonly name = 'NotAPack';
}

/** Rejects with NotAPack what no pack is: links, devices, names that lead out of it, an archive that is not whole. */
export async function openPack(path: string): Promise<PackFiles> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (cause) {
    throw new AtrestError('usage', `The pack ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  return isFolder ? openFolder(path) : openTar(path);
}

function refusing(path: string): (why: string) => never {
  return (why) => {
    throw new NotAPack(`${path} is refused: ${why}`);
  };
}

async function openFolder(path: string): Promise<PackFiles> {
  const refuse = refusing(path);
  const sizes = new Map<string, number>();
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath, entry.name);
    const name = relative(path, file).split(sep).join('/');
    const why = whyUnsafe(name);
    if (why !== null) refuse(`it holds ${JSON.stringify(name)}, ${why}`);
    if (!entry.isFile()) refuse(`${name} is no plain file`);
    sizes.set(name, (await stat(file)).size);
  }
  return {
    sizes,
    open: (name, into) => readFrom(join(path, name), into),
    close: () => Promise.resolve(),
  };
}

async function openTar(path: string): Promise<PackFiles> {
  const file = await open(path);
  let entries: Map<string, TarEntry>;
  try {
    entries = await indexTar(file, refusing(path));
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    sizes: new Map([...entries].map(([name, { bytes }]) => [name, bytes])),
    open: (name, into) => readPieces(file, entries.get(name) ?? { start: 0, bytes: 0 }, into),
    close: () => file.close(),
  };
}

/** The bytes of a file of the disk, as `open` gives them. */
export async function* readFrom(path: string, into?: Buffer): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    yield* readPieces(file, { start: 0, bytes: (await file.stat()).size }, into);
  } finally {
    await file.close();
  }
}

async function* readPieces(file: FileHandle, { start, bytes }: TarEntry, into?: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes;) {
    const length = Math.min(into?.length ?? pieceBytes, bytes - at);
    const { bytesRead, buffer } = await file.read(into ?? Buffer.allocUnsafe(length), 0, length, start + at);
    // It became shorter since it was looked at: its digest will tell.
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** A small file at once; undefined: it is not there, or no small one. */
export async function readAll(files: PackFiles, name: string): Promise<Buffer | undefined> {
  const size = files.sizes.get(name);
  if (size === undefined || size > wholeMax) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of files.open(name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
