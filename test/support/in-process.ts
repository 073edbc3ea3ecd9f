import { readFile } from 'node:fs/promises';
import type { Io } from '#cli/io.js';
import { run } from '#cli/run.js';

/** What a command did, run without a process of its own. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function ran(args: readonly string[], env: Io['env'] = {}): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const code = await run(args, {
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    errIsTty: false,
    columns: 80,
    env,
    readText: (path) => readFile(path, 'utf8'),
    self: { pid: process.pid, isAlive: () => true },
    signal: new AbortController().signal,
    terminated: new AbortController().signal,
  });
  return { code, stdout, stderr };
}
