const names = new Set(
  'a b bdi br caption code dd desc details div dl dt h3 h4 i li p path rect section small span summary svg table tbody td text th thead title tr ul use'.split(
    ' ',
  ),
);
const attributes = new Set(
  'aria-hidden aria-label aria-labelledby class colspan d data-account dx height href id role rowspan rx scope tabindex width x y'.split(
    ' ',
  ),
);
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' };
const pieces = /<(\/?)([a-z][a-z0-9]*)((?:\s[a-z-]+(?:="[^"<>]*")?)*)>|[^<]+/gy;

/**
 * The elements that the page's own templates wrote as text, made one by one: text stays text, and there is no element and
 * no attribute in it but those that these templates write. Rejects anything else.
 */
export function elementsOf(markup: string): DocumentFragment {
  const root = document.createDocumentFragment();
  const open: Element[] = [];
  let read = 0;
  for (const [all, closing, name, given = ''] of markup.matchAll(pieces)) {
    read += all.length;
    const parent = open.at(-1) ?? root;
    if (name === undefined) parent.append(plain(all));
    else if (closing === '/') {
      if (open.pop()?.localName !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      const made = element(name, given, parent);
      parent.append(made);
      if (name !== 'br') open.push(made);
    }
  }
  if (read < markup.length || open.length > 0) throw new Error('what the page keeps is not whole');
  return root;
}

function element(name: string, given: string, parent: Node): Element {
  if (!names.has(name)) throw new Error(`<${name}> is none of the page`);
  const isPicture = name === 'svg' || (parent instanceof SVGElement && !(parent instanceof SVGForeignObjectElement));
  const made = isPicture ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const [, key = '', value = ''] of given.matchAll(/\s([a-z-]+)(?:="([^"]*)")?/g)) {
    const text = plain(value);
    if (!attributes.has(key) || (key === 'href' && !/^(#|https:)/.test(text))) throw new Error(`${key} is none of the page`);
    made.setAttribute(key, text);
  }
  return made;
}

function plain(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]+)|(\w+));/g, (all, code: string | undefined, name: string | undefined) =>
    code === undefined ? (entities[name ?? ''] ?? all) : String.fromCodePoint(Number.parseInt(code, 16)),
  );
}
