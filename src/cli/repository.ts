import { access } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** A file's path in its git repository, else below the working directory, with forward slashes; undefined: it is elsewhere. */
export async function pathInRepository(file: string): Promise<string | undefined> {
  const whole = resolve(file);
  const path = relative((await repositoryOf(dirname(whole))) ?? resolve('.'), whole).split(sep);
  return path[0] === '..' || path[0]?.endsWith(':') === true ? undefined : path.join('/');
}

async function repositoryOf(folder: string): Promise<string | undefined> {
  const found = await access(join(folder, '.git')).then(
    () => true,
    () => false,
  );
  if (found) return folder;
  return dirname(folder) === folder ? undefined : repositoryOf(dirname(folder));
}
