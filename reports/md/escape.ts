import { visible } from '../html/text.js';

/** Longest text in a cell, in characters. What is cut ends in an ellipsis. */
const longest = 400;

/** Characters that mean something to Markdown within a line, or to HTML, as numbers that mean nothing to either. */
const active = /[\\`*_{}[\]<>&|~#$!^]|:(?=\/\/)|(?<=www)\./g;

/**
 * Text from outside, for the middle of a line or a cell of a table: no mark-up, no link, nothing unseen, one line. The
 * comment after an at sign keeps forges from reading a mention, which they look for in what is left of the mark-up.
 */
export function plain(text: string): string {
  return clipped(visible(text)).replace(active, entity).replaceAll('@', '&#64;<!-- -->');
}

/** A name as code: in backticks where that can be, since Markdown is read as it is too. */
export function code(text: string): string {
  const shown = clipped(visible(text));
  if (shown.trim() !== '' && shown === shown.trim() && !/[`|\\]/.test(shown)) return `\`${shown}\``;
  return `<code>${shown.replace(active, entity).replaceAll('@', '&#64;')}</code>`;
}

function entity(character: string): string {
  return `&#${String(character.charCodeAt(0))};`;
}

function clipped(text: string): string {
  if (text.length <= longest) return text;
  // Not between the halves of a character.
  const end = /[\ud800-\udbff]/.test(text.charAt(longest - 1)) ? longest - 1 : longest;
  return `${text.slice(0, end)}…`;
}
