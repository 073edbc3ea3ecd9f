import { readFile } from 'node:fs/promises';

/** The world outside, as commands see it. stdout carries data only; everything else goes to stderr. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly errIsTty: boolean;
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readText(path: string): Promise<string>;
  /** This process, for locks. */
  readonly self: { readonly pid: number; readonly isAlive: (pid: number) => boolean };
  /** Aborted by SIGINT. */
  readonly signal: AbortSignal;
}

export function processIo(signal: AbortSignal): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    errIsTty: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    columns: process.stderr.columns || 80,
    env: process.env,
    readText: (path) => readFile(path, 'utf8'),
    self: { pid: process.pid, isAlive },
    signal,
  };
}

/** Signal 0 asks for nothing but whether the process is there; one that may not be asked is. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
