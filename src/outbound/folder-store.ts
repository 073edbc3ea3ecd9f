import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, copyFile, mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AtrestError } from '#model/errors.js';
import { lockFolder, type IsAlive } from './folder-lock.js';
import {
  lockName,
  manifestName,
  type HistoryLock,
  type HistoryStore,
  type LockOwner,
  type RunFile,
  type StoredText,
} from './store.js';

const partial = '.partial';
/** A run on its way out: no longer below `runs/`, so that no reader finds half of it. */
const leaving = 'removed';

/** A history in a folder. */
export class FolderStore implements HistoryStore {
  readonly target: string;
  readonly #path: string;
  readonly #isAlive: IsAlive;

  constructor(path: string, isAlive: IsAlive) {
    this.target = path;
    this.#path = path;
    this.#isAlive = isAlive;
  }

  async lock(owner: LockOwner): Promise<HistoryLock> {
    let made: string | undefined;
    try {
      made = await mkdir(this.#path, { recursive: true });
      const lock = await lockFolder(join(this.#path, lockName), this.target, owner, this.#isAlive);
      return {
        check: lock.check,
        release: async () => {
          await lock.release();
          // A run that came to nothing leaves no folder behind; one that holds anything stays.
          if (made !== undefined) await rmdir(this.#path).catch(() => undefined);
        },
      };
    } catch (error) {
      if (error instanceof AtrestError) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      throw new AtrestError('output', `Cannot write to the history ${this.target}: ${code ?? message}`, { cause: error });
    }
  }

  async read(name: string): Promise<StoredText | undefined> {
    try {
      const text = await readFile(join(this.#path, name), 'utf8');
      return { text, version: createHash('sha256').update(text).digest('hex') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(name: string, text: string, over: StoredText | undefined): Promise<void> {
    if (over !== undefined && (await this.read(name))?.version !== over.version)
      throw new AtrestError('output', `${join(this.#path, name)} was changed by another meanwhile`);
    const path = join(this.#path, name);
    const file = await open(path + partial, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(path + partial, path);
  }

  async putRun(run: string, files: readonly RunFile[]): Promise<string> {
    const whole = this.#run(run);
    if (await this.isWhole(run)) return whole;
    const into = whole + partial;
    for (const file of files) {
      const to = join(into, file.name);
      if (await isThere(to, file)) continue;
      await mkdir(dirname(to), { recursive: true });
      // A copy that shares its blocks with the run, where the file system can.
      await copyFile(file.path, to, constants.COPYFILE_FICLONE);
      if (!(await isThere(to, file)))
        throw new AtrestError('output', `${to} is not what ${file.path} was when the manifest was written`);
    }
    await rename(into, whole);
    return whole;
  }

  async runs(): Promise<readonly string[]> {
    const names = await readdir(join(this.#path, 'runs')).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const ids = names.map((name) => (name.endsWith(partial) ? name.slice(0, -partial.length) : name));
    return [...new Set(ids)].sort();
  }

  async isWhole(run: string): Promise<boolean> {
    return access(join(this.#run(run), manifestName)).then(
      () => true,
      () => false,
    );
  }

  async removeRun(run: string): Promise<void> {
    const gone = join(this.#path, leaving);
    await mkdir(gone, { recursive: true });
    if (await this.isWhole(run)) await rename(this.#run(run), join(gone, run));
    await rm(this.#run(run), { recursive: true, force: true });
    await rm(this.#run(run) + partial, { recursive: true, force: true });
    // With what an earlier removal left that was cut.
    await rm(gone, { recursive: true, force: true });
  }

  close(): void {
    // A folder holds nothing open.
  }

  #run(run: string): string {
    return join(this.#path, 'runs', run);
  }
}

async function isThere(path: string, { bytes, sha256 }: RunFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.size !== bytes) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === sha256;
}
