import { visible } from '../html/text.js';

/** Characters that OSCAL's Markdown reads as mark-up within a line; an underscore inside a word is none. */
const active = /[\\`*~^[\]<>&{}$|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;
const opening = /^(?:[#+\-=]|\d+(?=[.)]))/;

/** Text from outside as a line of Markdown that says just that; a text that says nothing is a dash. */
export function line(text: string): string {
  const shown = visible(text).trim();
  if (shown === '') return '–';
  return shown.replace(active, '\\$&').replace(opening, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

interface Property {
  readonly name: string;
  readonly ns: string;
  readonly value: string;
}

/** Whose the names of our properties are. */
const ns = 'https://atrest.dev/ns/oscal';

/** Properties, each value on one line; those that say nothing are left out, and so is an empty list. */
export function props(values: Readonly<Record<string, string | null | undefined>>): { readonly props?: readonly Property[] } {
  const given = Object.entries(values).flatMap(([name, text]) => {
    const value = visible(text ?? '').trim();
    return value === '' ? [] : [{ name, ns, value }];
  });
  return given.length === 0 ? {} : { props: given };
}

/** A list that is left out when it is empty: OSCAL knows no empty ones. */
export function listed<const N extends string, T>(name: N, items: readonly T[]): Partial<Record<N, readonly T[]>> {
  return items.length === 0 ? {} : ({ [name]: items } as Record<N, readonly T[]>);
}

/** A time as OSCAL takes it; undefined for a text that is none. */
export function time(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) || Number.isNaN(Date.parse(text))) return undefined;
  return new Date(text).toISOString();
}

/** The end of a day that is written as YYYY-MM-DD; undefined: it has none. */
export function endOfDay(day: string | null): string | undefined {
  return day === null ? undefined : time(`${day}T23:59:59Z`);
}
