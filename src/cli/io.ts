import { open, readFile, rm } from 'node:fs/promises';

/** The world outside, as commands see it. stdout carries data only; everything else goes to stderr. */
export interface Io {
  out(text: string): void;
  /** To stdout, no faster than it is read. */
  outPieces(pieces: AsyncIterable<string>): Promise<void>;
  err(text: string): void;
  readonly errIsTty: boolean;
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readText(path: string): Promise<string>;
  /** Writes a file that is not there yet; rejects with EEXIST when it is. */
  createText(path: string, text: string): Promise<void>;
  /** This process, for locks. */
  readonly self: { readonly pid: number; readonly isAlive: (pid: number) => boolean };
  /** Aborted by SIGINT. */
  readonly signal: AbortSignal;
  /** Aborted by SIGTERM. */
  readonly terminated: AbortSignal;
}

export function processIo(): Io {
  let signal: AbortSignal | undefined;
  let terminated: AbortSignal | undefined;
  return {
    out: (text) => void process.stdout.write(text),
    outPieces: async (pieces) => {
      for await (const piece of pieces) if (!(await isWritten(piece))) return;
    },
    err: (text) => void process.stderr.write(text),
    errIsTty: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    columns: process.stderr.columns || 80,
    env: process.env,
    readText: (path) => readFile(path, 'utf8'),
    createText,
    self: { pid: process.pid, isAlive },
    // Caught only for commands that ask: the others end at once, as any program does.
    get signal() {
      return (signal ??= interruption());
    },
    get terminated() {
      return (terminated ??= termination());
    },
  };
}

export async function createText(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** False when nobody reads any more; what else goes wrong with stdout is said by who listens to its errors. */
function isWritten(piece: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(piece, (error) => {
      resolve(error === null || error === undefined);
    });
  });
}

function interruption(): AbortSignal {
  const stop = new AbortController();
  // Never `once`: between the removal of one listener and the next, the signal would kill the process outright.
  process.on('SIGINT', () => {
    // A second Ctrl-C does not wait for what is in flight.
    // eslint-disable-next-line n/no-process-exit -- this is what the second Ctrl-C asks for
    if (stop.signal.aborted) process.exit(130);
    stop.abort(new Error('SIGINT'));
  });
  return stop.signal;
}

function termination(): AbortSignal {
  const stop = new AbortController();
  process.on('SIGTERM', () => {
    stop.abort(new Error('SIGTERM'));
  });
  return stop.signal;
}

/** Signal 0 asks for nothing but whether the process is there; one that may not be asked is. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
