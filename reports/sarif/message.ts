import { visible } from '../html/text.js';

/**
 * A text as a SARIF message: what cannot be seen is written out, line ends apart, and nothing in it is a placeholder or a
 * link. A name may hold `[here](https://…)`, and a viewer would make a link of it.
 */
export function message(text: string): { readonly text: string } {
  const shown = markdown(text);
  return { text: /\]\s*\(/.test(shown) ? shown.replace(/[\\[\]]/g, '\\$&') : shown };
}

/** The same for Markdown, whose links are its own. */
export function markdown(text: string): string {
  return text.split('\n').map(visible).join('\n').replaceAll('{', '{{').replaceAll('}', '}}');
}

/** The text, cut with a mark where it is longer than a viewer takes. */
export function shortened(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}
