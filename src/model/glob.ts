/**
 * Anchored matcher for `*` (any run of characters, `/` and `:` among them) and `?` (one character). Linear in the
 * product of both lengths whatever the pattern: the last star is the only place it ever goes back to.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let afterStar = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      star = p;
      afterStar = t;
      p += 1;
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      afterStar += 1;
      t = afterStar;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
