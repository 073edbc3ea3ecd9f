import type { Language } from '#model/language.js';
import { en } from '#reports/html/texts/en.js';
import { textsOf } from '#reports/html/texts/index.js';

/** Every text of a catalogue by its path; a function by what it says of numbers that stand for nothing else. */
export function* textsIn(texts: object, path = ''): Generator<readonly [path: string, text: string]> {
  for (const [name, value] of Object.entries(texts)) {
    const at = `${path}.${name}`;
    if (typeof value === 'string') yield [at, value];
    else if (typeof value === 'function') {
      const say = value as (...given: readonly number[]) => unknown;
      yield [at, String(say(...Array.from({ length: say.length }, (_, index) => 11 + index)))];
    } else yield* textsIn(value as object, at);
  }
}

/** What a report has of its own: a fact in the evidence of a finding. */
const ofData = ['tags'];

/** Finds texts of the English catalogue, with whatever was put into them, that should be in another language. */
export async function englishIn(language: Language): Promise<(texts: Iterable<string>) => string[]> {
  const there = new Map(textsIn(await textsOf[language]()));
  const words = new Map<string, string>();
  const patterns: (readonly [RegExp, string])[] = [];
  for (const [path, text] of textsIn(en)) {
    if (text === there.get(path) || text === '' || text.includes('{{') || ofData.includes(text)) continue;
    const literals = text.split(/\{\w+\}/).map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
    // Two or three letters among what is put in are found in any name.
    if (literals.length === 1) words.set(text, path);
    else if (/[a-z]{6}/i.test(literals.join(''))) patterns.push([new RegExp(`^${literals.join('.+')}$`, 's'), path]);
  }
  return (texts) =>
    [...texts].flatMap((text) => {
      const path = words.get(text) ?? patterns.find(([pattern]) => pattern.test(text))?.[1];
      return path === undefined ? [] : [`${path}: ${text}`];
    });
}
