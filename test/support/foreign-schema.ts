import { readFile } from 'node:fs/promises';

/** The text of a schema that nobody here wrote. */
export function foreignSchema(name: string): Promise<string> {
  return readFile(new URL(`../schemas/${name}`, import.meta.url), 'utf8');
}
