import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { compareText } from '#model/place.js';

/**
 * SHA-256 over the program as it is installed: the lines `DIGEST  NAME` of the scripts in `dist/`, as sha256sum prints
 * them, sorted by name. Null when it runs from its sources.
 */
export async function packageDigest(): Promise<string | null> {
  const here = import.meta.url;
  if (!here.endsWith('.js')) return null;
  const dist = fileURLToPath(new URL(here.includes('/chunks/') ? '..' : '.', here));
  const names = (await readdir(dist, { recursive: true })).map((name) => name.replaceAll('\\', '/'));
  const lines = await Promise.all(
    names
      .filter((name) => name.endsWith('.js'))
      .sort(compareText)
      .map(async (name) => `${digestOf(await readFile(join(dist, name)))}  ${name}\n`),
  );
  return digestOf(lines.join(''));
}

function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
