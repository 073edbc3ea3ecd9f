import { formatQuery } from './query.js';

/** What of the findings is looked at, and how: the part of the address behind the `#`. */
export interface View {
  readonly query: string;
  /** A field, or nothing. */
  readonly group: string;
  /** A sort order; nothing: worst first. */
  readonly sort: string;
  /** Id of the finding that is open, or nothing. */
  readonly open: string;
}

export const wholeView: View = { query: '', group: '', sort: '', open: '' };

/**
 * The view that an address names: `#q=verdict:fail&group=rule&open=ID`, or a field at a time: `#verdict=fail&account=…`, a
 * minus before the field for not. Undefined: it names no view, but perhaps an element.
 */
export function parseHash(hash: string, isField: (name: string) => boolean): View | undefined {
  if (!hash.includes('=')) return undefined;
  const found = new URLSearchParams(hash.replace(/^#/, ''));
  const parts: string[] = [];
  let known = false;
  for (const [name, value] of found) {
    if (name === 'q') parts.push(value);
    else if (isField(name.replace(/^-/, '')))
      parts.push(formatQuery({ terms: [{ field: name, values: value.split(','), negated: false }], words: [] }));
    else if (name !== 'group' && name !== 'sort' && name !== 'open') continue;
    known = true;
  }
  if (!known) return undefined;
  const of = (name: string) => found.get(name) ?? '';
  return { query: parts.filter(Boolean).join(' '), group: of('group'), sort: of('sort'), open: of('open') };
}

/** The view as an address, which is empty for all findings, worst first. */
export function formatHash({ query, group, sort, open }: View): string {
  const named = Object.entries({ q: query.trim(), group, sort, open }).filter(([, value]) => value !== '');
  const text = new URLSearchParams(named).toString();
  // These need no escape there, and people read addresses.
  return text === '' ? '' : `#${text.replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ',')}`;
}
