import { visible } from '../html/text.js';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text for XML 1.0, which has no way to write most control characters: what cannot be seen is written out as `\u0001`. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** The same for the text of an element, whose line ends stay. */
export function escapedLines(text: string): string {
  return text.split('\n').map(escaped).join('\n');
}

/** Attributes in the order given. */
export function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}
