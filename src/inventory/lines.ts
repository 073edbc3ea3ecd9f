import { isAscii } from 'node:buffer';
import { createReadStream, createWriteStream, mkdirSync, writeFile as writeFileOf } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { PassThrough, type Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { AtrestError } from '#model/errors.js';

/** Fast, and on text as repetitive as ours within a few per cent of the default level. */
const gzip = { level: 2 };
const flushAtChars = 1 << 16;

/**
 * Writes lines to a file that appears by rename when it is whole: a reader never sees half of it.
 * Gzipped when the name ends in `.gz`.
 */
export class LineWriter {
  readonly #path: string;
  /** Once there is more than one piece. */
  #sink: Sink | undefined;
  #failure: Error | undefined;
  #behind = false;
  #pending: string[] = [];
  #pendingChars = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes a line; when `full` says so, await `drained` before the next. */
  write(line: string): void {
    this.#pending.push(line);
    this.#pendingChars += line.length;
    if (this.#pendingChars >= flushAtChars) this.#flush();
  }

  /** Whether the disk is behind. */
  get full(): boolean {
    return this.#behind || this.#failure !== undefined;
  }

  /** Resolves when the disk has caught up; rejects when the file cannot be written. */
  async drained(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const sink = this.#sink;
    if (!this.#behind || sink === undefined) return;
    await Promise.race([new Promise((resolve) => sink.stream.once('drain', resolve)), sink.done]);
    this.#behind = false;
  }

  #flush(): void {
    const text = this.#take();
    if (text === '') return;
    const sink = (this.#sink ??= this.#open());
    if (this.#failure === undefined && !sink.stream.write(text)) this.#behind = true;
  }

  #take(): string {
    const text = this.#pending.length === 0 ? '' : `${this.#pending.join('\n')}\n`;
    this.#pending = [];
    this.#pendingChars = 0;
    return text;
  }

  #open(): Sink {
    const stream = new PassThrough({ highWaterMark: 1 << 20 });
    mkdirSync(dirname(this.#path), { recursive: true });
    const file = createWriteStream(partial(this.#path));
    const done = isGzip(this.#path) ? pipeline(stream, createGzip(gzip), file) : pipeline(stream, file);
    // Kept for write() and close(), which both report it; without a handler it would end the process.
    done.catch((error: unknown) => {
      this.#failure = error as Error;
    });
    return { stream, done };
  }

  /** Finishes the file, puts it safely on disk and gives it its name. */
  async close(): Promise<void> {
    // Of a scan's files nearly all are so small that a stream would be most of the work on them.
    if (this.#sink === undefined) {
      const text = this.#take();
      await writeWhole(this.#path, isGzip(this.#path) ? gzipSync(text, gzip) : text);
      return;
    }
    this.#flush();
    this.#sink.stream.end();
    await this.#sink.done;
    await syncFile(partial(this.#path));
    await rename(partial(this.#path), this.#path);
  }

  /** Gives the file up; nothing is left of it. */
  async discard(): Promise<void> {
    this.#sink?.stream.destroy();
    await this.#sink?.done.catch(() => undefined);
    await rm(partial(this.#path), { force: true });
  }
}

/** The way to the disk. */
interface Sink {
  readonly stream: PassThrough;
  readonly done: Promise<void>;
}

function isGzip(path: string): boolean {
  return path.endsWith('.gz');
}

function partial(path: string): string {
  return `${path}.partial`;
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes a small file whole or not at all. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(partial(path), content, { flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial(path), content, { flush: true });
  }
  await rename(partial(path), path);
}

/** A crawl writes thousands of small files: with a handle and a promise for each step one costs half as much again. */
const writeFile = promisify(writeFileOf);

/** Writes pieces of text to a file that appears when it is whole. */
export async function writePieces(path: string, pieces: AsyncIterable<string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await pipeline(pieces, createWriteStream(partial(path)));
    await syncFile(partial(path));
    await rename(partial(path), path);
  } catch (error) {
    await rm(partial(path), { force: true });
    throw error;
  }
}

/** Makes one file of several, which are gone afterwards: gzipped ones need no more than to follow one another. */
export async function joinFiles(parts: readonly string[], path: string): Promise<void> {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('There is nothing to join');
  const whole = await open(first, 'a');
  try {
    for (const part of others) {
      for await (const chunk of createReadStream(part)) await whole.appendFile(chunk as Buffer);
      await rm(part);
    }
    await whole.sync();
  } finally {
    await whole.close();
  }
  await rename(first, path);
}

/** Bytes that are made into text at a time: V8 keeps larger strings apart, where they cost more to collect. */
const pieceBytes = 1 << 16;

/**
 * ASCII, as nearly all of it is, decodes several times faster as Latin-1. A character that the piece before left open
 * goes on in bytes that are not ASCII, so that nothing is lost between the two ways.
 */
function textOf(piece: Buffer, decoder: StringDecoder): string {
  return isAscii(piece) ? piece.toString('latin1') : decoder.write(piece);
}

/** Reads the lines of a file, gunzipped when its name ends in `.gz`, a batch at a time. */
export function readLines(path: string): AsyncGenerator<readonly string[]> {
  return linesOf(readChunks(path));
}

/**
 * The lines of a text, a batch at a time. With `longest`, of a text that nobody vouches for: a line of more characters
 * or a last line without an end is refused.
 */
export async function* linesOf(text: AsyncIterable<Buffer>, longest = Infinity): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of text) {
    for (let start = 0; start < chunk.length; start += pieceBytes) {
      const lines = textOf(chunk.subarray(start, start + pieceBytes), decoder).split('\n');
      // Not the other way round: to put it before the whole piece would copy the piece.
      lines[0] = rest + (lines[0] ?? '');
      rest = lines.pop() ?? '';
      if (rest.length > longest) throw new Error('a line does not end');
      if (lines.length > 0) yield lines;
    }
  }
  rest += decoder.end();
  if (rest === '') return;
  if (longest < Infinity) throw new Error('its last line does not end');
  yield [rest];
}

/** The same file as bytes, in blocks of whole lines: for those who look at few of them. */
export async function* readBlocks(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of readChunks(path)) {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end === 0) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    yield rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([rest, chunk.subarray(0, end)]);
    // A copy: a piece of it would keep the whole chunk.
    rest = Buffer.from(chunk.subarray(end));
  }
  if (rest.length > 0) yield rest;
}

export const lineFeed = 0x0a;

/** Compressed bytes up to which a file is read in one piece: for the thousands of small cells, streams are most of the work. */
const smallBytes = 1 << 16;

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  if (isGzip(path) && (await stat(path)).size <= smallBytes) {
    const zipped = await readFile(path);
    yield undamaged(path, () => gunzipSync(zipped));
    return;
  }
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const gunzip = isGzip(path) ? createGunzip({ chunkSize: 1 << 18 }) : undefined;
  const source: Readable = gunzip === undefined ? file : file.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    for await (const chunk of source) yield chunk as Buffer;
  } catch (error) {
    throw damage(path, error);
  } finally {
    file.destroy();
    gunzip?.destroy();
  }
}

function undamaged<T>(path: string, unzip: () => T): T {
  try {
    return unzip();
  } catch (error) {
    throw damage(path, error);
  }
}

/** An error of zlib's as what it means, any other as it is. */
function damage(path: string, error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return code.startsWith('Z_') ? new AtrestError('run-folder', `${path} is damaged: ${message}`, { cause: error }) : error;
}
