import type { Language } from '#model/language.js';
import type { Texts } from './en.js';

export type { Texts } from './en.js';

/** The texts of each language, loaded when they are asked for. */
export const textsOf = {
  en: async () => (await import('./en.js')).en,
  ko: async () => (await import('./ko.js')).ko,
} as const satisfies Record<Language, () => Promise<Texts>>;

/** What the record has for a name; a name that no text is for stands for itself. */
export function worded(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}
