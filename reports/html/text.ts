/**
 * Characters that cannot be seen or that reorder what stands around them: controls, bidi controls, zero-width and other
 * ignorable characters, line separators, lone surrogates. A joiner inside an emoji and variation selectors stay.
 */
const unseen = /(?![\ufe0e\ufe0f])(?!(?<=[\p{ExtPict}\p{EMod}\ufe0f])\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{NChar}]/gu;
const unseenInBlock =
  /(?![\n\t\ufe0e\ufe0f])(?!(?<=[\p{ExtPict}\p{EMod}\ufe0f])\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{NChar}]/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** How an unseen character is written: `\n`, `\u202e`, `\u{e0041}`. */
function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return shortEscapes[character] ?? (code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`);
}

/** Text on one line with every unseen character written out. */
export function visible(text: string): string {
  // Nearly all texts are such, and to look for classes of characters in each would be most of the work on a finding.
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(unseen, escapeOf);
}

/**
 * The text as parts to escape and unseen characters to mark. In a block, line ends and tabs stay what they are.
 */
export function* partsOf(text: string, block: boolean): Generator<{ readonly text: string; readonly unseen: boolean }> {
  let from = 0;
  for (const match of text.matchAll(block ? unseenInBlock : unseen)) {
    if (match.index > from) yield { text: text.slice(from, match.index), unseen: false };
    yield { text: escapeOf(match[0]), unseen: true };
    from = match.index + match[0].length;
  }
  if (from < text.length) yield { text: text.slice(from), unseen: false };
}

/** At most so many characters, all of them visible: for pictures, which do not wrap. */
export function cut(text: string, most: number): string {
  const characters = [...visible(text)];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}

/** 12345 as 12,345, on every machine. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 key`, `2 keys`; `plural` where an s is not enough. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(count)} ${count === 1 ? singular : plural}`;
}

/** A share as per cent, rounded down, so that only a whole is 100 %. */
export function percent(share: number, tiny = 'under 0.1 %'): string {
  const tenths = Math.floor(share * 1000 + 1e-9);
  if (tenths === 0 && share > 0) return tiny;
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

/** Milliseconds since the epoch. `Date.parse` alone finds a time in almost any text. */
function epochOf(time: string): number {
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(time) ? Date.parse(time) : Number.NaN;
}

/** `2026-11-22 04:00:12`, UTC; a text that is no time as it is. */
export function utc(time: string): string {
  const at = epochOf(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** A time for a machine; empty: the text is none. */
export function instant(time: string): string {
  const at = epochOf(time);
  return Number.isNaN(at) ? '' : new Date(at).toISOString();
}

/** How a language writes times. */
export interface TimeWords {
  readonly span: (from: string, to: string) => string;
  readonly took: (duration: string) => string;
  readonly seconds: (seconds: number) => string;
  readonly minutes: (minutes: number, seconds: number) => string;
  readonly hours: (hours: number, minutes: number) => string;
}

export const englishTimes: TimeWords = {
  span: (from, to) => `${from} to ${to}`,
  took: (duration) => `UTC, took ${duration}`,
  seconds: (seconds) => `${seconds} s`,
  minutes: (minutes, seconds) => `${minutes} min ${seconds} s`,
  hours: (hours, minutes) => `${hours} h ${minutes} min`,
};

/** From start to end by the minute, with the day once; beside it the time it took. */
export function period(start: string, end: string, words = englishTimes): { readonly value: string; readonly note: string } {
  const took = epochOf(end) - epochOf(start);
  if (Number.isNaN(took)) return { value: words.span(start, end), note: '' };
  const [from, to] = [utc(start).slice(0, 16), utc(end).slice(0, 16)];
  const until = from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to;
  return { value: words.span(from, until), note: words.took(duration(took, words)) };
}

function duration(milliseconds: number, words: TimeWords): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return words.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return words.minutes(minutes, seconds % 60);
  return words.hours(Math.floor(minutes / 60), minutes % 60);
}

/** An id for an element and for links to it: no character that HTML, CSS or a URL would read otherwise. */
export function anchor(prefix: string, ...parts: readonly string[]): string {
  const safe = parts.map((part) =>
    part.replace(/[^A-Za-z0-9-]/gu, (character) =>
      character === '/' ? '__' : `_${(character.codePointAt(0) ?? 0).toString(16)}_`,
    ),
  );
  return [prefix, ...safe].join('-');
}

/** What the record has for a name; a name that no text is for stands for itself. */
export function worded(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}
