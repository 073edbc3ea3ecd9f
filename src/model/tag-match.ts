import { matchesGlob } from './glob.js';
import type { Tags } from './resources/index.js';

/** Globs for the values of each key. */
export type WantedTags = Readonly<Record<string, readonly string[]>>;

/** Any of the values for each key, without regard to case. */
export function hasTags(tags: Tags, wanted: WantedTags): boolean {
  return foldedOf(wanted).every(({ key, values }) => {
    for (const tag in tags) {
      if (tag.length !== key.length || tag.toLowerCase() !== key) continue;
      const value = (tags[tag] ?? '').toLowerCase();
      if (values.some((pattern) => matchesGlob(pattern, value))) return true;
    }
    return false;
  });
}

type Folded = readonly { readonly key: string; readonly values: readonly string[] }[];
const folded = new WeakMap<object, Folded>();

/** The wanted tags in lower case, made once: they are compared with every resource. */
function foldedOf(wanted: WantedTags): Folded {
  let made = folded.get(wanted);
  if (made === undefined) {
    made = Object.entries(wanted).map(([key, values]) => ({
      key: key.toLowerCase(),
      values: values.map((value) => value.toLowerCase()),
    }));
    folded.set(wanted, made);
  }
  return made;
}

/** The value of a tag whose key is in lower case here, in whatever case it was written; undefined: there is none. */
export function tagValue(tags: Tags, lowerKey: string): string | undefined {
  for (const tag in tags) if (tag.length === lowerKey.length && tag.toLowerCase() === lowerKey) return tags[tag];
  return undefined;
}
