/** A field and the values that it may have, `*` standing for anything; negated: must not have. */
export interface Term {
  readonly field: string;
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** A word that must stand somewhere in the finding; negated: nowhere. */
export interface Word {
  readonly text: string;
  readonly negated: boolean;
}

export interface Query {
  readonly terms: readonly Term[];
  readonly words: readonly Word[];
}

/** Reads `verdict:fail -account:1111*,sandbox "two words"`. What names no field is a word, ARNs among them. */
export function parseQuery(text: string, isField: (name: string) => boolean): Query {
  const terms: Term[] = [];
  const words: Word[] = [];
  for (const token of tokensOf(text)) {
    const negated = token.startsWith('-') && token.length > 1;
    const body = negated ? token.slice(1) : token;
    const field = /^([a-z]+):/.exec(body)?.[1];
    if (field !== undefined && isField(field)) {
      const values = split(body.slice(field.length + 1), /,/)
        .map(unquoted)
        .filter((value) => value !== '');
      if (values.length > 0) terms.push({ field, values, negated });
    } else {
      const word = unquoted(body);
      if (word !== '') words.push({ text: word, negated });
    }
  }
  return { terms, words };
}

/** The query as text; `parseQuery` reads it back. */
export function formatQuery({ terms, words }: Query): string {
  return [
    ...terms.map(({ field, values, negated }) => `${negated ? '-' : ''}${field}:${values.map(quotedValue).join(',')}`),
    ...words.map(({ text, negated }) => (negated ? '-' : '') + quotedWord(text)),
  ].join(' ');
}

/** The query with a value of a field taken in, or out again. */
export function toggled(query: Query, field: string, value: string): Query {
  const has = selected(query, field).includes(value);
  const others = query.terms.filter((term) => term.field !== field || term.negated);
  const kept = selected(query, field).filter((each) => each !== value);
  const values = has ? kept : [...kept, value];
  return { ...query, terms: values.length === 0 ? others : [...others, { field, values, negated: false }] };
}

/** The values that a query allows a field. */
export function selected({ terms }: Query, field: string): readonly string[] {
  return terms.filter((term) => term.field === field && !term.negated).flatMap(({ values }) => values);
}

/** The token that a caret stands in or behind, and where it begins. */
export function tokenAt(text: string, caret: number): { readonly from: number; readonly token: string } {
  const before = text.slice(0, caret);
  const token = split(before, /\s/).at(-1) ?? '';
  return { from: caret - token.length, token };
}

function tokensOf(text: string): readonly string[] {
  return split(text, /\s/).filter((token) => token !== '');
}

/** Parts between separators that stand in no quotes. */
function split(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let from = 0;
  let inQuotes = false;
  for (let at = 0; at < text.length; at += 1) {
    if (inQuotes && text[at] === '\\') at += 1;
    else if (text[at] === '"') inQuotes = !inQuotes;
    else if (!inQuotes && separator.test(text[at] ?? '')) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

function unquoted(text: string): string {
  if (!text.includes('"')) return text;
  let value = '';
  let inQuotes = false;
  for (let at = 0; at < text.length; at += 1) {
    if (inQuotes && text[at] === '\\') {
      at += 1;
      value += text[at] ?? '';
    } else if (text[at] === '"') inQuotes = !inQuotes;
    else value += text[at] ?? '';
  }
  return value;
}

function quotedValue(value: string): string {
  return /[\s",\\]/.test(value) ? quoted(value) : value;
}

/** Whatever could be taken for a field or for a minus is quoted. */
function quotedWord(text: string): string {
  return /[\s"\\]|^-|^[a-z]+:/.test(text) ? quoted(text) : text;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
