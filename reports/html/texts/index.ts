import type { Language } from '#model/language.js';
import type { Texts } from './en.js';

export type { Texts } from './en.js';

/** The texts of each language, loaded when they are asked for. */
export const textsOf = {
  en: async () => (await import('./en.js')).en,
  ko: async () => (await import('./ko.js')).ko,
} as const satisfies Record<Language, () => Promise<Texts>>;
