import { AtrestError } from '#model/errors.js';

/** A file of a run as it is to be stored. `name` has forward slashes. */
export interface RunFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** In hex, as the manifest has it. */
  readonly sha256: string;
}

/** Who holds a lock, told to whoever finds it. */
export interface LockOwner {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
}

/** One run at a time writes into a history. */
export interface HistoryLock {
  /** Rejects when another has taken the lock over meanwhile. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** A text of a history, and what tells it from one that somebody wrote meanwhile. */
export interface StoredText {
  readonly text: string;
  readonly version: string;
}

/** Where a history is kept. Runs lie below `runs/`; of each its manifest comes last and goes first. */
export interface HistoryStore {
  /** As the user named it. */
  readonly target: string;
  lock(owner: LockOwner): Promise<HistoryLock>;
  read(name: string): Promise<StoredText | undefined>;
  /** Writes whole or not at all; with `over`, only in place of that text. */
  write(name: string, text: string, over: StoredText | undefined): Promise<void>;
  /** Stores a run, the manifest last. What is there with the right checksum is not sent again. Answers where it is. */
  putRun(run: string, files: readonly RunFile[]): Promise<string>;
  /** Runs of which anything is there. */
  runs(): Promise<readonly string[]>;
  /** Whether the run is there to its manifest. */
  isWhole(run: string): Promise<boolean>;
  removeRun(run: string): Promise<void>;
  close(): void;
}

export const lockName = 'lock.json';
export const manifestName = 'manifest.json';

/** A lock that nobody has renewed for so long is taken over. Its holder renews it several times in that time. */
export const leaseMs = 15 * 60_000;
export const renewMs = 3 * 60_000;

export function heldBy(target: string, owner: LockOwner | undefined, remedy: string): AtrestError {
  const who =
    owner === undefined ? 'another run' : `a run that began at ${owner.startedAt} on ${owner.host} (process ${owner.pid})`;
  return new AtrestError('output', `${target} is in use by ${who}`, { hint: `Wait until it ends. ${remedy}` });
}

export function lockLost(target: string): AtrestError {
  return new AtrestError('output', `Another run has taken over the lock of ${target}, as this one did not renew it in time`);
}

/** Undefined for what is no lock of ours. */
export function parseOwner(text: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(text) as LockOwner;
    return typeof owner.token === 'string' ? owner : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
