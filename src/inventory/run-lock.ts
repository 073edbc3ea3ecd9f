import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AtrestError } from '#model/errors.js';

export const lockFile = 'run.lock';

/** The holder shows this often that it is alive; of a process on another machine nothing else is to be seen. */
const beatMs = 10_000;
const silentMs = 60_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, so that another one with the same number is not taken for it; null where it cannot be told. */
  readonly began: string | null;
}

/**
 * Takes the lock of a run folder, from a process that died with it too. Answers with a function that gives it back;
 * rejects when a living process holds it.
 */
export async function lockRun(path: string): Promise<() => Promise<void>> {
  const lock = join(path, lockFile);
  const own = `${lock}.${String(process.pid)}`;
  const text = JSON.stringify({ pid: process.pid, host: hostname(), began: await beganAt(process.pid) } satisfies Holder);
  await writeFile(own, text);
  try {
    while (!(await linked(own, lock))) await breakLock(path, lock, own);
  } finally {
    await rm(own, { force: true });
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => undefined);
  }, beatMs);
  beat.unref();
  return async () => {
    clearInterval(beat);
    await rm(lock, { force: true });
  };
}

/** A link is made whole or not at all, and never over a file that is there. */
async function linked(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw error;
  }
}

/** Puts the lock of a dead process away; rejects when it is a living one's. */
async function breakLock(path: string, lock: string, own: string): Promise<void> {
  const held = await readLock(lock);
  if (held === undefined) return;
  if (await lives(held)) throw inUse(path, held.holder);
  const broken = `${own}.broken`;
  try {
    await rename(lock, broken);
  } catch (error) {
    // Somebody else was quicker: look again.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Between the look and the rename another process may have taken it: then it gets it back.
  const taken = await readFile(broken, 'utf8');
  if (taken !== held.text) await linked(broken, lock);
  await rm(broken, { force: true });
}

interface HeldLock {
  readonly text: string;
  readonly holder: Holder;
  readonly beatAt: number;
}

/** Undefined when it has gone meanwhile. */
async function readLock(lock: string): Promise<HeldLock | undefined> {
  try {
    const text = await readFile(lock, 'utf8');
    const { mtimeMs } = await stat(lock);
    return { text, holder: parseHolder(text), beatAt: mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What a crash of the machine left of the file is nobody's. */
function parseHolder(text: string): Holder {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid: 0, host: hostname(), began: null };
  }
}

async function lives({ holder: { pid, host, began }, beatAt }: HeldLock): Promise<boolean> {
  if (host !== hostname()) return Date.now() - beatAt < silentMs;
  if (pid <= 0 || !isRunning(pid)) return false;
  const beganNow = await beganAt(pid);
  return began === null || beganNow === null || began === beganNow;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Linux says when a process began, in ticks since the machine did; elsewhere null. A process that only waits to be reaped is dead. */
async function beganAt(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    // The second field, the name in parentheses, may hold anything.
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? 'dead' : (fields[18] ?? null);
  } catch {
    return null;
  }
}

function inUse(path: string, { pid, host }: Holder): AtrestError {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new AtrestError('run-folder', `${path} is being worked on by another atrest: process ${String(pid)}${where}`, {
    hint: 'Wait until it has ended, or stop it.',
  });
}
