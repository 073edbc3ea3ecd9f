import { matchesGlob } from './glob.js';

/**
 * Whether an account lies in what the pattern names. `path` is the account's OU path, by ids (`o-…/r-…/ou-…`) or by
 * names (`Root/Prod/Web`). The pattern may name any stretch of it: an OU wherever it is, and with it what is nested
 * below; written from the root it means that one alone. `*` crosses `/`.
 */
export function matchesOuPath(pattern: string, path: string): boolean {
  return stretchesOf(path).some((stretch) => matchesGlob(pattern, stretch));
}

const known = new Map<string, readonly string[]>();

/** Every run of whole segments, with and without the slash that AWS ends a path with. Few: OUs nest five deep. */
function stretchesOf(path: string): readonly string[] {
  let stretches = known.get(path);
  if (stretches === undefined) {
    const segments = path.split('/').filter((segment) => segment !== '');
    stretches = segments.flatMap((_, from) =>
      segments.slice(from).flatMap((__, more) => {
        const stretch = segments.slice(from, from + more + 1).join('/');
        return [stretch, `${stretch}/`];
      }),
    );
    known.set(path, stretches);
  }
  return stretches;
}
