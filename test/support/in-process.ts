import { readFile } from 'node:fs/promises';
import type { Io } from '#cli/io.js';
import { run } from '#cli/run.js';
import type { CliResult } from './cli.js';

/** Runs a command in this process, as a user would whose environment holds what is given. */
export async function inProcess(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
    errIsTty: false,
    columns: 80,
    env,
    readText: (path) => readFile(path, 'utf8'),
    self: { pid: process.pid, isAlive: () => false },
    signal: new AbortController().signal,
    terminated: new AbortController().signal,
  };
  const code = await run(args, io);
  return { code, stdout, stderr };
}
