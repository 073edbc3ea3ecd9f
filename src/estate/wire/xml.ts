/** Writes SDK-shaped objects as XML; a dialect knows how a service names elements and lists. */
export interface Dialect {
  /** Element name of a field, given the field it lies in (a list's items count as lying in the list). */
  element(field: string, parent: string): string;
  /** Element name of a list's items; undefined: the list is flattened into repeated elements. */
  item(field: string, parent: string): string | undefined;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

export function escapeXml(text: string): string {
  return /[&<>"\r]/.test(text) ? text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? '') : text;
}

export function writeFields(dialect: Dialect, fields: object, parent = ''): string {
  const names = namesOf(dialect, parent);
  let out = '';
  for (const field in fields) {
    const value = (fields as Record<string, unknown>)[field];
    if (value === undefined || value === null) continue;
    let name = names.get(field);
    if (name === undefined)
      names.set(field, (name = { element: dialect.element(field, parent), item: dialect.item(field, parent) }));
    out += Array.isArray(value) ? writeList(dialect, name, value, field) : tag(name.element, writeValue(dialect, value, field));
  }
  return out;
}

interface Name {
  element: string;
  item: string | undefined;
}

/** Names already looked up, by parent and field: a page of a list has the same few ones thousands of times. */
const lookedUp = new WeakMap<Dialect, Map<string, Map<string, Name>>>();

function namesOf(dialect: Dialect, parent: string): Map<string, Name> {
  const parents = lookedUp.get(dialect) ?? new Map<string, Map<string, Name>>();
  lookedUp.set(dialect, parents);
  const names = parents.get(parent) ?? new Map<string, Name>();
  parents.set(parent, names);
  return names;
}

function writeList(dialect: Dialect, { element, item }: Name, values: readonly unknown[], field: string): string {
  let items = '';
  for (const value of values) items += tag(item ?? element, writeValue(dialect, value, field));
  return item === undefined ? items : tag(element, items);
}

function writeValue(dialect: Dialect, value: unknown, field: string): string {
  if (typeof value === 'string') return escapeXml(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) return writeFields(dialect, value, field);
  return String(value);
}

export function tag(name: string, content: string): string {
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}
