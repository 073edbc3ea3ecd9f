import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const made: string[] = [];

afterEach(async () => {
  for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
});

/** An empty folder that the end of the test removes. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'atrest-inventory-'));
  made.push(path);
  return path;
}
