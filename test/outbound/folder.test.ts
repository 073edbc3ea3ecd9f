import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FolderStore } from '#outbound/folder-store.js';
import { folder, folderBench, lineOf, owner, runOf } from './support.js';

async function lockFile(path: string, text: string, minutesAgo = 0): Promise<string> {
  await mkdir(path, { recursive: true });
  const file = join(path, 'lock.json');
  await writeFile(file, text);
  const at = new Date(Date.now() - minutesAgo * 60_000);
  await utimes(file, at, at);
  return file;
}

/** The lock as it stands, taken and left behind by some process. */
async function left(path: string): Promise<string> {
  const store = new FolderStore(path, () => true);
  await store.lock(owner(99_999));
  return readFile(join(path, 'lock.json'), 'utf8');
}

describe('the lock of a folder', () => {
  test('of a process of this machine that is gone is taken over at once, by one', async () => {
    const { path } = await folderBench();
    await left(path);
    const stores = Array.from({ length: 8 }, () => new FolderStore(path, (pid) => pid !== 99_999));
    const ends = await Promise.allSettled(stores.map((store) => store.lock(owner(process.pid))));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('that another takes over between our look and our hand is not ours', async () => {
    const { path } = await folderBench();
    const file = await lockFile(path, await left(path));
    const other = { ...(JSON.parse(await readFile(file, 'utf8')) as object), ...owner(1234) };
    const isAlive = (pid: number) => {
      if (pid === 99_999) writeFileSync(file, JSON.stringify(other));
      return pid === 1234;
    };
    await expect(new FolderStore(path, isAlive).lock(owner())).rejects.toThrow(/process 1234/);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(other);
  });

  test('of another container of this host tells nothing by its process id', async () => {
    const { path } = await folderBench();
    await lockFile(path, JSON.stringify({ ...owner(99_999), namespace: 'pid:[1]' }));
    await expect(new FolderStore(path, () => false).lock(owner())).rejects.toThrow(/in use/);
  });

  test('of a process that runs is not, and says which file to delete', async () => {
    const { path } = await folderBench();
    await left(path);
    const lock = new FolderStore(path, () => true).lock(owner());
    await expect(lock).rejects.toMatchObject({ hint: expect.stringContaining(`delete ${join(path, 'lock.json')}`) as string });
  });

  test('of another machine is taken over when it was not renewed for a quarter of an hour', async () => {
    const { path } = await folderBench();
    const elsewhere = JSON.stringify({ ...owner(), host: 'elsewhere' });
    await lockFile(path, elsewhere, 14);
    await expect(new FolderStore(path, () => false).lock(owner())).rejects.toThrow(/on elsewhere/);
    await lockFile(path, elsewhere, 16);
    const lock = await new FolderStore(path, () => false).lock(owner());
    await lock.check();
  });

  test('that is empty or damaged is held until it is old', async () => {
    const { path } = await folderBench();
    await lockFile(path, '');
    await expect(new FolderStore(path, () => false).lock(owner())).rejects.toThrow(/in use by another run/);
    await lockFile(path, '{', 16);
    await expect(new FolderStore(path, () => false).lock(owner())).resolves.toBeDefined();
  });

  test('that was taken over is not its holder’s any more, who neither writes nor removes it', async () => {
    const { path } = await folderBench();
    const lock = await new FolderStore(path, () => true).lock(owner());
    const file = await lockFile(path, JSON.stringify(owner()));
    await expect(lock.check()).rejects.toThrow(/taken over/);
    await lock.release();
    await expect(readFile(file, 'utf8')).resolves.toContain('token');
  });
});

test('a folder that cannot be made is one clear error', async () => {
  const path = join(await folder(), 'file');
  await writeFile(path, '');
  await expect(new FolderStore(join(path, 'history'), () => false).lock(owner())).rejects.toMatchObject({
    code: 'output',
    message: expect.stringContaining('Cannot write to the history') as string,
  });
});

test('a copy that was cut is gone on with: what is there and right is left as it is, what is not is copied again', async () => {
  const { path } = await folderBench();
  const files = await runOf({ right: 'right', wrong: 'wrong' });
  const { run } = lineOf(1);
  const partial = join(path, 'runs', `${run}.partial`);
  await mkdir(partial, { recursive: true });
  await writeFile(join(partial, 'right'), 'right');
  await writeFile(join(partial, 'wrong'), 'gnorw');
  const [old] = [new Date(0)];
  await utimes(join(partial, 'right'), old, old);
  const store = new FolderStore(path, () => false);
  await store.putRun(run, files);
  expect(await readFile(join(path, 'runs', run, 'wrong'), 'utf8')).toBe('wrong');
  const { mtimeMs } = await import('node:fs').then(({ statSync }) => statSync(join(path, 'runs', run, 'right')));
  expect(mtimeMs).toBe(0);
});
