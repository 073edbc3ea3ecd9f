import { partsOf, worded } from '../text.js';
import { texts } from './texts.js';

type Child = Node | string | readonly Child[] | null | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element. Text becomes text and nothing else; true is an attribute without a value, false and undefined none. */
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : String(value));
  }
  put(element, children);
  return element;
}

/** Puts the children into the element in place of what is there. */
export function put(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren(...flat(children));
}

function flat(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === null || child === undefined) return [];
    return Array.isArray(child) ? flat(child as readonly Child[]) : [child as Node | string];
  });
}

/** A button that does something. */
export function button(label: Child, does: (event: MouseEvent) => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = el('button', { type: 'button', class: 'button', ...attributes }, label);
  made.addEventListener('click', does);
  return made;
}

/** Text from outside, kept apart from its surroundings, with every character that cannot be seen written out. */
export function quoted(text: string, block = false): HTMLElement {
  if (text.trim() === '') return el('span', { class: 'esc' }, texts.blank);
  const parts = [...partsOf(text, block)].map((part) => (part.unseen ? el('span', { class: 'esc' }, part.text) : part.text));
  return el('bdi', {}, parts);
}

export function severityMark(name: string): HTMLElement {
  return el('span', { class: `s ${name}` }, worded(texts.severities, name));
}

export function verdictMark(name: string): HTMLElement {
  return el('span', { class: `v ${name}` }, worded(texts.verdicts, name));
}

/** An address with credentials or another scheme than https stays text. */
export function outward(address: string, label: string): HTMLElement {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return quoted(address);
  return el('a', { href: url.href, rel: 'noreferrer', target: '_blank' }, label);
}

/** A button that puts a text on the clipboard, and says so. */
export function copyButton(text: () => string, label: string, what = label): HTMLButtonElement {
  const made = button(label, () => {
    const say = (said: string) => {
      made.textContent = said;
      setTimeout(() => (made.textContent = label), 1500);
    };
    copy(text()).then(
      () => say(texts.copied),
      () => say(texts.notAllowed),
    );
  });
  made.setAttribute('aria-label', what);
  return made;
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

/** Hands the reader a file that is made here. */
export function download(name: string, type: string, parts: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = el('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after the click; at once would be too early in some.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** True while somebody writes: letters are then no commands. */
export function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
}
