/**
 * The wildcards of IAM policies: `*` stands for any run of characters (`/` and `:` too), `?` for exactly one.
 *
 * Policies are written by others, so every function here is bounded by pattern length times text length: a pattern
 * such as `*a*a*a*…b` costs no more than a harmless one of its size.
 */
import { matchesGlob } from '#model/glob.js';

/** Whether some text that begins with `prefix` matches `pattern`. */
export function canBeginWith(pattern: string, prefix: string): boolean {
  const glob = pattern.replace(/\*+/g, '*');
  // The positions in the pattern that the part read so far can have led to.
  let open = new Set([0]);
  for (const char of prefix.split('')) {
    const next = new Set<number>();
    for (const start of open) {
      const atStar = glob[start] === '*';
      if (atStar) next.add(start);
      const at = atStar ? start + 1 : start;
      const wanted = glob[at];
      if (wanted === '?' || wanted === char) next.add(at + 1);
    }
    if (next.size === 0) return false;
    open = next;
  }
  return true;
}

/** A noncharacter: no resource name holds it, so only a wildcard can have matched it. */
const ANY = '\uffff';

/** Whether `pattern` matches every text made of `prefix` and at least one more character. */
export function coversAllUnder(pattern: string, prefix: string): boolean {
  if (pattern.includes(ANY)) return false;
  // Longer than the pattern: only a star can have swallowed it. One character: no second `?` is asked for.
  return matchesGlob(pattern, prefix + ANY) && matchesGlob(pattern, prefix + ANY.repeat(pattern.length + 1));
}
