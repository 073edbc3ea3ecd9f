import { readFile } from 'node:fs/promises';
import { createText, type Io } from '#cli/io.js';

/** A world outside that remembers what a command said. */
export function testIo(env: Io['env'] = {}): Io & { outText(): string; errText(): string } {
  const said = { out: '', err: '' };
  return {
    out: (text) => void (said.out += text),
    outPieces: async (pieces) => {
      for await (const piece of pieces) said.out += piece;
    },
    err: (text) => void (said.err += text),
    outText: () => said.out,
    errText: () => said.err,
    ...{ errIsTty: false, columns: 80, env },
    readText: (path) => readFile(path, 'utf8'),
    createText,
    self: { pid: process.pid, isAlive: () => true },
    signal: new AbortController().signal,
    terminated: new AbortController().signal,
  };
}
