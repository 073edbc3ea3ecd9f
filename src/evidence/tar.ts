import type { FileHandle } from 'node:fs/promises';
import { AtrestError } from '#model/errors.js';

export const blockBytes = 512;
/** The same for every file of every pack, so that the same pack is the same bytes: the first second of 1980. */
const modified = 315_532_800;
/** Eleven octal digits. */
const bytesMax = 8 ** 11 - 1;

/** The 512 bytes before a file. There is one way to write them, and a pack that has others is refused. */
export function tarHeader(name: string, bytes: number): Buffer {
  if (bytes > bytesMax)
    throw new AtrestError('output', `${name} is too large for a tar: ${String(bytes)} bytes`, { hint: 'Pack into a folder.' });
  const header = Buffer.alloc(blockBytes);
  const [prefix, base] = splitName(name);
  header.write(base, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${octal(bytes)}\0`, 124);
  header.write(`${octal(modified)}\0`, 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write('0000000\0', 329);
  header.write('0000000\0', 337);
  header.write(prefix, 345, 155);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** What fills the last block of a file. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((blockBytes - (bytes % blockBytes)) % blockBytes);
}

/** What ends the archive. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

function octal(value: number): string {
  return value.toString(8).padStart(11, '0');
}

/** A name of more than 100 bytes is parted at a slash. */
function splitName(name: string): readonly [prefix: string, base: string] {
  if (Buffer.byteLength(name) <= 100) return ['', name];
  for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1)) {
    const [prefix, base] = [name.slice(0, slash), name.slice(slash + 1)];
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(base) <= 100) return [prefix, base];
  }
  throw new AtrestError('output', `${name} is too long a name for a tar`, { hint: 'Pack into a folder.' });
}

/** Where a file of an archive is. */
export interface TarEntry {
  readonly start: number;
  readonly bytes: number;
}

/**
 * The files of an archive, without reading them. Takes nothing but what `tarHeader` writes: no links, no devices, no
 * folders, no extensions, no name twice, nothing behind the end. `refuse` says why an archive is no pack; it throws.
 */
export async function indexTar(file: FileHandle, refuse: (why: string) => never): Promise<Map<string, TarEntry>> {
  const { size } = await file.stat();
  const entries = new Map<string, TarEntry>();
  const block = Buffer.alloc(blockBytes);
  const read = async (at: number, bytes = blockBytes): Promise<Buffer> => {
    const { bytesRead } = await file.read(block, 0, bytes, at);
    if (bytesRead < bytes) refuse('it ends in the middle: it is truncated');
    return block.subarray(0, bytes);
  };
  let at = 0;
  for (;;) {
    const header = await read(at);
    if (header.every((byte) => byte === 0)) break;
    const { name, bytes } = readHeader(header, refuse);
    if (entries.has(name)) refuse(`it holds ${name} twice`);
    entries.set(name, { start: at + blockBytes, bytes });
    const padding = tarPadding(bytes).length;
    at += blockBytes + bytes;
    if (at + padding > size) refuse(`it ends within ${name}: it is truncated`);
    if (padding > 0 && (await read(at, padding)).some((byte) => byte !== 0)) refuse(`bytes are hidden behind ${name}`);
    at += padding;
  }
  if (size !== at + tarEnd.length) refuse(size < at + tarEnd.length ? 'it is truncated' : 'there are bytes behind its end');
  if ((await read(at + blockBytes)).some((byte) => byte !== 0)) refuse('there are bytes behind its end');
  return entries;
}

function readHeader(header: Buffer, refuse: (why: string) => never): { readonly name: string; readonly bytes: number } {
  const text = (from: number, length: number) => {
    const field = header.toString('utf8', from, from + length);
    const end = field.indexOf('\0');
    return end === -1 ? field : field.slice(0, end);
  };
  const prefix = text(345, 155);
  const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  const bytes = /^[0-7]{11}$/.test(text(124, 12)) ? Number.parseInt(text(124, 12), 8) : -1;
  const why = whyUnsafe(name);
  if (why !== null) refuse(`it holds ${JSON.stringify(name)}, ${why}`);
  const type = header.toString('latin1', 156, 157);
  if (type !== '0') refuse(`${name} is no plain file (type ${JSON.stringify(type)})`);
  if (bytes < 0 || !isSame(header, name, bytes)) refuse(`the header of ${name} is not as atrest writes it`);
  return { name, bytes };
}

function isSame(header: Buffer, name: string, bytes: number): boolean {
  return header.equals(tarHeader(name, bytes));
}

/** Why a name may not be a file of a pack; null: it may. */
export function whyUnsafe(name: string): string | null {
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'which is an absolute path';
  const steps = name.split('/');
  if (steps.some((step) => step === '..' || step === '.' || step === ''))
    return 'which leads out of the pack or is no plain path';
  return /^[\w.@+=/-]+$/.test(name) ? null : 'which has characters that no file of a pack has';
}
