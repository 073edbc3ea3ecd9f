import type { Attempt, Missing } from '#model/attempt.js';
import type { Selector } from '#model/baseline.js';
import { matchesGlob } from '#model/glob.js';
import { matchesOuPath } from '#model/ou-path.js';
import type { Identity, Tags } from '#model/resources/index.js';
import { hasTags } from '#model/tag-match.js';

/** What selectors may ask of a resource beside its identity. */
export interface Selected {
  readonly tags: () => Attempt<Tags>;
  /** OU paths by account; an account without one is on no path. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

/** Whether any selector matches; unknown only when a fact that was not read could decide it. */
export function matchesAny(selectors: readonly Selector[], resource: Identity, selected: Selected): Attempt<boolean> {
  let missing: readonly Missing[] | undefined;
  for (const selector of selectors) {
    const match = matches(selector, resource, selected);
    if (match.known && match.value) return match;
    if (!match.known) missing ??= match.missing;
  }
  return missing === undefined ? { known: true, value: false } : { known: false, missing };
}

function matches(selector: Selector, resource: Identity, { tags, paths: known }: Selected): Attempt<boolean> {
  const { accounts, paths, kinds, regions, name } = selector;
  const identified =
    (paths?.some((pattern) => known.get(resource.account)?.some((path) => matchesOuPath(pattern, path))) ?? true) &&
    (accounts?.some((pattern) => matchesGlob(pattern, resource.account)) ?? true) &&
    (kinds?.includes(resource.kind) ?? true) &&
    (regions?.some((pattern) => matchesGlob(pattern, resource.region)) ?? true) &&
    (name === undefined || matchesGlob(name, resource.name));
  if (!identified || selector.tags === undefined) return { known: true, value: identified };
  const read = tags();
  if (!read.known) return read;
  return { known: true, value: hasTags(read.value, selector.tags) };
}
