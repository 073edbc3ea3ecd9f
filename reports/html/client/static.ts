import { el } from './dom.js';
import { texts } from './texts.js';

/** What is written out in the page: links into it open what they lead to, and on paper everything is open. */
export function startStatic(): void {
  let closed: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const element of closed) element.open = true;
  });
  addEventListener('afterprint', () => {
    for (const element of closed) element.open = false;
  });
}

/** Times stand there in UTC, the same for every reader; on hover also in the reader's own zone. */
export function addLocalTimes(): void {
  for (const time of document.querySelectorAll('time')) {
    const local = localTime(time.dateTime);
    if (local !== undefined) time.title = local;
  }
}

/** A time in the reader's zone; undefined: it is none. */
export function localTime(time: string): string | undefined {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? undefined : at.toLocaleString(texts.lang, { dateStyle: 'medium', timeStyle: 'long' });
}

/** Brings an element that stands in the page into sight. */
export function reveal(id: string): void {
  const element = document.getElementById(id);
  for (let at: HTMLElement | null = element; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
  element?.scrollIntoView({ block: 'start' });
}

/** The grid's figures lead to the findings that they count, and rules to theirs. */
export function leadIntoExplorer(): void {
  const services = [...document.querySelectorAll('.grid thead th')].map(({ textContent }) => textContent);
  for (const figure of document.querySelectorAll('.grid td b')) {
    const account = figure.closest('tr')?.dataset['account'] ?? '';
    const service = services[figure.closest('td')?.cellIndex ?? 0] ?? '';
    const verdict = figure.matches('.unknown') ? { verdict: 'unknown' } : { verdict: 'fail', '-waiver': 'valid' };
    const link = el('a', { class: figure.className, href: `#${new URLSearchParams({ ...verdict, account, service })}` });
    link.append(...figure.childNodes);
    figure.replaceWith(link);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.grid th a'))
    link.hash = new URLSearchParams({ account: link.closest('tr')?.dataset['account'] ?? '' }).toString();
  for (const { id, firstElementChild: severity } of document.querySelectorAll('#rules tr[id]')) {
    const name = severity?.nextElementSibling?.firstChild;
    if (!name) continue;
    const link = el('a', { href: `#${id}` });
    name.replaceWith(link);
    link.append(name);
  }
}

/** What a key's going breaks is said once for all keys; where the script runs it stands with each key. */
export function spellOutLosses(): void {
  const head = document.querySelector('#losses + section thead');
  if (head === null) return;
  for (const losses of document.querySelectorAll('.losses')) {
    const rows = [...losses.querySelectorAll('a')].map((link) => {
      const row = document.getElementById(link.hash.slice(1))?.cloneNode(true) as HTMLElement;
      row.removeAttribute('id');
      row.firstElementChild?.replaceChildren(link.textContent);
      return row;
    });
    const body = document.createElement('tbody');
    body.append(...rows);
    const table = document.createElement('table');
    const said = document.createElement('caption');
    for (const link of losses.querySelectorAll('a')) link.remove();
    said.textContent = losses.textContent.replace(/[ ,]+$/, '');
    table.append(said, head.cloneNode(true), body);
    losses.replaceWith(table);
  }
}
