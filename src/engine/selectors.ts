import type { Attempt, Missing } from '#model/attempt.js';
import type { Selector } from '#model/baseline.js';
import { matchesGlob } from '#model/glob.js';
import type { Identity, Tags } from '#model/resources/index.js';

/** Whether any selector matches; unknown only when a fact that was not read could decide it. */
export function matchesAny(selectors: readonly Selector[], resource: Identity, tags: () => Attempt<Tags>): Attempt<boolean> {
  let missing: readonly Missing[] | undefined;
  for (const selector of selectors) {
    const match = matches(selector, resource, tags);
    if (match.known && match.value) return match;
    if (!match.known) missing ??= match.missing;
  }
  return missing === undefined ? { known: true, value: false } : { known: false, missing };
}

function matches(selector: Selector, resource: Identity, tags: () => Attempt<Tags>): Attempt<boolean> {
  const { accounts, kinds, regions, name } = selector;
  const identified =
    (accounts?.some((pattern) => matchesGlob(pattern, resource.account)) ?? true) &&
    (kinds?.includes(resource.kind) ?? true) &&
    (regions?.some((pattern) => matchesGlob(pattern, resource.region)) ?? true) &&
    (name === undefined || matchesGlob(name, resource.name));
  if (!identified || selector.tags === undefined) return { known: true, value: identified };
  const read = tags();
  if (!read.known) return read;
  return { known: true, value: hasTags(read.value, selector.tags) };
}

function hasTags(tags: Tags, wanted: Readonly<Record<string, readonly string[]>>): boolean {
  return Object.entries(wanted).every(([key, values]) =>
    Object.entries(tags).some(
      ([tag, value]) => equalFold(tag, key) && values.some((pattern) => matchesGlob(pattern.toLowerCase(), value.toLowerCase())),
    ),
  );
}

function equalFold(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
