import { readlink, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { heldBy, leaseMs, lockLost, parseOwner, renewMs, type HistoryLock, type LockOwner } from './store.js';

/** Tells whether a process of this machine still runs. */
export type IsAlive = (pid: number) => boolean;

/** A guard is held for moments; one that is older was left by a process that was killed in them. */
const guardMs = 60_000;

/**
 * Takes the lock of a folder: a file that only one process can create. Its age is the time since its holder renewed it.
 * It is stale when that is longer than the lease, or when its holder was a process of this machine that is gone.
 */
export async function lockFolder(path: string, target: string, owner: LockOwner, isAlive: IsAlive): Promise<HistoryLock> {
  // Process ids mean something in their own namespace only: containers of one host have several.
  const mine = { ...owner, namespace: await pidNamespace() };
  const text = `${JSON.stringify(mine)}\n`;
  if (!(await create(path, text))) await takeOver(path, target, text, (held) => isGone(held, mine, isAlive));
  const renewing = setInterval(() => void renew(path, owner.token), renewMs);
  renewing.unref();
  return {
    check: async () => {
      if ((await holder(path))?.token !== owner.token) throw lockLost(target);
    },
    release: async () => {
      clearInterval(renewing);
      if ((await holder(path))?.token === owner.token) await rm(path, { force: true });
    },
  };
}

type Held = LockOwner & { readonly namespace?: string | null };

async function pidNamespace(): Promise<string | null> {
  return readlink('/proc/self/ns/pid').catch(() => null);
}

function isGone(held: Held, mine: Held, isAlive: IsAlive): boolean {
  return held.host === mine.host && held.namespace === mine.namespace && held.pid !== mine.pid && !isAlive(held.pid);
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function holder(path: string): Promise<Held | undefined> {
  const text = await readFile(path, 'utf8').catch(absent);
  return text === undefined ? undefined : parseOwner(text);
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

async function ageMs(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(absent);
  return found === undefined ? undefined : Date.now() - found.mtimeMs;
}

/** Puts our lock in the place of a stale one. Two that find it stale do so one after the other, behind a guard. */
async function takeOver(path: string, target: string, text: string, isGone: (held: Held) => boolean): Promise<void> {
  const guard = `${path}.takeover`;
  const busy = async () => heldBy(target, await holder(path), `If no such process runs any more, delete ${path}.`);
  const isStale = async () => {
    const [held, age] = [await holder(path), await ageMs(path)];
    return age === undefined || age > leaseMs || (held !== undefined && isGone(held));
  };
  if (!(await isStale())) throw await busy();
  if (((await ageMs(guard)) ?? 0) > guardMs) await rm(guard, { force: true });
  if (!(await create(guard, text))) throw await busy();
  try {
    // Another may have been here between the look and the guard.
    if (!(await isStale())) throw await busy();
    await writeFile(`${path}.partial`, text);
    await rename(`${path}.partial`, path);
  } finally {
    await rm(guard, { force: true });
  }
}

/** A disk that hiccups now is asked again in some minutes; only a lease that ran out is of consequence. */
async function renew(path: string, token: string): Promise<void> {
  const now = new Date();
  const held = await holder(path).catch(() => undefined);
  if (held?.token === token) await utimes(path, now, now).catch(() => undefined);
}
