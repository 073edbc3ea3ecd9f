import { createHash } from 'node:crypto';

/** What the ids of this program are made under. */
const namespace = Buffer.from('0b6f4c1e7c1d4d0e9f4a5c2f3a7d9e61', 'hex');

/**
 * A UUID of version 5: the same for the same words, so that a run is written alike each time, and a risk or a resource has
 * one id in all runs.
 */
export function uuidOf(...words: readonly string[]): string {
  const digest = createHash('sha1').update(namespace).update(words.join('\n')).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
